//! What differs between Java releases: named switches, one table entry per recorded build.

mod kinds;

use crate::release::JavaRelease;
use crate::security_properties::{self as shipped, SecurityProperties};

pub use kinds::{
    AlgorithmChecker, BehindIndefinite, DerWords, DistrustGeneration, DnsNameWords,
    EmptyDnsConstraint, PublicSuffixRule, SignatureSupport,
};

/// The behaviour of one recorded Java build, as named switches.
///
/// Every switch was observed on real runtimes; a build that was only partly observed takes the rest
/// from its neighbour of the same feature release.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Profile {
    /// The build the switches were recorded from.
    pub recorded: JavaRelease,
    /// The security properties and the block list it ships.
    pub security: &'static SecurityProperties,
    /// Whether the message of an exception that goes with an alert begins with `(alert_name) `.
    /// Seen absent in 8u504, 11.0.33, 17.0.9, 17.0.15, 21.0.8; present in 17.0.19, 17.0.21, 21.0.13, 25.0.2 and later.
    pub names_alert_in_message: bool,
    /// How `AlgorithmChecker` walks a path, and its words.
    pub algorithm_checker: AlgorithmChecker,
    /// How `AlgorithmDecomposer` takes digest names apart.
    /// Read from the classes: 8 to 17 drop every hyphen of a name in the property, 21 and later use a table.
    pub drops_hyphens_of_digests: bool,
    /// Whether the entries of a disabled-algorithms property are sorted without regard to case: 11 and later.
    pub sorts_disabled_algorithms: bool,
    /// Whether a key is known to the constraints by its parameters, `Ed25519` for `EdDSA`: 25 and later.
    pub names_keys_by_parameters: bool,
    /// Whether a signature scheme is also barred by its own name, its key, and the size of its curve: 11 and later.
    /// Seen with `EC keySize < 521 & jdkCA` and with `rsa_pkcs1_sha384`, which 8 does not heed.
    pub filters_schemes_fully: bool,
    /// Whether `jdk.tls.client.SignatureSchemes` has an effect on SSLPoke: not in 26, where
    /// `setSSLParameters(new SSLParameters())` resets it.
    pub heeds_signature_schemes: bool,
    /// The hello lists schemes in the order of `jdk.tls.client.SignatureSchemes`, not in its own.
    pub orders_schemes_by_property: bool,
    /// Whether `jdk.tls.disabledAlgorithms` may name a `usage` within TLS, `CertificateSignature`.
    /// The classes have `SSLScope` in 11.0.33, 17.0.19, 21.0.13 and later; 8, 17.0.15 and 21.0.8 ship without such terms.
    pub knows_tls_usages: bool,
    /// Whether the signature algorithms a chain may use are those of the negotiated protocol, not of all enabled ones.
    /// Seen with `SHA224withRSA` and DSA under TLS 1.3: accepted by 8u504, 11.0.33, 17.0.9, 17.0.15, 21.0.8;
    /// rejected by 17.0.19, 21.0.13, 25.0.2 and later.
    pub session_list_follows_protocol: bool,
    /// Whether the digest of an RSASSA-PSS signature must be one that the hello offers for such a key.
    /// Seen in 26.0.2 only: PSS with SHA-1 or SHA-224 is rejected.
    pub checks_pss_digest: bool,
    /// Which signature algorithms beyond RSA, DSA and ECDSA with SHA-2 the runtime knows.
    pub signatures: SignatureSupport,
    /// Whether ML-DSA signatures are known: 21.0.13 and later.
    pub has_ml_dsa: bool,
    /// Whether the length of an Edwards curve signature is looked at first: `signature length invalid`.
    /// Seen in 21.0.13, 25 and 26; 17.0.15 and 17.0.19 say `incorrect length` of a half.
    pub checks_edwards_length: bool,
    /// Whether the parameters of an ECDSA signature must name the curve of the key.
    /// Seen in 8u504, 11.0.33 and 17.0.19; 21.0.13 and later pass over them.
    pub heeds_ecdsa_parameters: bool,
    /// Whether elliptic curves beyond P-256, P-384 and P-521 are known to the verifier: 8 and 11 only.
    pub verifies_legacy_curves: bool,
    /// Whether a constraint `.example.com` admits `www.example.com`: 17.0.15 and later; not 8, 11, 17.0.9.
    pub leading_dot_constraint_is_subtree: bool,
    /// Whether `example.com` lies under the constraint `.example.com`: 8 only.
    pub leading_dot_constraint_admits_base: bool,
    /// Whether a dNSName constraint that is empty or begins with a dot makes Java fail over its equal: 8u504 only.
    /// Seen with constraints on two levels, `String index out of range: -1`.
    pub fails_over_equal_dotted_names: bool,
    /// Whether `*.example.com` falls under an excluded `foo.example.com`.
    /// Seen in 8u504, 11.0.33, 17.0.21, 21.0.13, 25.0.5, 26.0.2; not in 17.0.9 to 17.0.19, 21.0.8, 25.0.2, 25.0.3.
    pub wildcard_falls_under_excluded_name: bool,
    /// Whether `*.example.com` lies under a permitted `foo.example.com`: 8 only.
    pub wildcard_lies_under_permitted_name: bool,
    /// What an empty dNSName constraint does.
    pub empty_dns_constraint: EmptyDnsConstraint,
    /// Whether IP constraints are compared without a look at the address family: 8, 11, 17.
    pub ip_constraints_ignore_family: bool,
    /// Whether `*` may stand in any label of a presented name, not only in the leftmost: 8, 11, 17.
    pub wildcard_in_any_label: bool,
    /// Whether host and presented names are both brought to Unicode before they are compared: 11 and later.
    pub compares_names_in_unicode: bool,
    /// How a `*` right under a public suffix is found.
    pub public_suffixes: PublicSuffixRule,
    /// Whether a malformed subjectAltName that is not critical fails the host check: 21 and later.
    pub strict_alternative_names: bool,
    /// Whether a malformed extKeyUsage that is not critical fails an end entity: 21 and later.
    pub strict_extended_key_usage: bool,
    /// Whether a `UniversalString` of a name is read as text: 17 and later.
    pub reads_universal_string: bool,
    /// What the check of a common name that Java reads as null says: 8 and 11 nothing.
    pub null_text: Option<&'static str>,
    /// Whether byte A0 of a PrintableString equals a blank: all but 17.0.15.
    pub high_blank_in_printable_string: bool,
    /// The words of the DER reader.
    pub der_words: DerWords,
    /// Whether an x400Address is a general name, not an unknown tag: not in 8.
    pub reads_x400_addresses: bool,
    /// What `DNSName` asks of a name, and its words.
    pub dns_name_words: DnsNameWords,
    /// Where reading goes on behind a value of indefinite length.
    pub behind_indefinite: BehindIndefinite,
    /// Whether distrust of a CA is by the date of the end entity or total for the older policies.
    pub distrust: DistrustGeneration,
    /// Whether only zones with a well-known abbreviation have one (CLDR), the rest being `GMT+08:00`: 25 and later.
    pub abbreviates_only_known_zones: bool,
    /// Whether an unreadable trust store is reported without its cause: 17 and later.
    pub hides_trust_store_fault: bool,
    /// `keystore.type` as shipped: `jks` in 8, `pkcs12` in 11 and later.
    pub default_key_store_type: &'static str,
    /// Whether messages of the operating system are doubled, `Connection refused (Connection refused)`: 8 and 11.
    pub doubles_system_messages: bool,
    /// Whether PKCS12 stores may have a MAC of PBMAC1 (RFC 9579): seen read by 25.0.5 and 26.0.2, refused by 8u504 to 25.0.3.
    pub reads_pbmac1: bool,
    /// Whether a PKCS12 store may have a password that is not ASCII: seen opened by 25.0.3 and later, refused by 8u504 to 21.0.13.
    pub takes_unicode_passwords: bool,
}

