//! The engine for TLS 1.2 and 1.3: rustls with ring.

mod drive;
mod fault;
mod identity;
mod offer;
mod provider;
mod recorder;
mod refusal;
mod unsealed;

pub(crate) use drive::handshake;
pub(crate) use offer::{can_offer, withheld};
pub(crate) use provider::{takes_scheme, takes_suite};
