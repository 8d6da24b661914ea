//! The ways in which the conditions of a masque can hold together.
//!
//! A session gives each *text* (its ring's name, a parameter, …) a value. Of a text with few values, or of which only a few matter
//! because it is compared with constants, every value is tried, and one that stands for all others. Tests that this does not
//! decide may come out either way, each by itself: that allows more than there is, never less.

use std::collections::BTreeSet;

use masque_automata as automata;
use masque_ir as ir;

/// The most assignments that are tried; beyond, every combination of conditions counts as possible.
const MOST_ASSIGNMENTS: usize = 1 << 16;

/// One way in which conditions hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// Whether each of the conditions asked for holds.
    pub holds: Vec<bool>,
    /// What brings it about, for people: `session.ring is guest`. Empty where that is not known.
    pub because: Vec<String>,
}

/// Every combination of the conditions that a session can bring about, each once.
pub fn worlds(masque: &ir::Masque, conditions: &[ir::ConditionId]) -> Vec<World> {
    let tests: Vec<&ir::Test> = conditions.iter().map(|id| &masque.conditions[id.0].test).collect();
    let mut space = Space::default();
    for test in &tests {
        space.learn(masque, test);
    }
    let free = space.free.len();
    let texts = space.texts.iter().map(|text| text.values.len());
    let assignments = texts.chain(std::iter::repeat_n(2, free)).try_fold(1_usize, usize::checked_mul);
    if assignments.is_none_or(|count| count > MOST_ASSIGNMENTS) {
        return every_combination(conditions.len());
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut assignment = Assignment { values: vec![0; space.texts.len()], free: vec![false; free] };
    loop {
        let holds: Vec<bool> = tests.iter().map(|test| space.holds(test, &assignment)).collect();
        if seen.insert(holds.clone()) {
            found.push(World { holds, because: space.describe(masque, &assignment) });
        }
        if !space.next(&mut assignment) {
            return found;
        }
    }
}

fn every_combination(count: usize) -> Vec<World> {
    let holds = |bits: usize| (0..count).map(|at| bits & (1 << at) != 0).collect();
    (0..1_usize << count).map(|bits| World { holds: holds(bits), because: Vec::new() }).collect()
}

/// Everything that the tests look at.
#[derive(Default)]
struct Space<'a> {
    texts: Vec<Text<'a>>,
    /// Tests that no value decides.
    free: Vec<&'a ir::Test>,
}

struct Text<'a> {
    source: &'a ir::TextSource,
    /// The values that are told apart; `None` stands for all others.
    values: Vec<Option<String>>,
}

struct Assignment {
    /// For each text, the position of its value.
    values: Vec<usize>,
    /// For each free test, how it comes out.
    free: Vec<bool>,
}

impl<'a> Space<'a> {
    fn learn(&mut self, masque: &'a ir::Masque, test: &'a ir::Test) {
        match test {
            ir::Test::Not(inner) => self.learn(masque, inner),
            ir::Test::All(tests) | ir::Test::Any(tests) => {
                for test in tests {
                    self.learn(masque, test);
                }
            }
            ir::Test::Ring(_) => self.text(masque, &ir::TextSource::SessionRing),
            ir::Test::Equal(left, right) => {
                self.pair(masque, left, right);
                self.constant(left, right);
                self.constant(right, left);
                if !self.is_told_apart(left, right) && !self.is_told_apart(right, left) {
                    self.undecided(test, &[left, right]);
                }
            }
            ir::Test::Less(left, right) => {
                self.pair(masque, left, right);
                self.undecided(test, &[left, right]);
            }
            ir::Test::Matches { text, .. } => {
                self.text(masque, &text.source);
                self.undecided(test, &[text]);
            }
        }
    }

    fn pair(&mut self, masque: &'a ir::Masque, left: &'a ir::Text, right: &'a ir::Text) {
        for text in [left, right] {
            self.text(masque, &text.source);
        }
    }

    /// Makes a source of text known, with all its values where they are few.
    fn text(&mut self, masque: &'a ir::Masque, source: &'a ir::TextSource) {
        if matches!(source, ir::TextSource::Constant(_)) || self.position(source).is_some() {
            return;
        }
        let named = |names: &[&str]| names.iter().map(|name| Some((*name).to_owned())).collect();
        let rings = || named(&ir::Ring::ALL.map(ir::Ring::name));
        let values = match source {
            ir::TextSource::SessionRing => rings(),
            ir::TextSource::Param(id) => match &masque.params[id.0].kind {
                ir::ParamType::Bool => named(&["true", "false"]),
                ir::ParamType::Ring => rings(),
                ir::ParamType::OneOf(values) => values.iter().cloned().map(Some).collect(),
                ir::ParamType::Int
                | ir::ParamType::String
                | ir::ParamType::Duration
                | ir::ParamType::Version => {
                    vec![None]
                }
            },
            ir::TextSource::SessionIntent | ir::TextSource::SessionAgent | ir::TextSource::Constant(_) => {
                vec![None]
            }
        };
        self.texts.push(Text { source, values });
    }

    /// A text that is compared with a constant: that constant is a value of its own, if there are others.
    fn constant(&mut self, text: &ir::Text, constant: &ir::Text) {
        let ir::TextSource::Constant(value) = &constant.source else { return };
        let Some(at) = self.position(&text.source) else { return };
        let values = &mut self.texts[at].values;
        let value = Some(value.clone());
        if text.form == ir::TextForm::AsIs && values.contains(&None) && !values.contains(&value) {
            values.push(value);
        }
    }

