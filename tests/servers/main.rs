//! Real servers on loopback, reached through their plaintext dialogues and through real proxies.
//!
//! Each is started here as a process of its own, with a configuration and a folder made for it. Where a program is missing the
//! test says so and passes, except where `CI` is set: there it fails. `.ci/run` installs them.

#![expect(clippy::panic, reason = "a failed test panics")]
#![expect(clippy::unwrap_used, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod daemon; // a server process, its folder and its end
mod databases;
mod directory;
mod files;
mod mail;
mod messaging;
#[path = "../oracle/pki.rs"]
mod pki;
mod proxies;
#[path = "../oracle/server.rs"]
mod server;
