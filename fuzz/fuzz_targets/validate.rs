//! Any bytes as a chain and a store: a verdict, never a panic.

#![no_main]

use java_pkix::Rules;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

#[path = "../der.rs"]
#[allow(dead_code, reason = "shared by targets")]
mod der;
#[path = "../judging.rs"]
mod judging;

fuzz_mutator!(|input: &mut [u8], size: usize, max_size: usize, seed: u32| {
    der::mutate_certificates(input, size, max_size, seed)
});

fuzz_target!(|input: &[u8]| {
    let Some((setting, certificates)) = input.split_first() else { return };
    let (release, protocol) = judging::setting(*setting);
    if let [anchor, chain @ ..] = &der::split(certificates)[..] {
        judging::judge(chain, anchor, protocol, &Rules::built_in(release));
    }
});
