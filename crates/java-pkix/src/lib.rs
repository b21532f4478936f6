//! Decides about a certificate chain as Java's PKIX implementation does, and says it in Java's words.
//!
//! ```text
//! chain + TrustAnchors + Parameters ──▶ validate ──▶ Verdict ──▶ JavaException
//! ```
//!
//! The crate is pure: it reads no file, opens no socket and has no clock of its own.

mod anchor;
mod exception;
mod parameters;
mod release;
mod rules;
mod validate;
mod verdict;

pub use anchor::{TrustAnchor, TrustAnchors};
pub use exception::JavaException;
pub use parameters::{AuthType, EndpointIdentification, Parameters, Protocol, Zone};
pub use release::{JavaRelease, ParseReleaseError};
pub use rules::Rules;
pub use validate::validate;
pub use verdict::{Reason, Rejection, Trusted, Verdict};
