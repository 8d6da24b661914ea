//! Whole files: what conditions do to rules, pointers, templates and tests. The tree is read from YAML; what YAML can't say is put into
//! it. Expressions stand in comments at the end of the text, so that messages can show them.

use super::{Part, Position, check};
use crate::context::Context;
use crate::expression::{render, written};
use crate::logic::Logic;
use crate::sets::Sets;
use crate::{intent, params};
use masque_diagnostics::{Diagnostic, SourceId, Sources, Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Expression, Field};

const MASQUE: &str = "\
name: Courier
version: 1.0.0
ring: guest
intent:
  allowed: ['carry *', 'report *', 'carry *']
  denied: ['carry *']
knowledge: ['mcp://map']
access: {vault_role: keys, ttl: 15m}
lens: Go.
tests: [{allowed: ['carry the parcel']}]
";

/// A tree to be changed, with the text that it was read from.
struct File {
    text: String,
    source: SourceId,
    masque: ast::Masque,
}

impl File {
    fn new() -> Self {
        let source = Sources::new().add("courier.masque.yaml", MASQUE);
        let parsed = masque_syntax::parse(source, "courier.masque.yaml", MASQUE);
        let masque = parsed.masque().expect("the masque is well-formed").clone();
        Self { text: MASQUE.to_owned(), source, masque }
    }

    /// The place of a text that is added to the end of the file.
    fn added(&mut self, text: &str) -> Span {
        self.text.push_str("# ");
        let start = self.text.len();
        self.text.push_str(text);
        let span = Span::new(self.source, start, self.text.len());
        self.text.push('\n');
        span
    }

    fn expression(&mut self, text: &str) -> Spanned<Expression> {
        let span = self.added(text);
        written::parse_from(self.source, &self.text[..span.range().end], span.range().start)
    }

    fn when(&mut self, text: &str) -> Field<Expression> {
        Field::Given(self.expression(text))
    }

    fn word(&mut self, text: &str) -> Spanned<String> {
        let span = self.added(text);
        Spanned::new(text.to_owned(), span)
    }

    fn param(&mut self, name: &str, kind: ast::ParamType, default: Option<&str>) {
        let name = self.word(name);
        let span = name.span;
        let default = default.map_or(Field::Absent, |default| self.when(default));
        let param =
            ast::Param { name: Field::Given(name), kind: Field::Given(Spanned::new(kind, span)), default };
        if self.masque.params.is_absent() {
            self.masque.params = Field::Given(Spanned::new(Vec::new(), span));
        }
        let Field::Given(params) = &mut self.masque.params else { return };
        params.value.push(Spanned::new(param, span));
    }

    fn define(&mut self, name: &str, value: &str) {
        let (name, value) = (self.word(name), self.expression(value));
        let span = name.span;
        self.masque.lets.push(Spanned::new(ast::Let { name, value }, span));
    }

    /// Puts a condition before the rule at `at`, allow rules first.
    fn guard_rule(&mut self, at: usize, when: &str) {
        let when = self.when(when);
        let Field::Given(intent) = &mut self.masque.intent else { return };
        let lists = [&mut intent.value.allowed, &mut intent.value.denied].into_iter();
        let mut rules = lists.flat_map(|list| match list {
            Field::Given(list) => list.value.iter_mut().collect::<Vec<_>>(),
            _ => Vec::new(),
        });
        rules.nth(at).expect("there is such a rule").value.when = when;
    }

    /// Makes the lens one `{if}` of these conditions, each with a text.
    fn lens(&mut self, branches: &[(&str, &str)], otherwise: Option<&str>) {
        let span = self.added("lens");
        let text = |text: &str| ast::Template::plain(Spanned::new(text.to_owned(), span));
        let branches =
            branches.iter().map(|(when, content)| (self.expression(when), text(content))).collect();
        let choice = ast::Piece::If { branches, otherwise: otherwise.map(text) };
        let template = ast::Template { pieces: vec![Spanned::new(choice, span)] };
        self.masque.lens = Field::Given(Spanned::new(template, span));
    }

