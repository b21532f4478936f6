//! Roots that Java distrusts by name: `jdk.security.caDistrustPolicies`.

mod fingerprints;

use crate::distinguished_name::DistinguishedName;
use crate::profile::DistrustGeneration;

/// The CA distrust policies in force.
#[derive(Clone, Debug, Default)]
pub(crate) struct DistrustPolicies(Vec<&'static Policy>);

/// A path whose anchor may be distrusted.
#[derive(Clone, Copy)]
pub(crate) struct Anchored<'a> {
    /// SHA-256 of the anchor.
    pub(crate) anchor: &'a [u8; 32],
    /// The anchor's subject.
    pub(crate) anchor_subject: &'a DistinguishedName<'a>,
    /// SHA-256 of the certificate under the anchor, where that is not the end entity.
    pub(crate) subordinate: Option<&'a [u8; 32]>,
    /// The end entity's notBefore, in days since 1970 (UTC).
    pub(crate) issued: i64,
    /// The date in the JVM's zone, in days since 1970: no zone is looked for unless a policy asks.
    pub(crate) today: &'a dyn Fn() -> i64,
}

/// One value of the property.
#[derive(Debug)]
struct Policy {
    property: &'static str,
    name: &'static str,
    roots: &'static [&'static str],
    last_issue: Date,
    /// Whether the second generation of policies distrusts it whatever the date.
    total_later: bool,
    /// From the day after this one the second generation distrusts it whatever the date.
    end: Option<Date>,
}

/// A date in both forms that are needed.
#[derive(Clone, Copy, Debug)]
struct Date {
    days: i64,
    text: &'static str,
}

/// A root that a policy distrusts, wholly or for certificates of late.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Distrust {
    /// The value of `jdk.security.caDistrustPolicies`.
    pub policy: &'static str,
    /// The last day on which a server's certificate under it may have been issued; none: none is trusted.
    pub last_issue: Option<&'static str>,
}

impl DistrustPolicies {
    /// Reads `jdk.security.caDistrustPolicies`: a comma list of names, unknown ones are passed over.
    pub(crate) fn parse(property: &str) -> Self {
        let named =
            |policy: &&Policy| property.split(',').any(|name| name.trim() == policy.property);
        Self(POLICIES.iter().filter(named).collect())
    }

    /// Checks that the path's anchor is not distrusted.
    ///
    /// # Errors
    /// The message of the `ValidatorException`.
    pub(crate) fn check(
        &self,
        path: &Anchored<'_>,
        generation: DistrustGeneration,
    ) -> Result<(), String> {
        self.0
            .iter()
            .filter(|policy| policy.names(path.anchor))
            .try_for_each(|policy| policy.check(path, generation))
    }

    /// Returns what a root's own policy says at `now` (milliseconds since 1970).
    pub(crate) fn of_root(
        &self,
        root: &[u8; 32],
        generation: DistrustGeneration,
        now: i64,
    ) -> Option<Distrust> {
        let policy = self.0.iter().find(|policy| policy.names(root))?;
        let is_total = policy.is_total(generation, now.div_euclid(86_400_000));
        let last_issue = (!is_total).then_some(policy.last_issue.text);
        Some(Distrust { policy: policy.property, last_issue })
    }
}

impl Policy {
    /// Returns whether it is about this root.
    fn names(&self, root: &[u8; 32]) -> bool {
        is_among(self.roots, root)
    }

    fn check(&self, path: &Anchored<'_>, generation: DistrustGeneration) -> Result<(), String> {
        let Self { name, .. } = self;
        if self.is_total(generation, (path.today)()) {
            return Err(format!(
                "TLS Server certificate anchored by a distrusted legacy {name} root CA: {}",
                path.anchor_subject.display()
            ));
        }
        let last_issue = self.last_issue(path.subordinate);
        if path.issued > last_issue.days {
            let date = last_issue.text;
            return Err(format!(
                "TLS Server certificate issued after {date} and anchored by a distrusted legacy {name} root CA: {}",
                path.anchor_subject.display()
            ));
        }
        Ok(())
    }

    /// Returns whether the policy distrusts whatever the date of issue.
    fn is_total(&self, generation: DistrustGeneration, today: i64) -> bool {
        let ended = self.end.is_some_and(|end| today > end.days);
        generation == DistrustGeneration::Total && (self.total_later || ended)
    }

    /// Returns the last day of issue that is trusted: two Apple subordinates of Symantec have a later one.
    fn last_issue(&self, subordinate: Option<&[u8; 32]>) -> Date {
        let exempt = self.name == "Symantec"
            && subordinate.is_some_and(|sha256| is_among(fingerprints::APPLE, sha256));
        if exempt { APPLE_LAST_ISSUE } else { self.last_issue }
    }
}

