//! Whom Java trusts to begin with.

use std::ops::Range;
use std::sync::OnceLock;

use pki_types::CertificateDer;

use crate::anchor_index::AnchorIndex;
use crate::ber::Conversions;
use crate::block::{Block, first_block};
use crate::certificate::{Certificate, sha256};
use crate::der::{Reader, Value};
use crate::distinguished_name::DistinguishedName;
use crate::exception::JavaException;
use crate::profile::Profile;
use crate::rules::Rules;

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

impl TrustAnchor {
    /// Makes an anchor that is none of Java's own.
    pub fn new(name: impl Into<String>, certificate: CertificateDer<'static>) -> Self {
        Self { name: name.into(), certificate, jdk_ca: false }
    }
}

/// A set of trust anchors, in the order of the store; read only as far as a verdict needs.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors {
    held: Vec<Held>,
    /// Made when somebody first looks for an anchor.
    index: OnceLock<AnchorIndex>,
}

/// An anchor, and where its subject and key stand once somebody asked.
#[derive(Clone, Debug)]
struct Held {
    anchor: TrustAnchor,
    /// The certificate as Java keeps it, where that is not what the caller gave.
    block: Option<Vec<u8>>,
    conversions: Conversions,
    outline: OnceLock<Option<Outline>>,
    sha256: OnceLock<[u8; 32]>,
}

/// Where things stand in a certificate.
#[derive(Clone, Debug)]
struct Outline {
    subject: Place,
    key: Place,
}

/// Where a value stands.
#[derive(Clone, Debug)]
enum Place {
    Within(Range<usize>),
    /// Java rewrote it.
    Apart(Vec<u8>),
}

impl Place {
    fn of(value: Value<'_>, der: &[u8]) -> Self {
        value.range_in(der).map_or_else(|| Self::Apart(value.encoded().to_vec()), Self::Within)
    }

    fn encoded<'a>(&'a self, der: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::Within(range) => der.get(range.clone()),
            Self::Apart(encoded) => Some(encoded),
        }
    }
}

impl TrustAnchors {
    /// Returns whether there is no anchor at all: Java then throws before it looks at the chain.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Returns how many anchors there are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Returns the anchors in the order of the store.
    pub fn iter(&self) -> impl Iterator<Item = &TrustAnchor> {
        self.held.iter().map(|held| &held.anchor)
    }

    /// Returns the first anchor that Java's certificate factory cannot read, and what it throws: with such an entry the
    /// whole store does not load.
    pub fn first_unreadable(&self, rules: &Rules) -> Option<(&TrustAnchor, JavaException)> {
        self.held.iter().find_map(|held| {
            let fault = check_readable(&held.anchor.certificate, rules).err()?;
            Some((&held.anchor, fault))
        })
    }

    /// Returns the anchor that is this very certificate.
    pub(crate) fn find(&self, der: &[u8]) -> Option<&TrustAnchor> {
        let places = self.index().with_certificate(der);
        let mut held = places.filter_map(|place| self.held.get(place));
        held.find(|held| held.der() == der).map(|held| &held.anchor)
    }

