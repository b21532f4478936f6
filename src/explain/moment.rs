//! Times at the beginning of log lines: Log4j, Tomcat, java.util.logging, syslog and journal, containers, nginx, JSON.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// When something was logged.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Moment {
    at: DateTime,
    /// Whether the log says its offset; without one it is the clock of the machine that wrote it.
    is_utc: bool,
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.at.strftime("%Y-%m-%dT%H:%M:%S"), if self.is_utc { "Z" } else { "" })
    }
}

impl Moment {
    /// Returns the seconds from `earlier` to this.
    pub(crate) fn seconds_since(self, earlier: Self) -> i64 {
        self.at.duration_since(earlier.at).as_secs()
    }
}

/// Whether a line may begin with a time; a look at the first bytes that is right for nearly all lines.
pub(super) fn may_begin(line: &[u8]) -> bool {
    match line {
        [b'[' | b'{', ..] => true,
        [b'0'..=b'9', b'0'..=b'9', ..] => line.len() > 18,
        [b'A'..=b'Z', _, _, b' ', ..] => line.len() > 15,
        [b'j', b'a', b'v', b'a', b'x', b'.', ..] => line.starts_with(DEBUG),
        [b'A'..=b'Z', ..] => line.get(..24).is_some_and(|start| start.contains(&b'|')),
        _ => false,
    }
}

/// How a line of `-Djavax.net.debug` begins.
pub(super) const DEBUG: &[u8] = b"javax.net.ssl|";

/// Reads the time that a line begins with, and returns what follows it. `year` is for syslog, which has none.
pub(super) fn stamp(line: &[u8], year: i16) -> Option<(Moment, &[u8])> {
    let mut cursor = Cursor(line);
    match line {
        [b'{', ..] => json(line),
        [b'j', ..] => debug(line),
        [b'[', ..] => {
            cursor.skip(1);
            iso(&mut cursor).map(|moment| (moment, cursor.0))
        }
        [b'0'..=b'9', ..] => {
            let moment = iso(&mut cursor).or_else(|| {
                cursor = Cursor(line);
                tomcat(&mut cursor)
            });
            match moment {
                Some(moment) => Some((moment, after_carrier(cursor.0, false))),
                None => nginx(line),
            }
        }
        [b'A'..=b'Z', _, _, b' ', ..] => {
            named_month(&mut cursor, year).map(|moment| (moment, after_carrier(cursor.0, true)))
        }
        _ => wrapper(line),
    }
}

/// Skips `host program[1234]: ` of the journal; syslog's programs may have no number.
fn after_carrier(rest: &[u8], is_syslog: bool) -> &[u8] {
    let Some(rest) = rest.strip_prefix(b" ") else { return rest };
    let start = rest.get(..96).unwrap_or(rest);
    let Some(end) = start.windows(2).position(|pair| pair == b": ") else { return rest };
    let mut words = start.split_at(end).0.split(|byte| *byte == b' ');
    let (host, program, more) = (words.next(), words.next(), words.next());
    let is_carrier = host.is_some_and(|word| word.first().is_some_and(u8::is_ascii_alphanumeric))
        && program.is_some_and(|word| word.ends_with(b"]") || (is_syslog && word != b"by"))
        && more.is_none();
    if is_carrier { rest.get(end + 2..).unwrap_or_default() } else { rest }
}

/// Bytes that are read from the front.
#[derive(Clone, Copy)]
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }

    fn peek(&self) -> u8 {
        self.0.first().copied().unwrap_or_default()
    }

    /// Takes one of `bytes`.
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let found = self.peek();
        bytes.contains(&found).then(|| {
            self.skip(1);
            found
        })
    }

    /// Takes a number of at least one and at most `most` digits.
    fn number(&mut self, most: usize) -> Option<i16> {
        let mut value = None;
        for _ in 0..most {
            let digit = self.peek();
            if !digit.is_ascii_digit() {
                break;
            }
            let held: i16 = value.unwrap_or_default();
            value = Some(held.checked_mul(10)?.checked_add(i16::from(digit - b'0'))?);
            self.skip(1);
        }
        value
    }

    fn small(&mut self, most: usize) -> Option<i8> {
        i8::try_from(self.number(most)?).ok()
    }

    /// Takes `16:34:37`, and a fraction of a second.
    fn time(&mut self) -> Option<Time> {
        let hour = self.small(2)?;
        self.one_of(b":")?;
        let minute = self.small(2)?;
        self.one_of(b":")?;
        let second = self.small(2)?.min(59);
        if self.one_of(b",.").is_some() {
            while self.peek().is_ascii_digit() {
                self.skip(1);
            }
        }
        Time::new(hour, minute, second, 0).ok()
    }

    /// Takes the name of a month, as far as it tells it from others.
    fn month(&mut self) -> Option<i8> {
        let length =
            self.0.iter().take(12).take_while(|byte| byte.is_ascii_alphabetic() || **byte >= 0x80);
        let (name, rest) = self.0.split_at_checked(length.count())?;
        let (_, month) = MONTHS.iter().find(|(start, _)| name.starts_with(start.as_bytes()))?;
        self.0 = rest;
        Some(*month)
    }

    /// Takes `Z`, `+02:00`, `+0000`, ` GMT` or ` UTC`; returns seconds east of Greenwich.
    fn offset(&mut self) -> Option<i64> {
        let mut ahead = *self;
        if ahead.one_of(b"Z").is_some() {
            *self = ahead;
            return Some(0);
        }
        if let Some(rest) = self.0.strip_prefix(b" GMT").or_else(|| self.0.strip_prefix(b" UTC")) {
            self.0 = rest;
            return Some(0);
        }
        let _ = ahead.one_of(b" ");
        let sign = if ahead.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = ahead.number(2)?;
        let _ = ahead.one_of(b":");
        let minutes = ahead.number(2)?;
        *self = ahead;
        Some(sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
    }

    /// Puts together what was read, and the offset that follows.
    fn moment(&mut self, date: Date, time: Time) -> Option<Moment> {
        let at = date.to_datetime(time);
        let Some(offset) = self.offset() else { return Some(Moment { at, is_utc: false }) };
        let at = at.checked_sub(SignedDuration::from_secs(offset)).ok()?;
        Some(Moment { at, is_utc: true })
    }
}

