//! The words of the language in groups that are coloured alike, from tree-sitter's highlights, which `queries.rs` holds to `masque.pest`; and
//! the fields, from the JSON Schema, which is drawn from the one table of fields.

use std::path::Path;

use super::ROOT;

/// The groups: `["use" "as"] @keyword.import` is `("keyword.import", ["use", "as"])`.
pub(crate) fn groups() -> Vec<(String, Vec<String>)> {
    let path = Path::new(ROOT).join("grammar/tree-sitter-masque/queries/highlights.scm");
    let text = std::fs::read_to_string(path).expect("the highlights are there");
    let group = |line: &str| {
        let (words, name) = line.strip_prefix('[')?.split_once("] @")?;
        let words: Vec<String> =
            words.split_whitespace().map(|word| word.trim_matches('"').to_owned()).collect();
        name.starts_with("keyword").then(|| (name.to_owned(), words))
    };
    text.lines().filter_map(group).collect()
}

/// The fields that are written as a name and a value. Others have statements of their own; `version` begins one in a library, and is a
/// field in a masque.
pub(crate) fn fields() -> Vec<String> {
    let words = groups();
    let schema: serde_json::Value =
        serde_json::from_str(&masque_syntax::schema()).expect("the schema is JSON");
    let properties = schema["properties"].as_object().expect("it has properties");
    let is_field =
        |name: &&String| *name == "version" || !words.iter().any(|(_, words)| words.contains(name));
    let mut names: Vec<String> = properties.keys().filter(is_field).cloned().collect();
    names.sort();
    names
}
