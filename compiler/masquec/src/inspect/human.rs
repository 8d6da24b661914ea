//! The inspection as people read it.

use masque_abi::manifest::{Action, Clauses, MatchMode, McpServer, McpTransport, ParamType, Rule};
use masque_decode::Template;

use super::{Contents, Inspection, Known, world_exports};
use crate::output::{Ink, Paint, counted, printable, section};

/// Bytes of a page of memory.
const PAGE: u64 = 65_536;

pub(super) fn render(inspection: &Inspection, paint: Paint) -> String {
    let mut out = String::new();
    match &inspection.contents {
        Contents::Known(known) => describe(&mut out, inspection, known, paint),
        Contents::Foreign { reason, loads } => {
            section(&mut out, paint, "file", [printable(&inspection.file)]);
            section(&mut out, paint, "sha256", [&inspection.sha256]);
            section(&mut out, paint, "foreign", [printable(reason)]);
            match loads {
                None => section(
                    &mut out,
                    paint,
                    "loads",
                    ["`--foreign` finds out whether a host that opted in would load it"],
                ),
                Some(Ok(())) => {
                    section(&mut out, paint, "loads", ["where the host opted in"]);
                    exports(&mut out, paint);
                }
                Some(Err(reason)) => {
                    section(&mut out, paint, "loads", [format!("not at all: {}", printable(reason))]);
                }
            }
        }
    }
    size(&mut out, inspection, paint);
    out
}

fn describe(out: &mut String, inspection: &Inspection, known: &Known, paint: Paint) {
    let identity = &known.manifest.identity;
    let name = identity.display_name.as_ref().unwrap_or(&identity.name);
    let index = identity.index.map(|index| format!(", index {index}")).unwrap_or_default();
    let source = &known.manifest.source;
    let about = format!(
        "{} {}, ring {}{index}",
        printable(&identity.id),
        printable(&identity.version),
        identity.ring
    );
    section(out, paint, "masque", [paint.with(Ink::Heading, name), about]);
    section(out, paint, "file", [printable(&inspection.file)]);
    section(
        out,
        paint,
        "sha256",
        [
            format!("{}  component", inspection.sha256),
            format!("{}  core module", printable(&known.manifest.core_sha256)),
            format!("{}  source {}", printable(&source.sha256), printable(&source.file)),
        ],
    );
    params(out, known, paint);
    rules(out, known, paint);
    describe_about(out, known, paint);
    program(out, known, paint);
    cost(out, known, paint);
    exports(out, paint);
    limits(out, inspection, known, paint);
    automata(out, known, paint);
}

fn rules(out: &mut String, known: &Known, paint: Paint) {
    let Some(intent) = &known.manifest.intent else {
        section(out, paint, "rules", ["none: every intent is allowed"]);
        return;
    };
    let clauses = match intent.clauses {
        Clauses::Whole => "an intent is judged as a whole",
        Clauses::Each => "an intent is judged clause by clause",
    };
    let mut lines = vec![format!("{}; {clauses}", counted(intent.rules.len(), "rule"))];
    let at = |rule: &Rule| format!("{}:{}", rule.at.line, rule.at.column);
    let width = intent.rules.iter().map(|rule| at(rule).len()).max().unwrap_or(0);
    lines.extend(intent.rules.iter().map(|rule| {
        let action = match rule.action {
            Action::Allow => paint.with(Ink::Good, "allow"),
            Action::Deny => paint.with(Ink::Bad, "deny "),
        };
        let mode = match rule.mode {
            MatchMode::Verb => "",
            MatchMode::Exact => " (exact)",
        };
        let because = rule
            .because
            .as_ref()
            .map(|because| format!("  because {}", printable(because).replace('\n', " ")));
        format!(
            "{:>width$}  {action} \"{}\"{mode}{}{}",
            at(rule),
            printable(&rule.pattern),
            when(known, rule.when),
            because.unwrap_or_default()
        )
    }));
    section(out, paint, "rules", lines);
}

fn params(out: &mut String, known: &Known, paint: Paint) {
    let lines = known.manifest.params.iter().map(|param| {
        let kind = match param.kind {
            ParamType::Bool => "bool".to_owned(),
            ParamType::Int => "int".to_owned(),
            ParamType::String => "string".to_owned(),
            ParamType::Duration => "duration".to_owned(),
            ParamType::Ring => "ring".to_owned(),
            ParamType::Version => "version".to_owned(),
            ParamType::Choice => {
                let values = param.one_of.iter().map(|value| format!("\"{value}\""));
                values.collect::<Vec<_>>().join(" | ")
            }
        };
        let default = match &param.default {
            Some(value) => format!(" = \"{value}\""),
            None => "  has to be set".to_owned(),
        };
        printable(&format!("{}: {kind}{default}", param.name))
    });
    section(out, paint, "params", lines);
    let conditions = known.manifest.conditions.iter().map(|text| printable(text).replace('\n', " "));
    section(out, paint, "conditions", conditions);
}

/// The condition of something that is not always there.
fn when(known: &Known, when: Option<usize>) -> String {
    let text = when.and_then(|when| known.manifest.conditions.get(when));
    text.map(|text| format!("  when {}", printable(text).replace('\n', " "))).unwrap_or_default()
}