    /// Returns the anchors with this subject, read; one of each certificate.
    pub(crate) fn with_subject<'a>(
        &'a self,
        subject: &DistinguishedName<'_>,
        profile: &Profile,
    ) -> Vec<Anchor<'a>> {
        let mut found: Vec<Anchor<'a>> = Vec::new();
        for held in self.candidates(subject).filter(|held| held.has_subject(subject, profile)) {
            let is_new = found.iter().all(|anchor| anchor.certificate.der != held.der());
            if let (true, Ok(certificate)) =
                (is_new, Certificate::parse(held.der(), &held.conversions, profile))
            {
                let certificate = certificate.with_sha256(*held.sha256());
                found.push(Anchor { held: &held.anchor, certificate });
            }
        }
        found
    }

    /// Returns whether some anchor has this subject and this very key.
    pub(crate) fn has_key(&self, certificate: &Certificate<'_>, profile: &Profile) -> bool {
        self.candidates(&certificate.subject).any(|held| {
            held.key().is_some_and(|key| key == certificate.key_encoded)
                && held.has_subject(&certificate.subject, profile)
        })
    }

    /// Returns whether some anchor has this subject.
    pub(crate) fn has_subject(&self, subject: &DistinguishedName<'_>, profile: &Profile) -> bool {
        self.candidates(subject).any(|held| held.has_subject(subject, profile))
    }

    /// Returns the anchors that may have this subject, in the order of the store.
    fn candidates(&self, subject: &DistinguishedName<'_>) -> impl Iterator<Item = &Held> {
        let places = self.index().with_name(subject.encoded());
        let all = if places.is_none() { self.held.as_slice() } else { &[] };
        let some = places.into_iter().flatten().filter_map(|place| self.held.get(place));
        all.iter().chain(some)
    }

    fn index(&self) -> &AnchorIndex {
        self.index.get_or_init(|| {
            AnchorIndex::of(self.held.iter().map(|held| (held.der(), held.subject())))
        })
    }
}

/// Checks that Java's certificate factory can read a certificate: a store with one that it can't does not load.
///
/// # Errors
///
/// Returns what Java throws.
pub fn check_readable(
    certificate: &CertificateDer<'_>,
    rules: &Rules,
) -> Result<(), JavaException> {
    Block::first(certificate)?.certificate(rules.profile()).map(|_| ())
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
    fn der(&self) -> &[u8] {
        self.block.as_deref().unwrap_or(&self.anchor.certificate)
    }

    fn outline(&self) -> Option<&Outline> {
        self.outline.get_or_init(|| outline(self.der(), &self.conversions)).as_ref()
    }

    fn sha256(&self) -> &[u8; 32] {
        self.sha256.get_or_init(|| sha256(self.der()))
    }

    fn key(&self) -> Option<&[u8]> {
        self.outline()?.key.encoded(self.der())
    }

    /// Returns the encoding of its subject.
    fn subject(&self) -> Option<&[u8]> {
        self.outline()?.subject.encoded(self.der())
    }

    fn has_subject(&self, subject: &DistinguishedName<'_>, profile: &Profile) -> bool {
        let Some(own) = self.subject() else { return false };
        if own == subject.encoded() {
            return true;
        }
        let read = Reader::new(own, profile)
            .converting(&self.conversions)
            .value()
            .and_then(|value| DistinguishedName::parse(value, profile));
        read.is_ok_and(|own| own == *subject)
    }
}

/// Finds subject and key in a certificate, in the order of RFC 5280, section 4.1.
fn outline(der: &[u8], conversions: &Conversions) -> Option<Outline> {
    let profile = Profile::newest();
    let certificate = Reader::new(der, profile).converting(conversions).value().ok()?;
    let mut reader = certificate.reader(profile).value().ok()?.reader(profile);
    let mut next = || reader.value().ok();
    if next()?.tag & 0xdf == 0x80 {
        next()?;
    }
    let (_algorithm, _issuer, _validity) = (next()?, next()?, next()?);
    let (subject, key) = (Place::of(next()?, der), Place::of(next()?, der));
    Some(Outline { subject, key })
}

impl FromIterator<TrustAnchor> for TrustAnchors {
    fn from_iter<I: IntoIterator<Item = TrustAnchor>>(anchors: I) -> Self {
        let held = |anchor: TrustAnchor| {
            let block = match first_block(&anchor.certificate) {
                Ok(block) if *block != *anchor.certificate => Some(block.into_owned()),
                Ok(_) | Err(_) => None,
            };
            let (outline, sha256) = (OnceLock::new(), OnceLock::new());
            Held { anchor, block, conversions: Conversions::default(), outline, sha256 }
        };
        Self { held: anchors.into_iter().map(held).collect(), index: OnceLock::new() }
    }
}
