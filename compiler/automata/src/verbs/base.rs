//! From an inflected form back to its base: which stems an ending may have been put to, and which of them is the likeliest.
//!
//! English drops a final -e before -ed and -ing ("caching", "analysed"), so that the stem alone does not say whether there was one. It
//! mostly shows in the last letters: no verb ends in -v or in a consonant and -s, few end in -z or in a vowel and -s. What the letters
//! leave open is in the short lists here.

use super::{closes_syllable, is_vowel, syllables};

/// What a word may be a regular inflection of, the likeliest first; nothing if its ending may belong to a base form.
pub(super) fn candidates(word: &str) -> Vec<String> {
    let has_vowel = |stem: &str| syllables(stem.as_bytes()) > 0;
    let cut = |suffix: &str| word.strip_suffix(suffix).filter(|stem| stem.len() > 1 && has_vowel(stem));
    // "dying", "tied"; longer words are rather "trying" and "tried".
    for suffix in ["ying", "ied"] {
        if let Some(stem) = word.strip_suffix(suffix).filter(|stem| stem.len() == 1) {
            return vec![format!("{stem}ie")];
        }
    }
    for suffix in ["ied", "ies"] {
        if let Some(stem) = word.strip_suffix(suffix).filter(|stem| stem.len() > 1) {
            return vec![format!("{stem}y"), format!("{stem}ie")];
        }
    }
    if let Some(stem) = cut("ing") {
        return from_stem(stem);
    }
    if let Some(stem) = cut("ed").filter(|stem| !stem.ends_with('e')) {
        return from_stem(stem);
    }
    match cut("s").map(|stem| (stem, stem.as_bytes())) {
        // "closes" and "caches" keep their e, "passes" and "pushes" do not.
        Some((stem, [.., b's' | b'x' | b'z' | b'h' | b'o', b'e'])) => from_stem(&stem[..stem.len() - 1]),
        Some((stem, [.., last])) if stem.len() > 2 && !matches!(last, b's' | b'u' | b'i' | b'a') => {
            vec![stem.to_owned()]
        }
        _ => Vec::new(),
    }
}

/// What -ed, -ing or -es may have been put to.
fn from_stem(stem: &str) -> Vec<String> {
    let plain = stem.to_owned();
    let with_e = format!("{stem}e");
    let shorter = || stem[..stem.len() - 1].to_owned();
    match stem.as_bytes() {
        [.., a, b] if a == b && !is_vowel(*b) => {
            if is_double(stem) {
                vec![plain, shorter(), with_e]
            } else {
                vec![shorter(), plain, with_e]
            }
        }
        [.., b'c', b'k'] if adds_k(stem) => vec![shorter(), plain],
        _ if ends_in_e(stem) => vec![with_e, plain],
        _ => vec![plain, with_e],
    }
}

/// Whether the doubled consonant at the end is the base's own ("install", "add"), not one that the ending brought ("stopp").
fn is_double(stem: &str) -> bool {
    let several = syllables(stem.as_bytes()) > 1;
    match stem.as_bytes() {
        [.., b'l'] => {
            let own = ["stall", "call", "fill", "still"];
            let rolls = stem.ends_with("roll") && !stem.ends_with("ntroll") && stem != "patroll";
            let long = ["uell", "iall"].iter().any(|end| stem.ends_with(end));
            (!several && !long) || rolls || own.iter().any(|end| stem.ends_with(end))
        }
        [.., b's'] => !matches!(stem, "focuss" | "refocuss" | "biass"),
        [.., b'z'] => !stem.ends_with("quizz"),
        [.., b'd'] => matches!(stem, "add" | "readd" | "odd"),
        [.., b'f'] => true,
        _ => matches!(stem, "err" | "purr" | "burr" | "whirr" | "ebb" | "egg" | "butt" | "boycott"),
    }
}

