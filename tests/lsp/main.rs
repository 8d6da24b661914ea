//! `masquec lsp` as an editor drives it: the real server, over its standard streams.

mod client;

use std::fs;

use client::{Client, shown};
use serde_json::{Value, json};

const BROKEN: &str = "name: Slips # 🎭\nversion: \"1.0\"\nring: playr\nlens: x\n";

const GARDENER: &str = "use std/git\nset mine { \"water *\" }\nmasque Gardener extends \"./parent\" {\n  version 1.0.0\n  \
    param beds: int = 3\n  let many = beds > 2\n  intent {\n    allow also mine\n    deny \"prune *\" when many\n    allow also std/git/read\n  }\n  \
    lens \"\"\"\n    {if many} {beds} beds. {end}\n  \"\"\"\n  test \"mornings\" {\n    allow \"water the roses\"\n  }\n}\n";
const PARENT: &str =
    "masque Parent {\n  version 1.2.0\n  ring guest\n  intent { allow \"walk *\" }\n  lens \"Slowly.\"\n}\n";

/// A server over a folder with these files.
struct Session {
    client: Client,
    folder: tempfile::TempDir,
}

impl Session {
    fn new(files: &[(&str, &str)], encodings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        Self { client: Client::start(folder.path(), encodings), folder }
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}/{name}", self.folder.path().display())
    }

    /// Opens a text, and says where its marks `$0` are, as line and UTF-8 column.
    fn open(&mut self, name: &str, text: &str) -> String {
        let uri = self.uri(name);
        self.client.open(&uri, text);
        uri
    }

    /// Asks about the first place of `text` in a document.
    fn at(&mut self, method: &str, uri: &str, document: &str, text: &str) -> Value {
        self.client.request(method, &place(uri, document, text))
    }
}

fn place(uri: &str, document: &str, text: &str) -> Value {
    let at = document.find(text).unwrap_or_else(|| panic!("no `{text}`"));
    let line = document[..at].matches('\n').count();
    let column = at - document[..at].rfind('\n').map_or(0, |found| found + 1);
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": column } })
}

#[test]
fn findings_are_pushed_and_pulled_while_a_text_is_written() {
    let mut session = Session::new(&[], &["utf-8"]);
    assert_eq!(session.client.capabilities["positionEncoding"], "utf-8");
    let uri = session.open("a.masque.yaml", BROKEN);
    assert_eq!(session.client.published(&uri), ["M0207 1:9", "M0107 2:6"]);
    let pulled =
        session.client.request("textDocument/diagnostic", &json!({ "textDocument": { "uri": uri } }));
    assert_eq!(shown(&pulled["items"]), ["M0207 1:9", "M0107 2:6"]);
    assert!(pulled["items"][1]["message"].as_str().expect("a text").contains("expected `admin`"), "{pulled}");
    let change = json!({ "range": { "start": { "line": 2, "character": 6 }, "end": { "line": 2, "character": 11 } }, "text": "guest" });
    let change = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [change] });
    session.client.notify("textDocument/didChange", &change);
    assert_eq!(session.client.published(&uri), ["M0207 1:9"]);
    session.client.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    assert_eq!(session.client.published(&uri), Vec::<String>::new());
    session.client.end();
}

#[test]
fn columns_count_what_was_agreed_on() {
    let text = "name: \"🎭\"\nring: guest\nversion: 1.0.0\nlens: \"🎭é\" x\n";
    for (encodings, agreed, column) in
        [(&["utf-16"][..], "utf-16", 12), (&["utf-32", "utf-8"], "utf-8", 15), (&[], "utf-16", 12)]
    {
        let mut session = Session::new(&[], encodings);
        assert_eq!(session.client.capabilities["positionEncoding"], agreed);
        let uri = session.open("a.masque.yaml", text);
        assert_eq!(session.client.published(&uri), [format!("M0001 3:{column}")], "{agreed}");
    }
}

#[test]
fn fixes_are_actions() {
    let mut session = Session::new(&[], &["utf-8"]);
    let uri = session.open("a.masque.yaml", BROKEN);
    let range = json!({ "start": { "line": 2, "character": 7 }, "end": { "line": 2, "character": 7 } });
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } });
    let actions = session.client.request("textDocument/codeAction", &params);
    let fix = &actions[0];
    assert_eq!((&fix["title"], &fix["kind"]), (&json!("replace `playr` with `player`"), &json!("quickfix")));
    assert_eq!(fix["edit"]["changes"][&uri][0]["newText"], "player");
    let all = actions.as_array().expect("a list").last().expect("an action");
    assert_eq!(all["kind"], "source.fixAll");
    let replaced = &all["edit"]["changes"][&uri][0]["newText"];
    assert_eq!(replaced, ".0\"\nring: playe", "as little as possible is replaced");
}

#[test]
fn an_unsaved_parent_is_seen_by_its_child() {
    let mut session = Session::new(&[("parent.masque", PARENT)], &["utf-8"]);
    let child = session.open("gardener.masque", GARDENER);
    assert_eq!(session.client.published(&child), Vec::<String>::new());
    let parent = session.open("parent.masque", &PARENT.replace("ring guest", "ring gest"));
    assert_eq!(session.client.published(&parent), ["M0107 2:7"]);
    assert_eq!(session.client.published(&child), ["M0809 2:24"]);
}

