//! Dates of certificates: read as `DerInputStream` does, written as `java.util.Date.toString()` does.

use crate::der::{Value, fault as io};
use crate::exception::JavaException;
use crate::parameters::Zone;

/// Reads a `UTCTime` or `GeneralizedTime` as milliseconds since 1970; none for another tag.
///
/// Java takes missing seconds, offsets and fractions of a second, too.
///
/// # Errors
/// The `java.io.IOException` of a malformed time.
pub(crate) fn read(value: Value<'_>) -> Result<Option<i64>, JavaException> {
    let length = value.content().len();
    match value.tag {
        0x17 if !(11..=17).contains(&length) => Err(io("DER UTC Time length error")),
        0x17 => Time { rest: value.content(), kind: "UTC" }.read(false).map(Some),
        0x18 if length < 13 => Err(io("DER Generalized Time length error")),
        0x18 => Time { rest: value.content(), kind: "Generalized" }.read(true).map(Some),
        _ => Ok(None),
    }
}

/// The rest of a time that is being read.
struct Time<'a> {
    rest: &'a [u8],
    kind: &'static str,
}

impl Time<'_> {
    fn read(&mut self, is_generalized: bool) -> Result<i64, JavaException> {
        let year = match (is_generalized, self.pair()?) {
            (true, century) => century * 100 + self.pair()?,
            (false, year @ ..50) => 2000 + year,
            (false, year) => 1900 + year,
        };
        let (month, day) = (self.pair()?, self.pair()?);
        let (hour, minute) = (self.pair()?, self.pair()?);
        let (mut second, mut millis) = (0, 0);
        // Java takes three or more octets for seconds, even where they are an offset.
        if self.rest.len() > 2 {
            second = self.pair()?;
            if is_generalized && matches!(self.rest.first(), Some(b'.' | b',')) {
                self.rest = self.rest.get(1..).unwrap_or_default();
                millis = self.fraction()?;
            }
        }
        let is_plausible = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        if !is_plausible {
            return Err(self.fault("invalid format"));
        }
        let offset = self.offset()?;
        let days = days_from_civil(year, month) + day - 1;
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset * 60;
        Ok(seconds * 1000 + millis)
    }

    fn fault(&self, what: &str) -> JavaException {
        io(format!("Parse {} time, {what}", self.kind))
    }

    fn pair(&mut self) -> Result<i64, JavaException> {
        let digit = |octet: u8| octet.is_ascii_digit().then(|| i64::from(octet - b'0'));
        let Some(([tens, ones], after)) = self.rest.split_first_chunk() else {
            return Err(self.fault("invalid format"));
        };
        self.rest = after;
        match (digit(*tens), digit(*ones)) {
            (Some(tens), Some(ones)) => Ok(tens * 10 + ones),
            _ => Err(self.fault("invalid format")),
        }
    }

    /// Reads a fraction of a second as milliseconds; further digits are passed over.
    fn fraction(&mut self) -> Result<i64, JavaException> {
        let count = self.rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let Some((digits, after)) = self.rest.split_at_checked(count).filter(|_| count > 0) else {
            return Err(self.fault("empty fractional part"));
        };
        if after.is_empty() {
            return Err(self.fault("invalid fractional part"));
        }
        self.rest = after;
        let scaled = digits.iter().zip([100, 10, 1]);
        Ok(scaled.map(|(digit, scale)| i64::from(digit - b'0') * scale).sum())
    }

    /// Reads `Z` or an offset in minutes, and nothing after it.
    fn offset(&mut self) -> Result<i64, JavaException> {
        let sign = match *self.rest {
            [b'Z'] => return Ok(0),
            [b'+', _, _, _, _] => 1,
            [b'-', _, _, _, _] => -1,
            [_] | [_, _, _, _, _] => return Err(self.fault("garbage offset")),
            _ => return Err(self.fault("invalid offset")),
        };
        self.rest = self.rest.get(1..).unwrap_or_default();
        let (hours, minutes) = (self.pair()?, self.pair()?);
        if hours >= 24 || minutes >= 60 {
            return Err(self.fault(if sign > 0 { "+hhmm" } else { "-hhmm" }));
        }
        Ok(sign * (hours * 60 + minutes))
    }
}

/// Returns the day, counted from 1970, on which a month begins.
pub(crate) fn days_from_civil(year: i64, month: i64) -> i64 {
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

/// Returns the Gregorian date of a day since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
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
    use crate::profile::Profile;
    use crate::{ber, der};

    #[derive(Debug)]
    struct Gmt;

    impl Zone for Gmt {
        fn at(&self, _seconds: i64) -> (i32, String) {
            (0, "GMT".to_owned())
        }
    }

    fn utc(text: &str) -> Option<i64> {
        time(0x17, text)
    }

    fn time(tag: u8, text: &str) -> Option<i64> {
        let encoded = ber::encode(tag, text.as_bytes());
        let [profile, ..] = &Profile::RECORDED;
        read(der::whole(&encoded, profile).unwrap()).ok().flatten()
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
        assert_eq!(time(0x18, "20250201000000.5Z"), utc("250201000000Z").map(|ms| ms + 500));
        for text in ["250201000000", "251301000000Z", "250200000000Z", "250201240000Z", "Z"] {
            assert_eq!(utc(text), None, "{text}");
        }
    }
}
