//! The engine for TLS 1.3: rustls with ring.

mod alone;
mod drive;
mod fault;
mod identity;
mod offer;
mod provider;
mod recorder;

pub(crate) use drive::handshake;
pub(crate) use offer::{can_offer, withheld};
