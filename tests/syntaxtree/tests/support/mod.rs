//! Texts of the language, and trees of both parsers in one shape.

#![allow(dead_code, reason = "not every test file needs all of it")]

pub(crate) mod pest_tree;
pub(crate) mod sitter_tree;
pub(crate) mod words;

use std::path::{Path, PathBuf};

pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A text of the language and where it comes from.
pub(crate) struct Sample {
    pub(crate) place: String,
    pub(crate) text: String,
}

/// One node: how deep it lies among those that are compared, what it is, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) depth: usize,
    pub(crate) kind: String,
    pub(crate) range: std::ops::Range<usize>,
}

/// The nodes as lines that a person can compare.
pub(crate) fn shown(nodes: &[Node], text: &str) -> String {
    let line = |node: &Node| {
        let written: String = text[node.range.clone()].chars().take(40).collect();
        format!("{}{} {:?} {written:?}\n", "  ".repeat(node.depth), node.kind, node.range)
    };
    nodes.iter().map(line).collect()
}

/// Every text of the language in the repository: files, and examples of the documents.
pub(crate) fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for folder in ["stdlib", "personas", "compiler/syntax/tests/corpus", "tests/syntaxtree/corpus", "docs"] {
        walk(&Path::new(ROOT).join(folder), &mut samples);
    }
    examples(&Path::new(ROOT).join("README.md"), &mut samples);
    samples
}

fn walk(folder: &Path, samples: &mut Vec<Sample>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.is_dir() => walk(&path, samples),
            Some("masque") => samples.push(Sample { place: path.display().to_string(), text: read(&path) }),
            Some("md") => examples(&path, samples),
            _ => {}
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The blocks of a document that are marked as masques, but for those that show a mistake.
fn examples(document: &Path, samples: &mut Vec<Sample>) {
    let mut open: Option<Sample> = None;
    for (line, number) in read(document).lines().zip(1..) {
        match (&mut open, line.trim_end().strip_prefix("```")) {
            (None, Some(marks)) if marks.starts_with("masque") && !marks.starts_with("masque wrong") => {
                let place = format!("{}:{number}", document.display());
                open = Some(Sample { place, text: String::new() });
            }
            (Some(_), Some(_)) => samples.extend(open.take()),
            (Some(sample), None) => {
                sample.text.push_str(line);
                sample.text.push('\n');
            }
            (None, _) => {}
        }
    }
}
