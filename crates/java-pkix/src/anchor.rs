//! Whom Java trusts to begin with.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use pki_types::CertificateDer;

use crate::certificate::Certificate;
use crate::distinguished_name::DistinguishedName;
use crate::exception::JavaException;
use crate::outer_form::normalised;
use crate::profile::{DerWords, Profile};
use crate::rules::Rules;
use crate::tlv::{self, Tlv};

/// A certificate that is trusted for itself, and the name it goes by (an alias, say).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustAnchor {
    /// What the caller calls it.
    pub name: String,
    /// The certificate.
    pub certificate: CertificateDer<'static>,
    /// Whether Java counts it as one of its own: an entry of the runtime's own `cacerts` whose alias contains ` [jdk`.
    pub jdk_ca: bool,
}

/// A set of trust anchors, in the order of the store; read only as far as a verdict needs.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors(Vec<Held>);

/// An anchor, and where its subject and key stand once somebody asked.
#[derive(Clone, Debug)]
struct Held {
    anchor: TrustAnchor,
    /// The certificate in the form that Java keeps, where that is another.
    normalised: Option<Vec<u8>>,
    outline: OnceLock<Option<Outline>>,
}

/// Where things stand in a certificate.
#[derive(Clone, Debug)]
struct Outline {
    subject: Range<usize>,
    key: Range<usize>,
}

impl TrustAnchors {
    /// Returns whether there is no anchor at all: Java then throws before it looks at the chain.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns how many anchors there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the anchors in the order of the store.
    pub fn iter(&self) -> impl Iterator<Item = &TrustAnchor> {
        self.0.iter().map(|held| &held.anchor)
    }

    /// Returns the first anchor that Java's certificate factory cannot read, and what it throws: with such an entry the
    /// whole store does not load.
    pub fn first_unreadable(&self, rules: &Rules) -> Option<(&TrustAnchor, JavaException)> {
        self.0.iter().find_map(|held| {
            // The lengths of the original decide, for releases that want the shortest.
            let profile = rules.profile();
            let der = match profile.der_words {
                DerWords::Legacy if held.anchor.certificate.get(1) != Some(&0x80) => {
                    &held.anchor.certificate
                }
                DerWords::Legacy | DerWords::Current => held.der(),
            };
            let fault = Certificate::parse(der, profile).err()?;
            Some((&held.anchor, fault))
        })
    }

    /// Returns the anchor that is this very certificate.
    pub(crate) fn find(&self, der: &[u8]) -> Option<&TrustAnchor> {
        self.0.iter().find(|held| held.der() == der).map(|held| &held.anchor)
    }

    /// Returns the anchors with this subject, read; one of each certificate.
    pub(crate) fn with_subject<'a>(
        &'a self,
        subject: &DistinguishedName<'_>,
        profile: &Profile,
    ) -> Vec<Anchor<'a>> {
        let mut found: Vec<Anchor<'a>> = Vec::new();
        for held in self.0.iter().filter(|held| held.has_subject(subject, profile)) {
            let is_new = found.iter().all(|anchor| anchor.certificate.der != held.der());
            if let (true, Ok(certificate)) = (is_new, Certificate::parse(held.der(), profile)) {
                found.push(Anchor { held: &held.anchor, certificate });
            }
        }
        found
    }

    /// Returns whether some anchor has this subject and this very key.
    pub(crate) fn has_key(&self, certificate: &Certificate<'_>, profile: &Profile) -> bool {
        self.0.iter().any(|held| {
            held.key().is_some_and(|key| key == certificate.key_encoded)
                && held.has_subject(&certificate.subject, profile)
        })
    }

    /// Returns whether some anchor has this subject.
    pub(crate) fn has_subject(&self, subject: &DistinguishedName<'_>, profile: &Profile) -> bool {
        self.0.iter().any(|held| held.has_subject(subject, profile))
    }
}

/// An anchor that was read.
#[derive(Clone, Debug)]
pub(crate) struct Anchor<'a> {
    /// What the caller gave.
    pub(crate) held: &'a TrustAnchor,
    /// Its certificate.
    pub(crate) certificate: Certificate<'a>,
}

impl Held {
    fn of(anchor: TrustAnchor) -> Self {
        let form = normalised(&anchor.certificate);
        let is_same = matches!(form, Cow::Borrowed(same) if same.len() == anchor.certificate.len());
        let normalised = (!is_same).then(|| form.into_owned());
        Self { anchor, normalised, outline: OnceLock::new() }
    }

    fn der(&self) -> &[u8] {
        self.normalised.as_deref().unwrap_or(&self.anchor.certificate)
    }

    fn outline(&self) -> Option<&Outline> {
        self.outline.get_or_init(|| outline(self.der())).as_ref()
    }

    fn key(&self) -> Option<&[u8]> {
        self.der().get(self.outline()?.key.clone())
    }

    fn has_subject(&self, subject: &DistinguishedName<'_>, profile: &Profile) -> bool {
        let own = self.outline().and_then(|outline| self.der().get(outline.subject.clone()));
        let Some(own) = own else { return false };
        if own == subject.encoded() {
            return true;
        }
        if !subject.may_equal(own) {
            return false;
        }
        let read = tlv::read_ber(own).map(|(value, _)| DistinguishedName::parse(value, profile));
        matches!(read, Ok(Ok(own)) if own == *subject)
    }
}

/// Finds subject and key in a certificate, in the order of RFC 5280, section 4.1.
fn outline(der: &[u8]) -> Option<Outline> {
    let certificate = tlv::read_ber(der).ok()?.0;
    let signed = tlv::read_ber(certificate.content).ok()?.0;
    let mut rest = signed.content;
    let mut next = || -> Option<Tlv<'_>> {
        let (value, after) = tlv::read_ber(rest).ok()?;
        rest = after;
        Some(value)
    };
    if next()?.tag & 0xdf == 0x80 {
        next()?;
    }
    let (_algorithm, _issuer, _validity) = (next()?, next()?, next()?);
    let (subject, key) = (next()?, next()?);
    let end = der.len().checked_sub(certificate.whole.len()).map(|_| certificate.whole.len())?;
    let signed_end = end.checked_sub(certificate.content.len())?.checked_add(signed.whole.len())?;
    let after_key = signed_end.checked_sub(rest.len())?;
    let key_start = after_key.checked_sub(key.whole.len())?;
    let subject_start = key_start.checked_sub(subject.whole.len())?;
    Some(Outline { subject: subject_start..key_start, key: key_start..after_key })
}

impl FromIterator<TrustAnchor> for TrustAnchors {
    fn from_iter<I: IntoIterator<Item = TrustAnchor>>(anchors: I) -> Self {
        Self(anchors.into_iter().map(Held::of).collect())
    }
}