#[test]
fn what_a_word_means_is_shown_and_what_may_follow_is_offered() {
    let mut session = Session::new(
        &[("parent.masque", PARENT), ("b.masque.yaml", "knowledge: [mcp://shed/tools]\n")],
        &["utf-8"],
    );
    let yaml = "name: A\nring: guest\nintent:\n  allowed: [\"deploy *\"]\nknowledge:\n  - \nlens: x\n";
    let uri = session.open("a.masque.yaml", yaml);
    let ring = session.at("textDocument/hover", &uri, yaml, "ring");
    assert!(
        ring["contents"]["value"].as_str().expect("a text").contains("`player` where it is left out"),
        "{ring}"
    );
    let pattern = session.at("textDocument/hover", &uri, yaml, "ploy *");
    let pattern = pattern["contents"]["value"].as_str().expect("a text").to_owned();
    assert!(pattern.contains("- deploying …") && pattern.contains("- deployed …"), "{pattern}");
    let labels = |found: Value| -> Vec<String> {
        found
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| item["label"].as_str().expect("a text").to_owned())
            .collect()
    };
    let words = labels(session.at("textDocument/completion", &uri, yaml, "guest"));
    assert_eq!(words, ["admin", "player", "guest", "outsider"]);
    let uris = labels(session.at("textDocument/completion", &uri, yaml, "\nlens"));
    assert_eq!(uris, ["mcp://shed/tools"]);
    let language = session.open("gardener.masque", GARDENER);
    let statements = labels(session.at("textDocument/completion", &language, GARDENER, "deny \"prune"));
    assert!(statements.contains(&"allow".to_owned()), "{statements:?}");
    let libraries = labels(session.at("textDocument/completion", &language, GARDENER, "git\n"));
    assert!(libraries.contains(&"std/destructive".to_owned()), "{libraries:?}");
}

#[test]
fn names_lead_to_where_they_are_given_and_are_renamed_together() {
    let mut session = Session::new(&[("parent.masque", PARENT)], &["utf-8"]);
    let uri = session.open("gardener.masque", GARDENER);
    let given = session.at("textDocument/definition", &uri, GARDENER, "beds > 2");
    assert_eq!(given["range"]["start"], json!({ "line": 4, "character": 8 }));
    let parent = session.at("textDocument/definition", &uri, GARDENER, "./parent");
    assert!(parent["uri"].as_str().expect("a URI").ends_with("/parent.masque"), "{parent}");
    let mut params = place(&uri, GARDENER, "many = beds");
    params["context"] = json!({ "includeDeclaration": true });
    let used = session.client.request("textDocument/references", &params);
    let lines: Vec<u64> = used
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|at| at["range"]["start"]["line"].as_u64())
        .collect();
    assert_eq!(lines, [5, 8, 12]);
    let mut params = place(&uri, GARDENER, "mine {");
    params["newName"] = json!("ours");
    let renamed = session.client.request("textDocument/rename", &params);
    assert_eq!(renamed["changes"][&uri].as_array().map(Vec::len), Some(2), "{renamed}");
    params["newName"] = json!("not a name");
    assert_eq!(session.client.ask("textDocument/rename", &params)["error"]["code"], -32602);
    let mut params = place(&uri, GARDENER, "std/git/read");
    params["newName"] = json!("x");
    let refused = session.client.ask("textDocument/rename", &params);
    assert!(refused["error"]["message"].as_str().expect("a text").contains("of this file"), "{refused}");
}

#[test]
fn a_text_is_laid_out_folded_outlined_and_linked() {
    let mut session = Session::new(&[("parent.masque", PARENT)], &["utf-8"]);
    let untidy = GARDENER.replace("  version 1.0.0\n", "     version   1.0.0\n");
    let uri = session.open("gardener.masque", &untidy);
    let document =
        json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = session.client.request("textDocument/formatting", &document);
    assert!(!edits.as_array().expect("a list").is_empty(), "{edits}");
    let mut lines = document.clone();
    lines["range"] = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 2, "character": 0 } });
    let elsewhere = session.client.request("textDocument/rangeFormatting", &lines);
    lines["range"] = json!({ "start": { "line": 3, "character": 0 }, "end": { "line": 3, "character": 1 } });
    let here = session.client.request("textDocument/rangeFormatting", &lines);
    let touches = |edits: &Value| {
        edits
            .as_array()
            .expect("a list")
            .iter()
            .any(|edit| edit["newText"].as_str().is_some_and(|text| text.contains("  version 1.0.0\n")))
    };
    assert!(!touches(&elsewhere) && touches(&here), "{elsewhere} {here}");
    let tokens = session.client.request("textDocument/semanticTokens/full", &document);
    assert_eq!(
        tokens["data"].as_array().expect("a list")[..5],
        [0, 4, 7, 4, 0].map(|n| json!(n)),
        "`std/git` is a file: {tokens}"
    );
    let symbols = session.client.request("textDocument/documentSymbol", &document);
    let names: Vec<&str> = symbols[0]["children"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|child| child["name"].as_str())
        .collect();
    assert_eq!(
        (symbols[0]["name"].as_str(), names),
        (Some("Gardener"), vec!["mine", "beds", "many", "intent", "lens", "mornings"])
    );
    let folds = session.client.request("textDocument/foldingRange", &document);
    assert!(folds.as_array().expect("a list").len() >= 3, "{folds}");
    let links = session.client.request("textDocument/documentLink", &document);
    assert_eq!(links.as_array().map(Vec::len), Some(1), "the standard library is no file: {links}");
    let position = place(&uri, &untidy, "prune")["position"].clone();
    let selections = session.client.request(
        "textDocument/selectionRange",
        &json!({ "textDocument": { "uri": uri }, "positions": [position] }),
    );
    assert!(selections[0]["parent"]["parent"].is_object(), "{selections}");
    let found = session.client.request("workspace/symbol", &json!({ "query": "paren" }));
    assert_eq!(found[0]["name"], "Parent");
}

