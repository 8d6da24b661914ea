//! Dates: RFC 3339, `full-date` or `date-time` (section 5.6). The space that the RFC allows in place of `T` is not taken.

/// Checks a date or a date-time.
///
/// # Errors
/// The reason, in a few words, if it is neither.
pub(crate) fn check(text: &str) -> Result<(), String> {
    let Some((date, time)) = text.split_once(['T', 't']) else { return full_date(text).map(|_| ()) };
    let month_end = full_date(date)?;
    full_time(time, month_end)
}

/// Reads `YYYY-MM-DD`; says whether it is the last day of its month.
fn full_date(text: &str) -> Result<bool, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return Err("it is not of the form `YYYY-MM-DD`".to_owned()) };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return Err("it is not of the form `YYYY-MM-DD`".to_owned());
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return Err(format!("there is no month {month}")),
    };
    if !(1..=days).contains(&day) {
        return Err(format!("that month has no day {day}"));
    }
    Ok(day == days)
}

/// Reads `hh:mm:ss[.fraction]` with `Z` or an offset.
fn full_time(text: &str, month_end: bool) -> Result<(), String> {
    let Some(zone_at) = text.find(['Z', 'z', '+', '-']) else {
        return Err("its time has no zone: `Z` or an offset such as `+01:00`".to_owned());
    };
    let (clock, zone) = text.split_at(zone_at);
    let offset = match zone.strip_prefix(['+', '-']) {
        Some(offset) => {
            let read = offset.split_once(':').and_then(|(h, m)| Some((number(h, 2)?, number(m, 2)?)));
            match read {
                Some((hours @ 0..24, minutes @ 0..60)) => {
                    let minutes = hours * 60 + minutes;
                    if zone.starts_with('-') { -minutes } else { minutes }
                }
                _ => return Err(format!("`{zone}` is not an offset such as `+01:00`")),
            }
        }
        None if zone.len() == 1 => 0,
        None => return Err("something stands after the `Z`".to_owned()),
    };
    let (whole, fraction) =
        clock.split_once('.').map_or((clock, None), |(whole, fraction)| (whole, Some(fraction)));
    if fraction.is_some_and(|digits| digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit())) {
        return Err("its fraction of a second is not made of digits".to_owned());
    }
    let parts: Vec<&str> = whole.split(':').collect();
    let [hours, minutes, seconds] = parts[..] else {
        return Err("its time is not of the form `hh:mm:ss`".to_owned());
    };
    let (Some(hours), Some(minutes), Some(seconds)) =
        (number(hours, 2), number(minutes, 2), number(seconds, 2))
    else {
        return Err("its time is not of the form `hh:mm:ss`".to_owned());
    };
    // A leap second comes at the end of a UTC month (section 5.7). With an offset that shifts the day, the month is not followed.
    let utc = (hours * 60 + minutes - offset).rem_euclid(24 * 60);
    let leap_second = seconds == 60 && utc == 24 * 60 - 1 && (month_end || offset != 0);
    if hours > 23 || minutes > 59 || (seconds > 59 && !leap_second) {
        return Err(format!("there is no time `{whole}`"));
    }
    Ok(())
}

/// The value of exactly `digits` decimal digits.
fn number(text: &str, digits: usize) -> Option<i32> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_date_times_of_rfc_3339_are_taken() {
        for text in [
            "2026-01-15",
            "2024-02-29",
            "2000-02-29",
            "2026-01-15T10:30:00Z",
            "2026-01-15t10:30:00.123456z",
            "2026-01-15T10:30:00+05:30",
            "2026-01-15T10:30:00-00:00",
            "1990-12-31T23:59:60Z",
            "1990-12-31T15:59:60-08:00",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn others_are_refused_with_the_reason() {
        let cases = [
            ("", "it is not of the form `YYYY-MM-DD`"),
            // It has a `t`, where a time might begin.
            ("yesterday", "it is not of the form `YYYY-MM-DD`"),
            ("2026-1-15", "it is not of the form `YYYY-MM-DD`"),
            ("15.01.2026", "it is not of the form `YYYY-MM-DD`"),
            ("2026-01-15 10:30:00Z", "it is not of the form `YYYY-MM-DD`"),
            ("2026-13-01", "there is no month 13"),
            ("2026-00-01", "there is no month 0"),
            ("2026-02-29", "that month has no day 29"),
            ("1900-02-29", "that month has no day 29"),
            ("2026-04-31", "that month has no day 31"),
            ("2026-04-00", "that month has no day 0"),
            ("2026-01-15T10:30:00", "its time has no zone: `Z` or an offset such as `+01:00`"),
            ("2026-01-15T10:30Z", "its time is not of the form `hh:mm:ss`"),
            ("2026-01-15T24:00:00Z", "there is no time `24:00:00`"),
            ("2026-01-15T10:60:00Z", "there is no time `10:60:00`"),
            ("2026-01-15T10:30:60Z", "there is no time `10:30:60`"),
            ("2026-01-15T23:59:60Z", "there is no time `23:59:60`"),
            ("2026-01-15T10:30:00.Z", "its fraction of a second is not made of digits"),
            ("2026-01-15T10:30:00+24:00", "`+24:00` is not an offset such as `+01:00`"),
            ("2026-01-15T10:30:00+0100", "`+0100` is not an offset such as `+01:00`"),
            ("2026-01-15T10:30:00Zulu", "something stands after the `Z`"),
        ];
        for (text, reason) in cases {
            assert_eq!(check(text), Err(reason.to_owned()), "{text}");
        }
    }
}
