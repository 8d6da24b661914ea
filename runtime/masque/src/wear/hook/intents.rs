//! What a tool call amounts to, as intents. `docs/hook.md` has the same tables for people.

use serde_json::{Map, Value};

/// Tools whose target says what is done: the tool, the verb, and where the target stands.
const TOOLS: &[(&str, &str, &[&str])] = &[
    ("Read", "read", &["file_path"]),
    ("NotebookRead", "read", &["notebook_path"]),
    ("Write", "write", &["file_path"]),
    ("Edit", "edit", &["file_path"]),
    ("MultiEdit", "edit", &["file_path"]),
    ("NotebookEdit", "edit", &["notebook_path"]),
    ("LS", "list", &["path"]),
    ("Glob", "search", &["pattern", "path"]),
    ("Grep", "search", &["pattern", "path"]),
    ("WebFetch", "fetch", &["url"]),
    ("WebSearch", "search", &["query"]),
    ("Task", "delegate", &["description", "prompt"]),
    ("Agent", "delegate", &["description", "prompt"]),
];

/// Texts of any tool that are intents as they stand.
const SAID: &[&str] = &["command", "description"];

/// Targets of tools that are in no table.
const TARGETS: &[&str] = &["file_path", "notebook_path", "path", "url", "query"];

/// Programs that are verbs under another name.
const PROGRAMS: &[(&str, &str)] = &[
    ("rm", "delete"),
    ("rmdir", "delete"),
    ("unlink", "delete"),
    ("shred", "destroy"),
    ("dd", "overwrite"),
    ("truncate", "overwrite"),
    ("mv", "move"),
    ("cp", "copy"),
    ("cat", "read"),
    ("curl", "fetch"),
    ("wget", "fetch"),
    ("kill", "kill"),
    ("pkill", "kill"),
    ("killall", "kill"),
];

/// Programs that are named before the one that counts.
const BEFORE: &[&str] =
    &["sudo", "doas", "env", "command", "exec", "nohup", "nice", "time", "xargs", "then", "do", "else"];

/// How many words of a command may be its verb, the program among them.
const VERBS: usize = 5;

/// Everything that is said of a call, each once.
pub(super) fn of(tool: &str, input: &Map<String, Value>) -> Vec<String> {
    let text = |name: &str| input.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let mut said = Vec::new();
    for name in SAID {
        said.extend(text(name).map(str::to_owned));
    }
    if let Some(command) = text("command") {
        for part in parts(command) {
            said.extend(of_command(part));
        }
    }
    match TOOLS.iter().find(|(name, ..)| *name == tool) {
        Some((_, verb, places)) => {
            said.extend(
                places.iter().filter_map(|place| text(place)).map(|target| format!("{verb} {target}")),
            );
            if said.is_empty() {
                said.push((*verb).to_owned());
            }
        }
        None => {
            // A server's tool is named by its own words: mcp__github__delete_repository is "delete repository".
            let own = tool.rsplit("__").next().unwrap_or(tool).replace(['_', '-'], " ");
            let targets: Vec<&str> = TARGETS.iter().filter_map(|place| text(place)).collect();
            if tool != "Bash" {
                said.push(own.clone());
            }
            said.extend(targets.iter().map(|target| format!("{own} {target}")));
        }
    }
    let mut once = std::collections::BTreeSet::new();
    said.retain(|intent| once.insert(intent.clone()));
    said
}

/// The commands of a line of shell. Cutting within quotes gives texts too many, and none too few.
fn parts(command: &str) -> impl Iterator<Item = &str> {
    command
        .split(['\n', ';', '|', '&', '(', ')', '{', '}', '`'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// The words of a command, and what it amounts to with each of its first words as the verb: `bash -c "rm -rf a"` is `delete a` as well.
fn of_command(part: &str) -> Vec<String> {
    let assigns =
        |word: &str| word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.contains('/'));
    let words: Vec<&str> = part
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'', '\\', '$']))
        .skip_while(|word| assigns(word) || BEFORE.contains(word) || word.starts_with('-'))
        .collect();
    let Some((program, rest)) = words.split_first() else { return Vec::new() };
    let mut said = vec![[&[name(program)], rest].concat().join(" ")];
    let stated: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('-')).collect();
    for (at, word) in stated.iter().enumerate().take(VERBS) {
        let (word, objects) = (name(word), &stated[at + 1..]);
        if !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()) {
            said.push([&[word], objects].concat().join(" "));
        }
        if let Some((_, verb)) = PROGRAMS.iter().find(|(program, _)| *program == word) {
            said.push([&[*verb], objects].concat().join(" "));
        }
    }
    said
}

/// What a program is called, without the folder that it lies in.
fn name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(tool: &str, input: &Value) -> Vec<String> {
        of(tool, input.as_object().unwrap())
    }

    #[test]
    fn a_call_amounts_to_intents() {
        for (tool, input, intent) in [
            ("Bash", serde_json::json!({ "command": "ls", "description": "Delete it" }), "Delete it"),
            ("Bash", serde_json::json!({ "command": "cd /tmp && sudo rm -rf data" }), "delete data"),
            ("Bash", serde_json::json!({ "command": "X=1 /bin/rm -rf a b" }), "delete a b"),
            ("Bash", serde_json::json!({ "command": "echo $(\\rm x)" }), "delete x"),
            ("Bash", serde_json::json!({ "command": "kubectl -n prod delete pod web" }), "delete pod web"),
            ("Bash", serde_json::json!({ "command": "terraform destroy" }), "destroy"),
            ("Bash", serde_json::json!({ "command": "bash -c \"rm -rf a\"" }), "delete a"),
            (
                "Bash",
                serde_json::json!({ "command": "find . -name '*.log' -exec /bin/rm -f x +" }),
                "delete x +",
            ),
            ("Bash", serde_json::json!({ "command": "timeout 5 rm a" }), "delete a"),
            ("Bash", serde_json::json!({ "command": "sudo 'kubectl' delete pod" }), "delete pod"),
            ("Write", serde_json::json!({ "file_path": "/etc/hosts", "content": "x" }), "write /etc/hosts"),
            ("WebFetch", serde_json::json!({ "url": "https://a.example" }), "fetch https://a.example"),
            ("mcp__github__delete_repository", serde_json::json!({ "name": "x" }), "delete repository"),
            ("Frob", serde_json::json!({ "path": "/x" }), "Frob /x"),
            ("Read", serde_json::json!({}), "read"),
        ] {
            let said = said(tool, &input);
            assert!(said.iter().any(|said| said == intent), "{tool} {input}: {said:?}");
        }
    }
}
