//! Durations, and how long a credential lives: `session` or a duration.
//!
//! A duration is written `1h30m`, `1 hour 30 minutes`, or by ISO 8601-1:2019, section 5.5.2, in whole weeks, days, hours, minutes and
//! seconds. Weeks may stand beside the other units, as ISO 8601-2 has it.

use crate::limits;
use masque_ir::Ttl;

/// Why a text is no ttl.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TtlProblem {
    /// Neither `session` nor a duration; the ttl that may have been meant.
    Unknown(Option<String>),
    /// Counts years or months. Where `P15M` may stand for minutes, those in the right notation.
    Months(Option<String>),
    /// Has a decimal fraction.
    Fraction,
    /// Lasts no time.
    Zero,
    /// Lasts longer than [`limits::TTL_SECONDS`].
    TooLong,
}

/// Reads a ttl.
pub(crate) fn read(text: &str) -> Result<Ttl, TtlProblem> {
    if text == "session" {
        return Ok(Ttl::Session);
    }
    match seconds(text)? {
        0 => Err(TtlProblem::Zero),
        seconds if seconds <= limits::TTL_SECONDS => Ok(Ttl::Seconds(seconds)),
        _ => Err(TtlProblem::TooLong),
    }
}

/// Reads a duration: its seconds, none included.
pub(crate) fn seconds(text: &str) -> Result<u64, TtlProblem> {
    if let Some(seconds) = words(text) {
        return seconds.filter(|seconds| *seconds <= limits::INT).ok_or(TtlProblem::TooLong);
    }
    let Some(parts) = duration(text) else { return Err(TtlProblem::Unknown(meant(text))) };
    if parts.iter().any(Part::is_calendar) {
        let minutes = match parts[..] {
            [Part { number, designator: 'M', in_time: false, fraction: false }] => {
                Some(format!("PT{number}M"))
            }
            _ => None,
        };
        return Err(TtlProblem::Months(minutes));
    }
    if parts.iter().any(|part| part.fraction) {
        return Err(TtlProblem::Fraction);
    }
    let seconds = parts.iter().try_fold(0, |sum: u64, part| {
        let number: u64 = part.number.parse().ok()?;
        sum.checked_add(number.checked_mul(part.seconds())?)
    });
    seconds.filter(|seconds| *seconds <= limits::INT).ok_or(TtlProblem::TooLong)
}

impl TtlProblem {
    /// What is wrong with a duration, in a few words.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "it is not a number with a unit",
            Self::Months(_) => "years and months have no fixed length",
            Self::Fraction => "it has a fraction",
            Self::Zero => "it lasts no time at all",
            Self::TooLong => "it is too long",
        }
    }
}

/// The seconds of `1h30m` or `1 hour 30 minutes`: numbers with their units, the largest unit first. `None` where it is none such,
/// `Some(None)` where it is more than can be counted.
fn words(text: &str) -> Option<Option<u64>> {
    let mut rest = text;
    let mut sum = Some(0_u64);
    let mut last = u64::MAX;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        let after = after.trim_start_matches(' ');
        let (unit, after) = after.split_at(after.bytes().take_while(u8::is_ascii_lowercase).count());
        let factor = match unit {
            "w" | "week" | "weeks" => 7 * 24 * 60 * 60,
            "d" | "day" | "days" => 24 * 60 * 60,
            "h" | "hour" | "hours" => 60 * 60,
            "m" | "min" | "minute" | "minutes" => 60,
            "s" | "sec" | "second" | "seconds" => 1,
            _ => return None,
        };
        if number.is_empty() || factor >= last {
            return None;
        }
        let part = number.parse().ok().and_then(|number: u64| number.checked_mul(factor));
        sum = sum.zip(part).and_then(|(sum, part)| sum.checked_add(part));
        last = factor;
        rest = after.trim_start_matches(' ');
    }
    (last != u64::MAX).then_some(sum)
}

/// One number of a duration with its unit.
#[derive(Clone, Copy, Debug)]
struct Part<'t> {
    /// Decimal digits, at least one; the whole part where there is a fraction.
    number: &'t str,
    designator: char,
    /// Whether it stands after the `T`, where `M` is minutes.
    in_time: bool,
    fraction: bool,
}

impl Part<'_> {
    fn is_calendar(&self) -> bool {
        self.designator == 'Y' || (self.designator == 'M' && !self.in_time)
    }

    fn seconds(&self) -> u64 {
        match self.designator {
            'W' => 7 * 24 * 60 * 60,
            'D' => 24 * 60 * 60,
            'H' => 60 * 60,
            'M' => 60,
            _ => 1,
        }
    }
}

/// The parts of a well-formed duration: `P`, then units in falling order, `T` before the first one of the time of day.
fn duration(text: &str) -> Option<Vec<Part<'_>>> {
    let (date, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text.strip_prefix('P')?, ""),
    };
    let mut parts = Vec::new();
    for (mut rest, designators, in_time) in [(date, "YMWD", false), (time, "HMS", true)] {
        let mut left = designators;
        while !rest.is_empty() {
            let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(digits(rest));
            let (fraction, after) = match after.strip_prefix(['.', ',']) {
                Some(decimals) if digits(decimals) > 0 => (true, &decimals[digits(decimals)..]),
                Some(_) => return None,
                None => (false, after),
            };
            let designator = after.chars().next()?;
            let at = left.find(designator)?;
            if number.is_empty() {
                return None;
            }
            left = &left[at + 1..];
            rest = &after[1..];
            parts.push(Part { number, designator, in_time, fraction });
        }
    }
    (!parts.is_empty()).then_some(parts)
}