/// English and German as Tomcat writes them; Japanese has numbers.
const MONTHS: [(&str, i8); 17] = [
    ("Jan", 1),
    ("Feb", 2),
    ("Mar", 3),
    ("Mär", 3),
    ("Mrz", 3),
    ("Apr", 4),
    ("May", 5),
    ("Mai", 5),
    ("Jun", 6),
    ("Jul", 7),
    ("Aug", 8),
    ("Sep", 9),
    ("Oct", 10),
    ("Okt", 10),
    ("Nov", 11),
    ("Dec", 12),
    ("Dez", 12),
];

/// `2023-04-06 22:10:26,299+0000`, `2023-04-06T22:10:26.299Z`, `2018/07/04 11:16:01`.
fn iso(cursor: &mut Cursor<'_>) -> Option<Moment> {
    let year = cursor.number(4).filter(|year| *year > 1900)?;
    cursor.one_of(b"-/")?;
    let month = cursor.small(2)?;
    cursor.one_of(b"-/")?;
    let date = Date::new(year, month, cursor.small(2)?).ok()?;
    cursor.one_of(b" T")?;
    let time = cursor.time()?;
    cursor.moment(date, time)
}

/// `28-Jul-2020 16:34:37.589`, `28-7月-2020 …`.
fn tomcat(cursor: &mut Cursor<'_>) -> Option<Moment> {
    let day = cursor.small(2)?;
    cursor.one_of(b"-/")?;
    let month = if cursor.peek().is_ascii_digit() {
        let month = cursor.small(2)?;
        cursor.0 = cursor.0.strip_prefix("月".as_bytes())?;
        month
    } else {
        cursor.month()?
    };
    let _ = cursor.one_of(b".");
    cursor.one_of(b"-/")?;
    let date = Date::new(cursor.number(4)?, month, day).ok()?;
    cursor.one_of(b" :")?;
    let time = cursor.time()?;
    cursor.moment(date, time)
}

/// `Jul 28, 2020 4:34:37 PM` of java.util.logging, `Nov 24 18:44:55` of syslog.
fn named_month(cursor: &mut Cursor<'_>, year: i16) -> Option<Moment> {
    let month = cursor.month()?;
    cursor.one_of(b" ")?;
    let _ = cursor.one_of(b" ");
    let day = cursor.small(2)?;
    if cursor.one_of(b",").is_none() {
        cursor.one_of(b" ")?;
        let time = cursor.time()?;
        return Some(Moment {
            at: Date::new(year, month, day).ok()?.to_datetime(time),
            is_utc: false,
        });
    }
    cursor.one_of(b" ")?;
    let date = Date::new(cursor.number(4)?, month, day).ok()?;
    cursor.one_of(b" ")?;
    let mut time = cursor.time()?;
    // A narrow blank stands before the half of the day since Java 20.
    cursor.0 = cursor.0.strip_prefix("\u{202f}".as_bytes()).unwrap_or(cursor.0);
    let _ = cursor.one_of(b" ");
    let half = cursor.one_of(b"AP");
    let hour = time.hour() % 12 + if half == Some(b'P') { 12 } else { 0 };
    if half.is_some() {
        time = Time::new(hour, time.minute(), time.second(), 0).ok()?;
    }
    Some(Moment { at: date.to_datetime(time), is_utc: false })
}

