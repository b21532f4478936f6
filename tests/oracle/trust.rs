//! What `trust add` writes, read by every keytool and trusted by every JRE.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::jre::{FEATURES, Matrix, compile_sslpoke};
use crate::pki::Pki;
use crate::server::TlsServer;

/// Makes a store with one unrelated root in it: name, which keytool, what it is told.
const STORES: [(&str, u16, &[&str]); 6] = [
    ("by8.jks", 8, &["-storetype", "JKS"]),
    ("by17.jks", 17, &["-storetype", "JKS"]),
    ("by8.p12", 8, &["-storetype", "PKCS12"]),
    ("by17.p12", 17, &["-storetype", "PKCS12"]),
    ("by25.p12", 25, &["-storetype", "PKCS12"]),
    (
        "password-less.p12",
        17,
        &[
            "-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE",
            "-J-Dkeystore.pkcs12.macAlgorithm=NONE",
            "-storetype",
            "PKCS12",
        ],
    ),
];

#[test]
fn every_java_reads_and_trusts_what_we_add() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile_sslpoke(folder.path());
    let server = TlsServer::with_leaf(&pki, "good");
    let other = pki.path("other-root.pem");
    for (name, keytool, kind) in STORES {
        let store = pki.path(name);
        let mut arguments = vec!["-importcert", "-noprompt", "-alias", "other", "-file", &other];
        arguments.extend(["-keystore", &store, "-storepass", "changeit"]);
        arguments.extend(kind);
        matrix.keytool(keytool, &arguments);
        add_and_check(&matrix, &pki, &store, folder.path(), server.port);
    }
    let cacerts = pki.path("cacerts");
    fs::copy("/etc/ssl/certs/java/cacerts", &cacerts).unwrap();
    add_and_check(&matrix, &pki, &cacerts, folder.path(), server.port);
}

fn add_and_check(matrix: &Matrix, pki: &Pki, store: &str, classes: &Path, port: u16) {
    let root = pki.path("root.pem");
    // What is said to be accepted is, below, by every JRE.
    add(&root, store, &["--for", &format!("localhost:{port}"), "--java", "all"]);
    let written = fs::read(store).unwrap();
    let fingerprint = fingerprint(&root);
    for feature in FEATURES {
        let listed =
            matrix.keytool(feature, &["-list", "-v", "-keystore", store, "-storepass", "changeit"]);
        assert!(listed.contains(&fingerprint), "keytool{feature} does not list it in {store}");
        let properties = [("trustStore", store), ("trustStorePassword", "changeit")];
        let output = matrix.sslpoke(feature, classes, &properties, port);
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "Successfully connected\n",
            "java{feature} does not trust it in {store}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    add(&root, store, &[]);
    assert_eq!(fs::read(store).unwrap(), written, "{store} changed when nothing was to be added");
}

fn add(root: &str, store: &str, more: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["trust", "add", root, "--to", store, "--storepass-env", "STOREPASS"])
        .args(more)
        .env("STOREPASS", "changeit")
        .output()
        .unwrap();
    assert!(output.status.success(), "{store}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Returns the certificate's SHA-256 as keytool writes it.
fn fingerprint(file: &str) -> String {
    let output = Command::new("openssl")
        .args(["x509", "-noout", "-fingerprint", "-sha256", "-in", file])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    told.trim().split_once('=').unwrap().1.to_owned()
}
