//! What words are, for an editor that colours by meaning: what a grammar of words alone does not know.

use std::ops::Range;

use masque_syntax::ast::{Document, Field};

use crate::names::{Role, names};

/// A word with its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands; never over several lines.
    pub range: Range<usize>,
    /// What it is.
    pub kind: TokenKind,
    /// Whether it is given its meaning here.
    pub declared: bool,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A comment.
    Comment,
    /// A parameter or a named value.
    Value,
    /// An intent set.
    Set,
    /// The pattern of a rule.
    Pattern,
    /// A file that is built on.
    Reference,
}

/// All of a source, in the order of the text, none over another.
pub fn tokens(document: &Document, text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = names(document)
        .into_iter()
        .map(|name| Token {
            range: name.range,
            kind: match name.role {
                Role::Value | Role::ValueUse => TokenKind::Value,
                Role::Set | Role::SetUse => TokenKind::Set,
            },
            declared: matches!(name.role, Role::Value | Role::Set),
        })
        .collect();
    let mut add = |range: Range<usize>, kind| found.push(Token { range, kind, declared: false });
    let (comments, uses) = match document {
        Document::Masque(masque) => {
            if let Field::Given(intent) = &masque.intent {
                let lists = [&intent.value.allowed, &intent.value.also_allowed, &intent.value.denied];
                let rules = lists.into_iter().filter_map(|list| list.get()).flat_map(|list| &list.value);
                for pattern in rules.filter_map(|rule| rule.value.pattern.get()) {
                    add(pattern.span.range(), TokenKind::Pattern);
                }
            }
            if let Field::Given(parent) = &masque.extends {
                add(parent.span.range(), TokenKind::Reference);
            }
            (&masque.comments, &masque.uses)
        }
        Document::Library(library) => (&library.comments, &library.uses),
    };
    for used in
        uses.get().into_iter().flat_map(|uses| &uses.value).filter_map(|used| used.value.library.get())
    {
        add(used.span.range(), TokenKind::Reference);
    }
    for comment in comments {
        add(comment.span.range(), TokenKind::Comment);
    }
    found.retain(|token| !token.range.is_empty() && !text[token.range.clone()].contains(['\n', '\r']));
    found.sort_by_key(|token| (token.range.start, token.range.end));
    let mut end = 0;
    found.retain(|token| {
        let apart = token.range.start >= end;
        end = if apart { token.range.end } else { end };
        apart
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use masque_diagnostics::Sources;

    #[test]
    fn words_are_told_apart_by_what_they_mean() {
        let text = "use std/git # sets\nset mine { \"water *\" }\nmasque A extends std/operator {\n  version 1.0.0\n  param p: int = 1\n  \
                    intent { allow also mine, std/git/read deny \"prune *\" when p == 2 }\n}\n";
        let id = Sources::new().add("", "");
        let document = masque_syntax::parse(id, "a.masque", text).document.expect("it reads");
        let shown: Vec<(TokenKind, bool, &str)> = tokens(&document, text)
            .into_iter()
            .map(|token| (token.kind, token.declared, &text[token.range]))
            .collect();
        use TokenKind::{Comment, Pattern, Reference, Set, Value};
        assert_eq!(
            shown,
            [
                (Reference, false, "std/git"),
                (Comment, false, "# sets"),
                (Set, true, "mine"),
                (Reference, false, "std/operator"),
                (Value, true, "p"),
                (Set, false, "mine"),
                (Set, false, "std/git/read"),
                (Pattern, false, "\"prune *\""),
                (Value, false, "p"),
            ]
        );
    }
}
