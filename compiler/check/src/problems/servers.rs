//! Findings about bundled MCP servers.

use super::{addition, shown};
use crate::uri::UriProblem;
use masque_diagnostics::codes::check as codes;
use masque_diagnostics::{Applicability, Diagnostic, Edit, Span};

pub(crate) fn duplicate_server(name: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        codes::DUPLICATE_SERVER,
        format!("two MCP servers are named {}", shown(name)),
        place,
        "the same name",
    )
    .with_label(first, "first used here")
    .with_help("give each server a name of its own")
}

/// `transport` is the word that the source gives or that was inferred.
pub(crate) fn transport_mismatch(field: &str, transport: &str, place: Span, remedy: &str) -> Diagnostic {
    Diagnostic::new(
        codes::TRANSPORT_MISMATCH,
        format!("an MCP server of type `{transport}` takes no `{field}`"),
        place,
        "",
    )
    .with_help(remedy)
}

pub(crate) fn transport_undecided(url: Span, command: Span) -> Diagnostic {
    Diagnostic::new(
        codes::TRANSPORT_MISMATCH,
        "an MCP server has both a `command` and a `url`, and no `type` that says which counts",
        url,
        "an address",
    )
    .with_label(command, "a program")
    .with_help("keep `command` for a `stdio` server, or `url` for an `http` or `sse` server")
}

pub(crate) fn transport_inferred(
    name: &str,
    transport: &str,
    because: &str,
    place: Span,
    insertion: Edit,
) -> Diagnostic {
    let message = format!(
        "the MCP server {} has no `type`; `{transport}` is taken, since it has a `{because}`",
        shown(name)
    );
    Diagnostic::new(codes::TRANSPORT_INFERRED, message, place, "")
        .with_fix(addition(insertion, Applicability::Safe))
}

pub(crate) fn invalid_server_url(url: &str, problem: &UriProblem, place: Span) -> Diagnostic {
    let message = format!("{} is not an address: {}", shown(url), problem.reason("`http://` or `https://`"));
    Diagnostic::new(codes::INVALID_SERVER_URL, message, place, "")
        .with_help("write it as in `https://example.org/mcp`")
}
