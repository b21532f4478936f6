//! Where the wire meets Java: the only room that knows all three crates.

#![expect(dead_code, unused_imports, reason = "the commands that use this room are still to come")]

mod anchors;
mod mozilla;

pub(crate) use anchors::{OpenedStore, StoreFailure, StoreTrouble, open_trust_store};
