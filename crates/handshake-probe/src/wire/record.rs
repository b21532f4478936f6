//! Records (RFC 8446, section 5.1) out of a stream of bytes.

use crate::cause::Cause;
use crate::conversation::Conversation;
use crate::misbehaviour::Misbehaviour;
use crate::wire::Cursor;

pub(crate) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(crate) const ALERT: u8 = 21;
pub(crate) const HANDSHAKE: u8 = 22;
pub(crate) const APPLICATION_DATA: u8 = 23;

/// Cuts what a peer sends into records, header included.
#[derive(Debug, Default)]
pub(crate) struct Records {
    buffer: Vec<u8>,
    is_verified: bool,
}

impl Records {
    /// Reads once from `stream`.
    ///
    /// # Errors
    ///
    /// [`Cause::Closed`] at the end, and those of the stream.
    pub(crate) fn fill(&mut self, stream: &mut dyn Conversation) -> Result<(), Cause> {
        if stream.listen_on(&mut self.buffer)? == 0 { Err(Cause::Closed) } else { Ok(()) }
    }

    /// Returns the next record if all of it has come.
    ///
    /// # Errors
    ///
    /// [`Cause::NotTls`], [`Cause::Ssl2`] or [`Misbehaviour::OversizedRecord`].
    pub(crate) fn take(&mut self) -> Result<Option<Vec<u8>>, Cause> {
        let Some(&[content_type, _, third, high, low]) = self.buffer.first_chunk() else {
            return Ok(None);
        };
        if !self.is_verified {
            verify_first(content_type, third)?;
            self.is_verified = true;
        }
        let length = u16::from_be_bytes([high, low]);
        if length > MAXIMUM_LENGTH {
            return Err(Cause::Misbehaved(Misbehaviour::OversizedRecord(length)));
        }
        let end = HEADER + usize::from(length);
        if self.buffer.len() < end {
            return Ok(None);
        }
        Ok(Some(self.buffer.drain(..end).collect()))
    }
}

/// Splits a whole record into its content type and its fragment.
pub(crate) fn split(record: &[u8]) -> Option<(u8, &[u8])> {
    let mut cursor = Cursor(record);
    let content_type = cursor.u8()?;
    cursor.take(HEADER - 1)?;
    Some((content_type, cursor.0))
}

/// A server's first record holds a handshake message or an alert; its version says nothing.
fn verify_first(content_type: u8, third: u8) -> Result<(), Cause> {
    match (content_type, third) {
        (HANDSHAKE | ALERT, _) => Ok(()),
        (0x80.., 4) => Err(Cause::Ssl2),
        _ => Err(Cause::NotTls),
    }
}

const HEADER: usize = 5;

/// Twice what RFC 5246, section 6.2.1, allows, as the clients imitated here bear it (some servers
/// once sent such), plus what encryption may add.
const MAXIMUM_LENGTH: u16 = 33_088;