    fn set_in_test(&mut self, settings: &[(&str, &str)]) {
        let settings: Vec<ast::Setting> = settings
            .iter()
            .map(|(name, value)| ast::Setting { name: self.word(name), value: self.word(value) })
            .collect();
        let span = self.added("given");
        let Field::Given(tests) = &mut self.masque.tests else { return };
        let ast::Test::Session(test) = &mut tests.value[0].value else { return };
        test.given = Field::Given(Spanned::new(settings, span));
    }

    fn check(&self) -> (Part, Logic, Vec<Diagnostic>) {
        let mut sources = Sources::new();
        let id = sources.add("courier.masque.yaml", self.text.as_str());
        let mut cx = Context::new(sources.get(id), &self.masque);
        let mut logic = Logic::default();
        let part = check(&mut cx, &self.masque, &Sets::default(), &mut logic, &Position::Root);
        let mut found = cx.finish().1;
        for unused in params::unused(&logic) {
            found.push(unused);
        }
        (part, logic, found.into_sorted())
    }

    /// The codes that checking reports, each with the text of its primary place.
    fn codes(&self) -> Vec<(&'static str, &str)> {
        let found = self.check().2;
        found.iter().map(|found| (found.code.name(), &self.text[found.primary.span.range()])).collect()
    }
}

fn rules(part: &Part) -> Vec<(&str, Option<usize>)> {
    let intent = part.intent.as_ref().expect("the masque has rules");
    let all = intent.allowed.iter().flatten().chain(&intent.denied);
    all.map(|placed| (placed.rule.pattern.as_str(), placed.rule.when.map(|when| when.0))).collect()
}

#[test]
fn lints_respect_conditions() {
    let mut file = File::new();
    assert_eq!(
        file.codes(),
        [("overruled-allow", "'carry *'"), ("duplicate-rule", "'carry *'"), ("overruled-allow", "'carry *'")]
    );
    file.guard_rule(2, "session.ring == admin");
    file.guard_rule(3, "session.agent == \"x\"");
    assert_eq!(file.codes(), [("duplicate-rule", "'carry *'")], "the second allow adds nothing to the first");
    file.guard_rule(0, "session.ring == guest");
    assert_eq!(file.codes(), [], "each rule has sessions of its own");
    file.guard_rule(3, "session.ring == guest");
    assert_eq!(file.codes(), [("overruled-allow", "'carry *'")], "the deny is there whenever the allow is");
}

#[test]
fn a_named_condition_gives_its_name_and_equal_conditions_are_one() {
    let mut file = File::new();
    file.define("trusted", "session.ring > guest");
    file.guard_rule(0, "trusted");
    file.guard_rule(1, "not   session.ring <= guest");
    file.guard_rule(2, "session.ring == outsider");
    file.guard_rule(3, "session.agent == \"x\"");
    let (part, logic, found) = file.check();
    assert_eq!(found, []);
    let texts: Vec<&str> = logic.conditions.iter().map(|condition| condition.text.as_str()).collect();
    assert_eq!(texts, ["trusted", "session.ring == outsider", "session.agent == \"x\""]);
    assert_eq!(
        rules(&part),
        [("carry *", Some(0)), ("report *", Some(0)), ("carry *", Some(1)), ("carry *", Some(2))]
    );
}

#[test]
fn what_a_constant_guards_is_always_there_or_never() {
    let mut file = File::new();
    file.guard_rule(0, "masque.ring == admin");
    file.guard_rule(1, "masque.ring == guest");
    file.guard_rule(3, "false");
    let (part, logic, _) = file.check();
    assert_eq!(rules(&part), [("report *", None), ("carry *", None)]);
    assert_eq!(logic.conditions, []);
    assert_eq!(
        file.codes(),
        [
            ("unreachable", "masque.ring == admin"),
            ("always-holds", "masque.ring == guest"),
            ("unreachable", "false")
        ]
    );
}

