//! `trust add` as an admin meets it: what is handed over, which of it becomes an anchor, and what the store is afterwards.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::stage::{GOOD, Stage, closed_port, scripted, sslpoke, stderr, stdout};

/// A folder with what the tests of this file hand over.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    /// Runs openssl in the folder; returns what it writes.
    fn openssl(&self, line: &str) -> Vec<u8> {
        let words = line.split(' ').map(|word| word.replace('~', " "));
        let output =
            Command::new("openssl").args(words).current_dir(self.0.path()).output().unwrap();
        assert!(output.status.success(), "openssl {line}: {}", stderr(&output));
        output.stdout
    }

    /// Adds to a store that is made for it, and returns the store's bytes.
    fn added(&self, words: &[&str]) -> (Output, Option<Vec<u8>>) {
        let store = self.path("made.p12");
        let line =
            [&["trust", "add"], words, &["--to", &store, "--create", "--no-backup"]].concat();
        let output = sslpoke(&line);
        let bytes = fs::read(&store).ok();
        let _ = fs::remove_file(&store);
        (output, bytes)
    }
}

impl Folder {
    /// Makes certificates that openssl signs: `NAME.pem`, `NAME.key`.
    fn issue(&self, name: &str, subject: &str, issuer: &str, extensions: &str, days: i32) {
        self.openssl(&format!("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj {subject}"));
        self.write("extensions", extensions);
        let signer = if issuer.is_empty() {
            format!("-signkey {name}.key")
        } else {
            format!("-CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial")
        };
        self.openssl(&format!(
            "x509 -req -in {name}.csr {signer} -days {days} -extfile extensions -out {name}.pem"
        ));
    }

    /// A root R, an issuing CA I, a leaf L; R2 has R's name and another key.
    fn with_pki() -> Self {
        let folder = Self::new();
        folder.issue("r", R, "", CA, 3650);
        folder.issue("r2", R, "", CA, 3650);
        folder.issue("i", "/O=Example~Corp/CN=Example~Corp~Issuing~CA~1", "r", CA, 1000);
        folder.issue("l", "/CN=gitlab.example.com", "i", LEAF, 90);
        folder
    }

    fn bundle(&self, name: &str, parts: &[&str]) -> String {
        let text: String = parts
            .iter()
            .map(|part| fs::read_to_string(self.path(&format!("{part}.pem"))).unwrap())
            .collect();
        self.write(name, text)
    }

    fn sha256(&self, name: &str) -> String {
        let told = self.openssl(&format!("x509 -noout -fingerprint -sha256 -in {name}.pem"));
        String::from_utf8(told).unwrap().trim().split_once('=').unwrap().1.replace(':', "")
    }

    /// Adds to a store that stays; returns the exit code, the report, and what was said besides.
    fn add(&self, store: &str, words: &[&str]) -> (i32, Value, String) {
        let to = self.path(store);
        let output = sslpoke(&[&["trust", "add", "--to", &to, "--format", "json"], words].concat());
        let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output.status.code().unwrap(), report, stderr(&output))
    }

    fn aliases(&self, store: &str) -> Vec<String> {
        let password = "-Djavax.net.ssl.trustStorePassword=changeit";
        let listed = sslpoke(&["trust", "list", &self.path(store), password, "--format", "json"]);
        let report: Value = serde_json::from_slice(&listed.stdout).unwrap();
        let entries = report["entries"].as_array().unwrap().iter();
        entries.map(|entry| entry["alias"].as_str().unwrap().to_owned()).collect()
    }

    fn keytool(&self, line: &str) -> Option<String> {
        let words = line.split(' ').map(|word| word.replace('~', " "));
        let output =
            Command::new("keytool").args(words).current_dir(self.0.path()).output().ok()?;
        Some(stdout(&output) + &stderr(&output))
    }
}

const R: &str = "/O=Example~Corp/CN=Example~Corp~Root~CA";
const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
                  subjectKeyIdentifier=hash\n";
const LEAF: &str = "basicConstraints=CA:FALSE\nsubjectAltName=DNS:gitlab.example.com\n";

/// Returns the values of a field in one of the report's lists.
fn values(report: &Value, list: &str, field: &str) -> Vec<String> {
    let entries = report[list].as_array().unwrap().iter();
    entries.map(|entry| entry[field].as_str().unwrap().to_owned()).collect()
}

/// Makes a root with openssl: `root.pem`, `root.key`.
const ROOT: &str = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key \
                    -out root.pem -days 3650 -subj /O=Example~Corp/CN=Example~Corp~Root~CA";

