//! What came of the tests, as every report tells it.

use masque_ir::{self as ir, Place};

/// All that was run.
pub(crate) struct Report {
    /// In the order of the paths.
    pub(crate) suites: Vec<Suite>,
}

/// One file.
#[derive(Default)]
pub(crate) struct Suite {
    /// As messages show it.
    pub(crate) file: String,
    /// Its text, which failures quote.
    pub(crate) text: String,
    /// `None` where there are errors.
    pub(crate) masque: Option<Identity>,
    /// How many errors the compiler found.
    pub(crate) errors: usize,
    /// Whether it has any tests, whatever a filter leaves of them.
    pub(crate) carries_tests: bool,
    /// In the order of the source.
    pub(crate) cases: Vec<Case>,
}

/// Whose tests they are.
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
}

/// One test.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    pub(crate) outcome: Outcome,
}

/// What is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The masque.
    Session,
    /// A model that wears it.
    Prompt,
}

pub(crate) enum Outcome {
    Passed,
    /// At least one.
    Failed(Vec<Failure>),
    /// Why it was not run.
    Skipped(String),
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) place: Place,
    pub(crate) about: About,
    /// The intent, where it is about one.
    pub(crate) intent: Option<String>,
    pub(crate) expected: String,
    pub(crate) got: String,
    /// What decided the intent.
    pub(crate) rules: Vec<MatchedRule>,
}

/// What a failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Intent,
    Knowledge,
    Access,
    Context,
    Lens,
    /// A model's.
    Answer,
    /// There is nothing to look at: the masque or the model gives no answer.
    NoAnswer,
}

/// A rule that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MatchedRule {
    pub(crate) action: &'static str,
    pub(crate) pattern: String,
    pub(crate) because: Option<String>,
    pub(crate) set: Option<String>,
    /// The name of the file that it stands in; `None` is the masque's own.
    pub(crate) file: Option<String>,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Report {
    /// Every test.
    pub(crate) fn cases(&self) -> impl Iterator<Item = &Case> {
        self.suites.iter().flat_map(|suite| &suite.cases)
    }

    pub(crate) fn passed(&self) -> usize {
        self.suites.iter().map(Suite::passed).sum()
    }

    pub(crate) fn failed(&self) -> usize {
        self.suites.iter().map(Suite::failed).sum()
    }

    pub(crate) fn skipped(&self) -> usize {
        self.suites.iter().map(Suite::skipped).sum()
    }

    /// Errors that the compiler found.
    pub(crate) fn errors(&self) -> usize {
        self.suites.iter().map(|suite| suite.errors).sum()
    }

    /// The files that compile and have no tests.
    pub(crate) fn untested(&self) -> impl Iterator<Item = &Suite> {
        self.suites.iter().filter(|suite| suite.errors == 0 && !suite.carries_tests)
    }
}

impl Suite {
    pub(crate) fn passed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Passed))
    }

    pub(crate) fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    pub(crate) fn skipped(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Skipped(_)))
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|case| is(&case.outcome)).count()
    }
}

impl Identity {
    pub(crate) fn of(masque: &ir::Masque) -> Self {
        let ir::Identity { id, name, version, .. } = &masque.identity;
        Self { id: id.clone(), name: name.clone(), version: version.to_string() }
    }
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Prompt => "prompt",
        }
    }
}

impl About {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Knowledge => "knowledge",
            Self::Access => "access",
            Self::Context => "context",
            Self::Lens => "lens",
            Self::Answer => "answer",
            Self::NoAnswer => "no-answer",
        }
    }
}

impl Outcome {
    /// Passed where nothing failed.
    pub(crate) fn of(failures: Vec<Failure>) -> Self {
        if failures.is_empty() { Self::Passed } else { Self::Failed(failures) }
    }
}

impl Failure {
    pub(crate) fn new(place: Place, about: About, expected: String, got: String) -> Self {
        Self { place, about, intent: None, expected, got, rules: Vec::new() }
    }

    pub(crate) fn without_answer(place: Place, reason: String) -> Self {
        Self::new(place, About::NoAnswer, "an answer".to_owned(), reason)
    }
}