#[test]
fn branches_of_a_template_are_those_that_a_session_can_reach() {
    let mut file = File::new();
    file.guard_rule(0, "false");
    file.guard_rule(2, "false");
    file.lens(
        &[
            ("session.ring == guest", "guest "),
            ("1 > 2", "never "),
            ("not session.ring != guest", "again "),
            ("true", "all "),
            ("session.ring == admin", "behind "),
        ],
        Some("else"),
    );
    let (part, _, _) = file.check();
    let then = ir::Template::constant("guest ");
    let otherwise = ir::Template::constant("all ");
    let piece = ir::Piece::If { condition: ir::ConditionId(0), then, otherwise };
    assert_eq!(part.lens, Some(ir::Template { pieces: vec![piece] }));
    assert_eq!(
        file.codes(),
        [
            ("unreachable", "false"),
            ("unreachable", "false"),
            ("unreachable", "1 > 2"),
            ("unreachable", "not session.ring != guest"),
            ("always-holds", "true"),
            ("unreachable", "session.ring == admin"),
        ]
    );
}

#[test]
fn more_than_eight_conditions_of_rules_are_named_together() {
    let mut file = File::new();
    let Field::Given(intent) = &mut file.masque.intent else { panic!("the masque has rules") };
    let Field::Given(allowed) = &mut intent.value.allowed else { panic!("the masque allows") };
    let rule = allowed.value[1].clone();
    allowed.value = vec![rule; 9];
    for at in 0..9 {
        file.guard_rule(at, &format!("session.agent == \"{at}\""));
    }
    let (part, logic, _) = file.check();
    let intent = part.intent.as_ref().expect("the masque has rules");
    let rules = || intent.allowed.iter().flatten().chain(&intent.denied);
    let found = intent::too_many_guards(rules(), &logic.conditions).expect("nine are too many");
    assert_eq!(found.message, "the rules have 9 distinct conditions, at most 8");
    assert_eq!(found.secondary.len(), 8);
    assert_eq!(intent::too_many_guards(rules().take(8), &logic.conditions), None);
}

#[test]
fn parameters_and_names_are_checked() {
    let one_of = |file: &mut File, values: &[&str]| {
        ast::ParamType::OneOf(values.iter().map(|value| file.word(value)).collect())
    };
    let mut file = File::new();
    file.guard_rule(0, "false");
    file.guard_rule(2, "false");
    let good = one_of(&mut file, &["staging", "production"]);
    file.param("environment", good, Some("\"staging\""));
    file.param("patience", ast::ParamType::Duration, Some("15m"));
    file.param("trust", ast::ParamType::Ring, Some("guest"));
    let (_, logic, _) = file.check();
    let defaults: Vec<_> = logic.params.iter().filter_map(|(param, _)| param.default.as_deref()).collect();
    assert_eq!(defaults, ["staging", "900s", "guest"]);
    let found = file.codes();
    assert_eq!(
        found[2..],
        [("unused-name", "environment"), ("unused-name", "patience"), ("unused-name", "trust")]
    );

    let mut file = File::new();
    file.guard_rule(0, "false");
    file.guard_rule(2, "false");
    let doubled = one_of(&mut file, &["a", "a"]);
    let good = one_of(&mut file, &["staging", "production"]);
    file.param("mode", doubled, None);
    file.param("environment", good, Some("\"stagin\""));
    file.param("limit", ast::ParamType::Int, Some("true"));
    file.param("limit", ast::ParamType::Int, Some("1"));
    file.param("guest", ast::ParamType::String, Some("\"\""));
    file.param("ring", ast::ParamType::Ring, Some("guest"));
    file.param("api", ast::ParamType::Version, Some("masque.version"));
    file.param("agenda", ast::ParamType::String, Some("session.agent"));
    file.define("limit", "3");
    let codes: Vec<_> = file.codes().into_iter().filter(|(code, _)| *code != "unused-name").collect();
    assert_eq!(
        codes[2..],
        [
            ("invalid-param", "a"),
            ("unknown-value", "\"stagin\""),
            ("invalid-default", "true"),
            ("name-taken", "limit"),
            ("name-taken", "guest"),
            ("name-taken", "ring"),
            ("invalid-default", "session.agent"),
            ("name-taken", "limit"),
        ]
    );
}

