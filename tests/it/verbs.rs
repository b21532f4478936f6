//! `trust show`, `remove`, `diff`, `export`, `convert`, `build` and `rollback`, on stores that real keytools made.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::panic, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, SerialNumber};
use serde_json::Value;

use crate::stage::{sslpoke, stderr, stdout};

/// Returns the path of a store that a keytool made.
fn fixture(name: &str) -> String {
    format!("{}/fixtures/keystores/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Runs `trust` and returns what the JSON says.
fn told(words: &[&str]) -> Value {
    let output = sslpoke(&[&["trust"], words, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

const PASSWORD: &str = "-Djavax.net.ssl.trustStorePassword=changeit";

/// `root` and `dup-of-root` of the stores with few entries.
const ROOT: &str = "13C463CEF5DBB351A635BF414DE081F23A499D1B222B3170C03CCAC0B93F2D5B";

#[test]
fn an_entry_is_shown_by_its_alias_or_the_beginning_of_its_fingerprint() {
    let pairs: Vec<String> = ROOT.to_lowercase().as_bytes().chunks(2).map(text).collect();
    for (name, aliases) in [
        ("root-ed", &["root-ed"][..]),
        ("ROOT-ED", &["root-ed"]),
        ("7acac4b2", &["root-ed"]),
        (ROOT, &["root", "dup-of-root"]),
        (&pairs.join(":"), &["root", "dup-of-root"]),
        (&pairs.join(" "), &["root", "dup-of-root"]),
        (&format!("sha256:{ROOT}"), &["root", "dup-of-root"]),
    ] {
        for store in ["jdk17/few.jks", "jdk17/few.p12"] {
            let shown = told(&["show", &fixture(store), name, PASSWORD]);
            let mut found: Vec<&str> = entries(&shown).map(|held| word(&held["alias"])).collect();
            found.sort_by_key(|alias| aliases.iter().position(|held| held == alias));
            assert_eq!(found, aliases, "{name} in {store}");
        }
    }
}

#[test]
fn a_certificate_is_shown_with_its_key_its_uses_and_its_days() {
    for (alias, key, signature, ca, more) in [
        ("root", "RSA, 2048 bits", "SHA256withRSA", "yes", "key usage    keyCertSign, cRLSign"),
        ("root-ec", "EC, 256 bits (secp256r1)", "SHA256withECDSA", "yes", "days left)"),
        ("weak", "RSA, 1024 bits", "SHA1withRSA", "yes", "issuer       itself (self-signed)"),
        ("v1", "RSA, 2048 bits", "SHA256withRSA", "its version cannot say", "version      1"),
        ("expired", "RSA, 2048 bits", "SHA256withRSA", "yes", "(expired "),
        ("selfleaf", "RSA, 2048 bits", "SHA256withRSA", "no", "selfsigned.example.com"),
    ] {
        let output = sslpoke(&["trust", "show", &fixture("jdk25/few.jks"), alias]);
        let shown = stdout(&output);
        let (key, signature, ca) = (
            format!("key          {key}\n"),
            format!("signature    {signature}\n"),
            format!("CA           {ca}"),
        );
        for expected in [&key, &signature, &ca, more] {
            assert!(shown.contains(expected), "{alias}: no {expected:?} in\n{shown}");
        }
        assert!(!shown.contains("BEGIN"), "{shown}");
    }
    let chain = told(&["show", &fixture("jdk17/key.p12"), "server", PASSWORD]);
    assert_eq!(chain["entries"][0]["certificates"].as_array().unwrap().len(), 3, "{chain:#}");
    let pem = stdout(&sslpoke(&["trust", "show", &fixture("jdk17/few.jks"), "root", "-v"]));
    assert!(pem.ends_with("\n-----END CERTIFICATE-----\n"), "{pem}");
}

#[test]
fn what_is_not_there_is_told_with_what_comes_nearest() {
    let store = fixture("jdk17/few.jks");
    for (names, code, expected) in [
        (
            &["dup-of-rot"][..],
            1,
            "no entry has the alias \"dup-of-rot\"; the store has \"dup-of-root\"",
        ),
        (&["dup"], 1, "the store has \"dup-of-root\""),
        (&["root", "00000000"], 1, "no certificate has a SHA-256 that begins with 00000000"),
        (&["BBE8C00AB5527A0ABC05DEA29A6A874A4F7C8696"], 1, "one of SHA-1"),
        (&["\u{1b}[31m"], 1, "no entry has the alias \"\\u{1b}[31m\""),
    ] {
        let output = sslpoke(&[&["trust", "show", &store], names].concat());
        assert_eq!(output.status.code(), Some(code), "{names:?}");
        assert_eq!(stdout(&output), "", "{names:?}");
        assert!(stderr(&output).contains(expected), "{names:?}: {}", stderr(&output));
    }
}

#[test]
fn stores_are_compared_by_what_java_trusts_in_them() {
    for (a, b, code, only_a, only_b) in [
        ("jdk8/few.jks", "jdk25/few.p12", 0, 0, 0),
        ("jdk17/nopass.p12", "jdk17/enc-nomac.p12", 1, 1, 0),
        ("jdk17/one.jks", "jdk17/few.jks", 1, 0, 6),
        ("jdk17/few.jks", "jdk17/empty.jks", 1, 7, 0),
        ("jdk17/empty.p12", "jdk17/empty.jceks", 0, 0, 0),
    ] {
        let words = ["diff", &fixture(a), &fixture(b), PASSWORD];
        let diff = told(&words);
        let lengths = ["only_a", "only_b"].map(|side| diff[side].as_array().unwrap().len());
        assert_eq!(lengths, [only_a, only_b], "{a} {b}: {diff:#}");
        let output = sslpoke(&[&["trust"], &words[..]].concat());
        assert_eq!(output.status.code(), Some(code), "{a} {b}");
        assert_eq!(diff["same"], code == 0, "{a} {b}");
    }
}

#[test]
fn an_entry_that_java_does_not_trust_makes_the_difference() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (lower, upper) = (path("lower.jks"), path("upper.jks"));
    fs::copy(fixture("jdk17/one.jks"), &lower).unwrap();
    fs::write(&upper, with_upper_case_alias()).unwrap();
    let words = ["trust", "diff", &lower, &upper];
    let output = sslpoke(&words);
    let (text, name) = (stdout(&output), "example-root");
    assert_eq!(output.status.code(), Some(1), "{text}");
    let line = text.lines().find(|line| line.starts_with('!')).unwrap();
    assert!(line.contains("trusted by the first, not by the second"), "{line}");
    assert!(line.contains(&format!("{name} → {}", name.to_uppercase())), "{line}");
}

/// Returns a JKS whose entry Java lists but does not trust: its alias has capitals.
fn with_upper_case_alias() -> Vec<u8> {
    let bytes = fs::read(fixture("jdk17/one.jks")).unwrap();
    let name = b"example-root";
    let place = bytes.windows(name.len()).position(|held| held == name).unwrap();
    let mut covered = bytes[..bytes.len() - 20].to_vec();
    covered[place..place + name.len()].make_ascii_uppercase();
    with_digest(&covered)
}

/// Returns a JKS with the digest over it that `changeit` makes.
fn with_digest(covered: &[u8]) -> Vec<u8> {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY);
    "changeit".encode_utf16().for_each(|unit| digest.update(&unit.to_be_bytes()));
    digest.update(b"Mighty Aphrodite");
    digest.update(covered);
    [covered, digest.finish().as_ref()].concat()
}

#[test]
fn what_is_exported_is_read_again_and_is_only_what_java_trusts() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (store, pem, again) = (fixture("jdk17/many.jks"), path("all.pem"), path("again.jks"));
    let written = sslpoke(&["trust", "export", &store, "--output", &pem]);
    assert_eq!(stdout(&written), format!("150 certificates written to {pem}\n"));
    assert_eq!(stdout(&sslpoke(&["trust", "export", &store])), fs::read_to_string(&pem).unwrap());
    let added = sslpoke(&["trust", "add", &pem, "--to", &again, "--create"]);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    assert_eq!(told(&["diff", &store, &again])["same"], true);

    let upper = path("upper.jks");
    fs::write(&upper, with_upper_case_alias()).unwrap();
    for (words, code, blocks) in [
        (&["export", &fixture("jdk17/few.jks")][..], 0, 7),
        (&["export", &fixture("jdk17/few.jks"), "root", "dup-of-root"], 0, 1),
        (&["export", &fixture("jdk17/few.jks"), "root", "nobody"], 1, 0),
        (&["export", &fixture("jdk17/key.p12"), PASSWORD], 0, 3),
        (&["export", &fixture("jdk17/key.p12"), "server", PASSWORD], 0, 3),
        (&["export", &fixture("jdk17/secret.p12"), "aes-key", PASSWORD], 1, 0),
        (&["export", &fixture("jdk17/empty.jks")], 1, 0),
        (&["export", &upper], 1, 0),
        (&["export", &upper, "example-root"], 0, 1),
    ] {
        let output = sslpoke(&[&["trust"], words].concat());
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", stderr(&output));
        assert_eq!(stdout(&output).matches("-----BEGIN CERTIFICATE-----\n").count(), blocks);
    }
    let before = fs::read(&again).unwrap();
    let over = sslpoke(&["trust", "export", &again, "--output", &again]);
    assert_eq!(over.status.code(), Some(5), "{}", stderr(&over));
    assert!(fs::read(&again).unwrap() == before, "a store was written over with PEM");
    let json = told(&["export", &fixture("jdk17/few.jks"), "root", "dup-of-root"]);
    assert_eq!(json["certificates"][0]["aliases"], serde_json::json!(["root", "dup-of-root"]));
}

#[test]
fn certificates_are_removed_by_alias_or_fingerprint_all_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let upper = folder.path().join("upper.jks");
    fs::write(&upper, with_upper_case_alias()).unwrap();
    let upper = upper.to_str().unwrap();
    for (store, names, code, removed, expected) in [
        (fixture("jdk8/few.jks"), &["weak"][..], 0, &["weak"][..], ""),
        (fixture("jdk17/few.jks"), &["WEAK", "weak"], 0, &["weak"], ""),
        (fixture("jdk25/few.p12"), &[ROOT], 0, &["dup-of-root", "root"], ""),
        (fixture("jdk17/few.jceks"), &["13c463ce", "root"], 0, &["dup-of-root", "root"], ""),
        (fixture("jdk17/few.jks"), &["root"], 0, &["root"], "it is there as \"dup-of-root\""),
        (fixture("jdk17/few.jks"), &["root", "rot"], 1, &[], "no entry has the alias \"rot\""),
        (fixture("jdk17/one.p12"), &["example-root"], 0, &["example-root"], "nothing is left"),
        (fixture("jdk17/nopass.p12"), &["root"], 0, &["root"], ""),
        (upper.to_owned(), &["example-root"], 0, &["EXAMPLE-ROOT"], ""),
        (fixture("jdk17/key.jks"), &["server"], 5, &[], "keytool -delete -alias server"),
        (fixture("jdk17/secret.jceks"), &["aes-key"], 5, &[], "holds a secret key"),
    ] {
        let what = format!("{names:?} from {store}");
        let copy = folder.path().join("store");
        fs::copy(&store, &copy).unwrap();
        let copy = copy.to_str().unwrap();
        let words = [&["remove", copy, PASSWORD], names].concat();
        let before = aliases(copy);
        let dry = sslpoke(&[&["trust"], &words[..], &["--dry-run"]].concat());
        assert_eq!(dry.status.code(), Some(code), "{what}: {}", stderr(&dry));
        assert!(fs::read(copy).unwrap() == fs::read(&store).unwrap(), "{what}");
        let output = sslpoke(&[&["trust"], &words[..], &["--format", "json"]].concat());
        assert_eq!(output.status.code(), Some(code), "{what}: {}", stderr(&output));
        assert!(
            format!("{}{}", stdout(&output), stderr(&output))
                .replace("\\\"", "\"")
                .contains(expected),
            "{what}: {output:?}"
        );
        let after = aliases(copy);
        let mut gone: Vec<&str> =
            before.iter().filter(|alias| !after.contains(alias)).map(String::as_str).collect();
        gone.sort_unstable();
        assert_eq!(gone, removed, "{what}");
        if code == 0 {
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(report["removed"].as_array().unwrap().len(), removed.len(), "{report:#}");
            let backup = word(&report["backup"]);
            assert!(fs::read(backup).unwrap() == fs::read(&store).unwrap(), "{what}");
            fs::remove_file(backup).unwrap();
            let again = sslpoke(&[&["trust"], &words[..]].concat());
            assert_eq!(again.status.code(), Some(1), "{what}, again");
        } else {
            assert!(fs::read(copy).unwrap() == fs::read(&store).unwrap(), "{what}");
        }
    }
}

#[test]
fn entries_that_differ_only_in_case_are_removed_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("both.jks");
    let store = path.to_str().unwrap();
    let upper = with_upper_case_alias();
    let lower = fs::read(fixture("jdk17/one.jks")).unwrap();
    let (head, digest) = (12, 20);
    let entry = |bytes: &[u8]| bytes[head..bytes.len() - digest].to_vec();
    let count = [0, 0, 0, 2];
    let both = [&upper[..8], &count, &entry(&upper), &entry(&lower)].concat();
    let both = with_digest(&both);
    for (name, code, left) in [
        ("EXAMPLE-ROOT", 2, 2),
        ("example-root", 0, 1),
        ("Example-Root", 2, 2),
        ("13C463CEF5DBB351", 0, 0),
    ] {
        fs::write(&path, &both).unwrap();
        let output = sslpoke(&["trust", "remove", store, name]);
        assert_eq!(output.status.code(), Some(code), "{name}: {}", stderr(&output));
        assert_eq!(aliases(store).len(), left, "{name}");
    }
}

