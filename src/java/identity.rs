//! Which client certificate Java shows, and with which scheme it signs: JSSE's key managers and what asks them.
//!
//! Found out by experiment with 8u504, 11.0.33, 17.0.19, 21.0.13, 25.0.5 and 26.0.2 before `openssl s_server`.

use std::sync::{Mutex, PoisonError};

use handshake_probe::{CertificateRequest, Choice, Credentials, Identity, Offer, ProtocolVersion};
use java_pkix::{JavaException, Profile, Rules, canonical_name};

use super::client_key::{ClientKey, Suits};
use super::exception::alerted;

/// What holds the client's keys (`ssl.KeyManagerFactory.algorithm`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyManager {
    /// `SunX509`: the first alias of a fitting key, in the order of a hash table.
    SunX509,
    /// `SunX509` since 26: the alias that suits best.
    CheckingSunX509,
    /// `PKIX`: the alias that suits best, in the order of the store.
    Pkix,
}

/// The keys of the key store, in the order in which the store lists them, and who chooses among them.
#[derive(Clone, Debug)]
pub(crate) struct ClientKeys {
    pub(crate) manager: KeyManager,
    pub(crate) keys: Vec<ClientKey>,
}

impl ClientKeys {
    /// Returns the first key of an algorithm that the release does not know, with the name that it has for it.
    pub(super) fn of_unknown_algorithm(&self, rules: &Rules) -> Option<(String, &'static str)> {
        let feature = rules.recorded_as().feature;
        let key = self.keys.iter().find(|key| key.algorithm == "EdDSA").filter(|_| feature < 17)?;
        let name = match (key.signs_with_edwards(0x0807), feature) {
            (true, ..11) => "1.3.101.112",
            (false, ..11) => "1.3.101.113",
            (true, _) => "Ed25519",
            (false, _) => "Ed448",
        };
        Some((key.alias.clone(), name))
    }
}

/// Answers as a Java runtime that holds these keys, and keeps what it decided.
#[derive(Debug)]
pub(crate) struct JavaIdentity {
    keys: ClientKeys,
    offer: Offer,
    profile: Profile,
    feature: u16,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    now: i64,
    decision: Mutex<Option<Decision>>,
}

/// What was decided, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Decision {
    /// This alias was shown.
    Shown(String),
    /// Nothing fits: each alias with the reason.
    NothingFits(Vec<(String, Unfit)>),
    /// The peer takes no signature scheme that Java makes.
    NoScheme,
    /// The key was chosen before it was known that it cannot sign with what the peer takes.
    CannotSign { alias: String, algorithm: &'static str },
    /// Java would sign, and here are no means to.
    NoMeans(String),
}

/// Why a key is not shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unfit {
    /// The peer takes no such key.
    KeyType,
    /// No certificate of its chain is from an authority that the peer names.
    Issuer,
    /// A certificate of its chain is signed with what the peer does not take.
    Signature,
    /// It could not be unsealed.
    Sealed,
}

impl JavaIdentity {
    pub(crate) fn new(keys: ClientKeys, offer: Offer, rules: &Rules, now: i64) -> Self {
        Self {
            keys,
            offer,
            profile: *rules.profile(),
            feature: rules.recorded_as().feature,
            now,
            decision: Mutex::default(),
        }
    }

