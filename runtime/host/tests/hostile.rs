//! The zoo: components that would do harm, and the error that names the reason.

#![allow(clippy::unwrap_used, reason = "in tests a panic is the failure")]

mod common;

use std::time::{Duration, Instant};

use common::{Core, compile, component, homelab, host, limits, open_host, session};
use masque_host::{CallError, Decision, Foreign, Host, JudgeError, Limits, LoadError, Options, ResultError};

/// What a component answers to an intent, asked twice: a failure must not be the end.
fn judge(core: &Core, limits: Limits) -> Result<Decision, CallError> {
    let masque = open_host(limits).load(&core.component()).unwrap();
    let mut worn = masque.session(session())?;
    let [first, second] = [worn.judge("deploy it"), worn.judge("deploy it")];
    assert_eq!(first, second, "the second question gets the first one's answer");
    assert_eq!(masque.validate_intent("deploy it", &session()), first, "as does a new instance");
    first.map_err(|error| match error {
        JudgeError::Failed(error) => error,
        JudgeError::Refused(refusal) => panic!("{refusal}"),
    })
}

fn lens(core: &Core) -> Result<String, CallError> {
    let masque = open_host(limits()).load(&core.component()).unwrap();
    let mut worn = masque.session(session()).unwrap();
    let answer = worn.lens();
    assert_eq!(worn.judge("deploy it"), Ok(Decision::Allowed), "the session goes on");
    assert_eq!(masque.lens(&session()), answer, "a new instance gives the same");
    answer
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    let core = Core { judge: "(loop (br 0)) (unreachable)", ..Core::default() };
    assert_eq!(judge(&core, limits()), Err(CallError::OutOfFuel { fuel: limits().fuel }));
}

#[test]
fn an_endless_loop_with_endless_fuel_meets_its_deadline() {
    let core = Core { judge: "(loop (br 0)) (unreachable)", ..Core::default() };
    let deadline = Duration::from_millis(50);
    let limits = Limits { fuel: u64::MAX, deadline, ..limits() };
    let start = Instant::now();
    assert_eq!(judge(&core, limits), Err(CallError::Deadline(deadline)));
    assert!(start.elapsed() < Duration::from_secs(10), "three calls of 50 ms took {:?}", start.elapsed());
}

#[test]
fn deep_recursion_overflows_a_stack_of_its_own() {
    let core = Core {
        judge: "(call $deep (i32.const 0))",
        extra: "(func $deep (param i32) (result i32) (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))",
        ..Core::default()
    };
    assert_eq!(judge(&core, limits()), Err(CallError::StackOverflow { bytes: limits().stack_bytes }));
}

#[test]
fn a_memory_bomb_gets_no_more_than_its_limit() {
    // Grows until it is refused, then answers `unmatched` if it got less than 16 MiB in all, else `denied`.
    let core = Core {
        judge: "(block (loop (br_if 1 (i32.eq (memory.grow (i32.const 1)) (i32.const -1))) (br 0)))
                (i32.sub (i32.const 2) (i32.gt_u (memory.size) (i32.const 256)))",
        ..Core::default()
    };
    assert_eq!(judge(&core, limits()), Ok(Decision::Unmatched));
}

#[test]
fn a_memory_that_starts_too_large_is_not_instantiated() {
    let core = Core { memory: "(memory (export \"memory\") 512)", ..Core::default() };
    let error = open_host(limits())
        .load(&core.component())
        .map_err(|error| error.to_string())
        .and_then(|masque| masque.lens(&session()).map_err(|error| error.to_string()))
        .unwrap_err();
    assert!(error.contains("memory"), "{error}");
}

#[test]
fn an_allocator_that_points_out_of_memory_is_found_out() {
    for realloc in ["(i32.const -1)", "(i32.const 131072)", "(i32.const 0x7fffffff)"] {
        let error = judge(&Core { realloc, ..Core::default() }, limits()).unwrap_err();
        assert!(
            matches!(&error, CallError::Abi(reason) if reason.contains("beyond end of memory")),
            "{error:?}"
        );
    }
}

#[test]
fn an_allocator_that_ignores_alignment_is_found_out() {
    let error = judge(&Core { realloc: "(i32.const 65537)", ..Core::default() }, limits()).unwrap_err();
    assert!(matches!(&error, CallError::Abi(reason) if reason.contains("not aligned")), "{error:?}");
}

#[test]
fn an_allocator_that_gives_the_same_place_twice_harms_only_itself() {
    assert_eq!(
        judge(&Core { realloc: "(i32.const 65536)", ..Core::default() }, limits()),
        Ok(Decision::Allowed)
    );
    // It may even overwrite its own results and data.
    assert_eq!(
        judge(&Core { realloc: "(i32.const 1024)", ..Core::default() }, limits()),
        Ok(Decision::Allowed)
    );
}

