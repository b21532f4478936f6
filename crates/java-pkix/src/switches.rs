//! What differs between Java releases, one switch a line, and the rules of one release with a single switch of another.

use crate::profile::Profile;
use crate::rules::Rules;

/// One thing in which Java releases differ: a field of [`Profile`], or a security property.
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    /// The field's name, or the property's.
    pub name: &'static str,
    /// What it decides, in a clause.
    pub what: &'static str,
    value: fn(&Profile) -> String,
    take: fn(&mut Rules, &Rules),
}

impl Switch {
    /// Returns its value in a recorded build, as text.
    pub fn value(&self, profile: &Profile) -> String {
        (self.value)(profile)
    }
}

impl Rules {
    /// Returns these rules with one switch set as `other` has it: whether it is what makes two releases disagree is
    /// found out by trying.
    #[must_use]
    pub fn with_switch_of(&self, switch: &Switch, other: &Self) -> Self {
        let mut rules = self.clone();
        (switch.take)(&mut rules, other);
        rules.forget_read();
        rules
    }
}

/// Makes the table, and a function that does not compile where a field of `Profile` has no line.
macro_rules! switches {
    ($($field:ident: $what:literal;)*) => {
        const OF_PROFILE: &[Switch] = &[$(Switch {
            name: stringify!($field),
            what: $what,
            value: |profile| format!("{:?}", profile.$field),
            take: |own, other| own.profile.$field = other.profile.$field,
        }),*];

        const _: fn(&Profile) = |profile| {
            let Profile { recorded: _, security: _, $($field: _),* } = profile;
        };
    };
}

switches! {
    names_alert_in_message: "the message begins with the name of the alert, in parentheses";
    algorithm_checker: "how AlgorithmChecker walks a path, and its words";
    drops_hyphens_of_digests: "`SHA-1` in a property is read as `SHA1`: every hyphen goes, not only those of known digests";
    sorts_disabled_algorithms: "the entries of a disabled-algorithms property are sorted without regard to case";
    names_keys_by_parameters: "an Edwards key is known to the constraints as `Ed25519`, not as `EdDSA`";
    filters_schemes_fully: "a signature scheme is also barred by its own name, its key, and the size of its curve";
    heeds_signature_schemes: "`jdk.tls.client.SignatureSchemes` has an effect on SSLPoke";
    orders_schemes_by_property: "the hello lists schemes in the order of `jdk.tls.client.SignatureSchemes`, not in its own";
    knows_tls_usages: "`jdk.tls.disabledAlgorithms` may say `usage HandshakeSignature` and the like";
    session_list_follows_protocol: "a chain may use the signature algorithms of the negotiated protocol, not of all enabled ones";
    checks_pss_digest: "the digest of an RSASSA-PSS signature must be one that the hello offers";
    signatures: "what is known of Ed25519, Ed448 and SHA-3";
    has_ml_dsa: "ML-DSA signatures are known";
    checks_edwards_length: "the length of an Edwards curve signature is looked at first";
    heeds_ecdsa_parameters: "the parameters of an ECDSA signature must name the curve of the key";
    verifies_legacy_curves: "curves beyond P-256, P-384 and P-521 are verified";
    leading_dot_constraint_is_subtree: "the name constraint `.example.com` admits `www.example.com`";
    leading_dot_constraint_admits_base: "the name constraint `.example.com` admits `example.com`";
    fails_over_equal_dotted_names: "an empty or dotted name constraint on two levels makes Java fail";
    wildcard_falls_under_excluded_name: "`*.example.com` falls under an excluded `foo.example.com`";
    wildcard_lies_under_permitted_name: "`*.example.com` lies under a permitted `foo.example.com`";
    empty_dns_constraint: "what an empty dNSName constraint does";
    ip_constraints_ignore_family: "IP constraints are compared without a look at the address family";
    wildcard_in_any_label: "`*` may stand in any label of a certificate's name, not only in the leftmost";
    compares_names_in_unicode: "host and certificate names are both brought to Unicode before they are compared";
    public_suffixes: "how a `*` right under a public suffix is found, under Java's own roots";
    strict_alternative_names: "a malformed subjectAltName fails the host check though it is not critical";
    strict_extended_key_usage: "a malformed extKeyUsage fails a server certificate though it is not critical";
    reads_universal_string: "a UniversalString in a name is read as text";
    null_text: "what the check of a common name says that Java reads as null";
    high_blank_in_printable_string: "byte A0 of a PrintableString equals a blank";
    reads_x400_addresses: "an x400Address is a general name, not an unknown tag";
    dns_name_words: "what a DNSName must be: components that begin with a letter or digit, or labels without a hyphen at an end";
    behind_indefinite: "where reading goes on behind a value of indefinite length";
    der_words: "the words of the DER reader";
    distrust: "distrust of a CA is by the date of the certificate, or total for the older policies";
    abbreviates_only_known_zones: "dates in messages abbreviate well-known zones only, the rest being `GMT+08:00`";
    hides_trust_store_fault: "an unreadable trust store is reported without its cause";
    default_key_store_type: "`keystore.type` as shipped";
    doubles_system_messages: "messages of the operating system are doubled";
    reads_pbmac1: "PKCS12 stores may have a MAC of PBMAC1";
    takes_unicode_passwords: "a PKCS12 store may have a password that is not ASCII";
}

