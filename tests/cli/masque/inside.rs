//! What `masque inspect` and `masque graph` show of a masque's inside.

use serde_json::Value;

use crate::support::{Files, HOMELAB, compiled, expect, homelab, json, masque, said};

#[test]
fn the_parts_of_a_component_add_up() {
    let files = Files::new();
    let bytes = compiled(&homelab(), HOMELAB);
    let wasm = files.add("homelab.wasm", &bytes);
    let number = |value: &Value| value.as_u64().unwrap();
    let report = json(&["inspect", &wasm, "--json"], 0);
    let parts = report["size"]["parts"].as_object().unwrap();
    assert_eq!(parts.values().map(number).sum::<u64>(), bytes.len() as u64);
    assert_eq!(report["size"]["total"], bytes.len());
    assert!(parts.values().all(|bytes| number(bytes) > 0), "{parts:?}");

    let automata = report["automata"].as_array().unwrap();
    let tables: u64 = automata
        .iter()
        .map(|automaton| {
            let table = number(&automaton["states"])
                * number(&automaton["classes"])
                * number(&automaton["cell_width"]);
            assert_eq!(number(&automaton["table_bytes"]), table);
            // Eight words, a byte for each character of ASCII, a word for each range beyond.
            32 + 128 + 4 * number(&automaton["ranges"]) + table
        })
        .sum();
    assert_eq!(number(&parts["automata"]), tables);

    assert_eq!(report["manifest"]["identity"]["id"], "homelab");
    assert_eq!(report["manifest"]["intent"]["rules"].as_array().unwrap().len(), 5);
    let exports: Vec<&str> =
        report["exports"].as_array().unwrap().iter().map(|export| export["name"].as_str().unwrap()).collect();
    assert_eq!(exports, ["validate-intent", "knowledge", "access", "context", "lens"]);
    assert!(number(&report["memory"]["pages"]) < number(&report["memory"]["pages_at_most"]));

    let mut of_source = json(&["inspect", HOMELAB, "--json"], 0);
    of_source["file"] = report["file"].clone();
    assert_eq!(of_source, report, "a source is inspected as what it compiles to");
}

#[test]
fn an_inspection_reads_well() {
    let out = expect(&masque(&["inspect", HOMELAB]), 0);
    for expected in [
        "homelab 2.3.0, ring player",
        "allow \"investigate *\"",
        "validate-intent: func(intent: string, session: session) -> decision",
        "1 page (64 KiB) now",
        "cells of 1 byte",
        "  total",
    ] {
        assert!(out.contains(expected), "no {expected:?} in\n{out}");
    }
}

#[test]
fn a_foreign_component_is_inspected_as_far_as_possible() {
    let files = Files::new();
    // One more custom section at the end changes nothing, a byte of the wiring makes it another compiler's.
    let mut bytes = compiled(&homelab(), HOMELAB);
    bytes.extend_from_slice(b"\0\x04\x02me!");
    let known = json(&["inspect", &files.add("known.wasm", &bytes), "--json"], 0);
    assert_eq!(known["size"]["parts"]["other_custom_sections"], 6);
    assert!(known.get("foreign").is_none());

    let empty = files.add("empty.wasm", b"\0asm\x0d\0\x01\0");
    let report = json(&["inspect", &empty, "--json"], 0);
    assert!(report["foreign"]["reason"].as_str().unwrap().contains("not made by this version of masquec"));
    assert_eq!(report["manifest"], Value::Null);
    let report = json(&["inspect", &empty, "--json", "--foreign"], 0);
    assert_eq!(report["foreign"]["loads"], false);
    assert_eq!(report["exports"], serde_json::json!([]));
}

fn states_of(file: &str) -> usize {
    let report = json(&["inspect", file, "--json"], 0);
    usize::try_from(report["automata"][0]["states"].as_u64().unwrap()).unwrap()
}

