//! Any bytes as a JKS or JCEKS store: an answer or an error, never a panic.

#![no_main]

use java_keystore::{Format, KeyStore, Password};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Jks, Format::Jceks] {
        let _ = KeyStore::read_as(format, bytes, None);
        let _ = KeyStore::read_as(format, bytes, Some(&Password::new("changeit")));
    }
});
