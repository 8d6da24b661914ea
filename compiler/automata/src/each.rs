//! Composition with the clause splitter: an automaton over raw text that judges every clause and the whole.
//!
//! Two runs go along the text: one of the deny rules over the whole, one of all rules over the current clause. Neither waits for what
//! may turn out to be a separator (the beginning of "and" or "then", a single `&`) or to be trimmed (a space): they go on as if it
//! were not, and beside them is kept what holds if it is. That is far less than the states before it, so few runs differ. Once a
//! clause is not allowed, only a denial can change the decision, so the run over clauses is then one of deny rules.

use crate::Decision;
use crate::alphabet::Alphabet;
use crate::dense::{Dense, Overflow, SINKS, sink};
use crate::subset::Budget;
use crate::text::SEPARATOR_WORDS;
use rustc_hash::FxHashMap;

/// The automata over normalised text that the composition runs.
///
/// A deny pattern that begins and ends with a star takes the whole if it takes a clause, so no clause need be asked about it.
pub(crate) struct Parts<'a> {
    /// Over the whole: all deny rules.
    pub(crate) whole: &'a Dense,
    /// Over a clause: the allow rules, and the deny rules that may take a clause without taking the whole.
    pub(crate) clause: &'a Dense,
    /// Over a clause after one that was not allowed: these deny rules alone.
    pub(crate) denies: &'a Dense,
}

/// Composes. The alphabet must tell the separators apart.
pub(crate) fn compose(parts: &Parts<'_>, alphabet: &Alphabet, budget: Budget) -> Result<Dense, Overflow> {
    let machine = Machine::new(parts, alphabet);
    let mut raw = Dense::new(alphabet.len());
    let mut numbers: FxHashMap<Run, u32> = FxHashMap::default();
    let mut queue = Vec::new();
    let mut number = |step: Step, raw: &mut Dense, queue: &mut Vec<Run>| {
        let run = match step {
            Step::Decided(decision) => return sink(decision),
            Step::On(run) => run,
        };
        let fresh = SINKS + u32::try_from(numbers.len()).expect("the budget is below that");
        let state = *numbers.entry(run).or_insert(fresh);
        if state == fresh {
            raw.decisions.push(machine.end(run));
            queue.push(run);
        }
        state
    };
    raw.start = number(machine.settle(machine.beginning()), &mut raw, &mut queue);
    let mut done = 0;
    while let Some(&run) = queue.get(done) {
        done += 1;
        for class in (0..).take(raw.width) {
            let next = number(machine.step(run, class), &mut raw, &mut queue);
            raw.rows.push(next);
        }
        if raw.len() > budget.states {
            return Err(Overflow { states: raw.len() });
        }
    }
    Ok(raw)
}

/// Where both runs are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Run {
    /// The deny rules' state over the whole, a trailing space included.
    whole: u32,
    /// After a space, or before anything else: the decision on the whole without that space.
    whole_before: Option<Decision>,
    /// The state over the clause, with all that may yet turn out not to be of it.
    clause: u32,
    word: Word,
    /// What the clauses before this one were.
    earlier: Verdict,
    /// What they are together with this one, without the part of it that may turn out to separate or to be trimmed. Only where there is
    /// such a part.
    without: Option<Verdict>,
}

/// What is known of the current word.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Word {
    /// A word may begin here.
    None,
    /// It is this much (at least one scalar) of this separator word.
    Prefix { word: u8, len: u8 },
    /// It is no separator.
    Other,
    /// It is no separator, and ends with a single `&`, which may be half of one.
    Ampersand,
}

/// The clauses so far.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Verdict {
    NoClause,
    AllAllowed,
    NotAllAllowed,
    SomeDenied,
}

enum Step {
    Decided(Decision),
    On(Run),
}

/// What a class does to the splitter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    /// `,` or `;`
    Cut,
    Ampersand,
    Other,
}

struct Machine<'a> {
    parts: &'a Parts<'a>,
    kinds: Vec<Kind>,
    /// The separator words in classes.
    words: [Vec<u16>; 2],
}

