//! One test case from bytes: a rule set and intents, decided by the automaton, by `explain`, and by globset.
//!
//! Shared by the test of fixed seeds and by the fuzz target, so it takes any bytes: when they run out, the case ends.

use globset::{GlobBuilder, GlobMatcher};
use masque_automata::{
    Action, Automaton, Classes, Clauses, Decision, MatchMode, Pattern, Rule, compile, explain, normalise,
    verbs,
};
use std::collections::BTreeSet;

/// Makes a case of the bytes and checks it. How many intents it decided.
///
/// # Panics
/// If two of the deciders disagree, or a promise of the automaton does not hold.
pub(crate) fn check(data: &[u8]) -> usize {
    let mut source = Source { bytes: data };
    let clauses = if source.pick(3) == 0 { Clauses::Each } else { Clauses::Whole };
    let globs: Vec<Glob> = (0..=source.pick(4))
        .map(|_| {
            let action = if source.pick(2) == 0 { Action::Allow } else { Action::Deny };
            let mode = if source.pick(2) == 0 { MatchMode::Exact } else { MatchMode::Verb };
            let glob = source.glob();
            let text = render_trimmed(&glob);
            // The oracle's expansion of verbs goes by text, so it takes an escaped letter or space for something else.
            let escapes = text
                .split('\\')
                .skip(1)
                .any(|rest| rest.starts_with(|c: char| c == ' ' || c.is_ascii_alphabetic()));
            Glob { action, mode: if escapes { MatchMode::Exact } else { mode }, pieces: glob, text }
        })
        .collect();
    let mut intents = Vec::new();
    while !source.bytes.is_empty() && intents.len() < 400 {
        let glob = &globs[source.pick(globs.len())].pieces;
        intents.push(source.intent(glob));
    }
    let bytes = Bytes::of(globs.iter().map(|glob| &glob.text).chain(&intents));
    let mut rules = Vec::new();
    let mut oracles = Vec::new();
    for Glob { action, mode, text, .. } in &globs {
        let oracle = Oracle::new(text, *mode, &bytes);
        let pattern = Pattern::parse(text);
        assert_eq!(
            pattern.is_ok(),
            oracle.is_some(),
            "globset disagrees that `{text}` is a pattern: {pattern:?}"
        );
        if let (Ok(pattern), Some(oracle)) = (pattern, oracle) {
            let shown = pattern.to_string();
            let again = Pattern::parse(&shown).expect("the normalised form is a pattern");
            assert_eq!(again.to_string(), shown, "the normalised form of `{text}`");
            // Either form must do: the automaton is made from the second.
            let pattern = if *mode == MatchMode::Exact { again } else { pattern };
            rules.push(Rule { action: *action, mode: *mode, pattern });
            oracles.push((*action, oracle));
        }
    }
    let decider = compile(&rules, clauses).expect("small patterns have small automata");
    check_promises(&rules, clauses);
    for (index, intent) in intents.iter().enumerate() {
        let expected = decide(&oracles, clauses, intent, &bytes);
        let context =
            || format!("{intent:?} under {clauses:?}, {:?}", rules.iter().map(show).collect::<Vec<_>>());
        assert_eq!(decider.decide(intent), expected, "automaton on {}", context());
        assert_eq!(decider.decide(&normalise(intent)), expected, "normal form of {}", context());
        if index % 4 == 0 {
            let explanation = explain(&rules, clauses, intent);
            assert_eq!(explanation.decision, expected, "explanation of {}", context());
            assert_eq!(
                explanation.deciding.is_empty(),
                expected == Decision::Unmatched,
                "reasons for {}",
                context()
            );
        }
    }
    intents.len()
}

fn show(rule: &Rule) -> String {
    format!("{:?} {:?} `{}`", rule.action, rule.mode, rule.pattern.text())
}

