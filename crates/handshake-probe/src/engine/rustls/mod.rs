//! The engine for TLS 1.2 and 1.3: rustls with ring.

mod drive;
mod fault;
mod offer;
mod recorder;
mod refusal;
mod signature;
mod spki;
mod suites;

pub(crate) use drive::handshake;
