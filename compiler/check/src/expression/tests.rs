//! What expressions come to, what is said about wrong ones, and that folding changes no meaning.

mod meaning;
mod written;

use super::{Facts, Scope, Truth, Value, evaluate};
use crate::context::Context;
use crate::logic::Logic;
use crate::sets::Sets;
use masque_diagnostics::{Diagnostic, Sources, Span};
use masque_ir as ir;
use std::fmt::Write as _;

/// Parameters that every expression here may name.
fn params() -> Vec<ir::Param> {
    let param = |name: &str, kind| ir::Param { name: name.to_owned(), kind, default: None };
    let one_of = ir::ParamType::OneOf(vec!["staging".into(), "production".into()]);
    vec![
        param("environment", one_of),
        param("limit", ir::ParamType::Int),
        param("team", ir::ParamType::String),
        param("patience", ir::ParamType::Duration),
        param("trust", ir::ParamType::Ring),
        param("api", ir::ParamType::Version),
        param("careful", ir::ParamType::Bool),
    ]
}

fn facts() -> Facts {
    let list = vec![ir::Value::Text("north".into()), ir::Value::Text("south".into())];
    Facts {
        name: Some("Courier".into()),
        id: Some("courier".into()),
        version: Some(ir::Version::new(2, 3, 0)),
        ring: Some(ir::Ring::Guest),
        attributes: vec![
            ("teams".into(), ir::Value::List(list)),
            ("limits".into(), ir::Value::Map(vec![("most".into(), ir::Value::Number("7".into()))])),
        ],
    }
}

/// The value of an expression, with what was found on the way.
fn valued(text: &str) -> (Option<Value>, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let masque = masque_syntax::parse(sources.add("a.yaml", "lens: x\n"), "a.yaml", "lens: x\n");
    let id = sources.add("expression", text);
    let written = written::parse(id, text);
    let mut cx = Context::new(sources.get(id), masque.masque().expect("a lens makes a masque"));
    let at = Span::at(id, 0);
    let mut logic =
        Logic { params: params().into_iter().map(|param| (param, at)).collect(), ..Logic::default() };
    let sets = Sets::default();
    let value = evaluate(&mut cx, &mut Scope::new(&sets, &mut logic, facts()), &written);
    (value, cx.finish().1.into_sorted())
}

/// A test in the language's notation, with every bracket.
fn shown(test: &ir::Test) -> String {
    let joined = |tests: &[ir::Test], word: &str| {
        format!("({})", tests.iter().map(shown).collect::<Vec<_>>().join(&format!(" {word} ")))
    };
    match test {
        ir::Test::Not(inner) => format!("not {}", shown(inner)),
        ir::Test::All(tests) => joined(tests, "and"),
        ir::Test::Any(tests) => joined(tests, "or"),
        ir::Test::Ring(rings) => {
            let names = ir::Ring::ALL.into_iter().filter(|ring| rings.contains(*ring)).map(ir::Ring::name);
            format!("ring{:?}", names.collect::<Vec<_>>()).replace('"', "")
        }
        ir::Test::Equal(left, right) => format!("{} = {}", source(left), source(right)),
        ir::Test::Less(left, right) => format!("{} < {}", source(left), source(right)),
        ir::Test::Matches { text, patterns } => {
            let patterns: Vec<&str> = patterns.iter().map(|(_, pattern)| pattern.as_str()).collect();
            format!("{} ~ {}", source(text), patterns.join("|"))
        }
    }
}

fn source(text: &ir::Text) -> String {
    let source = match &text.source {
        ir::TextSource::Constant(text) => format!("{text:?}"),
        ir::TextSource::SessionIntent => "intent".to_owned(),
        ir::TextSource::SessionAgent => "agent".to_owned(),
        ir::TextSource::SessionRing => "ring".to_owned(),
        ir::TextSource::Param(id) => params()[id.0].name.clone(),
    };
    match text.form {
        ir::TextForm::AsIs => source,
        form => format!("{form:?}({source})").to_lowercase(),
    }
}