    /// Returns what was decided, if the peer asked.
    pub(crate) fn decision(&self) -> Option<Decision> {
        self.decision.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn decide(&self, asked: &CertificateRequest<'_>) -> (Decision, Choice) {
        let wanted = Wanted::of(asked, &self.offer, self.feature);
        if asked.protocol == ProtocolVersion::Tls12
            && (wanted.handshake.is_empty() || wanted.certificates.is_empty())
        {
            return (Decision::NoScheme, Choice::Refuse { alert: "handshake_failure" });
        }
        let names = asked.authorities.iter();
        let authorities: Vec<String> =
            names.filter_map(|name| canonical_name(name, &self.profile)).collect();
        let Some(key) = self.choose(&wanted, &authorities) else {
            return (self.nothing_fits(&wanted, &authorities), Choice::Nothing);
        };
        if !key.is_unsealed {
            let sealed = vec![(key.alias.clone(), Unfit::Sealed)];
            return (Decision::NothingFits(sealed), Choice::Nothing);
        }
        let refuse = Choice::Refuse { alert: "internal_error" };
        let scheme = if asked.protocol < ProtocolVersion::Tls12 {
            Some(0)
        } else {
            wanted.handshake.iter().copied().find(|scheme| self.can_sign(key, *scheme))
        };
        let alias = key.alias.clone();
        match (scheme, &key.signing) {
            (None, _) => (Decision::CannotSign { alias, algorithm: key.algorithm }, refuse),
            (Some(_), None) => (Decision::NoMeans(alias), refuse),
            (Some(scheme), Some(signing)) => {
                let credentials =
                    Credentials { chain: key.chain.clone(), key: signing.clone(), scheme };
                (Decision::Shown(alias), Choice::Credentials(credentials))
            }
        }
    }

    /// Chooses among the keys as the key manager does.
    fn choose(&self, wanted: &Wanted, authorities: &[String]) -> Option<&ClientKey> {
        let now = self.now.div_euclid(1000);
        let fits = |key: &&ClientKey| self.unfit(key, wanted, authorities).is_none();
        let place = |key: &ClientKey| wanted.key_types.iter().position(|t| *t == key.algorithm);
        let rank = |key: &&ClientKey| (key.suits(now), place(key));
        match self.keys.manager {
            KeyManager::SunX509 => {
                let fitting: Vec<&ClientKey> = self.hashed().into_iter().filter(fits).collect();
                let of_type = |t: &&str| fitting.iter().find(|key| key.algorithm == *t).copied();
                wanted.key_types.iter().find_map(of_type)
            }
            KeyManager::CheckingSunX509 => self.hashed().into_iter().filter(fits).min_by_key(rank),
            // 8 and 11 ask for one type after the other.
            KeyManager::Pkix if self.feature < 17 => wanted.key_types.iter().find_map(|t| {
                let of_type = |key: &&ClientKey| key.algorithm == *t && fits(key);
                self.keys.keys.iter().filter(of_type).min_by_key(rank)
            }),
            KeyManager::Pkix => {
                let fitting: Vec<&ClientKey> = self.keys.keys.iter().filter(fits).collect();
                let well = |key: &&&ClientKey| key.suits(now) == Suits::Well;
                let preferred = fitting.iter().filter(well).find(|key| place(key) == Some(0));
                let preferred = preferred.or_else(|| fitting.iter().find(well)).copied();
                preferred.or_else(|| fitting.into_iter().min_by_key(rank))
            }
        }
    }

    fn unfit(&self, key: &ClientKey, wanted: &Wanted, authorities: &[String]) -> Option<Unfit> {
        let checks = self.keys.manager != KeyManager::SunX509 && wanted.has_schemes;
        if !wanted.key_types.contains(&key.algorithm) {
            Some(Unfit::KeyType)
        } else if !key.is_issued_by(authorities) {
            Some(Unfit::Issuer)
        } else if checks && !key.is_signed_with(&wanted.certificates) {
            Some(Unfit::Signature)
        } else {
            None
        }
    }

    fn nothing_fits(&self, wanted: &Wanted, authorities: &[String]) -> Decision {
        let unfit =
            |key: &ClientKey| Some((key.alias.clone(), self.unfit(key, wanted, authorities)?));
        Decision::NothingFits(self.keys.keys.iter().filter_map(unfit).collect())
    }

    /// Returns the keys in the order in which a `java.util.HashMap` has their aliases.
    fn hashed(&self) -> Vec<&ClientKey> {
        let mut keys: Vec<&ClientKey> = self.keys.keys.iter().collect();
        let mut buckets = 16_u32;
        while u32::try_from(keys.len()).unwrap_or(u32::MAX) > buckets / 4 * 3 && buckets < 1 << 30 {
            buckets *= 2;
        }
        keys.sort_by_key(|key| spread_hash(&key.alias) & (buckets - 1));
        keys
    }

    /// Whether Java signs with that key by that scheme, which it permits.
    fn can_sign(&self, key: &ClientKey, scheme: u16) -> bool {
        if key_type(scheme) != Some(key.algorithm) {
            return false;
        }
        match scheme {
            0x0403 => key.group == Some(0x0017),
            0x0503 => key.group == Some(0x0018),
            0x0603 => key.group == Some(0x0019),
            0x0203 | 0x0303 => key.group.is_some_and(|group| self.offer.groups.contains(&group)),
            0x0807 | 0x0808 => key.signs_with_edwards(scheme),
            _ => key.rsa_bits.is_none_or(|bits| bits >= smallest_key(scheme)),
        }
    }
}

impl Identity for JavaIdentity {
    fn choose(&self, asked: &CertificateRequest<'_>) -> Choice {
        let (decision, choice) = self.decide(asked);
        *self.decision.lock().unwrap_or_else(PoisonError::into_inner) = Some(decision);
        choice
    }
}

impl Decision {
    /// Returns what Java throws, if it ends the handshake itself.
    pub(crate) fn exception(&self, rules: &Rules) -> Option<JavaException> {
        match self {
            Self::NoScheme => {
                Some(alerted("handshake_failure", "No supported signature algorithm", rules))
            }
            Self::CannotSign { algorithm, .. } => {
                let message = format!(
                    "No supported CertificateVerify signature algorithm for {algorithm}  key"
                );
                Some(alerted("internal_error", &message, rules))
            }
            Self::Shown(_) | Self::NothingFits(_) | Self::NoMeans(_) => None,
        }
    }
}

/// What the peer takes of what Java has.
struct Wanted {
    /// The types of key, most wanted first.
    key_types: Vec<&'static str>,
    /// The schemes that the handshake may be signed with.
    handshake: Vec<u16>,
    /// The schemes that certificates may be signed with.
    certificates: Vec<u16>,
    /// Whether the peer named schemes: before TLS 1.2 it does not.
    has_schemes: bool,
}

impl Wanted {
    fn of(asked: &CertificateRequest<'_>, offer: &Offer, feature: u16) -> Self {
        let is_13 = asked.protocol == ProtocolVersion::Tls13;
        let among = |asked: &[u16], offered: &[u16], fits: fn(u16) -> bool| -> Vec<u16> {
            let schemes = asked.iter().copied();
            let is_known = |s: u16| offered.contains(&s) || (feature < 11 && is_edwards(s));
            schemes.filter(|s| is_known(*s) && (!is_13 || fits(*s))).collect()
        };
        let handshake = among(asked.schemes, &offer.signature_schemes, signs_tls13);
        let apart = Some(asked.certificate_schemes).filter(|apart| !apart.is_empty());
        let certificates = among(
            apart.unwrap_or(asked.schemes),
            &offer.certificate_signature_schemes,
            certifies_tls13,
        );
        let of_types = types(asked.types, feature);
        if asked.protocol < ProtocolVersion::Tls12 {
            let key_types = distinct(of_types.into_iter());
            return Self { key_types, handshake, certificates, has_schemes: false };
        }
        let signs = |t: &&'static str| handshake.iter().any(|s| key_type(*s) == Some(*t));
        let admits = |t: &&'static str| {
            is_13
                || of_types.contains(t)
                || (feature >= 17 && *t == "RSASSA-PSS" && of_types.contains(&"RSA"))
        };
        let all = certificates.iter().filter_map(|scheme| key_type(*scheme));
        let key_types = distinct(all).into_iter().filter(signs).filter(admits).collect();
        Self { key_types, handshake, certificates, has_schemes: true }
    }
}

