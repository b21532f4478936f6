//! Findings about proxies: which one was gone through, what it refused, and what the other way shows.

use handshake_probe::{Cause, Observation, TunnelFault};
use java_pkix::JavaException;

use super::{Evidence, Finding, Severity};
use crate::certificates::{Shown, printable};
use crate::settings::{ignored_by_socket, is_disabled_for_tunnels};

/// What came of a second handshake, on another way.
pub(crate) struct Compared {
    /// The proxy on that way; none: it was the straight one.
    pub(crate) proxy: Option<String>,
    /// Whether Java would connect.
    pub(crate) connected: bool,
    pub(crate) exception: Option<JavaException>,
    pub(crate) observation: Option<Observation>,
}

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(taken(evidence));
    findings.extend(ignored(evidence));
    let proxied = match evidence.compared {
        Some(compared) if compared.proxy.is_some() => compared.observation.as_ref(),
        Some(_) | None => evidence.observation,
    };
    if let Some(observation) = proxied {
        findings.extend(of_proxy(observation, evidence));
    }
    if let Some(compared) = evidence.compared {
        findings.push(comparison(compared, evidence));
    }
    findings
}

/// Names the proxy: who forgot about a property is misled by it.
fn taken(evidence: &Evidence<'_>) -> Option<Finding> {
    let proxy = evidence.way.proxy.as_ref()?;
    let severity = if evidence.wiring.is_as_java() { Severity::Warning } else { Severity::Note };
    if evidence.way.is_http() {
        let what = format!("the connection went through the HTTP proxy {proxy}");
        let finding = Finding::new("http-proxy", severity, what);
        return Some(if evidence.wiring.is_as_java() {
            finding.because("Java's HTTP client would go there, too; SSLPoke, mail and LDAP would go straight to the host")
        } else {
            finding
        });
    }
    let as_java = if evidence.wiring.is_as_java() { ", as Java's would" } else { "" };
    let what = format!("the connection went through the SOCKS proxy {proxy}{as_java}");
    Some(Finding::new("socks-proxy", severity, what))
}

/// Names the properties that seem to lead through an HTTP proxy, and do not.
fn ignored(evidence: &Evidence<'_>) -> Option<Finding> {
    let ignored = ignored_by_socket(evidence.settings);
    if ignored.is_empty() || evidence.way.is_http() {
        return None;
    }
    let names: Vec<String> = ignored.iter().map(|name| format!("-D{name}")).collect();
    let what = format!("SSLPoke goes straight to the host: {} has no effect", names.join(", "));
    let finding = Finding::new("proxy-ignored", Severity::Warning, what).because(
        "these act on Java's HTTP client, and so on Jira; a plain socket ignores them, and so do mail and LDAP",
    );
    Some(if ignored == ["http.proxyHost"] {
        finding.repaired_by("for https the property is -Dhttps.proxyHost, with -Dhttps.proxyPort")
    } else {
        finding
    })
}

