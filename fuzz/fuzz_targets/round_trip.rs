//! Any bytes that are a store: one root added, and removed again, and nothing else has changed; never a panic.

#![no_main]

use java_keystore::{Alias, Entry, KeyStore, Password, Timestamp};
use libfuzzer_sys::fuzz_target;
use pki_types::CertificateDer;

#[path = "../pkcs12.rs"]
mod pkcs12;

fuzz_target!(|bytes: &[u8]| {
    let password = Password::new("changeit");
    add_and_remove(&pkcs12::store_of(bytes), None, &password);
    if bytes.starts_with(&[0x30]) && pkcs12::asks_for_much_work(bytes) {
        return;
    }
    // without password no digest stands in the way of a mutation
    add_and_remove(bytes, None, &password);
    add_and_remove(bytes, Some(&password), &password);
});

fn add_and_remove(bytes: &[u8], reading: Option<&Password>, writing: &Password) {
    let Ok(before) = KeyStore::read(bytes, reading) else { return };
    let alias = Alias::new("added by the fuzzer");
    if before.entries().iter().any(|entry| Alias::new(&entry.alias) == alias) {
        return;
    }
    let mut store = before.clone();
    let root = CertificateDer::from(vec![0x30, 0]);
    if store.trust(&alias, &root, Timestamp(1)).is_err() {
        return;
    }
    let Ok(written) = store.write(Some(writing)) else { return };
    let mut store = KeyStore::read(&written, Some(writing)).expect("what was written is read");
    assert_eq!(store.entries().len(), before.entries().len() + 1, "one entry more");
    assert!(store.entries().iter().any(|entry| entry.alias == alias.as_str() && entry.trusted));
    assert!(store.remove(&alias).expect("what is open can be removed"));
    let written = store.write(Some(writing)).expect("what was written is written again");
    let after = KeyStore::read(&written, Some(writing)).expect("what was written is read");
    assert_eq!(sorted(&after), sorted(&before), "the other entries are as they were");
    assert_eq!(after.unseen(), before.unseen(), "and those that Java does not list");
}

/// JKS is written in the order of a hash table.
fn sorted(store: &KeyStore) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = store.entries().iter().collect();
    entries.sort_by(|one, other| one.alias.cmp(&other.alias));
    entries
}