#[test]
fn a_certificate_that_java_does_not_see_is_removed_with_the_others() {
    let Some(odd) = odd() else { return };
    let folder = tempfile::tempdir().unwrap();
    for name in ["p-nousage.p12", "p-noattr.p12"] {
        let copy = folder.path().join(name);
        fs::copy(odd.join(name), &copy).unwrap();
        let copy = copy.to_str().unwrap();
        let listed = told(&["list", copy, PASSWORD]);
        let unseen = word(&listed["unseen"][0]["sha256"]);
        let output = sslpoke(&["trust", "remove", copy, PASSWORD, unseen]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        let listed = told(&["list", copy, PASSWORD]);
        assert_eq!(listed.get("unseen"), None, "{name}: {listed:#}");
        assert_eq!(entries(&listed).count(), 0, "{name}");
    }
}

#[test]
fn a_store_of_every_type_becomes_one_of_every_other_with_aliases_and_dates() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for from in [
        "jdk8/few.jks",
        "jdk25/few.p12",
        "jdk17/few.jceks",
        "jdk17/nopass.p12",
        "jdk17/unialias.jks",
        "jdk25/unialias.p12",
    ] {
        let from = fixture(from);
        for (kind, name, protection, has_dates) in [
            ("jks", "JKS", "digest", true),
            ("jceks", "JCEKS", "digest", true),
            ("pkcs12", "PKCS12", "PBEWithHmacSHA256AndAES_256, HmacPBESHA256", false),
            ("pkcs12-passwordless", "PKCS12", "password-less", false),
        ] {
            let out = path(kind);
            let words = ["trust", "convert", &from, &out, "--to-type", kind];
            let output = sslpoke(&words);
            assert_eq!(output.status.code(), Some(0), "{from} to {kind}: {}", stderr(&output));
            assert_eq!(sslpoke(&words).status.code(), Some(5), "written over without --replace");
            let (old, new) = (told(&["list", &from, PASSWORD]), told(&["list", &out, PASSWORD]));
            assert_eq!(
                (word(&new["store"]["type"]), word(&new["store"]["protection"])),
                (name, protection),
                "{from}"
            );
            let row = |entry: &Value| {
                let created = entry["created"].as_str().filter(|_| has_dates);
                (
                    word(&entry["alias"]).to_owned(),
                    entry["sha256"].clone(),
                    created.map(str::to_owned),
                    entry["trusted"].clone(),
                )
            };
            let is_dated = old["entries"][0]["created"].is_string();
            let sorted = |listed: &Value| {
                let mut rows: Vec<_> = entries(listed).map(row).collect();
                rows.sort_by(|one, other| one.0.cmp(&other.0));
                if !is_dated {
                    rows.iter_mut().for_each(|row| row.2 = None);
                }
                rows
            };
            assert_eq!(sorted(&old), sorted(&new), "{from} to {kind}");
            fs::remove_file(&out).unwrap();
        }
    }
}