#[test]
fn tests_set_up_sessions_that_there_are() {
    let mut file = File::new();
    file.guard_rule(0, "limit == 1 and patience < 1h");
    file.guard_rule(2, "false");
    file.guard_rule(3, "false");
    file.param("limit", ast::ParamType::Int, None);
    file.param("patience", ast::ParamType::Duration, Some("1m"));
    assert_eq!(file.codes()[0], ("unset-param", "{allowed: ['carry the parcel']}"));
    file.set_in_test(&[("limit", "07"), ("patience", "1 hour"), ("ring", "admin"), ("agent", "x")]);
    let (part, _, _) = file.check();
    let [ir::Expectation::Session(test)] = part.tests.as_slice() else { panic!("one test") };
    assert_eq!(test.params, [("limit".into(), "7".into()), ("patience".into(), "3600s".into())]);
    assert_eq!((test.ring, test.agent.as_str()), (Some(ir::Ring::Admin), "x"));

    file.set_in_test(&[("limit", "many"), ("limits", "1"), ("ring", "king"), ("agent", "a"), ("agent", "b")]);
    let codes: Vec<_> = file.codes().into_iter().filter(|(code, _)| *code == "invalid-setting").collect();
    assert_eq!(
        codes,
        [
            ("invalid-setting", "many"),
            ("invalid-setting", "limits"),
            ("invalid-setting", "king"),
            ("invalid-setting", "agent"),
        ]
    );
}

#[test]
fn a_child_may_leave_to_its_parent_what_a_masque_has_to_have() {
    let mut file = File::new();
    file.masque.identity.ring = Field::Absent;
    file.masque.lens = Field::Absent;
    file.masque.intent = Field::Absent;
    file.masque.tests = Field::Absent;
    assert_eq!(file.check().2.len(), 3, "a masque without a parent lacks its ring, its intent and its lens");
    let mut sources = Sources::new();
    let id = sources.add("courier.masque.yaml", file.text.as_str());
    let mut cx = Context::new(sources.get(id), &file.masque);
    let attributes = vec![("team".to_owned(), ir::Value::Text("north".to_owned()))];
    let position =
        Position::Child { ring: Some(ir::Ring::Player), attributes, has_intent: true, has_allow: true };
    let part = check(&mut cx, &file.masque, &Sets::default(), &mut Logic::default(), &position);
    assert_eq!(cx.finish().1.into_sorted(), []);
    assert_eq!((part.ring, part.lens), (None, None));
}

#[test]
fn messages() {
    let mut file = File::new();
    let doubled = ast::ParamType::OneOf(vec![file.word("a"), file.word("a")]);
    file.param("mode", doubled, None);
    let single = ast::ParamType::OneOf(vec![file.word("lone")]);
    file.param("kind", single, None);
    file.param("limit", ast::ParamType::Int, Some("1.0.0"));
    file.param("guest", ast::ParamType::String, None);
    file.param("agent", ast::ParamType::String, None);
    file.param("team", ast::ParamType::String, Some("session.agent"));
    file.param("2nd", ast::ParamType::Bool, None);
    file.param("patience", ast::ParamType::Duration, None);
    file.define("hasty", "patience < 5m");
    file.define("hasty", "true");
    file.define("idle", "limit == 1");
    file.guard_rule(0, "masque.ring == admin");
    file.guard_rule(1, "session.ring >= outsider");
    file.guard_rule(2, "limit");
    file.lens(&[("hasty", "a"), ("patience < 300s", "b"), ("true", "c"), ("hasty", "d")], None);
    file.set_in_test(&[("limits", "1"), ("limit", "x"), ("agent", "a"), ("agent", "b")]);
    let mut out = String::new();
    for found in file.check().2 {
        render(&mut out, &found, &file.text);
        out.push('\n');
    }
    insta::assert_snapshot!(out);
}
