//! `trust check`: every code provoked by a store at least once, and real stores that are fine.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a test says when it is skipped")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};
use pki_types::CertificateDer;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, KeyUsagePurpose};

/// Codes that need more than this file makes; each has a test of its own.
const ELSEWHERE: [&str; 2] = ["public-root-distrusted", "certificate-blocked"];

const OTHER: &str = "other";

/// A folder of stores and a Java installation in which nothing is told.
struct Stage(tempfile::TempDir);

impl Stage {
    fn new() -> Self {
        let stage = Self(tempfile::tempdir().unwrap());
        fs::set_permissions(stage.0.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all(stage.path("jvm/lib/security")).unwrap();
        fs::write(stage.path("jvm/release"), "JAVA_VERSION=\"17.0.15\"\n").unwrap();
        fs::write(stage.path("jvm/lib/security/java.security"), "").unwrap();
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a store of these entries.
    fn store(&self, name: &str, format: Format, password: &str, entries: &[Entry]) -> PathBuf {
        let mut store = KeyStore::new(format);
        for (alias, certificate) in entries {
            store.trust(&Alias::new(alias), certificate, Timestamp(1_700_000_000_000)).unwrap();
        }
        let path = self.path(name);
        fs::write(&path, store.write(Some(&Password::new(password))).unwrap()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        path
    }

    fn jks(&self, name: &str, entries: &[Entry]) -> PathBuf {
        self.store(name, Format::Jks, "changeit", entries)
    }

    fn check(&self, store: &Path, options: &[&str]) -> Output {
        let jvm = self.path("jvm");
        Command::new(env!("CARGO_BIN_EXE_sslpoke"))
            .args(["trust", "check", "--format", "json", store.to_str().unwrap()])
            .args(options)
            .env_clear()
            .env("JAVA_HOME", jvm)
            .env("OTHER", OTHER)
            .env("CHANGEIT", "changeit")
            .env("UNICODE", "pässwörd€字")
            .output()
            .unwrap()
    }

    fn codes(&self, store: &Path, options: &[&str]) -> (Vec<String>, Option<i32>) {
        let output = self.check(store, options);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.stdout.is_empty(), "{}: {told}", store.display());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let codes = findings.map(|held| held["code"].as_str().unwrap().to_owned()).collect();
        (codes, output.status.code())
    }
}

type Entry = (&'static str, CertificateDer<'static>);

/// How a certificate differs from a sound root.
#[derive(Default)]
struct Odd {
    is_leaf: bool,
    key_usages: Option<Vec<KeyUsagePurpose>>,
    years: Option<(i32, i32)>,
}

fn certificate(name: &str, odd: &Odd) -> CertificateDer<'static> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca =
        if odd.is_leaf { IsCa::ExplicitNoCa } else { IsCa::Ca(BasicConstraints::Unconstrained) };
    params.key_usages = odd.key_usages.clone().unwrap_or_default();
    let (from, until) = odd.years.unwrap_or((2020, 2049));
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()
}

fn intermediate() -> CertificateDer<'static> {
    let params = |name: &str| {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    };
    let (root, key) = (params("Root"), KeyPair::generate().unwrap());
    let issuer = rcgen::Issuer::from_params(&root, &key);
    params("Issuing CA").signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap().der().clone()
}

fn root(name: &str) -> CertificateDer<'static> {
    certificate(name, &Odd::default())
}

fn lasting(from: i32, until: i32) -> CertificateDer<'static> {
    certificate("Root", &Odd { years: Some((from, until)), ..Odd::default() })
}

/// Lets openssl make a self-signed certificate with a key that rcgen does not make.
fn by_openssl(folder: &Path, key: &[&str], extensions: bool) -> CertificateDer<'static> {
    let run = |words: &[&str]| {
        let output = Command::new("openssl").args(words).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&[&["genpkey", "-quiet", "-out", "k.pem"], key].concat());
    if extensions {
        let words = ["req", "-x509", "-new", "-key", "k.pem", "-sha256", "-subj", "/CN=Odd Root"];
        run(&[&words[..], &["-days", "3650", "-outform", "DER", "-out", "c.der"]].concat());
    } else {
        run(&["req", "-new", "-key", "k.pem", "-subj", "/CN=Odd Root", "-out", "r.pem"]);
        let words = ["x509", "-req", "-in", "r.pem", "-signkey", "k.pem", "-days", "3650"];
        run(&[&words[..], &["-outform", "DER", "-out", "c.der"]].concat());
    }
    fs::read(folder.join("c.der")).unwrap().into()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores").join(name)
}

