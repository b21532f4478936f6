//! Where the wire meets Java: the only room that knows all three crates.

mod anchors;
mod client_key;
mod client_keys;
mod context;
mod exception;
mod identity;
mod judge;
mod misbehaviour;
mod mozilla;
mod names;
mod port;
mod store_bytes;
mod store_exception;
mod tunnel;
mod zone;
mod zone_names;

pub(crate) use anchors::{OpenedStore, StoreFailure, StoreTrouble, open_trust_store, trusted_by};
use client_keys::open_key_store;
pub(crate) use context::{Context, ContextFailure, open_context};
pub(crate) use exception::{Attempt, of_failure, of_port_number, of_port_text};
use exception::{no_key_pair, no_start, no_suite, of_include, unknown_protocol};
pub(crate) use identity::{ClientKeys, Decision, JavaIdentity, Unfit};
pub(crate) use judge::{JavaJudge, Witness};
pub(crate) use mozilla::anchors as mozilla_anchors;
pub(crate) use names::suite_name;
pub(crate) use port::parse_int;
pub(crate) use store_bytes::{Closed, Shape};
pub(crate) use store_exception::of_trust_store;
use store_exception::{no_default_context, no_provider, of_key_store};
pub(crate) use zone::DefaultZone;
