//! Lenses and contexts: what a part is told to be, and the directives that its lens ends in.
//!
//! A checked lens holds constraints and guidelines as text, in the form that `check` documents. They are taken apart here, so that those of
//! all parts can stand together, each once.

use masque_ir as ir;

/// A lens, taken apart.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Lens {
    /// Without its directives, and without white space around it.
    pub(super) base: ir::Template,
    pub(super) constraints: Vec<String>,
    pub(super) guidelines: Vec<String>,
}

const CONSTRAINTS: &str = "Constraints:";
const GUIDELINES: &str = "Style guidelines:";

impl Lens {
    /// Takes a lens apart. `format` is the one that it demands, if any.
    pub(super) fn read(lens: &ir::Template, format: Option<&str>) -> Self {
        let mut read = Self::default();
        for piece in &lens.pieces {
            let piece = match piece {
                ir::Piece::Constant(text) => ir::Piece::Constant(read.without_directives(text, format)),
                other => other.clone(),
            };
            read.base.pieces.push(piece);
        }
        read.base = trimmed(read.base);
        read
    }

    fn without_directives(&mut self, text: &str, format: Option<&str>) -> String {
        let mut kept = String::new();
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let list = match line.trim_end() {
                CONSTRAINTS => Some(&mut self.constraints),
                GUIDELINES => Some(&mut self.guidelines),
                _ => None,
            };
            let begins_list = lines.peek().is_some_and(|next| next.starts_with("- "));
            if let (Some(list), true) = (list, begins_list) {
                while let Some(item) = lines.next_if(|next| next.starts_with("- ") || next.starts_with("  "))
                {
                    match (item.strip_prefix("- "), list.last_mut()) {
                        (None, Some(last)) => *last = format!("{last}\n{}", item[2..].trim_end()),
                        (item, _) => list.push(item.unwrap_or_default().trim_end().to_owned()),
                    }
                }
                continue;
            }
            let demands = line.trim_end().strip_prefix("Format: ");
            if demands.is_some() && demands == format.map(str::trim) {
                continue;
            }
            // The empty lines around what was taken away are one.
            if !(line.trim().is_empty() && kept.ends_with("\n\n")) {
                kept.push_str(line);
            }
        }
        kept
    }
}

/// Without white space at both ends, as far as that is known.
pub(super) fn trimmed(mut template: ir::Template) -> ir::Template {
    if let Some(ir::Piece::Constant(first)) = template.pieces.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some(ir::Piece::Constant(last)) = template.pieces.last_mut() {
        *last = last.trim_end().to_owned();
    }
    template.pieces.retain(|piece| !matches!(piece, ir::Piece::Constant(text) if text.is_empty()));
    template
}

/// Lists as one: what is said already is not said again, however it is spelt or spaced.
pub(super) fn merged<'a>(lists: impl IntoIterator<Item = &'a Vec<String>>) -> Vec<String> {
    let mut merged: Vec<String> = Vec::new();
    let same = |one: &str, other: &str| {
        let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
        words(one).trim_end_matches('.') == words(other).trim_end_matches('.')
    };
    for item in lists.into_iter().flatten() {
        if !merged.iter().any(|known| same(known, item)) {
            merged.push(item.clone());
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_taken_out_of_a_lens_and_its_ancestors() {
        let text = "You teach.\n\nConstraints:\n- Cite\n- Two\n  lines\n\nFormat: markdown\n\nYou also write.\n\nConstraints:\n- Rhyme\n\nStyle guidelines:\n- Short\n\nFormat: verse\n";
        let lens = Lens::read(&ir::Template::constant(text), Some("verse"));
        assert_eq!(lens.constraints, ["Cite", "Two\nlines", "Rhyme"]);
        assert_eq!(lens.guidelines, ["Short"]);
        assert_eq!(lens.base.as_constant(), Some("You teach.\n\nFormat: markdown\n\nYou also write."));
    }

    #[test]
    fn what_only_looks_like_directives_is_left_alone() {
        let text = "Constraints: none.\n\nConstraints:\nare what you make of them.\n\nFormat: as you like";
        let lens = Lens::read(&ir::Template::constant(text), None);
        assert_eq!(lens.base.as_constant(), Some(text));
        assert_eq!(lens.constraints, <Vec<String>>::new());
    }

    #[test]
    fn what_is_said_twice_is_said_once() {
        let lists =
            [vec!["Cite  evidence".to_owned(), "Be brief".to_owned()], vec!["cite evidence.".to_owned()]];
        assert_eq!(merged(&lists), ["Cite  evidence", "Be brief"]);
    }
}
