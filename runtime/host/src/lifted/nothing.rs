//! WASI, given nothing.
//!
//! A component with a language runtime imports far more than it calls, and calls some of that before it gets to work. What asks *what is
//! there* is answered: nothing. Time stands still and chance is always zero, since a masque is a function of its session. Everything
//! else traps when it is called.

use wasmtime::StoreLimits;
use wasmtime::component::{Component, Linker, Val};

/// Bytes of "randomness" that are given out at once.
const MAX_RANDOM: u64 = 64 * 1024;

/// An answer that gives nothing away.
type Answer = fn(&[Val]) -> Option<Val>;

/// The questions, by interface and function.
const ANSWERS: [(&str, &str, Answer); 9] = [
    ("wasi:cli/environment", "get-environment", no_elements),
    ("wasi:cli/environment", "get-arguments", no_elements),
    ("wasi:cli/environment", "initial-cwd", no_value),
    ("wasi:filesystem/preopens", "get-directories", no_elements),
    ("wasi:clocks/monotonic-clock", "now", zero),
    ("wasi:clocks/wall-clock", "now", no_time),
    ("wasi:random/random", "get-random-bytes", zeros),
    ("wasi:random/insecure", "get-insecure-random-bytes", zeros),
    ("wasi:random/insecure-seed", "insecure-seed", no_seed),
];

fn no_elements(_: &[Val]) -> Option<Val> {
    Some(Val::List(Vec::new()))
}

fn no_value(_: &[Val]) -> Option<Val> {
    Some(Val::Option(None))
}

fn zero(_: &[Val]) -> Option<Val> {
    Some(Val::U64(0))
}

fn no_time(_: &[Val]) -> Option<Val> {
    let field = |name: &str, value| (name.to_owned(), value);
    Some(Val::Record(vec![field("seconds", Val::U64(0)), field("nanoseconds", Val::U32(0))]))
}

fn no_seed(_: &[Val]) -> Option<Val> {
    Some(Val::Tuple(vec![Val::U64(0), Val::U64(0)]))
}

fn zeros(arguments: &[Val]) -> Option<Val> {
    match arguments {
        [Val::U64(length @ ..=MAX_RANDOM)] => {
            Some(Val::List(vec![Val::U8(0); usize::try_from(*length).ok()?]))
        }
        _ => None,
    }
}

/// Defines every import of a component.
pub(super) fn define(linker: &mut Linker<StoreLimits>, component: &Component) -> wasmtime::Result<()> {
    let ty = component.component_type();
    for (import, _) in ty.imports(component.engine()) {
        let interface = import.split_once('@').map_or(import, |(interface, _)| interface);
        for (_, function, answer) in ANSWERS.into_iter().filter(|&(known, ..)| known == interface) {
            linker.instance(import)?.func_new(function, move |_, _, arguments, results| {
                match (answer(arguments), results) {
                    (Some(answer), [result]) => *result = answer,
                    _ => wasmtime::bail!("`{function}` was asked for more than there is"),
                }
                Ok(())
            })?;
        }
    }
    linker.define_unknown_imports_as_traps(component)
}