#[test]
fn what_cannot_be_converted_is_refused_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let upper = path("upper.jks");
    fs::write(&upper, with_upper_case_alias()).unwrap();
    for (from, more, code, expected) in [
        (
            fixture("jdk17/key.p12"),
            &[PASSWORD][..],
            5,
            "(\"server\", \"gen-ec\"), which are not converted",
        ),
        (
            fixture("jdk17/key.p12"),
            &[PASSWORD, "--without-keys"],
            0,
            "private key \"server\", which stays behind",
        ),
        (fixture("jdk17/secret.jceks"), &[], 5, "keytool -importkeystore -srckeystore"),
        (fixture("jdk17/secret.jceks"), &["--without-keys"], 0, "skipped aes-key: it is a key"),
        (upper, &[], 0, "\"EXAMPLE-ROOT\" was not to be found by Java; as \"example-root\" it is"),
        (fixture("jdk17/nopass.p12"), &[], 0, "the usual one, `changeit`"),
        (fixture("jdk17/unipass.jks"), &[], 4, "the usual one, `changeit`, does not fit"),
        (fixture("jdk17/none.jks"), &[], 4, "No such file"),
    ] {
        let out = path("out.jks");
        let words = [&["trust", "convert", &from, &out, "--to-type", "jks"], more].concat();
        let output = sslpoke(&words);
        assert_eq!(output.status.code(), Some(code), "{from}: {}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{from}: {}", stderr(&output));
        assert_eq!(fs::remove_file(&out).is_ok(), code == 0, "{from}");
    }
    let text = path("notes.txt");
    fs::write(&text, "no store").unwrap();
    let words = ["convert", &fixture("jdk17/few.jks"), &text, "--to-type", "jks", "--replace"];
    assert_eq!(sslpoke(&[&["trust"], &words[..]].concat()).status.code(), Some(5));
    assert_eq!(fs::read(&text).unwrap(), b"no store");
    let (store, before) = (path("same.jks"), fs::read(fixture("jdk17/few.jks")).unwrap());
    fs::write(&store, &before).unwrap();
    let same = ["convert", &store, &store, "--to-type", "pkcs12-passwordless", "--replace"];
    let report = told(&same);
    assert!(fs::read(word(&report["backup"])).unwrap() == before);
    assert_eq!(told(&["list", &store])["store"]["protection"], "password-less");
}

