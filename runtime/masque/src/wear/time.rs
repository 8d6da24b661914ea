//! Moments and lengths of time as people write and read them.

use std::str::FromStr;

use masque_session::Time;

/// How long something is to last, in seconds, as it was written: whether that can be is for the policy to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Length(pub(crate) i64);

/// Text that is no length of time.
#[derive(Debug, thiserror::Error)]
#[error("a length of time is written as 90m, 2h or 1h30m; a bare number is seconds")]
pub(crate) struct LengthError;

impl FromStr for Length {
    type Err = LengthError;

    fn from_str(text: &str) -> Result<Self, LengthError> {
        let (sign, mut rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (mut sum, mut alone) = (0_i64, true);
        if rest.is_empty() {
            return Err(LengthError);
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (number, after) = rest.split_at(digits);
            if number.is_empty() {
                return Err(LengthError);
            }
            // More than fits is more than any policy lets through.
            let number: i64 = number.parse().unwrap_or(i64::MAX);
            let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
            let (unit, next) = after.split_at(letters);
            let unit = match unit {
                // Seconds may go without their unit where nothing else is said.
                "" if next.is_empty() && alone => 1,
                "s" => 1,
                "m" => 60,
                "h" => 3600,
                "d" => 24 * 3600,
                "w" => 7 * 24 * 3600,
                "y" => 365 * 24 * 3600,
                _ => return Err(LengthError),
            };
            sum = sum.saturating_add(number.saturating_mul(unit));
            (rest, alone) = (next, false);
        }
        Ok(Self(sign * sum))
    }
}

/// A moment as RFC 3339 writes it, in UTC and to the second.
pub(crate) fn moment(time: Time) -> String {
    let seconds = i64::try_from(time.0 / 1000).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX).to_string()
}

/// About how long it is until then.
pub(crate) fn left(now: Time, then: Time) -> String {
    let seconds = then.0.saturating_sub(now.0).div_ceil(1000);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read() {
        for (text, seconds) in [
            ("2h", Some(7200)),
            ("1h30m", Some(5400)),
            ("90", Some(90)),
            ("0", Some(0)),
            ("-1", Some(-1)),
            ("-2h", Some(-7200)),
            ("10y", Some(315_360_000)),
            ("99999999999999999999h", Some(i64::MAX)),
            ("", None),
            ("-", None),
            ("h", None),
            ("1x", None),
            ("1h30", None),
            ("1.5h", None),
            ("1 h", None),
        ] {
            assert_eq!(text.parse::<Length>().ok().map(|length| length.0), seconds, "{text:?}");
        }
    }

    #[test]
    fn moments_are_shown() {
        assert_eq!(moment(Time(1_767_225_600_999)), "2026-01-01T00:00:00Z");
        assert_eq!(moment(Time(u64::MAX)), jiff::Timestamp::MAX.to_string());
        for (milliseconds, shown) in
            [(0, "0 s"), (1, "1 s"), (119_000, "119 s"), (3_600_000, "60 min"), (7_200_000, "2 h")]
        {
            assert_eq!(left(Time(5), Time(5 + milliseconds)), shown);
        }
    }
}