/// Whether 8 knows the scheme by name, though it has no such keys: it then shows no certificate.
fn is_edwards(scheme: u16) -> bool {
    matches!(scheme, 0x0807 | 0x0808)
}

fn distinct(all: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

/// Returns the types of key behind the types of certificate (RFC 5246, section 7.4.4; RFC 8422, section 5.5).
fn types(asked: &[u8], feature: u16) -> Vec<&'static str> {
    let of = |asked: &u8| -> &[&'static str] {
        match asked {
            1 => &["RSA"],
            2 => &["DSA"],
            64 if feature >= 17 => &["EC", "EdDSA"],
            64 => &["EC"],
            _ => &[],
        }
    };
    asked.iter().flat_map(of).copied().collect()
}

/// Returns the algorithm of the keys that sign with a scheme.
fn key_type(scheme: u16) -> Option<&'static str> {
    match scheme {
        0x0804..=0x0806 => Some("RSA"),
        0x0809..=0x080b => Some("RSASSA-PSS"),
        0x0807 | 0x0808 => Some("EdDSA"),
        _ => match scheme.to_be_bytes() {
            [1..=6, 1] => Some("RSA"),
            [1..=6, 2] => Some("DSA"),
            [1..=6, 3] => Some("EC"),
            _ => None,
        },
    }
}

