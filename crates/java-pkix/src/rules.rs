//! All that a Java runtime brings to a verdict: switches, disabled algorithms, block list, distrust.

use crate::release::JavaRelease;

/// All that a Java runtime brings to a verdict.
#[derive(Clone, Debug)]
pub struct Rules {
    release: JavaRelease,
}

impl Rules {
    /// Returns the built-in rules of `release`, or of the nearest recorded one.
    pub fn built_in(release: JavaRelease) -> Self {
        Self { release }
    }

    /// Returns the rules as overridden by a runtime's own security properties (`java.security`).
    ///
    /// `property` is asked for `jdk.certpath.disabledAlgorithms`, `jdk.tls.disabledAlgorithms`,
    /// `jdk.disabled.namedCurves` (through `include`), `jdk.security.caDistrustPolicies` and
    /// `jdk.security.allowNonCaAnchor`.
    #[must_use]
    pub fn with_security_properties(self, property: &dyn Fn(&str) -> Option<String>) -> Self {
        let _ = property;
        self
    }

    /// Returns the rules with the text of a runtime's `blocked.certs` (8: `blacklisted.certs`) as block list.
    #[must_use]
    pub fn with_blocked_certs(self, text: &str) -> Self {
        let _ = text;
        self
    }

    /// Returns the release that was asked for.
    pub fn release(&self) -> JavaRelease {
        self.release
    }

    /// Returns the recorded release whose switches serve; another than [`Rules::release`] where that was not recorded.
    pub fn recorded_as(&self) -> JavaRelease {
        self.release
    }

    /// Whether messages of exceptions that go with an alert begin with its name in parentheses.
    pub fn names_alert_in_message(&self) -> bool {
        self.release.feature >= 21
    }
}
