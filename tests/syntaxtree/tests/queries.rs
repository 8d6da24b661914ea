//! What editors ask of the tree: every query of every editor fits the language, and the highlights show what has to be seen.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use support::{ROOT, samples, sitter_tree};
use tree_sitter::{Query, QueryCursor, StreamingIterator as _};

/// Every query file below `grammar/`.
fn queries(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "node_modules") {
            queries(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "scm") {
            found.push(path);
        }
    }
}

#[test]
fn every_query_fits_the_language() {
    let mut files = Vec::new();
    queries(&Path::new(ROOT).join("grammar"), &mut files);
    assert!(files.len() >= 5, "the queries were lost: {files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the query is there");
        if let Err(error) = Query::new(&sitter_tree::language(), &text) {
            panic!("{}: {error}", file.display());
        }
    }
}

/// What editors have of their own is what differs between them; the rest is one text. Run with `UPDATE_QUERIES=1` to copy it.
#[test]
fn editors_share_their_queries() {
    let grammar = Path::new(ROOT).join("grammar");
    for (file, editors) in [
        ("highlights.scm", &["helix/queries/masque", "zed/languages/masque"][..]),
        ("injections.scm", &["helix/queries/masque", "zed/languages/masque"]),
        ("locals.scm", &["helix/queries/masque"]),
    ] {
        let ours = grammar.join("tree-sitter-masque/queries").join(file);
        for editor in editors {
            let theirs = grammar.join(editor).join(file);
            if std::env::var_os("UPDATE_QUERIES").is_some() {
                std::fs::copy(&ours, &theirs).expect("the query can be copied");
            }
            let read = |path: &Path| std::fs::read_to_string(path).expect("the query is there");
            assert!(
                read(&ours) == read(&theirs),
                "{editor}/{file}: UPDATE_QUERIES=1 cargo test -p masque-syntaxtree --test queries"
            );
        }
    }
}

fn highlights() -> Query {
    let path = Path::new(ROOT).join("grammar/tree-sitter-masque/queries/highlights.scm");
    let text = std::fs::read_to_string(path).expect("the highlights are there");
    Query::new(&sitter_tree::language(), &text).expect("the highlights fit the language")
}

/// What each place of a text is shown as.
fn shown(query: &Query, text: &str) -> BTreeMap<(usize, usize), BTreeSet<String>> {
    let tree = sitter_tree::parse(text);
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(query, tree.root_node(), text.as_bytes());
    let mut shown: BTreeMap<(usize, usize), BTreeSet<String>> = BTreeMap::new();
    while let Some((found, index)) = captures.next() {
        let capture = found.captures()[*index];
        let name = query.capture_names()[capture.index as usize].to_owned();
        let Range { start, end } = capture.node.byte_range();
        shown.entry((start, end)).or_default().insert(name);
    }
    shown
}

#[test]
fn highlights_cover_every_text() {
    let query = highlights();
    let mut words = BTreeSet::new();
    for sample in samples() {
        let shown = shown(&query, &sample.text);
        for (place, names) in &shown {
            let names: Vec<&String> = names.iter().filter(|name| *name != "spell").collect();
            assert_eq!(names.len(), 1, "{} {place:?} is taken by several patterns: {names:?}", sample.place);
        }
        let tree = sitter_tree::parse(&sample.text);
        let mut found = Vec::new();
        sitter_tree::leaves(tree.root_node(), &mut found);
        for leaf in found.into_iter().filter(|leaf| leaf.start_byte() < leaf.end_byte()) {
            let covers =
                |(start, end): &(usize, usize)| *start <= leaf.start_byte() && leaf.end_byte() <= *end;
            let names: Vec<&String> =
                shown.iter().filter(|(place, _)| covers(place)).flat_map(|(_, names)| names).collect();
            let written = &sample.text[leaf.byte_range()];
            assert!(!names.is_empty(), "{}: {} {written:?} is not shown", sample.place, leaf.kind());
            let wanted = match leaf.kind() {
                "comment" => "comment",
                "integer" | "version" | "duration" if leaf.is_named() => "number",
                "uri" | "template_text" => "string",
                "session" => "constant",
                word if !leaf.is_named() && word.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                    words.insert(word.to_owned());
                    match word {
                        "true" | "false" => "boolean",
                        _ => "keyword",
                    }
                }
                _ => continue,
            };
            assert!(
                names.iter().any(|name| name.starts_with(wanted)),
                "{}: {written:?} is shown as {names:?}, not as {wanted}",
                sample.place
            );
        }
    }
    // The corpus has every word, so that every word was looked at.
    let all: BTreeSet<String> = words_of_the_language();
    let unseen: Vec<&String> = all.difference(&words).filter(|word| *word != "session").collect();
    assert!(unseen.is_empty(), "no text has {unseen:?}");
}

fn words_of_the_language() -> BTreeSet<String> {
    let language = sitter_tree::language();
    let kinds = (0..language.node_kind_count() as u16).filter(|id| !language.node_kind_is_named(*id));
    let words = kinds.filter_map(|id| language.node_kind_for_id(id).map(str::to_owned));
    words.filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())).collect()
}

/// The words of `masque.pest`, and those of templates.
#[test]
fn both_grammars_have_the_same_words() {
    let pest = std::fs::read_to_string(Path::new(ROOT).join("grammar/masque.pest")).expect("the grammar");
    let words = pest.lines().filter_map(|line| line.strip_prefix("kw_")?.split('"').nth(1));
    let mut words: BTreeSet<String> = words.map(str::to_owned).collect();
    words.extend(["if", "else", "end", "true", "false"].map(str::to_owned));
    assert_eq!(words_of_the_language(), words);
}

#[test]
fn the_colours_of_a_line() {
    let text = "masque A { version 1.0.0 intent { deny std/git because \"so\" } lens \"{limit} is {if a}b{end}\" } # c";
    let shown = shown(&highlights(), text);
    let of = |written: &str| {
        let start = text.find(written).expect(written);
        let names = shown.get(&(start, start + written.len()));
        names.and_then(|names| names.iter().find(|name| *name != "spell")).map(String::as_str)
    };
    for (written, name) in [
        ("masque", "keyword.type"),
        ("A", "type"),
        ("version", "property"),
        ("1.0.0", "number"),
        ("deny", "keyword.function"),
        ("git", "module"),
        ("because", "keyword.conditional"),
        ("\"so\"", "string"),
        ("limit", "variable"),
        (" is ", "string"),
        ("if", "keyword.conditional"),
        ("end", "keyword.conditional"),
        ("# c", "comment"),
    ] {
        assert_eq!(of(written), Some(name), "{written}");
    }
}
