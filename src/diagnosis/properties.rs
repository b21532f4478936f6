//! Findings about properties that do not do what they seem to.

use super::{Evidence, Finding, Severity};
use crate::settings::{ignored_proxy_properties, socks_proxy};

/// Properties that act on `HttpsURLConnection`, not on a socket.
const WITHOUT_EFFECT: [&str; 2] = ["https.protocols", "https.cipherSuites"];

/// Security properties: they are not system properties, and `-D` does not set them.
const SECURITY_PROPERTIES: [&str; 3] =
    ["jdk.tls.disabledAlgorithms", "jdk.certpath.disabledAlgorithms", "keystore.type"];

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let properties = &evidence.settings.properties;
    let given = |name: &&&str| properties.value(name).is_some();
    let mut findings = Vec::new();
    if let Some(proxy) = socks_proxy(evidence.host, properties) {
        let what = format!(
            "the connection went through the SOCKS proxy {}:{}, as Java's would",
            proxy.host, proxy.port
        );
        findings.push(Finding::new("socks-proxy", Severity::Warning, what));
    }
    let ignored = ignored_proxy_properties(properties);
    if !ignored.is_empty() {
        let names: Vec<String> = ignored.iter().map(|name| format!("-D{name}")).collect();
        let what = format!("SSLPoke goes straight to the host: {} has no effect", names.join(", "));
        findings.push(Finding::new("proxy-ignored", Severity::Warning, what).because(
            "these act on Java's HTTP client, and so on Jira; a plain socket ignores them",
        ));
    }
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
