//! The personas of the project, worn: each one's own tests, answered by the program in the sandbox.

use std::path::{Path, PathBuf};

use masque_abi::{Decision, Ring, Session};
use masque_diagnostics::Sources;
use masque_host::{Host, Limits};
use masque_ir::Test;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../personas");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the personas are part of the project")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.sort();
    files
}

#[test]
fn every_persona_keeps_its_own_promises_in_the_sandbox() {
    let host = Host::new(Limits::default()).expect("the default limits are sound");
    for path in files() {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        assert!(masquec::compile::is_source(&path), "{name} is no masque");
        let mut sources = Sources::new();
        let id = sources.add(&name, std::fs::read_to_string(&path).expect("a persona is text"));
        let mut analysed = masquec::compile::analyse(&sources, id);
        let program = masquec::compile::generate(id, &mut analysed);
        assert!(analysed.diagnostics.is_empty(), "{name}: {:#?}", analysed.diagnostics);
        let (program, masque) = (program.expect("no errors"), analysed.masque.expect("no errors"));

        let loaded = host.load(&program.component()).expect("our own component loads");
        let session = Session {
            intent: "trying it on".to_owned(),
            ring: Ring::Player,
            agent: "test".to_owned(),
            params: vec![],
        };
        let mut worn = loaded.session(session).expect("an instance");
        assert_eq!(worn.lens().expect("a lens"), masque.lens, "{name}");
        assert_eq!(worn.context().expect("a context"), masque.context, "{name}");
        assert_eq!(worn.knowledge().expect("pointers"), masque.knowledge, "{name}");

        let mut judged = 0;
        for test in &masque.tests {
            let Test::Intents { allowed, denied, unmatched, .. } = test else { continue };
            for (intents, expected) in
                [(allowed, Decision::Allowed), (denied, Decision::Denied), (unmatched, Decision::Unmatched)]
            {
                for intent in intents {
                    judged += 1;
                    assert_eq!(worn.judge(intent).expect("a sound intent"), expected, "{name}: {intent}");
                    let explained = loaded.explain(intent).expect("a sound intent");
                    let explained = explained.map_or(Decision::Allowed, |explained| explained.decision);
                    assert_eq!(explained, expected, "{name}: {intent}, as explained");
                }
            }
        }
        if masque.intent.is_some() {
            assert!(judged >= 3, "{name} has rules, but {judged} tests of them");
        }
    }
}

#[test]
fn there_is_a_persona_for_everybody() {
    let names: Vec<String> =
        files().iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert!(names.iter().filter(|name| name.ends_with(".masque.yaml")).count() >= 12, "{names:?}");
    for role in ["codesmith.masque.yaml", "homelab.masque.yaml", "reviewer.masque.yaml"] {
        assert!(names.iter().any(|name| name == role), "{role} is missing");
    }
    for role in ["professor", "critic", "lyricist", "composer", "poet", "romantic", "debugger", "mentor"] {
        assert!(names.contains(&format!("{role}.mask.json")), "{role} is missing");
    }
}
