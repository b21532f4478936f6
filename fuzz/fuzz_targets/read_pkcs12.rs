//! Any bytes as a PKCS12 store, and as the bags of one: an answer or an error, never a panic.

#![no_main]

use java_keystore::{Format, KeyStore, Password};
use libfuzzer_sys::fuzz_target;

#[path = "../pkcs12.rs"]
mod pkcs12;

fuzz_target!(|bytes: &[u8]| {
    let _ = KeyStore::read_as(Format::Pkcs12, bytes, None);
    let _ = KeyStore::read_as(Format::Pkcs12, &pkcs12::store_of(bytes), None);
    if !pkcs12::asks_for_much_work(bytes) {
        for password in ["changeit", ""] {
            let _ = KeyStore::read_as(Format::Pkcs12, bytes, Some(&Password::new(password)));
        }
    }
});
