//! Findings about properties that do not do what they seem to.

use super::{Evidence, Finding, Severity};

/// Properties that act on `HttpsURLConnection`, not on a socket.
const WITHOUT_EFFECT: [&str; 2] = ["https.protocols", "https.cipherSuites"];

/// Security properties: they are not system properties, and `-D` does not set them.
const SECURITY_PROPERTIES: [&str; 3] =
    ["jdk.tls.disabledAlgorithms", "jdk.certpath.disabledAlgorithms", "keystore.type"];

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let properties = &evidence.settings.properties;
    let given = |name: &&&str| properties.value(name).is_some();
    let mut findings = Vec::new();
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
