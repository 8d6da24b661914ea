//! Durations as people write them: `15m`, `1h30m`, `15 minutes`, `PT15M`.

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// Seconds that are exact in every number type, so that programs can compare them.
const MOST: u64 = (1 << 53) - 1;

/// The seconds of a duration; `None` where the text is none.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let total = match text.strip_prefix(['P', 'p']) {
        Some(iso) => iso_8601(iso),
        None => sum(text, word),
    };
    total.filter(|&seconds| seconds <= MOST)
}

/// What follows the `P`: a date part, then `T` and a time part.
fn iso_8601(text: &str) -> Option<u64> {
    let (date, time) = match text.split_once(['T', 't']) {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    let date_unit = |unit: &str| match unit {
        "w" => Some(WEEK),
        "d" => Some(DAY),
        _ => None,
    };
    let time_unit = |unit: &str| match unit {
        "h" => Some(HOUR),
        "m" => Some(MINUTE),
        "s" => Some(1),
        _ => None,
    };
    let part = |text: &str, unit: &dyn Fn(&str) -> Option<u64>| match text {
        "" => Some(0),
        text => sum(text, unit),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    part(date, &date_unit)?.checked_add(part(time, &time_unit)?)
}

fn word(unit: &str) -> Option<u64> {
    Some(match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => WEEK,
        _ => return None,
    })
}

/// The sum of numbers that units follow, blanks between them or not.
fn sum(text: &str, unit: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    loop {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: u64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let scale = unit(&rest[..letters].to_ascii_lowercase())?;
        total = total.checked_add(number.checked_mul(scale)?)?;
        rest = rest[letters..].trim_start();
        if rest.is_empty() {
            return Some(total);
        }
    }
}
