//! Bundled MCP servers: each has a name of its own and exactly the fields that its transport takes.

use crate::context::Context;
use crate::{limits, problems, uri};
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Field, Transport};
use std::collections::HashMap;

/// Checks the `mcp` block.
pub(crate) fn check(cx: &mut Context<'_>, field: &Field<ast::Mcp>) -> Vec<ir::McpServer> {
    let Some(block) = cx.given(field) else { return Vec::new() };
    let mut first: HashMap<String, Span> = HashMap::new();
    let mut servers = Vec::new();
    for item in cx.items(&block.value.servers, "mcp.servers", limits::ITEMS) {
        let name = cx.required_line(&item.value.name, item.span, "mcp.servers.name", "name: …");
        if let (Some(name), Some(given)) = (&name, item.value.name.get()) {
            match first.get(name) {
                Some(&first) => cx.report(problems::duplicate_server(name, given.span, first)),
                None => drop(first.insert(name.clone(), given.span)),
            }
        }
        let transport = transport(cx, item, name.as_deref());
        servers.extend(name.zip(transport).map(|(name, transport)| ir::McpServer { name, transport }));
    }
    servers
}

/// The transport with its fields. A `type` that is left out follows from the field that only one kind of server has.
fn transport(
    cx: &mut Context<'_>,
    item: &Spanned<ast::McpServer>,
    name: Option<&str>,
) -> Option<ir::McpTransport> {
    let server = &item.value;
    let kind = match (cx.given(&server.transport), &server.command, &server.url) {
        (Some(kind), _, _) => kind.value,
        _ if !server.transport.is_absent() => return None,
        (None, Field::Given(command), Field::Given(url)) => {
            cx.report(problems::transport_undecided(url.span, command.span));
            return None;
        }
        (None, Field::Absent, Field::Absent) => {
            let place = cx.missing_from(Some(item.span));
            cx.report(problems::missing_field("mcp.servers.type", place, "type: stdio"));
            return None;
        }
        (None, Field::Absent, _) => infer(cx, item.span, name, Transport::Http, "url"),
        (None, _, _) => infer(cx, item.span, name, Transport::Stdio, "command"),
    };
    match kind {
        Transport::Stdio => stdio(cx, item),
        Transport::Http => Some(ir::McpTransport::Http { url: url(cx, item, kind)? }),
        Transport::Sse => Some(ir::McpTransport::Sse { url: url(cx, item, kind)? }),
    }
}

fn infer(
    cx: &mut Context<'_>,
    server: Span,
    name: Option<&str>,
    kind: Transport,
    because: &str,
) -> Transport {
    if let Some(name) = name {
        let place = cx.missing_from(Some(server));
        let insertion = cx.insertion(Some(server), "type", kind.word());
        cx.report(problems::transport_inferred(name, kind.word(), because, place, insertion));
    }
    kind
}

fn stdio(cx: &mut Context<'_>, item: &Spanned<ast::McpServer>) -> Option<ir::McpTransport> {
    let server = &item.value;
    if let Some(url) = cx.given(&server.url) {
        let remedy = "remove `url`, or write `type: http` and remove `command`";
        cx.report(problems::transport_mismatch("url", "stdio", url.span, remedy));
    }
    let args = arguments(cx, &server.args);
    let env = environment(cx, &server.env);
    let command = cx.required_line(&server.command, item.span, "mcp.servers.command", "command: npx")?;
    Some(ir::McpTransport::Stdio { command, args, env })
}

/// Arguments may be empty and hold anything but a NUL, which no system passes on.
fn arguments(cx: &mut Context<'_>, list: &ast::List<String>) -> Vec<String> {
    let items = cx.items(list, "mcp.servers.args", limits::ITEMS);
    items.iter().filter_map(|item| passable(cx, item, "mcp.servers.args")).collect()
}

fn environment(
    cx: &mut Context<'_>,
    field: &Field<Vec<(Spanned<String>, Spanned<String>)>>,
) -> Vec<(String, String)> {
    let Some(map) = cx.given(field) else { return Vec::new() };
    map.value
        .iter()
        .filter_map(|(key, value)| {
            Some((cx.line(key, "mcp.servers.env")?, passable(cx, value, "mcp.servers.env")?))
        })
        .collect()
}

fn passable(cx: &mut Context<'_>, text: &Spanned<String>, path: &str) -> Option<String> {
    if let Some(at) = text.value.find('\0') {
        let place = cx.inside(text.span, at..at + 1);
        cx.report(problems::not_one_line(path, place, '\0'));
        return None;
    }
    cx.fits(text, path, limits::PROSE).then(|| text.value.clone())
}

/// The address of a network server, which takes none of the fields of a child process.
fn url(cx: &mut Context<'_>, item: &Spanned<ast::McpServer>, kind: Transport) -> Option<String> {
    let server = &item.value;
    let command = cx.given(&server.command).map(|given| ("command", given.span));
    let args = cx.given(&server.args).map(|given| ("args", given.span));
    let env = cx.given(&server.env).map(|given| ("env", given.span));
    for (field, span) in [command, args, env].into_iter().flatten() {
        let remedy = format!("remove `{field}`, or write `type: stdio` and remove `url`");
        let place = cx.missing_from(Some(span));
        cx.report(problems::transport_mismatch(field, kind.word(), place, &remedy));
    }
    let url = cx.required(&server.url, Some(item.span), "mcp.servers.url", "url: https://example.org/mcp")?;
    if !cx.fits(url, "mcp.servers.url", limits::URI) {
        return None;
    }
    if let Err(problem) = uri::check(&url.value, &["https", "http"]) {
        let place = problem.range().map_or(url.span, |range| cx.inside(url.span, range));
        cx.report(problems::invalid_server_url(&url.value, &problem, place));
        return None;
    }
    Some(url.value.clone())
}
