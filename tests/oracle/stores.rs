//! Stores of every shape that six keytools write: one root added, and removed again. Nothing else changes by a byte, and
//! every JRE that read a store reads and trusts what we made of it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use java_keystore::{Alias, Entry, EntryKind, Format, KeyStore, Password, Timestamp};
use pki_types::CertificateDer;
use pki_types::pem::PemObject;

use crate::jre::{FEATURES, Matrix, Question, compile, compile_sslpoke, question};
use crate::pki::Pki;
use crate::server::TlsServer;

/// Stores that we do not read or do not write anew, with the reason; the test fails when one is no longer true.
const REFUSED: [(&str, &str); 2] = [
    ("jdk8/pbmac1.p12", "keytool 8 put an algorithm into it that no Java knows"),
    ("jdk17/pbmac1.p12", "keytool 17 put an algorithm into it that no Java knows"),
];

/// Stores that Java reads since 25 only, with the reason.
const READ_SINCE_25: [(&str, &str); 2] = [
    ("unipass.p12", "a password of PKCS12 had to be ASCII"),
    ("pbmac1.p12", "the MAC of RFC 9579 was unknown"),
];

/// What a fresh store holds, told to keytool in steps.
const ONE: &[Step] = &[Step::Root];
const KEY: &[Step] = &[Step::ImportKey, Step::Root, Step::KeyPair];
const SECRET: &[Step] = &[Step::SecretKey, Step::Root];

/// The fresh stores: name, type, properties, steps.
const FRESH: [(&str, &str, &str, &[Step]); 14] = [
    ("one.jks", "JKS", "", ONE),
    ("key.jks", "JKS", "", KEY),
    ("one.jceks", "JCEKS", "", ONE),
    ("key.jceks", "JCEKS", "", KEY),
    ("secret.jceks", "JCEKS", "", SECRET),
    ("one.p12", "PKCS12", "", ONE),
    ("key.p12", "PKCS12", "", KEY),
    ("secret.p12", "PKCS12", "", SECRET),
    ("only-secret.p12", "PKCS12", "", &[Step::SecretKey]),
    ("nopass.p12", "PKCS12", "certProtectionAlgorithm=NONE,macAlgorithm=NONE", ONE),
    ("enc-nomac.p12", "PKCS12", "macAlgorithm=NONE", ONE),
    ("plain-mac.p12", "PKCS12", "certProtectionAlgorithm=NONE", KEY),
    ("legacy.p12", "PKCS12", "legacy=true", KEY),
    ("aes128.p12", "PKCS12", "certProtectionAlgorithm=PBEWithHmacSHA512AndAES_128", ONE),
];

#[derive(Clone, Copy)]
enum Step {
    /// Trusts a root that is not the one we add.
    Root,
    /// Takes a private key with a chain of three from another store.
    ImportKey,
    /// Makes a private key.
    KeyPair,
    /// Makes a secret key.
    SecretKey,
}

/// A store, and what we made of it.
struct Store {
    path: PathBuf,
    password: &'static str,
}

impl Store {
    fn named(path: PathBuf) -> Self {
        let is_unicode = path.file_name().unwrap().to_string_lossy().starts_with("unipass");
        Self { path, password: if is_unicode { "pässwörd€字" } else { "changeit" } }
    }

    fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }

    /// The store as we changed it.
    fn changed(&self, how: &str) -> String {
        format!("{}.{how}", self.path())
    }

    /// How a JRE is told to open it: no type is named unless it must be.
    fn kind(&self) -> &'static str {
        if self.path().ends_with("jceks") { "JCEKS" } else { "default" }
    }

    /// Adds the root and removes it again; returns whether the store can be changed.
    fn change(&self, root: &CertificateDer<'static>) -> bool {
        let changed = self.try_change(root);
        if let Some((_, reason)) = REFUSED.iter().find(|(name, _)| self.path().ends_with(name)) {
            assert!(changed.is_err(), "{}: no longer true: {reason}", self.path());
            return false;
        }
        assert!(changed.is_ok(), "{}: {}", self.path(), changed.unwrap_err());
        true
    }

    fn try_change(&self, root: &CertificateDer<'static>) -> Result<(), Box<dyn Error>> {
        let password = Password::new(self.password);
        let mut store = KeyStore::read(&fs::read(&self.path)?, Some(&password))?;
        let protection = store.protection();
        let is_secret = |entry: &Entry| entry.kind == EntryKind::SecretKey;
        let has_certificates = !store.entries().iter().all(is_secret);
        let alias = Alias::new(ADDED);
        store.trust(&alias, root, Timestamp(1_795_348_800_000))?;
        let written = store.write(Some(&password))?;
        fs::write(self.changed("added"), &written)?;
        let mut store = KeyStore::read(&written, Some(&password))?;
        // a store of secrets alone gets a part for certificates
        assert!(!has_certificates || store.protection() == protection, "{}", self.path());
        assert!(store.remove(&alias)?, "{}", self.path());
        fs::write(self.changed("removed"), store.write(Some(&password))?)?;
        Ok(())
    }
}

