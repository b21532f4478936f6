//! What people hand over as a certificate, and what it is taken for.

use rcgen::{CertificateParams, DnType, KeyPair};

use super::*;

fn root() -> (Vec<u8>, String, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Example Root");
    let root = params.self_signed(&key).unwrap();
    (root.der().to_vec(), root.pem(), key)
}

fn base64(bytes: &[u8]) -> String {
    ::base64::Engine::encode(&::base64::prelude::BASE64_STANDARD, bytes)
}

/// Wraps bytes into an element of indefinite length, as BER allows.
fn indefinite(tag: u8, contents: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], contents, &[0, 0]].concat()
}

/// Makes a degenerate `SignedData` (RFC 5652, section 5.1) of indefinite length around certificates.
fn ber_pkcs7(certificates: &[u8]) -> Vec<u8> {
    let data = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    let signed_data = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
    let parts = [
        &[2, 1, 1, 0x31, 0],
        &*indefinite(0x30, &data),
        &indefinite(0xa0, certificates),
        &[0x31, 0],
    ];
    let content = indefinite(0xa0, &indefinite(0x30, &parts.concat()));
    indefinite(0x30, &[&signed_data[..], &content].concat())
}

#[test]
fn a_certificate_is_found_whatever_is_around_it() {
    let (der, pem, key) = root();
    let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| {
        text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()
    };
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let with_addition = {
        let body = base64(&[der.as_slice(), &[0x30, 0x03, 0x02, 0x01, 0x00]].concat());
        format!("-----BEGIN TRUSTED CERTIFICATE-----\n{body}\n-----END TRUSTED CERTIFICATE-----\n")
    };
    let each = |before: &str, after: &str| -> Vec<u8> {
        pem.lines().map(|line| format!("{before}{line}{after}\n")).collect::<String>().into_bytes()
    };
    let mut store = java_keystore::KeyStore::new(java_keystore::Format::Jks);
    let (alias, created) = (java_keystore::Alias::new("a"), java_keystore::Timestamp(0));
    store.trust(&alias, &CertificateDer::from(der.clone()), created).unwrap();
    let jks = |password: &str| store.write(Some(&java_keystore::Password::new(password))).unwrap();
    for (what, bytes) in [
        ("DER", der.clone()),
        ("DER and a line end", [der.as_slice(), b"\r\n"].concat()),
        ("PKCS #7 in BER", ber_pkcs7(&der)),
        ("PEM", pem.clone().into_bytes()),
        ("CRLF", pem.replace('\n', "\r\n").into_bytes()),
        ("CR", pem.replace('\n', "\r").into_bytes()),
        ("no line end", pem.trim_end().as_bytes().to_vec()),
        ("one line", pem.replace('\n', "").into_bytes()),
        ("byte order mark", [b"\xef\xbb\xbf", pem.as_bytes()].concat()),
        ("UTF-16LE", utf16(&format!("\u{feff}{pem}"), u16::to_le_bytes)),
        ("UTF-16BE", utf16(&format!("\u{feff}{pem}"), u16::to_be_bytes)),
        ("UTF-16LE without mark", utf16(&pem, u16::to_le_bytes)),
        ("UTF-16BE without mark", utf16(&pem, u16::to_be_bytes)),
        ("text around", format!("subject=x\n---\n{pem}\nThe BEGIN of all\n").into_bytes()),
        ("text that begins like DER", format!("0 s:CN = x\n{pem}").into_bytes()),
        ("Windows-1252", [b"Gr\xfc\xdfe\n", pem.as_bytes()].concat()),
        ("NUL after it", [pem.as_bytes(), b"\0\0"].concat()),
        ("indented", each("    ", "")),
        ("cited", each("> ", "")),
        ("program text", each("  \"", "\\n\" +")),
        ("JSON", format!("{{\"ca\":\"{}\"}}", pem.replace('\n', "\\n")).into_bytes()),
        ("PHP's JSON", pem.replace('\n', "\\r\\n").replace('/', "\\/").into_bytes()),
        ("dashes", pem.replace("-----", "\u{2014}\u{2013}").into_bytes()),
        ("bare base64", body.clone().into_bytes()),
        ("bare base64 with line ends", each("", "\r").into_iter().collect()),
        ("trusted", with_addition.into_bytes()),
        ("key before", format!("{}{pem}", key.serialize_pem()).into_bytes()),
        ("JKS", jks("changeit")),
        ("JKS with another password", jks("other")),
    ] {
        let found = read(&bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(found.certificates, [CertificateDer::from(der.clone())], "{what}");
        let others = usize::from(what == "key before");
        assert_eq!(found.others.len(), others, "{what}: {:?}", found.others);
    }
}

#[test]
fn base64_is_found_among_other_things() {
    let (der, pem, _) = root();
    let (plain, secret) = (base64(&der), base64(pem.as_bytes()));
    let lines: String =
        pem.lines().filter(|line| !line.starts_with('-')).map(|line| format!("{line}\n")).collect();
    for text in [
        secret.clone(),
        format!("kind: Secret\ndata:\n  ca.crt: {secret}\n  x: eA==\n"),
        format!("{{\"x5c\":[\"{plain}\"],\"kty\":\"EC\"}}"),
        format!("<a:X509Certificate>\n{lines}</a:X509Certificate>"),
    ] {
        let found = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found.certificates, [CertificateDer::from(der.clone())], "{text}");
    }
}

