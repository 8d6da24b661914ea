//! Conditions and templates of a checked masque as the language writes them.

use masque_ir as ir;
use masque_syntax::ast::{self, Expression, Field, Operator, Piece};

use super::maker::Maker;

/// One masque's conditions, and what they need of the file that they are written in.
pub(super) struct Logic<'m> {
    masque: &'m ir::Masque,
    /// The sets that `matches` names, by their patterns.
    pub(super) sets: Vec<Vec<(ir::MatchMode, String)>>,
    /// Positions of the parameters that are looked at.
    pub(super) params: Vec<usize>,
    /// What the first of [`Logic::sets`] is called; the others are numbered on.
    prefix: String,
}

impl<'m> Logic<'m> {
    pub(super) fn new(masque: &'m ir::Masque, prefix: String) -> Self {
        Self { masque, sets: Vec::new(), params: Vec::new(), prefix }
    }

    /// The name of a set that `matches` needs.
    pub(super) fn set_name(&self, at: usize) -> String {
        format!("{}-{}", self.prefix, at + 1)
    }

    /// The guard of something, as a field.
    pub(super) fn when(&mut self, guard: Option<ir::ConditionId>, maker: &mut Maker) -> Field<Expression> {
        match guard {
            Some(id) => {
                let condition = self.condition(id, maker);
                maker.given(condition)
            }
            None => Field::Absent,
        }
    }

    pub(super) fn condition(&mut self, id: ir::ConditionId, maker: &mut Maker) -> Expression {
        let masque = self.masque;
        self.test(&masque.conditions[id.0].test, maker)
    }

    fn test(&mut self, test: &ir::Test, maker: &mut Maker) -> Expression {
        match test {
            ir::Test::Not(inner) => {
                let inner = self.test(inner, maker);
                not(inner, maker)
            }
            ir::Test::All(tests) => self.chain(Operator::And, tests, maker),
            ir::Test::Any(tests) => self.chain(Operator::Or, tests, maker),
            ir::Test::Ring(rings) => ring(*rings, maker),
            ir::Test::Equal(left, right) => self.equal(left, right, maker),
            ir::Test::Less(left, right) => self.compare(Operator::Less, left, right, maker),
            ir::Test::Matches { text, patterns } => {
                let text = self.text(text, None, maker);
                let right = match patterns.as_slice() {
                    [(ir::MatchMode::Verb, pattern)] => {
                        let pattern = maker.node(pattern.clone());
                        Expression::Text(ast::Template::plain(pattern))
                    }
                    _ => Expression::Set(self.set(patterns)),
                };
                binary(Operator::Matches, text, right, maker)
            }
        }
    }

    fn set(&mut self, patterns: &[(ir::MatchMode, String)]) -> String {
        let at = self.sets.iter().position(|known| known == patterns).unwrap_or_else(|| {
            self.sets.push(patterns.to_vec());
            self.sets.len() - 1
        });
        self.set_name(at)
    }

    fn chain(&mut self, operator: Operator, tests: &[ir::Test], maker: &mut Maker) -> Expression {
        let mut made = tests.iter().map(|test| self.test(test, maker)).collect::<Vec<_>>().into_iter();
        let first = made.next().expect("a chain of tests has at least two");
        made.fold(first, |left, right| binary(operator, left, right, maker))
    }

    fn equal(&mut self, left: &ir::Text, right: &ir::Text, maker: &mut Maker) -> Expression {
        // A truth value stands for itself.
        for (value, constant) in [(left, right), (right, left)] {
            if let (Some(ir::ParamType::Bool), ir::TextSource::Constant(constant)) =
                (self.kind(value), &constant.source)
            {
                let value = self.text(value, None, maker);
                return if constant == "true" { value } else { not(value, maker) };
            }
        }
        self.compare(Operator::Equal, left, right, maker)
    }

    fn compare(
        &mut self,
        operator: Operator,
        left: &ir::Text,
        right: &ir::Text,
        maker: &mut Maker,
    ) -> Expression {
        let kind = self.kind(left).or_else(|| self.kind(right)).cloned();
        let left = self.text(left, kind.as_ref(), maker);
        let right = self.text(right, kind.as_ref(), maker);
        binary(operator, left, right, maker)
    }