/// What holds for every automaton, whatever its rules.
fn check_promises(rules: &[Rule], clauses: Clauses) {
    let decider = compile(rules, clauses).expect("it compiled before");
    let backwards: Vec<Rule> = rules.iter().rev().cloned().collect();
    let other = compile(&backwards, clauses).expect("it compiled in the other order");
    let [part] = decider.parts() else { return };
    assert_eq!(part.automaton, other.parts()[0].automaton, "the order of rules matters");
    let automaton = &part.automaton;
    let classes = Classes::new(*automaton.classes().ascii(), automaton.classes().ranges().to_vec());
    let rows = (Automaton::SINKS..automaton.state_count())
        .flat_map(|state| (0..automaton.classes().count()).map(move |class| automaton.next(state, class)))
        .collect();
    let copy = Automaton::new(
        classes.expect("its own classes"),
        automaton.start(),
        automaton.allowed_end(),
        automaton.denied_end(),
        rows,
    );
    assert_eq!(copy.as_ref(), Ok(automaton), "its own parts");
}

/// The decision by globset and a plain split.
fn decide(rules: &[(Action, Oracle)], clauses: Clauses, intent: &str, bytes: &Bytes) -> Decision {
    let normal = normalise(intent);
    let whole = decide_one(rules, &normal, bytes);
    if clauses == Clauses::Whole {
        return whole;
    }
    let verdicts: Vec<Decision> =
        split(&normal).iter().map(|clause| decide_one(rules, clause, bytes)).collect();
    if whole == Decision::Denied || verdicts.contains(&Decision::Denied) {
        Decision::Denied
    } else if !verdicts.is_empty() && verdicts.iter().all(|&verdict| verdict == Decision::Allowed) {
        Decision::Allowed
    } else {
        Decision::Unmatched
    }
}

fn decide_one(rules: &[(Action, Oracle)], text: &str, bytes: &Bytes) -> Decision {
    let text = bytes.map(text);
    let any = |action| rules.iter().any(|(of, oracle)| *of == action && oracle.matcher.is_match(&text));
    if any(Action::Deny) {
        Decision::Denied
    } else if any(Action::Allow) {
        Decision::Allowed
    } else {
        Decision::Unmatched
    }
}

/// Clauses, the plain way: separators become line ends, then words do.
fn split(normal: &str) -> Vec<String> {
    let lines = normal.replace("&&", "\n").replace([',', ';'], "\n");
    let mut clauses = vec![Vec::new()];
    for line in lines.split('\n') {
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            if word == "and" || word == "then" {
                clauses.push(Vec::new());
            } else {
                clauses.last_mut().expect("there is one from the beginning").push(word);
            }
        }
        clauses.push(Vec::new());
    }
    clauses.iter().filter(|words| !words.is_empty()).map(|words| words.join(" ")).collect()
}

/// A pattern as globset understands it.
struct Oracle {
    matcher: GlobMatcher,
}

impl Oracle {
    fn new(text: &str, mode: MatchMode, bytes: &Bytes) -> Option<Oracle> {
        let glob = match mode {
            MatchMode::Exact => text.to_owned(),
            MatchMode::Verb => expand(text),
        };
        let glob = GlobBuilder::new(&bytes.map(&glob))
            .case_insensitive(true)
            .literal_separator(false)
            .empty_alternates(true)
            .backslash_escape(true)
            .build()
            .ok()?;
        Some(Oracle { matcher: glob.compile_matcher() })
    }
}

/// Verb mode, by text alone.
fn expand(text: &str) -> String {
    let (first, mut rest) = text.split_at(text.find(' ').unwrap_or(text.len()));
    let inner = first.strip_prefix('{').and_then(|first| first.strip_suffix('}')).unwrap_or(first);
    let words: Vec<&str> = if inner.len() < first.len() { inner.split(',').collect() } else { vec![inner] };
    let are_words =
        words.iter().all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let mut glob = first.to_owned();
    if are_words {
        let forms = words.iter().flat_map(|word| match verbs::base_of(word) {
            Some(_) => vec![(*word).to_owned()],
            None => verbs::inflections(word),
        });
        glob = format!("{{{}}}", forms.collect::<Vec<_>>().join(","));
    }
    let head = rest.trim_end_matches('*');
    let optional = head.len() < rest.len() && head.ends_with(' ');
    if optional {
        rest = &head[..head.len() - 1];
    }
    format!("{glob}{rest}{}", if optional { "{, *}" } else { "" })
}

