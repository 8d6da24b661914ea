//! Components against damage: one bit of every byte is changed in turn, and each change is caught or shown to be harmless.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use masque_codegen::Program;
use masque_decode::Component;
use masquec::compile::compile;
use masquec::library::Library;
use serde_json::Value;

/// What of a manifest may be another text while the program and the language of the rules stay what they were. Nothing that the program
/// does rests on it; that it is what the source says, only the source shows. (Patterns and parts are proved: they are here where they
/// mean the same.)
const TEXTS: [&str; 16] = [
    "/about",
    "/conditions",
    "/ensures",
    "/identity/display_name",
    "/identity/id",
    "/identity/index",
    "/identity/name",
    "/identity/version",
    "/inherited",
    "/intent/parts",
    "/intent/rules/at",
    "/intent/rules/because",
    "/intent/rules/file",
    "/intent/rules/pattern",
    "/intent/rules/set",
    "/source",
];

/// What sessions may set. It is the host that holds them to it, so that it is in no program, and only the source shows that it is right.
const BY_SOURCE: &str = "/params";

const CONDITIONS: &str = r#"masque Conditions {
  version 2.3.0
  ring player
  param environment: "staging" | "production" = "staging"
  let careful = environment == "production" and session.ring < admin
  intent {
    allow "deploy *", "debug *"
    deny "deploy *" when careful because "production is deployed by an admin"
  }
  knowledge {
    mcp://inventory
    mcp://runbooks when session.intent matches "debug *"
  }
  access {
    vault "operator" for session
  }
  lens "You run {environment}. {if careful} Ask before every change. {end}"
}
"#;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// The bytes are no canonical component any more.
    NotRead,
    /// What was read is written again as other bytes.
    NotWritten,
    /// The rules are not those of the program.
    NotProved,
    /// The program is the same, and so is the language of the rules.
    Harmless,
    /// Something that the program does not know: the source compiles to other bytes.
    BySource,
}

fn persona(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../personas").join(name);
    let text = std::fs::read(&path).expect("the persona is part of the project");
    built(name, text)
}

fn built(name: &str, text: Vec<u8>) -> Vec<u8> {
    let compiled = compile(name.to_owned(), text, &Library::standard());
    assert!(compiled.program.is_some(), "{:?}", compiled.found);
    compiled.program.expect("it was looked at").component()
}

/// Rules that need several automata.
fn divided() -> Vec<u8> {
    let letters = ["ka", "lo", "mi", "nu", "pe", "ra", "so", "ti"];
    let word = |index: usize| {
        format!("{}{}{}", letters[index % 8], letters[index / 8 % 8], letters[(index * 5 + 3) % 8])
    };
    let denied: Vec<String> =
        (0..24).map(|index| format!("\"*{}*{}*\"", word(index), word(index + 29))).collect();
    let text = format!(
        "name: Divided\nindex: 1\nversion: \"1.0.0\"\nring: guest\nintent:\n  match: exact\n  allowed: [\"deploy *\"]\n  denied: [{}]\nlens: x\n",
        denied.join(", ")
    );
    built("divided.masque.yaml", text.into_bytes())
}

fn fate(bytes: &[u8], sound: &Component) -> (Fate, Option<Component>) {
    let Ok(component) = masque_decode::read(bytes) else { return (Fate::NotRead, None) };
    let core = bytes[component.core.clone()].to_vec();
    if (Program { core, manifest: component.manifest.clone() }).component() != bytes {
        return (Fate::NotWritten, None);
    }
    let rests_on =
        |component: &Component| (component.manifest.intent.clone(), component.manifest.conditions.len());
    // The proof looks at nothing else, so that where it is the same, the proof is.
    if rests_on(&component) != rests_on(sound) && masque_proof::verify(&component).is_err() {
        return (Fate::NotProved, None);
    }
    assert_eq!(component.program, sound.program, "the digest of the core module covers it");
    (Fate::Harmless, Some(component))
}

/// Where two manifests differ; positions in lists left out.
fn differences(at: &str, one: &Value, other: &Value, found: &mut BTreeSet<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for key in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                let (one, other) =
                    (one.get(key).unwrap_or(&Value::Null), other.get(key).unwrap_or(&Value::Null));
                differences(&format!("{at}/{key}"), one, other, found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).for_each(|(one, other)| differences(at, one, other, found));
        }
        _ if one != other => _ = found.insert(at.to_owned()),
        _ => {}
    }
}

#[test]
fn each_changed_bit_is_caught_or_harmless() {
    let components = [
        ("homelab", persona("homelab.masque.yaml")),
        ("conditions", built("conditions.masque", CONDITIONS.into())),
        ("divided", divided()),
    ];
    let read = |bytes: &[u8]| masque_decode::read(bytes).expect("our own component");
    assert!(
        read(&components[1].1).program.guards.len() + read(&components[1].1).program.logic.conditions.len()
            > 0
    );
    assert!(read(&components[2].1).program.parts.len() > 1);
    for (name, bytes) in components {
        let sound = read(&bytes);
        masque_proof::verify(&sound).expect("our own component");
        let manifest = serde_json::to_value(&sound.manifest).expect("a manifest is JSON");
        let mut fates: BTreeMap<Fate, usize> = BTreeMap::new();
        let mut changed = bytes.clone();
        for at in 0..bytes.len() {
            changed[at] ^= 1 << (at % 8);
            let (fate, component) = fate(&changed, &sound);
            if component.is_none() {
                *fates.entry(fate).or_default() += 1;
            }
            if let Some(component) = component {
                let mut found = BTreeSet::new();
                let other = serde_json::to_value(&component.manifest).expect("a manifest is JSON");
                differences("", &manifest, &other, &mut found);
                let by_source = found.iter().any(|path| path.starts_with(BY_SOURCE));
                let known = |path: &String| TEXTS.iter().any(|text| path.starts_with(text));
                assert!(
                    by_source || !found.is_empty() && found.iter().all(known),
                    "{name}: byte {at} changes {found:?} unseen"
                );
                *fates.entry(if by_source { Fate::BySource } else { fate }).or_default() += 1;
            }
            changed[at] = bytes[at];
        }
        println!("{name}: {fates:?}");
        for fate in [Fate::NotRead, Fate::NotWritten, Fate::NotProved, Fate::Harmless] {
            assert!(fates.contains_key(&fate), "{name}: no change is {fate:?}");
        }
    }
}
