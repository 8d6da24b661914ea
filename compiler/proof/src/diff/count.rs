//! How many intents there are of each length: normalised texts of printable ASCII, exactly.
//!
//! There are up to 69⁶⁴ < 2³⁹¹ of a length, so that numbers have 448 bits and never overflow.

use std::collections::HashMap;
use std::fmt;

use masque_automata::Decision;
use rustc_hash::FxBuildHasher;

use super::product::Product;
use crate::derivatives::Alphabet;

/// The longest intents that are counted, in characters.
pub const LONGEST: usize = 64;

const LIMBS: usize = 7;

/// An exact number below 2⁴⁴⁸.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Count([u64; LIMBS]);

impl Count {
    /// One.
    pub const ONE: Self = Self([1, 0, 0, 0, 0, 0, 0]);

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0 == [0; LIMBS]
    }

    /// Adds `factor` times `other`.
    fn add(&mut self, other: &Self, factor: u32) {
        let mut carry: u128 = 0;
        for (limb, other) in self.0.iter_mut().zip(other.0) {
            let sum = u128::from(*limb) + u128::from(other) * u128::from(factor) + carry;
            (*limb, carry) = (sum as u64, sum >> 64);
        }
        assert_eq!(carry, 0, "there are fewer texts of {LONGEST} characters than 2⁴⁴⁸");
    }

    /// Divides by a small number; the remainder.
    fn divide(&mut self, by: u64) -> u64 {
        let mut remainder: u128 = 0;
        for limb in self.0.iter_mut().rev() {
            let value = remainder << 64 | u128::from(*limb);
            (*limb, remainder) = ((value / u128::from(by)) as u64, value % u128::from(by));
        }
        remainder as u64
    }
}

impl std::iter::Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |mut sum, count| {
            sum.add(&count, 1);
            sum
        })
    }
}

/// In decimal digits.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const GROUP: u64 = 1_000_000_000_000_000_000;
        let mut rest = *self;
        let mut groups = vec![rest.divide(GROUP)];
        while !rest.is_zero() {
            groups.push(rest.divide(GROUP));
        }
        let mut digits = groups.pop().unwrap_or_default().to_string();
        groups.iter().rev().for_each(|group| digits.push_str(&format!("{group:018}")));
        f.pad_integral(true, "", &digits)
    }
}

impl fmt::Debug for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How many intents there are of each length.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Of the length 1 first, of [`LONGEST`] last.
    pub by_length: Vec<Count>,
}

impl Counts {
    /// Of all these lengths together.
    #[must_use]
    pub fn total(&self) -> Count {
        self.by_length.iter().copied().sum()
    }

    /// The shortest length of which there are any, and how many.
    #[must_use]
    pub fn shortest(&self) -> Option<(usize, Count)> {
        (1..).zip(self.by_length.iter().copied()).find(|(_, count)| !count.is_zero())
    }

    /// Counts the texts that end in a state that `is`: printable ASCII without upper case, no space at either end, none next to another.
    pub(super) fn new(
        product: &Product,
        alphabet: &Alphabet,
        is: impl Fn((Decision, Decision)) -> bool + Copy,
    ) -> Self {
        let leads = product.leading_to(is);
        let mut steps = Steps { product, alphabet, leads: &leads, known: HashMap::default() };
        // States after a space are counted apart: no space may follow there, and no text may end.
        let mut here: Vec<HashMap<u32, Count, FxBuildHasher>> = vec![HashMap::default(); 2];
        const WORD: usize = 0;
        const SPACE: usize = 1;
        here[SPACE].insert(product.start, Count::ONE);
        let mut by_length = Vec::new();
        for _ in 0..LONGEST {
            let mut next: Vec<HashMap<u32, Count, FxBuildHasher>> = vec![HashMap::default(); 2];
            for (after, states) in here.iter().enumerate() {
                for (&state, count) in states {
                    let step = steps.of(state);
                    for &(target, letters) in &step.letters {
                        next[WORD].entry(target).or_default().add(count, letters);
                    }
                    if let Some(target) = step.space.filter(|_| after == WORD) {
                        next[SPACE].entry(target).or_default().add(count, 1);
                    }
                }
            }
            let ends = |state: u32| {
                let (old, new) = product.ends[state as usize];
                old != new && is((old, new))
            };
            by_length
                .push(next[WORD].iter().filter(|&(&state, _)| ends(state)).map(|(_, count)| *count).sum());
            here = next;
        }
        Self { by_length }
    }
}

/// Where characters lead, by how many of them.
#[derive(Clone)]
struct Step {
    letters: Vec<(u32, u32)>,
    space: Option<u32>,
}

struct Steps<'a> {
    product: &'a Product,
    alphabet: &'a Alphabet,
    leads: &'a [bool],
    known: HashMap<u32, Step, FxBuildHasher>,
}

impl Steps<'_> {
    fn of(&mut self, state: u32) -> Step {
        let (product, alphabet, leads) = (self.product, self.alphabet, self.leads);
        let make = || {
            let target = |byte: u8| {
                let target = product.next(state, alphabet.ascii[usize::from(byte)]);
                leads[target as usize].then_some(target)
            };
            let characters = (b'!'..=b'~').filter(|byte| !byte.is_ascii_uppercase());
            let mut letters: Vec<(u32, u32)> = Vec::new();
            let mut targets: Vec<u32> = characters.filter_map(target).collect();
            targets.sort_unstable();
            for target in targets {
                match letters.last_mut() {
                    Some((last, count)) if *last == target => *count += 1,
                    _ => letters.push((target, 1)),
                }
            }
            Step { letters, space: target(b' ') }
        };
        self.known.entry(state).or_insert_with(make).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_exact() {
        let mut power = Count::ONE;
        for _ in 0..64 {
            let mut next = Count::default();
            next.add(&power, 69);
            power = next;
        }
        // 69⁶⁴, by any arbitrary-precision calculator.
        let expected = "4856705920261766616432726361041784486707420237162676787270402854051513023913932318206873478462081791833767094850481921";
        assert_eq!(power.to_string(), expected);
        assert_eq!(Count::default().to_string(), "0");
        assert_eq!(Count([0, 1, 0, 0, 0, 0, 0]).to_string(), "18446744073709551616");
    }
}
