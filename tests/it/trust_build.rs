//! `trust build`: an init container makes a store of a read-only one and of what Kubernetes mounts.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::panic, reason = "a failed test panics")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use nix::unistd::Uid;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, date_time_ymd};
use serde_json::Value;

use crate::stage::copy_program;

/// A folder for a pod: who runs in it owns it, and everybody may look in.
struct Pod {
    folder: tempfile::TempDir,
    program: PathBuf,
}

/// `nobody`.
const USER: u32 = 65_534;

impl Pod {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("sslpoke-pod").tempdir_in("/tmp").unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let program = folder.path().join("sslpoke");
        copy_program(&program);
        let pod = Self { folder, program };
        for name in ["crt", "ssl", "base"] {
            fs::create_dir(pod.path(name)).unwrap();
        }
        if Uid::effective().is_root() {
            std::os::unix::fs::chown(pod.path("ssl"), Some(USER), Some(USER)).unwrap();
        }
        pod
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Runs `trust build` as somebody who is not root.
    fn build(&self, words: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.args(["trust", "build"]).args(words).env("PATH", "/nonexistent");
        command.env_remove("JAVA_HOME").current_dir("/");
        if Uid::effective().is_root() {
            command.uid(USER).gid(USER);
        }
        command.output().unwrap()
    }

    fn entries(&self, store: &str) -> Vec<Value> {
        let output = Command::new(&self.program)
            .args(["trust", "list", store, "--format", "json"])
            .args(["-Djavax.net.ssl.trustStorePassword=changeit"])
            .output()
            .unwrap();
        let listed: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {output:?}"));
        listed["entries"].as_array().unwrap().clone()
    }

    fn aliases(&self, store: &str) -> Vec<String> {
        let entries = self.entries(store);
        let mut aliases: Vec<String> =
            entries.iter().map(|held| held["alias"].as_str().unwrap().to_owned()).collect();
        aliases.sort();
        aliases
    }
}

fn root(name: &str) -> String {
    certificate(name, true, 2049)
}

fn certificate(name: &str, is_ca: bool, last_year: i32) -> String {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/keystores/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// S36: read-only base, not root, a bundle of three, a file without extension, a broken file.
#[test]
fn s36_an_init_container_makes_the_store_anew_and_the_same() {
    let pod = Pod::new();
    let (base, crt, out) = (pod.path("base/cacerts"), pod.path("crt"), pod.path("ssl/cacerts"));
    fs::copy(fixture("jdk17/many.jks"), &base).unwrap();
    fs::set_permissions(&base, fs::Permissions::from_mode(0o444)).unwrap();
    let bundle = ["Bundled One CA", "Bundled Two CA", "Bundled Three CA"].map(root).concat();
    let broken = root("Broken CA").replace("-----END", "-----EN");
    mount(
        Path::new(&crt),
        &[("bundle.pem", &bundle), ("corp", &root("Corp CA")), ("x.crt", &broken)],
    );

    let words = ["--base", &base, "--add-dir", &crt, "--out", &out];
    let refused = pod.build(&words);
    assert_eq!(refused.status.code(), Some(5), "{}", text(&refused.stderr));
    let told = text(&refused.stderr);
    assert!(told.contains("crt/x.crt: ") && told.contains("--keep-going"), "{told}");
    assert!(!told.contains(".."), "hidden names are told: {told}");
    assert!(!Path::new(&out).exists());

    let going = [&words[..], &["--keep-going"]].concat();
    let built = pod.build(&going);
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    assert!(text(&built.stderr).contains("passed over: "), "{}", text(&built.stderr));
    assert_eq!(pod.entries(&out).len(), 150 + 4);
    let wanted = ["bundled-one-ca", "bundled-two-ca", "bundled-three-ca", "corp-ca"];
    let aliases = pod.aliases(&out);
    assert!(wanted.iter().all(|alias| aliases.iter().any(|held| held == alias)), "{aliases:?}");
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o7777, 0o644);
    assert_the_second_run_is_the_same(&pod, &going, &out);
}

fn assert_the_second_run_is_the_same(pod: &Pod, going: &[&str], out: &str) {
    let before = (fs::read(out).unwrap(), fs::metadata(out).unwrap().modified().unwrap());
    thread::sleep(Duration::from_millis(1100));
    let again = pod.build(&[going, &["--format", "json"]].concat());
    let report: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((again.status.code(), &report["changed"]), (Some(0), &Value::Bool(false)));
    assert_eq!(report["unchanged"].as_array().unwrap().len(), 4, "{report:#}");
    assert!((fs::read(out).unwrap(), fs::metadata(out).unwrap().modified().unwrap()) == before);
    assert_eq!(fs::read_dir(pod.path("ssl")).unwrap().count(), 1, "a backup without a change");

    fs::remove_file(pod.path("crt/corp")).unwrap();
    let less = pod.build(&[going, &["--format", "json"]].concat());
    let report: Value = serde_json::from_slice(&less.stdout).unwrap();
    assert_eq!(report["removed"][0]["alias"], "corp-ca", "{report:#}");
    assert!(fs::read(report["backup"].as_str().unwrap()).unwrap() == before.0);
}

/// Mounts files as Kubernetes mounts a secret.
fn mount(folder: &Path, files: &[(&str, &str)]) {
    let version = folder.join("..2026_11_24_10_24_00.123456789");
    fs::create_dir(&version).unwrap();
    symlink("..2026_11_24_10_24_00.123456789", folder.join("..data")).unwrap();
    for (name, held) in files {
        fs::write(version.join(name), held).unwrap();
        symlink(Path::new("..data").join(name), folder.join(name)).unwrap();
    }
}

