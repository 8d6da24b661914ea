//! The parser in the repository is the one that its grammar gives. Run with `UPDATE_PARSER=1` to write it anew.

mod support;

use std::path::Path;
use std::process::Command;

use support::ROOT;
use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

/// The oldest format that this generator writes well and that editors of the last years all load.
const ABI: usize = 14;

const FILES: &[&str] = &[
    "grammar.json",
    "node-types.json",
    "parser.c",
    "tree_sitter/alloc.h",
    "tree_sitter/array.h",
    "tree_sitter/parser.h",
];

#[test]
fn the_parser_is_what_the_grammar_gives() {
    if Command::new("node").arg("--version").output().is_err() {
        // The grammar is a program: without its interpreter there is nothing to compare.
        eprintln!("skipped: node, which runs grammar.js, is not there");
        return;
    }
    let home = Path::new(ROOT).join("grammar/tree-sitter-masque");
    let fresh = tempfile::tempdir().expect("a directory for the parser");
    let out = match std::env::var_os("UPDATE_PARSER") {
        Some(_) => home.join("src"),
        None => fresh.path().to_owned(),
    };
    let mut found = Vec::new();
    generate_parser_in_directory(
        home.clone(),
        Some(out.clone()),
        Some(home.join("grammar.js")),
        ABI,
        None,
        None,
        true,
        OptLevel::default(),
        &mut found,
    )
    .unwrap_or_else(|error| panic!("{error}"));
    assert!(found.is_empty(), "{}", found.iter().map(ToString::to_string).collect::<String>());
    for file in FILES {
        let read = |folder: &Path| {
            std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
        };
        assert!(
            read(&out) == read(&home.join("src")),
            "{file} is not up to date: UPDATE_PARSER=1 cargo test -p masque-syntaxtree --test generated"
        );
    }
}