const ADDED: &str = "Added By Us";

#[test]
fn one_root_comes_and_goes_and_every_java_sees_nothing_else() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile(folder.path(), "StoreOracle");
    let mut stores = recorded(folder.path());
    for feature in [11, 21, 26] {
        stores.extend(fresh(&matrix, feature, &pki, folder.path()));
    }
    let root = CertificateDer::from_pem_file(pki.path("root.pem")).unwrap().into_owned();
    stores.retain(|store| store.change(&root));
    check_parts(&matrix, folder.path(), &stores);
    let checks = |features: &[u16]| {
        features
            .iter()
            .for_each(|feature| check_listings(&matrix, *feature, &pki, folder.path(), &stores));
    };
    thread::scope(|scope| {
        let (some, others) = FEATURES.split_at(3);
        scope.spawn(|| checks(some));
        checks(others);
    });
    eprintln!("{} stores in {} runtimes", stores.len(), FEATURES.len());
}

/// Copies the stores that were recorded from keytool 8, 17 and 25: all of them, or else the smaller ones of `fixtures`.
fn recorded(folder: &Path) -> Vec<Store> {
    let from = match std::env::var_os("SSLPOKE_TESTDATA") {
        Some(all) => Path::new(&all).join("keystores/generated"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores"),
    };
    let mut stores = Vec::new();
    for jdk in ["jdk8", "jdk17", "jdk25"] {
        fs::create_dir(folder.join(jdk)).unwrap();
        for entry in fs::read_dir(from.join(jdk)).unwrap() {
            let path = entry.unwrap().path();
            let is_store = path.extension().is_some_and(|extension| {
                ["jks", "jceks", "p12"].iter().any(|kind| extension == *kind)
            });
            if is_store {
                let copy = folder.join(jdk).join(path.file_name().unwrap());
                fs::copy(&path, &copy).unwrap();
                stores.push(Store::named(copy));
            }
        }
    }
    assert!(stores.len() >= 75, "only {} stores", stores.len());
    stores
}

/// Makes the fresh stores with the keytool of `feature`, all in one JVM.
fn fresh(matrix: &Matrix, feature: u16, pki: &Pki, folder: &Path) -> Vec<Store> {
    let own = folder.join(format!("fresh{feature}"));
    fs::create_dir(&own).unwrap();
    let (mut stores, mut questions) = (Vec::new(), Vec::new());
    for (name, kind, properties, steps) in FRESH {
        let path = own.join(name);
        for step in steps {
            let properties: Vec<String> = properties
                .split(',')
                .filter(|property| !property.is_empty())
                .map(|property| format!("keystore.pkcs12.{property}"))
                .collect();
            let mut asked = question(&["keytool", &properties.join(",")]);
            asked.extend(step.arguments(path.to_str().unwrap(), kind, pki, folder));
            questions.push(asked);
        }
        stores.push(Store::named(path));
    }
    for (asked, answer) in questions.iter().zip(matrix.ask(feature, folder, &questions)) {
        assert_eq!(answer, ["done"], "keytool{feature} {asked:?}");
    }
    stores
}

impl Step {
    fn arguments(self, store: &str, kind: &str, pki: &Pki, folder: &Path) -> Question {
        let place = ["-keystore", store, "-storetype", kind, "-storepass", "changeit"];
        let with = |words: &[&str]| question(&[words, &place].concat());
        match self {
            Self::Root => {
                let other = pki.path("other-root.pem");
                with(&["-importcert", "-noprompt", "-alias", "Other-Root", "-file", &other])
            }
            Self::ImportKey => {
                let source = folder.join("jdk8/key.p12");
                let words = ["-importkeystore", "-noprompt", "-srcalias", "server", "-destalias"];
                let from = ["-srcstorepass", "changeit", "-srckeystore", source.to_str().unwrap()];
                let to = ["-destkeystore", store, "-deststoretype", kind, "-deststorepass"];
                question(&[&words[..], &["Server"], &from, &to, &["changeit"]].concat())
            }
            Self::KeyPair => with(&[
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "pair",
                "-dname",
                "CN=Pair",
                "-keypass",
                "changeit",
            ]),
            Self::SecretKey => with(&[
                "-genseckey",
                "-keyalg",
                "AES",
                "-keysize",
                "256",
                "-alias",
                "Aes-Key",
                "-keypass",
                "changeit",
            ]),
        }
    }
}

/// Checks that each entry or bag is still in the file, byte for byte, and that keys still open.
fn check_parts(matrix: &Matrix, classes: &Path, stores: &[Store]) {
    let mut questions = Vec::new();
    for store in stores {
        for path in [store.path(), &store.changed("added"), &store.changed("removed")] {
            questions.push(question(&["parts", path, store.password]));
        }
        for path in [store.path(), &store.changed("added")] {
            questions.push(question(&["keys", path, store.kind(), store.password]));
        }
    }
    // 25 opens whatever the others wrote
    let answers = matrix.ask(25, classes, &questions);
    let mut opened = 0;
    for (store, answer) in stores.iter().zip(answers.chunks(5)) {
        let [found, added, removed, keys, kept_keys] = answer else { unreachable!() };
        assert!(!found.iter().any(|line| line.starts_with("EXC")), "{}: {found:?}", store.path());
        let is_jks = !store.path().ends_with("p12");
        // JKS stands in the order of a hash table
        let ordered = |lines: &[String]| {
            let mut lines = lines.to_vec();
            if is_jks {
                lines.sort();
            }
            lines
        };
        assert_eq!(ordered(removed), ordered(found), "{}", store.path());
        let mut without = added.clone();
        let new: Vec<String> = without.extract_if(.., |line| !found.contains(line)).collect();
        assert_eq!((new.len(), ordered(&without)), (1, ordered(found)), "{}", store.path());
        assert_eq!(kept_keys, keys, "{}", store.path());
        opened += usize::from(keys.first().is_some_and(|line| !line.starts_with("EXC")));
    }
    assert!(opened >= 20, "only {opened} stores with keys");
}

/// Checks that a runtime that lists a store lists the changed ones and trusts the root in them.
fn check_listings(matrix: &Matrix, feature: u16, pki: &Pki, classes: &Path, stores: &[Store]) {
    let (leaf, issuing) = (pki.path("good.pem"), pki.path("issuing.pem"));
    let mut questions = Vec::new();
    for store in stores {
        for path in [store.path(), &store.changed("added"), &store.changed("removed")] {
            questions.push(question(&[
                "list",
                path,
                store.kind(),
                store.password,
                &leaf,
                &issuing,
            ]));
        }
    }
    let answers = matrix.ask(feature, classes, &questions);
    let new = format!("{}\tT\t{}", ADDED.to_lowercase(), sha256(&pki.path("root.pem")));
    let mut read = 0;
    for (store, answer) in stores.iter().zip(answers.chunks(3)) {
        let [found, added, removed] = answer else { unreachable!() };
        let place = format!("java{feature}, {}", store.path());
        if found.iter().any(|line| line.starts_with("EXC")) {
            let listed = READ_SINCE_25.iter().find(|(name, _)| store.path().ends_with(name));
            assert!(listed.is_some() && feature < 25, "{place}: {found:?}");
            continue;
        }
        read += 1;
        let (verdict, entries) = found.split_last().unwrap();
        assert_eq!(verdict, "accepts false", "{place}");
        let mut expected = entries.to_vec();
        expected.push(new.clone());
        expected.sort();
        expected.push("accepts true".to_owned());
        assert_eq!(added, &expected, "{place}");
        assert_eq!(removed, found, "{place}");
    }
    assert!(read >= 100, "java{feature} read only {read} stores");
}

#[test]
fn cacerts_keep_their_kind_and_open_with_and_without_password() {
    let Some(matrix) = Matrix::find() else { return };
    let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
        eprintln!("skipped: SSLPOKE_TESTDATA is not set");
        return;
    };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile(folder.path(), "StoreOracle");
    let (leaf, issuing) = (pki.path("good.pem"), pki.path("issuing.pem"));
    let mut questions = Vec::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut before = Vec::new();
    for entry in fs::read_dir(Path::new(&data).join("keystores/corpus/cacerts")).unwrap() {
        let path = entry.unwrap().path();
        let copy = folder.path().join(path.file_name().unwrap());
        fs::copy(&path, &copy).unwrap();
        let held = KeyStore::read(&fs::read(&path).unwrap(), None).unwrap();
        add_with_our_command_line(&pki.path("root.pem"), &copy);
        let written = KeyStore::read(&fs::read(&copy).unwrap(), None).unwrap();
        assert_eq!(
            (written.format(), written.protection()),
            (held.format(), held.protection()),
            "{}",
            path.display()
        );
        *kinds.entry(held.format().name()).or_default() += 1;
        before.push((path, held.entries().len()));
        let copy = copy.to_str().unwrap();
        for password in ["null", "changeit"] {
            questions.push(question(&["list", copy, "default", password, &leaf, &issuing]));
        }
    }
    assert!(kinds.contains_key("JKS") && kinds.contains_key("PKCS12"), "{kinds:?}");
    for feature in FEATURES {
        let answers = matrix.ask(feature, folder.path(), &questions);
        for ((path, count), answer) in before.iter().zip(answers.chunks(2)) {
            for told in answer {
                let (verdict, entries) = told.split_last().unwrap();
                let place = format!("java{feature}, {}", path.display());
                assert_eq!(
                    (entries.len(), verdict.as_str()),
                    (count + 1, "accepts true"),
                    "{place}"
                );
            }
        }
    }
}