fn describe_about(out: &mut String, known: &Known, paint: Paint) {
    let about = &known.manifest.about;
    let skills = about.skills.iter().map(|skill| {
        let level = skill.level.as_ref().map(|level| format!("  {}", printable(level)));
        format!("{}{}", printable(&skill.uri), level.unwrap_or_default())
    });
    section(out, paint, "skills", skills);
    section(out, paint, "servers", about.mcp_servers.iter().map(server));
    let attributes = about.attributes.iter().map(|(key, value)| printable(&format!("{key}: {value}")));
    section(out, paint, "attributes", attributes);
    if let Some(score) = about.performance.as_ref().and_then(|performance| performance.score.as_ref()) {
        section(out, paint, "score", [printable(score)]);
    }
    section(out, paint, "domain", some(&about.domain.join(", ")));
    section(out, paint, "tone", some(&about.tone.join(", ")));
    section(out, paint, "safety", some(&about.safety_tags.join(", ")));
}

/// A line where there is something to say.
fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| printable(text))
}

fn server(server: &McpServer) -> String {
    let reach = match &server.transport {
        // The values of the environment may be secrets.
        McpTransport::Stdio { command, args, env } => {
            let variables = env.keys().map(|name| format!(" {name}=…")).collect::<String>();
            format!("stdio  {} {}{variables}", command, args.join(" "))
        }
        McpTransport::Http { url } => format!("http   {url}"),
        McpTransport::Sse { url } => format!("sse    {url}"),
    };
    printable(&format!("{}  {reach}", server.name))
}

fn program(out: &mut String, known: &Known, paint: Paint) {
    let program = &known.program;
    section(
        out,
        paint,
        "knowledge",
        program.knowledge.iter().map(|item| format!("{}{}", printable(&item.value), when(known, item.when))),
    );
    let access = program.access.iter().map(|item| {
        let grant = printable(&format!("{}  {}", item.value.provider, item.value.role));
        format!("{grant}{}", when(known, item.when))
    });
    section(out, paint, "access", access);
    let text = |template: &Template| match template.as_constant() {
        Some(text) => counted(text.len(), "byte"),
        None => format!("a template of {}", counted(template.steps.len(), "step")),
    };
    section(
        out,
        paint,
        "texts",
        [format!("context {}, lens {}", text(&program.context), text(&program.lens))],
    );
}

/// What depends on the session costs: every figure is a bound.
fn cost(out: &mut String, known: &Known, paint: Paint) {
    if known.manifest.conditions.is_empty() && known.program.logic.params.is_empty() {
        return;
    }
    let cost = known.program.cost();
    let steps = |count| counted(count, "step");
    let lines = [
        format!(
            "an intent: at most {} of conditions with {} over texts of the session, then {}",
            steps(cost.guard_operations),
            automata_count(cost.guard_automata),
            automata_count(cost.parts),
        ),
        format!("all conditions: {}", steps(cost.condition_operations)),
        format!("context and lens: at most {}", steps(cost.template_steps)),
    ];
    section(out, paint, "cost", lines);
}

fn automata_count(count: usize) -> String {
    if count == 1 { "1 automaton".to_owned() } else { format!("{count} automata") }
}

fn exports(out: &mut String, paint: Paint) {
    section(out, paint, "exports", world_exports().map(|(name, signature)| format!("{name}: {signature}")));
}

fn limits(out: &mut String, inspection: &Inspection, known: &Known, paint: Paint) {
    let pages = |pages: u64| {
        format!("{} ({} KiB)", counted(pages.try_into().unwrap_or(usize::MAX), "page"), pages * PAGE / 1024)
    };
    let host = &inspection.limits;
    section(
        out,
        paint,
        "limits",
        [
            format!(
                "memory: {} now, {} at most",
                pages(known.memory_pages.start),
                pages(known.memory_pages.end)
            ),
            format!(
                "host: components up to {} KiB, intents up to {} bytes",
                host.wasm_bytes >> 10,
                host.intent_bytes
            ),
            format!(
                "host: a call has {} units of fuel, {:?}, {} KiB of stack, {} KiB of memory",
                host.fuel,
                host.deadline,
                host.stack_bytes >> 10,
                host.memory_bytes >> 10
            ),
        ],
    );
}

fn automata(out: &mut String, known: &Known, paint: Paint) {
    let default = format!("{} where no automaton decides", known.program.default);
    let lines = known.automata.iter().map(|automaton| {
        format!(
            "{}, {}, cells of {}, table of {}",
            counted(automaton.states, "state"),
            if automaton.classes == 1 {
                "1 class".to_owned()
            } else {
                format!("{} classes", automaton.classes)
            },
            counted(automaton.cell_width, "byte"),
            counted(automaton.table_bytes, "byte"),
        )
    });
    section(out, paint, "automata", lines.chain([default]));
}

fn size(out: &mut String, inspection: &Inspection, paint: Paint) {
    let total = ("total", inspection.total);
    let width = total.1.to_string().len();
    let named = inspection.size.iter().chain([&total]);
    section(out, paint, "size", named.map(|(name, bytes)| format!("{bytes:>width$}  {name}")));
}
