//! What an edge is taken on, as short text.
//!
//! `␣` stands for every white space, a letter of ASCII for both of its cases (a masque tells neither apart), and everything that could
//! be mistaken for something else is written as `U+0000`.

use masque_automata::Classes;

const LAST_SCALAR: u32 = 0x0010_FFFF;

/// Ranges of scalars, ascending, inclusive, neither overlapping nor adjacent.
type Ranges = Vec<(u32, u32)>;

/// The scalars of every class.
pub(crate) struct ClassSets {
    sets: Vec<Ranges>,
    white_space: Ranges,
}

impl ClassSets {
    pub(crate) fn new(classes: &Classes) -> Self {
        let mut sets = vec![Ranges::new(); usize::from(classes.count())];
        for (scalar, &class) in (0..).zip(classes.ascii()) {
            push(&mut sets[usize::from(class)], (scalar, scalar));
        }
        let ends = classes.ranges().iter().skip(1).map(|&(first, _)| first - 1).chain([LAST_SCALAR]);
        for (&(first, class), last) in classes.ranges().iter().zip(ends) {
            push(&mut sets[usize::from(class)], (first, last));
        }
        let mut white_space = Ranges::new();
        for scalar in (0..=0x3000).filter(|&scalar| char::from_u32(scalar).is_some_and(char::is_whitespace)) {
            push(&mut white_space, (scalar, scalar));
        }
        Self { sets, white_space }
    }

    /// How many code points a class has.
    pub(crate) fn size(&self, class: u16) -> u64 {
        self.sets[usize::from(class)].iter().map(|&(first, last)| u64::from(last - first) + 1).sum()
    }

    /// The text for some classes together.
    pub(crate) fn label(&self, classes: &[u16]) -> String {
        let mut all: Ranges =
            classes.iter().flat_map(|&class| self.sets[usize::from(class)].clone()).collect();
        all.sort_unstable();
        let mut set = Ranges::new();
        for range in all {
            push(&mut set, range);
        }
        let mut items = Vec::new();
        if self.white_space.iter().all(|&(first, last)| (first..=last).all(|scalar| contains(&set, scalar))) {
            items.push("␣".to_owned());
            set = subtract(&set, &self.white_space);
        }
        let folded: Ranges = (b'A'..=b'Z')
            .map(|upper| (u32::from(upper), u32::from(upper.to_ascii_lowercase())))
            .filter(|&(upper, lower)| contains(&set, upper) && contains(&set, lower))
            .map(|(upper, _)| (upper, upper))
            .collect();
        // A letter that comes without its other case must not look like one that stands for both.
        let alone = |scalar: u32| {
            let letter = char::from_u32(scalar).filter(char::is_ascii_alphabetic);
            letter.is_some_and(|letter| {
                let other = if letter.is_ascii_lowercase() {
                    letter.to_ascii_uppercase()
                } else {
                    letter.to_ascii_lowercase()
                };
                !contains(&set, u32::from(other))
            })
        };
        for (first, last) in subtract(&set, &folded) {
            if last <= 0x7F && (first..=last).any(alone) {
                items.extend(
                    (first..=last).map(|scalar| if alone(scalar) { code(scalar) } else { name(scalar) }),
                );
                continue;
            }
            match last - first {
                0 => items.push(name(first)),
                1 => items.extend([name(first), name(last)]),
                _ => items.push(format!("{}–{}", name(first), name(last))),
            }
        }
        items.join(" ")
    }
}

/// Appends a range that begins no earlier than the last one, joining what touches.
fn push(set: &mut Ranges, (first, last): (u32, u32)) {
    match set.last_mut() {
        Some(end) if first <= end.1.saturating_add(1) => end.1 = end.1.max(last),
        _ => set.push((first, last)),
    }
}

fn contains(set: &Ranges, scalar: u32) -> bool {
    let after = set.partition_point(|&(first, _)| first <= scalar);
    after > 0 && scalar <= set[after - 1].1
}

fn subtract(set: &Ranges, less: &Ranges) -> Ranges {
    let mut rest = Ranges::new();
    for &(mut first, last) in set {
        for &(from, to) in less {
            if to < first || last < from {
                continue;
            }
            if first < from {
                rest.push((first, from - 1));
            }
            first = first.max(to + 1);
        }
        if first <= last {
            rest.push((first, last));
        }
    }
    rest
}

fn name(scalar: u32) -> String {
    match char::from_u32(scalar) {
        Some(c) if c.is_ascii_graphic() || (!c.is_ascii() && c.is_alphanumeric()) => c.to_string(),
        _ => code(scalar),
    }
}

fn code(scalar: u32) -> String {
    format!("U+{scalar:04X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Classes in which each of these sets is one class, and everything else another.
    fn labels(sets: &[&dyn Fn(char) -> bool]) -> Vec<String> {
        let mut numbers = vec![None; sets.len() + 1];
        let mut next = 0;
        let mut class = |c: Option<char>| {
            let set = sets.iter().position(|set| c.is_some_and(set)).unwrap_or(sets.len());
            *numbers[set].get_or_insert_with(|| {
                next += 1;
                next - 1
            })
        };
        let mut ascii = [0; 128];
        for (entry, c) in ascii.iter_mut().zip('\0'..) {
            *entry = u8::try_from(class(Some(c))).unwrap();
        }
        let mut ranges: Vec<(u32, u16)> = Vec::new();
        for scalar in (0x80..=LAST_SCALAR).filter(|&scalar| char::from_u32(scalar).is_some()) {
            let class = class(char::from_u32(scalar));
            if ranges.last().is_none_or(|&(_, last)| last != class) {
                ranges.push((scalar, class));
            }
        }
        let sets = ClassSets::new(&Classes::new(ascii, ranges).unwrap());
        numbers.into_iter().flatten().map(|class| sets.label(&[class])).collect()
    }

    #[test]
    fn labels_are_short_and_say_what_they_take() {
        let cases: [(&dyn Fn(char) -> bool, &str); 9] = [
            (&|c| c.eq_ignore_ascii_case(&'d'), "d"),
            (&|c| "abcABC".contains(c), "a–c"),
            (&|c| "xyXY".contains(c), "x y"),
            (&char::is_whitespace, "␣"),
            (&|c| c.is_whitespace() || c == '-', "␣ -"),
            (&|c| c == ' ', "U+0020"),
            (&|c| c == 'a', "U+0061"),
            (&|c| ('а'..='я').contains(&c), "а–я"),
            (&|c| c == '\u{301}' || c == '–', "U+0301 U+2013"),
        ];
        for (set, expected) in cases {
            assert_eq!(labels(&[set])[0], expected);
        }
    }

    #[test]
    fn sets_of_scalars_subtract() {
        assert_eq!(
            subtract(&vec![(0, 9), (20, 29)], &vec![(3, 4), (9, 20), (29, 40)]),
            [(0, 2), (5, 8), (21, 28)]
        );
        assert_eq!(subtract(&vec![(0, 9)], &vec![(0, 9)]), []);
        assert_eq!(subtract(&vec![(0, 9)], &vec![]), [(0, 9)]);
    }
}
