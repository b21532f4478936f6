//! Private keys out of stores that keytool made: the recorded kind and length of each.

use std::fs;
use std::path::{Path, PathBuf};

use java_keystore::{EntryKind, KeyError, KeyStore, Password};
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keystores")
}

/// The identifiers of `rsaEncryption` and `id-ecPublicKey`, as they stand in PKCS #8.
fn algorithm(pkcs8: &[u8]) -> &'static str {
    let holds = |part: &[u8]| pkcs8.windows(part.len()).any(|window| window == part);
    if holds(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]) {
        "RSA"
    } else if holds(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]) {
        "EC"
    } else {
        "?"
    }
}

#[test]
fn every_recorded_key_is_unsealed_as_java_does() {
    let mut unsealed = 0;
    for jdk in ["jdk8", "jdk17", "jdk25"] {
        for name in ["key.jks", "key.jceks", "key.p12", "legacy.p12", "many.jks"] {
            let file = fixtures().join(jdk).join(name);
            let (Ok(bytes), Ok(recorded)) =
                (fs::read(&file), fs::read_to_string(format!("{}.json", file.display())))
            else {
                continue;
            };
            let recorded: Value = serde_json::from_str(&recorded).unwrap();
            let password = Password::new("changeit");
            let store = KeyStore::read(&bytes, Some(&password)).unwrap();
            for entry in recorded["entries"].as_array().unwrap() {
                let (Some(alias), Some(key)) = (entry["alias"].as_str(), entry["key"].as_str())
                else {
                    continue;
                };
                let found = store.private_key(alias, &password).unwrap();
                let found = found.pkcs8();
                let found = found.secret_pkcs8_der();
                let told = format!("{}/PKCS#8/{}", algorithm(found), found.len());
                assert_eq!(told, key, "{jdk}/{name} {alias}");
                unsealed += 1;
                let wrong = store.private_key(alias, &Password::new("other")).unwrap_err();
                assert_eq!(wrong, KeyError::WrongPassword, "{jdk}/{name} {alias}");
            }
        }
    }
    assert!(unsealed >= 15, "{unsealed}");
}

#[test]
fn what_is_no_private_key_is_said_to_be_none() {
    let password = Password::new("changeit");
    for (name, alias) in [("key.jks", "root-ec"), ("key.p12", "root-ec"), ("key.jceks", "absent")] {
        let bytes = fs::read(fixtures().join("jdk17").join(name)).unwrap();
        let store = KeyStore::read(&bytes, Some(&password)).unwrap();
        assert_eq!(store.private_key(alias, &password).unwrap_err(), KeyError::NoKey, "{name}");
    }
}

#[test]
fn all_keys_are_unsealed_or_the_first_that_cannot_be_is_named() {
    let password = Password::new("changeit");
    for name in ["key.jks", "key.jceks", "key.p12"] {
        let bytes = fs::read(fixtures().join("jdk17").join(name)).unwrap();
        let store = KeyStore::read(&bytes, Some(&password)).unwrap();
        let keys = store.private_keys(&password).unwrap();
        let expected =
            store.entries().iter().filter(|entry| matches!(entry.kind, EntryKind::PrivateKey(_)));
        assert_eq!(keys.len(), expected.count(), "{name}");
        let (alias, error) = store.private_keys(&Password::new("other")).unwrap_err();
        assert_eq!(error, KeyError::WrongPassword, "{name}");
        assert!(keys.iter().any(|(entry, _)| entry.alias == alias), "{name}");
    }
}

#[test]
fn a_damaged_seal_is_an_error_and_no_panic() {
    let password = Password::new("changeit");
    for name in ["key.jks", "legacy.p12"] {
        let bytes = fs::read(fixtures().join("jdk17").join(name)).unwrap();
        for at in (0..bytes.len()).step_by(97) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            // Without password nothing is checked, so that the damage gets as far as the seal.
            let Ok(store) = KeyStore::read(&damaged, None) else { continue };
            for entry in store.entries() {
                let _any = store.private_key(&entry.alias, &password);
            }
        }
    }
}