/// globset's `?` and classes work on bytes: each scalar outside ASCII stands for one control byte, in order.
struct Bytes {
    scalars: Vec<char>,
}

impl Bytes {
    /// Control bytes that are no white space and occur nowhere else.
    const FREE: [u8; 18] = [14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 1, 2, 3, 4];

    fn of<'a>(texts: impl Iterator<Item = &'a String>) -> Bytes {
        let scalars: BTreeSet<char> =
            texts.flat_map(|text| text.chars()).filter(|c| !c.is_ascii() && !c.is_whitespace()).collect();
        assert!(scalars.len() <= 14, "the generator knows fewer scalars than that");
        Bytes { scalars: scalars.into_iter().collect() }
    }

    fn map(&self, text: &str) -> String {
        let byte = |c| {
            self.scalars.iter().position(|&scalar| scalar == c).map_or(c, |at| char::from(Self::FREE[at]))
        };
        text.chars().map(byte).collect()
    }
}

/// A rule that is checked.
struct Glob {
    action: Action,
    mode: MatchMode,
    pieces: Vec<Piece>,
    text: String,
}

/// A piece of a glob.
enum Piece {
    Text(&'static str),
    Any,
    Star,
    StarStar,
    Class {
        negated: bool,
        members: Vec<(char, char)>,
    },
    Alternates(Vec<Vec<Piece>>),
    /// Something that is no glob by itself.
    Broken(&'static str),
}

fn render_trimmed(glob: &[Piece]) -> String {
    let mut text = String::new();
    render(glob, &mut text);
    // Normalisation of patterns has tests of its own; globset has none.
    while text.contains("  ") {
        text = text.replace("  ", " ");
    }
    text.trim().to_owned()
}

fn render(glob: &[Piece], text: &mut String) {
    for piece in glob {
        match piece {
            Piece::Text(piece) | Piece::Broken(piece) => text.push_str(piece),
            Piece::Any => text.push('?'),
            Piece::Star => text.push('*'),
            Piece::StarStar => text.push_str("**"),
            Piece::Class { negated, members } => {
                text.push_str(if *negated { "[!" } else { "[" });
                for &(low, high) in members {
                    text.push(low);
                    if low < high {
                        text.push('-');
                        text.push(high);
                    }
                }
                text.push(']');
            }
            Piece::Alternates(branches) => {
                for (index, branch) in branches.iter().enumerate() {
                    text.push(if index == 0 { '{' } else { ',' });
                    render(branch, text);
                }
                text.push('}');
            }
        }
    }
}

const LITERALS: [&str; 24] = [
    "a", "b", "a", "b", " ", " ", "/", "é", "猫", "A", "\\*", "\\?", "\\,", "\\{", "ab", " a", "n", "and",
    "then", ";", "&", "&&", "c", "\\\\",
];

const VERBS: [&str; 12] = [
    "run",
    "try",
    "sync",
    "commit",
    "put",
    "Make",
    "{go,edit}",
    "{a,b}",
    "using",
    "panic",
    "a",
    "{write,b c}",
];

const TEXTS: [&str; 28] = [
    "a", "b", " ", "a", "b", " ", "/", "é", "猫", "A", "B", "*", "?", ",", ";", "&", "&&", "and", "then",
    " and ", " then ", ", ", "\t", "\u{a0}", "\n", "ß", "😀", "{",
];

const WORDS: [&str; 12] = [
    "run", "running", "tries", "synced", "commits", "put", "MADE", "went", "edited", "using", "write",
    "ran a",
];

const MEMBERS: [(char, char); 14] = [
    ('a', 'a'),
    ('a', 'b'),
    ('A', 'A'),
    ('b', 'z'),
    (' ', ' '),
    ('/', '/'),
    ('é', 'é'),
    ('à', 'ü'),
    ('猫', '猫'),
    ('*', '*'),
    ('^', '^'),
    ('A', 'Z'),
    ('Y', 'b'),
    ('&', ','),
];

/// Bytes to choices.
struct Source<'a> {
    bytes: &'a [u8],
}

impl Source<'_> {
    fn pick(&mut self, count: usize) -> usize {
        match self.bytes {
            [] => 0,
            [first, rest @ ..] => {
                self.bytes = rest;
                usize::from(*first) % count
            }
        }
    }