/// Says why the proxy made no tunnel, or why it would make none for Java.
fn of_proxy(observation: &Observation, evidence: &Evidence<'_>) -> Vec<Finding> {
    let cause = observation.outcome.as_ref().err().map(|failure| &failure.cause);
    let is_basic_disabled = is_disabled_for_tunnels("Basic", evidence.settings);
    let Some(Cause::Tunnel(fault)) = cause else {
        let is_through = observation.proxy.is_some() && evidence.wiring.has_user();
        return if is_through && is_http(evidence) && is_basic_disabled {
            vec![basic_disabled()]
        } else {
            Vec::new()
        };
    };
    let error = |code, what: String| Finding::new(code, Severity::Error, what);
    let (host, port) = (evidence.host, evidence.port);
    let TunnelFault::Http { status, line, schemes } = fault else {
        return vec![error(
            "no-tunnel",
            format!("the proxy made no tunnel: {}", printable(&fault.to_string())),
        )];
    };
    let line = printable(line);
    match status {
        407 if evidence.wiring.has_user() => {
            vec![error(
                "proxy-authentication",
                format!("the proxy does not take this user and password: {line}"),
            )]
        }
        407 => {
            let wants = if schemes.is_empty() {
                "a user and a password".to_owned()
            } else {
                format!("a user and a password by {}", printable(&schemes.join(", ")))
            };
            let finding = error("proxy-authentication", format!("the proxy wants {wants}: {line}"))
                .repaired_by("--proxy-user NAME --proxy-pass-file FILE");
            let is_basic = schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("Basic"));
            let mut findings = vec![finding];
            findings.extend((is_basic && is_basic_disabled).then(basic_disabled));
            findings
        }
        403 => vec![
            error(
                "proxy-refused",
                format!("the proxy does not let anybody through to {host}:{port}: {line}"),
            )
            .repaired_by(format!(
                "let its rules allow CONNECT to {host}:{port}; many allow port 443 only"
            )),
        ],
        502..=504 => {
            vec![error("no-tunnel", format!("the proxy could not reach {host}:{port}: {line}"))]
        }
        _ => vec![error("no-tunnel", format!("the proxy made no tunnel: {line}"))],
    }
}

fn is_http(evidence: &Evidence<'_>) -> bool {
    let proxy = evidence.compared.and_then(|compared| compared.proxy.as_ref());
    let proxy = proxy.or(evidence.way.proxy.as_ref());
    proxy.is_some_and(|proxy| proxy.starts_with("http"))
}

fn basic_disabled() -> Finding {
    let what = "Java sends no password to a proxy by Basic for a tunnel: jdk.http.auth.tunneling.disabledSchemes forbids it";
    Finding::new("proxy-basic-disabled", Severity::Warning, what)
        .because("so applications get 407 whatever password they have (java.net.Authenticator; -Dhttps.proxyUser is read by some applications, not by Java)")
        .repaired_by("-Djdk.http.auth.tunneling.disabledSchemes= (empty), or a proxy that lets this machine through by its address")
}

/// Sets both ways side by side.
fn comparison(compared: &Compared, evidence: &Evidence<'_>) -> Finding {
    let named = |proxy: &Option<String>| match proxy {
        Some(proxy) => format!("through {proxy}"),
        None => "straight to the host".to_owned(),
    };
    let (here, there) = (named(&evidence.way.proxy), named(&compared.proxy));
    let connected = evidence.observation.is_some_and(|seen| seen.outcome.is_ok());
    if let (Some(mine), Some(other)) =
        (leaf(evidence.observation), leaf(compared.observation.as_ref()))
        && mine.issuer() != other.issuer()
    {
        let what = format!(
            "two different certificates: {here} it is issued by {}, {there} by {}",
            mine.issuer(),
            other.issuer()
        );
        let severity =
            if connected && compared.connected { Severity::Warning } else { Severity::Error };
        return Finding::new("tls-inspection", severity, what)
            .because("the proxy opens TLS and shows certificates of its own: Java has to trust its root on that way, and the server's on the other")
            .repaired_by("put the proxy's root into the truststore, too, or let the proxy leave this host alone");
    }
    let told = |connected: bool, exception: Option<&JavaException>| match (connected, exception) {
        (true, _) => "Java connects".to_owned(),
        (false, Some(exception)) => printable(&exception.to_string()),
        (false, None) => "no answer in time".to_owned(),
    };
    let (mine, other) = (
        told(connected, evidence.exception),
        told(compared.connected, compared.exception.as_ref()),
    );
    if mine == other {
        let what = format!("{there} it is the same: {other}");
        return Finding::new("ways-agree", Severity::Note, what);
    }
    let what = format!("the ways differ: {here}: {mine}; {there}: {other}");
    Finding::new("ways-differ", Severity::Warning, what)
}

fn leaf(observation: Option<&Observation>) -> Option<Shown<'_>> {
    observation?.chain.first().and_then(|certificate| Shown::of(certificate))
}
