//! Which proxy Java goes through: `sun.net.spi.DefaultProxySelector`, asked by a plain socket or by the HTTP client.
//!
//! Recorded from 8u504, 11.0.33, 17.0.19, 21.0.13, 25.0.5 and 26.0.2 (`tests/oracle/proxies.rs`).

use std::net::Ipv6Addr;

use super::Settings;
use super::net_properties::NetProperties;

/// Who asks for the way to a host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Client {
    /// A plain socket, as SSLPoke, mail and LDAP open it: only SOCKS proxies count.
    Socket,
    /// Java's HTTP client with an `https` URL, as Jira opens it.
    Https,
}

/// The proxy that Java's properties name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum JavaProxy {
    /// A SOCKS proxy.
    Socks { host: String, port: u16, is_version_4: bool },
    /// An HTTP proxy.
    Http { host: String, port: u16 },
}

/// Proxy properties that act on Java's HTTP client, and so on Jira, but not on a socket, and so not on SSLPoke.
const IGNORED: [&str; 5] = [
    "https.proxyHost",
    "http.proxyHost",
    "proxyHost",
    "java.net.useSystemProxies",
    "http.nonProxyHosts",
];

/// Hosts that Java never reaches through a proxy, unless the property is there and empty.
const ALWAYS_DIRECT: &str = "localhost|127.*|[::1]|0.0.0.0|[::0]";

/// Returns the proxy that Java would use for `host`, if any.
pub(crate) fn java_proxy(host: &str, client: Client, settings: &Settings) -> Option<JavaProxy> {
    let net = NetProperties::of(settings);
    let (hosts, exclusions) = match client {
        Client::Socket => (&["socksProxyHost"][..], "socksNonProxyHosts"),
        Client::Https => {
            (&["https.proxyHost", "proxyHost", "socksProxyHost"][..], "http.nonProxyHosts")
        }
    };
    let named = |host: &&&str| !net.value(host).unwrap_or_default().is_empty();
    let named = *hosts.iter().find(named)?;
    let prefix = named.strip_suffix("Host").unwrap_or(named);
    let exclusions = match net.value(exclusions) {
        Some("") => String::new(),
        Some(own) => format!("{own}|{ALWAYS_DIRECT}"),
        None => ALWAYS_DIRECT.to_owned(),
    };
    let (asked, has_infixes) = (as_asked(host, client), settings.runtime.is_modular());
    if exclusions.split('|').any(|pattern| matches(pattern, &asked, has_infixes)) {
        return None;
    }
    let host = net.value(named).unwrap_or_default().to_owned();
    let port_of = |prefix: &str| net.number(&format!("{prefix}Port"));
    if prefix == "socksProxy" {
        let port = port_of(prefix).unwrap_or(SOCKS_PORT);
        let is_version_4 = net.number("socksProxyVersion") == Some(4);
        return Some(JavaProxy::Socks { host, port, is_version_4 });
    }
    // the own one first, then the other's; Java's default is that of the URL
    let port = port_of(prefix).or_else(|| port_of("https.proxy")).or_else(|| port_of("proxy"));
    Some(JavaProxy::Http { host, port: port.unwrap_or(HTTPS_PORT) })
}

/// Returns the given proxy properties that do not act on a plain socket.
pub(crate) fn ignored_by_socket(settings: &Settings) -> Vec<&'static str> {
    let given = |name: &&str| settings.properties.non_empty(name).is_some();
    IGNORED.into_iter().filter(given).collect()
}

/// Returns whether Java's HTTP client refuses to send user and password to a proxy by `scheme` for a tunnel.
pub(crate) fn is_disabled_for_tunnels(scheme: &str, settings: &Settings) -> bool {
    let net = NetProperties::of(settings);
    let disabled = net.value("jdk.http.auth.tunneling.disabledSchemes").unwrap_or_default();
    disabled.split(',').any(|held| held.trim().eq_ignore_ascii_case(scheme))
}

/// Returns the host as the proxies' rules see it: a socket has an address already, and asks for that of a literal.
fn as_asked(host: &str, client: Client) -> String {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match (bare.parse::<Ipv6Addr>(), client) {
        (Ok(address), Client::Socket) => {
            let segments = address.segments().map(|segment| format!("{segment:x}"));
            format!("[{}]", segments.join(":"))
        }
        (Ok(_), Client::Https) => format!("[{}]", bare.to_ascii_lowercase()),
        (Err(_), _) => host.to_lowercase(),
    }
}

/// Matches a host with a pattern that may begin or end with `*`; 8 knows no pattern that does both.
fn matches(pattern: &str, host: &str, has_infixes: bool) -> bool {
    let pattern = pattern.to_lowercase();
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), _) => true,
        (Some(rest), Some(_)) => {
            has_infixes && host.contains(rest.strip_suffix('*').unwrap_or(rest))
        }
        (Some(end), None) => host.ends_with(end),
        (None, Some(start)) => host.starts_with(start),
        (None, None) => !pattern.is_empty() && host == pattern,
    }
}

const SOCKS_PORT: u16 = 1080;
const HTTPS_PORT: u16 = 443;
