//! The personas of the project, worn: free of findings, and each one's own tests answered by the program in the sandbox.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use masque_abi::{Decision, Grant, Ring, Session, Ttl};
use masque_codegen::Program;
use masque_diagnostics::Sources;
use masque_host::{Host, Limits, Masque};
use masque_ir::{self as ir, Expectation, ExpectedDecision};

/// A persona that was compiled a moment ago.
struct Persona {
    name: String,
    program: Program,
    checked: ir::Masque,
}

impl Persona {
    fn load(&self, host: &Host) -> Masque {
        host.load(&self.program.component()).expect("our own component loads")
    }

    /// Every intent of its tests with the decision that it should meet.
    fn promises(&self) -> Vec<(&str, Decision)> {
        let mut promises = Vec::new();
        for test in &self.checked.tests {
            let Expectation::Session(test) = test else { continue };
            promises.extend(test.intents.iter().map(|expected| {
                let decision = match expected.decision {
                    ExpectedDecision::Allowed => Decision::Allowed,
                    ExpectedDecision::Denied => Decision::Denied,
                    ExpectedDecision::Unmatched => Decision::Unmatched,
                };
                (expected.intent.as_str(), decision)
            }));
        }
        promises
    }
}

fn session() -> Session {
    Session {
        intent: "trying it on".to_owned(),
        ring: Ring::Player,
        agent: "test".to_owned(),
        params: vec![],
    }
}

fn host() -> Host {
    Host::new(Limits::default()).expect("the default limits are sound")
}

/// Every file of the folder, compiled without a finding.
fn personas() -> Vec<Persona> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../personas");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the personas are part of the project")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.sort();
    files.iter().map(|path| compile(path)).collect()
}

fn compile(path: &Path) -> Persona {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    assert!(masquec::compile::is_source(path), "{name} is no masque");
    let mut sources = Sources::new();
    let id = sources.add(&name, std::fs::read_to_string(path).expect("a persona is text"));
    let mut analysed = masquec::compile::analyse(&mut sources, id, &masquec::library::Library::standard());
    let program = masquec::compile::generate(&mut analysed);
    assert!(analysed.diagnostics.is_empty(), "{name}: {:#?}", analysed.diagnostics);
    Persona { name, program: program.expect("no errors"), checked: analysed.masque.expect("no errors") }
}

#[test]
fn every_persona_keeps_its_own_promises_in_the_sandbox() {
    let host = host();
    for persona in personas() {
        let (name, checked, loaded) = (&persona.name, &persona.checked, persona.load(&host));
        let mut worn = loaded.session(session()).expect("an instance");
        assert_eq!(worn.lens().expect("a lens"), checked.lens.as_constant().expect("no template"), "{name}");
        assert_eq!(
            worn.context().expect("a context"),
            checked.context.as_constant().expect("no template"),
            "{name}"
        );
        let knowledge: Vec<_> = checked.knowledge.iter().map(|item| item.value.clone()).collect();
        assert_eq!(worn.knowledge().expect("pointers"), knowledge, "{name}");
        assert!(!checked.tests.is_empty(), "{name} says nothing of what it should do");
        for (intent, expected) in persona.promises() {
            assert_eq!(worn.judge(intent).expect("a sound intent"), expected, "{name}: {intent}");
            let explained = loaded
                .explain(intent, &session())
                .expect("a sound intent")
                .expect("intents are tested where rules are");
            assert_eq!(explained.decision, expected, "{name}: {intent}, as explained");
        }
    }
}

/// A rule that decides none of the persona's own tests is a rule that nobody tried.
#[test]
fn every_rule_of_a_persona_decides_one_of_its_tests() {
    let host = host();
    for persona in personas() {
        let Some(intent) = &persona.checked.intent else { continue };
        let loaded = persona.load(&host);
        let mut idle: BTreeSet<usize> = (0..intent.rules.len()).collect();
        for (promise, _) in persona.promises() {
            let explained =
                loaded.explain(promise, &session()).expect("a sound intent").expect("there are rules");
            let by_clause = explained.clauses.iter().flat_map(|clause| &clause.deciding);
            for deciding in explained.deciding.iter().chain(by_clause) {
                idle.remove(&deciding.index);
            }
        }
        let idle: Vec<&str> = idle.iter().map(|&index| intent.rules[index].pattern.as_str()).collect();
        assert!(idle.is_empty(), "{}: {idle:?}", persona.name);
    }
}

#[test]
fn there_is_a_persona_for_everybody_and_no_two_are_the_same() {
    let personas = personas();
    let named = |name: &str| personas.iter().any(|persona| persona.name == name);
    assert!(personas.iter().filter(|persona| persona.name.ends_with(".masque.yaml")).count() >= 12);
    for role in ["codesmith", "homelab", "reviewer", "generalist"] {
        assert!(named(&format!("{role}.masque.yaml")), "{role} is missing");
    }
    for role in [
        "professor",
        "critic",
        "lyricist",
        "composer",
        "poet",
        "romantic",
        "debugger",
        "mentor",
        "editor-in-chief",
        "comedian",
        "chaos-agent",
    ] {
        assert!(named(&format!("{role}.mask.json")), "{role} is missing");
    }
    let identities = || personas.iter().map(|persona| &persona.checked.identity);
    let indices: BTreeSet<u64> = identities().filter_map(|identity| identity.index).collect();
    let ids: BTreeSet<&str> = identities().map(|identity| identity.id.as_str()).collect();
    assert_eq!((indices.len(), ids.len()), (personas.len(), personas.len()), "an index and an id for each");
}

#[test]
fn the_homelab_is_as_small_as_its_figures_assume() {
    let personas = personas();
    let homelab =
        personas.iter().find(|persona| persona.checked.identity.id == "homelab").expect("it is there");
    let read = masque_decode::read(&homelab.program.component()).expect("our own component");
    assert_eq!(homelab.checked.identity.version, ir::Version::new(2, 3, 0));
    assert_eq!(homelab.checked.intent.as_ref().expect("it has rules").rules.len(), 5);
    assert_eq!(read.program.knowledge(&session()), ["mcp://homelab-inventory", "mcp://homelab-runbooks"]);
    let grant = Grant { provider: "vault".into(), role: "homelab-operator".into(), ttl: Ttl::Session };
    assert_eq!(read.program.access(&session()), [grant]);
}
