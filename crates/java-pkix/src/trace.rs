//! What was tried on the way to a verdict: Java keeps it to itself.

use crate::verdict::Reason;

/// The candidates that were tried and why they were dropped, in the order in which they were.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trace {
    /// What was dropped.
    pub steps: Vec<Step>,
    /// Whether the search ended because it had tried [`Trace::BUDGET`] candidates.
    pub is_exhausted: bool,
}

/// A candidate that was dropped.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// The candidate.
    pub candidate: Candidate,
    /// Why it was dropped.
    pub reason: Reason,
}

/// A certificate that a path could have gone through.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Candidate {
    /// One that the peer sent: its index.
    Sent(usize),
    /// An anchor: its name.
    Anchor(String),
}

impl Trace {
    /// How many candidates a search tries at most. Java has no such limit; with at most ten certificates sent it is not
    /// reached but by stores made for it.
    pub const BUDGET: usize = 20_000;

    /// Notes that a candidate was dropped; after the first hundred only counts.
    pub(crate) fn drop(&mut self, candidate: impl FnOnce() -> Candidate, reason: Reason) {
        if self.steps.len() < 100 {
            self.steps.push(Step { candidate: candidate(), reason });
        }
    }
}
