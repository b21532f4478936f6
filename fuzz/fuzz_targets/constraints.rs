//! Any text as `jdk.certpath.disabledAlgorithms` and `jdk.tls.disabledAlgorithms`: verdicts about genuine chains, never a
//! panic.

#![no_main]

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use java_pkix::Rules;
use libfuzzer_sys::fuzz_target;

#[path = "../judging.rs"]
mod judging;

/// The chains under which the answers of real runtimes were recorded: end entity, issuing CA, root.
static CHAINS: LazyLock<Vec<Vec<Vec<u8>>>> = LazyLock::new(|| {
    let decode = |text| BASE64_STANDARD.decode(text).expect("a kept chain is base64");
    include_str!("../../fixtures/constraints/chains.txt")
        .lines()
        .map(|line| line.split(' ').skip(1).map(decode).collect())
        .collect()
});

fuzz_target!(|input: &[u8]| {
    let [setting, chain, text @ ..] = input else { return };
    let (release, protocol) = judging::setting(*setting);
    let text = String::from_utf8_lossy(text);
    let mut lines = text.splitn(3, '\n').map(str::to_owned);
    let (certpath, tls, curves) = (lines.next(), lines.next(), lines.next());
    let rules = Rules::built_in(release).with_security_properties(&|name| match name {
        "jdk.certpath.disabledAlgorithms" => certpath.clone(),
        "jdk.tls.disabledAlgorithms" => tls.clone(),
        "jdk.disabled.namedCurves" => curves.clone(),
        _ => None,
    });
    rules.enabled_protocols().for_each(drop);
    if let [end_entity, issuing, root] = &CHAINS[usize::from(*chain) % CHAINS.len()][..] {
        judging::judge(&[end_entity, issuing], root, protocol, &rules);
    }
});
