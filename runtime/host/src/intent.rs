//! What happens to an intent before the sandbox: it is normalised to NFKC, or refused.
//!
//! A refusal is the host's, not a decision of the masque: a refused intent never reaches the sandbox. Refused are
//!
//! - intents that are too long, before or after normalisation;
//! - control characters that are no white space, bidirectional controls, invisible characters, unassigned and private code points.
//!   Variation selectors U+FE0E and U+FE0F pass directly behind an emoji (or in a keycap), U+200D passes between two emoji: elsewhere
//!   they would hide a word from the rules;
//! - a word (delimited by white space) that mixes scripts beyond *highly restrictive*, UTS #39 section 5.2.
//!
//! What is judged is the normalised text, so a character whose compatibility form is plain text (`™` is `TM`) counts as that text.

mod characters;
mod scripts;

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Why an intent is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has something in it that no honest intent has.
    #[error("malformed intent: {reason} at byte {at}")]
    Malformed {
        /// What it is.
        reason: Malformation,
        /// Byte offset in the intent as it came: of the character, or of the word that it is in.
        at: usize,
    },
    /// It is too long.
    #[error("the intent is too long: {bytes} bytes where {limit} are allowed")]
    TooLong {
        /// Its length, or where normalisation makes it longer than allowed, the normalised length as far as it was made.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

impl Refusal {
    /// The refusal's name in logs and answers: `malformed` or `too-long`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::TooLong { .. } => "too-long",
        }
    }
}

/// What makes an intent malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformation {
    /// Bytes that are no UTF-8.
    #[error("invalid UTF-8")]
    Utf8,
    /// A control character that is no white space.
    #[error("the control character U+{:04X}", u32::from(*.0))]
    Control(char),
    /// A bidirectional mark, override, embedding or isolate.
    #[error("the bidirectional control U+{:04X}", u32::from(*.0))]
    Bidirectional(char),
    /// A character that shows nothing.
    #[error("the invisible character U+{:04X}", u32::from(*.0))]
    Invisible(char),
    /// A code point without a public meaning.
    #[error("the unassigned or private code point U+{:04X}", u32::from(*.0))]
    Unassigned(char),
    /// A word in which letters of several scripts are mixed.
    #[error("a word that mixes scripts")]
    MixedScripts,
}

/// Normalises an intent to NFKC.
///
/// Printable ASCII and its white space come back as they are, in one pass.
///
/// # Errors
/// When the intent is malformed, or longer than `limit` bytes before or after.
#[inline]
pub fn normalise(intent: &str, limit: usize) -> Result<Cow<'_, str>, Refusal> {
    if intent.len() > limit {
        return Err(Refusal::TooLong { bytes: intent.len(), limit });
    }
    if is_printable_ascii(intent.as_bytes()) {
        return Ok(Cow::Borrowed(intent));
    }
    normalise_slowly(intent, limit)
}

/// Normalises an intent that may not even be text.
///
/// # Errors
/// As [`normalise`], and when the bytes are no UTF-8.
pub fn normalise_bytes(intent: &[u8], limit: usize) -> Result<Cow<'_, str>, Refusal> {
    match std::str::from_utf8(intent) {
        Ok(text) => normalise(text, limit),
        Err(error) => Err(Refusal::Malformed { reason: Malformation::Utf8, at: error.valid_up_to() }),
    }
}

/// Whether all bytes are in 0x20..=0x7E. Sixteen at a time, without a branch among them, so that they fit a vector register; the
/// tail is read again with the bytes before it.
#[inline]
fn is_printable_ascii(bytes: &[u8]) -> bool {
    let plain = |byte: &u8| byte.wrapping_sub(0x20) < 0x5F;
    let all_plain = |chunk: &[u8; 16]| chunk.iter().fold(true, |all, byte| all & plain(byte));
    match bytes.last_chunk() {
        Some(tail) => bytes.as_chunks().0.iter().all(all_plain) && all_plain(tail),
        None => bytes.iter().all(plain),
    }
}

#[cold]
fn normalise_slowly(intent: &str, limit: usize) -> Result<Cow<'_, str>, Refusal> {
    characters::check(intent).map_err(|(at, reason)| Refusal::Malformed { reason, at })?;
    if intent.is_ascii() {
        return Ok(Cow::Borrowed(intent));
    }
    let is_normal = is_nfkc_quick(intent.chars()) == IsNormalized::Yes;
    // White space neither composes nor reorders, so that words can be normalised, and judged, one by one.
    for (at, word) in words(intent).filter(|(_, word)| !word.is_ascii()) {
        let malformed = |reason| Refusal::Malformed { reason, at };
        let normal: Cow<'_, str> = if is_normal { word.into() } else { word.nfkc().collect() };
        if !is_normal {
            characters::check(&normal).map_err(|(_, reason)| malformed(reason))?;
        }
        if !normal.split_whitespace().all(scripts::is_highly_restrictive) {
            return Err(malformed(Malformation::MixedScripts));
        }
    }
    if is_normal {
        return Ok(Cow::Borrowed(intent));
    }
    let normal: String = intent.nfkc().collect();
    match normal.len() {
        bytes if bytes > limit => Err(Refusal::TooLong { bytes, limit }),
        _ => Ok(Cow::Owned(normal)),
    }
}

