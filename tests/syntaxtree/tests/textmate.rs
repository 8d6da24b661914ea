//! The TextMate grammar of VS Code is drawn from what the other grammars say: its words from tree-sitter's highlights (which `queries.rs`
//! holds to `masque.pest`), its fields from the JSON Schema, and so from the one table of fields. Run with `UPDATE_TEXTMATE=1` to write it anew.
//!
//! It is then run by the engine that VS Code runs, and compared with tree-sitter's tree. Without npm that part is reported as ignored.

#[path = "../../editors/npm.rs"]
mod npm;
mod support;

use std::path::Path;
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use support::{ROOT, samples, sitter_tree, words};

const WRITTEN: &str = "grammar/vscode/syntaxes/masque.tmLanguage.json";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("the_grammar_file_is_up_to_date", is_up_to_date)];
    let name = "the_engine_of_vs_code_shows_what_tree_sitter_sees";
    trials.push(npm::trial(name, &arguments, "tests/syntaxtree/node", shows_what_the_tree_is));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn is_up_to_date() -> Result<(), Failed> {
    let grammar = serde_json::to_string_pretty(&grammar())? + "\n";
    let path = Path::new(ROOT).join(WRITTEN);
    if std::env::var_os("UPDATE_TEXTMATE").is_some() {
        std::fs::write(&path, &grammar)?;
    }
    if std::fs::read_to_string(&path)? != grammar {
        return Err(
            format!("{WRITTEN}: UPDATE_TEXTMATE=1 cargo test -p masque-syntaxtree --test textmate").into()
        );
    }
    Ok(())
}

/// What the groups of words in the highlights are called in themes of VS Code.
const SCOPES: &[(&str, &str)] = &[
    ("keyword.import", "keyword.control.import"),
    ("keyword.type", "storage.type"),
    ("keyword", "keyword.other"),
    ("keyword.function", "keyword.control"),
    ("keyword.modifier", "storage.modifier"),
    ("keyword.conditional", "keyword.control.conditional"),
    ("keyword.operator", "keyword.operator.word"),
];

/// A word by itself.
const BEGIN: &str = "(?<![A-Za-z0-9_-])";
const END: &str = "(?![A-Za-z0-9_-])";

