//! The extension of VS Code as its own tool packages it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use super::npm::{self, ROOT};

/// Packages the extension beside the packages that it needs, and looks at what is in it.
pub(crate) fn is_packaged(installed: &Path) -> Result<(), Failed> {
    let from = Path::new(ROOT).join("grammar/vscode");
    for file in [
        "extension.js",
        "language-configuration.json",
        "README.md",
        ".vscodeignore",
        "syntaxes/masque.tmLanguage.json",
        "snippets/masque.json",
    ] {
        let to = installed.join(file);
        std::fs::create_dir_all(to.parent().ok_or("a file has a folder")?)?;
        std::fs::copy(from.join(file), to)?;
    }
    std::fs::copy(Path::new(ROOT).join("LICENSE"), installed.join("LICENSE"))?;

    let vsce = installed.join("node_modules/@vscode/vsce/vsce");
    let mut package = Command::new("node");
    package.arg(&vsce).args(["package", "--allow-missing-repository", "--out", "masque.vsix"]);
    npm::printed(package.current_dir(installed))?;
    let size = std::fs::metadata(installed.join("masque.vsix"))?.len();
    assert!((50_000..2_000_000).contains(&size), "{size} bytes");

    let listed = npm::printed(Command::new("node").arg(&vsce).arg("ls").current_dir(installed))?;
    let files: BTreeSet<&str> = listed.lines().map(str::trim).collect();
    for file in [
        "package.json",
        "extension.js",
        "language-configuration.json",
        "syntaxes/masque.tmLanguage.json",
        "snippets/masque.json",
        "node_modules/vscode-languageclient/package.json",
        "node_modules/vscode-languageserver-protocol/package.json",
    ] {
        assert!(files.contains(file), "{file} is not in the package:\n{listed}");
    }
    let odd = files.iter().find(|file| file.contains("vsce") || file.starts_with("e2e"));
    assert!(odd.is_none(), "{odd:?} is in the package");
    contributes_what_is_there(&from)
}

/// Every path in the extension's description leads somewhere, and what is said of settings is what the code asks for.
fn contributes_what_is_there(extension: &Path) -> Result<(), Failed> {
    let description: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(extension.join("package.json"))?)?;
    let contributes = &description["contributes"];
    for (kind, key) in [("languages", "configuration"), ("grammars", "path"), ("snippets", "path")] {
        for contributed in contributes[kind].as_array().ok_or("a list")? {
            let path = contributed[key].as_str().ok_or("a path")?;
            let text = std::fs::read_to_string(extension.join(path))?;
            serde_json::from_str::<serde_json::Value>(&text).map_err(|error| format!("{path}: {error}"))?;
        }
    }
    let code = std::fs::read_to_string(extension.join("extension.js"))?;
    for setting in contributes["configuration"]["properties"].as_object().ok_or("settings")?.keys() {
        let name = setting.strip_prefix("masque.").ok_or("settings are the extension's own")?;
        // The client library reads this one itself.
        assert!(name == "trace.server" || code.contains(&format!("'{name}'")), "nothing reads {setting}");
    }
    Ok(())
}

/// What the snippets give before anything is typed is a masque without a finding.
pub(crate) fn snippets_compile() -> Result<(), Failed> {
    let path = Path::new(ROOT).join("grammar/vscode/snippets/masque.json");
    let snippets: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let body = |name: &str| -> Result<String, Failed> {
        let lines = snippets[name]["body"].as_array().ok_or("a body")?.iter();
        Ok(expanded(&lines.filter_map(|line| line.as_str()).collect::<Vec<_>>().join("\n")))
    };
    let masque = body("masque")?;
    let end = masque.rfind('}').ok_or("a masque has an end")?;
    let param = format!("{}true", body("param")?);
    let choice = body("if")?.replace("condition", "name");
    let whole = format!("{}{param}\n{}\n{}", &masque[..end], body("test")?, &masque[end..]);
    let whole = whole.replacen("    How to think", &format!("{choice}\n    How to think"), 1);
    for text in [masque, whole] {
        let library = masquec::library::Library::standard();
        let compiled = masquec::compile::compile("a.masque".to_owned(), text.clone().into_bytes(), &library);
        let found: Vec<&String> = compiled.found.iter().map(|found| &found.message).collect();
        assert!(found.is_empty(), "{found:?}\n{text}");
    }
    Ok(())
}

/// A snippet with the first choice at every place.
fn expanded(snippet: &str) -> String {
    let mut out = String::new();
    let mut rest = snippet;
    while let Some(at) = rest.find("${") {
        out.push_str(&rest[..at]);
        let place = &rest[at + 2..];
        let end = place.find('}').unwrap_or(place.len());
        let inside = place[..end].trim_start_matches(|c: char| c.is_ascii_digit());
        match inside.strip_prefix(':') {
            Some(text) => out.push_str(text),
            None => out.push_str(inside.trim_matches('|').split(',').next().unwrap_or_default()),
        }
        rest = &place[(end + 1).min(place.len())..];
    }
    out + rest
}
