//! `trust` and `demo` as a user runs them, on copies of stores that real keytools made.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};

fn sslpoke(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sslpoke")).args(words).output().unwrap()
}

fn certificate(name: &str, is_ca: bool) -> String {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

fn entries(store: &str) -> usize {
    let listed = sslpoke(&["trust", "list", store, "--format", "json"]);
    assert_eq!(listed.status.code(), Some(0));
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    listed["entries"].as_array().unwrap().len()
}

#[test]
fn a_root_is_added_once_and_a_leaf_or_a_taken_name_leaves_the_store_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (root, leaf, other) = (path("root.pem"), path("leaf.pem"), path("other.pem"));
    fs::write(&root, certificate("Example Root", true)).unwrap();
    fs::write(&leaf, certificate("Example Leaf", false)).unwrap();
    fs::write(&other, certificate("Example Root", true)).unwrap();
    for name in ["a.jks", "a.p12"] {
        let store = path(name);
        let add = ["trust", "add", &root, "--to", &store];
        assert_eq!(sslpoke(&add).status.code(), Some(4), "{name}: made without --create");
        assert!(!Path::new(&store).exists());
        assert_eq!(sslpoke(&[&add[..], &["--create"]].concat()).status.code(), Some(0));
        let before = fs::read(&store).unwrap();
        assert_eq!(entries(&store), 1);
        assert_eq!(sslpoke(&add).status.code(), Some(0));
        assert_eq!(sslpoke(&["trust", "add", &leaf, "--to", &store]).status.code(), Some(5));
        let add_other = ["trust", "add", &other, "--to", &store];
        assert_eq!(sslpoke(&add_other).status.code(), Some(5));
        let dry = [&add_other[..], &["--alias", "b", "--dry-run"]].concat();
        assert_eq!(sslpoke(&dry).status.code(), Some(0));
        assert_eq!(fs::read(&store).unwrap(), before, "{name}");
        assert_eq!(sslpoke(&[&add_other[..], &["--replace"]].concat()).status.code(), Some(0));
        assert_eq!(entries(&store), 1);
        assert_ne!(fs::read(&store).unwrap(), before, "{name}");
        let backups = fs::read_dir(folder.path()).unwrap().filter(|held| {
            let held = held.as_ref().unwrap().file_name();
            held.to_str().unwrap().starts_with(&format!("{name}.bak-"))
        });
        assert_eq!(backups.count(), 1, "{name}");
    }
}

#[test]
fn the_demo_goes_as_told() {
    let told = sslpoke(&["demo", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told.status.code(), Some(0), "{report:#}");
    assert_eq!(report["steps"].as_array().unwrap().len(), 4);
}

#[test]
fn stores_of_real_keytools_list_as_java_lists_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores");
    let mut compared = 0;
    for name in ["jdk8/few.jks", "jdk17/few.jks", "jdk25/few.jks"] {
        let store = root.join(name);
        let expected = fs::read(root.join(format!("{name}.json"))).unwrap();
        let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
        let listed = sslpoke(&["trust", "list", store.to_str().unwrap(), "--format", "json"]);
        let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        let of = |report: &serde_json::Value, digest: &str| -> Vec<(String, String)> {
            let entries = report["entries"].as_array().unwrap().iter();
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            entries.map(|held| (text(&held["alias"]), text(&held[digest]).to_lowercase())).collect()
        };
        let (mut listed, mut expected) = (of(&listed, "sha256"), of(&expected, "cert"));
        // Java lists in the order of its hash table, we in that of the file.
        listed.sort();
        expected.sort();
        assert_eq!(listed, expected, "{name}");
        compared += listed.len();
    }
    assert!(compared > 0);
}
