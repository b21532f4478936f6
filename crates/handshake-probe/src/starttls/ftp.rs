//! FTP's AUTH TLS (RFC 4217).

use super::answer::Answers;
use super::refused;
use super::smtp::reply;
use crate::cause::Cause;

/// Waits for the greeting and begins TLS.
pub(super) fn begin(answers: &mut Answers<'_>) -> Result<(), Cause> {
    match ftp_reply(answers)? {
        (code, _) if code == *b"220" => {}
        (_, greeting) => return Err(refused("greeting", &greeting)),
    }
    answers.ask(b"AUTH TLS\r\n")?;
    match ftp_reply(answers)? {
        (code, _) if code == *b"234" => Ok(()),
        (_, answer) => Err(refused("AUTH TLS", &answer)),
    }
}

/// Takes a reply; `120` only says that another one will come (RFC 959, section 5.4).
fn ftp_reply(answers: &mut Answers<'_>) -> Result<([u8; 3], Vec<u8>), Cause> {
    match reply(answers)? {
        (code, _) if code == *b"120" => reply(answers),
        answer => Ok(answer),
    }
}
