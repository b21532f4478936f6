//! Certificate policies (RFC 5280, section 6.1) as `PolicyChecker` processes them: only whether the tree is empty matters.

use std::collections::BTreeSet;

use crate::certificate::Certificate;
use crate::der::{Value, fault as io, tag};
use crate::exception::JavaException;
use crate::extensions::POLICIES;
use crate::profile::Profile;

/// A policy of certificatePolicies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct PolicyInformation<'a> {
    policy: &'a [u8],
    has_qualifiers: bool,
}

/// A mapping of policyMappings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct PolicyMapping<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
}

/// policyConstraints; -1 where absent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct PolicyConstraints {
    require_explicit: i32,
    inhibit_mapping: i32,
}

impl<'a> PolicyInformation<'a> {
    pub(crate) fn parse_all(
        value: Value<'a>,
        profile: &Profile,
    ) -> Result<Vec<Self>, JavaException> {
        let wrong = "Invalid encoding for CertificatePoliciesExtension.";
        each(value, wrong, profile, |part| {
            if part.tag != tag::SEQUENCE {
                return Err(io("Invalid encoding of PolicyInformation"));
            }
            let mut reader = part.reader(profile);
            let policy = reader.value()?.oid()?.0;
            let mut has_qualifiers = false;
            if !reader.is_at_end() {
                let qualifiers = reader.value()?;
                if qualifiers.tag != tag::SEQUENCE || !reader.is_at_end() {
                    return Err(io("Invalid encoding of PolicyInformation"));
                }
                if qualifiers.content().is_empty() {
                    return Err(io("No data available in policyQualifiers"));
                }
                read_qualifiers(qualifiers, profile)?;
                has_qualifiers = true;
            }
            Ok(Self { policy, has_qualifiers })
        })
    }
}

/// Reads each `PolicyQualifierInfo` as far as Java does: an identifier, and whatever follows.
fn read_qualifiers(qualifiers: Value<'_>, profile: &Profile) -> Result<(), JavaException> {
    let mut reader = qualifiers.reader(profile);
    while !reader.is_at_end() {
        let qualifier = reader.value()?;
        if qualifier.tag != tag::SEQUENCE {
            return Err(io("Invalid encoding for PolicyQualifierInfo"));
        }
        qualifier.reader(profile).value()?.oid()?;
    }
    Ok(())
}

impl<'a> PolicyMapping<'a> {
    pub(crate) fn parse_all(
        value: Value<'a>,
        profile: &Profile,
    ) -> Result<Vec<Self>, JavaException> {
        let wrong = "Invalid encoding for PolicyMappingsExtension.";
        each(value, wrong, profile, |part| {
            if part.tag != tag::SEQUENCE {
                return Err(io("Invalid encoding for CertificatePolicyMap"));
            }
            let mut reader = part.reader(profile);
            let (issuer, subject) = (reader.value()?.oid()?.0, reader.value()?.oid()?.0);
            if !reader.is_at_end() {
                return Err(io("Invalid encoding for CertificatePolicyMap"));
            }
            Ok(Self { issuer, subject })
        })
    }
}

impl PolicyConstraints {
    pub(crate) fn parse(value: Value<'_>, profile: &Profile) -> Result<Self, JavaException> {
        let mut constraints = Self { require_explicit: -1, inhibit_mapping: -1 };
        let wrong = "Sequence tag missing for PolicyConstraint.";
        each(value, wrong, profile, |part| {
            let (place, what) = match part.tag {
                0x80 => (&mut constraints.require_explicit, "requireExplicitPolicy"),
                0x81 => (&mut constraints.inhibit_mapping, "inhibitPolicyMapping"),
                _ => return Err(io("Invalid encoding of PolicyConstraint")),
            };
            if *place != -1 {
                return Err(io(format!("Duplicate {what}found in the PolicyConstraintsExtension")));
            }
            *place = part.untagged_integer(profile)?;
            Ok(())
        })?;
        Ok(constraints)
    }
}

fn each<'a, T>(
    value: Value<'a>,
    wrong: &str,
    profile: &Profile,
    mut read: impl FnMut(Value<'a>) -> Result<T, JavaException>,
) -> Result<Vec<T>, JavaException> {
    if value.tag != tag::SEQUENCE {
        return Err(io(wrong));
    }
    let mut all = Vec::new();
    let mut reader = value.reader(profile);
    while !reader.is_at_end() {
        all.push(read(reader.value()?)?);
    }
    Ok(all)
}

/// The policy tree on the way down a path.
///
/// Only the lowest level is kept, and of nodes that are alike only one: for the question whether the tree is empty
/// they cannot differ. So the work is bounded by the policies in the certificates, not by the tree's size.
#[derive(Clone, Debug)]
pub(crate) struct PolicyTree<'a> {
    /// The lowest level: each node's policy and what is expected below it; none for the null tree.
    level: Option<BTreeSet<Node<'a>>>,
    explicit_policy: i32,
    policy_mapping: i32,
    inhibit_any_policy: i32,
}

/// A node: its valid policy and its expected policies.
type Node<'a> = (&'a [u8], BTreeSet<&'a [u8]>);

impl<'a> PolicyTree<'a> {
    /// Begins above a path of `length` certificates, with any policy wanted.
    pub(crate) fn new(length: usize) -> Self {
        let never = i32::try_from(length).unwrap_or(i32::MAX - 1).saturating_add(1);
        Self {
            level: Some(BTreeSet::from([(ANY_POLICY, BTreeSet::from([ANY_POLICY]))])),
            explicit_policy: never,
            policy_mapping: never,
            inhibit_any_policy: never,
        }
    }

