//! Characters that no honest intent has.

use unicode_normalization::char::is_public_assigned;

use super::Malformation;

const ZERO_WIDTH_JOINER: char = '\u{200d}';
const TEXT_STYLE: char = '\u{fe0e}';
const EMOJI_STYLE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// Finds the first character that must not be there, with its byte offset.
pub(super) fn check(text: &str) -> Result<(), (usize, Malformation)> {
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let rest = || text[at + c.len_utf8()..].chars().next().unwrap_or('\0');
        let malformation = match c {
            ' '..='~' => None,
            TEXT_STYLE | EMOJI_STYLE if is_emoji(before) || (is_keycap_base(before) && rest() == KEYCAP) => {
                None
            }
            ZERO_WIDTH_JOINER if (is_emoji(before) || before == EMOJI_STYLE) && is_emoji(rest()) => None,
            _ if c.is_whitespace() => None,
            _ if c.is_control() => Some(Malformation::Control(c)),
            _ if is_bidirectional(c) => Some(Malformation::Bidirectional(c)),
            _ if is_invisible(c) => Some(Malformation::Invisible(c)),
            _ if !is_public_assigned(c) => Some(Malformation::Unassigned(c)),
            _ => None,
        };
        if let Some(malformation) = malformation {
            return Err((at, malformation));
        }
        before = c;
    }
    Ok(())
}

/// Unicode's property `Bidi_Control`.
fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Unicode's property `Default_Ignorable_Code_Point` (DerivedCoreProperties.txt; reserved ranges with it), interlinear annotation
/// (Unicode chapter 23.8), Egyptian and shorthand format controls, and three characters that are blank by design.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}'..='\u{1160}' // Hangul fillers
        | '\u{17b4}'..='\u{17b5}' // Khmer inherent vowels
        | '\u{180b}'..='\u{180f}' // Mongolian selectors and separator
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' // blank Braille pattern
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{13430}'..='\u{1343f}' // Egyptian joiners
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The symbols outside ASCII that can be emoji, with the symbols around them: no letters, so that nothing can be hidden among them.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}'
        | '\u{2190}'..='\u{21ff}' // arrows
        | '\u{2300}'..='\u{23ff}' // technical
        | '\u{25a0}'..='\u{27bf}' // shapes, symbols, dingbats
        | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}'
        | '\u{1f000}'..='\u{1f0ff}' // tiles and cards
        | '\u{1f170}'..='\u{1f171}' | '\u{1f17e}'..='\u{1f17f}' | '\u{1f18e}' | '\u{1f1e6}'..='\u{1f1ff}'
        | '\u{1f300}'..='\u{1faff}')
}

fn is_keycap_base(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}
