//! Editors that know YAML and nothing of masques: the modeline of a persona names the JSON Schema, and their language server checks against it.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use serde_json::json;

use super::lsp::Server;
use super::npm::ROOT;

/// A persona with the modeline, in a folder beside the schema; what is found in it.
pub(crate) fn checks(installed: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let schema = folder.path().join("masque.schema.json");
    std::fs::copy(Path::new(ROOT).join("grammar/masque.schema.json"), &schema)?;
    let settings = json!({ "yaml": { "validate": true, "schemaStore": { "enable": false } } });
    let program = installed.join("node_modules/yaml-language-server/bin/yaml-language-server");
    let mut server = Server::start(Command::new("node").arg(program).arg("--stdio"), &settings)?;
    let homelab = std::fs::read_to_string(Path::new(ROOT).join("personas/homelab.masque.yaml"))?;
    let cases: [(&str, String, &[&str]); 4] = [
        ("good", homelab.clone(), &[]),
        ("ring", homelab.replace("ring: player", "ring: Player"), &["admin"]),
        ("rights", homelab.replace("  denied:", "  forbidden:"), &["forbidden"]),
        ("index", homelab.replace("index: 2", "index: seven"), &["integer"]),
    ];
    for (name, text, words) in cases {
        assert_eq!(text == homelab, words.is_empty(), "{name}: the persona has changed");
        let text = format!("# yaml-language-server: $schema=masque.schema.json\n{text}");
        let path = folder.path().join(format!("{name}.masque.yaml"));
        std::fs::write(&path, &text)?;
        let uri = format!("file://{}", path.display());
        let found = server.diagnostics(&uri, "yaml", &text, &settings)?;
        let messages: Vec<&str> = found.iter().filter_map(|found| found["message"].as_str()).collect();
        assert_eq!(messages.is_empty(), words.is_empty(), "{name}: {messages:?}");
        for word in words {
            assert!(
                messages.iter().any(|message| message.contains(word)),
                "{name}: no {word} in {messages:?}"
            );
        }
    }
    Ok(())
}
