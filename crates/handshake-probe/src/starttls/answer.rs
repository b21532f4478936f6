//! What a peer answered, read in chunks and taken in lines or bytes, none of them endless.

use super::{StartTlsFault, fault, foreign};
use crate::cause::Cause;
use crate::conversation::Conversation;

/// What came of a peer, and the way to ask it for more.
pub(super) struct Answers<'a> {
    peer: &'a mut dyn Conversation,
    /// What came and was not taken yet.
    held: Vec<u8>,
    /// How many bytes came in all.
    came: usize,
}

impl<'a> Answers<'a> {
    pub(super) fn of(peer: &'a mut dyn Conversation) -> Self {
        Self { peer, held: Vec::new(), came: 0 }
    }

    /// Sends a command, or whatever the protocol has.
    ///
    /// An answer that came before it was asked for is no answer.
    pub(super) fn ask(&mut self, question: &[u8]) -> Result<(), Cause> {
        if !self.held.is_empty() {
            return Err(fault(StartTlsFault::Injected { bytes: self.held.len() }));
        }
        self.peer.say(question)
    }

    /// Returns what came and was not taken.
    pub(super) fn left(&self) -> &[u8] {
        &self.held
    }

    /// Waits for an answer and returns whether its first byte is this one.
    pub(super) fn begin_with(&mut self, first: u8) -> Result<bool, Cause> {
        while self.held.is_empty() {
            self.more()?;
        }
        Ok(self.held.first() == Some(&first))
    }

    /// Takes one line, without its end.
    pub(super) fn line(&mut self) -> Result<Vec<u8>, Cause> {
        let mut seen = 0;
        loop {
            let fresh = self.held.get(seen..).unwrap_or_default();
            if let Some(end) = fresh.iter().position(|byte| *byte == b'\n') {
                let mut line = self.take(seen + end + 1);
                line.truncate(line.trim_ascii_end().len());
                return Ok(line);
            }
            seen = self.held.len();
            if seen > LONGEST_LINE {
                return Err(foreign(&self.held));
            }
            self.more()?;
        }
    }

    /// Takes so many bytes: `length` is one that the caller holds to be reasonable.
    pub(super) fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Cause> {
        while self.held.len() < length {
            self.more()?;
        }
        Ok(self.take(length))
    }

    /// Takes all up to the first of `ends` and with it, and returns it with the end that it was.
    pub(super) fn until<'e>(&mut self, ends: &[&'e str]) -> Result<(Vec<u8>, &'e str), Cause> {
        let longest = ends.iter().map(|end| end.len()).max().unwrap_or(1);
        let mut seen: usize = 0;
        loop {
            // an end may lie across two reads
            let from = seen.saturating_sub(longest);
            let fresh = self.held.get(from..).unwrap_or_default();
            let found = ends.iter().filter_map(|end| {
                let place = fresh.windows(end.len()).position(|held| held == end.as_bytes())?;
                Some((from + place + end.len(), *end))
            });
            if let Some((length, end)) = found.min() {
                return Ok((self.take(length), end));
            }
            seen = self.held.len();
            self.more()?;
        }
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let rest = self.held.split_off(length.min(self.held.len()));
        std::mem::replace(&mut self.held, rest)
    }

    fn more(&mut self) -> Result<(), Cause> {
        if self.came > MOST_IN_ALL {
            return Err(fault(StartTlsFault::TooLong));
        }
        let mut chunk = [0; CHUNK];
        let count = self.peer.listen(&mut chunk)?;
        if count == 0 {
            // the last words are worth more than the end
            return Err(if self.held.is_empty() { Cause::Closed } else { foreign(&self.held) });
        }
        self.held.extend_from_slice(chunk.get(..count).unwrap_or_default());
        self.came += count;
        Ok(())
    }
}

const CHUNK: usize = 1024;

/// RFC 5321 and its kin have 512; some servers are more talkative.
const LONGEST_LINE: usize = 4096;

/// No dialogue up to TLS needs more.
const MOST_IN_ALL: usize = 64 * 1024;
