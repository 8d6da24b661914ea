//! Damaged files, precompiled ones, and the cache on disk.

#![allow(clippy::unwrap_used, reason = "in tests a panic is the failure")]

mod common;

use common::{Core, compile, homelab, host, intents, limits, open_host, pure_lens, session};
use masque_host::{
    Decision, EnvelopeError, Foreign, Host, Key, Limits, LoadError, Masque, Options, PrecompileError,
};

fn with_key(byte: u8, trusted: &[u8]) -> Host {
    let key = |byte: u8| Key::from_bytes([byte; 32]);
    let trusted = trusted.iter().copied().map(key).collect();
    Host::with_options(limits(), Options { key: Some(key(byte)), trusted, ..Options::default() }).unwrap()
}

/// Whether a masque answers as the sound one does.
fn answers_as(masque: &Masque, sound: &Masque) -> bool {
    let [Ok(mut one), Ok(mut other)] = [masque.session(session()), sound.session(session())] else {
        return false;
    };
    intents().iter().take(8).all(|intent| one.judge(intent) == other.judge(intent))
        && one.lens() == other.lens()
        && one.access() == other.access()
}

#[test]
fn a_truncated_file_is_refused_at_every_length() {
    let bytes = compile(&homelab());
    let host = host();
    let sound = host.load(&bytes).unwrap();
    let step = (bytes.len() / 400).max(1);
    for length in (0..bytes.len()).step_by(step).chain(bytes.len() - 16..bytes.len()) {
        match host.load(&bytes[..length]) {
            // Without its magic it is nothing; cut between two sections it is whole, but another component.
            Err(LoadError::UnknownFormat) => assert!(length < 4),
            Err(LoadError::Damaged { at, .. }) => assert!(at <= length),
            Err(LoadError::Foreign { .. } | LoadError::NoManifest) => {}
            Err(error) => panic!("{length} bytes were left: {error}"),
            // Only sections that say nothing can be missing.
            Ok(masque) => assert!(answers_as(&masque, &sound), "{length} bytes were left"),
        }
    }
}

#[test]
fn a_refusal_says_what_is_wrong() {
    use masque_abi::sections::{MANIFEST, PRODUCERS};
    let program = masque_codegen::generate(&homelab()).unwrap();
    let whole = program.component();
    let layout = masque_decode::layout(&whole).unwrap();
    let section = |name: &str| layout.custom_sections(name).next().unwrap();
    let without = |cut: std::ops::Range<usize>| [&whole[..cut.start], &whole[cut.end..]].concat();

    let mut later = whole.clone();
    later[4] = 0x0E;
    let mut not_text = whole.clone();
    not_text[section(MANIFEST).data.start] = b'?';
    let mut swapped = masque_codegen::generate(&homelab()).unwrap();
    swapped.manifest = masque_codegen::generate(&pure_lens("other", "Other.")).unwrap().manifest;
    let mut meddled = masque_codegen::generate(&homelab()).unwrap();
    meddled.core = masque_abi::program::module(&[0; 64], masque_abi::program::Features::NONE);
    let other_tool = Core::default().component();

    let core = layout.core.clone().unwrap();
    for (bytes, expected) in [
        (&b""[..], "these bytes are neither a WebAssembly component nor a precompiled masque"),
        (b"name: Homelab", "these bytes are neither a WebAssembly component nor a precompiled masque"),
        (&whole[..6], "the component is damaged at byte 6: the file ends inside its header"),
        (
            &whole[..core.start + 10],
            &format!("the component is damaged at byte {}: the file ends inside a section", core.start),
        ),
        (&whole[core.clone()], "this is no WebAssembly component: it is a core module"),
        (&later, "this is no WebAssembly component: its version of the format is unknown"),
        (
            &other_tool,
            "the component was not made by this version of masquec (its wiring differs), and this host loads no others",
        ),
        (
            &without(section(MANIFEST).whole.clone()),
            "the component has no manifest: its section `masque:manifest` is missing",
        ),
        (&not_text, "the manifest can't be read: expected value at line 1 column 1"),
        (
            &swapped.component(),
            "the manifest describes another program: its digest of the core module differs",
        ),
    ] {
        assert_eq!(host().load(bytes).unwrap_err().to_string(), expected);
    }
    assert!(matches!(host().load(&meddled.component()), Err(LoadError::Data { .. })));
    assert!(host().load(&without(section(PRODUCERS).whole.clone())).is_ok(), "who made it is not asked");

    // Consent to foreign components makes a broken file no sounder.
    let open = open_host(limits());
    assert!(matches!(open.load(&whole[..core.start + 10]), Err(LoadError::Damaged { .. })));
    assert!(matches!(open.load(&whole[core]), Err(LoadError::NotAComponent { .. })));
}

