//! The `ClientHello` of SSLPoke under each JRE, and ours in its place: the same offer, whatever properties and
//! `java.security` say.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread::{self, JoinHandle};

use crate::jre::{FEATURES, Matrix, compile_sslpoke};

/// A situation: system properties, and what is put into a file for `java.security.properties`.
const SITUATIONS: [(&[&str], &str); 9] = [
    (&[], ""),
    (&["jdk.tls.client.protocols=TLSv1.2"], ""),
    (&["jdk.tls.namedGroups=secp384r1, x25519,bogus"], ""),
    (
        &[
            "jdk.tls.client.cipherSuites=TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        ],
        "",
    ),
    (&["jdk.tls.client.SignatureSchemes=rsa_pss_rsae_sha256,ecdsa_secp256r1_sha256"], ""),
    (&["com.sun.net.ssl.enableECC=false"], "jdk.tls.disabledAlgorithms=DH keySize < 3072"),
    (&[], "jdk.tls.disabledAlgorithms=SSLv3, TLSv1, TLSv1.1, TLS_RSA_*, secp256r1, SHA1, ECDH"),
    (&[], "jdk.certpath.disabledAlgorithms=MD5, SHA1, EC keySize < 384"),
    (&["jdk.tls.namedGroups=bogus"], ""),
];

#[test]
fn the_hello_is_javas_under_every_java() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    compile_sslpoke(folder.path());
    let mut differences = Vec::new();
    for feature in FEATURES {
        let release = matrix.release(feature);
        for (properties, security) in SITUATIONS {
            let arguments = arguments(properties, security, folder.path());
            let java =
                hello(|target| drop(matrix.java(feature, &[&arguments[..], target].concat())));
            let ours = hello(|target| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_sslpoke"));
                drop(command.args(["--java", &release]).args(&arguments).args(target).output());
            });
            if java != ours {
                differences
                    .push(format!("{release} {arguments:?}\n  java {java:?}\n  ours {ours:?}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn arguments(properties: &[&str], security: &str, folder: &Path) -> Vec<String> {
    let mut arguments: Vec<String> =
        properties.iter().map(|property| format!("-D{property}")).collect();
    if !security.is_empty() {
        let file = folder.join("extra.security");
        fs::write(&file, security).unwrap();
        arguments.push(format!("-Djava.security.properties={}", file.display()));
    }
    arguments.extend(["-cp".to_owned(), folder.to_str().unwrap().to_owned(), "SSLPoke".to_owned()]);
    arguments
}

/// What a hello offers: versions, suites, groups, key shares, signature schemes.
type Offered = [Vec<u16>; 5];

/// Runs a program against a listener; returns what it offers, if it says hello.
fn hello(run: impl FnOnce(&[String])) -> Option<Offered> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard: JoinHandle<Vec<u8>> = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut header = [0; 5];
        if stream.read_exact(&mut header).is_err() || header[0] != 22 {
            return Vec::new();
        }
        let mut hello = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
        stream.read_exact(&mut hello).unwrap();
        hello
    });
    run(&["127.0.0.1".to_owned(), port.to_string()]);
    // who never connects leaves the listener waiting
    let _ = std::net::TcpStream::connect(("127.0.0.1", port));
    let hello = heard.join().unwrap();
    (!hello.is_empty()).then(|| offered(&hello))
}

fn offered(hello: &[u8]) -> Offered {
    // header, version and random value
    let (_, mut rest) = hello.split_at(4 + 2 + 32);
    let _session = vector(&mut rest, 1);
    let mut offered = Offered::default();
    // `renegotiation_info` is told by a number or by an extension
    offered[1] = numbers(vector(&mut rest, 2)).into_iter().filter(|code| *code != 0x00ff).collect();
    let _compression = vector(&mut rest, 1);
    let mut extensions = vector(&mut rest, 2);
    while !extensions.is_empty() {
        let kind = number(&mut extensions);
        let mut value = vector(&mut extensions, 2);
        match kind {
            // SSL 3, which 8 offers where nothing disables it, is not offered by us
            43 => {
                let versions = numbers(vector(&mut value, 1)).into_iter();
                offered[0] = versions.filter(|version| *version != 0x0300).collect();
            }
            10 => offered[2] = numbers(vector(&mut value, 2)),
            13 => offered[4] = numbers(vector(&mut value, 2)),
            51 => {
                let mut shares = vector(&mut value, 2);
                while !shares.is_empty() {
                    offered[3].push(number(&mut shares));
                    vector(&mut shares, 2);
                }
            }
            _ => {}
        }
    }
    offered
}

/// Takes a field behind its length.
fn vector<'a>(rest: &mut &'a [u8], width: usize) -> &'a [u8] {
    let (length, tail) = rest.split_at(width);
    let length = length.iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
    let (field, tail) = tail.split_at(length);
    *rest = tail;
    field
}

fn number(rest: &mut &[u8]) -> u16 {
    let (octets, tail) = rest.split_first_chunk().unwrap();
    *rest = tail;
    u16::from_be_bytes(*octets)
}

fn numbers(mut list: &[u8]) -> Vec<u16> {
    std::iter::from_fn(|| (!list.is_empty()).then(|| number(&mut list))).collect()
}
