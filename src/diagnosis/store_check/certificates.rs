//! Rules about one certificate that Java trusts by.

use java_pkix::{Fitness, OutOfDate};

use super::codes::{
    CA_WITHOUT_KEY_CERT_SIGN, CERTIFICATE_BLOCKED, CERTIFICATE_EXPIRED, CERTIFICATE_EXPIRES_SOON,
    CERTIFICATE_NOT_YET_VALID, CERTIFICATE_UNREADABLE, Code, INTERMEDIATE_TRUSTED, KEY_REFUSED,
    KEY_SHORT, LEAF_PINNED, PUBLIC_ROOT_DISTRUSTED, PUBLIC_ROOT_EXPIRED, VERSION_1_ROOT,
};
use super::{Held, StoreEvidence};
use crate::certificates::{Shown, date};
use crate::diagnosis::Finding;

/// Applies every rule to a certificate.
pub(super) fn findings(evidence: &StoreEvidence<'_>, held: &Held<'_>) -> Vec<Finding> {
    if let Some(fault) = &held.fault {
        return vec![
            CERTIFICATE_UNREADABLE
                .finding(format!(
                    "Java cannot read the certificate of the entry {:?}",
                    held.entry.alias
                ))
                .about(&held.alias(), &held.sha256)
                .because(format!("it then does not read the store at all: {fault}"))
                .repaired_by(evidence.remove(&held.entry.alias)),
        ];
    }
    let (Some(fitness), Some(shown)) = (&held.fitness, &held.shown) else { return Vec::new() };
    if !held.entry.trusted {
        return Vec::new();
    }
    let one = One { evidence, held, fitness, shown };
    let rules = [
        One::dates,
        One::leaf,
        One::key_cert_sign,
        One::key_refused,
        One::key_short,
        One::blocked,
        One::distrusted,
        One::version_1,
        One::intermediate,
    ];
    rules.iter().filter_map(|rule| rule(&one)).collect()
}

/// A certificate that can be read.
struct One<'a> {
    evidence: &'a StoreEvidence<'a>,
    held: &'a Held<'a>,
    fitness: &'a Fitness,
    shown: &'a Shown<'a>,
}

const DAY: i64 = 86_400;