#[test]
fn s11_a_root_gives_the_same_entry_however_it_is_handed_over() {
    let folder = Folder::new();
    folder.openssl(ROOT);
    let pem = fs::read_to_string(folder.path("root.pem")).unwrap();
    let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| {
        text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = folder.openssl("x509 -in root.pem -outform DER");
    let pkcs12 = |options: &str| {
        folder.openssl(&format!("pkcs12 -export -in root.pem -passout pass:changeit {options}"))
    };
    let text = folder.openssl("x509 -in root.pem -text");
    let windows_pkcs7 = folder.openssl("crl2pkcs7 -nocrl -certfile root.pem");
    let windows_pkcs7 =
        String::from_utf8(windows_pkcs7).unwrap().replace(" PKCS7-", " CERTIFICATE-");
    let windows_pkcs7 = windows_pkcs7.into_bytes();
    let (_, plain) = folder.added(&[&folder.path("root.pem")]);
    let plain = plain.unwrap();
    for (what, bytes) in [
        ("der", der.clone()),
        ("p7b.pem", folder.openssl("crl2pkcs7 -nocrl -certfile root.pem")),
        ("p7b.der", folder.openssl("crl2pkcs7 -nocrl -certfile root.pem -outform DER")),
        ("windows.p7b", windows_pkcs7),
        ("crlf", pem.replace('\n', "\r\n").into_bytes()),
        ("cr", pem.replace('\n', "\r").into_bytes()),
        ("bom", [b"\xef\xbb\xbf", pem.as_bytes()].concat()),
        ("utf16le", utf16(&format!("\u{feff}{pem}"), u16::to_le_bytes)),
        ("utf16be", utf16(&format!("\u{feff}{pem}"), u16::to_be_bytes)),
        ("utf16le without bom", utf16(&pem, u16::to_le_bytes)),
        ("utf16be without bom", utf16(&pem, u16::to_be_bytes)),
        ("base64", body.into_bytes()),
        ("indented", pem.replace('\n', "\n    ").into_bytes()),
        ("json", format!("{{\"ca\": \"{}\"}}\n", pem.replace('\n', "\\n")).into_bytes()),
        ("dashes", pem.replace("-----", "\u{2014}\u{2014}\u{2013}").into_bytes()),
        ("trusted", folder.openssl("x509 -in root.pem -trustout -addtrust serverAuth")),
        ("text", text.clone()),
        (
            "s_client",
            [b"CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = x\n", &*text].concat(),
        ),
        ("windows-1252", [b"Zertifikat f\xfcr alle\r\n", pem.as_bytes()].concat()),
        ("twice", pem.repeat(2).into_bytes()),
        ("keyless.p12", pkcs12("-nokeys")),
        ("plain.p12", pkcs12("-nokeys -keypbe NONE -certpbe NONE -nomac")),
        ("with-key.p12", pkcs12("-inkey root.key")),
        ("beside-key", [&*fs::read(folder.path("root.key")).unwrap(), pem.as_bytes()].concat()),
        ("passwordless.p12", plain.clone()),
    ] {
        let (output, store) = folder.added(&[&folder.write(what, bytes)]);
        assert_eq!(output.status.code(), Some(0), "{what}: {}", stderr(&output));
        assert_eq!(store.as_ref(), Some(&plain), "{what}");
        let is_beside_key = ["with-key.p12", "beside-key"].contains(&what);
        assert_eq!(stderr(&output).contains("a private key"), is_beside_key, "{what}");
    }
}

#[test]
fn standard_input_is_a_file_like_others() {
    let folder = Folder::new();
    folder.openssl(ROOT);
    let run = |more: &[&str]| {
        let store = folder.path("made.p12");
        let mut command = crate::stage::without_java(Path::new(env!("CARGO_BIN_EXE_sslpoke")));
        command.args(["trust", "add", "-", "--create", "--to", &store]).args(more);
        command.stdin(fs::File::open(folder.path("root.pem")).unwrap()).output().unwrap()
    };
    assert_eq!(run(&["--storepass-stdin"]).status.code(), Some(2));
    let added = run(&[]);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    assert!(stdout(&added).contains("alias    example-corp-root-ca"));
}

#[test]
fn s11_what_is_no_certificate_is_named_and_changes_nothing() {
    let folder = Folder::new();
    folder.openssl(ROOT);
    let (root, key) = (folder.path("root.pem"), folder.path("root.key"));
    let pem = fs::read_to_string(&root).unwrap();
    folder.openssl("req -new -key root.key -subj /CN=x -out request.pem");
    folder.openssl("pkcs12 -export -in root.pem -nokeys -passout pass:own -out own.p12");
    let der = folder.openssl("x509 -in root.pem -outform DER");
    let third = pem.lines().nth(2).unwrap();
    let folder_itself = folder.0.path().to_str().unwrap().to_owned();
    for (file, exit, expected) in [
        (key, 2, "this is a private key"),
        (folder.path("request.pem"), 2, "this is a certificate signing request"),
        (folder.write("a.html", "<html><body>Log in</body></html>"), 2, "this is a page of HTML"),
        (folder.write("words", "no certificate"), 2, "this is something without a certificate"),
        (folder_itself, 2, "this is a folder"),
        (folder.write("empty", ""), 4, "the file is empty"),
        (folder.write("cut.pem", pem.get(..300).unwrap()), 4, "it has no end"),
        (folder.write("cut.der", der.get(..200).unwrap()), 4, "it is cut short"),
        (
            folder.write("bad.pem", pem.replace(third, &format!("!{third}"))),
            4,
            "line 3 is no base64",
        ),
        (folder.path("own.p12"), 4, "a key store with a password of its own"),
        (folder.path("absent"), 4, "No such file"),
    ] {
        for files in [&[file.as_str()][..], &[&root, &file], &[&file, &root]] {
            let (output, store) = folder.added(files);
            assert_eq!(output.status.code(), Some(exit), "{file}: {}", stderr(&output));
            assert!(stderr(&output).contains(expected), "{file}: {}", stderr(&output));
            assert!(stderr(&output).contains(&file), "{}", stderr(&output));
            assert_eq!(store, None, "{file}");
        }
    }
    assert!(!Path::new(&folder.path("made.p12")).exists());
}

#[test]
fn s10_of_a_bundle_the_root_is_added_and_the_rest_reported() {
    let folder = Folder::with_pki();
    let bundle = folder.bundle("fullchain.pem", &["l", "i", "r"]);
    let (exit, report, told) = folder.add("s.jks", &[&bundle, "--create"]);
    assert_eq!(exit, 0, "{told}");
    assert_eq!(values(&report, "added", "sha256"), [folder.sha256("r")]);
    assert_eq!(values(&report, "added", "alias"), ["example-corp-root-ca"]);
    assert_eq!(values(&report, "skipped", "sha256"), [folder.sha256("l"), folder.sha256("i")]);
    let why = values(&report, "skipped", "why");
    assert!(
        why[0].starts_with("leaf: an end-entity certificate (CA:FALSE), expires in "),
        "{why:?}"
    );
    assert!(why[1].starts_with("not needed as anchor"), "{why:?}");
    assert!(why[1].contains("--with-intermediates"), "{why:?}");
    let (before, time) =
        (fs::read(folder.path("s.jks")).unwrap(), fs::metadata(folder.path("s.jks")).unwrap());
    let (exit, report, _) = folder.add("s.jks", &[&bundle]);
    assert_eq!(
        (exit, &report["changed"], &report["backup"]),
        (0, &Value::Bool(false), &Value::Null)
    );
    assert_eq!(values(&report, "unchanged", "alias"), ["example-corp-root-ca"]);
    assert_eq!(fs::read(folder.path("s.jks")).unwrap(), before);
    let now = fs::metadata(folder.path("s.jks")).unwrap();
    assert_eq!(now.modified().unwrap(), time.modified().unwrap());
    let (_, report, _) = folder.add("s.jks", &[&bundle, "--with-intermediates"]);
    assert_eq!(values(&report, "added", "sha256"), [folder.sha256("i")]);
    // keytool takes the first certificate of a bundle, which is the leaf.
    let import =
        "-importcert -noprompt -alias x -file fullchain.pem -keystore k.jks -storepass changeit";
    let Some(told) = folder.keytool(import) else { return };
    assert!(told.contains("added to keystore"), "{told}");
    let listed = folder.keytool("-list -keystore k.jks -storepass changeit").unwrap();
    assert!(listed.replace(':', "").contains(&folder.sha256("l")), "{listed}");
}

#[test]
fn an_intermediate_that_comes_alone_is_added_with_a_word_about_its_root() {
    let folder = Folder::with_pki();
    let (i, r) = (folder.path("i.pem"), folder.path("r.pem"));
    let (exit, report, _) = folder.add("s.p12", &[&i, "--create"]);
    assert_eq!((exit, values(&report, "added", "sha256")), (0, vec![folder.sha256("i")]));
    assert!(report["notes"][0].as_str().unwrap().contains("its root would be better"), "{report}");
    assert_eq!(folder.add("s2.p12", &[&r, "--create"]).0, 0);
    let (exit, report, _) = folder.add("s2.p12", &[&i]);
    assert_eq!((exit, values(&report, "skipped", "sha256")), (5, vec![folder.sha256("i")]));
    // The name of the issuer is there, but its key is another.
    assert_eq!(folder.add("s3.p12", &[&folder.path("r2.pem"), "--create"]).0, 0);
    let (exit, report, _) = folder.add("s3.p12", &[&i]);
    assert_eq!((exit, values(&report, "added", "sha256")), (0, vec![folder.sha256("i")]));
}

#[test]
fn s12_a_taken_name_is_not_given_away_unasked() {
    let folder = Folder::with_pki();
    let (r, r2) = (folder.path("r.pem"), folder.path("r2.pem"));
    assert_eq!(folder.add("s.jks", &[&r, "--create", "--alias", "Root"]).0, 0);
    let before = fs::read(folder.path("s.jks")).unwrap();
    let (exit, report, _) = folder.add("s.jks", &[&r, "--alias", "root"]);
    assert_eq!((exit, values(&report, "unchanged", "alias")), (0, vec!["root".to_owned()]));
    let (exit, _, told) = folder.add("s.jks", &[&r2, "--alias", "ROOT"]);
    assert_eq!(exit, 5);
    for word in [
        "the alias root belongs to another certificate",
        &folder.sha256("r"),
        "--alias",
        "--replace",
    ] {
        assert!(told.contains(word), "{told}");
    }
    assert_eq!(fs::read(folder.path("s.jks")).unwrap(), before);
    let (exit, report, _) = folder.add("s.jks", &[&r2, "--alias", "root", "--replace"]);
    assert_eq!(exit, 0);
    assert_eq!(values(&report, "removed", "sha256"), [folder.sha256("r")]);
    assert_eq!(values(&report, "added", "sha256"), [folder.sha256("r2")]);
    assert_eq!(fs::read(report["backup"].as_str().unwrap()).unwrap(), before);
    assert_eq!(folder.aliases("s.jks"), ["root"]);
}

#[test]
fn the_name_of_a_key_is_never_given_away() {
    let folder = Folder::with_pki();
    let made = folder.keytool(
        "-genkeypair -alias mine -keyalg EC -dname CN=mine -keystore s.p12 -storepass changeit",
    );
    if made.is_none() {
        return;
    }
    let r = folder.path("r.pem");
    for more in [&[][..], &["--replace"]] {
        let words = [&[r.as_str(), "--alias", "MINE"], more].concat();
        let (exit, _, told) = folder.add("s.p12", &words);
        assert_eq!(exit, 5);
        assert!(told.contains("the alias mine belongs to a key"), "{told}");
    }
}

#[test]
fn s13_a_certificate_that_is_trusted_under_another_name_stays_so() {
    let folder = Folder::with_pki();
    let r = folder.path("r.pem");
    for store in ["s.jks", "s.p12"] {
        assert_eq!(folder.add(store, &[&r, "--create", "--alias", "debian:Example_Corp.pem"]).0, 0);
        let before = fs::read(folder.path(store)).unwrap();
        let to = folder.path(store);
        for words in [&[][..], &["--alias", "other"], &["--replace"]] {
            let output = sslpoke(&[&["trust", "add", &r, "--to", &to], words].concat());
            assert_eq!(output.status.code(), Some(0));
            let told = stdout(&output);
            assert!(told.contains("is already trusted as debian:example_corp.pem"), "{told}");
            assert!(told.contains("the store is as it was"), "{told}");
            assert_eq!(fs::read(&to).unwrap(), before);
        }
    }
}

#[test]
fn s14_a_leaf_is_refused_and_pinned_if_wanted() {
    let folder = Folder::with_pki();
    let l = folder.path("l.pem");
    let (exit, report, _) = folder.add("s.jks", &[&l, "--create"]);
    assert_eq!((exit, &report["changed"]), (5, &Value::Bool(false)));
    let why = &values(&report, "skipped", "why")[0];
    for word in [
        "end-entity certificate (CA:FALSE), expires in ",
        "pinned trust",
        "Example Corp Issuing CA 1",
    ] {
        assert!(why.contains(word), "{why}");
    }
    assert!(!Path::new(&folder.path("s.jks")).exists());
    let (exit, report, _) = folder.add("s.jks", &[&l, "--create", "--pin"]);
    assert_eq!(exit, 0);
    let until = report["added"][0]["not_after"].as_str().unwrap().replace('-', "");
    let day = until.split_once('T').unwrap().0;
    let aliases = [format!("pinned-gitlab.example.com-until-{day}")];
    assert_eq!(values(&report, "added", "alias"), aliases);
    assert_eq!(folder.aliases("s.jks"), aliases);
}

#[test]
fn what_java_would_not_accept_is_refused_with_the_reason_and_added_if_wanted() {
    let folder = Folder::with_pki();
    folder.issue("expired", "/CN=expired", "", CA, -1);
    folder.issue(
        "no-sign",
        "/CN=no-sign",
        "",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign\n",
        30,
    );
    folder.openssl(
        "req -x509 -newkey rsa:1000 -nodes -keyout weak.key -out weak.pem -days 30 -subj /CN=weak",
    );
    folder.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -nodes -keyout curve.key -out curve.pem -days 30 -subj /CN=curve");
    for (name, expected) in [
        ("expired", "it expired on "),
        ("no-sign", "keyCertSign"),
        ("weak", "RSA key of 1000 bits: Algorithm constraints check failed on keysize limits"),
        ("curve", "secp256k1"),
    ] {
        let file = folder.path(&format!("{name}.pem"));
        let (exit, report, told) = folder.add("s.p12", &[&file, "--create", "--java", "21"]);
        assert_eq!(exit, 5, "{name}: {told}");
        let why = &values(&report, "skipped", "why")[0];
        assert!(why.contains(expected), "{name}: {why}");
        let (exit, report, told) = folder.add("s.p12", &[&file, "--create", "--even-if-useless"]);
        assert_eq!(exit, 0, "{name}: {told}");
        assert_eq!(values(&report, "added", "alias"), [name]);
    }
    // One of them does not keep the others away.
    let mixed = folder.bundle("mixed.pem", &["expired", "r"]);
    let (exit, report, _) = folder.add("t.p12", &[&mixed, "--create"]);
    assert_eq!((exit, values(&report, "added", "sha256")), (0, vec![folder.sha256("r")]));
    // A root's own signature is looked at by no Java, nor the age of the format.
    folder.openssl("req -new -key r.key -subj /CN=old -out old.csr");
    folder.openssl("x509 -req -in old.csr -signkey r.key -days 30 -out old.pem");
    let version = String::from_utf8(folder.openssl("x509 -in old.pem -noout -text")).unwrap();
    assert!(version.contains("Version: 1"), "{version}");
    {
        let (exit, report, told) = folder.add("t.p12", &[&folder.path("old.pem")]);
        assert_eq!(exit, 0, "{told}");
        assert!(report["notes"][0].as_str().unwrap().contains("of version 1"), "{report}");
    }
}

#[test]
fn a_certificate_that_java_cannot_read_never_gets_into_a_store() {
    let folder = Folder::with_pki();
    let der = folder.openssl("x509 -in r.pem -outform DER");
    let dates = der.windows(2).position(|window| window == [0x17, 0x0d]).unwrap();
    let mut odd = der.clone();
    odd[dates] = 5;
    let odd = folder.write("odd.der", odd);
    let (exit, report, told) = folder.add("s.p12", &[&odd, "--create", "--even-if-useless"]);
    assert_eq!(exit, 5, "{told}");
    let why = &values(&report, "skipped", "why")[0];
    assert!(why.contains("Invalid encoding for CertificateValidity"), "{why}");
}

#[test]
fn names_are_java_s() {
    let folder = Folder::with_pki();
    let r = folder.path("r.pem");
    let (long, most) = ("a".repeat(65_536), "a".repeat(65_535));
    for (alias, trouble) in
        [("", "is empty"), (" ", "is empty"), ("a\nb", "control"), (&long, "longer")]
    {
        let (exit, _, told) = folder.add("s.jks", &[&r, "--create", "--alias", alias]);
        assert_eq!(exit, 2, "{told}");
        assert!(told.contains(trouble), "{told}");
    }
    for (alias, expected) in
        [("\u{130}STANBUL", "i\u{307}stanbul"), ("WURZEL\u{3a3}", "wurzel\u{3c2}"), (&most, &most)]
    {
        let (exit, report, told) = folder.add("s.jks", &[&r, "--create", "--alias", alias]);
        assert_eq!(exit, 0, "{told}");
        assert_eq!(values(&report, "added", "alias"), [expected]);
        fs::remove_file(folder.path("s.jks")).unwrap();
    }
    let bundle = folder.bundle("two.pem", &["r", "r2"]);
    let (exit, _, told) = folder.add("s.jks", &[&bundle, "--create", "--alias", "x"]);
    assert_eq!(exit, 2, "{told}");
    let (exit, report, _) = folder.add("s.jks", &[&bundle, "--create"]);
    let second =
        format!("example-corp-root-ca-{}", &folder.sha256("r2").to_lowercase().split_at(8).0);
    assert_eq!(
        (exit, values(&report, "added", "alias")),
        (0, vec!["example-corp-root-ca".to_owned(), second])
    );
}

#[test]
fn an_entry_that_java_does_not_see_is_repaired() {
    let folder = Folder::with_pki();
    let r = folder.path("r.pem");
    folder.openssl(
        "pkcs12 -export -nokeys -in r.pem -caname Corp~Root -passout pass:changeit -out s.p12",
    );
    folder.write("s.jks", with_upper_case(&folder.openssl("x509 -in r.pem -outform DER")));
    for store in ["s.p12", "s.jks"] {
        let (exit, report, told) = folder.add(store, &[&r]);
        assert_eq!(exit, 0, "{told}");
        assert_eq!(values(&report, "added", "alias"), ["corp root"]);
        assert!(report["notes"][0].as_str().unwrap().contains("that is repaired"), "{report}");
        assert_eq!(told_of_encryption(&report), store == "s.p12", "{report}");
        assert_eq!(folder.aliases(store), ["corp root"]);
        let Some(listed) = folder.keytool(&format!("-list -keystore {store} -storepass changeit"))
        else {
            return;
        };
        assert!(listed.contains("1 entry") && listed.contains("corp root"), "{listed}");
    }
}

fn told_of_encryption(report: &Value) -> bool {
    let notes = report["notes"].as_array().unwrap().iter();
    notes.map(|note| note.as_str().unwrap()).any(|note| note.contains("trustStorePassword"))
}

/// Makes a JKS store whose only name has upper-case letters: Java keeps it so and looks it up in lower case.
fn with_upper_case(der: &[u8]) -> Vec<u8> {
    let length = u32::try_from(der.len()).unwrap().to_be_bytes();
    let entry = [&[0, 0, 0, 2, 0, 9][..], b"Corp Root", &[0; 8], b"\0\x05X.509", &length, der];
    let store = [&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1][..], &entry.concat()].concat();
    let password: Vec<u8> = "changeit".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let covered = [&*password, b"Mighty Aphrodite", &store].concat();
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &covered);
    [&*store, digest.as_ref()].concat()
}

