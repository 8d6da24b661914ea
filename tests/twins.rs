//! The same masque in two notations is the same program: what the checker makes of it is equal but for places, the core module byte for byte.

use masque_decode::layout;
use masque_ir as ir;
use masquec::library::Library;

struct Twin {
    checked: ir::Masque,
    component: Vec<u8>,
    core: Vec<u8>,
}

fn compiled(name: &str, text: &str) -> Twin {
    let compiled = masquec::compile::compile(name.to_owned(), text.as_bytes().to_vec(), &Library::standard());
    let found: Vec<_> = compiled.found.iter().map(|found| &found.message).collect();
    assert!(found.is_empty(), "{text}: {found:#?}");
    let (checked, program) = compiled.masque.zip(compiled.program).expect("nothing was found");
    Twin { checked: without_places(checked), component: program.component(), core: program.core }
}

/// What two notations may differ in: the file, where things stand in it, and so the order of rules.
fn without_places(mut masque: ir::Masque) -> ir::Masque {
    masque.source = ir::SourceFile { name: String::new(), text: String::new() };
    let place = ir::Place::default();
    for rule in masque.intent.iter_mut().flat_map(|intent| &mut intent.rules) {
        rule.place = place;
    }
    for ensure in &mut masque.ensures {
        ensure.place = place;
    }
    for test in &mut masque.tests {
        match test {
            ir::Expectation::Session(test) => {
                test.place = place;
                for intent in &mut test.intents {
                    intent.place = place;
                }
            }
            ir::Expectation::Prompt(test) => test.place = place,
        }
    }
    masque
}

/// Every section of a component but the manifest, which names the source.
fn without_manifest(component: &[u8]) -> Vec<&[u8]> {
    let found = layout(component).expect("our own component");
    let custom = found.custom.iter().filter(|section| section.name != masque_abi::sections::MANIFEST);
    let mut parts: Vec<_> = custom.map(|section| section.whole.clone()).chain(found.core.clone()).collect();
    parts.extend(found.shell.clone());
    parts.into_iter().map(|range| &component[range]).collect()
}