/// Stores, what Java is told, and the codes that must be found: no more, no less, but notes about passwords.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn cases(stage: &Stage) -> Vec<(PathBuf, Vec<&'static str>, Vec<&'static str>)> {
    let folder = stage.0.path();
    let rsa = |bits: &'static str| ["-algorithm", "RSA", "-pkeyopt", bits];
    let curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"];
    let sound = root("Sound Root");
    let one = |name: &str, held: CertificateDer<'static>| stage.jks(name, &[("root", held)]);
    let signs_nothing = Odd { key_usages: Some(vec![KeyUsagePurpose::CrlSign]), ..Odd::default() };
    let leaf = Odd { is_leaf: true, ..Odd::default() };
    let odd = |name: &str| stage.copied(&format!("odd-{name}"), &odd_store(name));
    let made = |name: &str| stage.copied(&name.replace('/', "-"), &fixture(name));
    let jceks = stage.store("a.jceks", Format::Jceks, "changeit", &[("root", sound.clone())]);
    let capital = stage.capital("capital.jks", &sound);
    let mut cases = vec![
        (one("sound.jks", sound.clone()), vec![], vec![]),
        (one("junk.jks", vec![0x30, 0].into()), vec![], vec!["certificate-unreadable"]),
        (
            one("told.jks", sound.clone()),
            vec!["-Djavax.net.ssl.trustStoreType=X"],
            vec!["store-not-opened"],
        ),
        (jceks.clone(), vec![], vec!["type-mismatch"]),
        (jceks, vec!["-Djavax.net.ssl.trustStoreType=JCEKS"], vec![]),
        (
            one("8.jks", sound.clone()),
            vec!["--java", "8", "-Djavax.net.ssl.trustStoreType=PKCS12"],
            vec!["type-mismatch"],
        ),
        (one("17.jks", sound.clone()), vec!["-Djavax.net.ssl.trustStoreType=PKCS12"], vec![]),
        (made("jdk17/one.p12"), vec![], vec!["password-missing"]),
        (made("jdk17/one.p12"), vec!["--storepass-env", "CHANGEIT"], vec!["password-needed"]),
        (made("jdk17/one.p12"), vec!["-Djavax.net.ssl.trustStorePassword=changeit"], vec![]),
        (made("jdk17/nopass.p12"), vec![], vec![]),
        (
            made("jdk25/pbmac1.p12"),
            vec!["--storepass-env", "CHANGEIT"],
            vec!["store-too-new", "password-needed"],
        ),
        (
            made("jdk25/pbmac1.p12"),
            vec!["--java", "26", "-Djavax.net.ssl.trustStorePassword=changeit"],
            vec![],
        ),
        (
            made("jdk17/one.p12"),
            vec!["--java", "8u202", "-Djavax.net.ssl.trustStorePassword=changeit"],
            vec!["store-too-new"],
        ),
        (
            made("jdk17/legacy.p12"),
            vec!["--java", "8u202", "-Djavax.net.ssl.trustStorePassword=changeit"],
            vec![],
        ),
        (stage.jks("none.jks", &[]), vec![], vec!["no-anchors"]),
        (
            made("jdk25/unipass.p12"),
            vec!["--storepass-env", "UNICODE"],
            vec!["password-not-ascii", "password-needed", "password-other"],
        ),
        (capital, vec![], vec!["alias-not-found", "no-anchors", "password-other"]),
        (odd("p-nousage.p12"), vec![], vec!["no-anchors", "certificate-unseen"]),
        (
            one("usage.jks", certificate("R", &signs_nothing)),
            vec![],
            vec!["ca-without-key-cert-sign"],
        ),
        (
            one("512.jks", by_openssl(folder, &rsa("rsa_keygen_bits:512"), true)),
            vec![],
            vec!["key-refused"],
        ),
        (one("k1.jks", by_openssl(folder, &curve, true)), vec![], vec!["key-refused"]),
        (
            one("1024.jks", by_openssl(folder, &rsa("rsa_keygen_bits:1024"), true)),
            vec![],
            vec!["key-short"],
        ),
        (
            one("v1.jks", by_openssl(folder, &rsa("rsa_keygen_bits:2048"), false)),
            vec![],
            vec!["version-1-root"],
        ),
        (one("expired.jks", lasting(2010, 2020)), vec![], vec!["certificate-expired"]),
        (one("future.jks", lasting(2045, 2049)), vec![], vec!["certificate-not-yet-valid"]),
        (
            one("soon.jks", lasting(2020, 2027)),
            vec!["--at", "2026-12-24T00:00:00Z"],
            vec!["certificate-expires-soon"],
        ),
        (
            one("later.jks", lasting(2020, 2027)),
            vec!["--at", "2026-12-24T00:00:00Z", "--days", "7"],
            vec![],
        ),
        (one("leaf.jks", certificate("Leaf", &leaf)), vec![], vec!["leaf-pinned"]),
        (
            stage.jks("renewed.jks", &[("old", root("Same")), ("new", root("Same"))]),
            vec![],
            vec!["same-subject-other-key"],
        ),
        (
            stage.jks("twice.jks", &[("a", sound.clone()), ("b", sound.clone())]),
            vec![],
            vec!["certificate-twice"],
        ),
        (made("jdk17/key.jks"), vec![], vec!["private-key-inside"]),
        (
            stage.jks("vendors.jks", &[("old root [jdk]", lasting(2010, 2020))]),
            vec![],
            vec!["public-root-expired"],
        ),
        (
            stage.store("other.jks", Format::Jks, OTHER, &[("root", sound.clone())]),
            vec!["--storepass-env", "OTHER"],
            vec!["password-other"],
        ),
        (odd("dupalias.jks"), vec![], vec!["alias-displaced"]),
        (one("issuing.jks", intermediate()), vec![], vec!["intermediate-trusted"]),
        (odd("v1.jks"), vec![], vec!["store-version-1"]),
    ];
    cases.extend(placed(stage, &sound));
    cases
}