impl Profile {
    /// The recorded builds, oldest first.
    pub const RECORDED: [Self; 12] = [
        JAVA_8U504,
        JAVA_11_0_33,
        JAVA_17_0_9,
        JAVA_17_0_15,
        JAVA_17_0_19,
        JAVA_17_0_21,
        JAVA_21_0_8,
        JAVA_21_0_13,
        JAVA_25_0_2,
        JAVA_25_0_3,
        JAVA_25_0_5,
        JAVA_26_0_2,
    ];

    /// Returns the profile of the recorded build nearest to `release`.
    ///
    /// Within a feature release this is the newest one that is not newer, else the oldest. Of other
    /// features it is the oldest build of the nearest feature, the older one on a tie.
    pub fn nearest(release: JavaRelease) -> &'static Self {
        static RECORDED: [Profile; 12] = Profile::RECORDED;
        let [first, ..] = &RECORDED;
        let feature = RECORDED
            .iter()
            .map(|profile| profile.recorded.feature)
            .min_by_key(|feature| feature.abs_diff(release.feature))
            .unwrap_or(release.feature);
        let same = || RECORDED.iter().filter(|profile| profile.recorded.feature == feature);
        same()
            .rfind(|profile| profile.recorded <= release && feature == release.feature)
            .or_else(|| same().next())
            .unwrap_or(first)
    }

    /// Returns the profile of the newest release, which reads all lengths that any release reads.
    pub(crate) fn newest() -> &'static Self {
        Self::nearest(JavaRelease { feature: u16::MAX, update: 0 })
    }
}

