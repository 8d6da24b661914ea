//! Who a masque is: name, id, index, version, ring.

use crate::context::Context;
use crate::part::Position;
use crate::version::{self, Reading};
use crate::{edit, limits, problems};
use masque_diagnostics::Spanned;
use masque_ir as ir;
use masque_syntax::ast;
use semver::Version;

/// Who the masque of one file is, as far as the file says so.
pub(crate) struct Claimed {
    pub(crate) name: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) index: Option<u64>,
    pub(crate) version: Option<Spanned<Version>>,
    pub(crate) ring: Option<Spanned<ir::Ring>>,
}

/// Checks the identity. Without a parent to take the ring from, it is `player` where none is given.
pub(crate) fn check(cx: &mut Context<'_>, identity: &ast::Identity, position: &Position) -> Claimed {
    let name = name(cx, &identity.name);
    let id = id(cx, &identity.id, name.as_ref());
    let display_name = cx.optional_line(&identity.display_name, "display_name");
    let index = cx.given(&identity.index).map(|index| index.value);
    let version = version(cx, &identity.version);
    let ring = ring(cx, &identity.ring, position);
    Claimed { id, name: name.map(|name| name.value), display_name, index, version, ring }
}

/// The name, and where the id that is made from it would be shown.
fn name(cx: &mut Context<'_>, field: &ast::Text) -> Option<Spanned<String>> {
    if let Some(name) = cx.given(field) {
        return cx.line(name, "name").map(|line| Spanned::new(line, name.span));
    }
    if !field.is_absent() {
        return None;
    }
    let place = cx.missing_from(None);
    let Some(name) = name_of_file(cx.source.name()) else {
        cx.report(problems::missing_field("name", place, "name: …"));
        return None;
    };
    let insertion = cx.insertion(None, "name", &name);
    cx.report(problems::name_from_file(&name, place, insertion));
    Some(Spanned::new(name, place))
}

/// The id as given, else the slug of the name.
fn id(cx: &mut Context<'_>, field: &ast::Text, name: Option<&Spanned<String>>) -> Option<String> {
    if let Some(id) = cx.given(field) {
        if is_id(&id.value) {
            return cx.fits(id, "id", limits::ID).then(|| id.value.clone());
        }
        let better = nearest_id(&id.value);
        let text = better.as_deref().map(|id_text| edit::requoted(cx.raw(id.span), cx.notation, id_text));
        cx.report(problems::invalid_id(&id.value, id.span, better.as_deref().zip(text)));
        return None;
    }
    if !field.is_absent() {
        return None;
    }
    let name = name?;
    let slug = slug(&name.value);
    if slug.is_none() {
        let of_file = name_of_file(cx.source.name()).and_then(|name| self::slug(&name));
        let insertion = of_file.map(|id| cx.insertion(None, "id", &id));
        cx.report(problems::no_id_in_name(&name.value, name.span, insertion));
    }
    slug
}

fn version(cx: &mut Context<'_>, field: &ast::Text) -> Option<Spanned<Version>> {
    if field.is_absent() {
        let place = cx.missing_from(None);
        let insertion = cx.insertion(None, "version", "0.1.0");
        cx.report(problems::missing_version(place, insertion));
    }
    let written = cx.given(field)?;
    if written.value.trim().is_empty() {
        cx.report(problems::blank_value("version", written.span));
        return None;
    }
    match version::read(&written.value) {
        Reading::Full(version) => Some(Spanned::new(version, written.span)),
        Reading::Short(version) => {
            let full = version.to_string();
            let text = edit::requoted(cx.raw(written.span), cx.notation, &full);
            cx.report(problems::version_shorthand(&written.value, &full, written.span, text));
            Some(Spanned::new(version, written.span))
        }
        Reading::Invalid(reason) => {
            cx.report(problems::invalid_version(&written.value, &reason, written.span));
            None
        }
    }
}