fn add_with_our_command_line(root: &str, store: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["trust", "add", root, "--no-backup", "--to"])
        .arg(store)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The stores that keytool itself and SSLPoke itself look at, one a format.
const SAMPLE: [(&str, Format); 4] = [
    ("jdk8/key.jks", Format::Jks),
    ("jdk25/secret.jceks", Format::Jceks),
    ("jdk17/key.p12", Format::Pkcs12),
    ("jdk25/nopass.p12", Format::Pkcs12),
];

#[test]
fn keytool_lists_and_sslpoke_trusts_one_of_each_format() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile_sslpoke(folder.path());
    let server = TlsServer::with_leaf(&pki, "good");
    let root = CertificateDer::from_pem_file(pki.path("root.pem")).unwrap().into_owned();
    let sha256 = sha256(&pki.path("root.pem")).to_uppercase();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores");
    for (name, format) in SAMPLE {
        let path = folder.path().join(name.replace('/', "-"));
        fs::copy(fixtures.join(name), &path).unwrap();
        let store = Store::named(path);
        assert!(store.change(&root));
        let changed = store.changed("added");
        for feature in FEATURES {
            let words = ["-list", "-v", "-storepass", "changeit", "-keystore"];
            // keytool 8 does not look for JCEKS unless it is told
            let kind = if format == Format::Jceks { &["-storetype", "JCEKS"][..] } else { &[] };
            let list = |path| matrix.keytool(feature, &[&words[..], &[path], kind].concat());
            let (before, after) = (list(store.path()), list(changed.as_str()));
            let (before, after) = (aliases(&before), aliases(&after));
            assert_eq!(after.len(), before.len() + 1, "keytool{feature}, {name}");
            for (alias, fingerprints) in &before {
                assert_eq!(after.get(alias), Some(fingerprints), "keytool{feature}, {name}");
            }
            assert_eq!(after[&ADDED.to_lowercase()], [sha256.as_str()], "keytool{feature}, {name}");
            let properties = [
                ("trustStore", changed.as_str()),
                ("trustStorePassword", "changeit"),
                ("trustStoreType", format.name()),
            ];
            let output = matrix.sslpoke(feature, folder.path(), &properties, server.port);
            let said = String::from_utf8_lossy(&output.stdout);
            assert_eq!(said, "Successfully connected\n", "java{feature}, {name}");
        }
    }
}

/// Reads the aliases and the SHA-256 of their certificates from what keytool lists.
fn aliases(listing: &str) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut alias = String::new();
    for line in listing.lines() {
        if let Some(named) = line.strip_prefix("Alias name: ") {
            alias = named.to_owned();
            all.entry(alias.clone()).or_default();
        } else if let Some(fingerprint) = line.trim().strip_prefix("SHA256: ") {
            all.entry(alias.clone()).or_default().push(fingerprint.replace(':', ""));
        }
    }
    all
}

fn sha256(file: &str) -> String {
    let certificate = CertificateDer::from_pem_file(file).unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &certificate);
    digest.as_ref().iter().map(|octet| format!("{octet:02x}")).collect()
}
