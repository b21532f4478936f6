//! The plain part of the protocol: records, handshake messages and what a peer may say in them.

mod client_hello;
mod cursor;
mod hello;
mod key_exchange;
mod record;
#[cfg(test)]
pub(crate) mod recorded;
mod watch;

pub(crate) use client_hello::{
    ClientHello, client_hello, legacy_version, message, vector8, vector16, vector24,
};
pub(crate) use cursor::Cursor;
pub(crate) use key_exchange::{ServerKeyExchange, Share};
pub(crate) use record::{ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, Records, split};
pub(crate) use watch::{
    CERTIFICATE_REQUEST, Event, SERVER_HELLO, SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE, Watch, alert,
};
