//! The protocol as it is read: records, handshake messages and what a peer may say in them.

mod client_hello;
mod cursor;
mod extensions;
mod flight;
mod hello;
mod key_exchange;
mod record;
#[cfg(test)]
pub(crate) mod recorded;
mod seal;
mod sealed;
mod watch;

pub(crate) use client_hello::{
    ClientHello, client_hello, legacy_version, message, vector8, vector16, vector24,
};
pub(crate) use cursor::Cursor;
pub(crate) use key_exchange::{ServerKeyExchange, Share, significant};
pub(crate) use record::{ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, Records, split};
pub(crate) use seal::{Seal, transcript_hash, verify_data};
pub(crate) use watch::{Event, Watch, alert, whole_message};

// The types of handshake messages (RFC 8446, section 4; RFC 5246, section 7.4).
pub(crate) const HELLO_REQUEST: u8 = 0;
pub(crate) const SERVER_HELLO: u8 = 2;
pub(crate) const NEW_SESSION_TICKET: u8 = 4;
const ENCRYPTED_EXTENSIONS: u8 = 8;
pub(crate) const CERTIFICATE: u8 = 11;
pub(crate) const SERVER_KEY_EXCHANGE: u8 = 12;
pub(crate) const CERTIFICATE_REQUEST: u8 = 13;
pub(crate) const SERVER_HELLO_DONE: u8 = 14;
pub(crate) const CERTIFICATE_VERIFY: u8 = 15;
pub(crate) const CLIENT_KEY_EXCHANGE: u8 = 16;
pub(crate) const FINISHED: u8 = 20;
const CERTIFICATE_STATUS: u8 = 22;
