//! Ours and the peers in one run, ratios printed.
//!
//! ```sh
//! cargo run --release -p masque-bench            # everything
//! cargo run --release -p masque-bench -- verdict # one part: verdict, size, automata or throughput
//! ```
//!
//! Nothing here gates a test: a figure depends on the machine, a ratio within one run much less.

mod automata;
mod peers;
mod size;
mod sources;
mod stopwatch;
mod throughput;
mod verdict;

/// A named part of the run.
type Part = (&'static str, fn());

fn main() {
    let parts: [Part; 4] = [
        ("verdict", verdict::run),
        ("size", size::run),
        ("automata", automata::run),
        ("throughput", throughput::run),
    ];
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|name| parts.iter().all(|(known, _)| known != name)) {
        eprintln!("no part is named `{unknown}`: use verdict, size, automata or throughput");
        std::process::exit(2);
    }
    for (name, run) in parts {
        if wanted.is_empty() || wanted.iter().any(|asked| asked == name) {
            println!("\n== {name}");
            run();
        }
    }
}
