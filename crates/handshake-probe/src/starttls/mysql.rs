//! The `SSLRequest` of MySQL and MariaDB, in the handshake of version 10 of their protocol.

use super::answer::Answers;
use super::{foreign, not_offered, refused};
use crate::cause::Cause;

/// Waits for the greeting and, if the server knows TLS, says that it comes: there is no answer to that.
pub(super) fn begin(answers: &mut Answers<'_>) -> Result<(), Cause> {
    let header = answers.bytes(4)?;
    let [low, middle, high, number] = *header.as_slice() else { return Err(foreign(&header)) };
    let length = usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16;
    if number != 0 || !(1..=LONGEST_GREETING).contains(&length) {
        let answer = [&header, answers.left()].concat();
        return Err(foreign(&answer));
    }
    let greeting = answers.bytes(length)?;
    match greeting.as_slice() {
        [ERROR, _, _, b'#', _, _, _, _, _, text @ ..] | [ERROR, _, _, text @ ..] => {
            return Err(refused("greeting", text));
        }
        [VERSION_10, ..] => {}
        other => return Err(foreign(other)),
    }
    let Some((version, capabilities)) = read_greeting(&greeting) else {
        return Err(foreign(&greeting));
    };
    if capabilities & SSL == 0 {
        return Err(not_offered(version));
    }
    answers.ask(&ssl_request())
}

/// Returns the server's version and the lower half of its capabilities.
fn read_greeting(greeting: &[u8]) -> Option<(&[u8], u16)> {
    let rest = greeting.get(1..)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (version, rest) = rest.split_at(end);
    // the zero byte, the connection's number, the first part of the challenge and a filler
    let capabilities = rest.get(1 + 4 + 8 + 1..)?.first_chunk()?;
    Some((version, u16::from_le_bytes(*capabilities)))
}

fn ssl_request() -> Vec<u8> {
    let mut packet = vec![32, 0, 0, 1];
    packet.extend(u32::from(LONG_PASSWORD | PROTOCOL_41 | SSL | SECURE_CONNECTION).to_le_bytes());
    packet.extend(LARGEST_PACKET.to_le_bytes());
    packet.push(UTF8);
    packet.extend([0; 23]);
    packet
}

const ERROR: u8 = 0xff;
const VERSION_10: u8 = 10;
const LONG_PASSWORD: u16 = 0x0001;
const PROTOCOL_41: u16 = 0x0200;
const SSL: u16 = 0x0800;
const SECURE_CONNECTION: u16 = 0x8000;
const LARGEST_PACKET: u32 = 1 << 24;
/// The collation `utf8_general_ci`, which every version has.
const UTF8: u8 = 33;

/// Real ones have about 100 bytes.
const LONGEST_GREETING: usize = 4096;
