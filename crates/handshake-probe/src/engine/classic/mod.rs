//! The engine for TLS 1.0 to 1.2 where rustls cannot follow: static RSA, finite fields, CBC, DSA.
//!
//! It sends the offer byte for byte, and a probe's one byte: no more secret than that is protected
//! by its CBC decryption, which does not hide its timing.

mod drive;
mod exchange;
mod keys;
mod record;

pub(crate) use drive::{handshake, refusal, take_over};
