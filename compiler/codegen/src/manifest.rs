//! IR to manifest.

mod session;

use std::sync::LazyLock;

use masque_abi::manifest as wire;
use masque_abi::{Manifest, Ring, hex};
use masque_ir as ir;
use sha2::{Digest, Sha256};

use crate::deciding::Deciding;

/// The verb table never changes while the compiler runs.
static VERBS: LazyLock<String> = LazyLock::new(|| sha256(masque_automata::verbs::TABLE.as_bytes()));

pub(crate) fn describe(masque: &ir::Masque, deciding: &Deciding, core: &[u8]) -> Manifest {
    Manifest {
        format: wire::FORMAT,
        identity: identity(&masque.identity),
        source: wire::Source {
            file: masque.source.name.clone(),
            sha256: sha256(masque.source.text.as_bytes()),
            warnings: 0,
        },
        core_sha256: sha256(core),
        inherited: masque.inherited.iter().map(session::inherited).collect(),
        widened: masque.widened.iter().map(session::widened).collect(),
        params: masque.params.iter().map(session::param).collect(),
        conditions: masque.conditions.iter().map(|condition| condition.text.clone()).collect(),
        ensures: masque.ensures.iter().map(session::ensure).collect(),
        intent: masque.intent.as_ref().map(|rules| intent(rules, deciding)),
        about: about(&masque.about),
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn identity(identity: &ir::Identity) -> wire::Identity {
    wire::Identity {
        id: identity.id.clone(),
        name: identity.name.clone(),
        display_name: identity.display_name.clone(),
        index: identity.index,
        version: identity.version.to_string(),
        ring: match identity.ring {
            ir::Ring::Outsider => Ring::Outsider,
            ir::Ring::Guest => Ring::Guest,
            ir::Ring::Player => Ring::Player,
            ir::Ring::Admin => Ring::Admin,
        },
    }
}

fn intent(intent: &ir::Intent, deciding: &Deciding) -> wire::Intent {
    let divided = !matches!(&*deciding.parts, [part] if part.rules.len() == intent.rules.len());
    let parts = deciding.parts.iter().filter(|_| divided).map(|part| part.rules.clone()).collect();
    wire::Intent {
        clauses: match intent.clauses {
            ir::Clauses::Whole => wire::Clauses::Whole,
            ir::Clauses::Each => wire::Clauses::Each,
        },
        verbs_sha256: VERBS.clone(),
        rules: intent.rules.iter().map(rule).collect(),
        parts,
    }
}

fn rule(rule: &ir::Rule) -> wire::Rule {
    wire::Rule {
        action: match rule.action {
            ir::Action::Allow => wire::Action::Allow,
            ir::Action::Deny => wire::Action::Deny,
        },
        mode: mode(rule.mode),
        pattern: rule.pattern.clone(),
        when: rule.when.map(|ir::ConditionId(condition)| condition),
        because: rule.because.clone(),
        set: rule.set.clone(),
        file: rule.place.file,
        at: place(rule.place),
    }
}

fn mode(mode: ir::MatchMode) -> wire::MatchMode {
    match mode {
        ir::MatchMode::Verb => wire::MatchMode::Verb,
        ir::MatchMode::Exact => wire::MatchMode::Exact,
    }
}

fn place(ir::Place { line, column, start, end, .. }: ir::Place) -> wire::Place {
    wire::Place { line, column, start, end }
}

fn about(about: &ir::About) -> wire::About {
    wire::About {
        attributes: about.attributes.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        skills: about.skills.iter().map(skill).collect(),
        performance: about.performance.as_ref().map(performance),
        mcp_servers: about.mcp_servers.iter().map(server).collect(),
        spinner_verbs: about.spinner_verbs.as_ref().map(|spinner| wire::SpinnerVerbs {
            mode: match spinner.mode {
                ir::SpinnerMode::Replace => "replace",
                ir::SpinnerMode::Append => "append",
                ir::SpinnerMode::Prepend => "prepend",
            }
            .to_owned(),
            verbs: spinner.verbs.clone(),
        }),
        rubric: about.rubric.clone(),
        domain: about.domain.clone(),
        tone: about.tone.clone(),
        skillset: about.skillset.clone(),
        format: about.format.clone(),
        examples: (about.examples.iter())
            .map(|example| wire::Example { input: example.input.clone(), output: example.output.clone() })
            .collect(),
        prompt_schema_version: about.prompt_schema_version.clone(),
        default_llm: about.default_llm.clone(),
        max_context_tokens: about.max_context_tokens,
        safety_tags: about.safety_tags.clone(),
        changelog: (about.changelog.iter())
            .map(|entry| wire::ChangelogEntry {
                version: entry.version.clone(),
                date: entry.date.clone(),
                text: entry.text.clone(),
            })
            .collect(),
    }
}

fn skill(skill: &ir::Skill) -> wire::Skill {
    let level = skill.level.map(|level| match level {
        ir::SkillLevel::Novice => "novice",
        ir::SkillLevel::Competent => "competent",
        ir::SkillLevel::Proficient => "proficient",
        ir::SkillLevel::Expert => "expert",
        ir::SkillLevel::Master => "master",
    });
    wire::Skill { uri: skill.uri.clone(), level: level.map(str::to_owned) }
}

fn performance(performance: &ir::Performance) -> wire::Performance {
    wire::Performance {
        score: performance.score.map(|score| symbol(score).to_owned()),
        history: (performance.history.iter())
            .map(|entry| wire::ScoreEntry {
                date: entry.date.clone(),
                score: symbol(entry.score).to_owned(),
                notes: entry.notes.clone(),
            })
            .collect(),
    }
}

fn symbol(score: ir::Score) -> &'static str {
    match score {
        ir::Score::Additive => "+",
        ir::Score::Negative => "-",
        ir::Score::Dividing => "/",
        ir::Score::Multiplicative => "*",
        ir::Score::Exponential => "e",
    }
}

fn server(server: &ir::McpServer) -> wire::McpServer {
    let transport = match &server.transport {
        ir::McpTransport::Stdio { command, args, env } => wire::McpTransport::Stdio {
            command: command.clone(),
            args: args.clone(),
            env: env.iter().cloned().collect(),
        },
        ir::McpTransport::Http { url } => wire::McpTransport::Http { url: url.clone() },
        ir::McpTransport::Sse { url } => wire::McpTransport::Sse { url: url.clone() },
    };
    wire::McpServer { name: server.name.clone(), transport }
}

/// Free data as JSON. A number that JSON can't hold exactly (`.inf`, a long one) stays the text that the author wrote.
fn json(value: &ir::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        ir::Value::Null => Json::Null,
        ir::Value::Bool(truth) => Json::Bool(*truth),
        ir::Value::Number(digits) => {
            let number = serde_json::from_str::<serde_json::Number>(digits).ok();
            let exact = number.filter(|number| digits.eq(&number.to_string()));
            exact.map_or_else(|| Json::String(digits.clone()), Json::Number)
        }
        ir::Value::Text(text) => Json::String(text.clone()),
        ir::Value::List(items) => Json::Array(items.iter().map(json).collect()),
        ir::Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.clone(), json(value))).collect())
        }
    }
}
