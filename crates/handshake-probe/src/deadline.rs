//! The one clock that all stages of a probe share.

use std::time::{Duration, Instant};

use crate::cause::Cause;

/// The moment at which a probe ends, or never.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// Returns the moment after so long; a time too long to be told is for ever.
    pub(crate) fn after(time: Option<Duration>) -> Self {
        Self(time.and_then(|time| Instant::now().checked_add(time)))
    }

    /// Returns the earlier of this deadline and the moment after `time`.
    pub(crate) fn within(self, time: Duration) -> Self {
        let Self(other) = Self::after(Some(time));
        match (self.0, other) {
            (Some(this), Some(other)) => Self(Some(this.min(other))),
            (this, other) => Self(this.or(other)),
        }
    }

    /// Returns how much time is left, never zero, or `None` for no limit.
    ///
    /// # Errors
    ///
    /// [`Cause::TimedOut`] when no time is left.
    pub(crate) fn remaining(self) -> Result<Option<Duration>, Cause> {
        let Some(end) = self.0 else { return Ok(None) };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(Cause::TimedOut) } else { Ok(Some(left)) }
    }
}
