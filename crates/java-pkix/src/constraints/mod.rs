//! What a runtime forbids to sign with: `jdk.certpath.disabledAlgorithms`, `jdk.tls.disabledAlgorithms`, the session.

mod answers;
mod condition;
mod decompose;
mod disabled;
mod hello;
mod path;
mod schemes;
mod session;

pub(crate) use disabled::DisabledAlgorithms;
pub use hello::{GroupNames, SuiteNames};
pub(crate) use path::PathAlgorithms;
pub(crate) use session::{PathOrigin, SessionAlgorithms};

pub(crate) use schemes::{OfferedSchemes, known_schemes};

use crate::distinguished_name::DistinguishedName;
use crate::public_key::PublicKey;
use crate::signature::SignatureAlgorithm;
use crate::verdict::Reason;

/// The side of a path certificate that algorithm constraints look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Examined<'a> {
    /// How the certificate is signed.
    pub(crate) signature: &'a SignatureAlgorithm,
    /// Its own key.
    pub(crate) key: &'a PublicKey,
    /// `X509Certificate.getKeyUsage()`, digitalSignature first.
    pub(crate) key_usage: Option<[bool; 9]>,
    /// Whose it is.
    pub(crate) subject: &'a DistinguishedName<'a>,
}

/// The side of an anchor that algorithm constraints look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnchorKey<'a> {
    /// Its key.
    pub(crate) key: &'a PublicKey,
    /// Whether Java counts it as one of its own.
    pub(crate) jdk_ca: bool,
}

/// Why a certificate may not stand on a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ConstraintFault {
    /// The message of the `CertPathValidatorException`.
    pub(crate) text: String,
    /// Why in the crate's terms: the alert depends on it.
    pub(crate) reason: Reason,
}

impl ConstraintFault {
    fn constrained(text: impl Into<String>) -> Self {
        Self { text: text.into(), reason: Reason::AlgorithmDisabled }
    }

    fn no_parameters(text: &str) -> Self {
        Self { text: text.to_owned(), reason: Reason::SignatureUnsupported }
    }

    fn signature_algorithm(name: &str) -> Self {
        Self::constrained(format!(
            "Algorithm constraints check failed on signature algorithm: {name}"
        ))
    }
}

/// Checks that a keyUsage allows anything at all; encipherOnly and decipherOnly alone do not count.
fn check_key_usage(key_usage: Option<[bool; 9]>) -> Result<(), ConstraintFault> {
    match key_usage {
        Some([false, false, false, false, false, false, false, _, _]) => Err(ConstraintFault {
            text: "incorrect KeyUsage extension bits".to_owned(),
            reason: Reason::EmptyKeyUsage,
        }),
        Some(_) | None => Ok(()),
    }
}