/// What the author of a text that is no ttl may have meant: `15m`, `1h 30min`, `90 seconds`, `pt15m`, `P1H`, `Session`.
fn meant(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    if masque_diagnostics::nearest(&lower, ["session"]).is_some() {
        return Some("session".to_owned());
    }
    let upper = lower.to_uppercase();
    if let Some(parts) = duration(&upper) {
        // A lower-case duration that would be refused for another reason is no suggestion.
        return (parts.iter().all(|part| !part.is_calendar() && !part.fraction)).then_some(upper);
    }
    let (mut days, mut hours, mut minutes, mut seconds) = (0u64, 0u64, 0u64, 0u64);
    let mut rest = lower.strip_prefix('p').unwrap_or(&lower);
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest).trim_start();
        rest = rest.strip_prefix('t').unwrap_or(rest);
        if rest.is_empty() {
            break;
        }
        let (number, after) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        let number: u64 = number.parse().ok()?;
        let after = after.trim_start();
        let (unit, after) = after.split_at(after.bytes().take_while(u8::is_ascii_lowercase).count());
        let (sum, factor) = match unit {
            "w" | "wk" | "wks" | "week" | "weeks" => (&mut days, 7),
            "d" | "day" | "days" | "dt" => (&mut days, 1),
            "h" | "hr" | "hrs" | "hour" | "hours" => (&mut hours, 1),
            "m" | "min" | "mins" | "minute" | "minutes" => (&mut minutes, 1),
            "" | "s" | "sec" | "secs" | "second" | "seconds" => (&mut seconds, 1),
            _ => return None,
        };
        *sum = sum.checked_add(number.checked_mul(factor)?)?;
        rest = after;
    }
    if [days, hours, minutes, seconds] == [0; 4] {
        return None;
    }
    let written = |number: u64, unit| if number == 0 { String::new() } else { format!("{number}{unit}") };
    let time = [written(hours, "H"), written(minutes, "M"), written(seconds, "S")].concat();
    let separator = if time.is_empty() { "" } else { "T" };
    let better = format!("P{}{separator}{time}", written(days, "D"));
    // A suggestion that is refused in turn would be no help.
    read(&better).is_ok().then_some(better)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_and_durations_are_read_in_whole_seconds() {
        for (text, expected) in [
            ("session", Ttl::Session),
            ("PT1S", Ttl::Seconds(1)),
            ("PT15M", Ttl::Seconds(900)),
            ("PT1H30M", Ttl::Seconds(5_400)),
            ("PT36H", Ttl::Seconds(129_600)),
            ("P1D", Ttl::Seconds(86_400)),
            ("P1DT12H", Ttl::Seconds(129_600)),
            ("P2W", Ttl::Seconds(1_209_600)),
            ("P1W2D", Ttl::Seconds(777_600)),
            ("PT0H5M", Ttl::Seconds(300)),
            ("P366D", Ttl::Seconds(limits::TTL_SECONDS)),
            ("15m", Ttl::Seconds(900)),
            ("1h30m", Ttl::Seconds(5_400)),
            ("15 minutes", Ttl::Seconds(900)),
            ("1 hour 30 minutes", Ttl::Seconds(5_400)),
            ("90 seconds", Ttl::Seconds(90)),
            ("2w", Ttl::Seconds(1_209_600)),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn others_are_refused_with_what_may_have_been_meant() {
        let unknown = |meant: &str| TtlProblem::Unknown(Some(meant.to_owned()));
        let cases = [
            ("Session", unknown("session")),
            ("sesion", unknown("session")),
            ("30m1h", unknown("PT1H30M")),
            ("15M", unknown("PT15M")),
            ("1 hour and 30 minutes", unknown("PT1H30M")),
            ("3600", unknown("PT3600S")),
            ("2 days, 4 hrs", unknown("P2DT4H")),
            ("pt15m", unknown("PT15M")),
            ("P1H", unknown("PT1H")),
            ("PT1D", unknown("P1D")),
            ("P1D12H", unknown("P1DT12H")),
            ("PT30M1H", unknown("PT1H30M")),
            (" PT15M", unknown("PT15M")),
            ("forever", TtlProblem::Unknown(None)),
            ("0m", TtlProblem::Zero),
            ("367d", TtlProblem::TooLong),
            ("99999999999999999999d", TtlProblem::TooLong),
            ("", TtlProblem::Unknown(None)),
            ("P", TtlProblem::Unknown(None)),
            ("PT", TtlProblem::Unknown(None)),
            ("P1DT", unknown("P1D")),
            ("-PT1H", TtlProblem::Unknown(None)),
            ("P1", unknown("PT1S")),
            ("PT.5H", TtlProblem::Unknown(None)),
            ("P1Y", TtlProblem::Months(None)),
            ("P1Y6M", TtlProblem::Months(None)),
            ("P15M", TtlProblem::Months(Some("PT15M".to_owned()))),
            ("PT0.5H", TtlProblem::Fraction),
            ("PT1,5S", TtlProblem::Fraction),
            ("PT0S", TtlProblem::Zero),
            ("P0D", TtlProblem::Zero),
            ("P367D", TtlProblem::TooLong),
            ("PT99999999999999999999S", TtlProblem::TooLong),
            ("P18446744073709551615W", TtlProblem::TooLong),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), Err(expected), "{text}");
        }
    }
}