    /// Checks the next certificate, from the one under the anchor down.
    ///
    /// # Errors
    /// The message of the `CertPathValidatorException`.
    pub(crate) fn check(
        &mut self,
        certificate: &Certificate<'a>,
        is_last: bool,
    ) -> Result<(), &'static str> {
        let extensions = &certificate.extensions;
        let is_self_issued = certificate.is_self_issued();
        self.level = match (self.level.take(), &extensions.policies) {
            (Some(level), Some(policies)) => {
                let is_critical = extensions.critical.iter().any(|oid| oid.0 == POLICIES);
                let takes_any = self.inhibit_any_policy > 0 || (!is_last && is_self_issued);
                next_level(&level, policies, is_critical, takes_any)?
            }
            (Some(_) | None, _) => None,
        };
        if let (false, Some(mappings)) = (is_last, &extensions.policy_mappings) {
            self.level =
                self.level.take().map(|level| self.map(level, mappings)).transpose()?.flatten();
        }
        if is_last {
            self.merge_explicit(certificate, is_self_issued, is_last);
        }
        if self.explicit_policy == 0 && self.level.is_none() {
            return Err("non-null policy tree required and policy tree is null");
        }
        if !is_last {
            self.merge_explicit(certificate, is_self_issued, is_last);
            let constraints = extensions.policy_constraints;
            let inhibit = constraints.map_or(-1, |constraints| constraints.inhibit_mapping);
            merge(&mut self.policy_mapping, is_self_issued, inhibit);
            let skip = extensions.inhibit_any_policy.unwrap_or(-1);
            merge(&mut self.inhibit_any_policy, is_self_issued, skip);
        }
        Ok(())
    }

    fn merge_explicit(
        &mut self,
        certificate: &Certificate<'_>,
        is_self_issued: bool,
        is_last: bool,
    ) {
        let constraints = certificate.extensions.policy_constraints;
        let require = constraints.map_or(-1, |constraints| constraints.require_explicit);
        // In the last certificate only the demand for a policy at once counts.
        let require = if is_last && require != 0 { -1 } else { require };
        merge(&mut self.explicit_policy, is_self_issued, require);
    }

    /// Applies policyMappings (RFC 5280, section 6.1.4, steps a and b).
    fn map(
        &self,
        mut level: BTreeSet<Node<'a>>,
        mappings: &[PolicyMapping<'a>],
    ) -> Result<Option<BTreeSet<Node<'a>>>, &'static str> {
        let mut mapped: BTreeSet<&[u8]> = BTreeSet::new();
        for mapping in mappings {
            if mapping.issuer == ANY_POLICY {
                return Err("encountered an issuerDomainPolicy of ANY_POLICY");
            }
            if mapping.subject == ANY_POLICY {
                return Err("encountered a subjectDomainPolicy of ANY_POLICY");
            }
            let is_valid = level.iter().any(|(policy, _)| *policy == mapping.issuer);
            let is_allowed = self.policy_mapping > 0;
            let has_any = level.iter().any(|(policy, _)| *policy == ANY_POLICY);
            if is_valid && !is_allowed {
                level.retain(|(policy, _)| *policy != mapping.issuer);
            } else if is_valid {
                let is_first = mapped.insert(mapping.issuer);
                level = level
                    .into_iter()
                    .map(|(policy, mut expected)| {
                        if policy == mapping.issuer {
                            if is_first {
                                expected.clear();
                            }
                            expected.insert(mapping.subject);
                        }
                        (policy, expected)
                    })
                    .collect();
            } else if is_allowed && has_any {
                mapped.insert(mapping.issuer);
                level.insert((mapping.issuer, BTreeSet::from([mapping.subject])));
            }
        }
        Ok((!level.is_empty()).then_some(level))
    }
}

/// Grows the next level of the tree (RFC 5280, section 6.1.3, step d); none if nothing grows.
fn next_level<'a>(
    level: &BTreeSet<Node<'a>>,
    policies: &[PolicyInformation<'a>],
    is_critical: bool,
    takes_any: bool,
) -> Result<Option<BTreeSet<Node<'a>>>, &'static str> {
    let mut next = BTreeSet::new();
    let single = |policy: &'a [u8]| (policy, BTreeSet::from([policy]));
    for information in policies.iter().filter(|information| information.policy != ANY_POLICY) {
        if is_critical && information.has_qualifiers {
            return Err("critical policy qualifiers present in certificate");
        }
        let expects = |policy| level.iter().any(|(_, expected)| expected.contains(policy));
        if expects(information.policy) || expects(ANY_POLICY) {
            next.insert(single(information.policy));
        }
    }
    if takes_any && policies.iter().any(|information| information.policy == ANY_POLICY) {
        next.extend(level.iter().flat_map(|(_, expected)| expected.iter().copied()).map(single));
    }
    Ok((!next.is_empty()).then_some(next))
}

/// Counts a certificate down and takes a smaller value from its extension; -1 is none.
fn merge(counter: &mut i32, is_self_issued: bool, value: i32) {
    if *counter > 0 && !is_self_issued {
        *counter -= 1;
    }
    if value != -1 && value < *counter {
        *counter = value;
    }
}

const ANY_POLICY: &[u8] = &[0x55, 0x1d, 32, 0];
