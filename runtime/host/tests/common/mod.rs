//! Masques to load: canonical ones out of the compiler, and foreign ones by hand.

#![allow(clippy::unwrap_used, reason = "in tests a panic is the failure")]
#![allow(dead_code, reason = "every test binary uses a part of this")]

use masque_host::{Foreign, Host, Limits, Options, Ring, abi};
use masque_ir as ir;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A masque with rules, texts, knowledge and grants.
pub(crate) fn homelab() -> ir::Masque {
    let mut masque = pure_lens("homelab", "Think in rollbacks.\nAsk before you delete. 🧯");
    masque.intent = Some(ir::Intent {
        clauses: ir::Clauses::Whole,
        rules: [
            (ir::Action::Allow, ir::MatchMode::Verb, "deploy *"),
            (ir::Action::Allow, ir::MatchMode::Verb, "{restart,scale} {grafana,prometheus}"),
            (ir::Action::Allow, ir::MatchMode::Exact, "show café menus"),
            (ir::Action::Deny, ir::MatchMode::Verb, "delete *"),
            (ir::Action::Deny, ir::MatchMode::Exact, "*production*"),
        ]
        .into_iter()
        .zip(1..)
        .map(|((action, mode, pattern), line)| ir::Rule {
            action,
            mode,
            pattern: pattern.to_owned(),
            when: None,
            because: None,
            set: None,
            place: ir::Place { file: 0, line, column: 5, start: 0, end: 0 },
        })
        .collect(),
    });
    masque.context = ir::Template::constant("One operator, three machines.");
    masque.knowledge = ["wiki://homelab", "file:///runbooks/überblick"]
        .map(|uri| ir::Guarded::always(uri.to_owned()))
        .into();
    masque.access = [
        ir::Grant { provider: "vault".to_owned(), role: "deployer".to_owned(), ttl: ir::Ttl::Session },
        ir::Grant { provider: "vault".to_owned(), role: "reader".to_owned(), ttl: ir::Ttl::Seconds(3600) },
    ]
    .map(ir::Guarded::always)
    .into();
    masque
}

/// A masque that allows everything.
pub(crate) fn pure_lens(name: &str, lens: &str) -> ir::Masque {
    ir::Masque {
        identity: ir::Identity {
            id: name.to_owned(),
            name: name.to_owned(),
            display_name: None,
            index: None,
            version: semver::Version::new(1, 2, 3),
            ring: ir::Ring::Player,
        },
        source: ir::SourceFile { name: format!("{name}.masque.yaml"), text: String::new() },
        inherited: vec![],
        widened: vec![],
        params: ["zone", "empty", "wide"].map(param).into(),
        conditions: vec![],
        intent: None,
        context: ir::Template::default(),
        knowledge: vec![],
        access: vec![],
        lens: ir::Template::constant(lens),
        about: ir::About::default(),
        ensures: vec![],
        tests: vec![],
    }
}

/// A text that need not be set.
pub(crate) fn param(name: &str) -> ir::Param {
    ir::Param { name: name.to_owned(), kind: ir::ParamType::String, default: Some(String::new()) }
}

pub(crate) fn compile(masque: &ir::Masque) -> Vec<u8> {
    masque_codegen::generate(masque).unwrap().component()
}

pub(crate) fn session() -> abi::Session {
    abi::Session {
        intent: "keep the lights on".to_owned(),
        ring: Ring::Player,
        agent: "agent-7".to_owned(),
        params: vec![
            ("zone".to_owned(), "eu".to_owned()),
            ("empty".to_owned(), String::new()),
            ("wide".to_owned(), "ä🚀".to_owned()),
        ],
    }
}

/// Limits for tests, several of which run at the same time.
pub(crate) fn limits() -> Limits {
    Limits { instances: 32, ..Limits::default() }
}

pub(crate) fn host() -> Host {
    Host::new(limits()).unwrap()
}

/// A host that loads components of others.
pub(crate) fn open_host(limits: Limits) -> Host {
    Host::with_options(limits, Options { foreign: Foreign::WithoutImports, ..Options::default() }).unwrap()
}

/// The parts of a core module written by hand, as WebAssembly text. The default is an honest one that allows everything.
pub(crate) struct Core {
    pub(crate) memory: &'static str,
    pub(crate) realloc: &'static str,
    pub(crate) judge: &'static str,
    pub(crate) knowledge: &'static str,
    pub(crate) lens: &'static str,
    pub(crate) extra: &'static str,
}

impl Default for Core {
    fn default() -> Self {
        Self {
            memory: "(memory (export \"memory\") 2)",
            // A bump allocator from the second page on.
            realloc: "(local $at i32)
                (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
                (global.set $next (i32.add (local.get $at) (local.get 3)))
                (local.get $at)",
            judge: "(i32.const 0)",
            knowledge: "(i32.const 1024)",
            lens: "(i32.const 1032)",
            extra: "",
        }
    }
}

impl Core {
    pub(crate) fn text(&self) -> String {
        let Self { memory, realloc, judge, knowledge, lens, extra } = self;
        let session = "(param i32 i32 i32 i32 i32 i32 i32)";
        format!(
            r#"(module
                {memory}
                (global $next (mut i32) (i32.const 65536))
                (data (i32.const 1032) "\00\08\00\00\05\00\00\00")
                (data (i32.const 2048) "hello")
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {realloc})
                (func (export "validate-intent") (param i32 i32) {session} (result i32) {judge})
                (func (export "knowledge") {session} (result i32) {knowledge})
                (func (export "access") {session} (result i32) (i32.const 1024))
                (func (export "context") {session} (result i32) (i32.const 1024))
                (func (export "lens") {session} (result i32) {lens})
                {extra})"#
        )
    }

    /// The component around it.
    pub(crate) fn component(&self) -> Vec<u8> {
        component(&wat::parse_str(self.text()).unwrap())
    }
}

pub(crate) fn component(core: &[u8]) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("masque.wit", abi::WIT).unwrap();
    let world = resolve.select_world(&[package], Some(abi::WORLD)).unwrap();
    let mut core = core.to_vec();
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false).unwrap();
    ComponentEncoder::default().validate(true).module(&core).unwrap().encode().unwrap()
}

/// Intents of all kinds: decided each way, with case, white space, other scripts, and odd lengths.
pub(crate) fn intents() -> Vec<String> {
    let plain = [
        "",
        " ",
        "deploy grafana",
        "Deploying  monitoring",
        "deployed",
        "deploy",
        "delete the database",
        "deleting",
        "restart grafana",
        "scaling prometheus",
        "scale everything",
        "touch production",
        "show café menus",
        "show cafe\u{301} menus",
        "ＤＥＰＬＯＹ ｇｒａｆａｎａ",
        "deploy\tthe\nstack",
        "развернуть grafana",
        "deploy 🚀",
        "deploy the 日本語 page",
    ];
    let mut intents: Vec<String> = plain.into_iter().map(str::to_owned).collect();
    for length in [7, 8, 9, 15, 16, 17, 24, 100, 1000, 4095, 4096] {
        intents.push(format!("deploy {}", "x".repeat(length))[..length.max(7)].to_owned());
        intents.push(format!("delete {}", "é".repeat(length / 2 - 3)));
    }
    intents
}
