//! A time as it stands in a file's name: `20261124T102400Z`.

use crate::Timestamp;

/// Writes a time, to the second; times that have no such form are those nearest to them.
pub(super) fn write(time: Timestamp) -> String {
    let seconds = time.0.div_euclid(1000).clamp(0, LAST);
    let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let (year, month, day) = date_of(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// Parses what `write` wrote; none if it is something else.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, [2, 2, 2])?;
    let seconds = days_of(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
    let time = Timestamp(seconds * 1000);
    // What does not come out as it went in was no date.
    (write(time) == text).then_some(time)
}

/// Takes digits apart into numbers of so many digits each.
fn numbers(digits: &str, lengths: [usize; 3]) -> Option<[i64; 3]> {
    let mut rest = digits;
    let mut next = |length| {
        let (number, after) = rest.split_at_checked(length)?;
        rest = after;
        number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())?
    };
    let [first, second, third] = lengths;
    let found = [next(first)?, next(second)?, next(third)?];
    rest.is_empty().then_some(found)
}

/// Returns year, month and day of a day counted from 1970-01-01: years begin in March, so that a leap day is the last.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_TO_1970;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = (month + 9) % 12;
    let day = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day - DAYS_TO_1970
}

/// Seconds of a day.
const DAY: i64 = 86_400;
/// From 0000-03-01.
const DAYS_TO_1970: i64 = 719_468;
/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read_back() {
        for (seconds, text) in [
            (0, "19700101T000000Z"),
            (951_827_696, "20000229T123456Z"),
            (1_795_515_840, "20261124T102400Z"),
            (4_107_542_399, "21000228T235959Z"),
            (4_107_542_400, "21000301T000000Z"),
            (LAST, "99991231T235959Z"),
        ] {
            assert_eq!(write(Timestamp(seconds * 1000 + 999)), text);
            assert_eq!(parse(text), Some(Timestamp(seconds * 1000)), "{text}");
        }
        assert_eq!(write(Timestamp(-1)), "19700101T000000Z");
        assert_eq!(write(Timestamp(i64::MAX)), "99991231T235959Z");
        for text in ["", "Z", "TZ", "20261124T102400", "20260230T000000Z", "20261124T240000Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in
            ["2026112T1102400Z", "+2026112T102400Z", "20261124t102400Z", "2026\u{e9}24T102400Z"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