fn ring(
    cx: &mut Context<'_>,
    field: &ast::Field<ast::Ring>,
    position: &Position,
) -> Option<Spanned<ir::Ring>> {
    if field.is_absent() && *position == Position::Root {
        let place = cx.missing_from(None);
        let insertion = cx.insertion(None, "ring", "player");
        cx.report(problems::missing_ring(place, insertion));
        return Some(Spanned::new(ir::Ring::Player, place));
    }
    let written = cx.given(field)?;
    let ring = match written.value {
        ast::Ring::Outsider => ir::Ring::Outsider,
        ast::Ring::Guest => ir::Ring::Guest,
        ast::Ring::Player => ir::Ring::Player,
        ast::Ring::Admin => ir::Ring::Admin,
    };
    Some(Spanned::new(ring, written.span))
}

/// A path without its directories, of whichever system.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The name that a file gives: `personas/editor-in-chief.mask.json` gives `Editor In Chief`. `None` where there is no file (`<stdin>`)
/// or nothing left of its name.
pub(crate) fn name_of_file(path: &str) -> Option<String> {
    const ENDINGS: [&str; 4] = [".yaml", ".yml", ".json", ".wasm"];
    const KINDS: [&str; 2] = [".masque", ".mask"];
    let file = file_name(path);
    if file.starts_with('<') || file == "-" {
        return None;
    }
    let strip = |text: &'_ str, endings: &[&str]| -> String {
        endings.iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text).to_owned()
    };
    let stem = strip(&strip(file, &ENDINGS), &KINDS);
    let words = stem.split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '-' | '_' | '.'));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(capitalised).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The id that a name gives: its letters in lower case and its digits, a hyphen for whatever stands between. `None` where letters
/// would be lost, since what is left names something else (`Café` is not `caf`).
pub(crate) fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            return None;
        } else if c != '\'' && c != '’' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty() && slug.len() <= limits::ID).then(|| slug.to_owned())
}

/// Whether a text is words joined by dots; a word is `a` to `z`, digits, and `-` or `_` inside.
fn is_id(text: &str) -> bool {
    text.split('.').all(|word| {
        let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
        word.bytes().all(inside)
            && !word.is_empty()
            && !word.starts_with(['-', '_'])
            && !word.ends_with(['-', '_'])
    })
}

/// The id that was likely meant: `Mask.Professor` is `mask.professor`.
fn nearest_id(text: &str) -> Option<String> {
    let words: Option<Vec<String>> =
        text.split('.').filter(|word| !word.trim().is_empty()).map(slug).collect();
    words.map(|words| words.join(".")).filter(|id| is_id(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_give_names() {
        for (path, expected) in [
            ("personas/homelab.masque.yaml", Some("Homelab")),
            ("editor-in-chief.mask.json", Some("Editor In Chief")),
            ("C:\\masks\\chaos_agent.json", Some("Chaos Agent")),
            ("homelab.masque", Some("Homelab")),
            ("LLMOps.masque.yml", Some("LLMOps")),
            ("über uns.masque.yaml", Some("Über Uns")),
            (".masque.yaml", None),
            ("<stdin>", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(name_of_file(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn names_give_ids_unless_letters_would_be_lost() {
        for (name, expected) in [
            ("Homelab", Some("homelab")),
            ("Editor In Chief", Some("editor-in-chief")),
            ("🎭 The Poet's  Ear!", Some("the-poets-ear")),
            ("C++ 2x", Some("c-2x")),
            ("Café", None),
            ("批评家", None),
            ("🎭", None),
        ] {
            assert_eq!(slug(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn ids_are_lower_case_words_joined_by_dots() {
        for id in ["homelab", "mask.professor", "mask.editor-in-chief", "mask.chaos_agent", "a.b2.c"] {
            assert!(is_id(id), "{id}");
        }
        for (id, better) in [
            ("Mask.Professor", Some("mask.professor")),
            ("mask professor", Some("mask-professor")),
            ("mask..professor", Some("mask.professor")),
            ("-mask-", Some("mask")),
            ("", None),
            ("маска", None),
        ] {
            assert!(!is_id(id), "{id}");
            assert_eq!(nearest_id(id).as_deref(), better, "{id}");
        }
    }
}