/// Stores that lie in a bad place.
fn placed(
    stage: &Stage,
    sound: &CertificateDer<'static>,
) -> Vec<(PathBuf, Vec<&'static str>, Vec<&'static str>)> {
    let held = [("root", sound.clone())];
    let with_mode = |name: &str, mode| {
        let store = stage.jks(name, &held);
        fs::set_permissions(&store, fs::Permissions::from_mode(mode)).unwrap();
        store
    };
    fs::create_dir(stage.path("both")).unwrap();
    fs::create_dir(stage.path("closed")).unwrap();
    let inside = stage.jks("closed/store.jks", &held);
    fs::set_permissions(stage.path("closed"), fs::Permissions::from_mode(0o700)).unwrap();
    vec![
        (stage.jks("both/cacerts", &held), vec![], vec!["cacerts-hidden"]),
        (stage.jks("both/jssecacerts", &held), vec![], vec!["cacerts-hiding"]),
        (with_mode("mine.jks", 0o600), vec![], vec!["file-not-for-all"]),
        (with_mode("mine.jks", 0o600), vec!["--user", "4000000"], vec!["file-unreadable-to-user"]),
        (with_mode("mine.jks", 0o600), vec!["--user", "root"], vec![]),
        (inside, vec!["--user", "4000000"], vec!["file-unreadable-to-user"]),
        (with_mode("all.jks", 0o666), vec![], vec!["file-writable-by-all"]),
    ]
}

fn odd_store(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores/odd").join(name)
}

impl Stage {
    fn copied(&self, name: &str, from: &Path) -> PathBuf {
        let to = self.path(name);
        fs::copy(from, &to).unwrap();
        fs::set_permissions(&to, fs::Permissions::from_mode(0o644)).unwrap();
        to
    }

    /// Writes a store whose only alias has a capital letter, as only other programs than keytool do.
    fn capital(&self, name: &str, certificate: &CertificateDer<'static>) -> PathBuf {
        let path = self.jks(name, &[("corporate", certificate.clone())]);
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.windows(9).position(|held| held == b"corporate").unwrap();
        bytes[at] = b'C';
        fs::write(&path, bytes).unwrap();
        path
    }
}