#[test]
fn what_the_session_decides_becomes_a_test_in_one_form() {
    let cases = [
        // Rings are sets.
        ("session.ring < player", "ring[outsider, guest]"),
        ("not session.ring < player", "ring[player, admin]"),
        ("session.ring == guest or session.ring == admin", "ring[guest, admin]"),
        ("session.ring >= guest and session.ring != player", "ring[guest, admin]"),
        ("text(session.ring) == \"guest\"", "ring[guest]"),
        ("session.ring > masque.ring", "ring[player, admin]"),
        ("trust == guest", "trust = \"guest\""),
        ("trust < player", "(trust = \"guest\" or trust = \"outsider\")"),
        (
            "session.ring > trust",
            "((trust = \"guest\" and ring[player, admin]) or (trust = \"outsider\" and ring[guest, player, admin]) \
             or (trust = \"player\" and ring[admin]))",
        ),
        // Texts.
        ("environment == \"staging\"", "environment = \"staging\""),
        ("\"staging\" != environment", "not environment = \"staging\""),
        ("team in [\"a\", session.agent]", "(team = \"a\" or team = agent)"),
        ("lower(trim(\" A \")) == lower(upper(team))", "lower(team) = \"a\""),
        ("session.intent matches \"debug *\"", "intent ~ debug *"),
        ("careful", "careful = \"true\""),
        ("careful == false", "not careful = \"true\""),
        (
            "careful != (limit == 1)",
            "((careful = \"true\" and not limit = \"1\") or (limit = \"1\" and not careful = \"true\"))",
        ),
        // Numbers, durations and versions.
        ("limit > attributes.limits.most", "\"7\" < limit"),
        ("limit <= 7", "(limit = \"7\" or limit < \"7\")"),
        ("patience < 1h30m", "patience < \"5400s\""),
        ("patience == 1d", "patience = \"86400s\""),
        ("api >= 2.0.0", "(api = \"2.0.0\" or \"2.0.0\" < api)"),
        ("masque.version < api", "\"2.3.0\" < api"),
        ("limit == length(attributes.teams)", "limit = \"2\""),
        ("team == join(attributes.teams, \"-\")", "team = \"north-south\""),
        // One form for what means the same.
        ("careful and (limit == 1 and careful)", "(careful = \"true\" and limit = \"1\")"),
        ("not (careful or limit == 1)", "(not careful = \"true\" and not limit = \"1\")"),
        ("not not careful", "careful = \"true\""),
        ("careful and 1 < 2", "careful = \"true\""),
        ("careful or masque.name == \"x\"", "careful = \"true\""),
    ];
    for (text, expected) in cases {
        match valued(text) {
            (Some(Value::Bool(Truth::Test(test))), found) if found.is_empty() => {
                assert_eq!(shown(&test), expected, "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn what_no_session_changes_is_worked_out() {
    let cases = [
        ("guest < admin", true),
        ("10 < 9", false),
        ("90m == 1h30m", true),
        ("1.10.0 > 1.9.0", true),
        ("masque.version == 2.3.0", true),
        ("\"north\" in attributes.teams", true),
        ("\"debugging the pump\" matches \"debug *\"", true),
        ("session.ring >= outsider", true),
        ("session.ring == guest and session.ring == admin", false),
        ("environment in [\"production\", \"staging\"]", true),
        ("environment == \"staging\" and environment == \"production\"", false),
        ("careful or not careful", true),
        ("limit < limit", false),
        ("trust <= trust", true),
        ("trust >= outsider", true),
        ("text(7) == \"7\" and text(true) == \"true\"", true),
    ];
    for (text, expected) in cases {
        assert_eq!(valued(text), (Some(Value::Bool(Truth::Known(expected))), Vec::new()), "{text}");
    }
}

#[test]
fn messages() {
    let cases = [
        "enviroment == \"staging\"",
        "environment == \"prodution\"",
        "environment == 3",
        "environment < \"staging\"",
        "session.ring == \"admin\"",
        "ring == admin",
        "session.rings == admin",
        "patience < 15",
        "api >= 2",
        "api >= v2",
        "api == 2.0.0-rc.1",
        "limit == 9007199254740992",
        "limit in 3",
        "limit matches \"a\"",
        "team matches \"[\"",
        "team matches session.agent",
        "team and careful",
        "\"{team}-{session.agent}\" == \"a-b\"",
        "lower(\"{team}!\") == \"a\"",
        "trim(lower(team)) == \"a\"",
        "lenght(attributes.teams) == 2",
        "lower(3) == \"3\"",
        "join(attributes.teams) == \"\"",
        "lower == \"a\"",
        "\"{careful}\" == \"true\"",
        "\"{attributes.teams}\" == \"\"",
        "attributes.limit.most == 7",
        "attributes.limits == 7",
        "std/git == team",
        "unknown and careful == 3",
    ];
    let mut out = String::new();
    for text in cases {
        let (value, found) = valued(text);
        assert!(value.is_none() && !found.is_empty(), "{text}: {value:?}");
        let _ = writeln!(out, "## {text}");
        for found in found {
            render(&mut out, &found, text);
        }
        out.push('\n');
    }
    insta::assert_snapshot!(out);
}

fn render(out: &mut String, found: &Diagnostic, text: &str) {
    let _ = writeln!(out, "{} {}", found.code.name(), found.message);
    for (mark, label) in
        std::iter::once(("^", &found.primary)).chain(found.secondary.iter().map(|label| ("-", label)))
    {
        let _ = writeln!(out, "  {mark} {:?} {}", &text[label.span.range()], label.message);
    }
    for (kind, line) in found
        .notes
        .iter()
        .map(|note| ("note", note))
        .chain(found.help.iter().map(|help| ("help", help)))
        .chain(found.fixes.iter().map(|fix| ("fix", &fix.title)))
    {
        let _ = writeln!(out, "  {kind}: {line}");
    }
}
