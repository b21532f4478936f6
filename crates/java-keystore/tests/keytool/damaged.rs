//! Stores with bytes changed and stores cut short: an answer or an error at a place in the file, never a panic.

use java_keystore::{Format, KeyStore, Password};

use crate::recorded::{Recorded, stores};

#[test]
fn mutated_stores_are_answered_without_panic() {
    let mut seed = 1_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap()
    };
    for recorded in stores().iter().filter(|recorded| recorded.bytes.len() < 20_000) {
        for round in 0..100 {
            let mut mutated = recorded.bytes.clone();
            for _ in 0..=random() % 3 {
                let at = random() % mutated.len();
                mutated[at] = u8::try_from(random() % 256).unwrap();
            }
            mutated.truncate(mutated.len() - random() % 3);
            read(recorded, &mutated, None);
            // PKCS12 takes its time to try a password
            if Format::of(&mutated) != Some(Format::Pkcs12) || round < 5 {
                read(recorded, &mutated, Some(&recorded.password));
            }
        }
    }
}

#[test]
fn stores_cut_short_are_errors_within_the_file() {
    const DIGEST: usize = 20;
    let mut lengths = 0;
    for recorded in stores().iter().filter(|recorded| recorded.bytes.len() < 6_000) {
        for length in 0..recorded.bytes.len() {
            let cut = recorded.bytes.get(..length).unwrap();
            let place = format!("{} cut at {length}", recorded.path.display());
            assert!(!read(recorded, cut, Some(&recorded.password)), "{place}");
            // without password Java does not look for the digest of JKS
            let is_whole =
                recorded.name().contains(".j") && length + DIGEST >= recorded.bytes.len();
            assert_eq!(read(recorded, cut, None), is_whole, "{place}");
            lengths += 1;
        }
    }
    assert!(lengths > 10_000, "only {lengths} lengths");
}

/// Returns whether the bytes are a store.
fn read(recorded: &Recorded, bytes: &[u8], password: Option<&Password>) -> bool {
    let Err(error) = KeyStore::read(bytes, password) else { return true };
    assert!(error.offset <= bytes.len(), "{}: {error}", recorded.path.display());
    false
}