/// The security properties and the block list, which every update may ship anew, and an administrator edit.
const OF_SECURITY: &[Switch] = &[
    Switch {
        name: "jdk.certpath.disabledAlgorithms",
        what: "which algorithms and key sizes a path may not use",
        value: |profile| profile.security.certpath_disabled.to_owned(),
        take: |own, other| {
            own.texts.certpath.clone_from(&other.texts.certpath);
            own.texts.curves.clone_from(&other.texts.curves);
        },
    },
    Switch {
        name: "jdk.tls.disabledAlgorithms",
        what: "which algorithms, key sizes and protocols TLS may not use",
        value: |profile| profile.security.tls_disabled.to_owned(),
        take: |own, other| {
            own.texts.tls.clone_from(&other.texts.tls);
            own.texts.curves.clone_from(&other.texts.curves);
        },
    },
    Switch {
        name: "jdk.security.caDistrustPolicies",
        what: "which CAs are distrusted by name",
        value: |profile| profile.security.distrust_policies.to_owned(),
        take: |own, other| own.distrust = other.distrust.clone(),
    },
    Switch {
        name: "blocked.certs",
        what: "which certificates are blocked by fingerprint",
        value: |profile| format!("{} lines", profile.security.blocked.lines().count()),
        take: |own, other| own.texts.blocked.clone_from(&other.texts.blocked),
    },
];

impl Switch {
    /// Returns the fields of [`Profile`], in its order.
    pub fn of_profile() -> &'static [Self] {
        OF_PROFILE
    }

    /// Returns all that two releases may differ in: the fields of [`Profile`], then the security properties.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        OF_PROFILE.iter().chain(OF_SECURITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_switches_together_make_one_release_the_other() {
        for (own, other) in [("8", "26"), ("17.0.19", "21"), ("25", "11")] {
            let [own, other] = [own, other].map(|text| Rules::built_in(text.parse().unwrap()));
            let made =
                Switch::all().fold(own.clone(), |made, switch| made.with_switch_of(switch, &other));
            for switch in Switch::of_profile() {
                assert_eq!(switch.value(made.profile()), switch.value(other.profile()));
            }
            let protocols = |rules: &Rules| rules.enabled_protocols().collect::<Vec<_>>();
            assert_eq!(protocols(&made), protocols(&other));
            assert_eq!(made.blocked().len(), other.blocked().len());
        }
    }

    #[test]
    fn every_switch_differs_between_two_builds() {
        for switch in Switch::all() {
            let values: std::collections::HashSet<String> =
                Profile::RECORDED.iter().map(|profile| switch.value(profile)).collect();
            assert!(values.len() > 1, "{} is the same everywhere", switch.name);
        }
    }
}
