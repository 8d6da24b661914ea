//! The layout of the language. Each statement stands on a line of its own; lists go on where they end.

use masque_diagnostics::{SourceId, Span, Spanned};
use pest::Parser;
use pest::iterators::Pair;

use super::NotFormatted;
use super::layout::{Comment, Layout};
use crate::findings::Findings;
use crate::language::{Grammar, Rule, scan, strings};

/// How often a text is laid out until nothing changes any more; one round more than any known text takes.
const MOST_ROUNDS: usize = 4;

/// Lays a file of the language out, again and again until it stays as it is. A comment between two words of a statement may come to stand
/// elsewhere, and so be another line's: the next round sees where it is now.
pub(super) fn format(source: SourceId, text: &str, findings: &mut Findings) -> Result<String, NotFormatted> {
    let mut laid_out = once(text, findings)?;
    for _ in 0..MOST_ROUNDS {
        let again = once(&laid_out, findings)?;
        if again == laid_out {
            return Ok(laid_out);
        }
        laid_out = again;
    }
    let place = Span::at(source, 0);
    Err(NotFormatted::Unknown { what: "a comment between the words of a statement", place })
}

fn once(text: &str, findings: &mut Findings) -> Result<String, NotFormatted> {
    let scan = scan::scan(text, findings);
    if scan.too_deep.is_some() {
        return Err(NotFormatted::Unreadable);
    }
    let file = Grammar::parse(Rule::file, text).map_err(|_| NotFormatted::Unreadable)?;
    let file = file.into_iter().next().expect("a file is one pair");
    if file.clone().into_inner().flatten().any(|pair| is_mistake(pair.as_rule())) {
        return Err(NotFormatted::Unreadable);
    }
    let comment = |comment: &Spanned<String>| {
        let range = comment.span.range();
        Comment { start: range.start, text: &text[range] }
    };
    let comments: Vec<Comment<'_>> = scan.comments.iter().map(comment).collect();
    let mut printer = Printer { layout: Layout::new(text, &comments), source: text };
    printer.file(file);
    Ok(printer.layout.finish())
}

fn is_mistake(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::stray
            | Rule::invalid_item
            | Rule::invalid_statement
            | Rule::invalid_member
            | Rule::unclosed
            | Rule::unclosed_block
            | Rule::unclosed_line
    )
}

struct Printer<'t> {
    layout: Layout<'t>,
    source: &'t str,
}

impl<'t> Printer<'t> {
    fn file(&mut self, file: Pair<'t, Rule>) {
        let mut last = None;
        for pair in file.into_inner() {
            let rule = pair.as_rule();
            match rule {
                Rule::EOI => continue,
                // Only what is used stands in lines one behind the other.
                Rule::use_item if last == Some(Rule::use_item) => self.layout.line(),
                _ => self.layout.empty_line(),
            }
            match rule {
                Rule::masque | Rule::library => self.definition(pair),
                Rule::set_item => self.set(pair),
                _ => self.phrase(pair),
            }
            last = Some(rule);
        }
    }

    /// A masque or a library.
    fn definition(&mut self, pair: Pair<'t, Rule>) {
        let (head, body): (Vec<_>, Vec<_>) = pair.into_inner().partition(|pair| is_head(pair.as_rule()));
        self.phrases(head);
        let (close, items) = body.split_last().expect("a block has an end");
        self.open();
        for item in items {
            self.layout.line();
            self.item(item.clone());
        }
        self.close(close, items.is_empty());
    }

    fn item(&mut self, pair: Pair<'t, Rule>) {
        match pair.as_rule() {
            Rule::intent => self.block(pair, Keep::Never),
            Rule::knowledge | Rule::access | Rule::test => self.block(pair, Keep::Single),
            Rule::skills => self.skills(pair),
            Rule::set_item => self.set(pair),
            _ => self.phrase(pair),
        }
    }