/// Words with the byte offset of each.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(move |word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason(intent: &str) -> Option<(Malformation, usize)> {
        match normalise(intent, 4096) {
            Err(Refusal::Malformed { reason, at }) => Some((reason, at)),
            Err(Refusal::TooLong { .. }) => panic!("{intent:?} is not long"),
            Ok(_) => None,
        }
    }

    #[test]
    fn honest_intents_pass() {
        for (raw, normal) in [
            ("", ""),
            ("deploy grafana", "deploy grafana"),
            ("two\tlines\r\nof text", "two\tlines\r\nof text"),
            ("café crème", "café crème"),
            ("cafe\u{301}", "café"),
            ("ﬁx the ﬂag", "fix the flag"),
            ("ｄｅｐｌｏｙ　ｇｒａｆａｎａ", "deploy grafana"),
            ("развернуть grafana", "развернуть grafana"),
            ("Tokyoタワーを見る", "Tokyoタワーを見る"),
            ("데이터 漢字", "데이터 漢字"),
            ("ship it 🚀", "ship it 🚀"),
            ("❤️ the 👩‍💻 and 🏳️‍🌈 of 👍🏽 1️⃣", "❤️ the 👩‍💻 and 🏳️‍🌈 of 👍🏽 1️⃣"),
            ("no\u{a0}break", "no break"),
            ("line\u{2028}separator", "line\u{2028}separator"),
        ] {
            assert_eq!(normalise(raw, 4096).unwrap(), normal, "{raw:?}");
        }
    }

    #[test]
    fn malformed_intents_are_refused_with_the_place() {
        use Malformation::*;
        for (raw, expected) in [
            ("nul\0", (Control('\0'), 3)),
            ("escape \u{1b}[31m", (Control('\u{1b}'), 7)),
            ("del\u{7f}", (Control('\u{7f}'), 3)),
            ("c1 \u{9b}", (Control('\u{9b}'), 3)),
            ("é \u{202e}eteled", (Bidirectional('\u{202e}'), 3)),
            ("a\u{2066}b", (Bidirectional('\u{2066}'), 1)),
            ("a\u{200e}b", (Bidirectional('\u{200e}'), 1)),
            ("a\u{61c}b", (Bidirectional('\u{61c}'), 1)),
            ("de\u{200b}lete", (Invisible('\u{200b}'), 2)),
            ("de\u{ad}lete", (Invisible('\u{ad}'), 2)),
            ("\u{feff}delete", (Invisible('\u{feff}'), 0)),
            ("de\u{200d}lete", (Invisible('\u{200d}'), 2)),
            ("de\u{fe0f}lete", (Invisible('\u{fe0f}'), 2)),
            ("\u{3164}", (Invisible('\u{3164}'), 0)),
            ("tag \u{e0041}", (Invisible('\u{e0041}'), 4)),
            ("say ™\u{fe0f}", (Invisible('\u{fe0f}'), 7)),
            ("say ‼\u{fe0f}", (Invisible('\u{fe0f}'), 4)),
            ("private \u{e000}", (Unassigned('\u{e000}'), 8)),
            ("unassigned \u{378}", (Unassigned('\u{378}'), 11)),
            ("now dеlete", (MixedScripts, 4)),
            ("ΑΒC", (MixedScripts, 0)),
        ] {
            assert_eq!(reason(raw), Some(expected), "{raw:?}");
        }
    }

    #[test]
    fn length_counts_before_and_after() {
        let limit = 16;
        assert!(normalise(&"a".repeat(16), limit).is_ok());
        assert_eq!(normalise(&"a".repeat(17), limit), Err(Refusal::TooLong { bytes: 17, limit }));
        // One code point of three bytes becomes eighteen letters of Arabic with spaces.
        assert_eq!(normalise("\u{fdfa}", limit), Err(Refusal::TooLong { bytes: 33, limit }));
    }

    #[test]
    fn bytes_that_are_no_text_are_malformed() {
        let expected = Refusal::Malformed { reason: Malformation::Utf8, at: 2 };
        assert_eq!(normalise_bytes(b"ab\xFF", 10), Err(expected));
        assert_eq!(expected.to_string(), "malformed intent: invalid UTF-8 at byte 2");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn printable_ascii_is_untouched(text in "[ -~\t\n\r]{0,80}") {
            prop_assert!(matches!(normalise(&text, 4096), Ok(Cow::Borrowed(same)) if same == text));
        }

        #[test]
        fn the_fast_path_takes_printable_ascii_alone(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let expected = bytes.iter().all(|byte| (0x20..=0x7E).contains(byte));
            prop_assert_eq!(is_printable_ascii(&bytes), expected);
        }

        #[test]
        fn one_odd_byte_is_found_anywhere(length in 1usize..40, at in 0usize..40, odd in any::<u8>()) {
            let mut bytes = vec![b'a'; length];
            bytes[at % length] = odd;
            prop_assert_eq!(is_printable_ascii(&bytes), (0x20..=0x7E).contains(&odd));
        }

        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}") {
            if let Ok(once) = normalise(&text, 4096) {
                let once = once.into_owned();
                prop_assert_eq!(normalise(&once, 4096), Ok(Cow::Borrowed(once.as_str())));
            }
        }

        #[test]
        fn normalising_twice_changes_nothing_near_the_edges(text in "[a\u{e9}\u{301}\u{fe0f}\u{200d}❤👩💻™ﷺ漢カΩµ\u{a0} ]{0,12}") {
            if let Ok(once) = normalise(&text, 4096) {
                let once = once.into_owned();
                prop_assert_eq!(normalise(&once, 4096), Ok(Cow::Borrowed(once.as_str())));
            }
        }

        #[test]
        fn what_passes_is_nfkc(text in "\\PC{0,40}") {
            if let Ok(once) = normalise(&text, 4096) {
                prop_assert!(unicode_normalization::is_nfkc(&once));
            }
        }
    }
}
