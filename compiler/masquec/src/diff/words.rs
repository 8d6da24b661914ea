//! A text that became another, word by word.

use similar::{ChangeTag, TextDiff};

/// How much of what stays is shown around what changed, in words and the spaces between them.
const AROUND: usize = 12;

/// A stretch of both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    Stays(String),
    /// Was there, is not any more.
    Old(String),
    New(String),
    /// Some words that stay and are left out.
    Gap,
}

/// The stretches of two texts, what is far from any change left out.
pub(super) fn words(old: &str, new: &str) -> Vec<Stretch> {
    let diff = TextDiff::from_words(old, new);
    let mut stretches: Vec<(ChangeTag, Vec<&str>)> = Vec::new();
    for change in diff.iter_all_changes() {
        match stretches.last_mut() {
            Some((tag, words)) if *tag == change.tag() => words.push(change.value()),
            _ => stretches.push((change.tag(), vec![change.value()])),
        }
    }
    let count = stretches.len();
    let (mut shown, mut old, mut new) = (Vec::new(), String::new(), String::new());
    for (at, (tag, words)) in stretches.into_iter().enumerate() {
        match tag {
            ChangeTag::Delete => old.push_str(&words.concat()),
            ChangeTag::Insert => new.push_str(&words.concat()),
            // A space between changed words changes along, so that a sentence that was written anew is not torn into words.
            ChangeTag::Equal if at > 0 && at + 1 < count && words.iter().all(|word| is_space(word)) => {
                old.push_str(&words.concat());
                new.push_str(&words.concat());
            }
            ChangeTag::Equal => {
                put(&mut shown, &mut old, &mut new);
                let before = if at == 0 { 0 } else { AROUND };
                let after = if at + 1 == count { 0 } else { AROUND };
                if words.len() <= before + after {
                    shown.push(Stretch::Stays(words.concat()));
                    continue;
                }
                let (first, last) = (words[..before].concat(), words[words.len() - after..].concat());
                let stays = |text: String| (!text.is_empty()).then_some(Stretch::Stays(text));
                shown.extend(stays(first));
                shown.push(Stretch::Gap);
                shown.extend(stays(last));
            }
        }
    }
    put(&mut shown, &mut old, &mut new);
    shown
}

/// Shows what has gathered of both texts.
fn put(shown: &mut Vec<Stretch>, old: &mut String, new: &mut String) {
    for (text, stretch) in [(old, Stretch::Old as fn(String) -> Stretch), (new, Stretch::New)] {
        if !text.is_empty() {
            shown.push(stretch(std::mem::take(text)));
        }
    }
}

fn is_space(word: &str) -> bool {
    word.chars().all(|c| c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_shown_near_what_changed() {
        let long = "a b c d e f g h i j k l m n o p ";
        let shown = words(&format!("{long}old end"), &format!("{long}new end"));
        let stays = |text: &str| Stretch::Stays(text.to_owned());
        assert_eq!(
            shown,
            [
                Stretch::Gap,
                stays("k l m n o p "),
                Stretch::Old("old".to_owned()),
                Stretch::New("new".to_owned()),
                stays(" end"),
            ]
        );
        assert_eq!(words("", "all"), [Stretch::New("all".to_owned())]);
        let anew = [Stretch::Old("a b".to_owned()), Stretch::New("c d".to_owned()), stays(" .")];
        assert_eq!(words("a b .", "c d ."), anew);
    }
}
