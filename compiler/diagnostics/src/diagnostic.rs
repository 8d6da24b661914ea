//! What a diagnostic is: a code, a severity, a message, labelled places, notes, help and fixes.

use crate::{Code, Span};

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Something that works, but likely not as meant.
    Warning,
    /// Nothing is built while it stands.
    Error,
}

/// A place and what there is to say about it; the message may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The smallest place that still shows the point.
    pub span: Span,
    /// Lower case, no final period.
    pub message: String,
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Applicability {
    /// Keeps or restores what the author meant; applied by `--fix`.
    Safe,
    /// Likely right, but a person decides.
    Unsafe,
    /// Holds a part that only a person can fill in.
    DisplayOnly,
}

/// The text of `span` is replaced by `text`; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A change of the source that removes the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// An action: "replace `lense` with `lens`".
    pub title: String,
    /// Edits that do not overlap, in the order of their spans.
    pub edits: Vec<Edit>,
    /// Who decides whether it is applied.
    pub applicability: Applicability,
}

impl Fix {
    /// One replacement that a tool may apply by itself.
    pub fn safe(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            edits: vec![Edit { span, text: text.into() }],
            applicability: Applicability::Safe,
        }
    }

    /// The same fix, left to a person's decision.
    pub fn for_review(mut self) -> Self {
        self.applicability = Applicability::Unsafe;
        self
    }
}

/// One finding about a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Names the kind of finding for ever.
    pub code: Code,
    /// Begins as the code's default.
    pub severity: Severity,
    /// Stands alone, without the labels.
    pub message: String,
    /// Where the cause is.
    pub primary: Label,
    /// The other parties.
    pub secondary: Vec<Label>,
    /// Facts that explain.
    pub notes: Vec<String>,
    /// What to change.
    pub help: Option<String>,
    /// Ways to change it, the best first.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A finding of the code's own severity with nothing but its primary label.
    pub fn new(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: Label { span, message: label.into() },
            secondary: Vec::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Adds another party's place.
    pub fn with_label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.secondary.push(Label { span, message: message.into() });
        self
    }

    /// Adds a fact that explains.
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to change.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a way to change it.
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}

/// Proof that an error was reported. An error node of the tree carries one, so that one cause gives one error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reported(());

/// Collects findings while work goes on.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) -> Reported {
        self.0.push(diagnostic);
        Reported(())
    }

    /// Takes over another collection.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Those that `keep` holds for.
    pub fn filtered(mut self, keep: impl FnMut(&Diagnostic) -> bool) -> Self {
        self.0.retain(keep);
        self
    }

    /// Whether anything found is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|found| found.severity == Severity::Error)
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of findings.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The findings in the order in which they were recorded.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// The findings sorted by source, place and code; identical findings once.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut found = self.0;
        found.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.primary.span, d.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        found.dedup();
        found
    }
}