#[test]
fn every_code_is_provoked_by_a_store_and_sound_stores_are_left_alone() {
    let stage = Stage::new();
    let mut provoked = BTreeSet::new();
    let mut wrong = Vec::new();
    for (store, options, expected) in cases(&stage) {
        let (codes, exit) = stage.codes(&store, &options);
        let found: BTreeSet<&str> =
            codes.iter().map(String::as_str).filter(|code| *code != "password-usual").collect();
        provoked.extend(codes.clone());
        if found != expected.iter().copied().collect() {
            wrong.push(format!("{} {options:?}: {found:?}, not {expected:?}", store.display()));
        }
        let page = page();
        let is_bad =
            |code: &&str| page.iter().any(|(held, severity)| held == *code && severity != "note");
        let bad = found.iter().any(is_bad);
        if exit != Some(i32::from(bad)) {
            wrong.push(format!("{} {options:?}: ends with {exit:?}", store.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missing: Vec<String> = page()
        .into_iter()
        .map(|(code, _)| code)
        .filter(|code| !provoked.contains(code) && !ELSEWHERE.contains(&code.as_str()))
        .collect();
    assert!(missing.is_empty(), "no store provokes {missing:?}");
}

/// The codes of the page, each with its severity.
fn page() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let text = fs::read_to_string(page).unwrap();
    let text = text.split("\n## ").next().unwrap_or_default();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    rows.map(|(code, rest)| (code.to_owned(), rest.split(' ').next().unwrap().to_owned())).collect()
}

#[test]
fn a_certificate_on_the_block_list_of_the_runtime_is_told() {
    let stage = Stage::new();
    let blocked = root("Blocked Root");
    let sha256: String = ring::digest::digest(&ring::digest::SHA256, &blocked)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    let store = stage.jks("store.jks", &[("root", blocked)]);
    assert_eq!(stage.codes(&store, &[]).1, Some(0));
    let list = format!("Algorithm=SHA-256\n{sha256}\n");
    fs::write(stage.path("jvm/lib/security/blocked.certs"), list).unwrap();
    let (codes, exit) = stage.codes(&store, &[]);
    assert_eq!((codes[0].as_str(), exit), ("certificate-blocked", Some(1)));
}

#[test]
fn s08_s09_a_list_tells_encrypted_certificates_a_wrong_password_and_damage_apart() {
    let stage = Stage::new();
    let few = stage.copied("few.p12", &fixture("jdk17/few.p12"));
    let jks = stage.copied("few.jks", &fixture("jdk17/few.jks"));
    let cut = stage.path("cut.jks");
    let bytes = fs::read(&jks).unwrap();
    fs::write(&cut, bytes.split_at(700).0).unwrap();
    let changed = stage.path("changed.p12");
    let mut bytes = fs::read(&few).unwrap();
    let in_mac = bytes.len() - 31;
    bytes[in_mac] ^= 1;
    fs::write(&changed, bytes).unwrap();
    let (wrong, right) = (["--storepass-env", "OTHER"], ["--storepass-env", "CHANGEIT"]);
    for (store, options, says) in [
        (
            &few,
            &[][..],
            "holds 8 encrypted certificates (the usual password opens them), a password is needed",
        ),
        (
            &few,
            &wrong,
            "(integrity check failed) — file is well-formed PKCS12, its certificates encrypted",
        ),
        (
            &jks,
            &wrong,
            "password does not match (integrity check failed) — file is well-formed JKS v2, 8 entries",
        ),
        (&changed, &right, "changed after it was written"),
        (&cut, &[], "damaged at byte "),
        (&cut, &wrong, "damaged at byte "),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
            .args(["trust", "list", store.to_str().unwrap()])
            .args(options)
            .env("OTHER", OTHER)
            .env("CHANGEIT", "changeit")
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{told}");
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn what_is_no_store_ends_with_4_and_a_remedy() {
    let stage = Stage::new();
    let sound = stage.jks("sound.jks", &[("root", root("R"))]);
    let cut = stage.path("cut.jks");
    let bytes = fs::read(&sound).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    fs::write(stage.path("empty"), "").unwrap();
    fs::write(stage.path("pem"), "-----BEGIN CERTIFICATE-----\n").unwrap();
    fs::write(stage.path("html"), "<!DOCTYPE html><html>").unwrap();
    std::os::unix::fs::symlink("nowhere", stage.path("link")).unwrap();
    for (name, options, says) in [
        ("cut.jks", vec![], "damaged"),
        ("empty", vec![], "empty"),
        ("pem", vec![], "PEM"),
        ("html", vec![], "HTML"),
        ("link", vec![], "nowhere"),
        ("absent", vec![], "no such"),
        ("sound.jks", vec!["--storepass-env", "OTHER"], "password"),
    ] {
        let output = stage.check(&stage.path(name), &options);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{name}: {told}");
        assert!(told.to_lowercase().contains(&says.to_lowercase()), "{name}: {told}");
        assert!(output.stdout.is_empty());
    }
}

/// Real stores are fine: a check that cries wolf is switched off.
#[test]
fn real_cacerts_have_neither_errors_nor_warnings() {
    let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
        eprintln!("skipped: SSLPOKE_TESTDATA is not set");
        return;
    };
    let stage = Stage::new();
    let folder = Path::new(&data).join("keystores/corpus/cacerts");
    let mut provoked = BTreeSet::new();
    for release in ["8u504", "11.0.33", "17.0.19", "21.0.13", "25.0.5", "26.0.2"] {
        for store in fs::read_dir(&folder).unwrap() {
            let store = store.unwrap().path();
            let name = format!("real-{}", store.file_name().unwrap().to_str().unwrap());
            let store = stage.copied(&name, &store);
            let (codes, exit) = stage.codes(&store, &["--java", release]);
            assert_eq!(exit, Some(0), "{} with Java {release}: {codes:?}", store.display());
            provoked.extend(codes);
        }
    }
    assert!(provoked.contains("public-root-distrusted"), "{provoked:?}");
}
