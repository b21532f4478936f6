//! What the two properties of disabled algorithms leave of a `ClientHello`.

use crate::constraints::schemes::{self, Signed};
use crate::parameters::Protocol;
use crate::rules::Rules;

/// A cipher suite, by the names under which it may be disabled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SuiteNames<'a> {
    /// Java's name: `TLS_DHE_RSA_WITH_AES_128_CBC_SHA`.
    pub whole: &'a str,
    /// The parts that agree on keys and authenticate: `DHE_RSA`, `DHE`, `DH`, `DiffieHellman`, `RSA`.
    pub exchange: Vec<&'a str>,
    /// The parts that protect records: `AES_128_CBC`, `AES`, `CBC`, `SHA1`, …
    pub protection: Vec<&'a str>,
}

/// A key exchange group, by the names under which it may be disabled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct GroupNames<'a> {
    /// Its name: `secp256r1`.
    pub name: &'a str,
    /// The algorithm: `EC`, `XDH`, `DiffieHellman`.
    pub algorithm: &'a str,
    /// The size, where Java knows one: not of `XDH`.
    pub bits: Option<u32>,
}

impl Rules {
    /// Returns whether a `ClientHello` may offer a cipher suite (`SSLAlgorithmConstraints`): `jdk.certpath.disabledAlgorithms`
    /// is asked for the parts that certificates have to do with, too.
    pub fn permits_suite(&self, suite: &SuiteNames<'_>) -> bool {
        let (tls, certpath) = (self.tls(), self.certpath());
        let mut exchange = suite.exchange.iter().chain([&suite.whole]);
        !tls.covers(suite.whole)
            && !exchange.any(|part| tls.names(part) || certpath.names(part))
            && !suite.protection.iter().any(|part| tls.names(part))
    }

    /// Returns whether `jdk.tls.disabledAlgorithms` has a pattern that is none of suites: Java then makes no TLS at all.
    pub fn has_bad_pattern(&self) -> bool {
        self.tls().has_bad_pattern()
    }

    /// Returns whether a `ClientHello` may offer a group. 8 looks at the algorithm and its size only.
    pub fn permits_group(&self, group: &GroupNames<'_>) -> bool {
        [self.tls(), self.certpath()].into_iter().all(|property| {
            (!self.profile().filters_schemes_fully || property.permits_name(group.name))
                && property.permits_name(group.algorithm)
                && group.bits.is_none_or(|bits| property.permits_size(group.algorithm, bits))
        })
    }

    /// Returns the numbers of the signature schemes that a `ClientHello` of these protocols offers for the handshake (the
    /// extension `signature_algorithms`), most wanted first.
    pub fn handshake_schemes(&self, protocols: &[Protocol]) -> Vec<u16> {
        schemes::numbers(protocols, Signed::Handshake, self)
    }

    /// Returns those that it offers for certificates (`signature_algorithms_cert`), most wanted first.
    pub fn certificate_schemes(&self, protocols: &[Protocol]) -> Vec<u16> {
        schemes::numbers(protocols, Signed::Certificate, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(release: &str, disabled: &str) -> Rules {
        let disabled = disabled.to_owned();
        Rules::built_in(release.parse().unwrap()).with_security_properties(&move |name| {
            (name == "jdk.tls.disabledAlgorithms").then(|| disabled.clone())
        })
    }

    /// Recorded with 8, 11, 17.0.19 and 26: 8 has no wildcards.
    #[test]
    fn a_suite_is_disabled_whole_by_a_part_or_by_a_pattern() {
        let suite = SuiteNames {
            whole: "TLS_RSA_WITH_AES_128_CBC_SHA",
            exchange: vec!["RSA"],
            protection: vec!["AES_128_CBC", "AES", "CBC", "SHA1"],
        };
        for (release, disabled, expected) in [
            ("17.0.19", "", true),
            ("17.0.19", "TLS_RSA_*", false),
            ("17.0.19", "TLS_*_CBC_SHA", false),
            ("17.0.19", "TLS_RSA_*_SHA256", true),
            ("17.0.19", "TLS_DHE_*", true),
            ("17.0.19", "tls_rsa_with_aes_128_cbc_sha", false),
            ("17.0.19", "CBC", false),
            ("17.0.19", "rsa", false),
            ("17.0.19", "RSA keySize < 1024", true),
            ("8", "TLS_RSA_*", true),
        ] {
            let found = rules(release, disabled).permits_suite(&suite);
            assert_eq!(found, expected, "{release} {disabled}");
        }
    }

    /// Recorded with 8, 11, 17.0.19 and 26.
    #[test]
    fn a_group_is_disabled_by_its_name_or_its_size() {
        let p256 = GroupNames { name: "secp256r1", algorithm: "EC", bits: Some(256) };
        let field = GroupNames { name: "ffdhe2048", algorithm: "DiffieHellman", bits: Some(2048) };
        for (release, disabled, expected) in [
            ("17.0.19", "", [true, true]),
            ("17.0.19", "secp256r1", [false, true]),
            ("8", "secp256r1", [true, true]),
            ("8", "DH keySize < 3072", [true, false]),
            ("26", "EC keySize < 384, DH keySize < 2048", [false, true]),
        ] {
            let rules = rules(release, disabled);
            let found = [p256, field].map(|group| rules.permits_group(&group));
            assert_eq!(found, expected, "{release} {disabled}");
        }
    }
}