    fn of<T: Copy, const N: usize>(&mut self, choices: &[T; N]) -> T {
        choices[self.pick(N)]
    }

    fn glob(&mut self) -> Vec<Piece> {
        let mut glob = Vec::new();
        match self.pick(4) {
            0 => glob.extend([Piece::Text(self.of(&VERBS)), Piece::Text(" ")]),
            1 => glob.push(Piece::Star),
            _ => {}
        }
        glob.extend(self.pieces(5, 2));
        match self.pick(4) {
            0 => glob.extend([Piece::Text(" "), Piece::Star]),
            1 => glob.push(Piece::Star),
            _ => {}
        }
        glob
    }

    fn pieces(&mut self, most: usize, depth: usize) -> Vec<Piece> {
        (0..self.pick(most + 1)).map(|_| self.piece(depth)).collect()
    }

    fn piece(&mut self, depth: usize) -> Piece {
        match self.pick(16) {
            0..=6 => Piece::Text(self.of(&LITERALS)),
            7 => Piece::Any,
            8 | 9 => Piece::Star,
            10 => Piece::StarStar,
            11 => Piece::Text("/"),
            12 | 13 => {
                let negated = self.pick(3) == 0;
                Piece::Class { negated, members: (0..=self.pick(3)).map(|_| self.of(&MEMBERS)).collect() }
            }
            14 if depth > 0 => {
                Piece::Alternates((0..=self.pick(3)).map(|_| self.pieces(3, depth - 1)).collect())
            }
            14 => Piece::Text("b"),
            _ if self.pick(32) == 1 => Piece::Broken(
                self.of(&["[", "{", "}", "]", "\\", ",", "[b-a]", "[]a]", "[a-]", "[a-b-c]", "[--b]"]),
            ),
            _ => Piece::Text("a"),
        }
    }

    /// A text: at random, or one that the glob might take, with changes.
    fn intent(&mut self, glob: &[Piece]) -> String {
        let mut text = String::new();
        let kind = self.pick(4);
        if kind == 0 {
            self.noise(7, &mut text);
            return text;
        }
        self.sample(glob, &mut text);
        if kind == 1 {
            text.insert_str(0, self.of(&TEXTS));
        } else if kind == 2 {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            if !places.is_empty() {
                let at = places[self.pick(places.len())];
                if self.pick(2) == 0 {
                    text.remove(at);
                } else {
                    text.insert_str(at, self.of(&TEXTS));
                }
            }
        }
        text
    }

    fn noise(&mut self, most: usize, text: &mut String) {
        for _ in 0..self.pick(most + 1) {
            text.push_str(if self.pick(12) == 0 { self.of(&WORDS) } else { self.of(&TEXTS) });
        }
    }

    fn sample(&mut self, glob: &[Piece], text: &mut String) {
        for piece in glob {
            match piece {
                Piece::Text(piece) if piece.starts_with('{') => text.push_str(self.of(&WORDS)),
                Piece::Text(piece) => self.word(piece, text),
                Piece::Broken(_) => {}
                Piece::Any => text.push_str(self.of(&TEXTS)),
                Piece::Star | Piece::StarStar => self.noise(3, text),
                Piece::Class { members, .. } => {
                    let (low, high) = members[self.pick(members.len())];
                    text.push(if self.pick(2) == 0 { low } else { high });
                }
                Piece::Alternates(branches) => {
                    let branch = self.pick(branches.len());
                    self.sample(&branches[branch], text);
                }
            }
        }
    }

    fn word(&mut self, piece: &str, text: &mut String) {
        let plain = piece.trim_start_matches('\\');
        if text.is_empty() && plain.len() > 1 && plain.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            let forms = verbs::inflections(plain);
            text.push_str(&forms[self.pick(forms.len())]);
        } else {
            text.push_str(plain);
        }
    }
}
