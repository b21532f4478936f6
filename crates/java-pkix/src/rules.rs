//! All that a Java runtime brings to a verdict: switches, disabled algorithms, block list, distrust.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::blocked::BlockList;
use crate::certificate::Certificate;
use crate::constraints::{self, DisabledAlgorithms, OfferedSchemes};
use crate::distrust::DistrustPolicies;
use crate::exception::JavaException;
use crate::parameters::Protocol;
use crate::profile::Profile;
use crate::proven::Proven;
use crate::public_key::PublicKey;
use crate::release::JavaRelease;

/// All that a Java runtime brings to a verdict.
#[derive(Clone, Debug)]
pub struct Rules {
    pub(crate) release: JavaRelease,
    pub(crate) profile: Profile,
    /// What is read when somebody asks, and again when a switch is set that decides how.
    pub(crate) texts: Texts,
    certpath: OnceLock<DisabledAlgorithms>,
    tls: OnceLock<DisabledAlgorithms>,
    blocked: OnceLock<BlockList>,
    pub(crate) distrust: DistrustPolicies,
    allows_non_ca_anchor: bool,
    /// The only signature schemes that the hello offers; none where it offers all.
    signature_schemes: Option<Vec<String>>,
    offered_schemes: OfferedSchemes,
    proven: Proven,
}

/// The texts of the security properties that disable algorithms, and of the block list.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    pub(crate) curves: Cow<'static, str>,
    pub(crate) certpath: Cow<'static, str>,
    pub(crate) tls: Cow<'static, str>,
    pub(crate) blocked: Cow<'static, str>,
}

impl Rules {
    /// Returns the built-in rules of `release`, or of the nearest recorded one.
    pub fn built_in(release: JavaRelease) -> Self {
        let profile = *Profile::nearest(release);
        let shipped = profile.security;
        let texts = Texts {
            curves: shipped.named_curves.into(),
            certpath: shipped.certpath_disabled.into(),
            tls: shipped.tls_disabled.into(),
            blocked: shipped.blocked.into(),
        };
        Self {
            release,
            profile,
            texts,
            certpath: OnceLock::new(),
            tls: OnceLock::new(),
            blocked: OnceLock::new(),
            distrust: DistrustPolicies::parse(shipped.distrust_policies),
            allows_non_ca_anchor: false,
            signature_schemes: None,
            offered_schemes: OfferedSchemes::default(),
            proven: Proven::default(),
        }
    }

