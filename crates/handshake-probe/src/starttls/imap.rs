//! IMAP's STARTTLS (RFC 9051, section 6.2.1).

use super::answer::Answers;
use super::{foreign, refused};
use crate::cause::Cause;

/// Waits for the greeting and begins TLS.
pub(super) fn begin(answers: &mut Answers<'_>) -> Result<(), Cause> {
    let greeting = answers.line()?;
    match word(&greeting, b"* ") {
        Some(word) if word.eq_ignore_ascii_case(b"OK") => {}
        // after PREAUTH there is no STARTTLS
        Some(word) if [&b"BYE"[..], b"PREAUTH"].iter().any(|no| word.eq_ignore_ascii_case(no)) => {
            return Err(refused("greeting", &greeting));
        }
        Some(_) | None => return Err(foreign(&greeting)),
    }
    answers.ask(b"a STARTTLS\r\n")?;
    for _ in 0..MOST_UNTAGGED {
        let line = answers.line()?;
        match word(&line, b"a ") {
            Some(word) if word.eq_ignore_ascii_case(b"OK") => return Ok(()),
            Some(_) => return Err(refused("STARTTLS", &line)),
            None if line.starts_with(b"* ") => {}
            None => return Err(foreign(&line)),
        }
    }
    Err(foreign(b"* ..."))
}

/// Returns the word after the tag of a line.
fn word<'l>(line: &'l [u8], tag: &[u8]) -> Option<&'l [u8]> {
    let rest = line.strip_prefix(tag)?;
    rest.split(|byte| *byte == b' ').next()
}

/// No server has so much to tell before it begins TLS.
const MOST_UNTAGGED: usize = 100;
