//! SMTP's STARTTLS (RFC 3207), and LMTP's, which greets with another word (RFC 2033).

use super::answer::Answers;
use super::{foreign, not_offered, refused};
use crate::cause::Cause;

/// Waits for the greeting, asks for the extensions with `hello` and begins TLS.
pub(super) fn begin(hello: &str, answers: &mut Answers<'_>) -> Result<(), Cause> {
    let (code, greeting) = reply(answers)?;
    if code != *b"220" {
        return Err(refused("greeting", &greeting));
    }
    answers.ask(format!("{hello} {OWN_NAME}\r\n").as_bytes())?;
    let (code, extensions) = reply(answers)?;
    if code != *b"250" {
        return Err(refused(if hello == "EHLO" { "EHLO" } else { "LHLO" }, &extensions));
    }
    let mut keywords = extensions.split(|byte| *byte == b'\n').skip(1);
    if !keywords.any(|line| line.trim_ascii().eq_ignore_ascii_case(b"STARTTLS")) {
        return Err(not_offered(&extensions));
    }
    answers.ask(b"STARTTLS\r\n")?;
    match reply(answers)? {
        (code, _) if code == *b"220" => Ok(()),
        (_, answer) => Err(refused("STARTTLS", &answer)),
    }
}

/// Takes a reply of one or many lines: its code, and its text with a line feed between lines.
pub(super) fn reply(answers: &mut Answers<'_>) -> Result<([u8; 3], Vec<u8>), Cause> {
    let mut code = None;
    let mut text = Vec::new();
    for _ in 0..MOST_LINES {
        let line = answers.line()?;
        let Some((own, rest)) = line.split_first_chunk::<3>() else { return Err(foreign(&line)) };
        let is_code = own.iter().all(u8::is_ascii_digit) && code.is_none_or(|code| code == *own);
        let (rest, is_last) = match rest {
            [b'-', rest @ ..] => (rest, false),
            [b' ', rest @ ..] => (rest, true),
            [] => (rest, true),
            _ => return Err(foreign(&line)),
        };
        if !is_code {
            return Err(foreign(&line));
        }
        if code.is_none() {
            // what is shown of an answer begins with its code
            text.extend_from_slice(own);
            text.push(b' ');
        } else {
            text.push(b'\n');
        }
        code = Some(*own);
        text.extend_from_slice(rest);
        if is_last {
            return Ok((*own, text));
        }
    }
    Err(foreign(&text))
}

/// The literal for loopback: there is no name that would be right for each server.
const OWN_NAME: &str = "[127.0.0.1]";

/// No server has so much to say.
const MOST_LINES: usize = 256;
