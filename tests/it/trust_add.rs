//! `trust add` as an admin meets it: what is handed over, which of it becomes an anchor, and what the store is afterwards.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::stage::{sslpoke, stderr};

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
    let (_, plain) = folder.added(&[&folder.path("root.pem")]);
    let plain = plain.unwrap();
    for (what, bytes) in [
        ("der", der.clone()),
        ("p7b.pem", folder.openssl("crl2pkcs7 -nocrl -certfile root.pem")),
        ("p7b.der", folder.openssl("crl2pkcs7 -nocrl -certfile root.pem -outform DER")),
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
