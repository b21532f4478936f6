//! Findings about properties that do not do what they seem to.

use java_pkix::Verdict;

use super::{Evidence, Finding, Severity};
use crate::settings::CHECK_REVOCATION;

/// Properties that act on `HttpsURLConnection`, not on a socket.
const WITHOUT_EFFECT: [&str; 2] = ["https.protocols", "https.cipherSuites"];

/// Security properties: they are not system properties, and `-D` does not set them.
const SECURITY_PROPERTIES: [&str; 3] =
    ["jdk.tls.disabledAlgorithms", "jdk.certpath.disabledAlgorithms", "keystore.type"];

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let properties = &evidence.settings.properties;
    let given = |name: &&&str| properties.value(name).is_some();
    let mut findings: Vec<Finding> = revocation(evidence).into_iter().collect();
    for name in WITHOUT_EFFECT.iter().filter(given) {
        let what = format!("-D{name} has no effect on SSLPoke");
        findings.push(
            Finding::new("property-ignored", Severity::Warning, what)
                .because("it acts on Java's HTTP client only")
                .repaired_by("-Djdk.tls.client.protocols acts on both"),
        );
    }
    for name in SECURITY_PROPERTIES.iter().filter(given) {
        let what =
            format!("-D{name} has no effect: it is a security property, not a system property");
        findings.push(
            Finding::new("security-property-ignored", Severity::Warning, what)
                .repaired_by("put it into a file and name that: -Djava.security.properties=FILE"),
        );
    }
    findings
}

/// Java refuses what it knows nothing of (seen under 8, 17 and 26: without the other properties it asks nobody).
fn revocation(evidence: &Evidence<'_>) -> Option<Finding> {
    let properties = &evidence.settings.properties;
    let told = properties.sourced(CHECK_REVOCATION);
    let told = told.filter(|_| evidence.settings.checks_revocation())?;
    if !matches!(evidence.verdict, Some(Verdict::Trusted(_))) {
        return None;
    }
    let what = format!(
        "Java was told to check revocation, which is not done here: -D{CHECK_REVOCATION}={} ({})",
        told.value, told.source
    );
    let why = "the chain is accepted else. Unless -Dcom.sun.security.enableCRLDP=true or the security property \
               ocsp.enable=true is set, too, Java asks neither CRL nor OCSP, and without a stapled response it \
               ends with: Could not determine revocation status";
    let finding = Finding::new("revocation-not-checked", Severity::Error, what).because(why);
    Some(finding.repaired_by(format!(
        "leave -D{CHECK_REVOCATION} out, or let Java reach what the certificates name"
    )))
}
