//! What logs and pasted messages say: text in, groups of failures out. It opens no file and asks no clock.

use std::io::{self, BufRead, BufReader, Read};

mod causes;
mod entry;
mod groups;
mod jira;
mod moment;
mod phrases;
mod quoted;
mod refined;
mod search;
mod shape;
mod site;

pub(crate) use causes::{Cause, Next};
pub(crate) use entry::Explained;
pub(crate) use groups::{Group, Seen};
pub(crate) use jira::JiraVersion;

use entry::Entries;

/// What is held of a line; the rest of a longer one is not looked at.
const LONGEST_LINE: u64 = 16 << 10;

/// What is read at once.
const READ_AT_ONCE: usize = 128 << 10;

/// Logs as they are read, one after the other.
pub(crate) struct Explanation {
    entries: Entries,
}

impl Explanation {
    /// Begins. `now` (milliseconds since 1970) gives the year to logs that have none.
    ///
    /// # Errors
    ///
    /// Says why the texts cannot be searched for.
    pub(crate) fn new(now: i64) -> io::Result<Self> {
        let entries = Entries::new(moment::year_of(now)).map_err(io::Error::other)?;
        Ok(Self { entries })
    }

    /// Reads a log to its end.
    ///
    /// # Errors
    ///
    /// Passes on what the reader says.
    pub(crate) fn read(&mut self, input: &mut dyn Read) -> io::Result<()> {
        let mut input = BufReader::with_capacity(READ_AT_ONCE, input);
        let mut line = Vec::with_capacity(1024);
        loop {
            line.clear();
            if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.last() != Some(&b'\n') {
                input.skip_until(b'\n')?;
            }
            self.entries.line(line.trim_ascii_end());
        }
        self.entries.end();
        Ok(())
    }

    /// Returns what was found.
    pub(crate) fn finish(self) -> Explained {
        self.entries.explained()
    }
}
