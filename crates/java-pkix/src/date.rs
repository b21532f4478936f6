//! Dates of certificates: read as `DerInputStream` does, written as `java.util.Date.toString()` does.

use crate::exception::JavaException;
use crate::parameters::Zone;
use crate::reader::io;
use crate::tlv::Tlv;

/// Reads a `UTCTime` or `GeneralizedTime` as milliseconds since 1970; none for another tag.
///
/// Java takes missing seconds, offsets and fractions of a second, too.
///
/// # Errors
/// The `java.io.IOException` of a malformed time.
pub(crate) fn read(value: Tlv<'_>) -> Result<Option<i64>, JavaException> {
    match value.tag {
        0x17 => {
            time(value.content, false).map(Some).ok_or_else(|| io("Parse UTC time, invalid format"))
        }
        0x18 => time(value.content, true)
            .map(Some)
            .ok_or_else(|| io("Parse Generalized time, invalid format")),
        _ => Ok(None),
    }
}

fn time(content: &[u8], is_generalized: bool) -> Option<i64> {
    let mut rest = content;
    let mut pair = |rest: &mut &[u8]| -> Option<i64> {
        let ([tens, ones], after) = rest.split_first_chunk()?;
        let digit = |octet: u8| octet.is_ascii_digit().then(|| i64::from(octet - b'0'));
        let number = digit(*tens)? * 10 + digit(*ones)?;
        *rest = after;
        Some(number)
    };
    let year = if is_generalized {
        pair(&mut rest)? * 100 + pair(&mut rest)?
    } else {
        let year = pair(&mut rest)?;
        if year < 50 { 2000 + year } else { 1900 + year }
    };
    let (month, day) = (pair(&mut rest)?, pair(&mut rest)?);
    let (hour, minute) = (pair(&mut rest)?, pair(&mut rest)?);
    let mut second = 0;
    let mut millis = 0;
    if rest.first().is_some_and(u8::is_ascii_digit) {
        second = pair(&mut rest)?;
        if is_generalized && matches!(rest.first(), Some(b'.' | b',')) {
            (millis, rest) = fraction(rest.get(1..)?)?;
        }
    }
    let offset = offset(rest, &mut pair)?;
    let plausible = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let days = days_from_civil(year, month) + day - 1;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset * 60;
    plausible.then_some(seconds * 1000 + millis)
}

/// Reads one to three digits as milliseconds.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let (text, after) = rest.split_at_checked(digits)?;
    if !(1..=3).contains(&digits) {
        return None;
    }
    let number = text.iter().fold(0, |number, octet| number * 10 + i64::from(octet - b'0'));
    let scale = match digits {
        1 => 100,
        2 => 10,
        _ => 1,
    };
    Some((number * scale, after))
}

/// Reads `Z` or an offset in minutes, and nothing after it.
fn offset<'a>(rest: &'a [u8], pair: &mut impl FnMut(&mut &'a [u8]) -> Option<i64>) -> Option<i64> {
    let (sign, mut rest) = match rest {
        [b'Z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = (pair(&mut rest)?, pair(&mut rest)?);
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Returns the day, counted from 1970, on which a month begins.
fn days_from_civil(year: i64, month: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Writes `Sat Feb 01 00:00:00 GMT 2025`: the date in the JVM's zone, always in English.
pub(crate) fn write(milliseconds: i64, zone: &dyn Zone) -> String {
    let utc = milliseconds.div_euclid(1000);
    let (offset, name) = zone.at(utc);
    let local = utc + i64::from(offset);
    let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    let (year, month, day) = civil_from_days(days);
    let weekday = table(&WEEKDAYS, days + 3);
    let month = table(&MONTHS, month - 1);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} {name} {year:04}")
}

fn table(names: &[&'static str], index: i64) -> &'static str {
    let length = i64::try_from(names.len()).unwrap_or(1);
    let index = usize::try_from(index.rem_euclid(length)).unwrap_or(0);
    names.get(index).copied().unwrap_or_default()
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Gmt;

    impl Zone for Gmt {
        fn at(&self, _seconds: i64) -> (i32, String) {
            (0, "GMT".to_owned())
        }
    }

    fn utc(text: &str) -> Option<i64> {
        time(text.as_bytes(), false)
    }

    #[test]
    fn a_date_is_written_as_java_writes_it() {
        let read = utc("250201000000Z").unwrap();
        assert_eq!(write(read, &Gmt), "Sat Feb 01 00:00:00 GMT 2025");
        let read = utc("500229235959Z").unwrap();
        assert_eq!(write(read, &Gmt), "Wed Mar 01 23:59:59 GMT 1950");
    }

    #[test]
    fn odd_forms_are_taken_as_java_takes_them() {
        assert_eq!(utc("2502010000Z"), utc("250201000000Z"));
        assert_eq!(utc("250201010000+0100"), utc("250201000000Z"));
        assert_eq!(time(b"20250201000000.5Z", true), utc("250201000000Z").map(|ms| ms + 500));
        for text in ["250201000000", "251301000000Z", "250200000000Z", "250201240000Z", "Z"] {
            assert_eq!(utc(text), None, "{text}");
        }
    }
}