#[test]
fn a_fingerprint_picks_its_certificate_or_nothing() {
    let folder = Folder::with_pki();
    let bundle = folder.bundle("all.pem", &["l", "i", "r", "r2"]);
    let (r2, i) = (folder.sha256("r2"), folder.sha256("i"));
    let colons = folder.openssl("x509 -noout -fingerprint -sha256 -in r2.pem");
    let colons = String::from_utf8(colons).unwrap();
    for (store, written) in [("a.p12", &r2), ("b.p12", &r2.to_lowercase()), ("c.p12", &colons)] {
        let (exit, report, told) = folder.add(store, &[&bundle, "--create", "--sha256", written]);
        assert_eq!(exit, 0, "{told}");
        assert_eq!(values(&report, "added", "sha256"), [r2.as_str()]);
    }
    let two = ["--sha256", &r2, "--sha256", &i];
    let (_, report, _) = folder.add("d.p12", &[&[&*bundle, "--create"], &two[..]].concat());
    assert_eq!(values(&report, "added", "sha256"), [i.clone(), r2.clone()]);
    let zeros = "0".repeat(64);
    let (exit, _, told) =
        folder.add("e.p12", &[&bundle, "--create", "--sha256", &r2, "--sha256", &zeros]);
    assert_eq!(exit, 5);
    assert!(told.contains(&zeros) && told.contains(&r2) && told.contains(&i), "{told}");
    assert!(!Path::new(&folder.path("e.p12")).exists());
    assert_eq!(folder.add("e.p12", &[&bundle, "--create", "--sha256", "12:34"]).0, 2);
}

