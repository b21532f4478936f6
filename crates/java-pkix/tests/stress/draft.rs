//! Certificates as drafts: every field as bytes, right until a generator makes it wrong; signed in the end.

use sha1::{Digest, Sha1};

use crate::der::{bits, integer, octets, oid, sequence, set, tlv};
use crate::keys::{Hash, Key};

pub(crate) const DAY: i64 = 86_400;
pub(crate) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub(crate) const KEY_USAGE: &str = "2.5.29.15";
pub(crate) const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
pub(crate) const ALTERNATIVE_NAMES: &str = "2.5.29.17";
pub(crate) const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub(crate) const SUBJECT_KEY: &str = "2.5.29.14";
pub(crate) const AUTHORITY_KEY: &str = "2.5.29.35";

/// An extension.
#[derive(Clone)]
pub(crate) struct Extension {
    pub(crate) oid: String,
    /// The content of the BOOLEAN; none where it is left out.
    pub(crate) critical: Option<u8>,
    pub(crate) value: Vec<u8>,
}

/// A certificate before it is signed; fields hold whole values with tag and length.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    /// Unique identifiers and whatever else stands before the extensions.
    pub(crate) unique: Vec<u8>,
    pub(crate) extensions: Vec<Extension>,
    /// The algorithm outside the signed part, where it is another.
    pub(crate) outer_algorithm: Option<Vec<u8>>,
    /// The digest of the signature over it, whatever `algorithm` says.
    pub(crate) hash: Hash,
    pub(crate) key: Key,
}

impl Draft {
    /// Returns an end entity, or a CA, that is valid around `now`.
    pub(crate) fn new(subject: Vec<u8>, key: Key, is_ca: bool, now: i64) -> Self {
        let mut draft = Self {
            version: tlv(0xa0, &integer(&[2])),
            serial: integer(&[0x11]),
            algorithm: key.algorithm(Hash::Sha256),
            issuer: subject.clone(),
            validity: validity(now - 100 * DAY, now + 300 * DAY),
            subject,
            public_key: key.public(),
            unique: Vec::new(),
            extensions: Vec::new(),
            outer_algorithm: None,
            hash: Hash::Sha256,
            key,
        };
        let true_value: &[u8] = if is_ca { &[1, 1, 0xff] } else { &[] };
        draft.extend(BASIC_CONSTRAINTS, true, sequence(&[true_value]));
        let usage = if is_ca { bits(1, &[0x06]) } else { bits(7, &[0x80]) };
        draft.extend(KEY_USAGE, true, usage);
        draft.extend(SUBJECT_KEY, false, octets(&key_id(&draft.public_key)));
        draft
    }

    /// Sets an extension, in the place of one of the same type.
    pub(crate) fn extend(&mut self, oid: &str, is_critical: bool, value: Vec<u8>) {
        let extension =
            Extension { oid: oid.to_owned(), critical: is_critical.then_some(0xff), value };
        match self.extensions.iter_mut().find(|known| known.oid == oid) {
            Some(known) => *known = extension,
            None => self.extensions.push(extension),
        }
    }

    /// Makes `issuer` the issuer: its name, its key's algorithm and identifier.
    pub(crate) fn issued_by(&mut self, issuer: &Self) {
        self.issuer.clone_from(&issuer.subject);
        self.algorithm = issuer.key.algorithm(self.hash);
        let id = tlv(0x80, &key_id(&issuer.public_key));
        self.extend(AUTHORITY_KEY, false, sequence(&[&id]));
    }

    /// Takes an extension away.
    pub(crate) fn without(&mut self, oid: &str) {
        self.extensions.retain(|known| known.oid != oid);
    }

