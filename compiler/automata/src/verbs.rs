//! English verbs: the inflections of a base form, and the base form of an inflection.
//!
//! Regular inflection is by rule, and where spelling leaves two forms open both count: a verb rule that takes one spelling too many is
//! harmless, one that misses a spelling is a hole. Irregular verbs are a table in the standard library.

mod base;

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// The table of irregular verbs, in the format that its head describes: part of what a compiled pattern depends on.
pub static TABLE: &str = include_str!("../../../stdlib/verbs/irregular.txt");

/// All forms of a verb given by its base form: the base itself, third person, past, participles and -ing; sorted, without repetition.
///
/// The base must be ASCII letters; case is folded. Unknown words are inflected by rule, whatever they are.
#[must_use]
pub fn inflections(base: &str) -> Vec<String> {
    let base = base.to_ascii_lowercase();
    let mut forms = match table().verbs.get(base.as_str()) {
        Some(verb) => verb.forms(&base),
        None => {
            let mut forms = third_person(&base);
            forms.extend(past(&base));
            forms.extend(gerund(&base));
            forms
        }
    };
    forms.push(base);
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// The base form of a word that is certainly an inflection of another word: a suggestion for whoever wrote it where a base form belongs.
///
/// Nothing if the word may be a base form itself ("embed", "process", "found"). Where several bases are possible, the likeliest.
#[must_use]
pub fn base_of(inflected: &str) -> Option<String> {
    let word = inflected.to_ascii_lowercase();
    let table = table();
    if table.verbs.contains_key(word.as_str()) || table.bases.contains(word.as_str()) {
        return None;
    }
    if let Some(base) = table.irregular_forms.get(word.as_str()) {
        return Some((*base).to_owned());
    }
    base::candidates(&word).into_iter().find(|base| base.len() > 1 && inflections(base).contains(&word))
}

/// A verb of the table.
struct Verb<'a> {
    past: &'a str,
    participle: &'a str,
    third_person: Option<&'a str>,
    gerund: Option<&'a str>,
}

impl Verb<'_> {
    fn forms(&self, base: &str) -> Vec<String> {
        let listed = |forms: &str| forms.split('/').map(str::to_owned).collect::<Vec<_>>();
        let mut forms = listed(self.past);
        forms.extend(listed(self.participle));
        forms.extend(self.third_person.map_or_else(|| third_person(base), listed));
        forms.extend(self.gerund.map_or_else(|| gerund(base), listed));
        forms
    }
}

struct Table {
    verbs: FxHashMap<&'static str, Verb<'static>>,
    /// Words that look inflected and are not.
    bases: FxHashSet<&'static str>,
    /// Irregular forms and their base.
    irregular_forms: FxHashMap<String, &'static str>,
}

/// The table, read once. Its format is described at its head.
fn table() -> &'static Table {
    static READ: OnceLock<Table> = OnceLock::new();
    READ.get_or_init(|| {
        let mut verbs = FxHashMap::default();
        let mut bases = FxHashSet::default();
        for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut fields = line.split_whitespace();
            let base = fields.next().expect("the line is not empty");
            let Some(past) = fields.next() else {
                bases.insert(base);
                continue;
            };
            let mut verb = Verb { past, participle: past, third_person: None, gerund: None };
            for field in fields {
                match field.split_once('=') {
                    Some(("s", forms)) => verb.third_person = Some(forms),
                    Some((_, forms)) => verb.gerund = Some(forms),
                    None => verb.participle = field,
                }
            }
            verbs.insert(base, verb);
        }
        let mut irregular_forms = FxHashMap::default();
        let mut sorted: Vec<(&&'static str, &Verb<'_>)> = verbs.iter().collect();
        // Where verbs share a form, the shorter base wins, then the alphabet.
        sorted.sort_unstable_by_key(|(base, _)| (base.len(), **base));
        for (base, verb) in sorted {
            for form in verb.forms(base) {
                irregular_forms.entry(form).or_insert(*base);
            }
        }
        Table { verbs, bases, irregular_forms }
    })
}