    /// The type of a parameter that is looked at as it is; everything else is text, or takes the type of what it is compared with.
    fn kind(&self, text: &ir::Text) -> Option<&'m ir::ParamType> {
        match (&text.source, text.form) {
            (ir::TextSource::Param(id), ir::TextForm::AsIs) => Some(&self.masque.params[id.0].kind),
            _ => None,
        }
    }

    /// A text. `kind` says what a constant is written as.
    fn text(&mut self, text: &ir::Text, kind: Option<&ir::ParamType>, maker: &mut Maker) -> Expression {
        let source = match &text.source {
            ir::TextSource::Constant(constant) => return self::constant(constant, kind, maker),
            ir::TextSource::SessionIntent => name(&["session", "intent"], maker),
            ir::TextSource::SessionAgent => name(&["session", "agent"], maker),
            ir::TextSource::SessionRing => name(&["session", "ring"], maker),
            ir::TextSource::Param(id) => {
                if !self.params.contains(&id.0) {
                    self.params.push(id.0);
                }
                name(&[&self.masque.params[id.0].name], maker)
            }
        };
        let function = match text.form {
            ir::TextForm::AsIs => return source,
            ir::TextForm::Lower => "lower",
            ir::TextForm::Upper => "upper",
            ir::TextForm::Trim => "trim",
        };
        let function = maker.node(function.to_owned());
        let argument = maker.node(source);
        Expression::Call { function, arguments: vec![argument] }
    }

    pub(super) fn template(&mut self, template: &ir::Template, maker: &mut Maker) -> ast::Template {
        let mut pieces = Vec::new();
        for piece in &template.pieces {
            let piece = match piece {
                ir::Piece::Constant(text) => Piece::Text(text.clone()),
                ir::Piece::Text(text) => {
                    let value = self.text(text, None, maker);
                    // Truth values are no text by themselves.
                    Piece::Value(match self.kind(text) {
                        Some(ir::ParamType::Bool) => {
                            let function = maker.node("text".to_owned());
                            let argument = maker.node(value);
                            Expression::Call { function, arguments: vec![argument] }
                        }
                        _ => value,
                    })
                }
                ir::Piece::If { condition, then, otherwise } => {
                    self.choice(*condition, then, otherwise, maker)
                }
            };
            pieces.push(maker.node(piece));
        }
        ast::Template { pieces }
    }

    /// `{if} … {else if} … {else} … {end}`: what is nothing but a choice in the place of an `{else}` is a branch of its own.
    fn choice(
        &mut self,
        condition: ir::ConditionId,
        then: &ir::Template,
        otherwise: &ir::Template,
        maker: &mut Maker,
    ) -> Piece {
        let condition = self.condition(condition, maker);
        let condition = maker.node(condition);
        let mut branches = vec![(condition, self.template(then, maker))];
        let otherwise = match otherwise.pieces.as_slice() {
            [] => None,
            [ir::Piece::If { condition, then, otherwise }] => {
                let Piece::If { branches: more, otherwise } = self.choice(*condition, then, otherwise, maker)
                else {
                    unreachable!("a choice is made a choice");
                };
                branches.extend(more);
                otherwise
            }
            _ => Some(self.template(otherwise, maker)),
        };
        Piece::If { branches, otherwise }
    }
}

/// A value that a session could carry, as the language writes it.
pub(super) fn constant(text: &str, kind: Option<&ir::ParamType>, maker: &mut Maker) -> Expression {
    match kind {
        Some(ir::ParamType::Bool) => Expression::Bool(text == "true"),
        Some(ir::ParamType::Int) => text.parse().map_or_else(|_| plain(text, maker), Expression::Int),
        Some(ir::ParamType::Duration) => {
            let seconds = text.strip_suffix('s').and_then(|seconds| seconds.parse().ok());
            Expression::Duration(seconds.map_or_else(|| text.to_owned(), duration))
        }
        Some(ir::ParamType::Ring) => name(&[text], maker),
        Some(ir::ParamType::Version) => Expression::Version(text.to_owned()),
        Some(ir::ParamType::String | ir::ParamType::OneOf(_)) | None => plain(text, maker),
    }
}

/// A span of time in the largest unit that it is a whole number of.
pub(super) fn duration(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let fits = units.into_iter().find(|(length, _)| seconds > 0 && seconds.is_multiple_of(*length));
    let (length, unit) = fits.unwrap_or((1, "s"));
    format!("{}{unit}", seconds / length)
}

fn plain(text: &str, maker: &mut Maker) -> Expression {
    let text = maker.node(text.to_owned());
    Expression::Text(ast::Template::plain(text))
}

fn name(path: &[&str], maker: &mut Maker) -> Expression {
    Expression::Name(path.iter().map(|word| maker.node((*word).to_owned())).collect())
}

fn not(inner: Expression, maker: &mut Maker) -> Expression {
    let inner = maker.node(inner);
    Expression::Not(Box::new(inner))
}

fn binary(operator: Operator, left: Expression, right: Expression, maker: &mut Maker) -> Expression {
    let left = maker.node(left);
    let operator = maker.node(operator);
    let right = maker.node(right);
    Expression::Binary { left: Box::new(left), operator, right: Box::new(right) }
}

/// The agent's ring is one of these: by one bound where they are neighbours at an end, else one by one.
fn ring(rings: ir::Rings, maker: &mut Maker) -> Expression {
    let is = |ring: &ir::Ring| rings.contains(*ring);
    let all = ir::Ring::ALL;
    let compare = |operator, ring: ir::Ring, maker: &mut Maker| {
        let left = name(&["session", "ring"], maker);
        let right = name(&[ring.name()], maker);
        binary(operator, left, right, maker)
    };
    let few: Vec<ir::Ring> = all.into_iter().filter(is).collect();
    if few.len() > 1 {
        for at in 1..all.len() {
            if all.iter().skip(at).all(is) && !all.iter().take(at).any(is) {
                return compare(Operator::GreaterOrEqual, all[at], maker);
            }
            if all.iter().take(at).all(is) && !all.iter().skip(at).any(is) {
                return compare(Operator::Less, all[at], maker);
            }
        }
    }
    let each: Vec<Expression> = few.into_iter().map(|ring| compare(Operator::Equal, ring, maker)).collect();
    each.into_iter()
        .reduce(|left, right| binary(Operator::Or, left, right, maker))
        .expect("a test of rings holds for some of them")
}
