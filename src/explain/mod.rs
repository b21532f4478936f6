//! What logs and pasted messages say: text in, groups of failures out. It opens no file and asks no clock.

use std::io::{self, BufRead, BufReader, Read};

mod causes;
mod encoding;
mod entry;
mod groups;
mod jira;
mod moment;
mod phrases;
mod quoted;
mod refined;
mod search;
mod shape;
mod site;

pub(crate) use causes::{Cause, Next};
pub(crate) use entry::Explained;
pub(crate) use groups::{Group, Seen};
pub(crate) use jira::JiraVersion;

use entry::Entries;

/// What is held of a line; the rest of a longer one is not looked at.
const LONGEST_LINE: u64 = 16 << 10;

/// What is read at once.
const READ_AT_ONCE: usize = 128 << 10;

/// Logs as they are read, one after the other.
pub(crate) struct Explanation {
    entries: Entries,
}

impl Explanation {
    /// Begins. `now` (milliseconds since 1970) gives the year to logs that have none.
    ///
    /// # Errors
    ///
    /// Says why the texts cannot be searched for.
    pub(crate) fn new(now: i64) -> io::Result<Self> {
        let entries = Entries::new(moment::year_of(now)).map_err(io::Error::other)?;
        Ok(Self { entries })
    }

    /// Reads a log to its end.
    ///
    /// # Errors
    ///
    /// Says how to unpack what is packed, and passes on what the reader says.
    pub(crate) fn read(&mut self, input: &mut dyn Read) -> io::Result<()> {
        let mut input = BufReader::with_capacity(READ_AT_ONCE, encoding::decoded(input)?);
        let mut line = Vec::with_capacity(1024);
        loop {
            line.clear();
            if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.last() != Some(&b'\n') {
                input.skip_until(b'\n')?;
            }
            self.entries.line(line.trim_ascii_end());
        }
        self.entries.end();
        Ok(())
    }

    /// Returns what was found.
    pub(crate) fn finish(self) -> Explained {
        self.entries.explained()
    }
}

#[cfg(test)]
mod tests {
    use super::phrases::PHRASES;
    use super::*;

    /// What lines are made of, beside the phrases themselves.
    const PIECES: [&[u8]; 24] = [
        b"\n",
        b"\r\n",
        b"\tat a.B.c(D.java:1)\n",
        b"Caused by: ",
        b"2026-11-24 18:44:55,123+0000 ",
        b"9999-12-31 23:59:59-2359 ",
        b"1901-01-01T00:00:00+9999 ",
        b"29-Feb-2023 25:61:61 ",
        b"Dec 31, 2026 12:00:00 AM ",
        b"Nov 24 18:44:55 a b[1]: ",
        b"javax.net.ssl|ERROR|01|main|2026-11-24 18:44:55.709 GMT|x|",
        b"{\"time\":\"",
        b"https://",
        b"://@[::1]:99999/",
        b"host.example.test:443",
        b"javax.net.ssl.SSLException: ",
        b"Exception in thread \"",
        b"] ",
        b"|",
        b"#1-sha1:",
        b"9.4.6",
        b"\xff\xe3\x81",
        "\u{202e}セ".as_bytes(),
        b"[",
    ];

    #[test]
    fn no_log_makes_it_stumble() {
        let mut state = 1_u64;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap() % below
        };
        for _ in 0..200 {
            let mut log = Vec::new();
            for _ in 0..400 {
                if draw(3) == 0 {
                    log.extend(PHRASES[draw(PHRASES.len())].text.bytes());
                } else {
                    let piece = PIECES[draw(PIECES.len())];
                    log.extend(&piece[..=draw(piece.len())]);
                }
            }
            let mut explanation = Explanation::new(0).unwrap();
            explanation.read(&mut log.as_slice()).unwrap();
            let explained = explanation.finish();
            let found: u64 = explained.groups.values().map(|group| group.seen.count).sum();
            assert!(found <= explained.lines);
        }
    }

    #[test]
    fn each_text_is_found_in_a_line_of_its_own() {
        let search = search::Search::new().unwrap();
        for phrase in PHRASES {
            let found = search.hits(phrase.text.as_bytes()).any(|hit| {
                matches!(hit, search::Hit::Phrase { phrase: held, .. } if held.text == phrase.text)
            });
            assert!(found, "{}", phrase.text);
        }
    }
}