#[test]
fn the_roots_of_the_system_go_through_the_sieve() {
    let folder = Folder::with_pki();
    let system = folder.bundle("system.pem", &["r", "l", "r2"]);
    let store = folder.path("s.jks");
    let run = |more: &[&str]| {
        let words = ["trust", "add", "--from-os", "--to", &store, "--create", "--format", "json"];
        let program = Path::new(env!("CARGO_BIN_EXE_sslpoke"));
        let mut command = crate::stage::without_java(program);
        command.args(words).args(more).env("SSL_CERT_FILE", &system).env_remove("SSL_CERT_DIR");
        let output = command.output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    };
    let report = run(&["--dry-run"]);
    assert_eq!(values(&report, "added", "sha256").len(), 2);
    assert_eq!(values(&report, "skipped", "sha256"), [folder.sha256("l")]);
    assert!(!Path::new(&store).exists());
    let report = run(&["--sha256", &folder.sha256("r2")]);
    assert_eq!(values(&report, "added", "sha256"), [folder.sha256("r2")]);
}

/// Makes a store of another root, in the stage's folder.
fn store_without_root(stage: &Stage, folder: &Folder) -> String {
    let store = stage.path("lacking.jks");
    let other = folder.path("r.pem");
    let made = sslpoke(&["trust", "add", &other, "--to", &store, "--create"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    store
}

#[test]
fn s04_a_root_is_written_only_if_it_makes_java_accept_the_server() {
    let (stage, folder) = (Stage::new(), Folder::with_pki());
    let store = store_without_root(&stage, &folder);
    let (root, other) = (stage.path("root.pem"), folder.path("r2.pem"));
    let server = format!("localhost:{}", stage.serve(GOOD));
    let before = fs::read(&store).unwrap();
    let line = ["trust", "add", "--to", &store, "--for", &server];
    // A root that does not help is not written.
    let refused = sslpoke(&[&line[..], &[&other, "--alias", "x"]].concat());
    assert_eq!(refused.status.code(), Some(5));
    let told = stderr(&refused);
    for word in [
        &format!("{server} would still be refused by Java 8, 11, 17:"),
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed",
        &format!("{server} would still be refused by Java 21, 25, 26:"),
        "javax.net.ssl.SSLHandshakeException: (certificate_unknown) PKIX path building failed",
    ] {
        assert!(told.contains(word), "{told}");
    }
    assert!(stdout(&refused).contains("the store is as it was"));
    assert_eq!(fs::read(&store).unwrap(), before);
    // One that does is.
    let dry = sslpoke(&[&line[..], &[&root, "--dry-run"]].concat());
    assert_eq!((dry.status.code(), fs::read(&store).unwrap()), (Some(0), before.clone()));
    let added = sslpoke(&[&line[..], &[&root]].concat());
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    let told = stdout(&added);
    let proven = format!("proven: {server} is accepted by Java 8, 11, 17, 21, 25, 26\n");
    for word in ["alias    stage-root-ca", "backup: ", &proven] {
        assert!(told.contains(word), "{told}");
    }
    let backup = told.lines().find_map(|line| line.strip_prefix("backup: ")).unwrap();
    assert_eq!(fs::read(backup).unwrap(), before);
}

#[test]
fn s04_a_root_that_was_not_needed_is_said_to_be_so() {
    let stage = Stage::new();
    let (root, store) = (stage.path("root.pem"), stage.store());
    let server = format!("localhost:{}", stage.serve(GOOD));
    let line = ["trust", "add", "--to", &store, "--for", &server];
    let again = sslpoke(&[&line[..], &[&root, "--format", "json", "--java", "17.0.15"]].concat());
    assert_eq!(again.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&again.stdout).unwrap();
    let proof = &report["proven"][0];
    assert_eq!(proof["target"], server);
    assert_eq!(proof["accepted"], serde_json::json!(["17.0.15"]));
    assert_eq!(proof["refused"], serde_json::json!([]));
    assert_eq!((&proof["needed"], &report["changed"]), (&Value::Bool(false), &Value::Bool(false)));
}

#[test]
fn s04_a_server_that_is_not_there_keeps_the_store_as_it_was() {
    let (stage, folder) = (Stage::new(), Folder::with_pki());
    let store = store_without_root(&stage, &folder);
    let before = fs::read(&store).unwrap();
    let root = stage.path("root.pem");
    let closed = format!("localhost:{}", closed_port());
    let silent = format!("localhost:{}", scripted(b"", true));
    let plain = format!("localhost:{}", scripted(b"HTTP/1.1 400 Bad Request\r\n\r\n", true));
    for (option, target, exit, word) in [
        ("--for", &closed, 3, "Connection refused"),
        ("--for", &silent, 3, "nothing came in time"),
        ("--for", &plain, 5, "Unsupported or unrecognized SSL message"),
        ("--from", &closed, 3, "Connection refused"),
        ("--from", &plain, 3, "sent no certificate"),
    ] {
        let mut words = vec!["trust", "add", "--to", &store, option, target, "--timeout", "2"];
        let zeros = "0".repeat(64);
        match option {
            "--for" => words.push(&root),
            _ => words.extend(["--sha256", &zeros]),
        }
        let output = sslpoke(&words);
        assert_eq!(output.status.code(), Some(exit), "{words:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(word), "{}", stderr(&output));
        assert_eq!(fs::read(&store).unwrap(), before);
    }
}

#[test]
fn what_a_server_sends_is_added_only_by_its_fingerprint() {
    let (stage, folder) = (Stage::new(), Folder::with_pki());
    let store = store_without_root(&stage, &folder);
    let before = fs::read(&store).unwrap();
    let port = stage.serve(GOOD);
    let server = format!("https://gitlab.example.com:{port}/x");
    let resolve = format!("gitlab.example.com:{port}:127.0.0.1");
    let add = |more: &[&str]| {
        let words = ["trust", "add", "--to", &store, "--from", &server, "--resolve", &resolve];
        sslpoke(&[&words[..], more].concat())
    };
    let told = add(&[]);
    assert_eq!(told.status.code(), Some(2));
    assert!(
        stderr(&told).contains(&format!("sslpoke poke gitlab.example.com:{port} --format json"))
    );
    // The root is not sent; what is sent is named.
    let refused = add(&["--sha256", &"0".repeat(64)]);
    assert_eq!(refused.status.code(), Some(5));
    let told = stderr(&refused);
    assert!(told.contains("did not send the certificate of CN=Stage Root CA"), "{told}");
    let sent: Vec<(&str, &str)> = told
        .lines()
        .filter_map(|line| line.strip_prefix("sslpoke:   ")?.split_once("  "))
        .collect();
    assert_eq!(
        sent.iter().map(|(_, name)| *name).collect::<Vec<_>>(),
        ["CN=Stage Leaf", "CN=Stage Issuing CA"]
    );
    assert_eq!(add(&["--sha256", sent[0].0]).status.code(), Some(5), "a leaf");
    assert_eq!(fs::read(&store).unwrap(), before);
    let added = add(&["--sha256", sent[1].0]);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    assert!(stderr(&added).contains("its root would be better"), "{}", stderr(&added));
    let pinned = add(&["--sha256", sent[0].0, "--pin"]);
    assert_eq!(pinned.status.code(), Some(0), "{}", stderr(&pinned));
    assert!(stdout(&pinned).contains("alias    pinned-stage-leaf-until-20490101"));
}

#[test]
fn a_root_that_is_not_valid_yet_is_added_with_a_warning() {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (params.not_before, params.not_after) = (date_time_ymd(2045, 2, 1), date_time_ymd(2049, 1, 1));
    let folder = Folder::new();
    let root = params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    let (exit, report, _) = folder.add("s.p12", &[&folder.write("root.pem", root), "--create"]);
    assert_eq!(exit, 0);
    assert!(
        report["notes"][0].as_str().unwrap().contains("not valid before 2045-02-01"),
        "{report}"
    );
}

#[test]
fn a_certificate_that_is_there_twice_is_told_of() {
    let folder = Folder::new();
    folder.openssl(ROOT);
    for alias in ["a", "b"] {
        let import = format!("-importcert -noprompt -alias {alias} -file root.pem");
        let made = folder.keytool(&format!("{import} -keystore s.p12 -storepass changeit"));
        if made.is_none() {
            return;
        }
    }
    let before = fs::read(folder.path("s.p12")).unwrap();
    let (exit, report, _) = folder.add("s.p12", &[&folder.path("root.pem")]);
    assert_eq!((exit, values(&report, "unchanged", "alias")), (0, vec!["a".to_owned()]));
    assert!(report["notes"][0].as_str().unwrap().ends_with("more than once, as a, b"), "{report}");
    assert_eq!(fs::read(folder.path("s.p12")).unwrap(), before);
}
