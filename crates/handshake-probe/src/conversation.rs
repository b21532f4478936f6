//! What a dialogue before TLS needs of a connection: so it can be held with a recorded peer, too.

use crate::cause::Cause;

/// A connection over which plain bytes go before TLS.
pub(crate) trait Conversation {
    /// Reads what is there into `buffer` and returns how many bytes it is; 0 at the end.
    fn listen(&mut self, buffer: &mut [u8]) -> Result<usize, Cause>;

    /// Writes all of `bytes`.
    fn say(&mut self, bytes: &[u8]) -> Result<(), Cause>;

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
