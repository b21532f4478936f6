//! PostgreSQL's `SSLRequest` (its documentation, "Message Flow", "SSL Session Encryption").

use super::answer::Answers;
use super::{foreign, not_offered, refused};
use crate::cause::Cause;

/// Asks for TLS: the server answers with one byte.
pub(super) fn begin(answers: &mut Answers<'_>) -> Result<(), Cause> {
    answers.ask(&SSL_REQUEST)?;
    match answers.bytes(1)?.as_slice() {
        b"S" => Ok(()),
        b"N" => Err(not_offered(b"N: its setting ssl is off")),
        b"E" => Err(error(answers)),
        other => {
            // what came along with it may say who is there
            let answer = [other, answers.left()].concat();
            Err(foreign(&answer))
        }
    }
}

/// An `ErrorResponse`: a length, then fields that each end in a zero byte.
fn error(answers: &mut Answers<'_>) -> Cause {
    let Ok(length) = answers.bytes(4) else { return foreign(b"E") };
    let length = length.first_chunk().map_or(0, |length| u32::from_be_bytes(*length));
    let length = usize::try_from(length).unwrap_or(usize::MAX).saturating_sub(4);
    let Ok(fields) = answers.bytes(length.min(LONGEST_ERROR)) else { return foreign(b"E") };
    let message = fields.split(|byte| *byte == 0).find_map(|field| field.strip_prefix(b"M"));
    refused("SSLRequest", message.unwrap_or(&fields))
}

/// Its length, 8, and the number 80877103, which no version of the protocol has.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

const LONGEST_ERROR: usize = 4096;
