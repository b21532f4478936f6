//! LDAP's extended operation `StartTLS` (RFC 4511, section 4.14).

use super::answer::Answers;
use super::{foreign, refused};
use crate::cause::Cause;

/// Asks for the operation and reads the result.
pub(super) fn begin(answers: &mut Answers<'_>) -> Result<(), Cause> {
    answers.ask(REQUEST)?;
    let mut head = answers.bytes(2)?;
    let length = match *head.as_slice() {
        [SEQUENCE, length @ ..=0x7f] => usize::from(length),
        // long form, as Active Directory has it even where the short one would do
        [SEQUENCE, count @ 0x81..=0x84] => number(&answers.bytes(usize::from(count & 0x7f))?),
        _ => {
            head.extend_from_slice(answers.left());
            return Err(foreign(&head));
        }
    };
    if length > LONGEST_ANSWER {
        return Err(foreign(&head));
    }
    let message = answers.bytes(length)?;
    match read_result(&message) {
        Some(Outcome { code: 0, number: 1, .. }) => Ok(()),
        Some(Outcome { code, diagnostic, .. }) => {
            let name = code_name(code).unwrap_or("result");
            let text = [format!("{name} ({code}) ").as_bytes(), diagnostic].concat();
            Err(refused("StartTLS", &text))
        }
        None => Err(foreign(&message)),
    }
}

/// What an `ExtendedResponse` says.
struct Outcome<'a> {
    /// The message's number: 1 answers us, 0 comes unasked.
    number: u8,
    code: u8,
    diagnostic: &'a [u8],
}

/// Reads a message's number and, in `ExtendedResponse`, the code, a name and a text for people.
fn read_result(message: &[u8]) -> Option<Outcome<'_>> {
    let (number, rest) = element(message, INTEGER)?;
    let (response, _controls) = element(rest, EXTENDED_RESPONSE)?;
    let (code, rest) = element(response, ENUMERATED)?;
    let (_matched, rest) = element(rest, OCTET_STRING)?;
    let (diagnostic, _) = element(rest, OCTET_STRING)?;
    let ([number], [code]) = (number, code) else { return None };
    Some(Outcome { number: *number, code: *code, diagnostic })
}

/// Splits an element of BER off: its content, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = bytes.split_first()?;
    if *found != tag {
        return None;
    }
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        length @ ..=0x7f => (usize::from(length), rest),
        count @ 0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(count & 0x7f))?;
            (number(digits), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// Reads at most four bytes as a number, the most significant first.
fn number(digits: &[u8]) -> usize {
    digits.iter().take(4).fold(0, |length, digit| length << 8 | usize::from(*digit))
}

/// The codes by which servers say that they cannot (RFC 4511, appendix A).
fn code_name(code: u8) -> Option<&'static str> {
    Some(match code {
        1 => "operationsError",
        2 => "protocolError",
        8 => "strongerAuthRequired",
        10 => "referral",
        12 => "unavailableCriticalExtension",
        13 => "confidentialityRequired",
        50 => "insufficientAccessRights",
        51 => "busy",
        52 => "unavailable",
        53 => "unwillingToPerform",
        80 => "other",
        _ => return None,
    })
}

/// Message 1: `ExtendedRequest` with the name 1.3.6.1.4.1.1466.20037.
const REQUEST: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const ENUMERATED: u8 = 0x0a;
const SEQUENCE: u8 = 0x30;
const EXTENDED_RESPONSE: u8 = 0x78;

/// A result is a number and a text for people.
const LONGEST_ANSWER: usize = 16 * 1024;