#[test]
fn every_type_of_store_is_built_the_same_twice() {
    let pod = Pod::new();
    let (corp, out) = (pod.path("crt/corp.pem"), pod.path("ssl/out"));
    fs::write(&corp, root("Corp CA")).unwrap();
    let few = 8;
    for (base, kind, entries, protection) in [
        (Some("jdk8/few.jks"), None, few + 1, "digest"),
        (Some("jdk17/few.p12"), None, few + 1, "PBEWithHmacSHA256AndAES_256, HmacPBESHA256"),
        (Some("jdk17/nopass.p12"), None, 3, "password-less"),
        (
            Some("jdk8/few.jks"),
            Some("pkcs12"),
            few + 1,
            "PBEWithHmacSHA256AndAES_256, HmacPBESHA256",
        ),
        (Some("jdk25/few.p12"), Some("jks"), few + 1, "digest"),
        (Some("jdk25/few.p12"), Some("pkcs12-passwordless"), few + 1, "password-less"),
        (Some("jdk17/key.jks"), None, 4, "digest"),
        (None, None, 1, "digest"),
        (None, Some("jceks"), 1, "digest"),
        (None, Some("pkcs12-passwordless"), 1, "password-less"),
    ] {
        let what = format!("{base:?} to {kind:?}");
        let base = base.map(fixture);
        let mut words = vec!["--add", &corp, "--out", &out];
        base.iter().for_each(|base| words.extend(["--base", base]));
        kind.iter().for_each(|kind| words.extend(["--to-type", kind]));
        let built = pod.build(&words);
        assert_eq!(built.status.code(), Some(0), "{what}: {}", text(&built.stderr));
        assert_eq!(pod.entries(&out).len(), entries, "{what}");
        assert!(pod.aliases(&out).contains(&"corp-ca".to_owned()), "{what}");
        let first = fs::read(&out).unwrap();
        thread::sleep(Duration::from_millis(1100));
        assert_eq!(pod.build(&words).status.code(), Some(0), "{what}");
        assert!(fs::read(&out).unwrap() == first, "{what}");
        let listed = Command::new(&pod.program).args(["trust", "list", &out]).output().unwrap();
        assert!(text(&listed.stdout).contains(protection), "{what}: {}", text(&listed.stdout));
        fs::remove_file(&out).unwrap();
    }
}

#[test]
fn what_gives_no_anchor_is_refused_and_what_is_there_is_not_destroyed() {
    let pod = Pod::new();
    let out = pod.path("ssl/cacerts");
    let base = fixture("jdk17/one.jks");
    let write = |name: &str, held: &str| {
        let path = pod.path(&format!("crt/{name}"));
        fs::write(&path, held).unwrap();
        path
    };
    let key = KeyPair::generate().unwrap().serialize_pem();
    for (name, held, expected) in [
        ("leaf.pem", certificate("leaf.example.com", false, 2049), "leaf: an end-entity"),
        ("old.pem", certificate("Old CA", true, 2021), "it expired on 2021-01-01"),
        ("tls.key", key, "this is a private key"),
        ("empty", String::new(), "the file is empty"),
    ] {
        let path = write(name, &held);
        let words = ["--base", &base, "--add", &path, "--out", &out];
        let refused = pod.build(&words);
        assert_eq!(refused.status.code(), Some(5), "{name}");
        let told = text(&refused.stderr);
        assert!(told.contains(name) && told.contains(expected), "{told}");
        assert!(!Path::new(&out).exists(), "{name}");
    }
    let odd = write("red\u{1b}[31m\u{202e}.crt", "");
    let told = pod.build(&["--base", &base, "--add-dir", &pod.path("crt"), "--out", &out]);
    assert!(!text(&told.stderr).contains(['\u{1b}', '\u{202e}']), "{}", text(&told.stderr));
    fs::remove_file(odd).unwrap();
    let (missing, good) = (pod.path("crt/missing.pem"), write("good.pem", &root("Good CA")));
    let no_base = ["--add", &missing, "--out", &out];
    assert_eq!(pod.build(&no_base).status.code(), Some(5));
    assert_eq!(pod.build(&["--out", &out]).status.code(), Some(2));
    let no_store = ["--base", &good, "--out", &out];
    assert_eq!(pod.build(&no_store).status.code(), Some(4));

    let words = ["--base", &base, "--add", &good, "--out", &out];
    for (held, code) in [("nothing of ours", 5), ("", 0)] {
        fs::write(&out, held).unwrap();
        fs::set_permissions(&out, fs::Permissions::from_mode(0o666)).unwrap();
        if Uid::effective().is_root() {
            std::os::unix::fs::chown(&out, Some(USER), Some(USER)).unwrap();
        }
        let built = pod.build(&words);
        assert_eq!(built.status.code(), Some(code), "{held:?}: {}", text(&built.stderr));
    }
    assert_eq!(pod.aliases(&out), ["example-root", "good-ca"]);
    let taken = write("taken.pem", &root("Good CA"));
    let both = pod.build(&["--add", &good, "--add", &taken, "--base", &base, "--out", &out]);
    assert_eq!(both.status.code(), Some(0), "{}", text(&both.stderr));
    let aliases = pod.aliases(&out);
    assert!(aliases.len() == 3 && aliases[2].starts_with("good-ca-"), "{aliases:?}");
}
