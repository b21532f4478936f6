//! Findings about TLS that is opened on the way: a proxy or a filter that shows certificates of its own.
//!
//! A private CA is no sign of it: only the names that products give their own CAs are, or two ways that show two issuers.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use pki_types::CertificateDer;

use super::near_miss::is_public_path;
use super::{Evidence, Finding, Severity};
use crate::certificates::{Shown, issuer_of};

/// What the CAs of products are called that open TLS: a part of an issuer's name in lower case, and the product.
const PRODUCTS: [(&str, &str); 34] = [
    ("zscaler", "Zscaler"),
    ("netskope", "Netskope"),
    ("goskope", "Netskope"),
    ("blue coat", "Blue Coat ProxySG"),
    ("bluecoat", "Blue Coat ProxySG"),
    ("fortigate", "FortiGate"),
    ("fortinet", "Fortinet"),
    ("palo alto networks", "Palo Alto Networks"),
    ("globalprotect", "Palo Alto Networks"),
    ("cisco umbrella", "Cisco Umbrella"),
    ("cisco web security", "Cisco Web Security"),
    ("ironport", "Cisco IronPort"),
    ("check point", "Check Point"),
    ("forcepoint", "Forcepoint"),
    ("websense", "Forcepoint"),
    ("mcafee web gateway", "McAfee Web Gateway"),
    ("skyhigh", "Skyhigh Secure Web Gateway"),
    ("barracuda", "Barracuda"),
    ("sophos", "Sophos"),
    ("watchguard", "WatchGuard"),
    ("sonicwall", "SonicWall"),
    ("iboss", "iboss"),
    ("menlo security", "Menlo Security"),
    ("cato networks", "Cato Networks"),
    ("gateway ca - cloudflare", "Cloudflare Gateway"),
    ("squid", "Squid"),
    ("pfsense", "pfSense"),
    ("mitmproxy", "mitmproxy"),
    ("charles proxy", "Charles"),
    ("fiddler", "Fiddler"),
    ("portswigger", "Burp"),
    ("kaspersky", "Kaspersky"),
    ("eset ssl filter", "ESET"),
    ("avast", "Avast"),
];

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some((product, issuer)) = suspect(evidence) else { return Vec::new() };
    let trusted = evidence.observation.is_some_and(|seen| seen.outcome.is_ok());
    let severity = if trusted { Severity::Note } else { Severity::Warning };
    let on_the_way = match &evidence.way.proxy {
        Some(proxy) => format!("the proxy {proxy}"),
        None => "something on the way".to_owned(),
    };
    let what = format!("{on_the_way} replaces the certificate: the issuer is {issuer} ({product})");
    vec![
        Finding::new("tls-inspection-suspected", severity, what)
            .because("such products open TLS and show certificates of a CA of their own; whoever holds its key reads all that Java sends")
            .repaired_by("ask whoever runs it to leave this host alone, or add its root, if that is meant to be, after comparing the fingerprint with theirs"),
    ]
}

/// Returns whether the chain seems to be that of somebody on the way.
pub(crate) fn is_suspected(evidence: &Evidence<'_>) -> bool {
    suspect(evidence).is_some() || differs_by_way(evidence)
}

/// Names the product whose CA has issued the chain, and that CA.
fn suspect(evidence: &Evidence<'_>) -> Option<(&'static str, String)> {
    let chain = &evidence.observation?.chain;
    let suspected = chain.iter().find_map(of_certificate)?;
    let is_public = evidence.parameters.as_ref().is_some_and(|held| is_public_path(chain, held));
    (!is_public).then_some(suspected)
}

fn of_certificate(certificate: &CertificateDer<'_>) -> Option<(&'static str, String)> {
    // Hardly any issuer bears the name of a product.
    if !mentions_product(issuer_of(certificate)?) {
        return None;
    }
    let issuer = Shown::of(certificate)?.issuer();
    let lower = issuer.to_lowercase();
    let found = PRODUCTS.iter().find(|(part, _)| lower.contains(part));
    found.map(|(_, product)| (*product, issuer))
}

/// Returns whether a name holds that of a product, in a string of one or two octets a character.
fn mentions_product(name: &[u8]) -> bool {
    let mut lower = name.to_vec();
    lower.retain(|octet| *octet != 0);
    lower.make_ascii_lowercase();
    MENTIONS.iter().any(|product| product.find(&lower).is_some())
}

/// Finds the names of products.
static MENTIONS: LazyLock<Vec<Finder<'_>>> =
    LazyLock::new(|| PRODUCTS.iter().map(|(part, _)| Finder::new(part)).collect());

/// Whether the way through the proxy shows another issuer than the straight one.
pub(super) fn differs_by_way(evidence: &Evidence<'_>) -> bool {
    let issuer = |chain: &[CertificateDer<'_>]| Some(Shown::of(chain.first()?)?.issuer());
    let mine = evidence.observation.and_then(|seen| issuer(&seen.chain));
    let other = evidence.compared.and_then(|held| issuer(&held.observation.as_ref()?.chain));
    matches!((mine, other), (Some(mine), Some(other)) if mine != other)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;

    #[test]
    fn a_product_is_known_by_its_ca_and_a_private_ca_is_none() {
        for (name, expected) in [
            ("Zscaler Intermediate Root CA (zscaler.net)", Some("Zscaler")),
            ("FortiGate CA", Some("FortiGate")),
            ("caadmin.netskope.com", Some("Netskope")),
            ("Example Corp Root CA", None),
            ("GitLab Proxy CA", None),
            ("Corporate Gateway CA", None),
        ] {
            let mut params = CertificateParams::default();
            params.distinguished_name.push(DnType::CommonName, name);
            let key = KeyPair::generate().unwrap();
            let certificate = params.self_signed(&key).unwrap();
            let found = of_certificate(certificate.der()).map(|(product, _)| product);
            assert_eq!(found, expected, "{name}");
        }
    }
}
