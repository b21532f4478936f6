//! Any bytes as a certificate: read by every release, and held against a host, never a panic.

#![no_main]

use java_pkix::{JavaRelease, Protocol, Rules, check_readable};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use pki_types::CertificateDer;
use std::sync::LazyLock;

#[path = "../der.rs"]
#[allow(dead_code, reason = "shared by targets")]
mod der;
#[path = "../judging.rs"]
#[allow(dead_code, reason = "shared by targets")]
mod judging;

static RULES: LazyLock<Vec<Rules>> =
    LazyLock::new(|| JavaRelease::RECORDED.map(Rules::built_in).to_vec());

fuzz_mutator!(|input: &mut [u8], size: usize, max_size: usize, seed: u32| {
    der::mutate(input, size, max_size, seed)
});

fuzz_target!(|input: &[u8]| {
    for rules in &*RULES {
        if let Err(exception) = check_readable(&CertificateDer::from(input), rules) {
            let _ = exception.to_string();
        }
        // A certificate that is itself trusted is only asked for the host.
        judging::judge(&[input], input, Protocol::Tls13, rules);
    }
});
