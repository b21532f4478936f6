//! Any bytes as a file with certificates: what is found in it, and how it is shown, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/certificates/mod.rs"]
#[allow(dead_code, unused_imports, reason = "a room of the binary; only its reading is wanted")]
mod certificates;
#[path = "../pkcs12.rs"]
mod pkcs12;

fuzz_target!(|bytes: &[u8]| {
    let is_pkcs12 = bytes.windows(3).take(12).any(|window| window == [2, 1, 3]);
    if is_pkcs12 && pkcs12::asks_for_much_work(bytes) {
        return;
    }
    let found = match certificates::read(bytes) {
        Ok(found) => found,
        Err(error) => return drop(error.to_string()),
    };
    for certificate in &found.certificates {
        if let Some(shown) = certificates::Shown::of(certificate) {
            let _ = (shown.subject(), shown.issuer(), shown.short_name(), shown.names());
            let _ = (shown.issuer_url(), certificates::date(shown.validity().1));
        }
        let _ = certificates::Details::of(certificate);
        let _ = certificates::fingerprint(certificate);
    }
});
