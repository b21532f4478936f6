//! The plain part of the protocol: records, handshake messages and what a peer may say in them.

mod cursor;
mod hello;
mod record;
mod watch;

pub(crate) use cursor::Cursor;
pub(crate) use record::Records;
pub(crate) use watch::{Event, Watch};
