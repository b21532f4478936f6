//! What is told of a connection beside the verdict, before real servers of `openssl s_server`.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::pki::Pki;
use crate::server::TlsServer;

/// Makes what all tests need: certificates, and a store that trusts the root.
fn stage() -> (tempfile::TempDir, Pki) {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::make(folder.path());
    let store = pki.path("trust.jks");
    let words = ["trust", "add", "--create", "--to", &store, &pki.path("root.pem")];
    assert!(Command::new(env!("CARGO_BIN_EXE_sslpoke")).args(words).status().unwrap().success());
    (folder, pki)
}

fn serve(pki: &Pki, leaf: &str, more: &[&str]) -> TlsServer {
    let (certificate, key) = (pki.path(&format!("{leaf}.pem")), pki.path(&format!("{leaf}.key")));
    let issuing = pki.path("issuing.pem");
    let options = ["-cert", &certificate, "-key", &key, "-cert_chain", &issuing];
    TlsServer::start(&[&options[..], more].concat())
}

/// Pokes under Java 17; returns standard output and standard error.
fn poke(port: u16, words: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["poke", "--java", "17", &format!("localhost:{port}")])
        .args(words)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn what_was_agreed_on_and_which_alerts_went_is_told() {
    let (_folder, pki) = stage();
    let staple = staple(&pki);
    let trusted = pki.path("trust.jks");
    let stranger = format!("{}/fixtures/keystores/jdk17/few.jks", env!("CARGO_MANIFEST_DIR"));
    let weak = "ALL:@SECLEVEL=0";
    for (leaf, options, store, expected) in [
        (
            "good",
            &["-tls1_3", "-groups", "P-384", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"][..],
            &trusted,
            json!({"protocol": "TLSv1.3", "cipher_suite": "TLS_CHACHA20_POLY1305_SHA256", "group": "secp384r1",
                "signature_scheme": "ecdsa_secp256r1_sha256", "ocsp_stapled": false, "engine": "rustls"}),
        ),
        (
            "rsa",
            &["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256", "-status_file", &staple],
            &trusted,
            json!({"protocol": "TLSv1.2", "cipher_suite": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "group": "x25519", "signature_scheme": "rsa_pss_rsae_sha256", "ocsp_stapled": true,
                "engine": "classic"}),
        ),
        (
            "good",
            &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"],
            &trusted,
            json!({"protocol": "TLSv1.2", "cipher_suite": "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
                "group": "x25519", "signature_scheme": "ecdsa_secp256r1_sha256", "ocsp_stapled": false,
                "engine": "classic"}),
        ),
        (
            "good",
            &["-tls1_3"],
            &stranger,
            json!({"ocsp_stapled": false, "engine": "rustls", "alert_sent": "certificate_unknown"}),
        ),
        (
            "good",
            &["-tls1_1", "-cipher", weak],
            &trusted,
            json!({"alert_received": "protocol_version"}),
        ),
        (
            "good",
            &["-tls1_3", "-Verify", "1"],
            &trusted,
            json!({"protocol": "TLSv1.3", "alert_received": "certificate_required"}),
        ),
    ] {
        let server = serve(&pki, leaf, options);
        let (told, error) = poke(server.port, &["--truststore", store, "--format", "json"]);
        let told: Value = serde_json::from_str(&told).unwrap();
        let connection = &told["connection"];
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&connection[field], value, "{options:?} {field}: {told:#} {error}");
        }
        check_way(&told, server.port);
    }
}

/// Every connection has a first address, which was taken, and took its time.
#[expect(clippy::indexing_slicing, reason = "a failed test panics")]
fn check_way(told: &Value, port: u16) {
    let (connection, address) = (&told["connection"], format!("127.0.0.1:{port}"));
    let addresses = told["target"]["addresses"].as_array().unwrap();
    assert_eq!(addresses.first(), Some(&json!(address)));
    assert_eq!(connection["address"], address);
    for stage in ["resolve", "connect", "handshake"] {
        assert!(connection["timings_ms"][stage].as_f64().unwrap() > 0.0, "{stage}: {told:#}");
    }
}

/// Makes an OCSP response; what it says is of no matter.
fn staple(pki: &Pki) -> String {
    let (index, response) = (pki.path("index"), pki.path("response.der"));
    fs::write(&index, "").unwrap();
    let (issuing, rsa, key) = (pki.path("issuing.pem"), pki.path("rsa.pem"), pki.path("rsa.key"));
    let words = ["ocsp", "-index", &index, "-CA", &issuing, "-issuer", &issuing, "-cert", &rsa];
    let signer = ["-rsigner", &rsa, "-rkey", &key, "-respout", &response];
    let made = Command::new("openssl").args(words).args(signer).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    response
}

#[test]
fn verbose_tells_the_same_in_words() {
    let (_folder, pki) = stage();
    let server = serve(&pki, "good", &["-tls1_3"]);
    let (out, error) = poke(server.port, &["-v", "--truststore", &pki.path("trust.jks")]);
    assert_eq!(out, "Successfully connected\n");
    for line in [
        &format!("sslpoke: address 127.0.0.1:{}", server.port),
        "sslpoke: TLSv1.3, TLS_AES_256_GCM_SHA384, x25519, signed by ecdsa_secp256r1_sha256 (rustls engine)",
        "sslpoke: no OCSP response stapled",
        "sslpoke: name ",
    ] {
        assert!(error.lines().any(|told| told.starts_with(line)), "{line}: {error}");
    }
}

#[test]
fn the_chain_is_saved_whether_it_is_trusted_or_not() {
    let (_folder, pki) = stage();
    let (server, file) = (serve(&pki, "good", &[]), pki.path("saved.pem"));
    let stranger = format!("{}/fixtures/keystores/jdk17/few.jks", env!("CARGO_MANIFEST_DIR"));
    for store in [pki.path("trust.jks"), stranger] {
        poke(server.port, &["--truststore", &store, "--save-chain", &file]);
        let saved = fs::read_to_string(&file).unwrap();
        fs::remove_file(&file).unwrap();
        for certificate in ["good.pem", "issuing.pem"] {
            let held = fs::read_to_string(pki.path(certificate)).unwrap();
            assert!(saved.contains(&held.replace("\r\n", "\n")), "{certificate}: {saved}");
        }
        assert!(
            saved.starts_with(&format!(
                "# localhost:{}, 1: O=Example Corp, CN=localhost",
                server.port
            ))
        );
    }
}

#[test]
fn a_chain_that_cannot_be_saved_is_told_of() {
    let (_folder, pki) = stage();
    let server = serve(&pki, "good", &[]);
    let missing = pki.path("missing/saved.pem");
    let save = ["--save-chain", &missing, "--truststore", &pki.path("trust.jks")];
    let poke = |port: u16| {
        let words = ["poke", "--java", "17", &format!("localhost:{port}")];
        Command::new(env!("CARGO_BIN_EXE_sslpoke")).args(words).args(save).output().unwrap()
    };
    let output = poke(server.port);
    assert_eq!(output.status.code(), Some(5));
    assert_eq!(output.stdout, b"Successfully connected\n");
    let output = poke(crate::plain::closed_port());
    assert_eq!(output.status.code(), Some(3));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("was not written: no certificates were seen"), "{error}");
}
