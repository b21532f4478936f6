//! POP3's STLS (RFC 2595, section 4).

use super::answer::Answers;
use super::{foreign, refused};
use crate::cause::Cause;

/// Waits for the greeting and begins TLS.
pub(super) fn begin(answers: &mut Answers<'_>) -> Result<(), Cause> {
    is_ok("greeting", &answers.line()?)?;
    answers.ask(b"STLS\r\n")?;
    is_ok("STLS", &answers.line()?)
}

fn is_ok(asked: &'static str, line: &[u8]) -> Result<(), Cause> {
    let starts = |word: &[u8]| line.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word));
    if starts(b"+OK") {
        Ok(())
    } else if starts(b"-ERR") {
        Err(refused(asked, line))
    } else {
        Err(foreign(line))
    }
}
