//! URIs of knowledge and skills: whether a text is one of the wanted scheme, as far as its notation shows (RFC 3986: scheme and authority, section 3.1 and 3.2;
//! characters, section 2).

use std::ops::Range;

use masque_diagnostics::Spanned;

use crate::context::Context;
use crate::{edit, problems};

/// What a URI stands for, which tells its scheme.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum UriKind {
    /// A pointer of `knowledge`.
    Knowledge,
    /// A skill.
    Skill,
}

impl UriKind {
    /// The scheme that its URIs are of.
    pub(crate) fn scheme(self) -> &'static str {
        match self {
            Self::Knowledge => "mcp",
            Self::Skill => "skill",
        }
    }

    /// Whether a value is such a URI; what is wrong with it is reported, with the URI that was likely meant.
    pub(crate) fn is_sound(self, cx: &mut Context<'_>, item: &Spanned<String>) -> bool {
        let Err(problem) = check(&item.value, &[self.scheme()]) else { return true };
        let place = problem.range().map_or(item.span, |range| cx.inside(item.span, range));
        let repaired = self.repaired(&item.value, &problem).map(|better| {
            let text = edit::requoted(cx.raw(item.span), cx.notation, &better);
            (better, text)
        });
        cx.report(problems::invalid_uri(self, &item.value, &problem, place, item.span, repaired));
        false
    }

    /// `homelab/inventory` and `MCP://homelab` lack nothing but the scheme as it should be.
    fn repaired(self, text: &str, problem: &UriProblem) -> Option<String> {
        let scheme = self.scheme();
        let rest = match problem {
            UriProblem::NoScheme => {
                text.trim().trim_start_matches(&format!("{scheme}:")).trim_start_matches('/')
            }
            UriProblem::Scheme(found) if found.eq_ignore_ascii_case(scheme) => {
                &text[scheme.len() + "://".len()..]
            }
            _ => return None,
        };
        let better = format!("{scheme}://{rest}");
        check(&better, &[scheme]).is_ok().then_some(better)
    }
}

/// Why a text is no such URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UriProblem {
    /// Another scheme, as written.
    Scheme(String),
    /// No `…://` at all.
    NoScheme,
    /// Nothing stands between `://` and the path.
    NoAuthority,
    /// A character that a URI can't hold.
    Character(char, Range<usize>),
    /// A `%` without two hexadecimal digits.
    Percent(Range<usize>),
}

impl UriProblem {
    /// What is wrong, where the text should begin with `wanted`.
    pub(crate) fn reason(&self, wanted: &str) -> String {
        match self {
            Self::Scheme(found) => format!("it begins with `{found}://`, not with {wanted}"),
            Self::NoScheme => format!("it does not begin with {wanted}"),
            Self::NoAuthority => "nothing stands between `://` and the path".to_owned(),
            Self::Character(c, _) if c.is_whitespace() => "it holds white space".to_owned(),
            Self::Character(c, _) if c.is_ascii_graphic() => format!("it holds the character `{c}`"),
            Self::Character(c, _) => format!("it holds the character U+{:04X}", u32::from(*c)),
            Self::Percent(_) => "`%` is not followed by two hexadecimal digits".to_owned(),
        }
    }

    /// The bytes of the text that are wrong, where that is not the whole.
    pub(crate) fn range(&self) -> Option<Range<usize>> {
        match self {
            Self::Scheme(found) => Some(0..found.len()),
            Self::Character(_, range) | Self::Percent(range) => Some(range.clone()),
            Self::NoScheme | Self::NoAuthority => None,
        }
    }
}

/// Checks that `text` is a URI of one of `schemes` with an authority.
pub(crate) fn check(text: &str, schemes: &[&str]) -> Result<(), UriProblem> {
    if let Some((at, c)) = text.char_indices().find(|&(_, c)| !may_stand(c)) {
        // What has no scheme either is likely no URI at all, and its characters are beside the point.
        let beside = !text.contains("://");
        return Err(if beside {
            UriProblem::NoScheme
        } else {
            UriProblem::Character(c, at..at + c.len_utf8())
        });
    }
    let Some((scheme, rest)) = text.split_once("://") else { return Err(UriProblem::NoScheme) };
    if !schemes.contains(&scheme) {
        return Err(if scheme.is_empty() {
            UriProblem::NoScheme
        } else {
            UriProblem::Scheme(scheme.to_owned())
        });
    }
    if rest.split(['/', '?', '#']).next().is_none_or(str::is_empty) {
        return Err(UriProblem::NoAuthority);
    }
    let encoded =
        |at: usize| text.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    match text.match_indices('%').find(|&(at, _)| !encoded(at)) {
        Some((at, _)) => Err(UriProblem::Percent(at..at + 1)),
        None => Ok(()),
    }
}

/// Unreserved and reserved characters, and the `%` of an encoded one.
fn may_stand(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_taken_and_others_refused_with_the_reason() {
        let cases = [
            ("mcp://homelab-inventory", None),
            ("mcp://homelab/inventory?site=a#b", None),
            ("mcp://a%20b/", None),
            ("mcp://", Some(UriProblem::NoAuthority)),
            ("mcp:///inventory", Some(UriProblem::NoAuthority)),
            ("mcp://a b", Some(UriProblem::Character(' ', 7..8))),
            ("mcp://ä", Some(UriProblem::Character('ä', 6..8))),
            ("mcp://a%2", Some(UriProblem::Percent(7..8))),
            ("https://a", Some(UriProblem::Scheme("https".to_owned()))),
            ("MCP://a", Some(UriProblem::Scheme("MCP".to_owned()))),
            ("homelab inventory", Some(UriProblem::NoScheme)),
            ("mcp:homelab", Some(UriProblem::NoScheme)),
            ("://a", Some(UriProblem::NoScheme)),
            ("", Some(UriProblem::NoScheme)),
        ];
        for (text, expected) in cases {
            assert_eq!(check(text, &["mcp"]).err(), expected, "{text}");
        }
    }
}
