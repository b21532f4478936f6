//! Makes one TLS handshake exactly as it is told to, lets a judge refuse it, and reports all that was seen.
//!
//! ```text
//! ProbeRequest + Judge ──▶ probe ──▶ Observation
//! ```
//!
//! The crate knows TCP, proxies and TLS. It knows nothing of Java, of files, and never prints.

mod judge;
mod observation;
mod probe;
mod request;

pub use judge::{Decision, Judge, PeerCertificates};
pub use observation::{Cause, Failure, Observation, Session, Stage, Timings};
pub use probe::probe;
pub use request::{Families, Offer, ProbeRequest, ProtocolVersion, Route, Timeouts};