#[test]
fn a_bundle_keeps_its_order() {
    let (first, first_pem, _) = root();
    let (second, second_pem, _) = root();
    let both = [CertificateDer::from(first.clone()), CertificateDer::from(second.clone())];
    let found = read(format!("{first_pem}{second_pem}").as_bytes()).unwrap();
    assert_eq!(found.certificates, both);
    assert_eq!(read(&[&*first, &second].concat()).unwrap().certificates, both);
    assert_eq!(read(&[&*first, b"\n", &second].concat()).unwrap().certificates, both);
    assert_eq!(read(&ber_pkcs7(&[first, second].concat())).unwrap().certificates, both);
}

#[test]
fn what_is_no_certificate_is_named() {
    let (der, pem, key) = root();
    let request = CertificateParams::new(Vec::new()).unwrap().serialize_request(&key).unwrap();
    let cut = pem.get(..pem.len() - 40).unwrap();
    let third = pem.lines().nth(2).unwrap();
    let length = der.len();
    let cut_der = format!("it is cut short: what begins at byte 0 is {length} bytes long, and 100");
    for (bytes, expected) in [
        (b"".to_vec(), "the file is empty"),
        (b" \n".to_vec(), "the file is empty"),
        (key.serialize_pem().into_bytes(), "this is a private key"),
        (key.serialize_der(), "this is a private key"),
        (request.pem().unwrap().into_bytes(), "this is a certificate signing request"),
        (request.der().to_vec(), "this is a certificate signing request"),
        (key.public_key_pem().into_bytes(), "this is a public key"),
        (b"<!DOCTYPE html>\n<html><body>Log in</body></html>".to_vec(), "this is a page of HTML"),
        (b"HTTP/1.1 302 Found\r\n\r\n<HTML>".to_vec(), "this is a page of HTML"),
        (b"ssh-ed25519 AAAAC3NzaC1lZDI1 me@here".to_vec(), "this is a public key for SSH"),
        (
            b"-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----".to_vec(),
            "this is something of PGP",
        ),
        (vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], "this is a key store, damaged at byte 8"),
        (vec![0, 0, 0, 2, 0, 0, 0, 20, 1, 2], "this is a key store of Bouncy Castle"),
        (b"PK\x03\x04\x14\0\0\0".to_vec(), "this is an archive"),
        (b"hello".to_vec(), "this is something without a certificate"),
        (vec![0, 1, 2, 0, 0], "this is something without a certificate"),
        (cut.as_bytes().to_vec(), "the PEM block that begins in line 1 is damaged: it has no end"),
        (
            format!("a\n{cut}\n{pem}").into_bytes(),
            "the PEM block that begins in line 2 is damaged: it has no end",
        ),
        (
            pem.replace(third, &third.replacen(|c: char| c.is_ascii_digit(), "*", 1)).into_bytes(),
            "the PEM block that begins in line 1 is damaged: line 3 is no base64",
        ),
        (
            format!("\n\n{}", pem.replace(third, "")).into_bytes(),
            "the PEM block that begins in line 3 is damaged: it is cut short",
        ),
        (der.get(..100).unwrap().to_vec(), cut_der.as_str()),
    ] {
        let error = read(&bytes).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error:?} for {expected:?}");
    }
}

#[test]
fn hostile_bytes_take_no_time() {
    let nested = [0x30, 0x80].repeat(1 << 16);
    let begins = "-----BEGIN CERTIFICATE-----\n".repeat(1 << 16);
    let blocks = "-----BEGIN X-----\n-----END X-----\n".repeat(1 << 16);
    let start = std::time::Instant::now();
    for bytes in [nested.as_slice(), begins.as_bytes(), blocks.as_bytes(), &[0x30; 1 << 20]] {
        assert!(read(bytes).is_err());
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
