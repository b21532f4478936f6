//! `judge --chain`: what helps, what is drawn, what releases differ in, and names that would like to steer the terminal.

use std::fs;
use std::path::Path;

use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use serde_json::Value;

use crate::stage::{sslpoke, stderr, stdout};

const AT: &str = "2026-06-01T00:00:00Z";

/// An authority, a file for its truststore, and files with chains.
pub(crate) struct Corp {
    folder: tempfile::TempDir,
    root: CertifiedIssuer<'static, KeyPair>,
    pub(crate) issuing: CertifiedIssuer<'static, KeyPair>,
}

pub(crate) fn params(name: &str, hosts: &[&str], last_year: i32) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = params(name, &[], 2040);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

impl Corp {
    pub(crate) fn new() -> Self {
        let key = || KeyPair::generate().unwrap();
        let root = CertifiedIssuer::self_signed(authority("Corp Root"), key()).unwrap();
        let issuing = CertifiedIssuer::signed_by(authority("Corp Issuing"), key(), &root).unwrap();
        let corp = Self { folder: tempfile::tempdir().unwrap(), root, issuing };
        corp.store("root.jks", &corp.root);
        corp
    }

    fn store(&self, name: &str, root: &CertifiedIssuer<'_, KeyPair>) {
        let mut store = KeyStore::new(Format::Jks);
        let alias = Alias::new("corp");
        store.trust(&alias, root.der(), Timestamp(0)).unwrap();
        let bytes = store.write(Some(&Password::new("changeit"))).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn leaf(&self, hosts: &[&str], last_year: i32) -> String {
        let key = KeyPair::generate().unwrap();
        params("leaf", hosts, last_year).signed_by(&key, &self.issuing).unwrap().pem()
    }

    /// Judges a file with these certificates, and returns the text.
    pub(crate) fn judge(&self, pems: &[&str], words: &[&str]) -> (i32, String) {
        let file = self.path("chain.pem");
        fs::write(Path::new(&file), pems.concat()).unwrap();
        let store = self.path("root.jks");
        let usual = ["judge", "--chain", &file, "--truststore", &store, "--at", AT];
        let output = sslpoke(&[&usual[..], words].concat());
        (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
    }
}

const HOST: &[&str] = &["--host", "a.example.com", "--java", "17.0.19"];

#[test]
fn what_alone_would_have_helped_is_said() {
    let corp = Corp::new();
    let (root, issuing) = (corp.root.pem(), corp.issuing.pem());
    let good = corp.leaf(&["a.example.com"], 2030);
    let expired = corp.leaf(&["a.example.com"], 2026);
    let other = corp.leaf(&["b.example.com", "elsewhere.test"], 2030);
    let key = KeyPair::generate().unwrap();
    let own = params("own", &["a.example.com"], 2030).self_signed(&key).unwrap().pem();
    let private = key.serialize_pem();
    for (chain, code, said) in [
        (&[&*good, &issuing][..], 0, "accept: Java 17.0.19 for a.example.com\n"),
        (&[&good, &issuing, &root], 0, "certificate 3, also in the truststore"),
        (&[&good, &private, &issuing], 0, "the file holds more than certificates: a private key"),
        (&[&good], 1, "CN=Corp Issuing  ✗ missing"),
        (&[&good], 1, "the issuer is neither in the file nor in "),
        (&[&issuing, &good], 1, "the server's certificate is number 2 of the file"),
        (&[&expired, &issuing], 1, "CN=leaf expired 151 days ago, on 2026-01-01"),
        (&[&other, &issuing], 1, "the nearest of its 2 names is b.example.com"),
        (&[&own], 1, "the certificate is self-signed, and not in "),
        (&[&own], 1, " --pin"),
        (&["\n"], 4, "the file is empty"),
    ] {
        let (status, text) = corp.judge(chain, HOST);
        assert_eq!(status, code, "{said}: {text}");
        assert!(text.contains(said), "{said}: {text}");
        assert!(!text.contains('\u{1b}'), "colours in a pipe: {text}");
    }
}

#[test]
fn releases_that_differ_are_grouped_and_the_rule_is_named() {
    let corp = Corp::new();
    let leaf = corp.leaf(&["a.*.com"], 2030);
    let words = ["--host", "a.example.com", "--java", "all"];
    let (status, text) = corp.judge(&[&leaf, &corp.issuing.pem()], &words);
    assert_eq!(status, 1, "{text}");
    for said in [
        "accept: Java 8u504, 11.0.33, 17.0.15 for a.example.com\n",
        "reject: Java 21.0.13, 25.0.5, 26.0.2 for a.example.com: host-name-mismatch\n",
        "17.0.15 and 21.0.13 differ: `*` may stand in any label",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let (_, json) =
        corp.judge(&[&leaf, &corp.issuing.pem()], &[&words[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(json["verdict"], "differs");
    assert_eq!(json["verdicts"].as_array().unwrap().len(), 12);
    assert_eq!(json["differences"][0]["switch"], "wildcard_in_any_label");
}

#[test]
fn names_do_not_steer_the_terminal_nor_fill_it() {
    let corp = Corp::new();
    let name = format!("\u{1b}[2J\u{202e}\n{}", "x".repeat(20_000));
    let key = KeyPair::generate().unwrap();
    let leaf = params(&name, &["a.example.com"], 2030).signed_by(&key, &corp.issuing).unwrap();
    let (status, text) = corp.judge(&[&leaf.pem()], HOST);
    assert_eq!(status, 1);
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    assert!(text.len() < 6_000 && text.lines().count() < 24, "{}", text.len());
}

#[test]
fn a_runtimes_own_files_decide() {
    let corp = Corp::new();
    let chain = corp.path("chain.pem");
    fs::write(&chain, corp.leaf(&["host.corp"], 2040) + &corp.issuing.pem()).unwrap();
    let home = corp.path("java");
    let write = |name: &str, bytes: &[u8]| {
        let file = Path::new(&home).join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    };
    let other = CertifiedIssuer::self_signed(authority("Other"), KeyPair::generate().unwrap());
    corp.store("other.jks", &other.unwrap());
    let judged = |release: &str, security: &str, blocked: &str, store: &str| -> Value {
        write("release", format!("JAVA_VERSION=\"{release}\"\n").as_bytes());
        write("conf/security/java.security", security.as_bytes());
        write("lib/security/blocked.certs", format!("Algorithm=SHA-256\n{blocked}\n").as_bytes());
        write("lib/security/cacerts", &fs::read(corp.path(store)).unwrap());
        let words = ["judge", "--chain", &chain, "--host", "host.corp", "--at", AT];
        let output = sslpoke(&[&words[..], &["--java-home", &home, "--format", "json"]].concat());
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    let plain = judged("25.0.5", "", "", "root.jks");
    assert_eq!(plain["verdict"], "accept", "{plain:#}");
    let issuing = plain["chain"][1]["sha256"].as_str().unwrap();
    for (release, security, blocked, store, said) in [
        ("25.0.5", "", issuing, "root.jks", "Untrusted certificate: CN=Corp Issuing"),
        ("25.0.5", "", "", "other.jks", "(certificate_unknown) PKIX path building failed"),
        ("17.0.15", "", "", "other.jks", "PKIX path building failed"),
        ("25.0.5", DISABLED, "", "root.jks", "disabled algorithm: EC"),
    ] {
        let report = judged(release, security, blocked, store);
        assert_eq!(report["runtime"]["release"], release, "{report:#}");
        let message = report["exception"][0]["message"].as_str().unwrap();
        assert!(message.contains(said), "{report:#}");
        assert_eq!(message.starts_with('('), release == "25.0.5", "{report:#}");
    }
}

/// A `java.security` that lets nobody sign by an elliptic curve.
const DISABLED: &str = "jdk.certpath.disabledAlgorithms=EC\n";
