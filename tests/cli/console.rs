//! Runs the `console` blocks of the documents: a line that begins with `$ ` is a command, what follows is all that it prints, up to a
//! line that is `…` alone.

use std::path::Path;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const DOCUMENTS: [&str; 6] = [
    "README.md",
    "docs/personas.md",
    "docs/intents.md",
    "docs/host.md",
    "docs/testing.md",
    "docs/blending.md",
];

/// Runs every command that begins with one of `prefixes`, with `binary` in its place; returns how many there were.
pub(crate) fn run_examples(binary: &str, prefixes: &[&str]) -> usize {
    let mut commands = 0;
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(Path::new(ROOT).join(document)).expect("the document is there");
        for block in text.split("```console\n").skip(1) {
            let block = block.split("\n```").next().expect("a block is closed");
            for example in block.split("$ ").skip(1) {
                let (command, expected) = example.split_once('\n').unwrap_or((example, "…"));
                let arguments =
                    prefixes.iter().find_map(|prefix| command.strip_prefix(prefix)?.strip_prefix(' '));
                let Some(arguments) = arguments else { continue };
                commands += 1;
                let output = Command::new(binary)
                    .args(words(arguments))
                    .current_dir(ROOT)
                    .env("NO_COLOR", "1")
                    .env_remove("COLUMNS")
                    .output()
                    .expect("the binary runs");
                let printed = [output.stdout, output.stderr].concat();
                let printed = String::from_utf8(printed).expect("messages are text");
                assert_prints(&format!("{document}: $ {command}"), &printed, expected);
            }
        }
    }
    commands
}

fn assert_prints(what: &str, printed: &str, expected: &str) {
    let (expected, whole) =
        match expected.split_once("…\n").or(expected.strip_suffix('…').map(|start| (start, ""))) {
            Some((start, _)) => (start, false),
            None => (expected, true),
        };
    let holds = if whole { printed.trim_end() == expected.trim_end() } else { printed.starts_with(expected) };
    assert!(holds, "{what}\n--- prints\n{printed}\n--- the document says\n{expected}");
}

/// Splits a command at white space outside of double quotes.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for character in command.chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            _ => word.push(character),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}
