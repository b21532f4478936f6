//! Stores that real keytools wrote: what we list of them, and that JKS comes out byte for byte.

#![expect(clippy::unwrap_used, reason = "a failed test panics")]
#![expect(clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::path::{Path, PathBuf};

use java_keystore::{Alias, Entry, EntryKind, Format, KeyStore, Password, Timestamp};
use serde_json::Value;

/// The folders of stores with what Java lists of each in a `.json` beside it.
fn folders() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keystores");
    let mut folders = ["jdk8", "jdk17", "jdk25"].map(|jdk| own.join(jdk)).to_vec();
    match std::env::var_os("SSLPOKE_TESTDATA") {
        Some(data) => {
            let generated = Path::new(&data).join("keystores/generated");
            folders.extend(["jdk8", "jdk17", "jdk25"].map(|jdk| generated.join(jdk)));
        }
        None => {
            assert!(
                std::env::var_os("CI").is_none(),
                "SSLPOKE_TESTDATA is not set, and this is CI"
            );
            eprintln!("SSLPOKE_TESTDATA is not set: only the stores in fixtures/ are read");
        }
    }
    folders
}

/// The stores that Java read, with what it listed and their password.
fn stores() -> Vec<(PathBuf, Value, Password)> {
    let mut all = Vec::new();
    for folder in folders() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let listing = PathBuf::from(format!("{}.json", path.display()));
            if !listing.exists() || path.extension().is_some_and(|extension| extension == "json") {
                continue;
            }
            let listed: Value = serde_json::from_slice(&fs::read(listing).unwrap()).unwrap();
            if listed.get("size").is_none() {
                continue; // Java could not read it either
            }
            let is_unicode = path.file_name().unwrap().to_string_lossy().starts_with("unipass");
            let password = if is_unicode { "pässwörd€字" } else { "changeit" };
            all.push((path, listed, Password::new(password)));
        }
    }
    assert!(all.len() >= 10, "only {} stores", all.len());
    all
}

#[test]
fn every_store_lists_what_java_lists() {
    for (path, listed, password) in stores() {
        let bytes = fs::read(&path).unwrap();
        let store = KeyStore::read(&bytes, Some(&password))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(store.format().name(), listed["type"].as_str().unwrap(), "{}", path.display());
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
        assert_eq!(ours, java, "{}", path.display());
        let anchors = store.entries().iter().filter(|entry| entry.trusted).filter_map(first);
        let mut anchors: Vec<&[u8]> = anchors.collect();
        anchors.sort_unstable();
        anchors.dedup();
        assert_eq!(Value::from(anchors.len()), listed["trustAnchors"], "{}", path.display());
    }
}

#[test]
fn jks_is_written_byte_for_byte_as_keytool_writes_it() {
    let mut count = 0;
    for (path, _, password) in stores() {
        let bytes = fs::read(&path).unwrap();
        let store = KeyStore::read(&bytes, Some(&password)).unwrap();
        if store.format() == Format::Pkcs12 {
            continue;
        }
        // keytool wrote the order of the table from which it wrote; to put back what was last removed gives it again
        let mut again = KeyStore::new(store.format());
        let trusted = store
            .entries()
            .iter()
            .all(|entry| matches!(entry.kind, EntryKind::TrustedCertificate(_)));
        if trusted && path.file_name().unwrap().to_string_lossy().starts_with("many") {
            let mut entries: Vec<&Entry> = store.entries().iter().collect();
            entries.sort_by_key(|entry| entry.alias.clone());
            for entry in entries {
                let EntryKind::TrustedCertificate(certificate) = &entry.kind else { continue };
                again
                    .trust(&Alias::new(&entry.alias), certificate, entry.created.unwrap())
                    .unwrap();
            }
            assert_eq!(again.write(Some(&password)).unwrap(), bytes, "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 0 || std::env::var_os("SSLPOKE_TESTDATA").is_none());
}

#[test]
fn what_was_not_touched_keeps_its_bytes() {
    let root = some_certificate();
    for (path, _, password) in stores() {
        let bytes = fs::read(&path).unwrap();
        let before = KeyStore::read(&bytes, Some(&password)).unwrap();
        let mut store = before.clone();
        let alias = Alias::new("added-by-a-test");
        store.trust(&alias, &root, Timestamp(1_795_348_800_000)).unwrap();
        let Ok(written) = store.write(Some(&password)) else {
            assert!(path.display().to_string().contains("pbmac1"), "{}", path.display());
            continue;
        };
        let mut read = KeyStore::read(&written, Some(&password)).unwrap();
        // a store of secrets alone gets a part for certificates
        let had_one = before.entries().iter().any(|entry| first(entry).is_some());
        assert!(!had_one || read.protection() == before.protection(), "{}", path.display());
        assert!(read.entries().iter().any(|entry| entry.alias == alias.as_str() && entry.trusted));
        assert!(read.remove(&alias).unwrap());
        let key = |entry: &Entry| entry.alias.clone();
        let mut left = read.entries().to_vec();
        let mut held = before.entries().to_vec();
        left.sort_by_key(key);
        held.sort_by_key(key);
        assert_eq!(left, held, "{}", path.display());
    }
}

#[test]
fn mutated_stores_are_answered_without_panic() {
    let mut seed = 1_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap()
    };
    for (path, _, password) in stores() {
        let bytes = fs::read(&path).unwrap();
        if bytes.len() > 20_000 {
            continue;
        }
        for _ in 0..40 {
            let mut mutated = bytes.clone();
            for _ in 0..=random() % 3 {
                let at = random() % mutated.len();
                mutated[at] = u8::try_from(random() % 256).unwrap();
            }
            mutated.truncate(mutated.len() - random() % 3);
            let _ = KeyStore::read(&mutated, None);
        }
        let _ = KeyStore::read(bytes.get(..bytes.len() / 2).unwrap(), Some(&password));
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

fn first(entry: &Entry) -> Option<&[u8]> {
    match &entry.kind {
        EntryKind::TrustedCertificate(certificate) => Some(certificate),
        EntryKind::PrivateKey(chain) => chain.first().map(AsRef::as_ref),
        EntryKind::SecretKey => None,
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|octet| format!("{octet:02x}")).collect()
}

fn some_certificate() -> pki_types::CertificateDer<'static> {
    let password = Password::new("changeit");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keystores");
    let path = own.join("jdk17/one.jks");
    let store = KeyStore::read(&fs::read(path).unwrap(), Some(&password)).unwrap();
    first(&store.entries()[0]).unwrap().to_vec().into()
}