#[test]
fn intents_are_tried_and_tests_are_run() {
    let mut session = Session::new(&[("parent.masque", PARENT)], &["utf-8"]);
    let uri = session.open("gardener.masque", GARDENER);
    let lenses = session.client.request("textDocument/codeLens", &json!({ "textDocument": { "uri": uri } }));
    let titles: Vec<&str> = lenses
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|lens| lens["command"]["title"].as_str())
        .collect();
    assert!(titles[0].ends_with(" bytes") && titles[1] == "run test", "{titles:?}");
    let command = lenses[1]["command"].clone();
    let run = session.client.request(
        "workspace/executeCommand",
        &json!({ "command": command["command"], "arguments": command["arguments"] }),
    );
    assert_eq!((&run["name"], &run["status"]), (&json!("mornings"), &json!("passed")));
    let tried = session.client.request(
        "workspace/executeCommand",
        &json!({ "command": "masque.tryIntent", "arguments": [uri, "Pruning the roses"] }),
    );
    assert_eq!((&tried["decision"], &tried["rules"][0]["pattern"]), (&json!("denied"), &json!("prune *")));
}

#[test]
fn nothing_that_an_editor_sends_ends_the_server() {
    let mut session = Session::new(&[], &[]);
    let nowhere = json!({ "textDocument": { "uri": "file:///nowhere.masque" }, "position": { "line": 9, "character": 9 } });
    assert!(session.client.ask("textDocument/hover", &nowhere)["error"].is_object());
    assert_eq!(session.client.ask("textDocument/unheardOf", &json!({}))["error"]["code"], -32601);
    assert_eq!(session.client.ask("textDocument/hover", &json!([1]))["error"]["code"], -32602);
    session.client.notify("textDocument/didChange", &json!({ "broken": true }));
    let methods = [
        "hover",
        "completion",
        "definition",
        "references",
        "prepareRename",
        "documentSymbol",
        "foldingRange",
        "documentLink",
        "codeLens",
        "formatting",
    ];
    let texts = [
        "",
        "masque",
        "masque A {",
        "{\"a\": [",
        "a: [b\n  c: |\n",
        "\u{feff}masque A { lens \"\"\"{if",
        "🎭: \t\r\n\r- é\n",
        "intent:\n  allowed:\n    - {",
    ];
    for (number, text) in texts.iter().enumerate() {
        for ending in ["masque", "masque.yaml", "mask.json"] {
            let uri = session.uri(&format!("{number}.{ending}"));
            session.client.open(&uri, text);
            for method in methods {
                for (line, character) in [(0, 0), (0, 5), (1, 3), (99, 99)] {
                    let params = json!({
                        "textDocument": { "uri": uri }, "position": { "line": line, "character": character },
                        "context": { "includeDeclaration": true }, "options": { "tabSize": 2, "insertSpaces": true },
                    });
                    let answer = session.client.ask(&format!("textDocument/{method}"), &params);
                    assert_ne!(
                        answer["error"]["code"], -32603,
                        "{method} at {line}:{character} of {text:?}: {answer}"
                    );
                }
            }
        }
    }
    session.client.end();
}

#[test]
fn what_was_cancelled_is_not_answered() {
    let mut session = Session::new(&[], &[]);
    let uri = session.uri("a.masque.yaml");
    // All of it is there before the server looks: a large text keeps it busy meanwhile.
    let rules: String = (0..3000).map(|n| format!("    - \"do {n} *\"\n")).collect();
    session
        .client
        .open(&uri, &format!("name: A\nring: guest\nversion: 1.0.0\nlens: x\nintent:\n  allowed:\n{rules}"));
    let hover = |id| json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": { "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } } });
    session.client.send(&hover(7001));
    session.client.send(&hover(7002));
    session.client.send(&json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 7002 } }));
    assert!(session.client.answer(7001)["result"].is_object());
    assert_eq!(session.client.answer(7002)["error"]["code"], -32800);
}