#[test]
fn an_allocator_that_traps_is_a_trap() {
    let error = judge(&Core { realloc: "(unreachable)", ..Core::default() }, limits()).unwrap_err();
    assert_eq!(error.to_string(), "the masque trapped: wasm `unreachable` instruction executed");
}

/// Writes a pair (pointer, length) at address 16 and returns that.
macro_rules! pair {
    ($pointer:literal, $length:literal) => {
        concat!(
            "(i32.store (i32.const 16) (i32.const ",
            $pointer,
            "))",
            "(i32.store (i32.const 20) (i32.const ",
            $length,
            ")) (i32.const 16)"
        )
    };
}

#[test]
fn a_result_of_2_to_the_28_bytes_is_not_copied() {
    let error = lens(&Core { lens: pair!("0", "0x10000000"), ..Core::default() }).unwrap_err();
    assert!(matches!(&error, CallError::Abi(reason) if reason.contains("out of bounds")), "{error:?}");
    // With the memory to back it.
    let core = Core {
        memory: "(memory (export \"memory\") 4200)",
        lens: pair!("0", "0x10000000"),
        ..Core::default()
    };
    let limits = Limits { memory_bytes: 512 << 20, instances: 2, ..Limits::default() };
    let limit = limits.result_bytes;
    let masque = open_host(limits).load(&core.component()).unwrap();
    let start = Instant::now();
    assert_eq!(masque.lens(&session()), Err(CallError::Result(ResultError::Size { limit })));
    assert!(start.elapsed() < Duration::from_secs(1), "refused before it was copied: {:?}", start.elapsed());
}

#[test]
fn a_text_past_the_limit_is_refused() {
    let core =
        Core { memory: "(memory (export \"memory\") 16)", lens: pair!("0", "262145"), ..Core::default() };
    let expected = ResultError::Text { bytes: 262_145, limit: 262_144 };
    assert_eq!(lens(&core), Err(CallError::Result(expected)));
}

#[test]
fn a_list_that_multiplies_one_text_is_refused() {
    // 8192 elements, each of them the memory's first 65,536 bytes.
    let core = Core {
        memory: "(memory (export \"memory\") 16)",
        knowledge: "(local $at i32)
            (loop
                (i32.store offset=131076 (local.get $at) (i32.const 65536))
                (local.set $at (i32.add (local.get $at) (i32.const 8)))
                (br_if 0 (i32.lt_u (local.get $at) (i32.const 65536))))
            (i32.store (i32.const 16) (i32.const 131072)) (i32.store (i32.const 20) (i32.const 8192)) (i32.const 16)",
        ..Core::default()
    };
    let masque = open_host(limits()).load(&core.component()).unwrap();
    let limit = limits().result_bytes;
    assert_eq!(masque.knowledge(&session()), Err(CallError::Result(ResultError::Size { limit })));
}

#[test]
fn a_text_that_is_no_utf8_is_refused() {
    let core =
        Core { lens: "(i32.store8 (i32.const 2048) (i32.const 0xff)) (i32.const 1032)", ..Core::default() };
    let error = lens(&core).unwrap_err();
    assert!(matches!(&error, CallError::Abi(reason) if reason.contains("utf-8")), "{error:?}");
}

#[test]
fn a_result_area_out_of_memory_is_refused() {
    for (area, what) in [("(i32.const -4)", "out of bounds"), ("(i32.const 1033)", "not aligned")] {
        let error = lens(&Core { lens: area, ..Core::default() }).unwrap_err();
        assert!(matches!(&error, CallError::Abi(reason) if reason.contains(what)), "{error:?}");
    }
}

#[test]
fn an_unknown_decision_is_refused() {
    for judge_with in ["(i32.const 3)", "(i32.const 255)", "(i32.const -1)"] {
        let error = judge(&Core { judge: judge_with, ..Core::default() }, limits()).unwrap_err();
        assert!(matches!(&error, CallError::Abi(reason) if reason.contains("discriminant")), "{error:?}");
    }
}

/// Why even a host that loads foreign components does not load these.
fn refusal(bytes: &[u8]) -> String {
    let host = open_host(limits());
    match host.load(bytes) {
        Err(error) => error.to_string(),
        Ok(masque) => panic!("{masque:?} was loaded"),
    }
}

