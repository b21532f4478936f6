//! Probes of servers in the same process: real ones (rustls) and scripted ones (bytes).
#![expect(clippy::unwrap_used, reason = "a test stops where its server does")]

mod again;
mod broken;
mod client;
mod late;
mod mutated;
mod openssl;
mod proxy;
mod server;
mod starttls;
mod time;
mod verdict;
