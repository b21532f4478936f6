//! Mozilla's roots, built in, as trust anchors.
//!
//! `webpki-roots` keeps the subject and the key of each root, not its certificate. Java's verdict looks at little
//! else of an anchor, so each root is wrapped into a minimal v3 CA certificate with the SHA-1 of its key as
//! `SubjectKeyIdentifier`. It is unsigned and is never shown as the root's own certificate: its bytes, serial number,
//! dates and fingerprint mean nothing.

use java_pkix::{TrustAnchor, TrustAnchors};
use pki_types::CertificateDer;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// `[0] { INTEGER 2 }`: version 3; then serial number 1.
const VERSION_AND_SERIAL: &[u8] = &[0xa0, 3, 2, 1, 2, 2, 1, 1];
/// `sha256WithRSAEncryption`, a placeholder as the signature is.
const SIGNATURE_ALGORITHM: &[u8] =
    &[0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0];
/// 1970-01-01 to 9999-12-31: Java does not look at an anchor's dates.
const VALIDITY: &[u8] = b"\x30\x20\x17\x0d700101000000Z\x18\x0f99991231235959Z";
/// `BasicConstraints`, critical: `cA TRUE`.
const BASIC_CONSTRAINTS: &[u8] =
    &[0x30, 15, 6, 3, 0x55, 0x1d, 0x13, 1, 1, 0xff, 4, 5, 0x30, 3, 1, 1, 0xff];
/// A `SubjectKeyIdentifier` of 20 bytes, up to these bytes.
const KEY_IDENTIFIER: &[u8] = &[0x30, 29, 6, 3, 0x55, 0x1d, 0x0e, 4, 22, 4, 20];

/// Returns Mozilla's roots. Java counts the roots that it ships as its own, so these count as such.
pub(crate) fn anchors() -> TrustAnchors {
    webpki_roots::TLS_SERVER_ROOTS
        .iter()
        .enumerate()
        .map(|(number, root)| TrustAnchor {
            name: format!("mozilla-{} [jdk]", number + 1),
            certificate: wrapped(&root.subject, &root.subject_public_key_info),
            jdk_ca: true,
        })
        .collect()
}

/// Wraps the contents of a subject and of a key into a CA certificate.
fn wrapped(subject: &[u8], key: &[u8]) -> CertificateDer<'static> {
    let (subject, key_info) = (element(0x30, &[subject]), element(0x30, &[key]));
    let identifier = digest(&SHA1_FOR_LEGACY_USE_ONLY, key);
    let extensions = element(0x30, &[BASIC_CONSTRAINTS, KEY_IDENTIFIER, identifier.as_ref()]);
    let extensions = element(0xa3, &[&extensions]);
    let fields = [
        VERSION_AND_SERIAL,
        SIGNATURE_ALGORITHM,
        &subject,
        VALIDITY,
        &subject,
        &key_info,
        &extensions,
    ];
    let to_be_signed = element(0x30, &fields);
    element(0x30, &[&to_be_signed, SIGNATURE_ALGORITHM, &[3, 2, 0, 0]]).into()
}

/// Writes a DER element around the parts of its contents.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let bytes = length.to_be_bytes();
    let significant: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut element = vec![tag];
    match (length, u8::try_from(significant.len())) {
        (0..0x80, _) => element.push(significant.first().copied().unwrap_or(0)),
        (_, Ok(count)) => {
            element.push(0x80 | count);
            element.extend(significant);
        }
        (_, Err(_)) => {}
    }
    for part in parts {
        element.extend_from_slice(part);
    }
    element
}

#[cfg(test)]
mod tests {
    use x509_parser::prelude::*;

    use super::*;

    #[test]
    fn every_root_is_wrapped_into_a_ca_certificate_with_its_own_subject_and_key() {
        let anchors = anchors();
        assert_eq!(anchors.iter().count(), webpki_roots::TLS_SERVER_ROOTS.len());
        for (anchor, root) in anchors.iter().zip(webpki_roots::TLS_SERVER_ROOTS) {
            let (rest, certificate) = X509Certificate::from_der(&anchor.certificate).unwrap();
            assert!(rest.is_empty());
            assert!(certificate.is_ca());
            assert!(certificate.subject().as_raw().ends_with(&root.subject));
            assert!(certificate.public_key().raw.ends_with(&root.subject_public_key_info));
            assert_eq!(certificate.version(), X509Version::V3);
        }
    }
}