#[test]
fn a_component_that_imports_is_refused() {
    let function =
        wat::parse_str(r#"(component (import "read-file" (func (param "path" string) (result string))))"#)
            .unwrap();
    assert_eq!(refusal(&function), "the component imports `read-file`, but a masque reaches nothing");
    let instance = wat::parse_str(r#"(component (import "wasi:cli/environment@0.2.0" (instance)))"#).unwrap();
    assert_eq!(
        refusal(&instance),
        "the component imports `wasi:cli/environment@0.2.0`, but a masque reaches nothing"
    );
    let core = wat::parse_str(r#"(component (core module (import "env" "abort" (func))))"#).unwrap();
    assert_eq!(refusal(&core), "the component imports `env.abort`, but a masque reaches nothing");
}

#[test]
fn other_namespaces_than_wasi_are_refused_always() {
    let options = Options { foreign: Foreign::WithWasi, ..Options::default() };
    let host = Host::with_options(limits(), options).unwrap();
    let bytes = wat::parse_str(r#"(component (import "acme:net/sockets" (instance)))"#).unwrap();
    let error = host.load(&bytes).unwrap_err().to_string();
    assert_eq!(error, "the component imports `acme:net/sockets`, but a masque reaches nothing");
}

#[test]
fn a_start_function_is_refused() {
    let core = Core { extra: "(func $run) (start $run)", ..Core::default() };
    assert_eq!(
        refusal(&core.component()),
        "the component has a start function; a masque runs only when it is asked"
    );
}

#[test]
fn two_memories_are_refused() {
    let bytes = wat::parse_str("(component (core module (memory 1)) (core module (memory 1)))").unwrap();
    assert!(refusal(&bytes).contains("does not export `validate-intent`"));
    let core = Core { extra: "(memory $second 1)", ..Core::default() };
    let refused = refusal(&component(&wat::parse_str(core.text()).unwrap()));
    assert!(refused.contains("multiple memories") || refused.contains("multi-memory"), "{refused}");
}

#[test]
fn a_core_module_alone_is_refused() {
    let refused = refusal(&wat::parse_str("(module)").unwrap());
    assert_eq!(refused, "this is no WebAssembly component: it is a core module");
}

#[test]
fn exports_beside_the_world_are_refused() {
    let empty = refusal(&wat::parse_str("(component)").unwrap());
    assert_eq!(empty, "the component does not export `validate-intent`");
    let surplus = wat::parse_str(
        r#"(component
            (core module $m (func (export "f")))
            (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i "f")))
            (export "backdoor" (func $f)))"#,
    );
    assert_eq!(refusal(&surplus.unwrap()), "the component exports `backdoor`, which is no part of the world");
    let other_type = wat::parse_str(
        r#"(component
            (core module $m (func (export "f")))
            (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i "f")))
            (export "validate-intent" (func $f)))"#,
    );
    let refused = refusal(&other_type.unwrap());
    assert!(
        refused
            .starts_with("the component exports `validate-intent` as `func()` where `func(intent: string, "),
        "{refused}"
    );
}

#[test]
fn exotic_proposals_are_refused() {
    for extra in [
        "(memory $second i64 1)",
        "(tag $e)",
        "(type $s (struct))",
        "(func $tail (return_call $tail))",
        "(func (drop (v128.const i64x2 0 0)))",
        "(global externref (ref.null extern))",
        "(table 1 funcref) (table 1 funcref)",
    ] {
        refusal(&Core { extra, ..Core::default() }.component());
    }
    let shared = wat::parse_str("(component (core module (memory 1 1 shared)))").unwrap();
    refusal(&shared);
}

#[test]
fn a_function_too_large_to_compile_is_refused() {
    let mut core = Core::default().text();
    core.truncate(core.rfind(')').unwrap());
    core.push_str("(func ");
    core.push_str(&"(drop (i32.const 1))".repeat(30_000));
    core.push_str("))");
    let refused = refusal(&component(&wat::parse_str(core).unwrap()));
    assert!(refused.contains("bytes where 65536 are allowed"), "{refused}");
}

#[test]
fn a_file_of_100_mb_is_refused_before_anything_reads_it() {
    let mut bytes = compile(&homelab());
    bytes.resize(100 << 20, 0);
    let start = Instant::now();
    for host in [host(), open_host(limits())] {
        let error = host.load(&bytes).unwrap_err();
        assert!(matches!(error, LoadError::TooLarge { bytes: 104_857_600, limit: 4_194_304 }), "{error}");
    }
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
}

#[test]
fn a_canonical_masque_is_limited_as_well() {
    // Fuel for a few bytes only; the session goes on after it.
    let limits = Limits { fuel: 4000, ..limits() };
    let masque = Host::new(limits).unwrap().load(&compile(&homelab())).unwrap();
    let mut worn = masque.session(session()).unwrap();
    let long = "x".repeat(4000);
    let failed = Err(JudgeError::Failed(CallError::OutOfFuel { fuel: 4000 }));
    assert_eq!(worn.judge(&long), failed);
    assert_eq!(worn.judge("delete it"), Ok(Decision::Denied));
    assert_eq!(worn.judge(&long), failed);
    assert_eq!(worn.lens().unwrap(), "Think in rollbacks.\nAsk before you delete. 🧯");
}