fn grammar() -> Value {
    let fields = words::fields().join("|");
    let groups = words::groups();
    assert_eq!(groups.len(), SCOPES.len(), "a group of words has no scope, or is not there");
    let words = groups.into_iter().map(|(group, words)| {
        let (_, scope) = SCOPES.iter().find(|(known, _)| *known == group).expect("each group has a scope");
        json!({ "name": format!("{scope}.masque"), "match": format!("{BEGIN}(?:{}){END}", words.join("|")) })
    });
    let hole = json!({
        "name": "meta.embedded.expression.masque",
        "begin": "\\\\?\\{", "end": "\\}",
        "beginCaptures": { "0": { "name": "punctuation.section.embedded.begin.masque" } },
        "endCaptures": { "0": { "name": "punctuation.section.embedded.end.masque" } },
        "patterns": [{ "include": "#quoted-in-line" }, { "include": "#expression" }]
    });
    let in_template = json!([
        { "name": "constant.character.escape.brace.masque", "match": "\\{\\{|\\}\\}" },
        { "include": "#hole" }
    ]);
    let escape = json!({
        "name": "constant.character.escape.masque", "match": "\\\\(?:[\"\\\\{}ntr]|u\\{[0-9A-Fa-f]{1,6}\\})"
    });
    let with_escape = |first: &Value, patterns: &Value| {
        let mut all = patterns.as_array().cloned().unwrap_or_default();
        all.push(first.clone());
        Value::Array(all)
    };
    let block_escape = json!({ "name": "constant.character.escape.masque", "match": "\\\\\"\"\"" });
    let string = |begin: &str, end: &str, kind: &str, patterns: Value| {
        json!({
            "name": format!("string.quoted.{kind}.masque"),
            "begin": begin, "end": end,
            "beginCaptures": {
                "1": { "name": "keyword.other.masque" },
                "0": { "name": "punctuation.definition.string.begin.masque" }
            },
            "endCaptures": { "0": { "name": "punctuation.definition.string.end.masque" } },
            "patterns": patterns
        })
    };
    // Behind its word, and in expressions, a text has holes.
    let prose = |quotes: &str, end: &str, kind: &str, patterns: Value| {
        json!({
            "begin": format!("{BEGIN}(lens|context)\\s*(?={quotes})"),
            "end": "(?<=\")|(?=$)",
            "beginCaptures": { "1": { "name": "keyword.other.masque" } },
            "patterns": [string(quotes, end, kind, patterns)]
        })
    };
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "information_for_contributors": [
            "Drawn by tests/syntaxtree/tests/textmate.rs from tree-sitter's highlights and the table of fields."
        ],
        "name": "Masque",
        "scopeName": "source.masque",
        "fileTypes": ["masque"],
        "patterns": [
            { "include": "#comment" },
            { "include": "#prose" },
            { "include": "#string" },
            { "include": "#uri" },
            { "include": "#reference" },
            { "include": "#field" },
            { "include": "#expression" }
        ],
        "repository": {
            "comment": { "name": "comment.line.number-sign.masque", "match": "#.*$" },
            "prose": {
                "patterns": [
                    prose("\"\"\"", "\"\"\"", "triple", with_escape(&block_escape, &in_template)),
                    prose("\"", "\"|$", "double", with_escape(&escape, &in_template))
                ]
            },
            "string": {
                "patterns": [
                    string("\"\"\"", "\"\"\"", "triple", json!([block_escape])),
                    string("\"", "\"|$", "double", json!([escape]))
                ]
            },
            "quoted-in-line": { "name": "string.quoted.double.masque", "match": "\\\\\"[^\"\\\\]*\\\\\"" },
            "hole": hole,
            "uri": {
                "name": "string.unquoted.uri.masque",
                "match": "[A-Za-z][A-Za-z0-9+.-]*://(?:[^\\s,\"{}\\[\\]:]|:+[^\\s,\"{}\\[\\]:])*"
            },
            "reference": {
                "match": format!("{BEGIN}(use|extends)\\s+([A-Za-z0-9_./@^~=<>*-]+)"),
                "captures": {
                    "1": { "name": "keyword.control.import.masque" },
                    "2": { "name": "entity.name.namespace.masque" }
                }
            },
            "field": {
                "patterns": [
                    {
                        "name": "support.type.property-name.masque",
                        "match": "[A-Za-z_][A-Za-z0-9_-]*(?=[ \\t]*:)"
                    },
                    {
                        "name": "support.type.property-name.masque",
                        "match": format!("(?<=^|[\\s{{}}])(?:{fields})(?=[ \\t]*[\"\\[{{]|[ \\t]+[A-Za-z0-9-])")
                    },
                    {
                        "match": format!("{BEGIN}(masque|library)\\s+([A-Za-z_][A-Za-z0-9_-]*)"),
                        "captures": {
                            "1": { "name": "storage.type.masque" },
                            "2": { "name": "entity.name.type.masque" }
                        }
                    }
                ]
            },
            "expression": {
                "patterns": [
                    { "include": "#comment" },
                    { "include": "#string" },
                    { "include": "#number" },
                    { "include": "#word" },
                    { "name": "keyword.operator.masque", "match": "==|!=|<=|>=|<|>|=|\\|" },
                    { "name": "punctuation.separator.masque", "match": "[,:]" }
                ]
            },
            "number": {
                "patterns": [
                    {
                        "name": "constant.numeric.version.masque",
                        "match": format!("{BEGIN}[0-9]+\\.[0-9]+\\.[0-9]+(?:[-+][A-Za-z0-9.+-]+)?{END}")
                    },
                    {
                        "name": "constant.numeric.duration.masque",
                        "match": format!("{BEGIN}(?:P[T0-9][0-9A-Z]*|(?:[0-9]+[wdhms])+|[0-9]+[ \\t]+(?:week|day|hour|minute|second)s?(?:[ \\t]+(?:and[ \\t]+)?[0-9]+[ \\t]+(?:week|day|hour|minute|second)s?)*){END}")
                    },
                    {
                        "name": "constant.numeric.masque",
                        "match": "(?<![A-Za-z0-9_.-])-?[0-9]+(?:\\.[0-9]+)?(?![A-Za-z0-9_.-])"
                    }
                ]
            },
            "word": {
                "patterns": std::iter::once(json!({
                    "name": "constant.language.masque", "match": format!("{BEGIN}(?:true|false){END}")
                }))
                .chain(words)
                .collect::<Vec<_>>()
            }
        }
    })
}