/// `18.184.99.232 - - [03/Sep/2021:12:18:19 +0000] "GET …`.
fn nginx(line: &[u8]) -> Option<(Moment, &[u8])> {
    let start = line.get(..120).unwrap_or(line).iter().position(|byte| *byte == b'[')?;
    let mut cursor = Cursor(line.get(start + 1..)?);
    tomcat(&mut cursor).map(|moment| (moment, cursor.0))
}

/// `{"severity":"ERROR","time":"2020-07-12T19:39:57.705Z",…}`: what follows is the whole line.
fn json(line: &[u8]) -> Option<(Moment, &[u8])> {
    let start = line.get(..2048).unwrap_or(line);
    ["\"time\":\"", "\"timestamp\":\"", "\"@timestamp\":\""].into_iter().find_map(|field| {
        let place = start.windows(field.len()).position(|window| window == field.as_bytes())?;
        let mut cursor = Cursor(line.get(place + field.len()..)?);
        iso(&mut cursor).map(|moment| (moment, line))
    })
}

/// `javax.net.ssl|ERROR|01|main|2026-11-22 15:50:53.709 GMT|TransportContext.java:370|…`.
fn debug(line: &[u8]) -> Option<(Moment, &[u8])> {
    let mut fields = line.splitn(7, |byte| *byte == b'|');
    let mut cursor = Cursor(fields.nth(4)?);
    let moment = iso(&mut cursor)?;
    Some((moment, fields.nth(1)?))
}

/// `INFO   | jvm 1    | 2018/07/04 11:16:01 | …` of the service wrapper.
fn wrapper(line: &[u8]) -> Option<(Moment, &[u8])> {
    let mut fields = line.splitn(4, |byte| *byte == b'|');
    let mut cursor = Cursor(fields.nth(2)?.trim_ascii());
    let moment = iso(&mut cursor)?;
    Some((moment, fields.next()?))
}

/// Returns the year in UTC of a clock.
pub(super) fn year_of(milliseconds: i64) -> i16 {
    let clock = jiff::Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    TimeZone::UTC.to_datetime(clock).year()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_kinds_of_logs_are_read() {
        for (line, time, rest) in [
            (
                "2023-04-06 22:10:26,299+0000 Caesium-1-2 WARN",
                "2023-04-06T22:10:26Z",
                "Caesium-1-2 WARN",
            ),
            ("2018-07-04 11:16:01,668 http-nio ERROR", "2018-07-04T11:16:01", "http-nio ERROR"),
            ("2026-11-24T18:44:55+0100 jira java[123]: x", "2026-11-24T17:44:55Z", "x"),
            ("2026-11-24T18:44:55.123456789Z \tat x", "2026-11-24T18:44:55Z", "\tat x"),
            ("[2023-04-06 22:10:26,299][main] x", "2023-04-06T22:10:26", "][main] x"),
            ("28-Jul-2020 16:34:37.589 INFO [main]", "2020-07-28T16:34:37", "INFO [main]"),
            ("06-Okt-2020 16:34:37.589 INFORMATION", "2020-10-06T16:34:37", "INFORMATION"),
            ("28-7月-2020 16:34:37.589 情報", "2020-07-28T16:34:37", "情報"),
            ("Jul 28, 2020 4:34:37 PM org.apache", "2020-07-28T16:34:37", "M org.apache"),
            ("Jul 28, 2020 12:34:37 AM org.apache", "2020-07-28T00:34:37", "M org.apache"),
            ("Nov  4 18:44:55 jira catalina.sh[1]: x", "2026-11-04T18:44:55", "x"),
            (
                "18.184.99.232 - - [03/Sep/2021:12:18:19 +0000] \"GET",
                "2021-09-03T12:18:19Z",
                "] \"GET",
            ),
            (
                "javax.net.ssl|ERROR|01|main|2026-11-22 15:50:53.709 GMT|T.java:370|Fatal",
                "2026-11-22T15:50:53Z",
                "Fatal",
            ),
            ("INFO   | jvm 1    | 2018/07/04 11:16:01 | x", "2018-07-04T11:16:01", " x"),
        ] {
            assert!(may_begin(line.as_bytes()), "{line}");
            let (moment, left) = stamp(line.as_bytes(), 2026).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(moment.to_string(), time, "{line}");
            assert_eq!(String::from_utf8_lossy(left), rest, "{line}");
        }
        let line = br#"{"severity":"ERROR","time":"2020-07-12T19:39:57.705Z","message":"x"}"#;
        assert_eq!(stamp(line, 2026).unwrap().0.to_string(), "2020-07-12T19:39:57Z");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for line in [
            "",
            "1",
            "2023-13-06 22:10:26",
            "2023-04-06",
            "99999999999999999999",
            "[",
            "{",
            "Abc 1 2:3",
        ] {
            assert_eq!(stamp(line.as_bytes(), 2026), None, "{line}");
        }
    }
}
