//! Names that a source gives and uses: parameters, `let`s, sets.

use std::ops::Range;

use masque_diagnostics::Spanned;
use masque_syntax::ast::{
    Document, Expression, Field, List, Masque, Operator, Piece, RulePattern, Template, Test,
};

/// A name in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, without what stands around it.
    pub text: String,
    /// Where it stands.
    pub range: Range<usize>,
    /// Whether it is given or used.
    pub role: Role,
}

/// What a name does where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A parameter or a `let` is given this name.
    Value,
    /// A parameter or a `let` is used.
    ValueUse,
    /// A set is given this name.
    Set,
    /// A set is used: of this source by its name, of another by its path.
    SetUse,
}

impl Name {
    /// Whether two names are one thing.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_set = |name: &Self| matches!(name.role, Role::Set | Role::SetUse);
        self.text == other.text && is_set(self) == is_set(other)
    }
}

/// The name that stands at `offset`.
pub fn name_at(document: &Document, offset: usize) -> Option<Name> {
    names(document).into_iter().find(|name| name.range.start <= offset && offset <= name.range.end)
}

/// All names of a source, in the order of the text.
pub fn names(document: &Document) -> Vec<Name> {
    let mut found = Finder::default();
    let sets = match document {
        Document::Masque(masque) => {
            found.masque(masque);
            &masque.sets
        }
        Document::Library(library) => &library.sets,
    };
    for set in sets {
        found.add(&set.value.name, Role::Set);
        found.rules(&set.value.members);
    }
    found.0.sort_by_key(|name| name.range.start);
    found.0.dedup();
    found.0
}

#[derive(Default)]
struct Finder(Vec<Name>);

impl Finder {
    fn add(&mut self, name: &Spanned<String>, role: Role) {
        self.0.push(Name { text: name.value.clone(), range: name.span.range(), role });
    }

    fn masque(&mut self, masque: &Masque) {
        for param in masque.params.get().into_iter().flat_map(|params| &params.value) {
            if let Field::Given(name) = &param.value.name {
                self.add(name, Role::Value);
            }
            self.field(&param.value.default);
        }
        for item in &masque.lets {
            self.add(&item.value.name, Role::Value);
            self.expression(&item.value.value);
        }
        if let Field::Given(intent) = &masque.intent {
            let intent = &intent.value;
            for rules in [&intent.allowed, &intent.also_allowed, &intent.denied] {
                self.rules(rules);
            }
        }
        for pointer in masque.knowledge.get().into_iter().flat_map(|list| &list.value) {
            self.field(&pointer.value.when);
        }
        for grant in masque.access.get().into_iter().flat_map(|list| &list.value) {
            self.field(&grant.value.when);
        }
        for template in [&masque.context, &masque.lens].into_iter().filter_map(|field| field.get()) {
            self.template(&template.value);
        }
        for claim in masque.ensures.get().into_iter().flat_map(|list| &list.value) {
            self.set(&claim.value.set);
            self.field(&claim.value.when);
        }
        for test in masque.tests.get().into_iter().flat_map(|list| &list.value) {
            if let Test::Session(test) = &test.value {
                for setting in test.given.get().into_iter().flat_map(|given| &given.value) {
                    self.add(&setting.name, Role::ValueUse);
                }
                let intents = [&test.intents.allowed, &test.intents.denied, &test.intents.unmatched];
                for expected in intents.into_iter().flat_map(|list| list.get()).flat_map(|list| &list.value) {
                    self.set(&expected.value.because_set);
                }
            }
        }
    }

    fn rules(&mut self, rules: &List<RulePattern>) {
        for rule in rules.get().into_iter().flat_map(|rules| &rules.value) {
            self.set(&rule.value.set);
            self.field(&rule.value.when);
        }
    }

    fn set(&mut self, set: &Field<String>) {
        if let Field::Given(set) = set {
            self.add(set, Role::SetUse);
        }
    }

    fn field(&mut self, field: &Field<Expression>) {
        if let Field::Given(expression) = field {
            self.expression(expression);
        }
    }

    fn template(&mut self, template: &Template) {
        for piece in &template.pieces {
            match &piece.value {
                Piece::Value(value) => self.expression(&Spanned::new(value.clone(), piece.span)),
                Piece::If { branches, otherwise } => {
                    for (condition, template) in branches {
                        self.expression(condition);
                        self.template(template);
                    }
                    if let Some(template) = otherwise {
                        self.template(template);
                    }
                }
                Piece::Text(_) | Piece::Error(_) => {}
            }
        }
    }

    fn expression(&mut self, expression: &Spanned<Expression>) {
        match &expression.value {
            Expression::Name(path) => {
                // Names of the session and of the masque are nobody's to give.
                if let [name] = path.as_slice() {
                    self.add(name, Role::ValueUse);
                }
            }
            Expression::Set(path) => self.add(&Spanned::new(path.clone(), expression.span), Role::SetUse),
            Expression::Text(template) => self.template(template),
            Expression::List(items) | Expression::Call { arguments: items, .. } => {
                items.iter().for_each(|item| self.expression(item));
            }
            Expression::Not(inner) => self.expression(inner),
            Expression::Binary { left, operator, right } => {
                self.expression(left);
                // A text behind `matches` is a pattern.
                let is_pattern =
                    operator.value == Operator::Matches && matches!(right.value, Expression::Text(_));
                if !is_pattern {
                    self.expression(right);
                }
            }
            Expression::Bool(_)
            | Expression::Int(_)
            | Expression::Duration(_)
            | Expression::Version(_)
            | Expression::Error(_) => {}
        }
    }
}