#[test]
fn dot_has_every_state_and_every_step() {
    let out = expect(&masque(&["graph", HOMELAB]), 0);
    let states = states_of(HOMELAB);
    for state in 0..states {
        assert_eq!(out.matches(&format!("\n  s{state} [label=\"{state}\"")).count(), 1, "state {state}");
        let sink = state < 3;
        let leaves = out.contains(&format!("\n  s{state} -> "));
        assert_eq!(leaves, !sink, "state {state}");
    }
    assert_eq!(out.matches("doublecircle").count(), 3);
    assert!(out.starts_with("digraph \"Homelab") && out.ends_with("}\n"), "{out}");
}

#[test]
fn svg_is_well_formed_whole_and_self_contained() {
    let files = Files::new();
    let output = files.add("graph.svg", "");
    for persona in [HOMELAB, "personas/release-manager.masque.yaml"] {
        assert_eq!(expect(&masque(&["graph", persona, "--format", "svg", "-o", &output]), 0), "");
        let svg = std::fs::read_to_string(&output).unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let has_class = |node: &roxmltree::Node<'_, '_>, class| {
            node.attribute("class").is_some_and(|classes| classes.split(' ').any(|found| found == class))
        };
        let states: Vec<_> = document.descendants().filter(|node| has_class(node, "state")).collect();
        assert_eq!(states.len(), states_of(persona));
        let mut places = std::collections::BTreeSet::new();
        for state in states {
            assert!(
                state.children().any(|child| child.has_tag_name(("http://www.w3.org/2000/svg", "title")))
            );
            let circle = state
                .children()
                .find(|child| child.has_tag_name(("http://www.w3.org/2000/svg", "circle")))
                .unwrap();
            assert!(
                places.insert((circle.attribute("cx").unwrap(), circle.attribute("cy").unwrap())),
                "two states in one place"
            );
        }
        for node in document.descendants() {
            for attribute in node.attributes() {
                assert!(
                    !matches!(attribute.name(), "href" | "src"),
                    "{} refers to something",
                    node.tag_name().name()
                );
                assert!(!attribute.value().contains("url(") || attribute.value() == "url(#tip)");
            }
        }
    }
}

#[test]
fn odd_names_and_patterns_are_escaped_in_pictures() {
    let files = Files::new();
    let source = files.add(
        "odd.masque.yaml",
        "name: \"<b> & \\\"q\\\" \\\\ ]]>\"\nversion: 1.0.0\nring: player\nintent:\n  allowed: [{ pattern: '\"<&>*', match: exact }, { pattern: '\\\\\\n', match: exact }]\nlens: x\n",
    );
    let svg = expect(&masque(&["graph", &source, "--format", "svg"]), 0);
    let document = roxmltree::Document::parse(&svg).unwrap();
    let titles: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("title"))
        .filter_map(|node| node.text())
        .collect();
    assert!(titles[0].starts_with("<b> & \"q\" \\ ]]>"), "{}", titles[0]);
    let dot = expect(&masque(&["graph", &source]), 0);
    assert!(dot.contains(r#"[label="\""]"#) && dot.contains(r#"[label="\\"]"#), "{dot}");
}

#[test]
fn what_has_no_automaton_or_too_large_a_one_is_not_drawn() {
    let files = Files::new();
    let lens = files.add("lens.masque.yaml", "name: Lens\nversion: 1.0.0\nring: player\nlens: x\n");
    let output = masque(&["graph", &lens]);
    expect(&output, 2);
    assert!(said(&output).contains("every intent is allowed"), "{}", said(&output));

    // Words that share no ending need a state for nearly every letter.
    let word = |number: usize| {
        (0..8).map(|place| char::from(b'a' + ((number * 7919) >> (place * 2)) as u8 % 26)).collect::<String>()
    };
    let rules: String = (0..900)
        .map(|number| format!("    - {{ pattern: \"{}{number}\", match: exact }}\n", word(number)))
        .collect();
    let large = files.add(
        "large.masque.yaml",
        format!("name: Large\nversion: 1.0.0\nring: player\nintent:\n  allowed:\n{rules}lens: x\n"),
    );
    assert!(states_of(&large) > 2000);
    let output = masque(&["graph", &large, "--format", "svg"]);
    expect(&output, 2);
    assert!(said(&output).contains("--format dot"), "{}", said(&output));
    let dot = expect(&masque(&["graph", &large]), 0);
    assert!(dot.matches(" -> ").count() > 2000);
}
