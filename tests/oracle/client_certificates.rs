//! Which client certificate SSLPoke shows under each JRE, and which we show: the server tells.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::jre::{FEATURES, Matrix, compile_sslpoke};
use crate::pki::Pki;
use crate::play::{play, seed_of_today};

/// Kinds of key, by what `keytool -genkeypair` of 17 takes: alias, arguments.
const KEYS: [(&str, &[&str]); 6] = [
    ("rsa", &["-keyalg", "RSA", "-keysize", "2048"]),
    ("p256", &["-keyalg", "EC", "-groupname", "secp256r1"]),
    ("p521", &["-keyalg", "EC", "-groupname", "secp521r1"]),
    ("dsa", &["-keyalg", "DSA", "-keysize", "2048"]),
    ("server", &["-keyalg", "RSA", "-keysize", "2048", "-ext", "EKU=serverAuth"]),
    ("expired", &["-keyalg", "RSA", "-keysize", "2048", "-startdate", "-20d", "-validity", "10"]),
];

/// Stores: name, type, the keys in it.
const STORES: [(&str, &str, &[&str]); 5] = [
    ("all.p12", "PKCS12", &["expired", "server", "rsa", "p256", "p521", "dsa"]),
    ("odd.jks", "JKS", &["server", "expired"]),
    ("rsa.jceks", "JCEKS", &["rsa"]),
    ("p521.jks", "JKS", &["p521"]),
    ("dsa.p12", "PKCS12", &["dsa"]),
];

/// What the server asks: options of `openssl s_server`.
const DEMANDS: [&[&str]; 7] = [
    &["-tls1_3"],
    &["-tls1_2"],
    &["-tls1_2", "-client_sigalgs", "RSA+SHA512:ECDSA+SHA256"],
    &["-tls1_2", "-client_sigalgs", "ECDSA+SHA384"],
    &["-tls1_2", "-client_sigalgs", "RSA+SHA1", "-cipher", "ALL:@SECLEVEL=0"],
    &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"],
    &["-tls1_3", "-client_sigalgs", "rsa_pss_rsae_sha384"],
];

/// Only one of so many is played a day: 1, 2 and 3 as `CLIENT_CERTIFICATES_SEED` play all of them.
const SHARE: usize = 3;

/// How many are played at once.
const THREADS: usize = 2;

#[test]
fn we_show_the_certificate_that_java_shows() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile_sslpoke(folder.path());
    let trust = pki.path("trust.jks");
    let root = pki.path("root.pem");
    matrix.keytool(
        17,
        &[
            "-importcert",
            "-noprompt",
            "-file",
            &root,
            "-keystore",
            &trust,
            "-storetype",
            "JKS",
            "-storepass",
            "changeit",
        ],
    );
    make_stores(&matrix, &pki);

    let stores = STORES.iter().flat_map(|(store, kind, _)| DEMANDS.map(|it| (*store, *kind, it)));
    let all =
        FEATURES.iter().flat_map(|feature| stores.clone().map(move |asked| (*feature, asked)));
    let seed = std::env::var("CLIENT_CERTIFICATES_SEED")
        .map_or_else(|_| seed_of_today(), |it| it.parse().unwrap());
    let some: Vec<_> = all.skip(seed % SHARE).step_by(SHARE).collect();
    let differences = play(THREADS, &some, |&(feature, (store, kind, demand))| {
        let release = matrix.release(feature);
        let properties = [
            format!("-Djavax.net.ssl.trustStore={trust}"),
            format!("-Djavax.net.ssl.keyStore={}", pki.path(store)),
            format!("-Djavax.net.ssl.keyStoreType={kind}"),
            "-Djavax.net.ssl.keyStorePassword=changeit".to_owned(),
        ];
        let java = told(&pki, demand, |port| {
            matrix.java(feature, &arguments(&properties, folder.path(), port))
        });
        let ours = told(&pki, demand, |port| {
            Command::new(env!("CARGO_BIN_EXE_sslpoke"))
                .args(["--java", &release])
                .args(arguments(&properties, folder.path(), port))
                .output()
                .unwrap()
        });
        let differ = java != ours;
        differ.then(|| format!("{store} {demand:?}, {release}\n  java {java:?}\n  ours {ours:?}"))
    });
    assert!(differences.is_empty(), "CLIENT_CERTIFICATES_SEED={seed}\n{differences}");
    eprintln!(
        "CLIENT_CERTIFICATES_SEED={seed}: {} handshakes of SSLPoke and of ours agree",
        some.len()
    );
}

fn arguments(properties: &[String], classes: &Path, port: u16) -> Vec<String> {
    let classes = classes.to_str().unwrap().to_owned();
    let rest = ["-cp".to_owned(), classes, "SSLPoke".to_owned(), "localhost".to_owned()];
    [properties, &rest, &[port.to_string()]].concat()
}

fn make_stores(matrix: &Matrix, pki: &Pki) {
    for (store, kind, aliases) in STORES {
        let path = pki.path(store);
        for alias in aliases {
            let (_, key) = KEYS.iter().find(|(held, _)| held == alias).unwrap();
            let name = format!("CN={alias}");
            let common = [
                "-genkeypair",
                "-keystore",
                &path,
                "-storetype",
                kind,
                "-storepass",
                "changeit",
                "-keypass",
                "changeit",
                "-alias",
                alias,
                "-dname",
                &name,
            ];
            matrix.keytool(17, &[&common[..], key].concat());
        }
    }
}

/// What must be equal: exit code, stdout, first line of stderr, and, where a handshake came about, who the server says
/// the client is and how it signed.
fn told(pki: &Pki, demand: &[&str], poke: impl FnOnce(u16) -> Output) -> Vec<String> {
    let (certificate, key) = (pki.path("good.pem"), pki.path("good.key"));
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut server = Command::new("openssl")
        .args(["s_server", "-4", "-naccept", "1", "-Verify", "1", "-accept", "0"])
        .args(["-cert", &certificate, "-key", &key, "-cert_chain", &pki.path("issuing.pem")])
        .args(demand)
        .stdin(Stdio::piped())
        .stdout(log.reopen().unwrap())
        .stderr(log.reopen().unwrap())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let port = loop {
        let log = std::fs::read_to_string(log.path()).unwrap();
        let address = log.lines().find_map(|line| line.strip_prefix("ACCEPT "));
        if let Some((_, port)) =
            address.and_then(|it| it.split_once(':')).filter(|_| log.ends_with('\n'))
        {
            break port.parse().unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(20), "the server did not start");
        std::thread::sleep(Duration::from_millis(10));
    };
    let output = poke(port);
    drop(server.stdin.take());
    let left = Instant::now();
    while server.try_wait().unwrap().is_none() && left.elapsed() < Duration::from_secs(3) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let _ended = server.kill();
    server.wait().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let first = text(&output.stderr).lines().next().unwrap_or_default().to_owned();
    let first = if first.starts_with("sslpoke: ") { String::new() } else { first };
    let mut told = vec![format!("{:?}", output.status.code()), text(&output.stdout), first];
    if output.status.success() {
        let log = std::fs::read_to_string(log.path()).unwrap();
        let wanted = ["depth=0", "Peer signing digest", "Peer signature type"];
        let line = |start: &str| log.lines().find(|line| line.starts_with(start));
        told.extend(wanted.into_iter().filter_map(line).map(str::to_owned));
    }
    told
}