/// Writes the size of a key as Java does: -1 where it has none.
fn size_text(key: &PublicKey) -> String {
    key.bits().map_or_else(|| "-1".to_owned(), |bits| bits.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Protocol;
    use crate::profile::Profile;
    use crate::release::JavaRelease;
    use crate::rules::Rules;
    use crate::signature::recorded::{Parts, parts};
    use crate::signature::verify;
    use std::collections::BTreeMap;

    const CHAINS: &str = include_str!("../../../../fixtures/constraints/chains.txt");
    const PROPERTIES: &str = include_str!("../../../../fixtures/constraints/properties.txt");
    const ANSWERS: &str = include_str!("../../../../fixtures/constraints/java.txt");
    /// When the answers were recorded.
    const NOW: i64 = 1_795_512_960_000;

    /// Where another check speaks first; 8 looks at `jdk.certpath.disabledAlgorithms` once more there.
    const DIVERGENCES: [(&str, &str, &str, Protocol); 1] =
        [("8", "edwards", "psskey", Protocol::Tls12)];

    /// Finds a critical keyUsage by its identifier.
    fn key_usage(signed: &[u8]) -> Option<[bool; 9]> {
        let header = [0x55, 0x1d, 0x0f, 1, 1, 0xff, 4];
        let at = signed.windows(header.len()).position(|window| window == header)?;
        let bits = &signed[at + header.len() + 4..];
        Some(std::array::from_fn(|bit| {
            bits.get(bit / 8).filter(|_| bit < 8).is_some_and(|octet| octet & (0x80 >> bit) != 0)
        }))
    }

    fn chains() -> BTreeMap<&'static str, Vec<Parts>> {
        CHAINS
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(name, rest)| (name, rest.split(' ').map(parts).collect()))
            .collect()
    }

    /// Walks down a path as the validator does, as far as algorithms are concerned.
    fn walk(
        name: &str,
        chain: &[Parts],
        rules: &Rules,
        protocol: Protocol,
        jdk_ca: bool,
    ) -> Result<(), String> {
        let profile = rules.profile();
        let keys: Vec<_> = chain
            .iter()
            .map(|certificate| PublicKey::parse(&certificate.key, profile).unwrap())
            .collect();
        let algorithms: Vec<_> = chain
            .iter()
            .map(|certificate| SignatureAlgorithm::parse(&certificate.algorithm, profile).unwrap())
            .collect();
        let anchor = AnchorKey { key: &keys[2], jdk_ca };
        let mut path = PathAlgorithms::new(rules, anchor, NOW);
        let mut session =
            SessionAlgorithms::new(rules, anchor, PathOrigin::Validated, protocol, NOW);
        let names =
            ["Leaf", "Int"].map(|kind| DistinguishedName::common_name(&format!("{kind} {name}")));
        for at in [1, 0] {
            let Parts { signed, signature, .. } = &chain[at];
            let key_usage = key_usage(signed);
            let subject = &names[at];
            let (signature_algorithm, key) = (&algorithms[at], &keys[at]);
            let examined = Examined { signature: signature_algorithm, key, key_usage, subject };
            path.check(&examined).map_err(|fault| fault.text)?;
            verify(signature_algorithm, &keys[at + 1], signed, signature, profile)
                .map_err(|_fault| "signature check failed".to_owned())?;
            session.check(&examined).map_err(|fault| fault.text)?;
        }
        Ok(())
    }

    fn rules(release: &str, properties: &BTreeMap<(&str, &str), &str>, set: &str) -> Rules {
        // The JRE of the recordings.
        let release = if release == "17" { "17.0.19" } else { release };
        let release: JavaRelease = release.parse().unwrap();
        assert_eq!(Profile::nearest(release).recorded, release);
        let property = |name: &str| properties.get(&(set, name)).map(|value| (*value).to_owned());
        let schemes = property("jdk.tls.client.SignatureSchemes").unwrap_or_default();
        Rules::built_in(release)
            .with_security_properties(&property)
            .with_signature_schemes(&schemes)
    }

    /// Java's word for the date of the recording is not ours.
    fn without_date(text: &str) -> String {
        let Some((before, after)) = text.split_once("; params date: ") else {
            return text.to_owned();
        };
        let (_, after) = after.split_once('Z').unwrap();
        format!("{before}{after}")
    }

    #[test]
    fn every_path_gets_the_answer_of_each_java_under_edited_properties() {
        let chains = chains();
        let properties: BTreeMap<(&str, &str), &str> = PROPERTIES
            .lines()
            .map(|line| {
                let (set, rest) = line.split_once(' ').unwrap();
                let (name, value) = rest.split_once('=').unwrap();
                ((set, name), value)
            })
            .collect();
        let mut wrong = Vec::new();
        for line in ANSWERS.lines() {
            let [set, name, protocol, releases, expected] =
                line.split('\t').collect::<Vec<_>>()[..]
            else {
                panic!("{line}")
            };
            let protocol = if protocol == "1.2" { Protocol::Tls12 } else { Protocol::Tls13 };
            for release in releases.split(',') {
                let rules = rules(release, &properties, set);
                let actual = walk(name, &chains[name], &rules, protocol, false).err();
                let actual = without_date(actual.as_deref().unwrap_or("ok"));
                let differs = DIVERGENCES.contains(&(release, set, name, protocol));
                if (actual == without_date(expected)) == differs {
                    wrong.push(format!("{release}: {line}\n  but got {actual}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn a_public_root_forbids_what_a_private_one_allows() {
        let chains = chains();
        for profile in &Profile::RECORDED {
            let rules = Rules::built_in(profile.recorded);
            for (name, subject) in [("leafsha1", "CN=Leaf leafsha1"), ("intsha1", "CN=Int intsha1")]
            {
                let said = |jdk_ca| walk(name, &chains[name], &rules, Protocol::Tls13, jdk_ca);
                assert_eq!(said(false), Ok(()));
                assert_eq!(
                    said(true),
                    Err(format!(
                        "Usage constraint TLSServer check failed: SHA1 used with certificate: {subject}"
                    ))
                );
            }
        }
    }
}
