//! Every example in the documents does what the text around it says.
//!
//! A fenced block marked `yaml` is a whole masque that compiles without a finding and whose tests hold; with codes behind it
//! (`yaml M0306`) it gives exactly those findings. Commands are run by the command lines' own tests.

use std::path::Path;

use masque_abi::{Decision, Ring, Session};
use masque_diagnostics::Sources;
use masque_diagnostics::codes::catalogue;
use masque_ir::{Expectation, ExpectedDecision};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A fenced block of a document.
struct Block {
    place: String,
    marks: Vec<String>,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let text = std::fs::read_to_string(Path::new(ROOT).join(document)).expect("the document is there");
    let (mut blocks, mut open): (Vec<Block>, Option<Block>) = (Vec::new(), None);
    for (line, number) in text.lines().zip(1..) {
        match (&mut open, line.trim_end().strip_prefix("```")) {
            (None, Some(marks)) => {
                let marks = marks.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { place: format!("{document}:{number}"), marks, text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{document}: a block is not closed");
    blocks
}

#[test]
fn every_masque_in_the_documents_compiles_as_it_says() {
    let mut seen = 0;
    for document in ["README.md", "docs/intents.md", "docs/personas.md", "docs/host.md", "docs/testing.md"] {
        for block in blocks(document) {
            let Some(("yaml", codes)) = block.marks.split_first().map(|(kind, codes)| (kind.as_str(), codes))
            else {
                continue;
            };
            seen += 1;
            let mut sources = Sources::new();
            let id = sources.add(format!("{}.masque.yaml", block.place), block.text.clone());
            let mut analysed = masquec::compile::analyse(&sources, id);
            let program = masquec::compile::generate(id, &mut analysed);
            let found: Vec<String> = analysed
                .diagnostics
                .iter()
                .map(|found| format!("{}: {}", found.code, found.message))
                .collect();
            let given: Vec<&str> = found.iter().map(|found| &found[..5]).collect();
            assert_eq!(given, codes, "{}: {found:#?}", block.place);
            if let (Some(program), Some(masque)) = (program, analysed.masque) {
                assert_tests_hold(&block.place, &program, &masque.tests);
            }
        }
    }
    assert!(seen >= 8, "the documents lost their examples");
}

fn assert_tests_hold(place: &str, program: &masque_codegen::Program, tests: &[Expectation]) {
    let program = masque_decode::read(&program.component()).expect("our own component").program;
    for test in tests {
        let Expectation::Session(test) = test else { continue };
        for expected in &test.intents {
            let decision = match expected.decision {
                ExpectedDecision::Allowed => Decision::Allowed,
                ExpectedDecision::Denied => Decision::Denied,
                ExpectedDecision::Unmatched => Decision::Unmatched,
            };
            let session =
                Session { intent: String::new(), ring: Ring::Player, agent: String::new(), params: vec![] };
            assert_eq!(program.decide(&expected.intent, &session), decision, "{place}: {}", expected.intent);
        }
    }
}

#[test]
fn the_list_of_codes_is_the_catalogue() {
    let mut list = "# Diagnostics\n\nEvery finding has a code that is never reused and a name. Errors keep a masque from being built.\n\n\
                    | Code | Name | Severity | What it means |\n|---|---|---|---|\n"
        .to_owned();
    for code in catalogue() {
        let severity = format!("{:?}", code.severity()).to_lowercase();
        list.push_str(&format!("| {code} | `{}` | {severity} | {} |\n", code.name(), code.summary()));
    }
    let path = Path::new(ROOT).join("docs/diagnostics.md");
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::write(&path, &list).expect("the document can be written");
    }
    let kept = std::fs::read_to_string(path).expect("the document is there");
    assert_eq!(kept, list, "run: UPDATE_DOCUMENTS=1 cargo test --test documents");
}
