//! Any bytes as a store: an answer or an error, never a panic.

#![no_main]

use java_keystore::{KeyStore, Password};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = KeyStore::read(bytes, None);
    let _ = KeyStore::read(bytes, Some(&Password::new("changeit")));
});
