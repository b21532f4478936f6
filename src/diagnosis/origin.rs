//! Whose a root is: the vendor's who put the store together, or the organisation's.

use java_pkix::Fitness;
use pki_types::CertificateDer;

use super::public_roots::SHIPPED;
use crate::certificates::{Shown, fingerprint};

const JDK: &str = " [jdk";
const DEBIAN: &str = "debian:";

/// Returns the mark that a vendor sets in an alias.
pub(super) fn mark(alias: &str) -> Option<&'static str> {
    if alias.contains(JDK) {
        Some(JDK)
    } else if alias.starts_with(DEBIAN) {
        Some(DEBIAN)
    } else {
        None
    }
}

/// Says why a root counts as public, if it does.
pub(super) fn is_public(certificate: &CertificateDer<'_>) -> Option<&'static str> {
    if SHIPPED.binary_search(&fingerprint(certificate).as_str()).is_ok() {
        return Some("vendors of Java shipped it");
    }
    let shown = Shown::of(certificate)?;
    let (subject, key) = (contents(shown.subject_der())?, contents(shown.public_key_der())?);
    let is_known = webpki_roots::TLS_SERVER_ROOTS.iter().any(|root| {
        root.subject.as_ref() == subject && root.subject_public_key_info.as_ref() == key
    });
    is_known.then_some("Mozilla trusts it")
}

/// Returns whether Java has a policy of distrust for the root, which it has for public ones only.
pub(super) fn is_distrusted(fitness: &Fitness) -> bool {
    fitness.distrust.is_some()
}

/// Returns what is inside a DER element.
pub(super) fn contents(element: &[u8]) -> Option<&[u8]> {
    match element {
        [_, length, rest @ ..] if *length < 0x80 => Some(rest),
        [_, 0x81, _, rest @ ..] | [_, 0x82, _, _, rest @ ..] => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_without_duplicates() {
        assert!(SHIPPED.is_sorted_by(|one, other| one < other));
    }
}
