//! What a release's `ClientHello` looks like, apart from what security properties disable.

use java_pkix::{JavaRelease, Rules};

use super::groups::{Group, Kind};
use super::suites::Suite;

/// The release whose hello was captured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Release(JavaRelease);

impl Release {
    pub(super) fn of(rules: &Rules) -> Self {
        Self(rules.recorded_as())
    }

    /// 8 has no `ChaCha20`.
    pub(super) fn knows(self, suite: Suite) -> bool {
        self.0.feature > 8 || !suite.name.contains("CHACHA20")
    }

    /// Since 21 triple DES is offered only where a property names it.
    pub(super) fn enables(self, suite: Suite) -> bool {
        self.knows(suite) && (self.0.feature < 21 || !suite.name.contains("3DES"))
    }

    /// 8 and 11 look for the names of groups as they are written.
    pub(super) fn minds_case(self) -> bool {
        self.0.feature < 17
    }

    /// 8 has neither X25519 nor X448. The hybrid group came to 25 with an update: 25.0.3 has it not, 25.0.5 has.
    pub(super) fn has(self, group: Group) -> bool {
        match group.kind {
            Kind::Montgomery => self.0.feature > 8,
            Kind::Hybrid => self.0.feature == 25 && self.0.update >= 5,
            Kind::Curve | Kind::Field => true,
        }
    }

    pub(super) fn sends_two_shares(self) -> bool {
        self.0.feature >= 17
    }

    /// Returns whether the release makes no keys on curves that it still lists.
    pub(super) fn forsakes_curves(self) -> bool {
        self.0.feature >= 17
    }

    /// Returns the extensions in the order in which they are sent, `renegotiation_info` last.
    pub(super) fn extensions(self) -> &'static [u16] {
        match self.0.feature {
            8 => &[0, 10, 11, 13, 50, 23, 43, 45, 51, 0xff01],
            11 => &[0, 5, 10, 11, 13, 50, 17, 23, 43, 45, 51, 0xff01],
            _ => &[0, 5, 10, 11, 17, 23, 35, 13, 43, 45, 50, 51, 0xff01],
        }
    }

    /// Returns whether `jdk.tls.client.disableExtensions` is heeded.
    pub(super) fn disables_extensions(self) -> bool {
        self.0.feature > 8
    }
}