/// Whether the k stands for the sound alone: "panick", not "attack".
fn adds_k(stem: &str) -> bool {
    const OWN: [&str; 6] = ["pick", "kick", "stick", "trick", "click", "flick"];
    stem.ends_with("nck")
        || stem.ends_with("ick")
            && syllables(stem.as_bytes()) > 1
            && !OWN.iter().any(|end| stem.ends_with(end))
}

/// Whether the base is likelier to have had an e behind this stem.
fn ends_in_e(stem: &str) -> bool {
    if AS_THEY_ARE.contains(&stem) {
        return false;
    }
    if WITH_E.contains(&stem) {
        return true;
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| stem.ends_with(end));
    let bytes = stem.as_bytes();
    let [head @ .., before, last] = bytes else { return false };
    // A single consonant after a single vowel that was not doubled.
    let closed = closes_syllable(head, *before, *last);
    match (last, before) {
        (b'v' | b'u' | b'c', _) => true,
        (b'z', b't') => false,
        (b'z' | b's', _) => true,
        (b'g', b'n') => ends(&["ang", "eng", "ung"]),
        (b'g', b'o') => false,
        (b'g', _) => true,
        (b'l', b't' | b'b' | b'p' | b'g' | b'd' | b'k' | b'f' | b'c' | b'z' | b's') => true,
        (b't', b'a') if ends(&["iat", "uat", "creat", "ineat", "rmeat", "useat", "ideat"]) => true,
        _ if !closed => false,
        // The base of one syllable would have doubled it: "use", "like".
        _ if syllables(bytes) < 2 => true,
        (b't', b'a' | b'u') | (b'd' | b'b' | b'k', _) => true,
        (b't', b'o') => ends(&["mot", "not", "dot", "quot"]),
        (b'r', b'a' | b'i' | b'u') | (b'm', b'a' | b'i' | b'u') | (b'n' | b'l', b'i' | b'u') => true,
        (b'r', b'o') => ends(&["plor", "stor", "gnor", "scor"]),
        (b'm', b'o') => stem.ends_with("com"),
        (b'n', b'e') => ends(&["conven", "terven", "traven"]),
        (b'n', b'o') => ends(&["phon", "thron", "pon"]),
        (b't', b'e') => ends(&["plet", "cret", "delet"]),
        (b'p', b'a' | b'y') => true,
        _ => false,
    }
}

/// Stems that are bases, whatever their last letters say.
const AS_THEY_ARE: [&str; 57] = [
    "sync",
    "resync",
    "desync",
    "spec",
    "exec",
    "arc",
    "focus",
    "refocus",
    "bias",
    "canvas",
    "caucus",
    "chorus",
    "bang",
    "hang",
    "clang",
    "gang",
    "twang",
    "bung",
    "debug",
    "gossip",
    "worship",
    "format",
    "reformat",
    "combat",
    "debut",
    "murmur",
    "occur",
    "recur",
    "incur",
    "concur",
    "collar",
    "sugar",
    "calendar",
    "mortar",
    "martyr",
    "program",
    "reprogram",
    "diagram",
    "pencil",
    "stencil",
    "fulfil",
    "devil",
    "ruin",
    "assassin",
    "margin",
    "login",
    "plugin",
    "coffin",
    "embed",
    "reembed",
    "kidnap",
    "overlap",
    "recap",
    "bootstrap",
    "input",
    "output",
    "rerun",
];

/// Stems that have lost an e, though their last letters don't say so.
const WITH_E: [&str; 72] = [
    "cach", "recach", "precach", "ach", "nich", "bath", "sunbath", "breath", "cloth", "sooth", "loath",
    "seeth", "teeth", "lath", "writh", "tith", "swath", "sheath", "unsheath", "cring", "hing", "unhing",
    "infring", "imping", "fring", "bing", "spong", "past", "tast", "wast", "rout", "rerout", "guid",
    "misguid", "invit", "unit", "reunit", "ignit", "reignit", "excit", "recit", "incit", "expedit", "requit",
    "compet", "devot", "adher", "coher", "interfer", "persever", "rever", "ador", "inhal", "exhal", "impal",
    "regal", "consol", "cajol", "telescop", "elop", "hom", "aton", "condon", "clon", "ow", "cano", "equat",
    "styl", "restyl", "unyok", "retyp", "welcom",
];