    /// A head, and statements of which each stands on a line of its own.
    fn block(&mut self, pair: Pair<'t, Rule>, keep: Keep) {
        let (head, body): (Vec<_>, Vec<_>) = pair.into_inner().partition(|pair| is_head(pair.as_rule()));
        self.phrases(head);
        let (close, statements) = body.split_last().expect("a block has an end");
        if keep.fits(statements.len()) && self.on_one_line(statements, close, Self::phrase) {
            return;
        }
        self.open();
        for statement in statements {
            self.layout.line();
            self.phrase(statement.clone());
        }
        self.close(close, statements.is_empty());
    }

    fn skills(&mut self, pair: Pair<'t, Rule>) {
        if pair.clone().into_inner().any(|pair| pair.as_rule() == Rule::list) {
            return self.phrase(pair);
        }
        self.block(pair, Keep::Any);
    }

    fn set(&mut self, pair: Pair<'t, Rule>) {
        let (head, body): (Vec<_>, Vec<_>) = pair.into_inner().partition(|pair| is_head(pair.as_rule()));
        self.phrases(head);
        let (close, members) = body.split_last().expect("a set has an end");
        if self.on_one_line(members, close, Self::phrase) {
            return;
        }
        self.open();
        let mut reasoned = true;
        for member in members {
            if reasoned || self.breaks_before(member) {
                self.layout.line();
            } else {
                self.layout.glue();
                self.layout.sign(",");
            }
            reasoned = member.clone().into_inner().any(|pair| pair.as_rule() == Rule::because);
            self.phrase(member.clone());
        }
        self.close(close, members.is_empty());
    }

    /// Writes a block on one line, if its author did and it fits.
    fn on_one_line(
        &mut self,
        parts: &[Pair<'t, Rule>],
        close: &Pair<'t, Rule>,
        write: fn(&mut Self, Pair<'t, Rule>),
    ) -> bool {
        let end = close.as_span().start();
        if parts.is_empty() || self.layout.broken_before(end) || self.layout.has_comment_before(end) {
            return false;
        }
        let body = |this: &mut Self| {
            this.layout.sign("{");
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    this.layout.glue();
                    this.layout.sign(",");
                }
                write(this, part.clone());
            }
            this.layout.end_block(end, "}");
        };
        let width = self.width(body);
        let fits = self.layout.fits(width);
        if fits {
            body(self);
        }
        fits
    }

    fn open(&mut self) {
        self.layout.sign("{");
        self.layout.begin_block();
        self.layout.indent();
    }

    fn close(&mut self, close: &Pair<'t, Rule>, empty: bool) {
        let start = close.as_span().start();
        let commented = self.layout.has_comment_before(start);
        self.layout.comments_before(start);
        self.layout.dedent();
        if !empty || commented {
            self.layout.line();
        } else {
            self.layout.glue();
        }
        self.layout.end_block(start, "}");
    }

    fn phrases(&mut self, pairs: Vec<Pair<'t, Rule>>) {
        for pair in pairs {
            self.phrase(pair);
        }
    }

    /// Words one behind the other, with the signs that belong between them.
    fn phrase(&mut self, pair: Pair<'t, Rule>) {
        match pair.as_rule() {
            Rule::string => self.string(&pair),
            Rule::colon => {
                self.layout.glue();
                self.leaf(&pair);
            }
            Rule::rule_statement => self.rule(pair),
            Rule::expect_intents => self.listed(pair, |rule| rule == Rule::string),
            Rule::given => self.listed(pair, |rule| rule == Rule::setting),
            Rule::param_type => self.alternatives(pair),
            Rule::list | Rule::array => self.items(&pair.into_inner().collect::<Vec<_>>(), "["),
            Rule::expect_knowledge | Rule::expect_access => {
                let mut pairs = pair.into_inner();
                self.phrase(pairs.next().expect("the statement begins with its word"));
                self.items(&pairs.collect::<Vec<_>>(), "[");
            }
            Rule::map => self.map(pair),
            Rule::call => {
                let mut pairs = pair.into_inner();
                self.phrase(pairs.next().expect("a call has a name"));
                self.layout.glue();
                self.items(&pairs.collect::<Vec<_>>(), "(");
            }
            Rule::primary => self.primary(pair),
            Rule::expression | Rule::conjunction => self.chain(pair),
            // What is inside of these is no token by itself.
            Rule::path | Rule::duration | Rule::version => self.leaf(&pair),
            _ => {
                let inner: Vec<_> = pair.clone().into_inner().collect();
                if inner.is_empty() { self.leaf(&pair) } else { self.phrases(inner) }
            }
        }
    }

