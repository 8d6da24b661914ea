//! The catalogue of codes. A number is never reused; a name is what people say.
//!
//! `M00xx` is about text and syntax, `M01xx` about fields and their shapes, `M02xx` about values and identity, `M03xx` about intent
//! rules, `M04xx` about access and knowledge, `M05xx` about the compiled program, `M07xx` about names and expressions.

use crate::Severity;

/// A kind of finding: `M0101`, `unknown-field`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    number: u16,
    severity: Severity,
    name: &'static str,
    summary: &'static str,
}

impl Code {
    const fn new(number: u16, severity: Severity, name: &'static str, summary: &'static str) -> Self {
        Self { number, severity, name, summary }
    }

    /// The number behind the `M`.
    pub fn number(self) -> u16 {
        self.number
    }

    /// The severity when nobody sets another.
    pub fn severity(self) -> Severity {
        self.severity
    }

    /// The kebab-case name.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// One line: what it means.
    pub fn summary(self) -> &'static str {
        self.summary
    }

    /// The code that `text` names, as `M0101` or `unknown-field`.
    pub fn find(text: &str) -> Option<Self> {
        catalogue().find(|code| code.to_string().eq_ignore_ascii_case(text) || code.name == text)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "M{:04}", self.number)
    }
}

/// Declares codes as constants and lists them: `CONSTANT number severity name summary`.
macro_rules! codes {
    ($($constant:ident $number:literal $severity:ident $name:literal $summary:literal;)*) => {
        $(#[doc = concat!("`", $name, "`: ", $summary, ".")]
        pub const $constant: $crate::Code =
            $crate::codes::Code::new($number, $crate::Severity::$severity, $name, $summary);)*

        pub(super) const ALL: &[$crate::Code] = &[$($constant),*];
    };
}

pub mod check;
pub mod composition;
pub mod expression;
pub mod language;
pub mod proof;
pub mod settings;
pub mod syntax;

/// Every code, in the order of its number.
pub fn catalogue() -> impl Iterator<Item = Code> {
    let mut all = [
        syntax::ALL,
        settings::ALL,
        check::ALL,
        composition::ALL,
        expression::ALL,
        language::ALL,
        proof::ALL,
    ]
    .concat();
    all.sort_by_key(|code| code.number);
    all.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_every_code_is_found_by_both() {
        let all: Vec<Code> = catalogue().collect();
        for pair in all.windows(2) {
            assert_ne!(pair[0].number, pair[1].number);
        }
        for code in all {
            assert_eq!(Code::find(&code.to_string()), Some(code));
            assert_eq!(Code::find(code.name()), Some(code));
            assert!(
                code.name().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
                "{}",
                code.name()
            );
        }
    }
}
