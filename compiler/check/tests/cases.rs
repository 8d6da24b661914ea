//! Each case is a source, and what checking it reports: the code and the text that the primary label covers. The messages stand in
//! `tests/snapshots`, with their notes, help and fixes.

mod support;

use masque_diagnostics::codes;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use support::{Case, LENS, check_case};

/// Fields that a case is not about.
fn about(rest: &str) -> String {
    format!("name: Case\nversion: 1.0.0\nring: guest\n{LENS}{rest}")
}

/// A mask definition in JSON with one more member.
fn mask(rest: &str) -> String {
    format!(r#"{{"name": "Case", "version": "1.0.0", "ring": "guest", {rest}}}"#)
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case = |title: &'static str, source: String, expected: &[(&'static str, &str)]| {
        let expected = expected.iter().map(|&(code, text)| (code, text.to_owned())).collect();
        cases.push(Case { title, file: "case.masque.yaml", source, expected });
    };
    let long = |bytes: usize| "a".repeat(bytes);

    // Identity.
    case("a whole masque", about(""), &[]);
    case(
        "nothing that is required",
        "index: 1\n".into(),
        &[("missing-field", ""), ("missing-field", ""), ("name-from-file", ""), ("missing-ring", "")],
    );
    case(
        "a name from the file, in flow style",
        "{version: 1.0.0, ring: guest, lens: x}".into(),
        &[("name-from-file", "")],
    );
    case(
        "a blank name",
        "name: ' '\nversion: 1.0.0\nring: guest\nlens: x\n".into(),
        &[("blank-value", "' '")],
    );
    case(
        "a name of two lines",
        "name: \"a\\nb\"\nversion: 1.0.0\nring: guest\nlens: x\n".into(),
        &[("not-one-line", "\\n")],
    );
    case(
        "a name without an id in it",
        "name: Café\nversion: 1.0.0\nring: guest\nlens: x\n".into(),
        &[("no-id-in-name", "Café")],
    );
    case(
        "an id beside such a name",
        "id: cafe\nname: Café\nversion: 1.0.0\nring: guest\nlens: x\n".into(),
        &[],
    );
    case("an id in capitals", about("id: 'Mask.Professor'\n"), &[("invalid-id", "'Mask.Professor'")]);
    case("an id beyond repair", about("id: маска\n"), &[("invalid-id", "маска")]);
    case(
        "a reserved parent",
        about("extends: base/professor@1.0.0\n"),
        &[("unknown-reference", "base/professor@1.0.0")],
    );

    // Versions.
    let version = |text: &str| format!("name: Case\nversion: {text}\nring: guest\nlens: x\n");
    case("a version as a number", version("2.10"), &[("version-shorthand", "2.10")]);
    case("a version as a whole number", version("2"), &[("version-shorthand", "2")]);
    case("a short version in quotes", version("\"2.3\""), &[("version-shorthand", "\"2.3\"")]);
    case("a short version in single quotes", version("'2.3'"), &[("version-shorthand", "'2.3'")]);
    case("a version with a v", version("v2.3.0"), &[("version-shorthand", "v2.3.0")]);
    case("a version that is none", version("latest"), &[("invalid-version", "latest")]);
    case("a version of four numbers", version("1.2.3.4"), &[("invalid-version", "1.2.3.4")]);
    case("a date for a version", version("2026.01.15"), &[("invalid-version", "2026.01.15")]);
    case("a blank version", version("''"), &[("blank-value", "''")]);
    case("a version of several words", version("1.0.0-rc.1+build.7"), &[]);

    // One cause, one error.
    case("a version that the front end refuses", version("[1]"), &[("wrong-shape", "[1]")]);
    case("a version without a value", version(""), &[("no-value", "version")]);
    case(
        "a ring that is none",
        "name: Case\nversion: 1.0.0\nring: owner\nlens: x\n".into(),
        &[("unknown-word", "owner")],
    );
    case("an index of zero", about("index: 0\n"), &[("not-a-count", "0")]);
    case(
        "a lens that is a list",
        "name: Case\nversion: 1.0.0\nring: guest\nlens: [x]\n".into(),
        &[("wrong-shape", "[x]")],
    );
    case(
        "a prompt that is text",
        "name: Case\nversion: 1.0.0\nring: guest\nprompt: x\n".into(),
        &[("wrong-shape", "x")],
    );
    case(
        "access beside a broken intent",
        about("intent: x\naccess: {vault_role: a, ttl: session}\n"),
        &[("wrong-shape", "x")],
    );
    case("a rule list of bad items only", about("intent:\n  allowed: [[a]]\n"), &[("wrong-shape", "[a]")]);
    case(
        "a skill without its URI",
        about("skills:\n- level: novice\n"),
        &[("missing-field", "level: novice")],
    );

    // Lens and prompt.
    case(
        "a blank lens",
        "name: Case\nversion: 1.0.0\nring: guest\nlens: ' '\n".into(),
        &[("blank-value", "' '")],
    );
    case("a lens at the limit", about("").replace(LENS, &format!("lens: {}\n", long(65_536))), &[]);
    case(
        "a lens past the limit",
        about("").replace(LENS, &format!("lens: {}\n", long(65_537))),
        &[("over-limit", &long(65_537))],
    );
    case(
        "a context past the limit",
        about(&format!("context: {}\n", long(65_537))),
        &[("over-limit", &long(65_537))],
    );
    case("a lens and a persona", about("prompt: {persona: You are x.}\n"), &[("two-lenses", "You are x.")]);
    case("a lens with constraints", about("prompt: {constraints: [Be brief]}\n"), &[]);
    case("a blank constraint", about("prompt: {constraints: ['']}\n"), &[("blank-value", "''")]);
    case("half an example", about("prompt:\n  examples:\n  - input: x\n"), &[("missing-field", "input: x")]);
    case(
        "a lens that grows past the limit by its constraints",
        about("prompt:\n  constraints: [x]\n").replace(LENS, &format!("lens: {}\n", long(65_530))),
        &[("over-limit", &long(65_530))],
    );

    // Intent.
    case("an intent without rules", about("intent: {}\n"), &[("no-rules", "{}")]);
    case(
        "an intent with empty lists",
        about("intent: {allowed: [ ], denied: []}\n"),
        &[("no-rules", "{allowed: [ ], denied: []}")],
    );
    case(
        "an intent that only denies",
        about("intent:\n  denied: ['delete *']\n"),
        &[("only-denies", "denied: ['delete *']")],
    );
    case("a pattern that says nothing", about("intent: {allowed: ['']}\n"), &[("empty-pattern", "''")]);
    case(
        "a pattern of white space",
        about("intent: {allowed: [\" \\t \"]}\n"),
        &[("empty-pattern", "\" \\t \"")],
    );
    case("an unclosed class", about("intent: {allowed: ['deploy [a']}\n"), &[("invalid-pattern", "[a")]);
    case(
        "an unclosed class after an escape",
        about("intent: {allowed: [\"\\u0064eploy [a\"]}\n"),
        &[("invalid-pattern", "[a")],
    );
    case(
        "a zero-width space",
        about("intent: {denied: [\"de\u{200B}lete *\"], allowed: ['*']}\n"),
        &[("hidden-character", "\u{200B}")],
    );
    case(
        "a bell by its escape",
        about("intent: {allowed: [\"ring \\a\"]}\n"),
        &[("hidden-character", "\\a")],
    );
    case(
        "a pattern past the limit",
        about(&format!("intent: {{allowed: [{}]}}\n", long(4097))),
        &[("over-limit", &long(4097))],
    );
    case(
        "a rule without a pattern",
        about("intent: {allowed: [{because: x}]}\n"),
        &[("missing-field", "{because: x}")],
    );
    case(
        "a server without a name",
        about("mcp: {servers: [{type: stdio, command: x}]}\n"),
        &[("missing-field", "{type: stdio, command: x}")],
    );
    case(
        "an inflected verb",
        about("intent: {allowed: ['Deploying *']}\n"),
        &[("inflected-verb", "Deploying")],
    );
    case(
        "inflected verbs in braces",
        about("intent: {allowed: ['{deploy, tested} *']}\n"),
        &[("inflected-verb", "tested")],
    );
    case("an inflected verb, exactly", about("intent: {match: exact, allowed: ['deploying *']}\n"), &[]);
    case(
        "an inflected verb, exactly by its rule",
        about("intent:\n  allowed:\n  - {pattern: deploying *, match: exact}\n"),
        &[],
    );
    case(
        "a pattern twice",
        about("intent: {allowed: ['deploy *', 'Deploy  *']}\n"),
        &[("duplicate-rule", "'Deploy  *'")],
    );
    case(
        "a pattern twice in two modes",
        about("intent:\n  allowed: ['deploy *', {pattern: deploy *, match: exact}]\n"),
        &[],
    );
    case(
        "a pattern allowed and denied",
        about("intent: {allowed: ['deploy *'], denied: ['deploy *']}\n"),
        &[("overruled-allow", "'deploy *'")],
    );
    case(
        "an exact pattern under a verb that is denied",
        about("intent:\n  allowed: [{pattern: deploy *, match: exact}]\n  denied: ['deploy *']\n"),
        &[("overruled-allow", "deploy *")],
    );
    case(
        "a verb of which one form is denied",
        about("intent:\n  allowed: ['deploy *']\n  denied: [{pattern: deploy *, match: exact}]\n"),
        &[],
    );

    // Access and knowledge.
    let access =
        |rest: &str| about(&format!("intent: {{allowed: ['deploy *']}}\naccess:\n  vault_role: a\n{rest}"));
    let ttl = |text: &str| access(&format!("  ttl: {text}\n"));
    case(
        "access without intent",
        about("access: {vault_role: a, ttl: session}\n"),
        &[("access-without-intent", "{vault_role: a, ttl: session}")],
    );
    case(
        "access without a role",
        access("").replace("vault_role: a", "ttl: PT1H"),
        &[("missing-field", "ttl: PT1H")],
    );
    case("access without a ttl", access(""), &[("missing-ttl", "vault_role: a")]);
    case("a ttl of 15 minutes", ttl("PT15M"), &[]);
    case("a ttl in short", ttl("1h30m"), &[]);
    case("a ttl in plain words", ttl("15 minutes"), &[]);
    case("a ttl in prose", ttl("'an hour, 5m'"), &[("invalid-ttl", "'an hour, 5m'")]);
    case("a ttl with the small unit first", ttl("'30m1h'"), &[("invalid-ttl", "'30m1h'")]);
    case("a ttl in capitals", ttl("Session"), &[("invalid-ttl", "Session")]);
    case("a ttl in small letters", ttl("pt15m"), &[("invalid-ttl", "pt15m")]);
    case("a ttl that is none", ttl("forever"), &[("invalid-ttl", "forever")]);
    case("a ttl of months that may be minutes", ttl("P15M"), &[("inexact-ttl", "P15M")]);
    case("a ttl of a year", ttl("P1Y"), &[("inexact-ttl", "P1Y")]);
    case("a ttl with a fraction", ttl("PT0.5H"), &[("inexact-ttl", "PT0.5H")]);
    case("a ttl of zero", ttl("PT0S"), &[("ttl-out-of-range", "PT0S")]);
    case("a ttl of years in days", ttl("P1000D"), &[("ttl-out-of-range", "P1000D")]);
    case(
        "a pointer of another scheme",
        about("knowledge: ['https://a/b']\n"),
        &[("invalid-knowledge-uri", "https")],
    );
    case(
        "a pointer without a scheme",
        about("knowledge: [homelab/inventory]\n"),
        &[("invalid-knowledge-uri", "homelab/inventory")],
    );
    case(
        "a pointer with a space",
        about("knowledge: [\"mcp://home lab\"]\n"),
        &[("invalid-knowledge-uri", " ")],
    );
    case("a pointer to nowhere", about("knowledge: ['mcp://']\n"), &[("invalid-knowledge-uri", "'mcp://'")]);
    case(
        "a pointer twice",
        about("knowledge: [mcp://a, mcp://b, mcp://a]\n"),
        &[("duplicate-knowledge", "mcp://a")],
    );

    // What describes.
    case(
        "a skill of another scheme",
        about("skills: [{uri: programming/rust}]\n"),
        &[("invalid-skill-uri", "programming/rust")],
    );
    case(
        "a skill twice",
        about("skills: [{uri: 'skill://a/b'}, {uri: 'skill://a/b', level: expert}]\n"),
        &[("duplicate-skill", "'skill://a/b'")],
    );
    case(
        "a score without its date",
        about("performance: {history: [{score: '+'}]}\n"),
        &[("missing-field", "{score: '+'}")],
    );
    case(
        "a score of a day that is not",
        about("performance: {history: [{date: 2026-02-29, score: '+'}]}\n"),
        &[("invalid-date", "2026-02-29")],
    );
    case(
        "a score of a day and time",
        about("performance: {score: '*', history: [{date: '2026-01-15T10:30:00Z', score: e, notes: ''}]}\n"),
        &[],
    );
    case("a tag of two lines", about("safety_tags: [\"a\\nb\"]\n"), &[("not-one-line", "\\n")]);
    case(
        "no verb to spin",
        about("spinnerVerbs: {mode: append, verbs: []}\n"),
        &[("no-spinner-verbs", "[]")],
    );
    case(
        "spinner verbs without verbs",
        about("spinnerVerbs: {mode: append}\n"),
        &[("missing-field", "{mode: append}")],
    );
    case("too many tags", about(&format!("safety_tags: [{}]\n", "a,".repeat(1001))), &[("over-limit", "a")]);
    case(
        "attributes nested too deeply",
        about(&format!("attributes: {{a: {}x{}}}\n", "[".repeat(16), "]".repeat(16))),
        &[("over-limit", "x")],
    );
    case(
        "too many attributes",
        about(&format!("attributes: {{a: [{}]}}\n", "1,".repeat(1000))),
        &[("over-limit", "1")],
    );

    // Servers.
    let server = |rest: &str| about(&format!("mcp:\n  servers:\n  - {{name: s, {rest}}}\n"));
    case(
        "a server of each type",
        about(
            "mcp:\n  servers:\n  - {name: a, type: stdio, command: npx, args: [-y], env: {A: b}}\n  - {name: b, type: http, url: 'https://a'}\n  - {name: c, type: sse, url: 'http://a'}\n",
        ),
        &[],
    );
    case(
        "two servers of one name",
        about(
            "mcp:\n  servers:\n  - {name: a, type: stdio, command: x}\n  - {name: 'a', type: stdio, command: y}\n",
        ),
        &[("duplicate-server", "'a'")],
    );
    case(
        "a child process with an address",
        server("type: stdio, command: x, url: 'https://a'"),
        &[("transport-mismatch", "'https://a'")],
    );
    case(
        "a network server with a program",
        server("type: http, url: 'https://a', command: x, args: [y]"),
        &[("transport-mismatch", "x"), ("transport-mismatch", "[y]")],
    );
    case(
        "a child process without a program",
        server("type: stdio"),
        &[("missing-field", "{name: s, type: stdio}")],
    );
    case(
        "a network server without an address",
        server("type: sse"),
        &[("missing-field", "{name: s, type: sse}")],
    );
    case(
        "a server of no type with a program",
        server("command: x"),
        &[("transport-inferred", "{name: s, command: x}")],
    );
    case(
        "a server of no type with an address",
        server("url: 'https://a'"),
        &[("transport-inferred", "{name: s, url: 'https://a'}")],
    );
    case(
        "a server of no type with both",
        server("command: x, url: 'https://a'"),
        &[("transport-mismatch", "'https://a'")],
    );
    case("a server of no type with neither", server("args: []"), &[("missing-field", "{name: s, args: []}")]);
    case(
        "an address of another scheme",
        server("type: http, url: 'ws://a'"),
        &[("invalid-server-url", "ws")],
    );
    case(
        "an argument with a NUL",
        server("type: stdio, command: x, args: [\"a\\0\"]"),
        &[("not-one-line", "\\0")],
    );

    // Tests.
    case(
        "a test of nothing",
        about("tests:\n- {name: t, allowed: []}\n"),
        &[("empty-test", "{name: t, allowed: []}")],
    );
    case("a prompt test of nothing", about("tests:\n- {input: x}\n"), &[("empty-test", "{input: x}")]);
    case(
        "an assertion that always holds",
        about("tests:\n- {input: x, assertions: [{contains: ''}]}\n"),
        &[("blank-value", "{contains: ''}")],
    );
    case(
        "a prompt test without a prompt",
        about("tests:\n- {assertions: [{contains: a}]}\n"),
        &[("missing-field", "{assertions: [{contains: a}]}")],
    );

    // The other notation.
    let mut json = |title: &'static str, rest: &str, expected: &[(&'static str, &str)]| {
        let expected = expected.iter().map(|&(code, text)| (code, text.to_owned())).collect();
        cases.push(Case { title, file: "case.mask.json", source: mask(rest), expected });
    };
    json("a whole mask", r#""prompt": {"persona": "You are x."}"#, &[]);
    json(
        "a mask with neither lens nor persona",
        r#""prompt": {"format": "markdown"}"#,
        &[("missing-field", "")],
    );
    json(
        "an escape in JSON",
        r#""lens": "x", "intent": {"allowed": ["\u0064eploy [a"]}"#,
        &[("invalid-pattern", "[a")],
    );
    cases.push(Case {
        title: "a mask with a version as a number",
        file: "case.mask.json",
        source: r#"{"version": 2.3, "lens": "x"}"#.to_owned(),
        expected: vec![
            ("name-from-file", String::new()),
            ("missing-ring", String::new()),
            ("version-shorthand", "2.3".to_owned()),
        ],
    });
    cases
}

