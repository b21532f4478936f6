//! What a line of a log is: the beginning of an entry, of an exception, more of either, or other text.

use super::moment::{self, DEBUG, Moment};

/// A line, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape<'a> {
    pub(super) kind: Kind,
    pub(super) moment: Option<Moment>,
    /// What follows the time.
    pub(super) rest: &'a [u8],
}

/// What a line is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// It has a time, and begins an entry.
    Entry,
    /// An entry of `-Djavax.net.debug`, whose exception is thrown and logged again.
    Debug,
    /// An exception with its message, at the beginning of the line.
    Head,
    /// A frame, a cause, or what is suppressed.
    Continuation,
    Text,
}

impl<'a> Shape<'a> {
    pub(super) fn of(line: &'a [u8], year: i16) -> Self {
        let mut stamped = if moment::may_begin(line) { moment::stamp(line, year) } else { None };
        if let Some((_, rest)) = stamped
            && !line.starts_with(b"{")
            && let Some(inner) = moment::stamp(rest.trim_ascii_start(), year)
        {
            stamped = Some(inner);
        }
        let (moment, rest) = match stamped {
            Some((moment, rest)) => (Some(moment), rest),
            None => (None, line),
        };
        let start = rest.trim_ascii_start();
        let kind = if line.starts_with(DEBUG) {
            Kind::Debug
        } else if is_continuation(start) {
            Kind::Continuation
        } else if is_head(start) {
            Kind::Head
        } else if moment.is_some() {
            Kind::Entry
        } else {
            Kind::Text
        };
        Self { kind, moment, rest }
    }
}

/// Whether a line is a frame: most lines of most logs are, and nothing is looked for in them.
pub(super) fn is_frame(line: &[u8]) -> bool {
    let start = match line {
        [b'\t', rest @ ..] => rest.trim_ascii_start(),
        [b' ', ..] => line.trim_ascii_start(),
        _ => return false,
    };
    start.starts_with(b"at ") || start.starts_with(b"... ")
}

fn is_continuation(start: &[u8]) -> bool {
    let known: [&[u8]; 6] =
        [b"at ", b"... ", b"Caused by: ", b"Suppressed: ", b"Wrapped by: ", b"\"throwable\" :"];
    known.iter().any(|known| start.starts_with(known))
}

/// Whether a text begins with the class of an exception: `a.b.CException: …`.
pub(super) fn is_head(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"Exception in thread ").map_or(start, after_quotes);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$');
    let end = start.iter().take(200).take_while(|byte| is_name(byte)).count();
    let Some((class, rest)) = start.split_at_checked(end) else { return false };
    let ends = [&b"Exception"[..], b"Error", b"Throwable", b"Failure"];
    class.contains(&b'.')
        && ends.iter().any(|end| class.ends_with(end))
        && (rest.is_empty() || rest.starts_with(b":"))
}

/// Skips `"main" `.
fn after_quotes(text: &[u8]) -> &[u8] {
    let end = text.iter().skip(1).take(200).position(|byte| *byte == b'"');
    end.and_then(|end| text.get(end + 3..)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        for (line, kind) in [
            ("javax.net.ssl.SSLHandshakeException: Remote host terminated", Kind::Head),
            ("Exception in thread \"main\" java.lang.ExceptionInInitializerError", Kind::Head),
            ("Caused by: java.io.EOFException: SSL peer", Kind::Continuation),
            ("\tat java.base/sun.security.ssl.Alert.x(Alert.java:1)", Kind::Continuation),
            ("Nov 24 18:44:55 jira catalina.sh[1]: \tat a.b(C.java:1)", Kind::Continuation),
            ("Nov 24 18:44:55 jira catalina.sh[1]: java.io.IOException: x", Kind::Head),
            ("2026-11-24T18:44:55.1Z 2018-07-04 11:16:01,668 main ERROR a", Kind::Entry),
            ("javax.net.ssl|ERROR|01|main|2026-11-22 15:50:53.709 GMT|T.java:3|Fatal", Kind::Debug),
            ("Error obtaining access token.", Kind::Text),
            ("an.Exception of ours", Kind::Text),
            ("", Kind::Text),
        ] {
            assert_eq!(Shape::of(line.as_bytes(), 2026).kind, kind, "{line}");
        }
        for (line, expected) in
            [("\tat a", true), ("    ... 3 more", true), ("at a", false), ("", false)]
        {
            assert_eq!(is_frame(line.as_bytes()), expected, "{line}");
        }
    }
}