/// Returns whether one of these fingerprints, in hexadecimal digits, is `sha256`.
fn is_among(fingerprints: &[&str], sha256: &[u8; 32]) -> bool {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let digits = || sha256.iter().flat_map(|octet| [digit(octet >> 4), digit(octet & 15)]);
    fingerprints
        .iter()
        .any(|held| held.chars().map(|digit| digit.to_ascii_lowercase()).eq(digits()))
}

const APPLE_LAST_ISSUE: Date = Date { days: 18_261, text: "2019-12-31" };

/// The values of the property, with the dates of the builds recorded (8u504, 17.0.19; 21.0.13 for the ends).
const POLICIES: [Policy; 4] = [
    Policy {
        property: "SYMANTEC_TLS",
        name: "Symantec",
        roots: fingerprints::SYMANTEC,
        last_issue: Date { days: 18_002, text: "2019-04-16" },
        total_later: true,
        end: None,
    },
    Policy {
        property: "ENTRUST_TLS",
        name: "Entrust",
        roots: fingerprints::ENTRUST,
        last_issue: Date { days: 20_038, text: "2024-11-11" },
        total_later: true,
        end: None,
    },
    Policy {
        property: "CAMERFIRMA_TLS",
        name: "Camerfirma",
        roots: fingerprints::CAMERFIRMA,
        last_issue: Date { days: 20_193, text: "2025-04-15" },
        total_later: true,
        end: None,
    },
    Policy {
        property: "CHUNGHWA_TLS",
        name: "Chunghwa",
        roots: fingerprints::CHUNGHWA,
        last_issue: Date { days: 20_529, text: "2026-03-17" },
        total_later: false,
        end: Some(Date { days: 20_927, text: "2027-04-19" }),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: i64 = 20_781;

    fn octets(fingerprint: &str) -> [u8; 32] {
        let octet = |at: usize| {
            u8::from_str_radix(fingerprint.get(2 * at..2 * at + 2).unwrap(), 16).unwrap()
        };
        std::array::from_fn(octet)
    }

    fn check(
        property: &str,
        root: &str,
        issued: i64,
        generation: DistrustGeneration,
    ) -> Result<(), String> {
        let path = Anchored {
            anchor: &octets(root),
            anchor_subject: &DistinguishedName::common_name("Root"),
            subordinate: None,
            issued,
            today: &|| TODAY,
        };
        DistrustPolicies::parse(property).check(&path, generation)
    }

    #[test]
    fn every_policy_has_a_last_day_of_issue() {
        for policy in &POLICIES {
            for root in policy.roots {
                let last = policy.last_issue;
                let dated = DistrustGeneration::Dated;
                assert_eq!(check(policy.property, root, last.days, dated), Ok(()));
                let Date { text, .. } = last;
                let name = policy.name;
                assert_eq!(
                    check(policy.property, root, last.days + 1, dated),
                    Err(format!(
                        "TLS Server certificate issued after {text} and anchored by a distrusted legacy {name} root CA: CN=Root"
                    ))
                );
                assert_eq!(check("", root, last.days + 1, dated), Ok(()));
            }
        }
    }

    #[test]
    fn the_second_generation_asks_for_no_date() {
        let total = DistrustGeneration::Total;
        for policy in &POLICIES {
            let said = check(
                " ENTRUST_TLS, SYMANTEC_TLS,CAMERFIRMA_TLS,CHUNGHWA_TLS,X",
                policy.roots[0],
                0,
                total,
            );
            assert_eq!(said.is_err(), policy.name != "Chunghwa", "{said:?}");
        }
        assert_eq!(
            check("ENTRUST_TLS", fingerprints::ENTRUST[0], 0, total),
            Err("TLS Server certificate anchored by a distrusted legacy Entrust root CA: CN=Root"
                .to_owned())
        );
    }

    #[test]
    fn two_subordinates_of_symantec_have_a_later_day() {
        let policies = DistrustPolicies::parse("SYMANTEC_TLS");
        let apple = octets(fingerprints::APPLE[0]);
        let said = |subordinate, issued| {
            let root = octets(fingerprints::SYMANTEC[0]);
            let path = Anchored {
                anchor: &root,
                anchor_subject: &DistinguishedName::common_name("Root"),
                subordinate,
                issued,
                today: &|| TODAY,
            };
            policies.check(&path, DistrustGeneration::Dated)
        };
        assert_eq!(said(Some(&apple), 18_261), Ok(()));
        assert!(said(Some(&apple), 18_262).unwrap_err().contains("2019-12-31"));
        assert!(said(None, 18_261).unwrap_err().contains("2019-04-16"));
    }
}
