//! What may be written at a caret.

use masque_syntax::ast::Notation;
use masque_syntax::{field_at, fields_at};

use crate::context::{Caret, Spot, caret};

/// Something that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown, and written.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// More about it; Markdown.
    pub doc: String,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field or a statement.
    Field,
    /// One of a field's words.
    Word,
    /// A file to build on.
    Reference,
    /// A name of this source.
    Name,
    /// A URI that is used elsewhere.
    Uri,
}

/// What there is around a source.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// References that `extends` may name, with what they are.
    pub masques: Vec<String>,
    /// References that `use` may name.
    pub libraries: Vec<String>,
    /// Paths of the sets that rules may name.
    pub sets: Vec<String>,
    /// URIs of knowledge and skills that other sources name.
    pub uris: Vec<String>,
    /// Parameters and named values of this source.
    pub names: Vec<String>,
}

/// Statements that the language has beside the fields, by the block that they stand in.
const STATEMENTS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "param",
            "let",
            "intent",
            "knowledge",
            "access",
            "context",
            "lens",
            "ensure",
            "widen",
            "test",
            "skills",
        ],
    ),
    ("intent", &["allow", "allow also", "deny", "match", "clauses"]),
    ("access", &["vault"]),
    (
        "test",
        &[
            "allow",
            "deny",
            "unmatched",
            "knowledge",
            "access",
            "lens",
            "context",
            "input",
            "contains",
            "lacks",
        ],
    ),
    ("use", &[]),
];

/// What may be written at `offset`.
pub fn complete(
    notation: Notation,
    text: &str,
    offset: usize,
    around: &Surroundings,
) -> (Caret, Vec<Completion>) {
    let caret = caret(notation, text, offset);
    let path: Vec<&str> = caret.path.iter().map(String::as_str).collect();
    let found = match caret.spot {
        Spot::Name => names(notation, &path),
        Spot::Value => values(notation, &path, around),
    };
    (caret, found)
}

fn names(notation: Notation, path: &[&str]) -> Vec<Completion> {
    let mut found = Vec::new();
    if notation == Notation::Language {
        let block = path.last().copied().unwrap_or_default();
        let statements =
            STATEMENTS.iter().find(|(known, _)| *known == block).map_or(&[][..], |(_, words)| words);
        found.extend(statements.iter().map(|word| completion(word, CompletionKind::Field, "")));
        if !path.is_empty() {
            return found;
        }
    }
    let fields = fields_at(path.iter().copied()).unwrap_or_default();
    let elsewhere = ["name", "extends", "use", "params", "tests"];
    for field in fields {
        let written_otherwise = notation == Notation::Language && elsewhere.contains(&field.name());
        let known = found.iter().any(|known: &Completion| known.label == field.name());
        if !written_otherwise && !known {
            found.push(completion(field.name(), CompletionKind::Field, field.doc()));
        }
    }
    found
}

fn values(notation: Notation, path: &[&str], around: &Surroundings) -> Vec<Completion> {
    let field = field_at(path);
    let mut found: Vec<Completion> = field
        .map(|field| {
            field.words().iter().map(|word| completion(word, CompletionKind::Word, field.doc())).collect()
        })
        .unwrap_or_default();
    let listed =
        |texts: &[String], kind| texts.iter().map(|text| completion(text, kind, "")).collect::<Vec<_>>();
    match path.last().copied().unwrap_or_default() {
        "extends" | "masque" => found.extend(listed(&around.masques, CompletionKind::Reference)),
        "use" | "library" => found.extend(listed(&around.libraries, CompletionKind::Reference)),
        "set" | "allow" | "deny" | "ensure" | "because_set" | "matches" => {
            found.extend(listed(&around.sets, CompletionKind::Reference));
        }
        "knowledge" | "skills" | "uri" => found.extend(listed(&around.uris, CompletionKind::Uri)),
        "match" if notation == Notation::Language => {
            found.extend(["verb", "exact"].map(|word| completion(word, CompletionKind::Word, "")));
        }
        "clauses" if notation == Notation::Language => {
            found.extend(["whole", "each"].map(|word| completion(word, CompletionKind::Word, "")));
        }
        _ => {}
    }
    if notation == Notation::Language || path.last() == Some(&"when") {
        found.extend(listed(&around.names, CompletionKind::Name));
    }
    let mut seen: Vec<String> = Vec::new();
    found.retain(|completion| {
        let new = !seen.contains(&completion.label);
        seen.push(completion.label.clone());
        new
    });
    found
}

fn completion(label: &str, kind: CompletionKind, doc: &str) -> Completion {
    Completion { label: label.to_owned(), kind, doc: doc.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(notation: Notation, marked: &str) -> Vec<String> {
        let offset = marked.find("$0").expect("a mark");
        let around = Surroundings {
            masques: vec!["std/operator".to_owned()],
            libraries: vec!["std/git".to_owned()],
            sets: vec!["std/git/read".to_owned()],
            uris: vec!["mcp://garden".to_owned()],
            names: vec!["season".to_owned()],
        };
        let (_, found) = complete(notation, &marked.replacen("$0", "", 1), offset, &around);
        found.into_iter().map(|found| found.label).collect()
    }

    #[test]
    fn what_may_be_written_is_offered() {
        let cases: &[(Notation, &str, &[&str])] = &[
            (Notation::Yaml, "ri$0", &["ring", "lens", "intent", "version"]),
            (Notation::Yaml, "ring: $0", &["admin", "player", "guest", "outsider"]),
            (Notation::Yaml, "intent:\n  $0", &["allowed", "denied", "match", "clauses"]),
            (Notation::Yaml, "skills:\n  - uri: skill://a/b\n    level: $0", &["novice", "master"]),
            (Notation::Yaml, "extends: $0", &["std/operator"]),
            (Notation::Yaml, "knowledge:\n  - $0", &["mcp://garden"]),
            (Notation::Json, "{\"spinnerVerbs\": {\"mode\": \"$0\"}}", &["replace", "append"]),
            (Notation::Language, "masque A {\n  $0\n}", &["intent", "param", "version", "ring"]),
            (Notation::Language, "masque A {\n  ring $0\n}", &["admin", "guest"]),
            (Notation::Language, "masque A {\n  intent {\n    $0", &["allow", "deny"]),
            (Notation::Language, "masque A {\n  intent {\n    deny $0", &["std/git/read"]),
            (Notation::Language, "use $0", &["std/git"]),
        ];
        for (notation, marked, wanted) in cases {
            let found = labels(*notation, marked);
            for wanted in *wanted {
                assert!(found.iter().any(|label| label == wanted), "{marked}: no {wanted} in {found:?}");
            }
        }
        assert!(
            !labels(Notation::Language, "masque A {\n  $0\n}").contains(&"extends".to_owned()),
            "it stands in the head"
        );
    }
}
