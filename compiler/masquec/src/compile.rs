//! One source text to one program, with everything found on the way.

use std::path::Path;

use masque_codegen::{GenerateError, Program};
use masque_diagnostics::codes::check as codes;
use masque_diagnostics::{Diagnostic, Diagnostics, Severity, SourceId, Sources, Span};
use masque_ir as ir;
use masque_syntax::ast;

/// The largest source that is read, in bytes.
pub const SOURCE_LIMIT: usize = masque_syntax::MAX_SOURCE_BYTES;

/// A source that was parsed and checked.
pub struct Analysed {
    /// The tree; `None` where there is no usable document.
    pub tree: Option<ast::Masque>,
    /// The checked masque; `None` where anything is wrong.
    pub masque: Option<ir::Masque>,
    /// Everything found.
    pub diagnostics: Diagnostics,
}

/// A source after all of it.
pub struct Compiled {
    /// Holds the text, and nothing else.
    pub sources: Sources,
    /// The text; of bytes that are no UTF-8, as far as they can be shown.
    pub id: SourceId,
    /// What the program was made of; `None` where there are errors.
    pub masque: Option<ir::Masque>,
    /// `None` where there are errors.
    pub program: Option<Program>,
    /// Everything found, in the order of the text.
    pub found: Vec<Diagnostic>,
}

/// Compiles the bytes of a file. Bytes that are no UTF-8 are a finding like any other.
pub fn compile(name: String, bytes: Vec<u8>) -> Compiled {
    let mut sources = Sources::new();
    match String::from_utf8(bytes) {
        Ok(text) => {
            let id = sources.add(name, text);
            let mut analysed = analyse(&sources, id);
            let program = generate(id, &mut analysed);
            let masque = analysed.masque.filter(|_| program.is_some());
            Compiled { sources, id, masque, program, found: analysed.diagnostics.into_sorted() }
        }
        Err(error) => {
            let readable = error.utf8_error().valid_up_to();
            let id = sources.add(name, String::from_utf8_lossy(error.as_bytes()));
            let span = Span::new(id, readable, readable + char::REPLACEMENT_CHARACTER.len_utf8());
            let found = vec![masque_syntax::not_utf8(span)];
            Compiled { sources, id, masque: None, program: None, found }
        }
    }
}

/// Parses and checks a source.
pub fn analyse(sources: &Sources, id: SourceId) -> Analysed {
    let source = sources.get(id);
    let masque_syntax::Parsed { document, mut diagnostics } =
        masque_syntax::parse(id, source.name(), source.text());
    let tree = match document {
        Some(ast::Document::Masque(masque)) => Some(masque),
        Some(ast::Document::Library(_)) | None => None,
    };
    let mut masque = None;
    if let Some(tree) = &tree {
        let checked = masque_check::check(source, tree);
        diagnostics.extend(checked.diagnostics);
        masque = checked.masque;
    }
    if diagnostics.has_errors() {
        masque = None;
    }
    Analysed { tree, masque, diagnostics }
}

/// Generates the program of a source without errors; what can only be found then is added to the diagnostics.
pub fn generate(id: SourceId, analysed: &mut Analysed) -> Option<Program> {
    let masque = analysed.masque.as_ref()?;
    match masque_codegen::generate(masque) {
        Ok(mut program) => {
            program.manifest.source.warnings = warnings(&analysed.diagnostics);
            Some(program)
        }
        Err(GenerateError::TooLarge { rule, states, extent }) => {
            let intent = masque.intent.as_ref().expect("only a rule can be too large");
            let rule = &intent.rules[rule];
            let span = Span::new(id, rule.place.start as usize, rule.place.end as usize);
            analysed.diagnostics.push(masque_check::pattern_too_large(&rule.pattern, states, extent, span));
            None
        }
        Err(GenerateError::ConditionTooLarge { pattern, states, .. }) => {
            let (start, extent) = (Span::new(id, 0, 0), masque_automata::Extent::Rule);
            analysed.diagnostics.push(masque_check::pattern_too_large(&pattern, states, extent, start));
            None
        }
        Err(error) => {
            let rule = match error {
                GenerateError::TooManyConditions { rule, .. } => {
                    masque.intent.as_ref().map(|intent| &intent.rules[rule])
                }
                _ => None,
            };
            let (start, end) =
                rule.map_or((0, 0), |rule| (rule.place.start as usize, rule.place.end as usize));
            analysed.diagnostics.push(too_much(&error, Span::new(id, start, end)));
            None
        }
    }
}

fn too_much(error: &GenerateError, place: Span) -> Diagnostic {
    Diagnostic::new(codes::PATTERN_TOO_LARGE, error.to_string(), place, "this is one too many")
        .with_help("say the same with fewer or simpler conditions")
}

fn warnings(diagnostics: &Diagnostics) -> u32 {
    let count = diagnostics.iter().filter(|found| found.severity == Severity::Warning).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How the names of sources end.
const ENDINGS: [&str; 5] = [".masque.yaml", ".masque.yml", ".masque", ".mask.json", ".masque.json"];

/// Whether a file name is a source's: `*.masque.yaml`, `*.masque.yml`, `*.masque`, `*.mask.json` or `*.masque.json`.
pub fn is_source(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

/// The name of a source's compiled form: the file's name up to the ending that makes it a source.
pub fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut known = ENDINGS.into_iter().chain([".yaml", ".yml", ".json"]);
    let ending = known.find(|ending| name.len() > ending.len() && name.ends_with(ending));
    name[..name.len() - ending.map_or(0, str::len)].to_owned()
}
