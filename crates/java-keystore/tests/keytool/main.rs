//! Stores that real keytools wrote: what we list of them, and that JKS comes out byte for byte.

#![expect(clippy::unwrap_used, reason = "a failed test panics")]
#![expect(clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod damaged; //  stores with bytes changed, and cut short
mod peers; //    what the crates `jks` and `p12-keystore` read of what we write
mod recorded; // the stores

use java_keystore::{Alias, Entry, EntryKind, Format, KeyStore, Timestamp};
use serde_json::Value;

use recorded::{first, some_certificate, stores};

#[test]
fn every_store_lists_what_java_lists() {
    for recorded in stores() {
        let (path, listed) = (recorded.path.display(), &recorded.listed);
        let store = recorded.open();
        assert_eq!(store.format().name(), listed["type"].as_str().unwrap(), "{path}");
        let mut ours: Vec<Value> = store.entries().iter().map(described).collect();
        let mut java: Vec<Value> = listed["entries"].as_array().unwrap().clone();
        for entry in &mut java {
            let entry = entry.as_object_mut().unwrap();
            entry.retain(|name, _| {
                ["alias", "date", "isCert", "cert", "chain"].contains(&name.as_str())
            });
            if entry["date"] == "load-time" {
                entry.remove("date");
            }
        }
        let key = |entry: &Value| entry["alias"].as_str().unwrap().to_owned();
        ours.sort_by_key(key);
        java.sort_by_key(key);
        assert_eq!(ours, java, "{path}");
        let anchors = store.entries().iter().filter(|entry| entry.trusted).filter_map(first);
        let mut anchors: Vec<&[u8]> = anchors.collect();
        anchors.sort_unstable();
        anchors.dedup();
        assert_eq!(Value::from(anchors.len()), listed["trustAnchors"], "{path}");
    }
}

#[test]
fn jks_is_written_byte_for_byte_as_keytool_writes_it() {
    let mut count = 0;
    for recorded in stores() {
        let store = recorded.open();
        if store.format() == Format::Pkcs12 {
            continue;
        }
        // keytool wrote the order of the table from which it wrote; to put back what was last removed gives it again
        let mut again = KeyStore::new(store.format());
        let trusted = store
            .entries()
            .iter()
            .all(|entry| matches!(entry.kind, EntryKind::TrustedCertificate(_)));
        if trusted && recorded.name().starts_with("many") {
            let mut entries: Vec<&Entry> = store.entries().iter().collect();
            entries.sort_by_key(|entry| entry.alias.clone());
            for entry in entries {
                let EntryKind::TrustedCertificate(certificate) = &entry.kind else { continue };
                again
                    .trust(&Alias::new(&entry.alias), certificate, entry.created.unwrap())
                    .unwrap();
            }
            let written = again.write(Some(&recorded.password)).unwrap();
            assert_eq!(written, recorded.bytes, "{}", recorded.path.display());
            count += 1;
        }
    }
    assert!(count > 0 || std::env::var_os("SSLPOKE_TESTDATA").is_none());
}

#[test]
fn what_was_not_touched_keeps_its_bytes() {
    let root = some_certificate();
    for recorded in stores() {
        let (path, password) = (recorded.path.display(), &recorded.password);
        let before = recorded.open();
        let mut store = before.clone();
        let alias = Alias::new("added-by-a-test");
        store.trust(&alias, &root, Timestamp(1_795_348_800_000)).unwrap();
        let Ok(written) = store.write(Some(password)) else {
            assert!(recorded.name().contains("pbmac1"), "{path}");
            continue;
        };
        let mut read = KeyStore::read(&written, Some(password)).unwrap();
        // a store of secrets alone gets a part for certificates
        let had_one = before.entries().iter().any(|entry| first(entry).is_some());
        assert!(!had_one || read.protection() == before.protection(), "{path}");
        assert!(read.entries().iter().any(|entry| entry.alias == alias.as_str() && entry.trusted));
        assert!(read.remove(&alias).unwrap());
        let key = |entry: &Entry| entry.alias.clone();
        let mut left = read.entries().to_vec();
        let mut held = before.entries().to_vec();
        left.sort_by_key(key);
        held.sort_by_key(key);
        assert_eq!(left, held, "{path}");
    }
}

fn described(entry: &Entry) -> Value {
    let mut value = serde_json::json!({
        "alias": entry.alias,
        "isCert": matches!(entry.kind, EntryKind::TrustedCertificate(_)),
    });
    if let Some(Timestamp(milliseconds)) = entry.created {
        value["date"] = milliseconds.into();
    }
    if let Some(first) = first(entry) {
        value["cert"] = sha256(first).into();
    }
    if let EntryKind::PrivateKey(chain) = &entry.kind
        && !chain.is_empty()
    {
        value["chain"] = chain.iter().map(|held| sha256(held)).collect();
    }
    value
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|octet| format!("{octet:02x}")).collect()
}
