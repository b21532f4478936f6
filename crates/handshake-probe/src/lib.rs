//! Makes one TLS handshake exactly as it is told to, lets a judge refuse it, and reports all that was seen.
//!
//! ```text
//! ProbeRequest + Judge ──▶ probe ──▶ Observation
//! ```
//!
//! The crate knows TCP, proxies and TLS. It knows nothing of Java, of files, and never prints.

mod alert;
mod cause;
mod conversation;
mod deadline;
mod engine;
mod fetch;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod identity;
mod judge;
mod misbehaviour;
mod observation;
mod probe;
mod request;
mod resolve;
mod resolver;
mod route;
mod secret;
mod starttls;
mod stream;
mod wire;

pub use alert::{alert_code, alert_name};
pub use cause::{Cause, Operation, ProxyKind, TunnelFault};
pub use engine::{SigningKey, scheme_name};
pub use fetch::{Fetch, FetchFault, fetch};
pub use identity::{CertificateRequest, Choice, Credentials, Identity};
pub use judge::{Decision, Judge, KeyAgreement, PeerCertificates};
pub use misbehaviour::{
    BlockFault, Exchange, ExtensionFault, KeyKind, MessageFault, Misbehaviour, PointFault,
    SignatureFault, ValueFault,
};
pub use observation::{
    Engine, Failure, Observation, ServerHello, Session, Stage, Timings, Withheld,
};
pub use probe::probe;
pub use request::{
    Families, HttpConnect, Names, Offer, ProbeRequest, ProtocolVersion, Route, Socks, SocksVersion,
    StartTls, Timeouts,
};
pub use secret::Secret;
pub use starttls::StartTlsFault;
