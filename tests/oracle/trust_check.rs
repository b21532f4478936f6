//! What `trust check` says of a root, beside what each JRE does with a server under it.

use std::fs;
use std::path::Path;
use std::process::Command;

use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};

use crate::jre::{FEATURES, Matrix, compile_sslpoke};
use crate::server::TlsServer;

/// A root: its name, what openssl makes its key of, its extensions, how long it is valid.
struct Root {
    name: &'static str,
    key: &'static [&'static str],
    extensions: Option<&'static str>,
    dates: [&'static str; 2],
}

const CA: Option<&str> = Some("basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n");
const NOW: [&str; 2] = ["20200101000000Z", "20490101000000Z"];
const RSA: &[&str] = &["RSA", "rsa_keygen_bits:2048"];
const P256: &[&str] = &["EC", "ec_paramgen_curve:P-256"];

const ROOTS: [Root; 15] = [
    root("rsa", RSA),
    root("rsa-1024", &["RSA", "rsa_keygen_bits:1024"]),
    root("rsa-1016", &["RSA", "rsa_keygen_bits:1016"]),
    root("rsa-512", &["RSA", "rsa_keygen_bits:512"]),
    root("pss-key", &["RSA-PSS", "rsa_keygen_bits:2048"]),
    root("p-384", &["EC", "ec_paramgen_curve:P-384"]),
    root("p-224", &["EC", "ec_paramgen_curve:P-224"]),
    root("secp256k1", &["EC", "ec_paramgen_curve:secp256k1"]),
    root("brainpool", &["EC", "ec_paramgen_curve:brainpoolP256r1"]),
    root("ed25519", &["ED25519"]),
    Root { name: "v1", extensions: None, ..root("v1", P256) },
    Root {
        extensions: Some("basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign\n"),
        ..root("no-sign", P256)
    },
    Root { extensions: Some("basicConstraints=critical,CA:FALSE\n"), ..root("no-ca", P256) },
    Root { dates: ["20100101000000Z", "20200101000000Z"], ..root("expired", P256) },
    Root { dates: ["20400101000000Z", "20490101000000Z"], ..root("future", P256) },
];

const fn root(name: &'static str, key: &'static [&'static str]) -> Root {
    Root { name, key, extensions: CA, dates: NOW }
}

#[test]
fn a_root_has_an_error_where_java_refuses_the_servers_under_it_and_only_there() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let folder = folder.path();
    compile_sslpoke(folder);
    let mut wrong = Vec::new();
    let mut refused = 0;
    for root in &ROOTS {
        let store = make(root, folder);
        let at = |file: &str| folder.join(file).to_str().unwrap().to_owned();
        let server = TlsServer::start(&["-cert", &at("leaf.pem"), "-key", &at("leaf.key")]);
        for feature in FEATURES {
            let output = matrix.sslpoke(feature, folder, &[("trustStore", &store)], server.port);
            let connects = output.stdout.starts_with(b"Successfully connected");
            refused += usize::from(!connects);
            let codes = codes(&store, &matrix.release(feature));
            let is_bad =
                codes.iter().any(|(code, severity)| severity == "error" || code == "leaf-pinned");
            if is_bad == connects {
                let told = String::from_utf8_lossy(&output.stderr).into_owned();
                wrong.push(format!("{} under {feature}: {codes:?}, Java: {told}", root.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused > 20, "only {refused} were refused");
}

/// Returns the codes that are found, with their severities.
fn codes(store: &str, release: &str) -> Vec<(String, String)> {
    let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["trust", "check", store, "--java", release, "--format", "json"])
        .env_remove("JAVA_HOME")
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: Option<&serde_json::Value>| value.unwrap().as_str().unwrap().to_owned();
    let findings = report.get("findings").unwrap().as_array().unwrap().iter();
    findings.map(|held| (text(held.get("code")), text(held.get("severity")))).collect()
}

/// Makes the root, a leaf under it, and a store with the root alone.
fn make(root: &Root, folder: &Path) -> String {
    let write = |file: &str, text: &str| fs::write(folder.join(file), text).unwrap();
    write("root.ext", root.extensions.unwrap_or_default());
    write("leaf.ext", "subjectAltName=DNS:localhost\n");
    let (algorithm, options) = root.key.split_first().unwrap();
    let mut key = vec!["genpkey", "-quiet", "-out", "root.key", "-algorithm", algorithm];
    options.iter().for_each(|option| key.extend(["-pkeyopt", option]));
    openssl(folder, &key);
    openssl(
        folder,
        &[
            "genpkey",
            "-quiet",
            "-out",
            "leaf.key",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ],
    );
    openssl(
        folder,
        &["req", "-new", "-key", "root.key", "-subj", "/CN=Odd Root", "-out", "root.csr"],
    );
    openssl(
        folder,
        &["req", "-new", "-key", "leaf.key", "-subj", "/CN=localhost", "-out", "leaf.csr"],
    );
    // `openssl ca` is what sets dates of the past and of the future.
    write("index.txt", "");
    write("index.txt.attr", "unique_subject = no\n");
    write("ca.cnf", CA_CONFIGURATION);
    let [from, until] = root.dates;
    let mut own =
        vec!["ca", "-batch", "-notext", "-config", "ca.cnf", "-selfsign", "-in", "root.csr"];
    own.extend(["-keyfile", "root.key", "-startdate", from, "-enddate", until, "-out", "root.pem"]);
    if root.extensions.is_some() {
        own.extend(["-extfile", "root.ext"]);
    }
    openssl(folder, &own);
    let mut leaf = vec!["x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key"];
    leaf.extend(["-days", "365", "-extfile", "leaf.ext", "-set_serial", "7", "-out", "leaf.pem"]);
    openssl(folder, &leaf);
    openssl(folder, &["x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der"]);
    let mut store = KeyStore::new(Format::Jks);
    let certificate = fs::read(folder.join("root.der")).unwrap().into();
    store.trust(&Alias::new(root.name), &certificate, Timestamp(1_700_000_000_000)).unwrap();
    let path = folder.join(format!("{}.jks", root.name));
    fs::write(&path, store.write(Some(&Password::new("changeit"))).unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}

const CA_CONFIGURATION: &str = "[ca]\ndefault_ca = c\n[c]\ndatabase = index.txt\nnew_certs_dir = .\n\
    default_md = default\nrand_serial = yes\npolicy = p\n[p]\ncommonName = supplied\n";

fn openssl(folder: &Path, words: &[&str]) {
    let output = Command::new("openssl").args(words).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}
