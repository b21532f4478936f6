//! Any contents of a server's encrypted records of TLS 1.3: read to the end, or refused for a reason that can be told; and the
//! messages that are taken are those that may come, each once.

#![no_main]

#[path = "../asking.rs"]
mod asking;

use asking::{Whim, request};
use handshake_probe::fuzzing::sealed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [whim, contents @ ..] = input else { return };
    let (mut taken, fault) = sealed(&request(), &Whim(*whim), contents);
    let ends = taken.iter().position(|kind| *kind == 20);
    assert!(ends.is_none_or(|place| place + 1 == taken.len()), "{taken:?}");
    assert!(ends.is_none() || (taken.contains(&11) && taken.contains(&15)), "{taken:?}");
    taken.sort_unstable();
    assert!(taken.windows(2).all(|pair| pair.first() != pair.last()), "{taken:?}");
    assert!(taken.iter().all(|kind| [8, 11, 13, 15, 20].contains(kind)), "{taken:?}");
    assert!(fault.is_none_or(|fault| !fault.is_empty() && fault.len() < 4096));
});
