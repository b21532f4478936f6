//! Any bytes as what a server says to the classic engine: an end, the same however the bytes come, and no session, as
//! nobody who does not know our half of the key can finish one.

#![no_main]

#[path = "../asking.rs"]
mod asking;

use asking::{Whim, request};
use handshake_probe::fuzzing::classic;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [whim, at_once, answers @ ..] = input else { return };
    let (request, judge) = (request(), Whim(*whim));
    let (some, seen) = classic(&request, &judge, answers, usize::from(*at_once));
    assert!(seen.outcome.is_err(), "a session with who knows not the keys");
    // an alert, or our half of a key in a field of 10,240 bits, and Finished
    assert!(some.asked < 2048, "sent {} bytes", some.asked);
    assert!(some.fault.as_ref().is_none_or(|fault| fault.len() < 4096));
    let (_, whole) = classic(&request, &judge, answers, usize::MAX);
    assert_eq!(seen.server_hello, whole.server_hello);
    assert_eq!(seen.chain, whole.chain);
    assert_eq!(seen.ocsp_response, whole.ocsp_response);
    assert_eq!(seen.key_agreement, whole.key_agreement);
    assert_eq!(seen.signature_scheme, whole.signature_scheme);
    assert_eq!(seen.client_authorities, whole.client_authorities);
    assert_eq!(seen.alert_sent, whole.alert_sent);
});