#[test]
fn a_flipped_bit_is_refused_or_changes_nothing() {
    let bytes = compile(&homelab());
    let host = host();
    let sound = host.load(&bytes).unwrap();
    let mut loaded = 0;
    for at in (0..bytes.len()).step_by((bytes.len() / 500).max(1)) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        if let Ok(masque) = host.load(&flipped) {
            loaded += 1;
            assert!(answers_as(&masque, &sound), "a bit of byte {at} was flipped");
        }
    }
    assert!(loaded < 500);
}

#[test]
fn a_foreign_component_with_flipped_bits_is_contained() {
    // Nobody knows what it should answer; it must only stay in its sandbox.
    let bytes = Core::default().component();
    let options = Options { foreign: Foreign::WithWasi, kept: 0, ..Options::default() };
    let host = Host::with_options(Limits { fuel: 100_000, ..limits() }, options).unwrap();
    for at in (8..bytes.len()).step_by((bytes.len() / 150).max(1)) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        if let Ok(masque) = host.load(&flipped) {
            let _ = masque.validate_intent("deploy it", &session());
            let _ = masque.lens(&session());
        }
    }
}

#[test]
fn a_precompiled_masque_answers_as_its_source_does() {
    let bytes = compile(&homelab());
    let sealed = with_key(1, &[]).precompile(&bytes, None).unwrap();
    let sound = host().load(&bytes).unwrap();
    for host in [with_key(1, &[]), with_key(2, &[1])] {
        let masque = host.load(&sealed).unwrap();
        assert!(answers_as(&masque, &sound));
        assert_eq!(masque.digest(), sound.digest());
        assert_eq!(masque.manifest(), sound.manifest());
        assert_eq!(
            masque.validate_intent("deploy it", &session()),
            Ok(Decision::Allowed),
            "through the component"
        );
    }
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_target_that_is_this_machine_loads() {
    let here = with_key(1, &[]);
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let sealed = here.precompile(&compile(&homelab()), Some(&triple)).unwrap();
    let masque = with_key(1, &[]).load(&sealed).unwrap();
    assert_eq!(masque.validate_intent("delete it", &session()), Ok(Decision::Denied));
}

#[test]
fn another_machines_code_is_refused() {
    let host = with_key(1, &[]);
    let other =
        if cfg!(target_arch = "aarch64") { "x86_64-unknown-linux-gnu" } else { "aarch64-unknown-linux-gnu" };
    let sealed = host.precompile(&compile(&homelab()), Some(other)).unwrap();
    let error = host.load(&sealed).unwrap_err();
    assert!(
        matches!(&error, LoadError::Envelope(EnvelopeError::Target { target, .. }) if target == other),
        "{error}"
    );
    let unknown = host.precompile(&compile(&homelab()), Some("abacus")).unwrap_err();
    assert!(matches!(&unknown, PrecompileError::Target { target, .. } if target == "abacus"), "{unknown}");
}

#[test]
fn a_strangers_code_is_refused() {
    let sealed = with_key(1, &[]).precompile(&compile(&homelab()), None).unwrap();
    let error = with_key(2, &[3]).load(&sealed).unwrap_err();
    assert!(matches!(error, LoadError::Envelope(EnvelopeError::UnknownKey)), "{error}");
    // What wasmtime itself writes has no envelope, so it is nothing that could be trusted.
    let engine = wasmtime::Engine::default();
    let raw = engine.precompile_module(&wat::parse_str("(module)").unwrap()).unwrap();
    assert!(matches!(with_key(1, &[]).load(&raw), Err(LoadError::UnknownFormat)));
}

#[test]
fn tampered_code_is_refused_whichever_byte_was_changed() {
    let host = with_key(1, &[]);
    let sealed = host.precompile(&compile(&homelab()), None).unwrap();
    let step = (sealed.len() / 300).max(1);
    for at in (0..160).chain((160..sealed.len()).step_by(step)).chain(sealed.len() - 32..sealed.len()) {
        let mut tampered = sealed.clone();
        tampered[at] ^= 1 << (at % 8);
        assert!(host.load(&tampered).is_err(), "a bit of byte {at} of {} was flipped", sealed.len());
    }
    for length in (0..sealed.len()).step_by(step) {
        assert!(host.load(&sealed[..length]).is_err(), "only {length} bytes were left");
    }
    assert!(host.load(&sealed).is_ok());
}

#[test]
fn code_of_an_engine_with_other_settings_is_refused() {
    let sealed = with_key(1, &[]).precompile(&compile(&homelab()), None).unwrap();
    let options = Options { key: Some(Key::from_bytes([1; 32])), ..Options::default() };
    let small = Limits { wasm_bytes: 64, ..limits() };
    let error = Host::with_options(small, options).unwrap().load(&sealed).unwrap_err();
    assert!(matches!(error, LoadError::TooLarge { .. }), "the component inside is checked: {error}");
}

#[test]
fn a_foreign_component_in_an_envelope_needs_consent_all_the_same() {
    let options = |foreign| Options { foreign, key: Some(Key::from_bytes([1; 32])), ..Options::default() };
    let open = Host::with_options(limits(), options(Foreign::WithoutImports)).unwrap();
    let sealed = open.precompile(&Core::default().component(), None).unwrap();
    assert_eq!(open.load(&sealed).unwrap().lens(&session()).unwrap(), "hello");
    let closed = Host::with_options(limits(), options(Foreign::Refuse)).unwrap();
    assert!(matches!(closed.load(&sealed), Err(LoadError::Foreign { .. })));
}

#[test]
fn the_cache_keeps_code_and_survives_damage() {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    let host = || {
        Host::with_options(limits(), Options { cache: Some(cache.clone()), ..Options::default() }).unwrap()
    };
    let bytes = compile(&homelab());
    let ask = || host().load(&bytes).unwrap().validate_intent("delete it", &session());
    let files = || {
        let mut files: Vec<_> =
            std::fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    };
    assert_eq!(ask(), Ok(Decision::Denied));
    let first = files();
    assert_eq!(first.len(), 3, "code of the core module, of the component, and the key: {first:?}");
    let written: Vec<Vec<u8>> = first.iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert_eq!(ask(), Ok(Decision::Denied));
    assert_eq!(files(), first);

    for path in first.iter().filter(|path| path.extension().is_some_and(|end| end == "cwasm")) {
        let sound = std::fs::read(path).unwrap();
        let mut broken = sound.clone();
        let middle = broken.len() / 2;
        broken[middle] ^= 1;
        for damage in [&broken[..], &sound[..100], b""] {
            std::fs::write(path, damage).unwrap();
            assert_eq!(ask(), Ok(Decision::Denied));
            assert_eq!(std::fs::read(path).unwrap(), sound, "it is written again");
        }
    }
    let rewritten: Vec<Vec<u8>> = files().iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert_eq!(rewritten, written, "compiling is deterministic");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&cache.join("host.key")), 0o600);
        assert_eq!(mode(&cache), 0o700);
    }
}

#[test]
fn a_cached_file_of_another_masque_is_not_believed() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { cache: Some(directory.path().to_owned()), ..Options::default() };
    let host = || Host::with_options(limits(), options()).unwrap();
    let mut other = homelab();
    other.lens = masque_ir::Template::constant("Delete first.");
    let (one, other) = (compile(&homelab()), compile(&other));
    host().load(&one).unwrap();
    let own: Vec<_> =
        std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let path = own.iter().find(|path| path.extension().is_some_and(|end| end == "cwasm")).unwrap();
    let code = std::fs::read(path).unwrap();
    let digest = host().load(&other).unwrap().digest().to_string();
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&digest)) {
            std::fs::write(path, &code).unwrap();
        }
    }
    let mut worn = host().load(&other).unwrap().session(session()).unwrap();
    assert_eq!(worn.lens().unwrap(), "Delete first.");
}
