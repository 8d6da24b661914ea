//! Times several contestants in turns, so that a slow moment of the machine meets all of them.

use std::time::{Duration, Instant};

/// A contestant: a name and one call of what is measured.
pub(crate) struct Contestant<'a> {
    pub(crate) name: &'static str,
    pub(crate) call: Box<dyn FnMut() + 'a>,
}

impl<'a> Contestant<'a> {
    pub(crate) fn new(name: &'static str, call: impl FnMut() + 'a) -> Self {
        Self { name, call: Box::new(call) }
    }
}

/// Nanoseconds a call for each contestant: the best of many rounds, in which the contestants run one after the other. Whatever else the
/// machine does only ever adds to a time.
pub(crate) fn race(contestants: &mut [Contestant<'_>]) -> Vec<f64> {
    const ROUND: Duration = Duration::from_millis(20);
    const ROUNDS: usize = 15;
    let calls: Vec<u32> = contestants
        .iter_mut()
        .map(|contestant| {
            let (mut calls, started) = (0_u32, Instant::now());
            while started.elapsed() < ROUND {
                (contestant.call)();
                calls += 1;
            }
            calls.max(1)
        })
        .collect();
    let mut times = vec![Vec::with_capacity(ROUNDS); contestants.len()];
    for _ in 0..ROUNDS {
        for ((contestant, &calls), times) in contestants.iter_mut().zip(&calls).zip(&mut times) {
            let started = Instant::now();
            for _ in 0..calls {
                (contestant.call)();
            }
            times.push(started.elapsed().as_secs_f64() * 1e9 / f64::from(calls));
        }
    }
    times.into_iter().map(|times| times.into_iter().fold(f64::INFINITY, f64::min)).collect()
}

/// The middle value.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints a race's table: nanoseconds and the ratio to the contestant at `base`.
pub(crate) fn print(title: &str, contestants: &[Contestant<'_>], times: &[f64], base: usize) {
    println!("\n{title}");
    for (contestant, &time) in contestants.iter().zip(times) {
        let (value, unit) = if time < 10_000.0 { (time, "ns") } else { (time / 1_000.0, "µs") };
        println!("  {:<44} {value:>9.1} {unit}   {:>9.3} ×", contestant.name, time / times[base]);
    }
}
