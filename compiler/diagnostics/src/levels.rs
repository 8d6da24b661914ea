//! How much findings weigh for a project: warnings can be allowed away or made errors. An error stays one.

use crate::codes::settings as codes;
use crate::{Code, Diagnostic, Fix, Severity, Span, nearest};

/// What becomes of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is not shown.
    Allow,
    /// It is shown.
    Warn,
    /// It is an error.
    Deny,
}

/// Which findings a level is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Every warning.
    All,
    /// The warnings of one code.
    Code(Code),
}

impl Selector {
    /// What `text` names: `all`, or a code by its number or its name.
    pub fn find(text: &str) -> Option<Self> {
        match text {
            "all" => Some(Self::All),
            text => Code::find(text).map(Self::Code),
        }
    }
}

/// The levels of a project. What is said last stands, and what is said of one code stands before what is said of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels(Vec<(Selector, Level)>);

impl Levels {
    /// Every code at its own level.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a level.
    pub fn set(&mut self, selector: Selector, level: Level) {
        self.0.push((selector, level));
    }

    /// These levels, then `others`, which stand where both say something.
    pub fn then(&self, others: &Self) -> Self {
        Self([self.0.as_slice(), others.0.as_slice()].concat())
    }

    /// The level of a code's warnings.
    pub fn of(&self, code: Code) -> Level {
        let last = |wanted: Selector| self.0.iter().rev().find(|(selector, _)| *selector == wanted);
        let found = last(Selector::Code(code)).or_else(|| last(Selector::All));
        found.map_or(Level::Warn, |(_, level)| *level)
    }

    /// Gives findings their severity, and leaves out those that are allowed.
    pub fn apply(&self, found: &mut Vec<Diagnostic>) {
        found.retain_mut(|found| {
            if found.severity == Severity::Error {
                return true;
            }
            match self.of(found.code) {
                Level::Allow => return false,
                Level::Warn => {}
                Level::Deny => {
                    found.severity = Severity::Error;
                    let name = found.code.name();
                    found.notes.push(format!("`{name}` is denied here, so that this warning is an error"));
                }
            }
            true
        });
    }
}

/// The finding about a code that does not exist.
pub fn unknown_code(written: &str, place: Span) -> Diagnostic {
    let near = near_code(written);
    let found = Diagnostic::new(
        codes::UNKNOWN_CODE,
        format!("no finding has the code `{written}`"),
        place,
        "not known",
    );
    match near {
        Some(near) => {
            found.with_fix(Fix::safe(format!("replace it with `{near}`"), place, near).for_review())
        }
        None => found.with_help("`masquec explain` lists all codes"),
    }
}

/// The code whose number or name is nearest.
pub(crate) fn near_code(written: &str) -> Option<String> {
    let names: Vec<String> =
        crate::codes::catalogue().flat_map(|code| [code.name().to_owned(), code.to_string()]).collect();
    nearest(written, names.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sources;
    use crate::codes::check::{MISSING_RING, NO_RULES, ONLY_DENIES};

    fn found(levels: &Levels) -> Vec<(Code, Severity)> {
        let place = Span::at(Sources::new().add("", ""), 0);
        let codes = [MISSING_RING, NO_RULES, ONLY_DENIES, crate::codes::check::MISSING_FIELD];
        let mut found: Vec<_> = codes.map(|code| Diagnostic::new(code, "x", place, "")).to_vec();
        levels.apply(&mut found);
        found.into_iter().map(|found| (found.code, found.severity)).collect()
    }

    #[test]
    fn one_code_stands_before_all_and_what_comes_last_before_what_comes_first() {
        let error = (crate::codes::check::MISSING_FIELD, Severity::Error);
        let mut levels = Levels::new();
        levels.set(Selector::Code(NO_RULES), Level::Allow);
        levels.set(Selector::All, Level::Deny);
        levels.set(Selector::Code(MISSING_RING), Level::Deny);
        levels.set(Selector::Code(MISSING_RING), Level::Warn);
        assert_eq!(
            found(&levels),
            [(MISSING_RING, Severity::Warning), (ONLY_DENIES, Severity::Error), error]
        );
        levels.set(Selector::All, Level::Allow);
        levels.set(Selector::Code(error.0), Level::Allow);
        assert_eq!(found(&levels), [(MISSING_RING, Severity::Warning), error], "an error stays one");
    }
}
