//! Which tones go together: the table in `stdlib/tones`, which says what its lines mean.

use std::collections::{BTreeMap, BTreeSet};

/// The table, in the format that its head describes.
pub const TABLE: &str = include_str!("../../../../stdlib/tones/tones.txt");

/// Families of words, and which of them conflict.
pub struct Tones<'t> {
    families: BTreeMap<&'t str, BTreeSet<&'t str>>,
    conflicts: Vec<Conflict<'t>>,
}

/// Two families that can't be spoken in at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict<'t> {
    /// In the order of the table.
    pub families: [&'t str; 2],
    /// Why, for people.
    pub reason: &'t str,
}

impl<'t> Tones<'t> {
    /// Reads a table.
    ///
    /// # Errors
    /// The number of the first line that is not in the format, and what is wrong with it.
    pub fn read(table: &'t str) -> Result<Self, (usize, String)> {
        let mut tones = Self { families: BTreeMap::new(), conflicts: Vec::new() };
        for (line, number) in table.lines().zip(1..) {
            tones.add(line.trim()).map_err(|wrong| (number, wrong))?;
        }
        Ok(tones)
    }

    /// The standard library's.
    pub fn standard() -> Tones<'static> {
        Tones::read(TABLE)
            .unwrap_or_else(|(line, wrong)| panic!("the table that is built in, line {line}: {wrong}"))
    }

    fn add(&mut self, line: &'t str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (head, rest) = line.split_once(':').ok_or("a colon is missing")?;
        match head.split_once(' ') {
            Some(("family", name)) => {
                let words: Vec<&str> = rest.split(',').map(str::trim).collect();
                let is_word = |word: &&str| {
                    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
                };
                if let Some(odd) = words.iter().chain([&name]).find(|word| !is_word(word)) {
                    return Err(format!("`{odd}` is no word"));
                }
                let words: BTreeSet<&str> = words.into_iter().collect();
                match self.families.insert(name, words) {
                    None => Ok(()),
                    Some(_) => Err(format!("`{name}` is there twice")),
                }
            }
            Some(("conflict", pair)) => {
                let (first, second) = pair.split_once(" / ").ok_or("a conflict is between two families")?;
                let families = [first, second];
                if let Some(unknown) = families.iter().find(|name| !self.families.contains_key(*name)) {
                    return Err(format!("there is no family `{unknown}` above"));
                }
                self.conflicts.push(Conflict { families, reason: rest.trim() });
                Ok(())
            }
            _ => Err("a line begins with `family NAME` or `conflict NAME / NAME`".to_owned()),
        }
    }

    /// Every family with its words.
    pub fn families(&self) -> impl Iterator<Item = (&'t str, &BTreeSet<&'t str>)> {
        self.families.iter().map(|(name, words)| (*name, words))
    }

    /// Every conflict, in the order of the table.
    pub fn conflicts(&self) -> &[Conflict<'t>] {
        &self.conflicts
    }

    /// What of one voice conflicts with what of another: positions of words in both. One entry for each pair of families.
    pub fn between(&self, one: &[String], other: &[String]) -> Vec<(Conflict<'t>, [Vec<usize>; 2])> {
        let of = |family: &str, words: &[String]| -> Vec<usize> {
            let known = &self.families[family];
            let is_known = |word: &String| known.contains(word.trim().to_ascii_lowercase().as_str());
            (0..words.len()).filter(|&at| is_known(&words[at])).collect()
        };
        let mut found = Vec::new();
        for conflict in &self.conflicts {
            let [first, second] = conflict.families;
            for families in [[first, second], [second, first]] {
                let words = [of(families[0], one), of(families[1], other)];
                if words.iter().all(|words| !words.is_empty()) {
                    found.push((*conflict, words));
                }
            }
        }
        found
    }
}
