//! Scalars to classes that no rule of a set tells apart.

use crate::pattern::{Set, Token, after};
use crate::text::{SEPARATOR_WORDS, WIDE_SPACES, fold};
use rustc_hash::{FxHashMap, FxHashSet};

/// The partition of all scalars by the literals and sets of some patterns.
pub(crate) struct Alphabet {
    /// First scalars of intervals, ascending from U+0000.
    bounds: Vec<u32>,
    /// The class of each interval.
    classes: Vec<u32>,
    /// How many classes there are.
    count: usize,
    /// The classes of ASCII, looked up in advance.
    ascii: [u32; 128],
}

impl Alphabet {
    /// The coarsest partition that tells every literal, every set, the space and (for clauses) the separators apart.
    pub(crate) fn new<'a>(patterns: impl IntoIterator<Item = &'a [Token]>, separators: bool) -> Alphabet {
        let mut symbols =
            Symbols { ascii: [false; 128], wide: FxHashSet::default(), sets: FxHashSet::default() };
        symbols.ascii[usize::from(b' ')] = true;
        if separators {
            let letters = SEPARATOR_WORDS.iter().flat_map(|word| word.bytes());
            letters.chain(*b",;&").for_each(|byte| symbols.ascii[usize::from(byte)] = true);
        }
        for tokens in patterns {
            symbols.collect(tokens);
        }
        symbols.partition()
    }

    /// How many classes there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The class of a scalar of normalised text.
    pub(crate) fn of(&self, c: char) -> u16 {
        let class = match self.ascii.get(c as usize) {
            Some(&class) => class,
            None => self.classes[self.interval(u32::from(c))],
        };
        u16::try_from(class).expect("an alphabet of too many classes is not built upon")
    }

    /// The classes of a set.
    pub(crate) fn members(&self, set: &Set) -> Vec<u16> {
        let mut inside = vec![false; self.count];
        for &(low, high) in &set.ranges {
            for interval in self.covered(low, high) {
                inside[self.classes[interval] as usize] = true;
            }
        }
        (0..).zip(inside).filter(|&(_, inside)| inside != set.negated).map(|(class, _)| class).collect()
    }

    /// The classes of raw text, which normalisation folds: those of ASCII, and (first scalar, class) for the rest.
    pub(crate) fn raw(&self) -> ([u16; 128], Vec<(u32, u16)>) {
        let ascii = std::array::from_fn(|byte| self.of(fold(char::from(byte as u8))));
        let spaces =
            WIDE_SPACES.into_iter().flat_map(|space| [Some(space), after(space)]).flatten().map(u32::from);
        let mut bounds: Vec<u32> = self.bounds.iter().copied().filter(|&bound| bound > 0x80).collect();
        bounds.push(0x80);
        bounds.extend(spaces);
        bounds.sort_unstable();
        bounds.dedup();
        let class = |bound| self.of(fold(char::from_u32(bound).expect("every bound is a scalar")));
        let mut ranges: Vec<(u32, u16)> = bounds.into_iter().map(|bound| (bound, class(bound))).collect();
        ranges.dedup_by_key(|&mut (_, class)| class);
        (ascii, ranges)
    }

    fn interval(&self, scalar: u32) -> usize {
        self.bounds.partition_point(|&bound| bound <= scalar) - 1
    }

    /// The intervals of a range whose ends are bounds.
    fn covered(&self, low: char, high: char) -> std::ops::Range<usize> {
        self.interval(u32::from(low))..self.interval(u32::from(high)) + 1
    }
}

/// All that patterns name.
struct Symbols<'a> {
    ascii: [bool; 128],
    wide: FxHashSet<char>,
    sets: FxHashSet<&'a [(char, char)]>,
}

impl<'a> Symbols<'a> {
    fn collect(&mut self, tokens: &'a [Token]) {
        for token in tokens {
            match token {
                Token::Literal(c) => match self.ascii.get_mut(*c as usize) {
                    Some(seen) => *seen = true,
                    None => _ = self.wide.insert(*c),
                },
                Token::Class(set) => _ = self.sets.insert(&set.ranges),
                Token::Alternates(branches) => branches.iter().for_each(|branch| self.collect(branch)),
                Token::Any | Token::Star => {}
            }
        }
    }

    fn partition(self) -> Alphabet {
        let ascii = ('\0'..='\x7f').filter(|&c| self.ascii[c as usize]);
        let literals: Vec<char> = ascii.chain(self.wide.iter().copied()).collect();
        let mut bounds = vec![0];
        let ranges = self.sets.iter().flat_map(|ranges| ranges.iter().copied());
        for (low, high) in literals.iter().map(|&c| (c, c)).chain(ranges) {
            bounds.push(u32::from(low));
            bounds.extend(after(high).map(u32::from));
        }
        bounds.sort_unstable();
        bounds.dedup();
        let mut alphabet = Alphabet { classes: vec![0; bounds.len()], bounds, count: 1, ascii: [0; 128] };
        for c in literals {
            let interval = alphabet.interval(u32::from(c));
            alphabet.classes[interval] = fresh(&mut alphabet.count);
        }
        for ranges in &self.sets {
            // Each class that the set cuts is cut; where the set covers all of a class, this leaves a number unused.
            let mut cut: FxHashMap<u32, u32> = FxHashMap::default();
            for &(low, high) in *ranges {
                for interval in alphabet.covered(low, high) {
                    let class = &mut alphabet.classes[interval];
                    *class = *cut.entry(*class).or_insert_with(|| fresh(&mut alphabet.count));
                }
            }
        }
        alphabet.renumber();
        alphabet
    }
}

fn fresh(count: &mut usize) -> u32 {
    *count += 1;
    u32::try_from(*count - 1).expect("there are fewer classes than bytes in all patterns together")
}

impl Alphabet {
    /// Leaves out the unused numbers, and fills the table of ASCII.
    fn renumber(&mut self) {
        let mut numbers = vec![u32::MAX; self.count];
        self.count = 0;
        for class in &mut self.classes {
            let number = &mut numbers[*class as usize];
            if *number == u32::MAX {
                *number = fresh(&mut self.count);
            }
            *class = *number;
        }
        let mut interval = 0;
        for scalar in 0..128 {
            if self.bounds.get(interval + 1).is_some_and(|&next| next <= scalar) {
                interval += 1;
            }
            self.ascii[scalar as usize] = self.classes[interval];
        }
    }
}
