//! Every example in the documents does what the text around it says.
//!
//! A fenced block marked `yaml` or `masque` is a whole masque (`masque library` a library) that compiles without a finding and whose tests hold; with codes behind it
//! (`yaml M0306`) it gives exactly those findings. Commands are run by the command lines' own tests.

use std::path::Path;

use masque_abi::{Decision, Session};
use masque_diagnostics::Sources;
use masque_diagnostics::codes::catalogue;
use masque_ir::{Assertion, Expectation, ExpectedDecision};
use masquec::library::Library;

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
    for document in [
        "README.md",
        "docs/intents.md",
        "docs/personas.md",
        "docs/host.md",
        "docs/language.md",
        "docs/testing.md",
    ] {
        for block in blocks(document) {
            let Some((kind, codes)) = block.marks.split_first() else { continue };
            let ending = match kind.as_str() {
                "yaml" => "masque.yaml",
                "masque" => "masque",
                _ => continue,
            };
            let (is_library, codes) = match codes.split_first() {
                Some((first, rest)) if first == "library" => (true, rest),
                _ => (false, codes),
            };
            seen += 1;
            let mut sources = Sources::new();
            let id = sources.add(format!("{}.{ending}", block.place), block.text.clone());
            let mut analysed = masquec::compile::analyse(&mut sources, id, &Library::standard());
            let program = masquec::compile::generate(&mut analysed);
            let found: Vec<String> = analysed
                .diagnostics
                .iter()
                .map(|found| format!("{}: {}", found.code, found.message))
                .collect();
            let given: Vec<&str> = found.iter().map(|found| &found[..5]).collect();
            assert_eq!(given, codes, "{}: {found:#?}", block.place);
            let library = matches!(analysed.document, Some(masque_syntax::ast::Document::Library(_)));
            assert_eq!(library, is_library, "{}", block.place);
            if let (Some(program), Some(masque)) = (program, analysed.masque) {
                assert_tests_hold(&block.place, &program, &masque);
            }
        }
    }
    assert!(seen >= 8, "the documents lost their examples");
}

fn session_of(masque: &masque_ir::Masque, test: &masque_ir::SessionTest) -> Session {
    let ring = test.ring.unwrap_or(masque.identity.ring).name().parse().expect("rings have one set of names");
    Session { intent: test.intent.clone(), ring, agent: test.agent.clone(), params: test.params.clone() }
}

fn assert_tests_hold(place: &str, program: &masque_codegen::Program, masque: &masque_ir::Masque) {
    let program = masque_decode::read(&program.component()).expect("our own component").program;
    for test in &masque.tests {
        let Expectation::Session(test) = test else { continue };
        for expected in &test.intents {
            let decision = match expected.decision {
                ExpectedDecision::Allowed => Decision::Allowed,
                ExpectedDecision::Denied => Decision::Denied,
                ExpectedDecision::Unmatched => Decision::Unmatched,
            };
            let session = session_of(masque, test);
            assert_eq!(program.decide(&expected.intent, &session), decision, "{place}: {}", expected.intent);
        }
        let session = session_of(masque, test);
        for (text, wanted) in
            [(program.lens(&session), &test.lens), (program.context(&session), &test.context)]
        {
            for wanted in wanted {
                match wanted {
                    Assertion::Contains(part) => {
                        assert!(text.contains(part), "{place}: {part} in {text}");
                    }
                    Assertion::NotContains(part) => {
                        assert!(!text.contains(part), "{place}: {part} in {text}");
                    }
                }
            }
        }
        if let Some(knowledge) = &test.knowledge {
            assert_eq!(&program.knowledge(&session), knowledge, "{place}");
        }
    }
}

#[test]
fn the_list_of_codes_is_the_catalogue() {
    const HEAD: &str = "| Code | Name | Severity | What it means |\n|---|---|---|---|\n";
    let path = Path::new(ROOT).join("docs/diagnostics.md");
    let kept = std::fs::read_to_string(&path).expect("the document is there");
    let (prose, _) = kept.split_once(HEAD).expect("the document has a table of codes");
    let mut list = format!("{prose}{HEAD}");
    for code in catalogue() {
        let (name, severity) = (code.name(), format!("{:?}", code.severity()).to_lowercase());
        let summary = code.summary();
        list.push_str(&format!(
            "| [{code}](diagnostics/{code}-{name}.md) | `{name}` | {severity} | {summary} |\n"
        ));
    }
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::write(&path, &list).expect("the document can be written");
    }
    let kept = std::fs::read_to_string(path).expect("the document is there");
    assert_eq!(kept, list, "run: UPDATE_DOCUMENTS=1 cargo test --test documents");
}
