//! Key exchange groups: which a release knows, and of which a key share goes out at once.

use java_pkix::{GroupNames, Rules};

use super::release::Release;

/// A named group of `sun.security.ssl.NamedGroup`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Group {
    pub(super) code: u16,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The size that `keySize` in a property of disabled algorithms means.
    bits: u32,
    /// How Java describes a curve that newer releases still list and no longer make keys on.
    pub(super) forsaken: Option<&'static str>,
}

/// What keys of a group are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A curve with an equation of Weierstrass.
    Curve,
    /// X25519 or X448.
    Montgomery,
    /// A finite field.
    Field,
    /// A curve and a lattice.
    Hybrid,
}

impl Group {
    /// Returns the group of a name in `jdk.tls.namedGroups`.
    fn named(name: &str, release: Release) -> Option<Self> {
        let is_it = |group: &&Self| {
            group.name == name || !release.minds_case() && group.name.eq_ignore_ascii_case(name)
        };
        GROUPS.iter().find(is_it).copied()
    }

    /// Returns whether TLS 1.3 has it.
    pub(super) fn is_of_tls13(self) -> bool {
        self.forsaken.is_none()
    }

    /// Returns whether TLS 1.3 alone has it.
    pub(super) fn wants_tls13(self) -> bool {
        self.kind == Kind::Hybrid
    }
}

/// No name in `jdk.tls.namedGroups` is a group that Java has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct NoNamedGroup(pub(super) String);

/// Returns the groups of a release, or those of `jdk.tls.namedGroups`, most wanted first.
///
/// # Errors
///
/// The property's value, if it names none that the release has.
pub(super) fn configured(
    property: Option<&str>,
    release: Release,
) -> Result<Vec<Group>, NoNamedGroup> {
    let Some(list) = property.filter(|list| !list.is_empty()) else {
        let usual = USUAL.iter().filter_map(|name| Group::named(name, release));
        return Ok(usual.filter(|group| release.has(*group)).collect());
    };
    let unquoted = list.strip_prefix('"').and_then(|list| list.strip_suffix('"')).unwrap_or(list);
    let named = unquoted.split(',').filter_map(|name| Group::named(name.trim(), release));
    let named: Vec<Group> = named.filter(|group| release.has(*group)).collect();
    if named.is_empty() { Err(NoNamedGroup(list.to_owned())) } else { Ok(named) }
}

/// Returns those groups that the rules leave.
pub(super) fn permitted(groups: &[Group], rules: &Rules) -> Vec<Group> {
    groups.iter().filter(|group| is_permitted(**group, rules)).copied().collect()
}

fn is_permitted(group: Group, rules: &Rules) -> bool {
    let (algorithm, bits) = match group.kind {
        Kind::Curve => ("EC", Some(group.bits)),
        Kind::Montgomery => ("XDH", None),
        Kind::Field => ("DiffieHellman", Some(group.bits)),
        Kind::Hybrid => (group.name, None),
    };
    rules.permits_group(&GroupNames { name: group.name, algorithm, bits })
}

/// Returns the groups of which a key share goes out: the first, and since 17 the next of another kind.
pub(super) fn shares(groups: &[Group], release: Release) -> Vec<Group> {
    let Some(first) = groups.first() else { return Vec::new() };
    let second = groups.iter().find(|group| group.kind != first.kind);
    let second = second.filter(|_| release.sends_two_shares());
    [first].into_iter().chain(second).copied().collect()
}

/// What releases offer, as far as they have it.
const USUAL: [&str; 11] = [
    "X25519MLKEM768",
    "x25519",
    "secp256r1",
    "secp384r1",
    "secp521r1",
    "x448",
    "ffdhe2048",
    "ffdhe3072",
    "ffdhe4096",
    "ffdhe6144",
    "ffdhe8192",
];

const fn group(code: u16, name: &'static str, kind: Kind, bits: u32) -> Group {
    Group { code, name, kind, bits, forsaken: None }
}

const fn forsaken(code: u16, name: &'static str, bits: u32, described: &'static str) -> Group {
    Group { forsaken: Some(described), ..group(code, name, Kind::Curve, bits) }
}

const GROUPS: [Group; 33] = [
    forsaken(0x01, "sect163k1", 163, "sect163k1 [NIST K-163] (1.3.132.0.1)"),
    forsaken(0x02, "sect163r1", 162, "sect163r1 (1.3.132.0.2)"),
    forsaken(0x03, "sect163r2", 163, "sect163r2 [NIST B-163] (1.3.132.0.15)"),
    forsaken(0x04, "sect193r1", 193, "sect193r1 (1.3.132.0.24)"),
    forsaken(0x05, "sect193r2", 193, "sect193r2 (1.3.132.0.25)"),
    forsaken(0x06, "sect233k1", 232, "sect233k1 [NIST K-233] (1.3.132.0.26)"),
    forsaken(0x07, "sect233r1", 233, "sect233r1 [NIST B-233] (1.3.132.0.27)"),
    forsaken(0x08, "sect239k1", 238, "sect239k1 (1.3.132.0.3)"),
    forsaken(0x09, "sect283k1", 281, "sect283k1 [NIST K-283] (1.3.132.0.16)"),
    forsaken(0x0a, "sect283r1", 282, "sect283r1 [NIST B-283] (1.3.132.0.17)"),
    forsaken(0x0b, "sect409k1", 407, "sect409k1 [NIST K-409] (1.3.132.0.36)"),
    forsaken(0x0c, "sect409r1", 409, "sect409r1 [NIST B-409] (1.3.132.0.37)"),
    forsaken(0x0d, "sect571k1", 570, "sect571k1 [NIST K-571] (1.3.132.0.38)"),
    forsaken(0x0e, "sect571r1", 570, "sect571r1 [NIST B-571] (1.3.132.0.39)"),
    forsaken(0x0f, "secp160k1", 161, "secp160k1 (1.3.132.0.9)"),
    forsaken(0x10, "secp160r1", 161, "secp160r1 (1.3.132.0.8)"),
    forsaken(0x11, "secp160r2", 161, "secp160r2 (1.3.132.0.30)"),
    forsaken(0x12, "secp192k1", 192, "secp192k1 (1.3.132.0.31)"),
    forsaken(
        0x13,
        "secp192r1",
        192,
        "secp192r1 [NIST P-192,X9.62 prime192v1] (1.2.840.10045.3.1.1)",
    ),
    forsaken(0x14, "secp224k1", 225, "secp224k1 (1.3.132.0.32)"),
    forsaken(0x15, "secp224r1", 224, "secp224r1 [NIST P-224] (1.3.132.0.33)"),
    forsaken(0x16, "secp256k1", 256, "secp256k1 (1.3.132.0.10)"),
    group(0x17, "secp256r1", Kind::Curve, 256),
    group(0x18, "secp384r1", Kind::Curve, 384),
    group(0x19, "secp521r1", Kind::Curve, 521),
    group(0x1d, "x25519", Kind::Montgomery, 255),
    group(0x1e, "x448", Kind::Montgomery, 448),
    group(0x100, "ffdhe2048", Kind::Field, 2048),
    group(0x101, "ffdhe3072", Kind::Field, 3072),
    group(0x102, "ffdhe4096", Kind::Field, 4096),
    group(0x103, "ffdhe6144", Kind::Field, 6144),
    group(0x104, "ffdhe8192", Kind::Field, 8192),
    group(0x11ec, "X25519MLKEM768", Kind::Hybrid, 0),
];