    fn leaf(&mut self, pair: &Pair<'t, Rule>) {
        self.layout.token(pair.as_span().start(), pair.as_str().trim_end());
    }

    fn string(&mut self, pair: &Pair<'t, Rule>) {
        let start = pair.as_span().start();
        let written = pair.as_str().trim_end();
        if written.starts_with("\"\"\"") && !self.layout.is_flat() {
            self.layout.lines(start, written.len(), |indent| strings::indented(written, indent));
        } else {
            self.layout.token(start, written);
        }
    }

    /// `allow "a", "b" when … because …`
    fn rule(&mut self, pair: Pair<'t, Rule>) {
        let mut first = true;
        let mut inner = false;
        for pair in pair.into_inner() {
            match pair.as_rule() {
                Rule::rule_pattern => {
                    if !first {
                        self.separator(&pair, &mut inner);
                    }
                    first = false;
                }
                Rule::when | Rule::because => self.soft(&pair, &mut inner),
                _ => {}
            }
            self.phrase(pair);
        }
        self.leave(inner);
    }

    /// Words, and items with commas between them.
    fn listed(&mut self, pair: Pair<'t, Rule>, is_item: fn(Rule) -> bool) {
        let (mut first, mut inner, mut reason) = (true, false, false);
        for pair in pair.into_inner() {
            reason |= pair.as_rule() == Rule::kw_because;
            if is_item(pair.as_rule()) && !reason {
                if !first {
                    self.separator(&pair, &mut inner);
                }
                first = false;
            }
            self.phrase(pair);
        }
        self.leave(inner);
    }

    fn alternatives(&mut self, pair: Pair<'t, Rule>) {
        let mut inner = false;
        for (index, pair) in pair.into_inner().enumerate() {
            if index > 0 {
                self.soft(&pair, &mut inner);
                self.layout.sign("|");
            }
            self.phrase(pair);
        }
        self.leave(inner);
    }

    /// A comma, and a new line where the next item begins one.
    fn separator(&mut self, next: &Pair<'t, Rule>, inner: &mut bool) {
        self.layout.glue();
        self.layout.sign(",");
        self.soft(next, inner);
    }

    /// A new line where `next` begins one or does not fit; further in, from the first one on.
    fn soft(&mut self, next: &Pair<'t, Rule>, inner: &mut bool) {
        if self.breaks_before(next) {
            if !*inner {
                self.layout.indent();
                *inner = true;
            }
            self.layout.line();
        }
    }

    fn leave(&mut self, inner: bool) {
        if inner {
            self.layout.dedent();
        }
    }

    fn breaks_before(&self, next: &Pair<'t, Rule>) -> bool {
        if self.layout.is_flat() {
            return false;
        }
        let start = next.as_span().start();
        // One column for a comma behind it.
        self.layout.broken_before(start)
            || !self.layout.fits(1 + self.width(|this| this.phrase(next.clone())))
    }