    /// A test may come out either way for values that are not told apart.
    fn undecided(&mut self, test: &'a ir::Test, texts: &[&ir::Text]) {
        let open = |text: &&ir::Text| match self.position(&text.source) {
            Some(at) => self.texts[at].values.contains(&None),
            None => false,
        };
        if texts.iter().any(open) && !self.free.contains(&test) {
            self.free.push(test);
        }
    }

    fn position(&self, source: &ir::TextSource) -> Option<usize> {
        self.texts.iter().position(|text| text.source == source)
    }

    /// The value of a text; `None` where it is one of those that are not told apart.
    fn value(&self, text: &ir::Text, assignment: &Assignment) -> Option<String> {
        let value = match &text.source {
            ir::TextSource::Constant(value) => Some(value),
            source => {
                let at = self.position(source).expect("every text of the tests was learnt");
                self.texts[at].values[assignment.values[at]].as_ref()
            }
        };
        value.map(|value| match text.form {
            ir::TextForm::AsIs => value.clone(),
            ir::TextForm::Lower => value.to_ascii_lowercase(),
            ir::TextForm::Upper => value.to_ascii_uppercase(),
            ir::TextForm::Trim => value.trim_matches(|c: char| c.is_ascii_whitespace()).to_owned(),
        })
    }

    fn holds(&self, test: &ir::Test, assignment: &Assignment) -> bool {
        let free = || {
            let at = self.free.iter().position(|free| *free == test);
            assignment.free[at.expect("a test that no value decides was learnt as free")]
        };
        match test {
            ir::Test::Not(inner) => !self.holds(inner, assignment),
            ir::Test::All(tests) => tests.iter().all(|test| self.holds(test, assignment)),
            ir::Test::Any(tests) => tests.iter().any(|test| self.holds(test, assignment)),
            ir::Test::Ring(rings) => {
                let ring = ir::Text { source: ir::TextSource::SessionRing, form: ir::TextForm::AsIs };
                let name = self.value(&ring, assignment).expect("every ring is told apart");
                ir::Ring::ALL.into_iter().any(|ring| ring.name() == name && rings.contains(ring))
            }
            ir::Test::Equal(left, right) => {
                match (self.value(left, assignment), self.value(right, assignment)) {
                    (Some(left), Some(right)) => left == right,
                    // Whatever is not told apart is none of the constants that the text is compared with.
                    (None, Some(_)) if self.is_told_apart(left, right) => false,
                    (Some(_), None) if self.is_told_apart(right, left) => false,
                    _ => free(),
                }
            }
            ir::Test::Less(left, right) => {
                match (self.value(left, assignment), self.value(right, assignment)) {
                    (Some(left), Some(right)) => match (number(&left), number(&right)) {
                        (Some(left), Some(right)) => left < right,
                        _ => false,
                    },
                    _ => free(),
                }
            }
            ir::Test::Matches { text, patterns } => match self.value(text, assignment) {
                Some(value) => matches(patterns, &value),
                None => free(),
            },
        }
    }

    /// Whether `constant` is one of the values of `text` that are told apart from the rest.
    fn is_told_apart(&self, text: &ir::Text, constant: &ir::Text) -> bool {
        let ir::TextSource::Constant(value) = &constant.source else { return false };
        let at = self.position(&text.source);
        let known = at.is_some_and(|at| self.texts[at].values.iter().flatten().any(|known| known == value));
        text.form == ir::TextForm::AsIs && known
    }

    /// Moves on to the next assignment; `false` after the last.
    fn next(&self, assignment: &mut Assignment) -> bool {
        for (value, text) in assignment.values.iter_mut().zip(&self.texts) {
            *value += 1;
            if *value < text.values.len() {
                return true;
            }
            *value = 0;
        }
        for free in &mut assignment.free {
            *free = !*free;
            if *free {
                return true;
            }
        }
        false
    }

    fn describe(&self, masque: &ir::Masque, assignment: &Assignment) -> Vec<String> {
        let mut facts = Vec::new();
        for (text, &value) in self.texts.iter().zip(&assignment.values) {
            let Some(value) = &text.values[value] else { continue };
            facts.push(match text.source {
                ir::TextSource::SessionRing => format!("`session.ring` is {value}"),
                ir::TextSource::SessionAgent => format!("`session.agent` is \"{value}\""),
                ir::TextSource::SessionIntent => format!("`session.intent` is \"{value}\""),
                ir::TextSource::Param(id) => format!("`{}` is \"{value}\"", masque.params[id.0].name),
                ir::TextSource::Constant(_) => continue,
            });
        }
        facts
    }
}

/// The value of a number as [`ir::Test::Less`] reads it.
fn number(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let digits = digits.strip_suffix('s').unwrap_or(digits);
    let groups: Vec<&str> = digits.split('.').collect();
    if groups.len() > 3 {
        return None;
    }
    let mut value: i128 = 0;
    for group in groups {
        if group.is_empty() || group.len() > 18 || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        value = (value << 20) + group.parse::<i128>().ok()?;
    }
    Some(if negative { -value } else { value })
}

fn matches(patterns: &[(ir::MatchMode, String)], text: &str) -> bool {
    let rule = |(mode, pattern): &(ir::MatchMode, String)| automata::Rule {
        action: automata::Action::Allow,
        mode: crate::claims::mode(*mode),
        pattern: automata::Pattern::parse(pattern).expect("the checker has parsed every pattern"),
    };
    let rules: Vec<automata::Rule> = patterns.iter().map(rule).collect();
    automata::explain(&rules, automata::Clauses::Whole, text).decision == automata::Decision::Allowed
}