/// Every comment, text, number and word that the tree has is shown as one.
fn shows_what_the_tree_is(installed: &Path) -> Result<(), Failed> {
    let (mut compared, mut wrong) = (0, Vec::new());
    for sample in samples() {
        let tokens = tokenise(installed, &sample.text)?;
        let tree = sitter_tree::parse(&sample.text);
        let mut leaves = Vec::new();
        sitter_tree::leaves(tree.root_node(), &mut leaves);
        for leaf in leaves {
            let written = &sample.text[leaf.byte_range()];
            let parent = leaf.parent().map_or("", |parent| parent.kind());
            let wanted: &[&str] = match leaf.kind() {
                "comment" => &["comment"],
                "template_text" => &["string"],
                "escape_sequence" | "brace" => &["constant.character.escape"],
                "uri" => &["string.unquoted.uri"],
                "integer" | "version" | "duration" if leaf.is_named() => &["constant.numeric"],
                "field_name" => &["support.type.property-name"],
                "bare_reference" => &["entity.name.namespace"],
                word if !leaf.is_named() && word.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                    match word {
                        "true" | "false" => &["constant.language"],
                        // In a library and as a field it is one word.
                        "version" | "about" => &["keyword", "support.type.property-name"],
                        // Only the place says that it is no path.
                        "session" => continue,
                        _ if parent == "operator" => &["keyword.operator"],
                        _ => &["keyword", "storage"],
                    }
                }
                _ => continue,
            };
            // White space at the ends of lines shows nothing.
            let Some(at) = written.find(|c: char| !c.is_whitespace()) else { continue };
            compared += 1;
            let scopes = tokens.at(leaf.start_byte() + at);
            if !scopes.iter().any(|scope| wanted.iter().any(|wanted| scope.starts_with(wanted))) {
                wrong.push(format!(
                    "{}:{}: {written:?} is {scopes:?}",
                    sample.place,
                    leaf.start_position().row + 1
                ));
            }
        }
    }
    assert!(compared > 600, "{compared} places were compared");
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

struct Tokens(Vec<(usize, Vec<String>)>);

impl Tokens {
    /// The scopes of a byte.
    fn at(&self, byte: usize) -> &[String] {
        let found = self.0.iter().rev().find(|(start, _)| *start <= byte);
        found.map_or(&[], |(_, scopes)| scopes)
    }
}

fn tokenise(installed: &Path, text: &str) -> Result<Tokens, Failed> {
    let root = Path::new(ROOT);
    let file = installed.join("text.masque");
    std::fs::write(&file, text)?;
    let mut command = Command::new("node");
    command.arg(root.join("tests/syntaxtree/node/tokenise.mjs")).arg(root.join(WRITTEN)).arg(file);
    let printed = npm::printed(command.env("NODE_MODULES", installed.join("node_modules")))?;
    let lines: Vec<Vec<(usize, Vec<String>)>> = serde_json::from_str(&printed)?;
    let mut tokens = Vec::new();
    for (line, (start, written)) in lines.into_iter().zip(line_starts(text)) {
        for (column, scopes) in line {
            // The engine counts UTF-16.
            let mut units = 0;
            let at = written.char_indices().find(|(_, c)| {
                let here = units >= column;
                units += c.len_utf16();
                here
            });
            tokens.push((start + at.map_or(written.len(), |(at, _)| at), scopes));
        }
    }
    Ok(Tokens(tokens))
}

fn line_starts(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let lines = text.split('\n').map(|line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    });
    lines.collect()
}
