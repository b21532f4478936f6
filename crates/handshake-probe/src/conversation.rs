//! What a dialogue needs of a connection: so it can be held with a recorded peer, too.

use crate::cause::Cause;

/// A connection over which bytes go.
pub(crate) trait Conversation {
    /// Reads what is there into `buffer` and returns how many bytes it is; 0 at the end.
    fn listen(&mut self, buffer: &mut [u8]) -> Result<usize, Cause>;

    /// Writes all of `bytes`.
    fn say(&mut self, bytes: &[u8]) -> Result<(), Cause>;

    /// Appends what comes next to `buffer`, up to [`CHUNK`] bytes; returns how many, 0 at the end.
    fn listen_on(&mut self, buffer: &mut Vec<u8>) -> Result<usize, Cause> {
        let mut chunk = [0; CHUNK];
        let count = self.listen(&mut chunk)?;
        buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
        Ok(count)
    }

    /// Reads `length` bytes and not one more.
    fn listen_exactly(&mut self, length: usize) -> Result<Vec<u8>, Cause> {
        let mut bytes = vec![0; length];
        let mut rest = bytes.as_mut_slice();
        while !rest.is_empty() {
            let count = self.listen(rest)?;
            if count == 0 {
                return Err(Cause::Closed);
            }
            rest = rest.get_mut(count..).unwrap_or_default();
        }
        Ok(bytes)
    }
}

/// What one read takes at most: most first flights of a server.
const CHUNK: usize = 4096;
