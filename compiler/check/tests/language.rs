//! The masque language, from text to checked form: what the documentation shows has to hold, and mistakes are placed where they stand.

mod support;

use masque_ir as ir;
use support::{parse_and_check, render};

/// The masques of the language's documentation that need no other file.
fn documented() -> Vec<String> {
    let text = include_str!("../../../docs/language.md");
    let blocks = text.split("```masque\n").skip(1).filter_map(|rest| rest.split("```").next());
    let alone = |text: &&str| !text.contains("extends") && !text.starts_with("use ");
    blocks.filter(alone).map(str::to_owned).collect()
}

#[test]
fn the_documentation_is_free_of_findings() {
    let documented = documented();
    assert!(documented.len() >= 4, "the documentation shows {} masques", documented.len());
    for text in documented {
        let analysed = parse_and_check("a.masque", &text);
        let mut out = String::new();
        for found in analysed.found() {
            render(&mut out, &found, &text);
        }
        assert!(analysed.masque.is_some() && out.is_empty(), "{text}\n{out}");
    }
}

#[test]
fn conditions_of_the_tour_guard_what_they_stand_at() {
    let documented = documented();
    let text = documented.iter().find(|text| text.contains("let careful")).expect("the tour has a condition");
    let masque = parse_and_check("a.masque", text).masque.expect("the tour is well-formed");
    let named = |when: Option<ir::ConditionId>| when.map(|when| masque.conditions[when.0].text.as_str());
    let rules: Vec<_> = masque.intent.iter().flat_map(|intent| &intent.rules).collect();
    let rules: Vec<_> = rules.iter().map(|rule| (rule.pattern.as_str(), named(rule.when))).collect();
    assert_eq!(rules, [("deploy *", None), ("debug *", None), ("deploy *", Some("careful"))]);
    let knowledge: Vec<_> = masque.knowledge.iter().map(|pointer| named(pointer.when)).collect();
    assert_eq!(knowledge, [None, Some("session.intent matches \"debug *\"")]);
    let access: Vec<_> = masque.access.iter().map(|grant| (grant.value.ttl, named(grant.when))).collect();
    assert_eq!(access, [(ir::Ttl::Session, None), (ir::Ttl::Seconds(900), Some("session.ring >= admin"))]);
    let [_, ir::Piece::Text(_), _, ir::Piece::If { condition, .. }] = masque.lens.pieces.as_slice() else {
        panic!("the lens shows {:?}", masque.lens);
    };
    assert_eq!(named(Some(*condition)), Some("careful"));
}

#[test]
fn mistakes_are_placed_in_the_text() {
    let text = "\
masque Courier {
  version 1.0.0
  ring guest
  param environment: \"staging\" | \"production\" = \"staging\"
  intent { allow \"carry *\" when enviroment == \"staging\" }
  lens \"\"\"
    Carry {upper(environmnt)} in {environment == 3}.
    {if session.ring == \"admin\"}
    Go.
    {end}
  \"\"\"
}
";
    let mut out = String::new();
    for found in parse_and_check("courier.masque", text).found() {
        render(&mut out, &found, text);
        out.push('\n');
    }
    insta::assert_snapshot!(out);
}
