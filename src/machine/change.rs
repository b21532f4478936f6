//! Whether a file was changed after a JVM had started: then it may still go by what was there before.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Started;

/// The kernel counts starts in hundredths of a second, and stamps files with the clock of its last tick.
const TICKS: Duration = Duration::from_millis(20);

/// A change of a file after the start.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Change {
    /// When it was made.
    pub(crate) at: SystemTime,
    /// How long after the start.
    pub(crate) after: Duration,
    /// Whether it is the content that was written: else another file took its place, or its rights were changed.
    pub(crate) is_content: bool,
}

impl Started {
    /// Tells whether a file, as this process finds it, was changed after the JVM had started; none if it does not run.
    pub(crate) fn change_since_start(&self, file: &Path) -> Option<Change> {
        let started = self.process.as_ref()?.started?;
        let file = fs::metadata(file).ok()?;
        let of_content = file.modified().ok()?;
        let of_any = changed(&file).unwrap_or(of_content);
        let is_content = of_content > started + TICKS;
        let at = if is_content { of_content } else { of_any };
        let after = at.duration_since(started).ok().filter(|after| *after > TICKS)?;
        // a date in the future says nothing
        (at <= self.seen.now).then_some(Change { at, after, is_content })
    }
}

/// Returns when the file itself was last changed: written, moved here, or given other rights.
#[cfg(unix)]
fn changed(file: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;

    let seconds = Duration::from_secs(u64::try_from(file.ctime()).ok()?);
    let rest = Duration::from_nanos(u64::try_from(file.ctime_nsec()).ok()?);
    UNIX_EPOCH.checked_add(seconds)?.checked_add(rest)
}

#[cfg(not(unix))]
fn changed(_file: &Metadata) -> Option<SystemTime> {
    None
}