    /// Returns the rules as overridden by a runtime's own security properties (`java.security`).
    ///
    /// `property` is asked for `jdk.certpath.disabledAlgorithms`, `jdk.tls.disabledAlgorithms`,
    /// `jdk.disabled.namedCurves` (through `include`), `jdk.security.caDistrustPolicies` and
    /// `jdk.security.allowNonCaAnchor`. What it does not know stays as the release ships it.
    #[must_use]
    pub fn with_security_properties(mut self, property: &dyn Fn(&str) -> Option<String>) -> Self {
        let shipped = self.profile.security;
        let value = |name: &str, shipped: &'static str| {
            property(name).map_or(Cow::Borrowed(shipped), Cow::Owned)
        };
        self.texts.curves = value("jdk.disabled.namedCurves", shipped.named_curves);
        self.texts.certpath = value("jdk.certpath.disabledAlgorithms", shipped.certpath_disabled);
        self.texts.tls = value("jdk.tls.disabledAlgorithms", shipped.tls_disabled);
        self.forget_read();
        self.distrust = DistrustPolicies::parse(&value(
            "jdk.security.caDistrustPolicies",
            shipped.distrust_policies,
        ));
        if let Some(allow) = property("jdk.security.allowNonCaAnchor") {
            self.allows_non_ca_anchor = allow.is_empty() || allow.eq_ignore_ascii_case("true");
        }
        self
    }

    /// Forgets what was read of the texts: they are others now, or are read in another way.
    pub(crate) fn forget_read(&mut self) {
        (self.certpath, self.tls) = (OnceLock::new(), OnceLock::new());
        self.blocked = OnceLock::new();
        self.offered_schemes = OfferedSchemes::default();
    }

    fn read(&self, property: &str) -> DisabledAlgorithms {
        DisabledAlgorithms::parse(property, &self.texts.curves, &self.profile)
    }

    /// Returns the rules with the text of a runtime's `blocked.certs` (8: `blacklisted.certs`) as block list.
    #[must_use]
    pub fn with_blocked_certs(mut self, text: &str) -> Self {
        self.texts.blocked = Cow::Owned(text.to_owned());
        self.blocked = OnceLock::new();
        self
    }

    /// Returns the rules with the value of `jdk.tls.client.SignatureSchemes`: what the hello does not offer, no
    /// certificate may be signed with.
    #[must_use]
    pub fn with_signature_schemes(mut self, property: &str) -> Self {
        let known = constraints::known_schemes(property);
        if self.profile.heeds_signature_schemes && !known.is_empty() {
            self.signature_schemes = Some(known);
            self.offered_schemes = OfferedSchemes::default();
        }
        self
    }

    /// Returns the value of a property that disables algorithms: `jdk.tls.disabledAlgorithms`, `jdk.certpath.disabledAlgorithms`
    /// or `jdk.disabled.namedCurves`.
    pub fn disabled_algorithms(&self, property: &str) -> Option<&str> {
        match property {
            "jdk.tls.disabledAlgorithms" => Some(&self.texts.tls),
            "jdk.certpath.disabledAlgorithms" => Some(&self.texts.certpath),
            "jdk.disabled.namedCurves" => Some(&self.texts.curves),
            _ => None,
        }
    }

    /// Returns the release that was asked for.
    pub fn release(&self) -> JavaRelease {
        self.release
    }

    /// Returns the recorded release whose switches serve; another than [`Rules::release`] where that was not recorded.
    pub fn recorded_as(&self) -> JavaRelease {
        self.profile.recorded
    }

    /// Returns the switches of the release.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether messages of exceptions that go with an alert begin with its name in parentheses.
    pub fn names_alert_in_message(&self) -> bool {
        self.profile.names_alert_in_message
    }

    /// Returns the protocol versions that the properties of disabled algorithms leave enabled, oldest first.
    pub fn enabled_protocols(&self) -> impl Iterator<Item = Protocol> {
        [Protocol::Tls10, Protocol::Tls11, Protocol::Tls12, Protocol::Tls13].into_iter().filter(
            |protocol| {
                let name = protocol.java_name();
                !self.tls().names(name) && !self.certpath().names(name)
            },
        )
    }

    /// Returns `jdk.certpath.disabledAlgorithms`.
    pub(crate) fn certpath(&self) -> &DisabledAlgorithms {
        self.certpath.get_or_init(|| self.read(&self.texts.certpath))
    }

    /// Returns `jdk.tls.disabledAlgorithms`.
    pub(crate) fn tls(&self) -> &DisabledAlgorithms {
        self.tls.get_or_init(|| self.read(&self.texts.tls))
    }

    /// Returns the block list.
    pub(crate) fn blocked(&self) -> &BlockList {
        self.blocked.get_or_init(|| BlockList::parse(&self.texts.blocked))
    }

    /// Verifies the signature of a certificate with the issuer's key; one that was found good is not computed again.
    ///
    /// # Errors
    /// What `X509Certificate.verify` throws.
    pub(crate) fn verify(
        &self,
        certificate: &Certificate<'_>,
        issuer: &PublicKey,
    ) -> Result<(), JavaException> {
        self.proven.or_verify(certificate, issuer, || certificate.verify(issuer, &self.profile))
    }

    /// Returns the schemes that a hello offers, as far as somebody asked.
    pub(crate) fn offered_schemes(&self) -> &OfferedSchemes {
        &self.offered_schemes
    }

    /// Returns whether the hello may offer a signature scheme, by its name in RFC 8446.
    pub(crate) fn offers_scheme(&self, name: &str) -> bool {
        self.signature_schemes
            .as_ref()
            .is_none_or(|offered| offered.iter().any(|known| known == name))
    }

    /// Returns where `jdk.tls.client.SignatureSchemes` lists a scheme.
    pub(crate) fn place_of_scheme(&self, name: &str) -> Option<usize> {
        self.signature_schemes.as_ref()?.iter().position(|known| known == name)
    }

    /// Returns the CA distrust policies in force.
    pub(crate) fn distrust(&self) -> &DistrustPolicies {
        &self.distrust
    }

    /// Returns whether an anchor need not be a CA (`jdk.security.allowNonCaAnchor`).
    pub(crate) fn allows_non_ca_anchor(&self) -> bool {
        self.allows_non_ca_anchor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enabled(rules: &Rules) -> Vec<&'static str> {
        rules.enabled_protocols().map(Protocol::java_name).collect()
    }

    #[test]
    fn every_shipped_property_leaves_the_two_newest_protocols() {
        for profile in &Profile::RECORDED {
            let rules = Rules::built_in(profile.recorded);
            assert_eq!(enabled(&rules), ["TLSv1.2", "TLSv1.3"]);
            assert_eq!(rules.recorded_as(), rules.release());
        }
    }

    #[test]
    fn an_edited_property_enables_and_disables_protocols() {
        let rules = Rules::built_in("17".parse().unwrap());
        for (value, expected) in [
            ("", vec!["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
            ("SSLv3, tlsv1.3", vec!["TLSv1", "TLSv1.1", "TLSv1.2"]),
            ("\"TLSv1, TLSv1.1\"", vec!["TLSv1.2", "TLSv1.3"]),
            ("TLSv1 keySize < 1", vec!["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
        ] {
            let property =
                |name: &str| (name == "jdk.tls.disabledAlgorithms").then(|| value.to_owned());
            assert_eq!(
                enabled(&rules.clone().with_security_properties(&property)),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn an_anchor_need_not_be_a_ca_where_the_property_says_so() {
        let rules = Rules::built_in("17".parse().unwrap());
        assert!(!rules.allows_non_ca_anchor());
        for (value, expected) in [("", true), ("TRUE", true), ("false", false), ("yes", false)] {
            let property =
                |name: &str| (name == "jdk.security.allowNonCaAnchor").then(|| value.to_owned());
            let rules = rules.clone().with_security_properties(&property);
            assert_eq!(rules.allows_non_ca_anchor(), expected, "{value}");
        }
    }

    #[test]
    fn a_block_list_replaces_the_shipped_one() {
        let rules = Rules::built_in("17".parse().unwrap());
        assert_eq!(rules.blocked().len(), 38);
        assert_eq!(rules.with_blocked_certs("Algorithm=SHA-256\n").blocked().len(), 0);
    }
}
