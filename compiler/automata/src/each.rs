//! Composition with the clause splitter: an automaton over raw text that judges every clause and the whole.
//!
//! Two runs go along the text: one of the deny rules over the whole, one of all rules over the current clause. The second lags behind
//! by what may yet turn out to be a separator: a space, the beginning of "and" or "then", a single `&`. Once a clause is not allowed,
//! only a denial can change the decision, so both runs are then runs of the deny rules.

use crate::Decision;
use crate::alphabet::Alphabet;
use crate::dense::{Dense, Overflow, SINKS, sink};
use crate::subset::Budget;
use crate::text::SEPARATOR_WORDS;
use rustc_hash::FxHashMap;

/// The automata over normalised text that the composition runs.
pub(crate) struct Parts<'a> {
    /// All rules.
    pub(crate) all: &'a Dense,
    /// The deny rules alone.
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
    /// The deny rules' state over the whole, without a trailing space.
    whole: u32,
    /// Whether the whole has begun, and whether a space is pending.
    whole_at: At,
    /// The state over the clause, without what is pending.
    clause: u32,
    clause_at: At,
    word: Word,
    /// A single `&` is pending, after the pending word if there is one.
    ampersand: bool,
    earlier: Earlier,
}

/// How far a run is in its text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    /// Nothing but white space so far.
    Beginning,
    Inside,
    /// After white space, which counts only if something follows.
    Space,
}

/// What is known of the current word.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Word {
    /// This many scalars of this separator word are pending. None at all: a word may begin here.
    Prefix { word: u8, len: u8 },
    /// It is no separator.
    Other,
}

/// No word has begun; which separator word does not matter yet.
const NO_WORD: Word = Word::Prefix { word: 0, len: 0 };

/// What the clauses before this one were.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Earlier {
    None,
    AllAllowed,
    NotAllAllowed,
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
    space: u16,
    ampersand: u16,
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
        Machine { parts, kinds, space: alphabet.of(' '), ampersand: alphabet.of('&'), words }
    }

    fn beginning(&self) -> Run {
        Run {
            whole: self.parts.denies.start,
            whole_at: At::Beginning,
            clause: self.parts.all.start,
            clause_at: At::Beginning,
            word: NO_WORD,
            ampersand: false,
            earlier: Earlier::None,
        }
    }

    fn step(&self, mut run: Run, class: u16) -> Step {
        let kind = self.kinds[usize::from(class)];
        self.step_whole(&mut run, class, kind);
        match kind {
            Kind::Ampersand if !run.ampersand => run.ampersand = true,
            Kind::Ampersand => {
                run.ampersand = false;
                self.end_word(&mut run);
                self.end_clause(&mut run);
            }
            Kind::Cut => {
                self.end_word(&mut run);
                self.end_clause(&mut run);
            }
            Kind::Space => {
                self.end_word(&mut run);
                if run.clause_at == At::Inside {
                    run.clause_at = At::Space;
                }
            }
            Kind::Other => match self.longer(&run, class) {
                Some(word) => run.word = word,
                None => {
                    self.flush(&mut run);
                    self.feed(&mut run, class);
                    run.word = Word::Other;
                }
            },
        }
        self.settle(run)
    }

    fn step_whole(&self, run: &mut Run, class: u16, kind: Kind) {
        if kind == Kind::Space {
            if run.whole_at == At::Inside {
                run.whole_at = At::Space;
            }
            return;
        }
        if run.whole_at == At::Space {
            run.whole = self.parts.denies.next(run.whole, self.space);
        }
        run.whole = self.parts.denies.next(run.whole, class);
        run.whole_at = At::Inside;
    }

    /// The pending prefix of a separator word with one more scalar, if that is one too.
    fn longer(&self, run: &Run, class: u16) -> Option<Word> {
        let Word::Prefix { word, len } = run.word else { return None };
        if run.ampersand {
            return None;
        }
        let goes_on = |word: &u8| self.words[usize::from(*word)].get(usize::from(len)) == Some(&class);
        let mut candidates = if len == 0 { 0..2 } else { word..word + 1 };
        candidates.find(goes_on).map(|word| Word::Prefix { word, len: len + 1 })
    }

    /// The word is over, and with it the clause if it is a separator.
    fn end_word(&self, run: &mut Run) {
        let separates = match run.word {
            Word::Prefix { word, len } => {
                usize::from(len) == self.words[usize::from(word)].len() && !run.ampersand
            }
            Word::Other => false,
        };
        if separates {
            self.end_clause(run);
        } else {
            self.flush(run);
        }
        run.word = NO_WORD;
    }

    /// What was pending is no separator.
    fn flush(&self, run: &mut Run) {
        if let Word::Prefix { word, len } = std::mem::replace(&mut run.word, Word::Other) {
            for &class in &self.words[usize::from(word)][..usize::from(len)] {
                self.feed(run, class);
            }
        }
        if std::mem::take(&mut run.ampersand) {
            self.feed(run, self.ampersand);
        }
    }

    fn feed(&self, run: &mut Run, class: u16) {
        let automaton = self.clause_automaton(run);
        if run.clause_at == At::Space {
            run.clause = automaton.next(run.clause, self.space);
        }
        run.clause = automaton.next(run.clause, class);
        run.clause_at = At::Inside;
    }

    /// The clause is over, without what is pending, which was a separator.
    fn end_clause(&self, run: &mut Run) {
        run.word = NO_WORD;
        if run.clause_at != At::Beginning {
            match (self.clause_automaton(run).decision(run.clause), run.earlier) {
                // Told by `settle`: the sink denies whatever follows.
                (Decision::Denied, _) => {
                    run.whole = sink(Decision::Denied);
                    return;
                }
                (Decision::Allowed, Earlier::None | Earlier::AllAllowed) => run.earlier = Earlier::AllAllowed,
                _ => run.earlier = Earlier::NotAllAllowed,
            }
        }
        run.clause_at = At::Beginning;
        run.clause = self.clause_automaton(run).start;
    }

    fn clause_automaton(&self, run: &Run) -> &Dense {
        match run.earlier {
            Earlier::None | Earlier::AllAllowed => self.parts.all,
            Earlier::NotAllAllowed => self.parts.denies,
        }
    }

    /// Decides if nothing that follows can change the decision any more.
    fn settle(&self, mut run: Run) -> Step {
        let denied = sink(Decision::Denied);
        let unmatched = sink(Decision::Unmatched);
        let in_clause = run.clause_at != At::Beginning;
        if run.whole == denied || (in_clause && run.clause == denied) {
            return Step::Decided(Decision::Denied);
        }
        if in_clause && run.clause == unmatched {
            run.earlier = Earlier::NotAllAllowed;
        }
        if run.earlier == Earlier::NotAllAllowed && self.parts.denies.start == unmatched {
            return Step::Decided(Decision::Unmatched);
        }
        Step::On(run)
    }

    /// The decision if the text ends here.
    fn end(&self, mut run: Run) -> Decision {
        if self.parts.denies.decision(run.whole) == Decision::Denied {
            return Decision::Denied;
        }
        self.end_word(&mut run);
        self.end_clause(&mut run);
        match run.earlier {
            _ if run.whole == sink(Decision::Denied) => Decision::Denied,
            Earlier::AllAllowed => Decision::Allowed,
            Earlier::None | Earlier::NotAllAllowed => Decision::Unmatched,
        }
    }
}