#[cfg(test)]
mod tests {
    use super::super::base_of;

    #[test]
    fn inflections_have_bases() {
        let cases = "
            deploying deploy | deployed deploy | deploys deploy | updating update | configured configure | running run
            stopped stop | committing commit | applies apply | pushes push | releases release | installing install
            passing pass | creating create | evaluated evaluate | repeating repeat | deleted delete | editing edit
            panicking panic | checking check | using use | went go | written write | does do | dying die | trying try
            analyzing analyze | analysing analyse | analyses analyse | caching cache | caches cache | cached cache
            attaching attach | reaches reach | attacking attack | unlocked unlock | trafficking traffic | synced sync
            tried try | tries try | tied tie | ties tie | queuing queue | arguing argue | continued continue
            browsing browse | paused pause | raising raise | collapsed collapse | parsing parse | focusing focus
            focusses focus | quizzes quiz | buzzes buzz | replacing replace | reduced reduce | tracing trace
            including include | invading invade | decoded decode | adding add | embedding embed | loading load
            guiding guide | describing describe | subscribed subscribe | absorbing absorb | renaming rename
            consuming consume | resumed resume | customed custom | programming program | comparing compare
            monitoring monitor | ignoring ignore | restored restore | exploring explore | offering offer
            requiring require | repairing repair | ensuring ensure | compiling compile | emailing email
            cancelled cancel | controlling control | calling call | recalled recall | scrolling scroll | sampled sample
            scheduled schedule | labelling label | signaled signal | inviting invite | limiting limit | exciting excite
            targeting target | completing complete | promoting promote | pivoted pivot | computing compute
            routing route | scouting scout | formatting format | formatted format | floating float | treating treat
            invoking invoke | looking look | managing manage | pinging ping | merging merge | changing change
            challenged challenge | belonging belong | debugging debug | solving solve | moved move | leaving leave
            closes close | fixes fix | vetoes veto | pasted paste | testing test | tasting taste | developing develop
            typing type | escaping escape | equipping equip | helping help | combining combine | joining join
            fuelled fuel | dialling dial | opening open | happening happen | positioning position | postponing postpone | tuning tune | erring err
        ";
        let cases: Vec<(&str, &str)> = cases
            .split(['|', '\n'])
            .filter(|case| !case.trim().is_empty())
            .map(|case| case.trim().split_once(' ').expect("a case is a form and its base"))
            .collect();
        assert!(cases.len() >= 60);
        let wrong: Vec<String> = cases
            .into_iter()
            .filter(|(form, base)| base_of(form).as_deref() != Some(base))
            .map(|(form, base)| format!("{form}: {base} expected, {:?} found", base_of(form)))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn other_words_have_none() {
        let words = "deploy embed need feed speed process access bypass focus bias alias address discuss run read put set \
                     found bring sing ping string spring bus gas canvas exceed shed shred is-not news series species \
                     physics politics economics mathematics headquarters chaos kudos devops windows always perhaps \
                     sometimes towards besides afterwards overseas indoors nothing something anything everything during \
                     morning offspring sibling hundred sacred hatred status campus virus axis basis bonus glass";
        assert!(words.split_whitespace().count() >= 40);
        let wrong: Vec<&str> = words.split_whitespace().filter(|word| base_of(word).is_some()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn the_lists_are_of_stems_that_the_letters_would_mislead() {
        for stem in super::AS_THEY_ARE {
            assert!(!super::WITH_E.contains(&stem), "{stem}");
        }
    }
}
