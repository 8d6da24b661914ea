//! Rules that would need too large an automaton are split where that is possible, and refused with their place where it is not.

use masque_diagnostics::{Severity, Sources};

/// The code, the text that it points at and the message of each finding; whether a program came out.
fn compile(intent: &str) -> (Vec<(String, String, String)>, bool) {
    let mut sources = Sources::new();
    let text = format!("name: Wide\nversion: \"1.0.0\"\nring: guest\nintent:\n{intent}lens: Count.\n");
    let id = sources.add("wide.masque.yaml", text);
    let mut analysed = masquec::compile::analyse(&mut sources, id, &masquec::library::Library::standard());
    let program = masquec::compile::generate(&mut analysed);
    let found = analysed.diagnostics.into_sorted();
    let found = found
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| {
            (
                found.code.to_string(),
                sources.slice(found.primary.span).trim_matches('"').to_owned(),
                found.message.clone(),
            )
        })
        .collect();
    (found, program.is_some())
}

fn pairs(action: &str, clauses: &str) -> String {
    let globs: String =
        ('a'..='t').map(|first| format!("    - \"*{first}*{}*\"\n", char::from(first as u8 + 5))).collect();
    format!("  clauses: {clauses}\n  allowed: [\"read *\"]\n  {action}:\n{globs}")
        .replace("  allowed: [\"read *\"]\n  allowed", "  allowed")
}

#[test]
fn many_rules_with_inner_stars_are_split() {
    for (action, clauses) in [("denied", "whole"), ("allowed", "whole"), ("denied", "each")] {
        assert_eq!(compile(&pairs(action, clauses)), (vec![], true), "{action} {clauses}");
    }
}

#[test]
fn one_rule_that_explodes_alone_is_refused_at_its_place() {
    let glob = format!("*a{}b*", "?".repeat(30));
    let (found, built) = compile(&format!("  allowed: [\"read *\", \"{glob}\"]\n"));
    let [(code, place, message)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((code.as_str(), place.as_str(), built), ("M0501", glob.as_str(), false));
    assert!(message.contains(&glob), "{message}");
}

#[test]
fn allow_rules_that_can_not_be_split_are_refused_together() {
    let (found, built) = compile(&pairs("allowed", "each"));
    let [(code, place, message)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((code.as_str(), built), ("M0501", false));
    assert!(place.starts_with('*') && message.contains("`clauses: each`"), "{place}: {message}");
}
