//! Decides about a certificate chain as Java's PKIX implementation does, and says it in Java's words.
//!
//! ```text
//! chain + TrustAnchors + Parameters ──▶ validate ──▶ Verdict ──▶ JavaException
//! ```
//!
#![doc = include_str!("../README.md")]

mod anchor;
mod anchor_index;
mod ber;
mod block;
mod blocked;
mod builder;
mod certificate;
mod checked_names;
mod checks;
mod constraints;
mod date;
mod der;
mod dispatch;
mod distinguished_name;
mod distrust;
mod end_entity;
mod exception;
mod extensions;
mod fitness;
mod general_name;
mod hash_set;
mod host_name;
mod identity;
mod issuance;
mod name_constraints;
mod name_relation;
mod oid;
mod parameters;
mod policy;
mod profile;
mod proven;
mod public_key;
mod release;
mod rules;
mod security_properties;
mod signature;
mod sorted_set;
mod switches;
mod tlv;
mod trace;
mod uri;
mod validate;
mod validator;
mod verdict;

pub use anchor::{TrustAnchor, TrustAnchors, check_readable};
pub use constraints::{GroupNames, SuiteNames};
pub use distinguished_name::canonical_name;
pub use distrust::Distrust;
pub use exception::JavaException;
pub use fitness::{Fitness, OutOfDate};
pub use issuance::Issuers;
pub use parameters::{AuthType, EndpointIdentification, Parameters, Protocol, Utc, Zone};
pub use profile::{
    AlgorithmChecker, BehindIndefinite, DerWords, DistrustGeneration, DnsNameWords,
    EmptyDnsConstraint, Profile, PublicSuffixRule, SignatureSupport,
};
pub use release::{JavaRelease, ParseReleaseError};
pub use rules::Rules;
pub use security_properties::SecurityProperties;
pub use switches::Switch;
pub use trace::{Candidate, Step, Trace};
pub use validate::{possible_verdicts, validate};
pub use verdict::{Reason, Rejection, Trusted, Verdict};