impl JavaRelease {
    /// Returns whether the release reads PKCS12 stores with PBES2 and a MAC of SHA-256, as keytool writes them today.
    ///
    /// Every recorded build does. The CSR JDK-8267701 names 8u301 and 11.0.12 as the first updates that know
    /// `HmacPBESHA256`, and 12 as the first feature release; none older was recorded.
    pub fn reads_pbes2_stores(self) -> bool {
        match self.feature {
            ..=8 => self.update >= 301,
            9 | 10 => false,
            11 => self.update >= 12,
            12.. => true,
        }
    }
}

/// 8u504 (Debian).
const JAVA_8U504: Profile = Profile {
    recorded: JavaRelease { feature: 8, update: 504 },
    security: &shipped::JAVA_8,
    names_alert_in_message: false,
    algorithm_checker: AlgorithmChecker::SignatureFirst,
    drops_hyphens_of_digests: true,
    sorts_disabled_algorithms: false,
    names_keys_by_parameters: false,
    filters_schemes_fully: false,
    heeds_signature_schemes: true,
    orders_schemes_by_property: false,
    knows_tls_usages: false,
    session_list_follows_protocol: false,
    checks_pss_digest: false,
    signatures: SignatureSupport::Unknown,
    has_ml_dsa: false,
    checks_edwards_length: false,
    heeds_ecdsa_parameters: true,
    verifies_legacy_curves: true,
    leading_dot_constraint_is_subtree: false,
    leading_dot_constraint_admits_base: true,
    fails_over_equal_dotted_names: true,
    wildcard_falls_under_excluded_name: true,
    wildcard_lies_under_permitted_name: true,
    empty_dns_constraint: EmptyDnsConstraint::MatchesNothing,
    ip_constraints_ignore_family: true,
    wildcard_in_any_label: true,
    compares_names_in_unicode: false,
    public_suffixes: PublicSuffixRule::OfHost,
    strict_alternative_names: false,
    strict_extended_key_usage: false,
    reads_universal_string: false,
    null_text: None,
    high_blank_in_printable_string: true,
    der_words: DerWords::Legacy,
    reads_x400_addresses: false,
    dns_name_words: DnsNameWords::Components,
    behind_indefinite: BehindIndefinite::Short,
    distrust: DistrustGeneration::Dated,
    abbreviates_only_known_zones: false,
    hides_trust_store_fault: false,
    default_key_store_type: "jks",
    doubles_system_messages: true,
    reads_pbmac1: false,
    takes_unicode_passwords: false,
};

/// 11.0.33 (Debian).
const JAVA_11_0_33: Profile = Profile {
    recorded: JavaRelease { feature: 11, update: 33 },
    reads_x400_addresses: true,
    security: &shipped::JAVA_11,
    sorts_disabled_algorithms: true,
    filters_schemes_fully: true,
    knows_tls_usages: true,
    signatures: SignatureSupport::Named,
    leading_dot_constraint_admits_base: false,
    fails_over_equal_dotted_names: false,
    wildcard_lies_under_permitted_name: false,
    compares_names_in_unicode: true,
    public_suffixes: PublicSuffixRule::OfPresented,
    default_key_store_type: "pkcs12",
    ..JAVA_8U504
};

/// 17.0.9 (Temurin).
const JAVA_17_0_9: Profile = Profile {
    recorded: JavaRelease { feature: 17, update: 9 },
    security: &shipped::JAVA_17_0_9,
    orders_schemes_by_property: true,
    knows_tls_usages: false,
    signatures: SignatureSupport::Available,
    verifies_legacy_curves: false,
    wildcard_falls_under_excluded_name: false,
    empty_dns_constraint: EmptyDnsConstraint::StringIndexCrash,
    reads_universal_string: true,
    null_text: Some("Cannot invoke \"java.lang.CharSequence.toString()\" because \"src\" is null"),
    der_words: DerWords::Current,
    behind_indefinite: BehindIndefinite::FromBufferEnd,
    hides_trust_store_fault: true,
    doubles_system_messages: false,
    ..JAVA_11_0_33
};

/// 17.0.15 (Debian).
const JAVA_17_0_15: Profile = Profile {
    recorded: JavaRelease { feature: 17, update: 15 },
    security: &shipped::JAVA_17_0_15,
    leading_dot_constraint_is_subtree: true,
    high_blank_in_printable_string: false,
    ..JAVA_17_0_9
};

/// 17.0.19 (Debian).
const JAVA_17_0_19: Profile = Profile {
    recorded: JavaRelease { feature: 17, update: 19 },
    security: &shipped::WITHOUT_STATIC_RSA,
    names_alert_in_message: true,
    knows_tls_usages: true,
    session_list_follows_protocol: true,
    high_blank_in_printable_string: true,
    ..JAVA_17_0_15
};

