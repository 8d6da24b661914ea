//! "Did you mean": the nearest known word, when it is near enough.

/// The edit distance in characters where insertion, deletion, replacement and the swap of two neighbours cost one each
/// (optimal string alignment).
pub fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// The known word nearest to `word`: one that differs only in case or in `-`, `_` and white space first, else one within a third
/// of the longer word's length in edits (at least one). `None` where nothing is near; ties go to the first in order.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !matches!(c, '-' | '_') && !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect()
    };
    // A word this long is no typing slip, and the distance is quadratic.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let wanted = plain(word);
    known
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .filter_map(|candidate| {
            let folded = plain(candidate);
            let edits = if folded == wanted { 0 } else { distance(&wanted, &folded) };
            let longer = wanted.chars().count().max(folded.chars().count());
            (edits <= (longer / 3).max(1) && (edits == 0 || longer > 2)).then_some((edits, candidate))
        })
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let keys = ["lens", "intent", "knowledge", "spinnerVerbs", "ring"];
        let cases = [
            ("lense", Some("lens")),
            ("Intent", Some("intent")),
            ("knowlege", Some("knowledge")),
            ("spinner_verbs", Some("spinnerVerbs")),
            ("itnent", Some("intent")),
            ("rnig", Some("ring")),
            ("unrelated", None),
            ("x", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
    }

    #[test]
    fn distance_counts_swaps_once() {
        for (a, b, expected) in
            [("", "", 0), ("abc", "", 3), ("abc", "acb", 1), ("deploy", "deploys", 1), ("🎭", "x", 1)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }
}
