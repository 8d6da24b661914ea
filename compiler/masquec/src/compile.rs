//! One source text to one program, with everything found on the way.

use std::path::Path;

use masque_check::Family;
use masque_codegen::{GenerateError, Program};
use masque_diagnostics::codes::{Code, check as codes, composition, expression, language};
use masque_diagnostics::{Diagnostic, Diagnostics, Severity, SourceId, Sources, Span};
use masque_ir as ir;
use masque_proof::Outcome;
use masque_syntax::ast;

use crate::library::Library;

/// The largest source that is read, in bytes.
pub const SOURCE_LIMIT: usize = masque_syntax::MAX_SOURCE_BYTES;

/// A source that was parsed and checked, with everything that it refers to.
pub struct Analysed {
    /// What it is; `None` where there is no usable document.
    pub document: Option<ast::Document>,
    /// The checked masque; `None` where anything is wrong, and for a library.
    pub masque: Option<ir::Masque>,
    /// The files that went into it, as places of the masque number them.
    pub files: Vec<SourceId>,
    /// Everything found.
    pub diagnostics: Diagnostics,
}

/// A source after all of it.
pub struct Compiled {
    /// Holds the text, and those that it refers to.
    pub sources: Sources,
    /// The text; of bytes that are no UTF-8, as far as they can be shown.
    pub id: SourceId,
    /// What kind of source it is.
    pub kind: Kind,
    /// What the program was made of; `None` where there are errors.
    pub masque: Option<ir::Masque>,
    /// `None` where there are errors, and for a library.
    pub program: Option<Program>,
    /// Everything found, in the order of the text.
    pub found: Vec<Diagnostic>,
}

impl Compiled {
    /// Brings the program in line with the findings: there is none where one of them is an error.
    pub(crate) fn settle(&mut self) {
        if self.found.iter().any(|found| found.severity == Severity::Error) {
            (self.masque, self.program) = (None, None);
        }
    }
}

/// What kind of source a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A masque, or something that was meant to be one.
    Masque,
    /// Intent sets for masques to use: nothing that runs.
    Library,
}

/// Compiles the bytes of a file. Bytes that are no UTF-8 are a finding like any other.
pub fn compile(name: String, bytes: Vec<u8>, library: &Library) -> Compiled {
    let mut sources = Sources::new();
    match String::from_utf8(bytes) {
        Ok(text) => {
            let id = sources.add(name, text);
            let mut analysed = analyse(&mut sources, id, library);
            let program = generate(&mut analysed);
            let masque = analysed.masque.filter(|_| program.is_some());
            let (kind, comments) = match &analysed.document {
                Some(ast::Document::Library(library)) => (Kind::Library, library.comments.as_slice()),
                Some(ast::Document::Masque(masque)) => (Kind::Masque, masque.comments.as_slice()),
                None => (Kind::Masque, [].as_slice()),
            };
            let mut found = analysed.diagnostics.into_sorted();
            masque_diagnostics::allow_by_comments(sources.get(id), comments, &mut found);
            let mut compiled = Compiled { sources, id, kind, masque, program, found };
            let warnings = compiled.found.iter().filter(|found| found.severity == Severity::Warning).count();
            if let Some(program) = &mut compiled.program {
                program.manifest.source.warnings = u32::try_from(warnings).unwrap_or(u32::MAX);
            }
            compiled.settle();
            compiled
        }
        Err(error) => {
            let found = not_utf8(&mut sources, name, &error);
            let id = found.primary.span.source;
            Compiled { sources, id, kind: Kind::Masque, masque: None, program: None, found: vec![found] }
        }
    }
}

/// The finding about bytes that are no UTF-8, in what of them can be shown.
pub(crate) fn not_utf8(
    sources: &mut Sources,
    name: String,
    error: &std::string::FromUtf8Error,
) -> Diagnostic {
    let readable = error.utf8_error().valid_up_to();
    let id = sources.add(name, String::from_utf8_lossy(error.as_bytes()));
    let span = Span::new(id, readable, readable + char::REPLACEMENT_CHARACTER.len_utf8());
    masque_syntax::not_utf8(span)
}