/// 17.0.21 (Debian).
const JAVA_17_0_21: Profile = Profile {
    recorded: JavaRelease { feature: 17, update: 21 },
    security: &shipped::LONG_BLOCK_LIST,
    wildcard_falls_under_excluded_name: true,
    distrust: DistrustGeneration::Total,
    ..JAVA_17_0_19
};

/// 21.0.8 (Temurin).
const JAVA_21_0_8: Profile = Profile {
    recorded: JavaRelease { feature: 21, update: 8 },
    security: &shipped::JAVA_17_0_15,
    algorithm_checker: AlgorithmChecker::AnchorFirst,
    drops_hyphens_of_digests: false,
    heeds_ecdsa_parameters: false,
    empty_dns_constraint: EmptyDnsConstraint::BoundsCrash,
    ip_constraints_ignore_family: false,
    wildcard_in_any_label: false,
    strict_alternative_names: true,
    strict_extended_key_usage: true,
    high_blank_in_printable_string: true,
    ..JAVA_17_0_15
};

/// 21.0.13 (Debian).
const JAVA_21_0_13: Profile = Profile {
    recorded: JavaRelease { feature: 21, update: 13 },
    dns_name_words: DnsNameWords::Labels,
    security: &shipped::LONG_BLOCK_LIST,
    names_alert_in_message: true,
    knows_tls_usages: true,
    session_list_follows_protocol: true,
    has_ml_dsa: true,
    checks_edwards_length: true,
    wildcard_falls_under_excluded_name: true,
    distrust: DistrustGeneration::Total,
    ..JAVA_21_0_8
};

/// 25.0.2 (Temurin).
const JAVA_25_0_2: Profile = Profile {
    recorded: JavaRelease { feature: 25, update: 2 },
    behind_indefinite: BehindIndefinite::Right,
    dns_name_words: DnsNameWords::Components,
    security: &shipped::JAVA_25_0_2,
    names_keys_by_parameters: true,
    wildcard_falls_under_excluded_name: false,
    distrust: DistrustGeneration::Dated,
    abbreviates_only_known_zones: true,
    takes_unicode_passwords: true,
    ..JAVA_21_0_13
};

/// 25.0.3 (Temurin).
const JAVA_25_0_3: Profile = Profile {
    recorded: JavaRelease { feature: 25, update: 3 },
    security: &shipped::WITHOUT_STATIC_RSA,
    ..JAVA_25_0_2
};

/// 25.0.5 (Debian).
const JAVA_25_0_5: Profile = Profile {
    recorded: JavaRelease { feature: 25, update: 5 },
    dns_name_words: DnsNameWords::Labels,
    security: &shipped::LONG_BLOCK_LIST,
    wildcard_falls_under_excluded_name: true,
    distrust: DistrustGeneration::Total,
    reads_pbmac1: true,
    ..JAVA_25_0_2
};

/// 26.0.2 (Debian).
const JAVA_26_0_2: Profile = Profile {
    recorded: JavaRelease { feature: 26, update: 2 },
    dns_name_words: DnsNameWords::Components,
    security: &shipped::WITHOUT_STATIC_RSA,
    algorithm_checker: AlgorithmChecker::AnchorKnown,
    checks_pss_digest: true,
    heeds_signature_schemes: false,
    distrust: DistrustGeneration::Dated,
    ..JAVA_25_0_5
};

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(feature: u16, update: u16) -> (u16, u16) {
        let recorded = Profile::nearest(JavaRelease { feature, update }).recorded;
        (recorded.feature, recorded.update)
    }

    #[test]
    fn a_recorded_release_has_its_own_profile() {
        for profile in Profile::RECORDED {
            assert_eq!(*Profile::nearest(profile.recorded), profile);
        }
    }

    #[test]
    fn the_nearest_build_is_the_newest_that_is_not_newer() {
        for (asked, expected) in [
            ((8, 251), (8, 504)),
            ((17, 2), (17, 9)),
            ((17, 14), (17, 9)),
            ((17, 17), (17, 15)),
            ((17, 99), (17, 21)),
            ((21, 0), (21, 8)),
            ((26, 7), (26, 2)),
        ] {
            assert_eq!(nearest(asked.0, asked.1), expected, "{asked:?}");
        }
    }

    #[test]
    fn an_unrecorded_feature_takes_the_oldest_build_of_its_neighbour() {
        for (asked, expected) in [
            ((7, 80), (8, 504)),
            ((12, 2), (11, 33)),
            ((16, 2), (17, 9)),
            ((23, 1), (21, 8)),
            ((24, 1), (25, 2)),
            ((30, 0), (26, 2)),
        ] {
            assert_eq!(nearest(asked.0, asked.1), expected, "{asked:?}");
        }
    }
}