fn third_person(base: &str) -> Vec<String> {
    let stem = base;
    if let Some(stem) = consonant_y(base) {
        return vec![format!("{stem}ies")];
    }
    if base.ends_with('s') || base.ends_with('z') {
        let mut forms: Vec<String> = doubled(base).iter().map(|stem| format!("{stem}es")).collect();
        if base.ends_with('s') {
            forms.push(format!("{base}es"));
        }
        return forms;
    }
    if ["x", "ch", "sh"].iter().any(|end| base.ends_with(end)) {
        return vec![format!("{stem}es")];
    }
    let mut forms = vec![format!("{stem}s")];
    // "vetoes", but "demos".
    if let [.., before, b'o'] = base.as_bytes()
        && !is_vowel(*before)
    {
        forms.push(format!("{stem}es"));
    }
    forms
}

fn past(base: &str) -> Vec<String> {
    if base.ends_with('e') {
        return vec![format!("{base}d")];
    }
    if let Some(stem) = consonant_y(base) {
        return vec![format!("{stem}ied")];
    }
    doubled(base).iter().map(|stem| format!("{stem}ed")).collect()
}

fn gerund(base: &str) -> Vec<String> {
    if let Some(stem) = base.strip_suffix("ie") {
        return vec![format!("{stem}ying")];
    }
    let kept = format!("{base}ing");
    let Some(stem) = base.strip_suffix('e') else {
        return doubled(base).iter().map(|stem| format!("{stem}ing")).collect();
    };
    let dropped = format!("{stem}ing");
    match stem.as_bytes() {
        [] | [.., b'e' | b'o' | b'y'] => vec![kept],
        // "queueing" and "queuing"; "bingeing" and "changing".
        [.., b'u'] | [.., b'i', b'n', b'g'] => vec![dropped, kept],
        _ => vec![dropped],
    }
}

/// What -ed and -ing are put to: the base, or the base with its final consonant doubled, or both where that depends on the stress.
fn doubled(base: &str) -> Vec<String> {
    let bytes = base.as_bytes();
    let plain = || base.to_owned();
    let twice = |last: u8| format!("{base}{}", char::from(last));
    let syllables = syllables(bytes);
    match *bytes {
        // "panic"; "sync" and "spec" are seen both ways.
        [.., before, b'c'] => {
            let mut forms = vec![format!("{base}k")];
            if before != b'i' || syllables < 2 {
                forms.push(plain());
            }
            if is_vowel(before) && syllables < 2 {
                forms.push(twice(b'c'));
            }
            forms
        }
        // American "fueled" and "dialed", British "fuelled" and "dialled".
        [.., b'u', b'e', b'l'] | [.., b'i' | b'u', b'a', b'l'] => vec![plain(), twice(b'l')],
        [.., before, last] if closes_syllable(&bytes[..bytes.len() - 2], before, last) => {
            // "bused" and "bussed"; "committed" and "edited".
            if syllables < 2 && last != b's' { vec![twice(last)] } else { vec![plain(), twice(last)] }
        }
        _ => vec![plain()],
    }
}

/// A single consonant after a single vowel, at the end.
fn closes_syllable(head: &[u8], before: u8, last: u8) -> bool {
    let single_vowel = match head {
        [.., b'q', b'u'] => true,
        [.., other] => !is_vowel(*other),
        [] => true,
    };
    (is_vowel(before) || (before == b'y' && !head.is_empty()))
        && single_vowel
        && !is_vowel(last)
        && !matches!(last, b'w' | b'x' | b'y' | b'h')
}

/// Groups of vowels; a `u` after a `q` and a `y` at the beginning are none.
fn syllables(word: &[u8]) -> usize {
    let mut count = 0;
    let mut in_group = false;
    for (at, &letter) in word.iter().enumerate() {
        let vowel = match letter {
            b'u' => at == 0 || word[at - 1] != b'q',
            b'y' => at > 0,
            letter => is_vowel(letter),
        };
        count += usize::from(vowel && !in_group);
        in_group = vowel;
    }
    count
}

