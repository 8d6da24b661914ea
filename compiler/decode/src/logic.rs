//! What depends on the session, read back, and what it comes to without running the program.

use std::borrow::Cow;
use std::sync::Arc;

use masque_abi::{Ring, Session};
use masque_automata::{Automaton, Decision};

/// The parameters that a program looks at, and its conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logic {
    /// Parameters that are looked at.
    pub params: Vec<Param>,
    /// Conditions in the order of the manifest's.
    pub conditions: Vec<Condition>,
}

/// A parameter that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// What sessions call it.
    pub name: String,
    /// Its value where the session sets none.
    pub default: String,
}

/// A condition: operations in postfix order that leave one truth value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The operations.
    pub operations: Vec<Operation>,
}

/// One operation of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Whether the agent's ring is one of these: bit `n` stands for the ring at position `n`.
    Ring(u32),
    /// Whether two texts are the same.
    Equal(Text, Text),
    /// Whether both texts are numbers and the first is less.
    Less(Text, Text),
    /// Whether the automaton allows the text.
    Matches(Text, Arc<Automaton>),
    /// Not the last truth value.
    Not,
    /// Both of the last two.
    And,
    /// One of the last two.
    Or,
}

/// A text that is looked at or shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Always the same.
    Constant(Arc<str>),
    /// One of the session's.
    Session {
        /// Which one.
        source: Source,
        /// What is done to it.
        form: Form,
    },
}

/// Where a session's text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Why the masque was donned.
    Intent,
    /// The agent's identifier.
    Agent,
    /// The name of the agent's ring.
    Ring,
    /// The value of the parameter at this position.
    Param(usize),
}

/// What is done to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing.
    AsIs,
    /// ASCII letters in lower case.
    Lower,
    /// ASCII letters in upper case.
    Upper,
    /// Without ASCII white space at both ends.
    Trim,
}

/// Something that is there when a condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarded<T> {
    /// What is there.
    pub value: T,
    /// When, by the position of the condition; always where there is none.
    pub when: Option<usize>,
}

/// Text with holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// In turn, but for the jumps.
    pub steps: Vec<Step>,
}

/// One step of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Shows a text.
    Show(Text),
    /// Goes on at the step `to` unless the condition holds.
    Unless {
        /// Position of the condition.
        condition: usize,
        /// Position of a later step, or their number.
        to: usize,
    },
    /// Goes on at this later step.
    Jump(usize),
}

impl Logic {
    /// Whether the condition at this position holds; `None` where there is none.
    pub fn holds(&self, condition: usize, session: &Session) -> Option<bool> {
        self.conditions.get(condition).map(|condition| self.test(condition, session))
    }

    fn test(&self, condition: &Condition, session: &Session) -> bool {
        let text = |text| self.text(text, session);
        let mut stack: Vec<bool> = Vec::new();
        for operation in &condition.operations {
            let mut pop = || stack.pop().expect("the reader has followed the stack");
            let value = match operation {
                Operation::Ring(rings) => rings & (1 << session.ring as u32) != 0,
                Operation::Equal(first, second) => text(first) == text(second),
                Operation::Less(first, second) => {
                    matches!((number(&text(first)), number(&text(second))), (Some(first), Some(second)) if first < second)
                }
                Operation::Matches(looked_at, automaton) => {
                    automaton.decide(&text(looked_at)) == Decision::Allowed
                }
                Operation::Not => !pop(),
                Operation::And => pop() & pop(),
                Operation::Or => pop() | pop(),
            };
            stack.push(value);
        }
        stack.pop().expect("the reader has followed the stack")
    }

    /// What a text is in a session.
    pub fn text<'a>(&'a self, text: &'a Text, session: &'a Session) -> Cow<'a, str> {
        let (source, form) = match text {
            Text::Constant(text) => return Cow::Borrowed(text),
            Text::Session { source, form } => (source, form),
        };
        let text = match *source {
            Source::Intent => &session.intent,
            Source::Agent => &session.agent,
            Source::Ring => session.ring.name(),
            Source::Param(param) => self.param(&self.params[param], session),
        };
        match form {
            Form::AsIs => Cow::Borrowed(text),
            Form::Lower => Cow::Owned(text.to_ascii_lowercase()),
            Form::Upper => Cow::Owned(text.to_ascii_uppercase()),
            Form::Trim => Cow::Borrowed(text.trim_ascii()),
        }
    }

    fn param<'a>(&self, param: &'a Param, session: &'a Session) -> &'a str {
        let set = session.params.iter().find(|(name, _)| *name == param.name);
        set.map_or(&param.default, |(_, value)| value)
    }

    /// What is there of a list.
    pub fn filter<'a, T>(&self, list: &'a [Guarded<T>], session: &Session) -> impl Iterator<Item = &'a T> {
        let there = |item: &&Guarded<T>| item.when.is_none_or(|when| self.holds(when, session) == Some(true));
        list.iter().filter(there).map(|item| &item.value)
    }

    /// What a template comes to.
    pub fn render(&self, template: &Template, session: &Session) -> String {
        let (mut shown, mut at) = (String::new(), 0);
        while let Some(step) = template.steps.get(at) {
            at = match step {
                Step::Show(text) => {
                    shown.push_str(&self.text(text, session));
                    at + 1
                }
                Step::Unless { condition, .. } if self.holds(*condition, session) == Some(true) => at + 1,
                Step::Unless { to, .. } | Step::Jump(to) => *to,
            };
        }
        shown
    }
}

impl Template {
    /// A text without holes.
    pub(crate) fn constant(text: String) -> Self {
        Self { steps: vec![Step::Show(Text::Constant(text.into()))] }
    }

    /// The text, where it is the same in every session.
    pub fn as_constant(&self) -> Option<&str> {
        match self.steps.as_slice() {
            [] => Some(""),
            [Step::Show(Text::Constant(text))] => Some(text),
            _ => None,
        }
    }
}

impl<T> Guarded<T> {
    /// What is always there.
    pub fn always(value: T) -> Self {
        Self { value, when: None }
    }
}

/// The names of the rings in the order of their numbers.
pub(crate) fn ring_names() -> impl Iterator<Item = &'static str> {
    Ring::ALL.into_iter().map(Ring::name)
}

/// The number that a text is: an optional minus sign, one to three groups of digits that dots part, an `s` or not. A group alone is below
/// 2⁵³, of several each is below 2²⁰.
pub fn number(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let groups: Vec<&str> = digits.strip_suffix('s').unwrap_or(digits).splitn(4, '.').collect();
    let bits = match groups.len() {
        1 => 53,
        2 | 3 => 20,
        _ => return None,
    };
    let mut value = 0_i64;
    for group in groups {
        if group.is_empty() || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let group = group.trim_start_matches('0');
        let group = if group.is_empty() { 0 } else { group.parse::<i64>().ok()? };
        if group >> bits != 0 {
            return None;
        }
        value = (value << 20) + group;
    }
    Some(if negative { -value } else { value })
}
