//! Decides about a certificate chain as Java's PKIX implementation does, and says it in Java's words.
//!
//! ```text
//! chain + TrustAnchors + Parameters ──▶ validate ──▶ Verdict ──▶ JavaException
//! ```
//!
//! The crate is pure: it reads no file, opens no socket and has no clock of its own.

mod anchor;
#[cfg_attr(not(test), expect(dead_code, reason = "the validator is still to come"))]
mod blocked;
#[cfg_attr(not(test), expect(dead_code, reason = "the validator is still to come"))]
mod constraints;
#[cfg_attr(not(test), expect(dead_code, reason = "the validator is still to come"))]
mod distrust;
mod exception;
#[cfg_attr(not(test), expect(dead_code, reason = "the validator is still to come"))]
mod host_name;
mod oid;
mod parameters;
mod profile;
#[cfg_attr(not(test), expect(dead_code, reason = "the validator is still to come"))]
mod public_key;
mod release;
#[expect(dead_code, reason = "the validator is still to come")]
mod rules;
mod security_properties;
#[cfg_attr(not(test), expect(dead_code, reason = "the validator is still to come"))]
mod signature;
mod tlv;
mod validate;
mod verdict;

pub use anchor::{TrustAnchor, TrustAnchors};
pub use exception::JavaException;
pub use parameters::{AuthType, EndpointIdentification, Parameters, Protocol, Zone};
pub use profile::{
    AlgorithmChecker, DerWords, DistrustGeneration, EmptyDnsConstraint, Profile, PublicSuffixRule,
    SignatureSupport,
};
pub use release::{JavaRelease, ParseReleaseError};
pub use rules::Rules;
pub use security_properties::SecurityProperties;
pub use validate::validate;
pub use verdict::{Reason, Rejection, Trusted, Verdict};
