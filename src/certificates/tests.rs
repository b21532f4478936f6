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

#[test]
fn a_certificate_is_found_whatever_is_around_it() {
    let (der, pem, key) = root();
    let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect::<Vec<u8>>()
    };
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let with_addition = {
        let bytes = [der.as_slice(), &[0x30, 0x03, 0x02, 0x01, 0x00]].concat();
        let body = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes);
        format!("-----BEGIN TRUSTED CERTIFICATE-----\n{body}\n-----END TRUSTED CERTIFICATE-----\n")
    };
    let indented: String = pem.lines().map(|line| format!("    {line}\n")).collect();
    for (what, bytes) in [
        ("DER", der.clone()),
        ("DER and a line end", [der.as_slice(), b"\r\n"].concat()),
        ("PEM", pem.clone().into_bytes()),
        ("CRLF", pem.replace('\n', "\r\n").into_bytes()),
        ("no line end", pem.trim_end().as_bytes().to_vec()),
        ("one line", pem.replace('\n', "").into_bytes()),
        ("byte order mark", [b"\xef\xbb\xbf", pem.as_bytes()].concat()),
        ("UTF-16LE", utf16(&pem, u16::to_le_bytes)),
        ("UTF-16BE", utf16(&pem, u16::to_be_bytes)),
        ("text around", format!("subject=x\n---\n{pem}\nThe BEGIN of all\n").into_bytes()),
        ("indented", indented.into_bytes()),
        ("dashes", pem.replace("-----", "\u{2014}\u{2013}").into_bytes()),
        ("bare base64", body.into_bytes()),
        ("trusted", with_addition.into_bytes()),
        ("key before", format!("{}{pem}", key.serialize_pem()).into_bytes()),
    ] {
        let found = read(&bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(found.certificates, [CertificateDer::from(der.clone())], "{what}");
    }
}

#[test]
fn a_bundle_keeps_its_order() {
    let (first, first_pem, _) = root();
    let (second, second_pem, _) = root();
    let both = [CertificateDer::from(first.clone()), CertificateDer::from(second.clone())];
    let found = read(format!("{first_pem}{second_pem}").as_bytes()).unwrap();
    assert_eq!(found.certificates, both);
    assert_eq!(read(&[first, second].concat()).unwrap().certificates, both);
}

#[test]
fn what_is_no_certificate_is_named() {
    let (der, pem, key) = root();
    let request = CertificateParams::new(Vec::new()).unwrap().serialize_request(&key).unwrap();
    let cut = pem.get(..pem.len() - 40).unwrap();
    for (bytes, expected) in [
        (b"".to_vec(), "the file is empty"),
        (b" \n".to_vec(), "the file is empty"),
        (key.serialize_pem().into_bytes(), "this is a private key"),
        (key.serialize_der(), "this is a private key"),
        (request.pem().unwrap().into_bytes(), "this is a certificate signing request"),
        (request.der().to_vec(), "this is a certificate signing request"),
        (b"<!DOCTYPE html>\n<html><body>Log in</body></html>".to_vec(), "this is a page of HTML"),
        (vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], "this is a Java key store"),
        (b"hello".to_vec(), "no certificate in it"),
        (vec![0, 1, 2, 0, 0], "no certificate in it"),
        (cut.as_bytes().to_vec(), "the PEM block that begins in line 1 has no end"),
        (pem.replace("MII", "M*I").into_bytes(), "the PEM block that begins in line 1 is damaged"),
        (der.get(..100).unwrap().to_vec(), "at byte 0: no certificate"),
    ] {
        let error = read(&bytes).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error:?} for {expected:?}");
    }
}
