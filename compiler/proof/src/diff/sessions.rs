//! The sessions of two programs at once: in which ways the conditions of both can hold together.
//!
//! Conditions are taken as they are in the programs. A text that both look at (a ring, a parameter of one name) has one value in both;
//! only a parameter that a session leaves unset may have two, where the defaults differ. Values are told apart as in
//! [`worlds`](crate::worlds): where that leaves a test open, it may come out either way, which is more than there is, never less.

use std::collections::{BTreeMap, BTreeSet};

use masque_abi::{Manifest, Ring, manifest};
use masque_automata::Decision;
use masque_decode::{Component, Form, Operation, Source, Text, number};

/// The most assignments of values that are tried.
const MOST_ASSIGNMENTS: usize = 1 << 16;

/// The most conditions of both programs, where every combination of them is tried.
const MOST_CONDITIONS: usize = 12;

/// The old or the new one of two programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Old,
    New,
}

/// Ways in which sessions can be, as far as conditions tell them apart.
pub(super) struct Sessions {
    /// What people call the conditions of both, each once.
    pub(super) names: Vec<String>,
    /// For each program, the position in [`Self::names`] of each of its conditions.
    of: [Vec<usize>; 2],
    /// Every combination that sessions can bring about, as bits by position in [`Self::names`], with what brings it about.
    pub(super) valuations: Vec<(u64, Vec<String>)>,
}

impl Sessions {
    /// The sessions of two programs; nothing where there are too many kinds of them.
    pub(super) fn new(old: &Component, new: &Component) -> Option<Self> {
        let mut space = Space::new([old, new]);
        let mut joint: Vec<(Vec<Node>, String, Side)> = Vec::new();
        let mut of = [Vec::new(), Vec::new()];
        for (side, component) in [(Side::Old, old), (Side::New, new)] {
            for (at, condition) in component.program.logic.conditions.iter().enumerate() {
                let nodes = space.learn(component, &condition.operations);
                let known = joint
                    .iter()
                    .position(|(known, _, of)| *known == nodes && (*of == side || !space.may_differ(&nodes)));
                let position = known.unwrap_or_else(|| {
                    let name = component.manifest.conditions.get(at).cloned();
                    joint.push((nodes, name.unwrap_or_else(|| format!("condition {at}")), side));
                    joint.len() - 1
                });
                of[side as usize].push(position);
            }
        }
        if joint.len() > 64 {
            return None;
        }
        let names = names(&joint);
        let conditions: Vec<(Vec<Node>, Side)> =
            joint.into_iter().map(|(nodes, _, side)| (nodes, side)).collect();
        let valuations = space.valuations(&conditions)?;
        Some(Self { names, of, valuations })
    }

    /// Whether a condition of the old program is one of the new; so are those that either does not look at.
    pub(super) fn are_same(&self, old: usize, new: usize) -> bool {
        match (self.of[0].get(old), self.of[1].get(new)) {
            (Some(old), Some(new)) => old == new,
            _ => true,
        }
    }

    /// Whether a condition of a program holds in a valuation.
    pub(super) fn holds(&self, side: Side, condition: usize, valuation: u64) -> bool {
        self.of[side as usize].get(condition).is_some_and(|&at| valuation & (1 << at) != 0)
    }
}

/// Names that tell conditions apart: one that both programs use for different conditions says whose it is.
fn names(joint: &[(Vec<Node>, String, Side)]) -> Vec<String> {
    let shown = |(_, name, side): &(Vec<Node>, String, Side)| {
        let twice = joint.iter().filter(|(_, other, _)| other == name).count() > 1;
        match side {
            Side::Old if twice => format!("{name} (as it was)"),
            Side::New if twice => format!("{name} (as it is)"),
            Side::Old | Side::New => name.clone(),
        }
    };
    joint.iter().map(shown).collect()
}

/// One operation of a condition: a test by its number, or how truth values are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Test(usize),
    Not,
    And,
    Or,
}