/// Parses and checks a source. The files that it refers to are added to the sources.
pub fn analyse(sources: &mut Sources, id: SourceId, library: &Library) -> Analysed {
    let source = sources.get(id);
    let masque_syntax::Parsed { document, mut diagnostics } =
        masque_syntax::parse(id, source.name(), source.text());
    let Some(document) = document else {
        return Analysed { document: None, masque: None, files: vec![id], diagnostics };
    };
    let unreadable = diagnostics.has_errors();
    // Everything behind it may belong to what is not closed.
    let unclosed = diagnostics
        .iter()
        .any(|found| [language::UNCLOSED_BRACE, language::UNCLOSED_BLOCK].contains(&found.code));
    let (family, found) = Family::load(id, document.clone(), sources, library);
    let checked = masque_check::check(sources, &family);
    diagnostics.extend(found);
    diagnostics.extend(checked.diagnostics);
    let masque = checked.masque.filter(|_| !diagnostics.has_errors());
    let diagnostics =
        if unreadable { diagnostics.filtered(|found| !is_about_absence(found)) } else { diagnostics };
    let is_missing = |found: &Diagnostic| unclosed && found.code == codes::MISSING_FIELD;
    let diagnostics = diagnostics.filtered(|found| !is_missing(found));
    Analysed { document: Some(document), masque, files: checked.files, diagnostics }
}

/// Whether a finding says that something is not there: it may be in what could not be read, which was said.
fn is_about_absence(found: &Diagnostic) -> bool {
    let codes = [codes::NO_RULES, codes::ONLY_DENIES, expression::UNUSED_NAME, composition::UNUSED_LIBRARY];
    codes.contains(&found.code)
}

/// Generates the program of a source without errors and proves its claims; what can only be found then is added to the diagnostics.
pub fn generate(analysed: &mut Analysed) -> Option<Program> {
    let masque = analysed.masque.as_ref()?;
    let span = |place: ir::Place| {
        let file = analysed.files.get(place.file as usize).or(analysed.files.first());
        let file = *file.expect("a checked masque was made of files");
        Span::new(file, place.start as usize, place.end as usize)
    };
    let start = span(ir::Place::default());
    let place_of = |rule: usize| {
        masque
            .intent
            .as_ref()
            .and_then(|intent| intent.rules.get(rule))
            .map_or(start, |rule| span(rule.place))
    };
    let found = match masque_codegen::generate(masque) {
        Ok(program) => {
            let unproved = unproved(masque, &program, span);
            if unproved.is_empty() {
                return Some(program);
            }
            unproved
        }
        Err(GenerateError::TooLarge { rule, states, extent }) => {
            let intent = masque.intent.as_ref().expect("only a rule can be too large");
            let pattern = &intent.rules[rule].pattern;
            vec![masque_check::pattern_too_large(pattern, states, extent, place_of(rule))]
        }
        Err(GenerateError::ConditionTooLarge { pattern, states, .. }) => {
            vec![masque_check::pattern_too_large(&pattern, states, masque_automata::Extent::Rule, start)]
        }
        Err(error @ GenerateError::TooManyConditions { rule, .. }) => {
            vec![too_much(composition::TOO_MANY_CONDITIONS, &error, place_of(rule))]
        }
        Err(error) => vec![too_much(codes::PATTERN_TOO_LARGE, &error, start)],
    };
    for found in found {
        analysed.diagnostics.push(found);
    }
    None
}

/// What keeps the claims of a masque from being proved of its program.
fn unproved(masque: &ir::Masque, program: &Program, span: impl Fn(ir::Place) -> Span) -> Vec<Diagnostic> {
    if masque.ensures.is_empty() {
        return Vec::new();
    }
    let read = masque_decode::read(&program.component()).expect("a component of our own is canonical");
    let finding = |finding: masque_proof::Finding| {
        let claim = &masque.ensures[finding.ensure];
        let (pattern, place) = (&claim.patterns[finding.pattern].1, span(claim.place));
        match finding.outcome {
            Outcome::Refuted { intent, decision, because } => {
                let decision = match decision {
                    masque_automata::Decision::Allowed => "allowed",
                    masque_automata::Decision::Denied => "denied",
                    masque_automata::Decision::Unmatched => "unmatched",
                };
                masque_check::claim_refuted(claim.claim, pattern, &intent, decision, &because, place)
            }
            Outcome::Undecided => masque_check::claim_undecided(pattern, masque_proof::MOST_STATES, place),
        }
    };
    masque_proof::prove_claims(masque, &read.program).into_iter().map(finding).collect()
}

fn too_much(code: Code, error: &GenerateError, place: Span) -> Diagnostic {
    Diagnostic::new(code, error.to_string(), place, "this is one too many")
        .with_help("say the same with fewer or simpler conditions")
}

/// Whether a file name is a source's: `*.masque.yaml`, `*.masque.yml`, `*.masque`, `*.mask.json` or `*.masque.json`.
pub fn is_source(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| masque_check::ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

/// The name of a source's compiled form: the file's name up to the ending that makes it a source.
pub fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut known = masque_check::ENDINGS.into_iter().chain([".yaml", ".yml", ".json"]);
    let ending = known.find(|ending| name.len() > ending.len() && name.ends_with(ending));
    name[..name.len() - ending.map_or(0, str::len)].to_owned()
}
