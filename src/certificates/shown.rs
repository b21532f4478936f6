//! A certificate as people read it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pki_types::CertificateDer;
use ring::digest::{SHA256, digest};
use x509_parser::objects::{oid_registry, oid2abbrev};
use x509_parser::oid_registry::{Oid, OidRegistry};
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate, X509Name};

/// A certificate as people read it. It decides nothing: verdicts are `java-pkix`'s.
pub(crate) struct Shown<'a>(pub(super) X509Certificate<'a>);

impl<'a> Shown<'a> {
    /// Parses a certificate, if it can be.
    pub(crate) fn of(certificate: &'a CertificateDer<'_>) -> Option<Self> {
        X509Certificate::from_der(certificate).ok().map(|(_, parsed)| Self(parsed))
    }

    pub(crate) fn subject(&self) -> String {
        name(self.0.subject())
    }

    pub(crate) fn issuer(&self) -> String {
        name(self.0.issuer())
    }

    /// Returns the subject's DER.
    pub(crate) fn subject_der(&self) -> &[u8] {
        self.0.subject().as_raw()
    }

    /// Returns the issuer's DER.
    pub(crate) fn issuer_der(&self) -> &[u8] {
        self.0.issuer().as_raw()
    }

    /// Returns the DER of the key (`SubjectPublicKeyInfo`).
    pub(crate) fn public_key_der(&self) -> &[u8] {
        self.0.public_key().raw
    }

    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject_der() == self.issuer_der()
    }

    /// Returns whether the certificate says of itself that it is a certification authority's.
    pub(crate) fn is_authority(&self) -> bool {
        self.0.is_ca()
    }

    /// Returns the first common name of the subject, or else its organizational unit or organization.
    pub(crate) fn short_name(&self) -> Option<String> {
        let subject = self.0.subject();
        let mut names = subject
            .iter_common_name()
            .chain(subject.iter_organizational_unit())
            .chain(subject.iter_organization());
        names.find_map(|attribute| attribute.as_str().ok()).map(printable)
    }

    /// Returns whether the key is one of RSA.
    pub(crate) fn has_rsa_key(&self) -> bool {
        let key = self.0.public_key().algorithm.algorithm.to_id_string();
        [RSA_ENCRYPTION, RSASSA_PSS].contains(&key.as_str())
    }

    /// Returns the dates in seconds since 1970-01-01T00:00:00Z.
    pub(crate) fn validity(&self) -> (i64, i64) {
        let validity = self.0.validity();
        (validity.not_before.timestamp(), validity.not_after.timestamp())
    }

    /// Returns the names that the certificate is for: those in `subjectAltName`, or else the common name.
    pub(crate) fn names(&self) -> Vec<String> {
        let alternative = self.0.subject_alternative_name().ok().flatten();
        let names: Vec<String> = alternative
            .iter()
            .flat_map(|extension| &extension.value.general_names)
            .filter_map(general_name)
            .collect();
        if !names.is_empty() {
            return names;
        }
        let common = self.0.subject().iter_common_name();
        common.filter_map(|name| name.as_str().ok()).map(|name| format!("CN={name}")).collect()
    }

    /// Returns where the issuer's certificate can be fetched (RFC 5280, section 4.2.2.1).
    pub(crate) fn issuer_url(&self) -> Option<String> {
        let extensions = self.0.extensions().iter();
        let mut descriptions = extensions.flat_map(|held| {
            if let ParsedExtension::AuthorityInfoAccess(access) = held.parsed_extension() {
                access.accessdescs.as_slice()
            } else {
                &[]
            }
        });
        descriptions.find_map(|description| {
            let is_issuer = description.access_method.to_id_string() == CA_ISSUERS;
            if let GeneralName::URI(url) = &description.access_location
                && is_issuer
            {
                return Some((*url).to_owned());
            }
            None
        })
    }
}

/// `id-ad-caIssuers`.
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";

pub(super) fn general_name(name: &GeneralName<'_>) -> Option<String> {
    if let GeneralName::DNSName(name) = name {
        return Some((*name).to_owned());
    }
    if let GeneralName::IPAddress(bytes) = name { address(bytes) } else { None }
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(v4).to_string());
    }
    let v6 = <[u8; 16]>::try_from(bytes).ok()?;
    Some(std::net::Ipv6Addr::from(v6).to_string())
}

/// Returns a name in DER as people read it; in hexadecimal digits where it is none.
pub(crate) fn name_of(der: &[u8]) -> String {
    match X509Name::from_der(der) {
        Ok((_, parsed)) => printable(&name(&parsed)),
        Err(_) => der.iter().map(|byte| format!("{byte:02X}")).collect(),
    }
}

/// Writes a distinguished name most specific part first, as RFC 4514 does and as Java shows it.
fn name(name: &X509Name<'_>) -> String {
    let mut parts: Vec<String> = name
        .iter_rdn()
        .map(|part| {
            let held: Vec<String> = part
                .iter()
                .map(|attribute| {
                    let value = attribute.as_str().unwrap_or("?");
                    format!("{}={}", kind(attribute.attr_type()), printable(value))
                })
                .collect();
            held.join("+")
        })
        .collect();
    parts.reverse();
    parts.join(", ")
}

/// Names a kind of attribute. The registry, which is long, is made only where the usual short names do not do.
fn kind(oid: &Oid<'_>) -> String {
    let short = oid2abbrev(oid, &OidRegistry::default()).map(str::to_owned);
    let named = short.or_else(|_unusual| oid2abbrev(oid, oid_registry()).map(str::to_owned));
    named.unwrap_or_else(|_unknown| oid.to_id_string())
}

/// Keeps a peer's text from steering the terminal that shows it: control characters, and those that turn the direction or
/// break the line.
pub(crate) fn printable(text: &str) -> String {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if steers(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Returns a certificate's SHA-256 in upper-case hexadecimal digits.
pub(crate) fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    hex(digest(&SHA256, certificate).as_ref())
}

/// Writes a certificate as PEM.
pub(crate) fn pem(certificate: &CertificateDer<'_>) -> String {
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for (place, c) in BASE64_STANDARD.encode(certificate).chars().enumerate() {
        if place > 0 && place % 64 == 0 {
            text.push('\n');
        }
        text.push(c);
    }
    text.push_str("\n-----END CERTIFICATE-----\n");
    text
}

/// Writes bytes in upper-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()));
        }
        text
    })
}

/// Writes a time as RFC 3339 has it, in UTC.
pub(crate) fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |instant| instant.to_string())
}

/// Writes the day of a time in UTC.
pub(crate) fn date(seconds: i64) -> String {
    time(seconds).chars().take_while(|c| *c != 'T').collect()
}
