//! Any bytes as a `java.security` file: properties, and the rules of a release under them, never a panic.

#![no_main]

use std::collections::HashMap;

use java_pkix::Rules;
use libfuzzer_sys::fuzz_target;

#[path = "../judging.rs"]
#[allow(dead_code, reason = "shared by targets")]
mod judging;
#[path = "../../src/settings/properties_file.rs"]
mod properties_file;

fuzz_target!(|input: &[u8]| {
    let Some((setting, text)) = input.split_first() else { return };
    // As Java reads it: ISO 8859-1.
    let text: String = text.iter().copied().map(char::from).collect();
    let properties: HashMap<String, String> =
        properties_file::definitions(&text).into_iter().collect();
    let schemes = properties.get("jdk.tls.client.SignatureSchemes").cloned().unwrap_or_default();
    let rules = Rules::built_in(judging::setting(*setting).0)
        .with_security_properties(&|name| properties.get(name).cloned())
        .with_blocked_certs(&text)
        .with_signature_schemes(&schemes);
    rules.enabled_protocols().for_each(drop);
});