impl One<'_> {
    fn finding(&self, code: &Code, says: &str) -> Finding {
        let what = format!("{} {says}", self.held.subject());
        code.finding(what).about(&self.held.alias(), &self.held.sha256)
    }

    fn is_leaf(&self) -> bool {
        self.fitness.version >= 3 && !self.fitness.is_authority
    }

    fn dates(&self) -> Option<Finding> {
        let (from, until) = self.shown.validity();
        let soon =
            self.evidence.now.div_euclid(1000).saturating_add(i64::from(self.evidence.days) * DAY);
        let (code, says) = match self.fitness.misdated {
            Some(OutOfDate::NotYetValid) => {
                let says = format!("is not valid before {}", date(from));
                return Some(self.finding(&CERTIFICATE_NOT_YET_VALID, &says).because(OUT_OF_DATE));
            }
            Some(OutOfDate::Expired) => {
                (&CERTIFICATE_EXPIRED, format!("expired on {}", date(until)))
            }
            None if until < soon => {
                (&CERTIFICATE_EXPIRES_SOON, format!("expires on {}", date(until)))
            }
            None => return None,
        };
        if self.held.is_public {
            return Some(self.finding(&PUBLIC_ROOT_EXPIRED, &says));
        }
        let finding = self.finding(code, &says);
        let why = if self.is_leaf() { PINNED_OUT_OF_DATE } else { OUT_OF_DATE };
        let finding = finding.because(why).repaired_by(format!(
            "add the one that takes its place, then: {}",
            self.evidence.remove(&self.held.entry.alias)
        ));
        Some(finding)
    }

    fn leaf(&self) -> Option<Finding> {
        if !self.is_leaf() || self.fitness.may_anchor {
            return None;
        }
        let (_, until) = self.shown.validity();
        let finding = self
            .finding(&LEAF_PINNED, &format!("is no CA certificate; it expires on {}", date(until)));
        let issuer = if self.fitness.is_self_issued {
            "a certificate from a CA, whose root stays the same when the server renews".to_owned()
        } else {
            format!("the root of its issuer, {}", self.shown.issuer())
        };
        Some(
            finding
                .because("Java trusts the server as long as it shows this very certificate; what it has signed, Java refuses")
                .repaired_by(format!("better: {issuer}")),
        )
    }

    fn key_cert_sign(&self) -> Option<Finding> {
        let is_at_fault = self.fitness.is_authority && !self.fitness.may_anchor;
        is_at_fault.then(|| {
            self.finding(&CA_WITHOUT_KEY_CERT_SIGN, "may not sign certificates, says its keyUsage")
                .because(
                    "Java: TrustAnchor … does not have keyCertSign bit set in KeyUsage extension",
                )
                .repaired_by("ask the CA for a root with keyCertSign, or no keyUsage at all")
        })
    }

    fn key_refused(&self) -> Option<Finding> {
        let fault = self.fitness.key_fault.as_ref()?;
        let says = format!(
            "has a key that Java {} refuses: {}",
            self.evidence.rules.release(),
            self.key()
        );
        Some(
            self.finding(&KEY_REFUSED, &says).because(fault).repaired_by(
                "a new root with a key of today: RSA of 2048 bits or more, P-256, P-384",
            ),
        )
    }

    fn key_short(&self) -> Option<Finding> {
        let (algorithm, bits) = &self.fitness.key;
        let is_short = bits.is_some_and(|bits| bits < 2048)
            && ["RSA", "RSASSA-PSS", "DSA"].contains(&algorithm.as_str());
        let is_at_fault = is_short && self.fitness.key_fault.is_none() && !self.held.is_public;
        is_at_fault.then(|| self.finding(&KEY_SHORT, &format!("has a short key: {}", self.key())))
    }

    fn key(&self) -> String {
        match &self.fitness.key {
            (algorithm, Some(bits)) => format!("{algorithm}, {bits} bits"),
            (algorithm, None) => algorithm.clone(),
        }
    }

    fn blocked(&self) -> Option<Finding> {
        self.fitness.is_blocked.then(|| {
            self.finding(&CERTIFICATE_BLOCKED, "is on Java's block list")
                .because("it is known to be misused; Java: Untrusted certificate")
                .repaired_by(self.evidence.remove(&self.held.entry.alias))
        })
    }

    fn distrusted(&self) -> Option<Finding> {
        let distrust = self.fitness.distrust?;
        let says = match distrust.last_issue {
            Some(day) => format!("is trusted only for certificates issued until {day}"),
            None => "is not trusted any more for TLS servers".to_owned(),
        };
        let why = format!("{} of jdk.security.caDistrustPolicies", distrust.policy);
        Some(self.finding(&PUBLIC_ROOT_DISTRUSTED, &says).because(why))
    }

    fn intermediate(&self) -> Option<Finding> {
        let is_one = self.fitness.is_authority && !self.fitness.is_self_issued;
        (is_one && self.fitness.may_anchor && !self.held.is_public).then(|| {
            let says = "is an intermediate CA certificate, trusted for itself";
            let root = self.shown.issuer();
            self.finding(&INTERMEDIATE_TRUSTED, says)
                .because(
                    "Java takes it as if it were a root; the CA renews it sooner than its root",
                )
                .repaired_by(format!(
                    "better: the root above it, {root}, and a server that sends its whole chain"
                ))
        })
    }

    fn version_1(&self) -> Option<Finding> {
        let is_old = self.fitness.version < 3 && !self.held.is_public;
        is_old.then(|| {
            let says = format!("is a certificate of version {}", self.fitness.version);
            self.finding(&VERSION_1_ROOT, &says).because(
                "it has no extension that could say that it is a CA's; Java takes it for one",
            )
        })
    }
}

/// Seen with all six recorded releases.
const OUT_OF_DATE: &str = "Java does not look at a root's dates where the server's chain leads straight to it, \
    but passes the root over where it has to search for a path; other programs refuse it";
const PINNED_OUT_OF_DATE: &str =
    "Java does not look at the dates of a pinned certificate; other programs do";
