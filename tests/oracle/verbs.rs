//! What `trust convert`, `export` and `remove` write, read by every keytool and by openssl.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]

use std::fs;
use std::process::{Command, Output};

use crate::jre::{FEATURES, Matrix};
use crate::pki::Pki;

/// Returns the path of a store that keytool 17 made.
fn fixture(name: &str) -> String {
    format!("{}/fixtures/keystores/jdk17/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn sslpoke(words: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_sslpoke")).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Returns the SHA-256 of every certificate of a store, as keytool writes them.
fn fingerprints(store: &str) -> Vec<String> {
    let output = sslpoke(&["trust", "export", store, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let certificates = report["certificates"].as_array().unwrap().iter();
    certificates
        .map(|held| {
            let digits = held["sha256"].as_str().unwrap().as_bytes();
            let pairs: Vec<&str> =
                digits.chunks(2).map(|pair| std::str::from_utf8(pair).unwrap()).collect();
            pairs.join(":")
        })
        .collect()
}

#[test]
fn every_keytool_lists_what_we_convert() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    for from in ["few.jks", "unialias.p12"] {
        let from = fixture(from);
        let expected = fingerprints(&from);
        for (kind, store_type) in [
            ("jks", "JKS"),
            ("jceks", "JCEKS"),
            ("pkcs12", "PKCS12"),
            ("pkcs12-passwordless", "PKCS12"),
        ] {
            let out = folder.path().join(kind);
            let out = out.to_str().unwrap();
            sslpoke(&["trust", "convert", &from, out, "--to-type", kind, "--replace"]);
            for feature in FEATURES {
                let words = ["-list", "-v", "-keystore", out, "-storetype", store_type];
                let words = [&words[..], &["-storepass", "changeit"]].concat();
                let listed = matrix.keytool(feature, &words);
                for fingerprint in &expected {
                    assert!(
                        listed.contains(fingerprint),
                        "keytool{feature} does not list {fingerprint} of {from} as {kind}"
                    );
                }
            }
        }
    }
}

#[test]
fn keytools_and_openssl_read_what_we_export() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pem = folder.path().join("all.pem");
    let pem = pem.to_str().unwrap();
    for store in ["unialias.jks", "few.jks", "many.jks"] {
        let store = fixture(store);
        let expected = fingerprints(&store);
        sslpoke(&["trust", "export", &store, "--output", pem]);
        for feature in FEATURES {
            let printed = matrix.keytool(feature, &["-printcert", "-file", pem]);
            for fingerprint in &expected {
                assert!(
                    printed.contains(fingerprint),
                    "keytool{feature} does not print {fingerprint} of {store}"
                );
            }
        }
        let p7b = folder.path().join("all.p7b");
        let p7b = p7b.to_str().unwrap();
        openssl(&["crl2pkcs7", "-nocrl", "-certfile", pem, "-out", p7b]);
        let printed = openssl(&["pkcs7", "-print_certs", "-in", p7b]);
        assert_eq!(printed.matches("BEGIN CERTIFICATE").count(), expected.len(), "{store}");
    }
}

#[test]
fn every_keytool_lists_what_we_leave_of_a_store() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    for (name, store_type) in [
        ("few.jks", "JKS"),
        ("few.jceks", "JCEKS"),
        ("few.p12", "PKCS12"),
        ("nopass.p12", "PKCS12"),
    ] {
        let store = folder.path().join(name);
        fs::copy(fixture(name), &store).unwrap();
        let store = store.to_str().unwrap();
        let root = sslpoke(&["trust", "show", &fixture("few.jks"), "root", "--format", "json"]);
        let root: serde_json::Value = serde_json::from_slice(&root.stdout).unwrap();
        let root = root["entries"][0]["certificates"][0]["sha256"].as_str().unwrap();
        sslpoke(&["trust", "remove", store, root]);
        let expected = fingerprints(store);
        assert!(!expected.is_empty());
        for feature in FEATURES {
            let words = ["-list", "-v", "-keystore", store, "-storetype", store_type];
            let listed =
                matrix.keytool(feature, &[&words[..], &["-storepass", "changeit"]].concat());
            assert_eq!(listed.matches("SHA256:").count(), expected.len(), "{name} {feature}");
            for fingerprint in &expected {
                assert!(listed.contains(fingerprint), "keytool{feature}: {fingerprint} of {name}");
            }
        }
    }
}

/// S36: what an init container builds.
#[test]
fn every_keytool_lists_what_we_build() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    let (root, other) = (pki.path("root.pem"), pki.path("other-root.pem"));
    for (base, kind) in [("few.jks", None), ("nopass.p12", None), ("few.p12", Some("jks"))] {
        let (base, out) = (fixture(base), pki.path("built"));
        let mut words = vec!["trust", "build", "--base", &base, "--add", &root, "--add", &other];
        words.extend(["--out", &out]);
        kind.iter().for_each(|kind| words.extend(["--to-type", kind]));
        sslpoke(&words);
        let expected = fingerprints(&out);
        assert_eq!(expected.len(), fingerprints(&base).len() + 2);
        for feature in FEATURES {
            let words = ["-list", "-v", "-keystore", &out, "-storepass", "changeit"];
            let listed = matrix.keytool(feature, &words);
            for fingerprint in &expected {
                assert!(listed.contains(fingerprint), "keytool{feature}: {fingerprint} of {base}");
            }
        }
        fs::remove_file(&out).unwrap();
    }
}

fn openssl(words: &[&str]) -> String {
    let output = Command::new("openssl").args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
