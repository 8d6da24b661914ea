//! The report as JSON. `docs/testing.md` describes it; keys are added, never changed.

use serde::Serialize;

use super::outcome::{Case, Failure, MatchedRule, Outcome, Report, Suite};

/// The version of the document's own shape.
const FORMAT: u32 = 1;

/// The whole report.
#[derive(Serialize)]
pub(crate) struct Document<'a> {
    format: u32,
    passed: usize,
    failed: usize,
    skipped: usize,
    errors: usize,
    files: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    masque: Option<Identity<'a>>,
    passed: usize,
    failed: usize,
    skipped: usize,
    errors: usize,
    tests: Vec<Test<'a>>,
}

#[derive(Serialize)]
struct Identity<'a> {
    id: &'a str,
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Test<'a> {
    name: &'a str,
    kind: &'static str,
    line: u32,
    column: u32,
    status: &'static str,
    /// Why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Wrong<'a>>,
}

#[derive(Serialize)]
struct Wrong<'a> {
    about: &'static str,
    line: u32,
    column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<&'a str>,
    expected: &'a str,
    got: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    action: &'static str,
    pattern: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<&'a str>,
    /// Absent where it is the masque's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    line: u32,
    column: u32,
}

impl<'a> Document<'a> {
    pub(crate) fn new(report: &'a Report) -> Self {
        Self {
            format: FORMAT,
            passed: report.passed(),
            failed: report.failed(),
            skipped: report.skipped(),
            errors: report.errors(),
            files: report.suites.iter().map(file).collect(),
        }
    }
}

fn file(suite: &Suite) -> File<'_> {
    File {
        file: &suite.file,
        masque: (suite.masque.as_ref()).map(|masque| Identity {
            id: &masque.id,
            name: &masque.name,
            version: &masque.version,
        }),
        passed: suite.passed(),
        failed: suite.failed(),
        skipped: suite.skipped(),
        errors: suite.errors,
        tests: suite.cases.iter().map(test).collect(),
    }
}

/// One test by itself, for an editor.
pub(crate) fn alone(case: &Case) -> serde_json::Value {
    serde_json::to_value(test(case)).expect("wire structs have string keys")
}

fn test(case: &Case) -> Test<'_> {
    let (status, reason, failures) = match &case.outcome {
        Outcome::Passed => ("passed", None, Vec::new()),
        Outcome::Failed(failures) => ("failed", None, failures.iter().map(wrong).collect()),
        Outcome::Skipped(reason) => ("skipped", Some(reason.as_str()), Vec::new()),
    };
    let (line, column) = (case.place.line, case.place.column);
    Test { name: &case.name, kind: case.kind.name(), line, column, status, reason, failures }
}

fn wrong(failure: &Failure) -> Wrong<'_> {
    Wrong {
        about: failure.about.name(),
        line: failure.place.line,
        column: failure.place.column,
        intent: failure.intent.as_deref(),
        expected: &failure.expected,
        got: &failure.got,
        rules: failure.rules.iter().map(rule).collect(),
    }
}

fn rule(rule: &MatchedRule) -> Rule<'_> {
    Rule {
        action: rule.action,
        pattern: &rule.pattern,
        because: rule.because.as_deref(),
        set: rule.set.as_deref(),
        file: rule.file.as_deref(),
        line: rule.line,
        column: rule.column,
    }
}