#[test]
fn every_case_reports_what_it_expects() {
    let mut failures = String::new();
    for case in cases() {
        let found = check_case(&case);
        let shown: Vec<(&str, String)> =
            found.iter().map(|(found, text)| (found.code.name(), text.clone())).collect();
        if shown != case.expected {
            let _ =
                writeln!(failures, "{}\n  expected {:?}\n  found    {shown:?}", case.title, case.expected);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_code_of_this_crate_has_a_case() {
    // Shown by `together.rs`, since one file can't.
    const TOGETHER: [&str; 2] = ["duplicate-index", "duplicate-masque"];
    let shown: BTreeSet<&str> =
        cases().iter().flat_map(|case| &case.expected).map(|&(code, _)| code).collect();
    let ours = codes::catalogue().filter(|code| (200..500).contains(&code.number()));
    let missing: Vec<&str> = ours
        .map(codes::Code::name)
        .filter(|name| !shown.contains(name) && !TOGETHER.contains(name))
        .collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

/// The messages of this crate; those of the front end are its own business.
#[test]
fn messages() {
    let mut out = String::new();
    for case in cases().iter().filter(|case| case.source.len() < 500) {
        let found = support::parse_and_check(case.file, &case.source).checking.into_sorted();
        if !found.is_empty() {
            let _ = writeln!(out, "## {}", case.title);
        }
        for found in &found {
            support::render(&mut out, found, &case.source);
        }
        out.push_str(if found.is_empty() { "" } else { "\n" });
    }
    insta::assert_snapshot!(out);
}

/// A fix that may be applied by itself leaves a source that reads and checks, without the finding that it belongs to.
#[test]
fn safe_fixes_remove_their_cause() {
    let mut applied = 0;
    for case in cases() {
        for (found, _) in check_case(&case) {
            for fix in
                found.fixes.iter().filter(|fix| fix.applicability == masque_diagnostics::Applicability::Safe)
            {
                let source = support::apply(&case.source, fix);
                let after = check_case(&Case { source: source.clone(), ..case.clone() });
                assert!(
                    after.iter().all(|(after, _)| after.code != found.code),
                    "{}: `{}` leaves {after:?} in\n{source}",
                    case.title,
                    fix.title,
                );
                applied += 1;
            }
        }
    }
    assert!(applied >= 10, "only {applied} fixes were applied");
}

/// A file is checked while it is typed: whatever stands in it so far, there is an answer, and it has a masque or an error.
#[test]
fn every_beginning_of_a_case_gets_an_answer() {
    for case in cases().iter().filter(|case| case.source.len() < 500) {
        for (end, _) in case.source.char_indices() {
            let source = case.source[..end].to_owned();
            check_case(&Case { source, ..case.clone() });
        }
    }
}
