//! The highly restrictive level of UTS #39 (section 5.2) without its identifier profile, which forbids `/` and emoji.

use unicode_script::Script;
use unicode_security::mixed_script::AugmentedScriptSet;

/// Whether the word has one script, or Latin with one of the writing systems of Japanese, Korean or Han with Bopomofo.
///
/// Characters common to many scripts (digits, punctuation, emoji) and those that inherit their script count as any.
pub(super) fn is_highly_restrictive(word: &str) -> bool {
    let mut all = AugmentedScriptSet::default();
    let mut beside_latin = AugmentedScriptSet::default();
    for set in word.chars().map(AugmentedScriptSet::for_char) {
        all.intersect_with(set);
        if set.is_all() || !set.base.contains_script(Script::Latin) {
            beside_latin.intersect_with(set);
        }
    }
    !all.is_empty() || beside_latin.hanb || beside_latin.jpan || beside_latin.kore
}