/// Whether a handshake of TLS 1.3 is signed with the scheme.
fn signs_tls13(scheme: u16) -> bool {
    matches!(scheme, 0x0403 | 0x0503 | 0x0603 | 0x0804..=0x080b)
}

/// Whether certificates under TLS 1.3 are.
fn certifies_tls13(scheme: u16) -> bool {
    signs_tls13(scheme) || matches!(scheme, 0x0401 | 0x0501 | 0x0601 | 0x0201 | 0x0203)
}

/// How long an RSA key must be for a scheme (`SignatureScheme.minimalKeySize`).
fn smallest_key(scheme: u16) -> usize {
    match scheme {
        0x0804 | 0x0809 => 528,
        0x0805 | 0x080a => 784,
        0x0806 | 0x080b => 1040,
        0x0501 | 0x0601 => 768,
        _ => 511,
    }
}

/// `String.hashCode()`, spread as `java.util.HashMap` does.
fn spread_hash(text: &str) -> u32 {
    let hash = text
        .encode_utf16()
        .fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(protocol: ProtocolVersion, types: &[u8], schemes: &[u16], feature: u16) -> Wanted {
        let all = vec![0x0403, 0x0804, 0x0809, 0x0807, 0x0401, 0x0402];
        let offer = Offer {
            signature_schemes: all.clone(),
            certificate_signature_schemes: [all, vec![0x0201]].concat(),
            ..Offer::default()
        };
        let asked = CertificateRequest {
            protocol,
            types,
            schemes,
            certificate_schemes: &[],
            authorities: &[],
        };
        Wanted::of(&asked, &offer, feature)
    }

    #[test]
    fn the_peers_list_of_schemes_orders_the_types_of_key() {
        use ProtocolVersion::{Tls10, Tls12, Tls13};
        for (protocol, types, schemes, feature, expected) in [
            (Tls12, &[1, 2, 64][..], &[0x0403, 0x0804, 0x0402][..], 17, &["EC", "RSA", "DSA"][..]),
            (Tls12, &[1, 2, 64], &[0x0401, 0x0403], 17, &["RSA", "EC"]),
            // A type that is not asked for falls away, and SHA-1 alone signs nothing.
            (Tls12, &[1], &[0x0403, 0x0804], 17, &["RSA"]),
            (Tls12, &[1, 64], &[0x0201, 0x0403], 17, &["EC"]),
            // 8 and 11 take RSASSA-PSS keys under TLS 1.3 only.
            (Tls12, &[1], &[0x0809], 17, &["RSASSA-PSS"]),
            (Tls12, &[1], &[0x0809], 11, &[]),
            (Tls13, &[], &[0x0809], 11, &["RSASSA-PSS"]),
            // In TLS 1.3 PKCS #1 gives RSA its place, if PSS is there to sign with; DSA has none.
            (Tls13, &[], &[0x0401, 0x0403, 0x0804], 17, &["RSA", "EC"]),
            (Tls13, &[], &[0x0401, 0x0403, 0x0402], 17, &["EC"]),
            (Tls10, &[2, 1, 64, 1], &[], 8, &["DSA", "RSA", "EC"]),
            (Tls10, &[64], &[], 17, &["EC", "EdDSA"]),
        ] {
            let found = wanted(protocol, types, schemes, feature).key_types;
            assert_eq!(found, expected, "{protocol:?} {types:?} {schemes:04x?} {feature}");
        }
    }

    /// The order of `new HashMap<String, …>` with these keys, as 17.0.19 walks it.
    #[test]
    fn aliases_come_in_the_order_of_a_hash_map() {
        let bucket = |alias: &str| spread_hash(alias) & 15;
        let mut aliases = ["exp", "seku", "kenc", "ceku", "rsa"];
        aliases.sort_by_key(|alias| bucket(alias));
        // Recorded: of exp and ceku it was ceku, of exp, seku and kenc it was seku, of exp, seku and rsa it was rsa.
        let place = |alias: &str| aliases.iter().position(|held| *held == alias).unwrap();
        assert!(place("ceku") < place("exp"));
        assert!(place("seku") < place("exp") && place("seku") < place("kenc"));
        assert!(place("rsa") < place("seku") && place("rsa") < place("exp"));
    }
}