#[test]
fn a_store_is_put_back_as_it_was_and_forth_again() {
    let folder = tempfile::tempdir().unwrap();
    let (store, link) = (folder.path().join("cacerts"), folder.path().join("link"));
    fs::copy(fixture("jdk17/few.jks"), &store).unwrap();
    std::os::unix::fs::symlink("cacerts", &link).unwrap();
    let (path, link) = (store.to_str().unwrap(), link.to_str().unwrap());
    let none = sslpoke(&["trust", "rollback", link]);
    assert_eq!(none.status.code(), Some(5));
    assert!(stderr(&none).contains("cacerts.bak-*"), "{}", stderr(&none));
    let before = fs::read(&store).unwrap();
    told(&["remove", path, "weak", "dup-of-root"]);
    let after = fs::read(&store).unwrap();

    let dry = told(&["rollback", link, "--dry-run"]);
    assert_eq!(changed(&dry, "added"), ["dup-of-root", "weak"], "{dry:#}");
    assert!(fs::read(&store).unwrap() == after);
    let back = told(&["rollback", link]);
    assert_eq!(changed(&back, "added"), ["dup-of-root", "weak"], "{back:#}");
    assert!(fs::read(&store).unwrap() == before);
    assert!(fs::read(word(&back["backup"])).unwrap() == after);
    let forth = told(&["rollback", path]);
    assert_eq!(changed(&forth, "removed"), ["dup-of-root", "weak"], "{forth:#}");
    assert!(fs::read(&store).unwrap() == after);

    let listed = told(&["rollback", path, "--list"]);
    let backups = listed["backups"].as_array().unwrap();
    let same: Vec<bool> = backups.iter().map(|held| held["same"].as_bool().unwrap()).collect();
    assert_eq!(same, [false, true, false], "{listed:#}");
    assert_eq!(backups[0]["entries"], 8);
    let oldest = word(&backups[2]["path"]);
    let named = sslpoke(&["trust", "rollback", path, oldest, "--no-backup"]);
    assert_eq!(named.status.code(), Some(0), "{}", stderr(&named));
    assert!(fs::read(&store).unwrap() == before);
}

