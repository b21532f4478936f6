//! The engine for TLS 1.0 to 1.2: all suites, keys and groups that Java speaks there.
//!
//! It sends the offer byte for byte, and a probe's one byte: no more secret than that is protected
//! by its CBC decryption, which does not hide its timing.

mod drive;
mod exchange;
mod finish;
mod keys;
mod record;

pub(crate) use drive::{handshake, refusal, take_over};