impl<'a> Machine<'a> {
    fn new(parts: &'a Parts<'a>, alphabet: &Alphabet) -> Machine<'a> {
        let mut kinds = vec![Kind::Other; alphabet.len()];
        for (c, kind) in [(' ', Kind::Space), (',', Kind::Cut), (';', Kind::Cut), ('&', Kind::Ampersand)] {
            kinds[usize::from(alphabet.of(c))] = kind;
        }
        let words = SEPARATOR_WORDS.map(|word| word.chars().map(|c| alphabet.of(c)).collect());
        Machine { parts, kinds, words }
    }

    fn beginning(&self) -> Run {
        let whole = self.parts.whole.start;
        let run = Run {
            whole,
            whole_before: Some(self.parts.whole.decision(whole)),
            clause: 0,
            word: Word::None,
            earlier: Verdict::NoClause,
            without: None,
        };
        self.new_clause(run, Verdict::NoClause)
    }

    fn step(&self, mut run: Run, class: u16) -> Step {
        let kind = self.kinds[usize::from(class)];
        self.step_whole(&mut run, class, kind);
        let run = match kind {
            Kind::Space if run.word == Word::None => run,
            Kind::Space if self.separates(&run) => self.new_clause(run, self.without(&run)),
            Kind::Space => {
                Run { without: Some(self.with_clause(&run)), word: Word::None, ..self.fed(run, class) }
            }
            Kind::Cut => self.new_clause(run, self.together(&run)),
            Kind::Ampersand if run.word == Word::Ampersand => self.new_clause(run, self.without(&run)),
            Kind::Ampersand => {
                Run { without: Some(self.together(&run)), word: Word::Ampersand, ..self.fed(run, class) }
            }
            Kind::Other => {
                let word = self.longer(run.word, class);
                let without = match (word, run.word) {
                    (Word::Other, _) => None,
                    (_, Word::None) => Some(self.without(&run)),
                    _ => run.without,
                };
                Run { without, word, ..self.fed(run, class) }
            }
        };
        self.settle(run)
    }

    fn step_whole(&self, run: &mut Run, class: u16, kind: Kind) {
        let whole = self.parts.whole;
        if kind != Kind::Space {
            run.whole = whole.next(run.whole, class);
            run.whole_before = None;
        } else if run.whole_before.is_none() {
            run.whole_before = Some(whole.decision(run.whole));
            run.whole = whole.next(run.whole, class);
        }
    }

    /// The current word with one more scalar.
    fn longer(&self, word: Word, class: u16) -> Word {
        let (mut candidates, len) = match word {
            Word::None => (0..2, 0),
            Word::Prefix { word, len } => (word..word + 1, len),
            Word::Other | Word::Ampersand => return Word::Other,
        };
        let goes_on = |word: &u8| self.words[usize::from(*word)].get(usize::from(len)) == Some(&class);
        candidates.find(goes_on).map_or(Word::Other, |word| Word::Prefix { word, len: len + 1 })
    }

    /// Whether the current word is a separator if it ends here.
    fn separates(&self, run: &Run) -> bool {
        match run.word {
            Word::Prefix { word, len } => usize::from(len) == self.words[usize::from(word)].len(),
            Word::None | Word::Other | Word::Ampersand => false,
        }
    }

    fn fed(&self, run: Run, class: u16) -> Run {
        Run { clause: self.clause_automaton(run.earlier).next(run.clause, class), ..run }
    }

    fn new_clause(&self, run: Run, earlier: Verdict) -> Run {
        let clause = self.clause_automaton(earlier).start;
        Run { clause, word: Word::None, earlier, without: Some(earlier), ..run }
    }

    /// The clauses if the text ends here, or goes on with a separator.
    fn together(&self, run: &Run) -> Verdict {
        if run.word == Word::None || self.separates(run) { self.without(run) } else { self.with_clause(run) }
    }

    fn without(&self, run: &Run) -> Verdict {
        run.without.expect("it is kept for as long as there is something that may be no part of the clause")
    }

    /// The earlier clauses and this one.
    fn with_clause(&self, run: &Run) -> Verdict {
        match (self.clause_automaton(run.earlier).decision(run.clause), run.earlier) {
            (Decision::Denied, _) | (_, Verdict::SomeDenied) => Verdict::SomeDenied,
            (Decision::Allowed, Verdict::NoClause | Verdict::AllAllowed) => Verdict::AllAllowed,
            _ => Verdict::NotAllAllowed,
        }
    }

    fn clause_automaton(&self, earlier: Verdict) -> &Dense {
        match earlier {
            Verdict::NoClause | Verdict::AllAllowed => self.parts.clause,
            Verdict::NotAllAllowed | Verdict::SomeDenied => self.parts.denies,
        }
    }

    /// Decides if nothing that follows can change the decision any more.
    fn settle(&self, mut run: Run) -> Step {
        let denied = sink(Decision::Denied);
        let unmatched = sink(Decision::Unmatched);
        // Inside any other word, part of what led to the clause's state may yet be no part of the clause.
        let certain = run.word == Word::Other;
        if run.whole == denied && run.whole_before.is_none_or(|before| before == Decision::Denied)
            || run.earlier == Verdict::SomeDenied
            || (certain && run.clause == denied)
        {
            return Step::Decided(Decision::Denied);
        }
        if certain && run.clause == unmatched {
            run.earlier = Verdict::NotAllAllowed;
        }
        if run.earlier == Verdict::NotAllAllowed && self.parts.denies.start == unmatched {
            // No clause can change anything: where it ends no longer matters.
            (run.clause, run.word, run.without) = (unmatched, Word::Other, None);
            if run.whole == unmatched && run.whole_before.is_none_or(|before| before == Decision::Unmatched) {
                return Step::Decided(Decision::Unmatched);
            }
        }
        Step::On(run)
    }

    /// The decision if the text ends here.
    fn end(&self, run: Run) -> Decision {
        let whole = run.whole_before.unwrap_or_else(|| self.parts.whole.decision(run.whole));
        match self.together(&run) {
            _ if whole == Decision::Denied => Decision::Denied,
            Verdict::SomeDenied => Decision::Denied,
            Verdict::AllAllowed => Decision::Allowed,
            Verdict::NoClause | Verdict::NotAllAllowed => Decision::Unmatched,
        }
    }
}
