//! What decides, grants, claims and tests, as statements of the language.

use masque_diagnostics::Spanned;

use super::{Writer, each, ttl, uri};
use crate::ast::{
    Access, Assertion, Claim, Ensure, ExpectedIntent, Expression, Field, Intent, List, Masque, Pointer,
    PromptTest, RulePattern, SessionTest, Setting, Test, Text, Widen,
};
use crate::language::{Rule, is};
use crate::print::{expressions, strings};

/// One item of a masque that is more than data.
pub(super) enum Statement<'a> {
    Intent(&'a Spanned<Intent>),
    Knowledge(&'a Spanned<Vec<Spanned<Pointer>>>),
    Access(&'a Spanned<Vec<Spanned<Access>>>),
    Widen(&'a Spanned<Widen>),
    Ensure(&'a Spanned<Ensure>),
    Test(&'a Spanned<Test>),
}

/// All of a masque, each with its place.
pub(super) fn of(masque: &Masque) -> Vec<(u32, Statement<'_>)> {
    let mut found = Vec::new();
    found.extend(masque.intent.get().map(|intent| (intent.span.start, Statement::Intent(intent))));
    found.extend(masque.knowledge.get().map(|list| (list.span.start, Statement::Knowledge(list))));
    found.extend(each(&masque.widen).map(|widen| (widen.span.start, Statement::Widen(widen))));
    found.extend(masque.access.get().map(|list| (list.span.start, Statement::Access(list))));
    found.extend(each(&masque.ensures).map(|ensure| (ensure.span.start, Statement::Ensure(ensure))));
    found.extend(each(&masque.tests).map(|test| (test.span.start, Statement::Test(test))));
    found
}

/// A pattern or a set, as a rule names it.
pub(super) fn pattern(rule: &RulePattern) -> Option<String> {
    let mode = rule.mode.get().map_or(String::new(), |mode| format!("{} ", mode.value.word()));
    match (&rule.pattern, &rule.set) {
        (Field::Given(pattern), _) => Some(format!("{mode}{}", strings::line(&pattern.value))),
        (_, Field::Given(set)) => Some(set.value.clone()),
        _ => None,
    }
}

fn when(condition: &Field<Expression>) -> String {
    condition.get().map_or(String::new(), |when| format!(" when {}", expressions::text(&when.value)))
}

fn because(reason: &Text) -> String {
    reason.get().map_or(String::new(), |reason| format!(" because {}", strings::string(&reason.value)))
}

/// Something that one statement lists, with what its statement ends in.
struct Listed {
    at: u32,
    word: &'static str,
    text: String,
    tail: String,
}

impl Listed {
    fn rule(word: &'static str, rule: &Spanned<RulePattern>) -> Option<Self> {
        let tail = when(&rule.value.when) + &because(&rule.value.because);
        Some(Self { at: rule.span.start, word, text: pattern(&rule.value)?, tail })
    }

    fn intent(word: &'static str, expected: &Spanned<ExpectedIntent>) -> Option<Self> {
        let intent = expected.value.intent.get()?;
        let tail = match &expected.value.because_set {
            Field::Given(set) => format!(" because {}", set.value),
            Field::Absent | Field::Error(_) => because(&expected.value.because),
        };
        Some(Self { at: expected.span.start, word, text: strings::string(&intent.value), tail })
    }
}

impl Statement<'_> {
    pub(super) fn write(&self, writer: &mut Writer<'_, '_>) {
        match self {
            Self::Intent(intent) => writer.intent(intent),
            Self::Knowledge(pointers) => writer.knowledge(pointers),
            Self::Access(grants) => writer.access(grants),
            Self::Widen(widen) => {
                writer.begin(widen.span.start, false);
                writer.out.push_str(&format!("widen {}", widen.value.word()));
            }
            Self::Ensure(ensure) => writer.ensure(ensure),
            Self::Test(test) => match &test.value {
                Test::Session(session) => writer.session_test(session, test.span.start),
                Test::Prompt(prompt) => writer.prompt_test(prompt, test.span.start),
            },
        }
    }
}

impl Writer<'_, '_> {
    /// Statements for all of these; those that differ in nothing but their text share one, unless a comment stands between them.
    fn listed(&mut self, items: Vec<Listed>) {
        let mut open: Option<Listed> = None;
        for item in items {
            if let Some(last) = &open {
                let alike = last.word == item.word && last.tail == item.tail;
                if alike && !self.comments.is_next_before(item.at) {
                    self.out.push_str(&format!(", {}", item.text));
                    continue;
                }
                self.out.push_str(&last.tail);
            }
            self.begin(item.at, false);
            self.out.push_str(&format!("{} {}", item.word, item.text));
            open = Some(item);
        }
        self.out.push_str(&open.map(|last| last.tail).unwrap_or_default());
    }

    fn intent(&mut self, intent: &Spanned<Intent>) {
        self.begin(intent.span.start, true);
        self.out.push_str("intent {");
        let Intent { allowed, also_allowed, denied, mode, clauses } = &intent.value;
        if let Field::Given(mode) = mode {
            self.begin(mode.span.start, false);
            self.out.push_str(&format!("match {}", mode.value.word()));
        }
        if let Field::Given(clauses) = clauses {
            self.begin(clauses.span.start, false);
            self.out.push_str(&format!("clauses {}", clauses.value.word()));
        }
        if let Field::Given(written) = allowed
            && written.value.is_empty()
        {
            self.lose("an empty list of allowed intents", written.span);
        }
        let lists = [("allow", allowed), ("allow also", also_allowed), ("deny", denied)];
        let rules = lists.into_iter().flat_map(|(word, list)| each(list).map(move |rule| (word, rule)));
        let mut rules: Vec<Listed> = rules.filter_map(|(word, rule)| Listed::rule(word, rule)).collect();
        rules.sort_by_key(|rule| rule.at);
        self.listed(rules);
        self.out.push_str("\n}");
    }

    fn knowledge(&mut self, pointers: &Spanned<Vec<Spanned<Pointer>>>) {
        self.begin(pointers.span.start, true);
        self.out.push_str("knowledge {");
        for pointer in &pointers.value {
            let Field::Given(target) = &pointer.value.uri else { continue };
            self.begin(pointer.span.start, false);
            let when = when(&pointer.value.when);
            self.out.push_str(&format!("{}{when}", uri(&target.value)));
        }
        self.out.push_str("\n}");
    }

    fn access(&mut self, grants: &Spanned<Vec<Spanned<Access>>>) {
        self.begin(grants.span.start, true);
        self.out.push_str("access {");
        for grant in &grants.value {
            let Field::Given(role) = &grant.value.vault_role else { continue };
            self.begin(grant.span.start, false);
            // What is left out counts as the session.
            let life = grant.value.ttl.get().map_or("session".to_owned(), |life| ttl(&life.value));
            let when = when(&grant.value.when);
            self.out.push_str(&format!("vault {} for {life}{when}", strings::line(&role.value)));
        }
        self.out.push_str("\n}");
    }

    fn ensure(&mut self, ensure: &Spanned<Ensure>) {
        let Ensure { claim, pattern: text, set, mode, when: condition } = &ensure.value;
        let rule = RulePattern {
            pattern: text.clone(),
            set: set.clone(),
            mode: mode.clone(),
            ..RulePattern::default()
        };
        let (Field::Given(claim), Some(pattern)) = (claim, pattern(&rule)) else { return };
        let word = match claim.value {
            Claim::Never => "never",
            Claim::Always => "always",
        };
        self.begin(ensure.span.start, false);
        self.out.push_str(&format!("ensure {word} {pattern}{}", when(condition)));
    }

    fn open_test(&mut self, name: &Text, at: u32) {
        self.begin(at, true);
        self.out.push_str("test ");
        if let Field::Given(name) = name {
            self.out.push_str(&format!("{} ", strings::string(&name.value)));
        }
    }

    fn session_test(&mut self, test: &SessionTest, at: u32) {
        self.open_test(&test.name, at);
        if let Field::Given(settings) = &test.given
            && !settings.value.is_empty()
        {
            let settings: Vec<String> = settings.value.iter().map(setting).collect();
            self.out.push_str(&format!("given {} ", settings.join(", ")));
        }
        self.out.push('{');
        let intents = &test.intents;
        for (word, list) in
            [("allow", &intents.allowed), ("deny", &intents.denied), ("unmatched", &intents.unmatched)]
        {
            self.listed(each(list).filter_map(|expected| Listed::intent(word, expected)).collect());
        }
        if let Field::Given(uris) = &test.knowledge {
            self.begin(uris.span.start, false);
            let uris: Vec<String> = uris.value.iter().map(|target| uri(&target.value)).collect();
            self.out.push_str(&format!("knowledge [{}]", uris.join(", ")));
        }
        if let Field::Given(grants) = &test.access {
            self.begin(grants.span.start, false);
            let grants = grants.value.iter().filter_map(|grant| {
                let role = strings::line(&grant.value.vault_role.get()?.value);
                let life = grant.value.ttl.get().map(|life| format!(" for {}", ttl(&life.value)));
                Some(format!("vault {role}{}", life.unwrap_or_default()))
            });
            let grants: Vec<String> = grants.collect();
            self.out.push_str(&format!("access [{}]", grants.join(", ")));
        }
        self.assertions("lens ", &test.lens);
        self.assertions("context ", &test.context);
        self.out.push_str("\n}");
    }

    fn prompt_test(&mut self, test: &PromptTest, at: u32) {
        self.open_test(&test.name, at);
        self.out.push('{');
        if let Field::Given(input) = &test.input {
            self.begin(input.span.start, false);
            self.out.push_str(&format!("input {}", strings::string(&input.value)));
        }
        self.assertions("", &test.assertions);
        self.out.push_str("\n}");
    }

    fn assertions(&mut self, word: &str, assertions: &List<Assertion>) {
        for assertion in each(assertions) {
            self.begin(assertion.span.start, false);
            let (verb, text) = match &assertion.value {
                Assertion::Contains(text) => ("contains", text),
                Assertion::NotContains(text) => ("lacks", text),
            };
            self.out.push_str(&format!("{word}{verb} {}", strings::string(text)));
        }
    }
}

fn setting(setting: &Setting) -> String {
    let value = &setting.value.value;
    let bare = value.is_ascii() && (is(Rule::bare, value) || is(Rule::duration, value));
    let value = if bare { value.clone() } else { strings::line(value) };
    format!("{} = {value}", setting.name.value)
}
