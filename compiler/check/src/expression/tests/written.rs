//! Just enough of a parser to write expressions down in tests: one operand is one word, and every operator with two operands that are
//! no chain stands in brackets of its own.

use masque_diagnostics::{SourceId, Span, Spanned};
use masque_syntax::ast::{Expression, Operator, Piece, Template};

type Written = Spanned<Expression>;

/// The tree of a whole text.
pub(super) fn parse(source: SourceId, text: &str) -> Written {
    parse_from(source, text, 0)
}

/// The tree of what stands from `at` to the end of a text.
pub(super) fn parse_from(source: SourceId, text: &str, at: usize) -> Written {
    let mut parser = Parser { source, text, at };
    let tree = parser.chain(0);
    parser.blank();
    assert_eq!(parser.at, text.len(), "{text}: something is left behind");
    tree
}

struct Parser<'t> {
    source: SourceId,
    text: &'t str,
    at: usize,
}

const LEVELS: [&[Operator]; 3] = [
    &[Operator::Or],
    &[Operator::And],
    &[
        Operator::Equal,
        Operator::NotEqual,
        Operator::LessOrEqual,
        Operator::GreaterOrEqual,
        Operator::Less,
        Operator::Greater,
        Operator::In,
        Operator::Matches,
    ],
];

impl Parser<'_> {
    fn chain(&mut self, level: usize) -> Written {
        let Some(operators) = LEVELS.get(level) else { return self.primary() };
        if level == 2 && self.eat("not ") {
            let start = self.at - 4;
            let operand = self.chain(level);
            let span = self.span(start, operand.span.end as usize);
            return Spanned::new(Expression::Not(Box::new(operand)), span);
        }
        let mut left = self.chain(level + 1);
        while let Some(operator) = operators.iter().find(|operator| self.eat(operator.symbol())) {
            let operator = Spanned::new(*operator, self.span(self.at - operator.symbol().len(), self.at));
            let right = self.chain(level + 1);
            let span = left.span.to(right.span);
            left = Spanned::new(
                Expression::Binary { left: Box::new(left), operator, right: Box::new(right) },
                span,
            );
        }
        left
    }

    fn primary(&mut self) -> Written {
        self.blank();
        let start = self.at;
        if self.eat("(") {
            let inner = self.chain(0);
            assert!(self.eat(")"), "{}: unclosed bracket", self.text);
            return inner;
        }
        let tree = if self.eat("[") {
            Expression::List(self.items("]"))
        } else if self.eat("\"") {
            Expression::Text(self.template())
        } else {
            self.word(start)
        };
        Spanned::new(tree, self.span(start, self.at))
    }

    fn word(&mut self, start: usize) -> Expression {
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
        let rest = &self.text[start..];
        let word = &rest[..rest.find(|c| !inside(c)).unwrap_or(rest.len())];
        assert!(!word.is_empty(), "{}: nothing at {start}", self.text);
        self.at += word.len();
        if word == "true" || word == "false" {
            return Expression::Bool(word == "true");
        }
        if let Ok(number) = word.parse() {
            return Expression::Int(number);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return if word.contains('.') {
                Expression::Version(word.to_owned())
            } else {
                Expression::Duration(word.to_owned())
            };
        }
        if word.contains('/') {
            return Expression::Set(word.to_owned());
        }
        if self.eat("(") {
            let function = Spanned::new(word.to_owned(), self.span(start, start + word.len()));
            return Expression::Call { function, arguments: self.items(")") };
        }
        let mut at = start;
        let name = |part: &str| {
            let span = self.span(at, at + part.len());
            at += part.len() + 1;
            Spanned::new(part.to_owned(), span)
        };
        Expression::Name(word.split('.').map(name).collect())
    }

    fn items(&mut self, end: &str) -> Vec<Written> {
        let mut items = Vec::new();
        while !self.eat(end) {
            items.push(self.chain(0));
            self.eat(",");
        }
        items
    }

    /// Text up to the closing quote, with `{expressions}`.
    fn template(&mut self) -> Template {
        let mut pieces = Vec::new();
        loop {
            let start = self.at;
            let rest = &self.text[start..];
            let end = rest.find(['"', '{']).expect("a string is closed");
            if end > 0 {
                pieces.push(Spanned::new(Piece::Text(rest[..end].to_owned()), self.span(start, start + end)));
            }
            self.at += end + 1;
            if rest[end..].starts_with('"') {
                return Template { pieces };
            }
            let value = self.chain(0);
            assert!(self.eat("}"), "{}: unclosed hole", self.text);
            pieces.push(Spanned::new(Piece::Value(value.value), value.span));
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        let before = self.at;
        self.blank();
        let found = self.text[self.at..].starts_with(token);
        self.at = if found { self.at + token.len() } else { before };
        found
    }

    fn blank(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }
}