const PAIRS: &[(&str, &str, &str)] = &[
    (
        "the least",
        "masque A { version 1.0.0 ring guest lens \"x\" }",
        "name: A\nversion: 1.0.0\nring: guest\nlens: x\n",
    ),
    (
        "identity",
        "masque \"The Poet's Ear\" { id \"mask.poet\" display_name \"Poet\" index 3 version 1.2.3 ring admin lens \"x\" }",
        "name: The Poet's Ear\nid: mask.poet\ndisplay_name: Poet\nindex: 3\nversion: 1.2.3\nring: admin\nlens: x\n",
    ),
    (
        "rules",
        "masque A { version 1.0.0 ring player lens \"x\" intent { clauses each allow \"deploy *\", exact \"look\" deny \"delete *\" because \"gone\" } }",
        "name: A\nversion: 1.0.0\nring: player\nlens: x\nintent:\n  clauses: each\n  allowed: [\"deploy *\", {pattern: look, match: exact}]\n  denied: [{pattern: \"delete *\", because: gone}]\n",
    ),
    (
        "a match mode for all",
        "masque A { version 1.0.0 ring player lens \"x\" intent { match exact allow \"deploy *\", verb \"read *\" } }",
        "name: A\nversion: 1.0.0\nring: player\nlens: x\nintent:\n  match: exact\n  allowed: [\"deploy *\", {pattern: \"read *\", match: verb}]\n",
    ),
    (
        "texts",
        "masque A {\n version 1.0.0 ring player\n context \"one \\\"line\\\"\"\n lens \"\"\"\n    first\n      indented\n\n    {{last}}\n \"\"\"\n}",
        "name: A\nversion: 1.0.0\nring: player\ncontext: one \"line\"\nlens: |\n  first\n    indented\n\n  {last}\n",
    ),
    (
        "pointers and credentials",
        "masque A { version 1.0.0 ring player lens \"x\" intent { allow \"a\" } knowledge { mcp://a/b mcp://c } access { vault \"r\" for 1h } }",
        "name: A\nversion: 1.0.0\nring: player\nlens: x\nintent: {allowed: [a]}\nknowledge: [mcp://a/b, mcp://c]\naccess: {vault_role: r, ttl: PT1H}\n",
    ),
    (
        "describing fields",
        "masque A { version 1.0.0 ring player lens \"x\" attributes { domain: \"ops\", n: 3, on: true, list: [a, 1.5] } skills { skill://a/b: expert skill://c/d } tone [warm] mcp { servers: [{ name: s type: stdio command: \"npx\" args: [\"-y\"] env: { A: \"b\" } }] } spinnerVerbs { mode: append verbs: [\"Going\"] } performance { score: \"+\" } rubric \"good\" safety_tags [a, b] changelog [\"first\", { version: 1.0.0, text: \"second\" }] max_context_tokens 100 default_llm \"m\" }",
        "name: A\nversion: 1.0.0\nring: player\nlens: x\nattributes: {domain: ops, n: 3, on: true, list: [a, 1.5]}\nskills: [{uri: skill://a/b, level: expert}, {uri: skill://c/d}]\ntone: [warm]\nmcp: {servers: [{name: s, type: stdio, command: npx, args: [-y], env: {A: b}}]}\nspinnerVerbs: {mode: append, verbs: [Going]}\nperformance: {score: \"+\"}\nrubric: good\nsafety_tags: [a, b]\nchangelog: [first, {version: 1.0.0, text: second}]\nmax_context_tokens: 100\ndefault_llm: m\n",
    ),
    (
        "a mask definition",
        "masque A { version 1.0.0 ring player prompt { persona: \"You.\" constraints: [\"short\"] format: \"markdown\" examples: [{ input: \"a\" output: \"b\" }] } test \"t\" { input \"a\" contains \"b\" lacks \"c\" } }",
        "name: A\nversion: 1.0.0\nring: player\nprompt: {persona: You., constraints: [short], format: markdown, examples: [{input: a, output: b}]}\ntests: [{name: t, input: a, assertions: [{contains: b}, {notContains: c}]}]\n",
    ),
    (
        "conditions",
        "masque A { version 1.0.0 ring player lens \"x\" param env: \"a\" | \"b\" = \"a\" param n: int = 3 intent { allow \"go *\" when env == \"b\" and n > 2 deny \"go far\" when session.ring < admin } knowledge { mcp://a when session.intent matches \"debug *\" } access { vault \"r\" for session when env in [\"a\"] } }",
        "name: A\nversion: 1.0.0\nring: player\nlens: x\nparams: [{name: env, one_of: [a, b], default: a}, {name: n, type: int, default: 3}]\nintent:\n  allowed: [{pattern: \"go *\", when: 'env == \"b\" and n > 2'}]\n  denied: [{pattern: go far, when: session.ring < admin}]\nknowledge: [{uri: mcp://a, when: 'session.intent matches \"debug *\"'}]\naccess: [{vault_role: r, ttl: session, when: 'env in [\"a\"]'}]\n",
    ),
    (
        "every type of parameter",
        "masque A { version 1.0.0 ring player lens \"x\" param b: bool = true param s: string = \"t\" param d: duration = 15m param r: ring = guest param v: version = 1.2.3 intent { allow \"a\" when b allow \"b\" when s == \"t\" allow \"c\" when d < 1h allow \"d\" when session.ring >= r allow \"e\" when v >= 1.0.0 } }",
        "name: A\nversion: 1.0.0\nring: player\nlens: x\nparams: [{name: b, type: bool, default: true}, {name: s, type: string, default: t}, {name: d, type: duration, default: 15 minutes}, {name: r, type: ring, default: guest}, {name: v, type: version, default: 1.2.3}]\nintent:\n  allowed: [{pattern: a, when: b}, {pattern: b, when: s == \"t\"}, {pattern: c, when: d < 1h}, {pattern: d, when: session.ring >= r}, {pattern: e, when: v >= 1.0.0}]\n",
    ),
    (
        "inheritance, sets and claims",
        "use std/git\nmasque A extends std/operator@1 { version 1.0.0 intent { allow also std/git, \"brew *\" deny std/git/publish because \"ask\" } ensure never \"push *\" ensure never std/git/publish widen ring ring guest }",
        "name: A\nversion: 1.0.0\nextends: std/operator@1\nuse: std/git\nwiden: [ring]\nring: guest\nintent:\n  also_allowed: [{set: std/git}, \"brew *\"]\n  denied: [{set: std/git/publish, because: ask}]\nensure: [{never: \"push *\"}, {never: {set: std/git/publish}}]\n",
    ),
    (
        "tests",
        "masque A { version 1.0.0 ring player lens \"x\" param n: int = 1 intent { allow \"go *\" when n == 2 deny \"go far\" because \"no\" } test \"t\" given n = 2, ring = guest { allow \"go home\" deny \"go far\" because \"no\" unmatched \"sing\" lens contains \"x\" knowledge [] } }",
        "name: A\nversion: 1.0.0\nring: player\nlens: x\nparams: [{name: n, type: int, default: 1}]\nintent:\n  allowed: [{pattern: \"go *\", when: n == 2}]\n  denied: [{pattern: go far, because: \"no\"}]\ntests: [{name: t, given: {n: 2, ring: guest}, allowed: [go home], denied: [{intent: go far, because: \"no\"}], unmatched: [sing], lens: [{contains: x}], knowledge: []}]\n",
    ),
];

#[test]
fn twins_are_one_masque_and_one_program() {
    for (what, language, yaml) in PAIRS {
        let (language, yaml) = (compiled("a.masque", language), compiled("a.masque.yaml", yaml));
        assert_eq!(language.checked, yaml.checked, "{what}");
        assert_eq!(language.core, yaml.core, "{what}");
        assert_eq!(without_manifest(&language.component), without_manifest(&yaml.component), "{what}");
    }
}

/// JSON is a third twin: the same map.
#[test]
fn mask_definitions_in_json_are_the_same_again() {
    let json = r#"{"name": "A", "version": "1.0.0", "ring": "player", "params": [{"name": "n", "type": "int", "default": 1}],
        "intent": {"allowed": [{"pattern": "go *", "when": "n == 2"}]}, "lens": "x"}"#;
    let yaml = "name: A\nversion: 1.0.0\nring: player\nparams: [{name: n, type: int, default: 1}]\nintent: {allowed: [{pattern: \"go *\", when: n == 2}]}\nlens: x\n";
    let (json, yaml) = (compiled("a.mask.json", json), compiled("a.masque.yaml", yaml));
    assert_eq!((json.checked, json.core), (yaml.checked, yaml.core));
}

/// The sources are kept apart, so that the list above can't pair a file with itself.
#[test]
fn both_notations_are_told_apart() {
    for (what, language, yaml) in PAIRS {
        let notation = |name: &str, text: &str| masque_syntax::detect(name, text);
        assert_ne!(notation("a.masque", language), notation("a.masque.yaml", yaml), "{what}");
    }
}