#[test]
fn a_broken_store_is_put_back_and_a_broken_backup_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (store, backup) = (path("cacerts"), path("cacerts.bak-20261124T102400Z"));
    let whole = fs::read(fixture("jdk17/few.jks")).unwrap();
    let encrypted = fs::read(fixture("jdk17/few.p12")).unwrap();
    let other_password = fs::read(fixture("jdk17/unipass.jks")).unwrap();
    for (there, then, code, expected) in [
        (&b""[..], &whole[..], 0, "what is there now cannot be read: the file is empty"),
        (&whole[..500], &whole, 0, "what is there now cannot be read: the file is damaged"),
        (&whole, &encrypted, 0, ""),
        (&whole, &other_password, 0, "the backup has another password"),
        (&whole, &whole, 0, ""),
        (&whole, b"", 4, "cacerts.bak-20261124T102400Z: the file is empty"),
        (&whole, &whole[..500], 4, "cacerts.bak-20261124T102400Z: the file is damaged"),
        (&whole, b"hello", 4, "cacerts.bak-20261124T102400Z: "),
    ] {
        fs::write(&store, there).unwrap();
        fs::write(&backup, then).unwrap();
        let output = sslpoke(&["trust", "rollback", &store, "--no-backup"]);
        assert_eq!(output.status.code(), Some(code), "{expected}: {}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{expected}: {}", stderr(&output));
        let now = fs::read(&store).unwrap();
        assert!(now == if code == 0 { then } else { there }, "{expected}");
    }
    fs::remove_file(&store).unwrap();
    fs::write(&backup, &whole).unwrap();
    let gone = sslpoke(&["trust", "rollback", &store]);
    assert_eq!(gone.status.code(), Some(0), "{}", stderr(&gone));
    assert!(fs::read(&store).unwrap() == whole);
}