fn consonant_y(base: &str) -> Option<&str> {
    let stem = base.strip_suffix('y')?;
    match stem.as_bytes() {
        [.., b'q', b'u'] => Some(stem),
        [.., before] if !is_vowel(*before) => Some(stem),
        _ => None,
    }
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_inflect() {
        for (base, forms) in [
            ("deploy", "deploy deployed deploying deploys"),
            ("restart", "restart restarted restarting restarts"),
            ("update", "update updated updates updating"),
            ("agree", "agree agreed agreeing agrees"),
            ("tie", "tie tied ties tying"),
            ("queue", "queue queued queueing queues queuing"),
            ("apply", "applied applies apply applying"),
            ("push", "push pushed pushes pushing"),
            ("fix", "fix fixed fixes fixing"),
            ("process", "process processed processes processing"),
            ("stop", "stop stopped stopping stops"),
            ("ship", "ship shipped shipping ships"),
            ("show", "show showed showing shown shows"),
            ("quiz", "quiz quizzed quizzes quizzing"),
            ("commit", "commit commited commiting commits committed committing"),
            ("edit", "edit edited editing edits editted editting"),
            ("debug", "debug debuged debugged debugging debuging debugs"),
            ("cancel", "cancel canceled canceling cancelled cancelling cancels"),
            ("model", "model modeled modeling modelled modelling models"),
            ("fuel", "fuel fueled fueling fuelled fuelling fuels"),
            ("read", "read reading reads"),
            ("panic", "panic panicked panicking panics"),
            ("sync", "sync synced syncing syncked syncking syncs"),
            ("veto", "veto vetoed vetoes vetoing vetos"),
            ("be", "am are be been being is was were"),
            ("have", "had has have having"),
            ("do", "did do does doing done"),
            ("go", "goes going gone go went"),
            ("reset", "reset resets resetting reseting"),
            ("put", "put puts putting"),
            ("write", "write writes writing written wrote"),
            ("rewrite", "rewrite rewrites rewriting rewritten rewrote"),
            ("undo", "undid undo undoes undoing undone"),
            ("rerun", "reran rerun rerunning rerunning reruning reruns"),
            ("shut", "shut shuts shutting"),
            ("input", "input inputed inputing inputs inputted inputting"),
            ("DEPLOY", "deploy deployed deploying deploys"),
            ("x", "x xed xes xing"),
        ] {
            let mut expected: Vec<&str> = forms.split(' ').collect();
            expected.sort_unstable();
            expected.dedup();
            assert_eq!(inflections(base), expected, "{base}");
        }
    }

    #[test]
    fn the_table_is_sound() {
        let lines: Vec<&str> =
            TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(lines.iter().filter(|line| line.contains(' ')).count() >= 200);
        let mut seen = FxHashSet::default();
        for line in lines {
            let base = line.split(' ').next().expect("a line has a first field");
            assert!(seen.insert(base), "`{base}` is there twice");
            for field in line.split(' ') {
                let forms = field.strip_prefix("s=").or_else(|| field.strip_prefix("ing=")).unwrap_or(field);
                let sound =
                    |form: &str| !form.is_empty() && form.bytes().all(|byte| byte.is_ascii_lowercase());
                assert!(forms.split('/').all(sound), "`{line}`");
            }
            assert!(line.split(' ').filter(|field| !field.contains('=')).count() <= 3, "`{line}`");
        }
    }

    #[test]
    fn every_form_of_the_table_leads_back_to_a_verb() {
        for base in table().verbs.keys() {
            for form in inflections(base) {
                let back = base_of(&form);
                assert!(
                    back.as_ref().is_none_or(|back| inflections(back).contains(&form)),
                    "{base} -> {form} -> {back:?}"
                );
            }
        }
    }
}
