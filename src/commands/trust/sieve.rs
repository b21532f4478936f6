//! Which of the certificates that are handed over may become anchors.

use pki_types::CertificateDer;

use crate::certificates::{Shown, date, fingerprint};
use crate::report::CertificateSkipped;

/// A certificate that may become an anchor.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) sha256: String,
    /// The name that it suggests for its entry.
    pub(super) name: String,
}

/// Decides about a certificate: CA certificates may, and with `pins` others, too, while they are valid.
pub(super) fn sift(
    certificate: &CertificateDer<'static>,
    pins: bool,
    now: i64,
) -> Result<Wanted, CertificateSkipped> {
    let sha256 = fingerprint(certificate);
    let skipped = |subject: String, why: String| {
        Err(CertificateSkipped { subject, sha256: sha256.clone(), why })
    };
    let Some(shown) = Shown::of(certificate) else {
        return skipped("?".to_owned(), "it cannot be parsed".to_owned());
    };
    let (_, until) = shown.validity();
    if until < now {
        let why = format!("it expired on {}; ask for the one that took its place", date(until));
        return skipped(shown.subject(), why);
    }
    // A root of version 1 has no extension that could say what it is.
    let is_old_root = shown.is_without_extensions() && shown.is_self_issued();
    let is_authority = shown.is_authority() || is_old_root;
    if !is_authority && !pins {
        let why = format!(
            "it is no CA certificate, so it would stop working on {}; add the root of its issuer, \
             {}, or take it all the same with --pin",
            date(until),
            shown.issuer()
        );
        return skipped(shown.subject(), why);
    }
    let name = slug(&shown.short_name().unwrap_or_default());
    let name = match (name.is_empty(), is_authority) {
        (true, _) => sha256.to_lowercase().chars().take(16).collect(),
        (false, true) => name,
        (false, false) => format!("pinned-{name}-until-{}", date(until).replace('-', "")),
    };
    Ok(Wanted { certificate: certificate.clone(), sha256, name })
}

/// Makes a name of letters, digits and hyphens; Java compares names in lower case.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_alphanumeric() || c == '.' || c == '_' {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_spaces_and_no_upper_case() {
        for (text, expected) in [
            ("Example Corp Root CA", "example-corp-root-ca"),
            ("  A (B)  ", "a-b"),
            ("git.example.com", "git.example.com"),
            ("Größe", "größe"),
            ("--", ""),
        ] {
            assert_eq!(slug(text), expected);
        }
    }
}