    /// Items in brackets; the last pair is the end.
    fn items(&mut self, pairs: &[Pair<'t, Rule>], open: &str) {
        let (end, items) = pairs.split_last().expect("brackets have an end");
        let flat = |this: &mut Self| {
            this.layout.sign(open);
            for (index, item) in items.iter().enumerate() {
                this.layout.glue();
                if index > 0 {
                    this.layout.sign(",");
                }
                this.phrase(item.clone());
            }
            this.layout.glue();
            this.leaf(end);
        };
        if items.is_empty() || self.stays_flat(end, flat) {
            return flat(self);
        }
        self.layout.sign(open);
        self.layout.begin_block();
        self.layout.indent();
        for (index, item) in items.iter().enumerate() {
            let inner = item.clone().into_inner().next().map(|inner| inner.as_rule());
            let nested = matches!(inner, Some(Rule::map | Rule::list));
            if index == 0 || nested || self.breaks_before(item) {
                self.layout.line();
            }
            self.phrase(item.clone());
            self.layout.glue();
            self.layout.sign(",");
        }
        self.end_of_items(end);
    }

    fn map(&mut self, pair: Pair<'t, Rule>) {
        let pairs: Vec<_> = pair.into_inner().collect();
        let (end, entries) = pairs.split_last().expect("a map has an end");
        let flat = |this: &mut Self| {
            this.layout.sign("{");
            for (index, entry) in entries.iter().enumerate() {
                if index > 0 {
                    this.layout.glue();
                    this.layout.sign(",");
                }
                this.phrase(entry.clone());
            }
            if entries.is_empty() {
                this.layout.glue();
            }
            this.leaf(end);
        };
        if entries.is_empty() || self.stays_flat(end, flat) {
            return flat(self);
        }
        self.open();
        for entry in entries {
            self.layout.line();
            self.phrase(entry.clone());
        }
        self.end_of_items(end);
    }

    fn end_of_items(&mut self, end: &Pair<'t, Rule>) {
        let start = end.as_span().start();
        self.layout.comments_before(start);
        self.layout.dedent();
        self.layout.line();
        self.layout.end_block(start, end.as_str());
    }

    /// Whether brackets that end at `end` stay on their line.
    fn stays_flat(&self, end: &Pair<'t, Rule>, flat: impl Fn(&mut Self)) -> bool {
        let start = end.as_span().start();
        self.layout.is_flat()
            || !(self.layout.broken_before(start)
                || self.layout.has_comment_before(start)
                || !self.layout.fits(self.width(flat)))
    }

    /// Parentheses, or what needs none.
    fn primary(&mut self, pair: Pair<'t, Rule>) {
        let inner: Vec<_> = pair.into_inner().collect();
        let [expression, end] = inner.as_slice() else { return self.phrases(inner) };
        self.layout.sign("(");
        self.layout.glue();
        self.phrase(expression.clone());
        self.layout.glue();
        self.leaf(end);
    }

    /// Operands with one operator between them.
    fn chain(&mut self, pair: Pair<'t, Rule>) {
        let mut inner = false;
        let mut pairs = pair.into_inner();
        self.phrase(pairs.next().expect("a chain has a first operand"));
        while let (Some(operator), Some(operand)) = (pairs.next(), pairs.next()) {
            let width = self.width(|this| {
                this.leaf(&operator);
                this.phrase(operand.clone());
            });
            let start = operator.as_span().start();
            if !self.layout.is_flat() && (self.layout.broken_before(start) || !self.layout.fits(width)) {
                if !inner {
                    self.layout.indent();
                    inner = true;
                }
                self.layout.line();
            }
            self.leaf(&operator);
            self.phrase(operand);
        }
        self.leave(inner);
    }

    /// How many columns something takes on one line.
    fn width(&self, write: impl Fn(&mut Self)) -> usize {
        if self.layout.is_flat() {
            return 0;
        }
        let mut scratch = Printer { layout: self.layout.scratch(), source: self.source };
        write(&mut scratch);
        scratch.layout.written().chars().count()
    }
}

/// When a block may stand on one line.
#[derive(Clone, Copy)]
enum Keep {
    Never,
    /// With one statement.
    Single,
    Any,
}

impl Keep {
    fn fits(self, statements: usize) -> bool {
        match self {
            Self::Never => false,
            Self::Single => statements == 1,
            Self::Any => true,
        }
    }
}

/// Whether a part of a block stands before its brace.
fn is_head(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::kw_masque
            | Rule::kw_library
            | Rule::kw_extends
            | Rule::kw_set
            | Rule::kw_intent
            | Rule::kw_knowledge
            | Rule::kw_access
            | Rule::kw_skills
            | Rule::kw_test
            | Rule::title
            | Rule::name
            | Rule::reference
            | Rule::string
            | Rule::given
            | Rule::because
    )
}