/// A test of texts, by the names of parameters.
#[derive(Clone, PartialEq)]
enum Test {
    Ring(u32),
    Equal(Term, Term),
    Less(Term, Term),
    Matches(Term, masque_automata::Automaton),
}

#[derive(Clone, PartialEq)]
struct Term {
    /// Position in [`Space::variables`]; a constant has none.
    variable: Result<usize, String>,
    form: Form,
}

#[derive(Clone, PartialEq, Eq)]
enum Name {
    Intent,
    Agent,
    Ring,
    Param(String),
}

struct Variable {
    name: Name,
    values: Vec<Value>,
    /// Whether any condition looks at it.
    matters: bool,
}

#[derive(Clone, PartialEq, Eq)]
enum Value {
    Text(String),
    /// What each program takes where the session sets nothing.
    Unset([String; 2]),
    /// All others.
    Other,
}

struct Space<'a> {
    components: [&'a Component; 2],
    variables: Vec<Variable>,
    tests: Vec<Test>,
}

struct Assignment {
    /// For each variable, the position of its value.
    values: Vec<usize>,
    /// For each test that may come out either way, how it does.
    free: BTreeMap<usize, bool>,
}

impl<'a> Space<'a> {
    fn new(components: [&'a Component; 2]) -> Self {
        let rings = Ring::ALL.map(|ring| Value::Text(ring.name().to_owned()));
        let ring = Variable { name: Name::Ring, values: rings.into(), matters: false };
        Self { components, variables: vec![ring], tests: Vec::new() }
    }

    /// The operations of a condition, with its tests numbered.
    fn learn(&mut self, component: &Component, operations: &[Operation]) -> Vec<Node> {
        let mut nodes = Vec::new();
        for operation in operations {
            let test = match operation {
                Operation::Ring(rings) => {
                    self.variables[0].matters = true;
                    Test::Ring(*rings)
                }
                Operation::Equal(left, right) => {
                    let (left, right) = (self.term(component, left), self.term(component, right));
                    self.constant(&left, &right);
                    self.constant(&right, &left);
                    Test::Equal(left, right)
                }
                Operation::Less(left, right) => {
                    Test::Less(self.term(component, left), self.term(component, right))
                }
                Operation::Matches(text, automaton) => {
                    Test::Matches(self.term(component, text), (**automaton).clone())
                }
                Operation::Not => {
                    nodes.push(Node::Not);
                    continue;
                }
                Operation::And => {
                    nodes.push(Node::And);
                    continue;
                }
                Operation::Or => {
                    nodes.push(Node::Or);
                    continue;
                }
            };
            let at = self.tests.iter().position(|known| *known == test).unwrap_or_else(|| {
                self.tests.push(test);
                self.tests.len() - 1
            });
            nodes.push(Node::Test(at));
        }
        nodes
    }

    fn term(&mut self, component: &Component, text: &Text) -> Term {
        let (source, form) = match text {
            Text::Constant(text) => {
                return Term { variable: Err(text.to_string()), form: Form::AsIs };
            }
            Text::Session { source, form } => (source, *form),
        };
        let name = match source {
            Source::Intent => Name::Intent,
            Source::Agent => Name::Agent,
            Source::Ring => Name::Ring,
            Source::Param(at) => Name::Param(component.program.logic.params[*at].name.clone()),
        };
        let known = self.variables.iter().position(|variable| variable.name == name);
        let at = known.unwrap_or_else(|| {
            let values = match &name {
                Name::Param(param) => self.values(param),
                Name::Intent | Name::Agent | Name::Ring => vec![Value::Other],
            };
            self.variables.push(Variable { name, values, matters: true });
            self.variables.len() - 1
        });
        self.variables[at].matters = true;
        Term { variable: Ok(at), form }
    }

    /// The values of a parameter that are told apart: those of both programs.
    fn values(&self, param: &str) -> Vec<Value> {
        let declared = self.components.map(|component| declared(&component.manifest, param));
        let mut values = Vec::new();
        let mut add = |value: Value| {
            if !values.contains(&value) {
                values.push(value);
            }
        };
        if declared == [None, None] {
            // A program that looks at a parameter which its manifest does not know.
            add(Value::Other);
        }
        for param in declared.into_iter().flatten() {
            match param.kind {
                manifest::ParamType::Bool => {
                    ["true", "false"].into_iter().for_each(|value| add(Value::Text(value.to_owned())));
                }
                manifest::ParamType::Ring => {
                    let names = Ring::ALL.into_iter().map(Ring::name);
                    names.for_each(|name| add(Value::Text(name.to_owned())));
                }
                manifest::ParamType::Choice => {
                    param.one_of.iter().for_each(|value| add(Value::Text(value.clone())));
                }
                manifest::ParamType::Int
                | manifest::ParamType::String
                | manifest::ParamType::Duration
                | manifest::ParamType::Version => add(Value::Other),
            }
        }
        let unset = |component: &Component| {
            let read = component.program.logic.params.iter().find(|known| known.name == param);
            read.map(|param| param.default.clone())
        };
        if let [Some(old), Some(new)] = self.components.map(unset)
            && old != new
        {
            add(Value::Unset([old, new]));
        }
        values
    }

    /// A text that is compared with a constant: that constant is a value of its own, if there are others.
    fn constant(&mut self, term: &Term, constant: &Term) {
        let (Ok(at), Err(value)) = (&term.variable, &constant.variable) else { return };
        let values = &mut self.variables[*at].values;
        let value = Value::Text(value.clone());
        if term.form == Form::AsIs && values.contains(&Value::Other) && !values.contains(&value) {
            values.push(value);
        }
    }

    /// Whether a condition of both programs may hold in one and not in the other.
    fn may_differ(&self, nodes: &[Node]) -> bool {
        let differs = |term: &Term| match term.variable {
            Ok(at) => self.variables[at].values.iter().any(|value| matches!(value, Value::Unset(_))),
            Err(_) => false,
        };
        nodes.iter().any(|node| match node {
            Node::Test(at) => match &self.tests[*at] {
                Test::Ring(_) => false,
                Test::Equal(left, right) | Test::Less(left, right) => differs(left) || differs(right),
                Test::Matches(text, _) => differs(text),
            },
            Node::Not | Node::And | Node::Or => false,
        })
    }

    /// Every combination of conditions that an assignment brings about, each once.
    fn valuations(&self, conditions: &[(Vec<Node>, Side)]) -> Option<Vec<(u64, Vec<String>)>> {
        let free = self.free();
        let count = self.variables.iter().map(|variable| variable.values.len());
        let count = count.chain(std::iter::repeat_n(2, free.len())).try_fold(1_usize, usize::checked_mul);
        if count.is_none_or(|count| count > MOST_ASSIGNMENTS) {
            let all = conditions.len();
            return (all <= MOST_CONDITIONS)
                .then(|| (0..1_u64 << all).map(|bits| (bits, Vec::new())).collect());
        }
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let free = free.into_iter().map(|test| (test, false)).collect();
        let mut assignment = Assignment { values: vec![0; self.variables.len()], free };
        loop {
            let holds = |(nodes, side): &(Vec<Node>, Side)| self.holds(nodes, *side, &assignment);
            let bits = conditions.iter().rev().fold(0, |bits, one| bits << 1 | u64::from(holds(one)));
            if seen.insert(bits) {
                found.push((bits, self.describe(&assignment)));
            }
            if !self.next(&mut assignment) {
                return Some(found);
            }
        }
    }

    /// The tests that not every value decides.
    fn free(&self) -> Vec<usize> {
        let open = |term: &Term| match term.variable {
            Ok(at) => self.variables[at].values.contains(&Value::Other),
            Err(_) => false,
        };
        let is_free = |test: &Test| match test {
            Test::Ring(_) => false,
            Test::Equal(left, right) => {
                (open(left) || open(right))
                    && !self.is_told_apart(left, right)
                    && !self.is_told_apart(right, left)
            }
            Test::Less(left, right) => open(left) || open(right),
            Test::Matches(text, _) => open(text),
        };
        (0..self.tests.len()).filter(|&at| is_free(&self.tests[at])).collect()
    }

    /// Whether `constant` is one of the values of `term` that are told apart from all others.
    fn is_told_apart(&self, term: &Term, constant: &Term) -> bool {
        let (Ok(at), Err(value)) = (&term.variable, &constant.variable) else { return false };
        term.form == Form::AsIs && self.variables[*at].values.contains(&Value::Text(value.clone()))
    }

    fn holds(&self, nodes: &[Node], side: Side, assignment: &Assignment) -> bool {
        let mut stack: Vec<bool> = Vec::new();
        for node in nodes {
            let mut pop = || stack.pop().expect("the reader of programs has followed the stack");
            let value = match node {
                Node::Test(at) => self.test(*at, side, assignment),
                Node::Not => !pop(),
                Node::And => pop() & pop(),
                Node::Or => pop() | pop(),
            };
            stack.push(value);
        }
        stack.pop().expect("the reader of programs has followed the stack")
    }

    fn test(&self, at: usize, side: Side, assignment: &Assignment) -> bool {
        let value = |term: &Term| self.value(term, side, assignment);
        let free = || assignment.free.get(&at).copied().unwrap_or(false);
        match &self.tests[at] {
            Test::Ring(rings) => {
                let ring = assignment.values[0];
                rings & (1 << ring) != 0
            }
            Test::Equal(left, right) => match (value(left), value(right)) {
                (Some(left), Some(right)) => left == right,
                _ => free(),
            },
            Test::Less(left, right) => match (value(left), value(right)) {
                (Some(left), Some(right)) => {
                    matches!((number(&left), number(&right)), (Some(left), Some(right)) if left < right)
                }
                _ => free(),
            },
            Test::Matches(text, automaton) => match value(text) {
                Some(text) => automaton.decide(&text) == Decision::Allowed,
                None => free(),
            },
        }
    }

    /// The value of a text; `None` where it is one of those that are not told apart.
    fn value(&self, term: &Term, side: Side, assignment: &Assignment) -> Option<String> {
        let text = match &term.variable {
            Err(constant) => constant,
            Ok(at) => match &self.variables[*at].values[assignment.values[*at]] {
                Value::Text(text) => text,
                Value::Unset(defaults) => &defaults[side as usize],
                Value::Other => return None,
            },
        };
        Some(match term.form {
            Form::AsIs => text.clone(),
            Form::Lower => text.to_ascii_lowercase(),
            Form::Upper => text.to_ascii_uppercase(),
            Form::Trim => text.trim_ascii().to_owned(),
        })
    }

    /// Moves on to the next assignment; `false` after the last.
    fn next(&self, assignment: &mut Assignment) -> bool {
        for (value, variable) in assignment.values.iter_mut().zip(&self.variables) {
            *value += 1;
            if *value < variable.values.len() {
                return true;
            }
            *value = 0;
        }
        for free in assignment.free.values_mut() {
            *free = !*free;
            if *free {
                return true;
            }
        }
        false
    }

    fn describe(&self, assignment: &Assignment) -> Vec<String> {
        let mut facts = Vec::new();
        let all = self.variables.iter().zip(&assignment.values);
        for (variable, &value) in all.filter(|(variable, _)| variable.matters) {
            let name = match &variable.name {
                Name::Intent => "session.intent",
                Name::Agent => "session.agent",
                Name::Ring => "session.ring",
                Name::Param(name) => name,
            };
            match &variable.values[value] {
                Value::Text(text) if variable.name == Name::Ring => facts.push(format!("{name} is {text}")),
                Value::Text(text) => facts.push(format!("{name} is \"{text}\"")),
                Value::Unset(_) => facts.push(format!("{name} is not set")),
                Value::Other => {}
            }
        }
        facts
    }
}

/// What a manifest says of a parameter.
fn declared<'a>(manifest: &'a Manifest, name: &str) -> Option<&'a manifest::Param> {
    manifest.params.iter().find(|param| param.name == name)
}