/// Returns a store of `count` entries: one root, whose serial numbers count.
fn large(format: Format, count: u32) -> Vec<u8> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Numbered Root CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let serial = [0x5e, 0xa1, 0x50, 0x0d, 0, 0, 0, 0];
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    let root = params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec();
    let place = root.windows(serial.len()).position(|held| held == serial).unwrap() + 4;
    let mut store = KeyStore::new(format);
    for number in 0..count {
        let mut numbered = root.clone();
        numbered[place..place + 4].copy_from_slice(&number.to_be_bytes());
        let alias = Alias::new(&format!("root-{number}"));
        store.trust(&alias, &numbered.into(), Timestamp(1_795_348_800_000)).unwrap();
    }
    store.write(Some(&Password::new("changeit"))).unwrap()
}

/// A debug build takes 2 s for what a quadratic one would take minutes for.
#[test]
fn ten_thousand_entries_take_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (jks, p12, out) = (path("a.jks"), path("b.p12"), path("out"));
    fs::write(&jks, large(Format::Jks, 10_000)).unwrap();
    fs::write(&p12, large(Format::Pkcs12, 10_001)).unwrap();
    let pem = path("all.pem");
    for (words, code) in [
        (&["list", &jks][..], 0),
        (&["list", &p12, "--format", "json"], 0),
        (&["show", &jks, "root-9999"], 0),
        (&["show", &jks, "rot-9999"], 1),
        (&["diff", &jks, &p12], 1),
        (&["export", &p12, "--output", &pem], 0),
        (&["convert", &p12, &out, "--to-type", "jks"], 0),
        (&["remove", &p12, "root-5000"], 0),
        (&["build", "--base", &jks, "--add", &pem, "--out", &out, "--keep-going"], 0),
        (&["rollback", &out], 0),
    ] {
        let start = Instant::now();
        let output = sslpoke(&[&["trust"], words].concat());
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", stderr(&output));
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(20), "{words:?}: {taken:?}");
    }
}

/// Returns the folder of odd stores, if there is one.
fn odd() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
        eprintln!("skipped: SSLPOKE_TESTDATA is not set");
        return None;
    };
    Some(Path::new(&folder).join("keystores/corpus/odd"))
}

/// Returns the aliases that were added, say.
fn changed<'a>(report: &'a Value, what: &str) -> Vec<&'a str> {
    let mut aliases: Vec<&str> =
        report[what].as_array().unwrap().iter().map(|held| word(&held["alias"])).collect();
    aliases.sort_unstable();
    aliases
}

fn aliases(store: &str) -> Vec<String> {
    let listed = told(&["list", store, PASSWORD]);
    entries(&listed).map(|held| word(&held["alias"]).to_owned()).collect()
}

fn entries(report: &Value) -> impl Iterator<Item = &Value> {
    report["entries"].as_array().unwrap().iter()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
