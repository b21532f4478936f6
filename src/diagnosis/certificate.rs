//! Findings about a certificate's dates and names.

use java_pkix::Verdict;

use super::{Evidence, Finding, Severity};
use crate::certificates::{Shown, printable, time};

/// Beyond this many names a certificate's names are only counted.
const MOST_NAMES: usize = 8;

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let (Some(Verdict::Rejected(rejection)), Some(observation)) =
        (evidence.verdict, evidence.observation)
    else {
        return Vec::new();
    };
    let mut findings: Vec<Finding> = observation
        .chain
        .iter()
        .enumerate()
        .filter_map(|(number, held)| of_dates(number, &Shown::of(held)?, evidence.now))
        .collect();
    if rejection
        .exception
        .chain()
        .any(|held| held.class == "java.security.cert.CertificateException")
        && let Some(leaf) = observation.chain.first().and_then(|held| Shown::of(held))
    {
        findings.push(of_names(&leaf, evidence.host));
    }
    findings
}

fn of_dates(number: usize, shown: &Shown<'_>, now: i64) -> Option<Finding> {
    let (from, until) = shown.validity();
    let which = match number {
        0 => "the server's certificate".to_owned(),
        _ => format!("certificate {} of the server's chain, {},", number + 1, shown.subject()),
    };
    if now > until {
        let what = format!("{which} expired on {}", time(until));
        return Some(Finding::new("certificate-expired", Severity::Error, what).repaired_by(
            "the server needs a new certificate; if its clock and yours differ, see `date`",
        ));
    }
    if now < from {
        let what = format!("{which} is not valid before {}", time(from));
        return Some(
            Finding::new("certificate-not-yet-valid", Severity::Error, what)
                .because(format!("this machine's clock says {}", time(now)))
                .repaired_by("check this machine's clock, then the server's"),
        );
    }
    None
}

fn of_names(leaf: &Shown<'_>, host: &str) -> Finding {
    let names: Vec<String> = leaf.names().iter().map(|name| printable(name)).collect();
    let what = match names.len() {
        0 => format!("the certificate names no host; {host} was asked for"),
        1..=MOST_NAMES => format!("the certificate is for {}, not for {host}", names.join(", ")),
        count => {
            let shown: Vec<&str> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
            let more = count - MOST_NAMES;
            format!("the certificate is for {} and {more} more, not for {host}", shown.join(", "))
        }
    };
    let finding = Finding::new("host-name-mismatch", Severity::Error, what);
    if host.contains('.') {
        return finding
            .repaired_by("use a name that the certificate has, or have it issued for this one");
    }
    finding
        .because("Java sends no server name for a host without a dot: a server with several names then answers with its default certificate")
        .repaired_by("use the full name")
}
