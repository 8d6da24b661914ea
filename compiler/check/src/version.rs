//! Versions as authors write them. Read from the text, so that `2.10` is not `2.1`.

use semver::Version;

/// What a version text came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A semantic version.
    Full(Version),
    /// Written short (`2.3`, `v2.3.0`) and taken in full.
    Short(Version),
    /// No version; the reason in a few words.
    Invalid(String),
}

/// Reads a version. Nothing but a leading `v`, white space around it and missing `.0`s is forgiven.
pub(crate) fn read(text: &str) -> Reading {
    if let Ok(version) = Version::parse(text) {
        return Reading::Full(version);
    }
    let bare = text.trim();
    let bare = bare.strip_prefix(['v', 'V']).unwrap_or(bare);
    let numbers = bare.split('.').count();
    let only_numbers = bare.chars().all(|c| c.is_ascii_digit() || c == '.');
    let full = match numbers {
        1 if only_numbers => format!("{bare}.0.0"),
        2 if only_numbers => format!("{bare}.0"),
        _ => bare.to_owned(),
    };
    match Version::parse(&full) {
        Ok(version) => Reading::Short(version),
        Err(_) => Reading::Invalid(reason(bare)),
    }
}

/// Why `text` is no version, in the words of whoever wrote it.
fn reason(text: &str) -> String {
    let numbers = text.split(['-', '+']).next().unwrap_or(text);
    let parts: Vec<&str> = numbers.split('.').collect();
    if let Some(part) =
        parts.iter().find(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return if part.is_empty() {
            "a number is missing".to_owned()
        } else {
            format!("`{part}` is not a number")
        };
    }
    if let Some(part) = parts.iter().find(|part| part.len() > 1 && part.starts_with('0')) {
        return format!("`{part}` begins with a zero");
    }
    if parts.len() != 3 {
        let plural = if parts.len() == 1 { "number" } else { "numbers" };
        return format!("it has {} {plural}, not three", parts.len());
    }
    if let Some(part) = parts.iter().find(|part| part.parse::<u64>().is_err()) {
        return format!("`{part}` is too large");
    }
    "what follows `-` or `+` is not letters, digits and hyphens between dots".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_versions_are_taken_short_ones_completed_and_others_refused() {
        let full = |text: &str| Reading::Full(Version::parse(text).unwrap());
        let short = |text: &str| Reading::Short(Version::parse(text).unwrap());
        let invalid = |text: &str| Reading::Invalid(text.to_owned());
        let cases = [
            ("2.3.0", full("2.3.0")),
            ("1.0.0-rc.1+build.5", full("1.0.0-rc.1+build.5")),
            ("2.3", short("2.3.0")),
            ("2.10", short("2.10.0")),
            ("2", short("2.0.0")),
            ("v2.3.0", short("2.3.0")),
            ("V2", short("2.0.0")),
            ("2.3.0\n", short("2.3.0")),
            ("", invalid("a number is missing")),
            ("2.", invalid("a number is missing")),
            ("2..3", invalid("a number is missing")),
            ("latest", invalid("`latest` is not a number")),
            ("1e1", invalid("`1e1` is not a number")),
            ("-1", invalid("a number is missing")),
            ("2.3-rc.1", invalid("it has 2 numbers, not three")),
            ("1.2.3.4", invalid("it has 4 numbers, not three")),
            ("2024.01.15", invalid("`01` begins with a zero")),
            ("99999999999999999999.0.0", invalid("`99999999999999999999` is too large")),
            ("1.0.0-", invalid("what follows `-` or `+` is not letters, digits and hyphens between dots")),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }
}