    /// Returns the part that is signed.
    pub(crate) fn signed_part(&self) -> Vec<u8> {
        let mut extensions = Vec::new();
        for Extension { oid: dotted, critical, value } in &self.extensions {
            let critical = critical.map(|byte| tlv(1, &[byte])).unwrap_or_default();
            extensions.push(sequence(&[&oid(dotted), &critical, &octets(value)]));
        }
        let extensions = match extensions.as_slice() {
            [] => Vec::new(),
            extensions => tlv(0xa3, &tlv(0x30, &extensions.concat())),
        };
        sequence(&[
            &self.version,
            &self.serial,
            &self.algorithm,
            &self.issuer,
            &self.validity,
            &self.subject,
            &self.public_key,
            &self.unique,
            &extensions,
        ])
    }

    /// Returns the certificate, signed by `issuer`'s key over what `signed_part` has become.
    pub(crate) fn signed(&self, signed_part: &[u8], issuer: &Key) -> Vec<u8> {
        let algorithm = self.outer_algorithm.as_ref().unwrap_or(&self.algorithm);
        sequence(&[signed_part, algorithm, &bits(0, &issuer.sign(self.hash, signed_part))])
    }
}

/// Returns the key identifier of RFC 5280: the SHA-1 of the key.
pub(crate) fn key_id(public_key: &[u8]) -> Vec<u8> {
    Sha1::digest(public_key).to_vec()
}

/// Writes a period of validity.
pub(crate) fn validity(from: i64, until: i64) -> Vec<u8> {
    sequence(&[&utc_time(from), &utc_time(until)])
}

/// Writes a `UTCTime`.
pub(crate) fn utc_time(seconds: i64) -> Vec<u8> {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let year = year % 100;
    let text = format!("{year:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    tlv(0x17, text.as_bytes())
}

/// Returns year, month and day of a day since 1970, by counting them off.
fn civil(mut days: i64) -> (i64, i64, i64) {
    let mut year = 1970;
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while days >= 365 + i64::from(is_leap(year)) {
        days -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + i64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

/// An attribute of a name: type, tag of the string, its bytes.
pub(crate) type Attribute = (&'static str, u8, Vec<u8>);

pub(crate) const COMMON_NAME: &str = "2.5.4.3";
pub(crate) const COUNTRY: &str = "2.5.4.6";
pub(crate) const ORGANIZATION: &str = "2.5.4.10";
pub(crate) const UNIT: &str = "2.5.4.11";
pub(crate) const EMAIL: &str = "1.2.840.113549.1.9.1";
pub(crate) const DOMAIN: &str = "0.9.2342.19200300.100.1.25";
pub(crate) const UTF8: u8 = 0x0c;
pub(crate) const PRINTABLE: u8 = 0x13;
pub(crate) const IA5: u8 = 0x16;

/// Writes a name: sets of attributes.
pub(crate) fn name(parts: &[Vec<Attribute>]) -> Vec<u8> {
    let mut sets = Vec::new();
    for part in parts {
        let attributes: Vec<Vec<u8>> = part
            .iter()
            .map(|(kind, tag, value)| sequence(&[&oid(kind), &tlv(*tag, value)]))
            .collect();
        sets.push(set(&attributes.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    }
    tlv(0x30, &sets.concat())
}

/// Returns one attribute that stands alone.
pub(crate) fn attribute(kind: &'static str, tag: u8, value: &str) -> Vec<Attribute> {
    vec![(kind, tag, value.as_bytes().to_vec())]
}

/// Returns the parts of an ordinary name.
pub(crate) fn plain_name(common_name: &str) -> Vec<Vec<Attribute>> {
    vec![
        attribute(COUNTRY, PRINTABLE, "AU"),
        attribute(ORGANIZATION, UTF8, "Example Org"),
        attribute(COMMON_NAME, UTF8, common_name),
    ]
}

/// Writes the extension value of alternative names: whole `GeneralName`s.
pub(crate) fn names(names: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &names.concat())
}

/// Writes a `dNSName`.
pub(crate) fn dns(name: &str) -> Vec<u8> {
    tlv(0x82, name.as_bytes())
}
