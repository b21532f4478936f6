//! Which proxy SSLPoke's plain socket would go through, and which proxy properties it ignores.

use handshake_probe::{Route, Socks, SocksVersion};

use super::system_properties::SystemProperties;

/// The SOCKS proxy that Java's socket goes through.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct SocksProxy {
    pub(crate) host: String,
    pub(crate) port: String,
}

/// Proxy properties that act on `HttpURLConnection`, and so on Jira, but not on a socket, and so not on SSLPoke.
const IGNORED: [&str; 4] =
    ["https.proxyHost", "http.proxyHost", "java.net.useSystemProxies", "http.nonProxyHosts"];

/// Hosts that Java never reaches through a SOCKS proxy, whatever `socksNonProxyHosts` says.
const ALWAYS_DIRECT: [&str; 5] = ["localhost", "127.*", "[::1]", "0.0.0.0", "[::0]"];

/// Returns the SOCKS proxy for `host`, if Java would use one.
pub(crate) fn socks_proxy(host: &str, properties: &SystemProperties) -> Option<SocksProxy> {
    let proxy = properties.non_empty("socksProxyHost")?;
    let own = properties.value("socksNonProxyHosts").unwrap_or_default();
    let is_direct =
        ALWAYS_DIRECT.into_iter().chain(own.split('|')).any(|pattern| matches(pattern, host));
    let port = properties.non_empty("socksProxyPort").unwrap_or("1080");
    (!is_direct).then(|| SocksProxy { host: proxy.to_owned(), port: port.to_owned() })
}

/// Returns the way that Java's socket takes to `host`: a user is told to the proxy only if `user.name` is set, and
/// never a password (recorded: `java.net.socks.username` is not sent).
pub(crate) fn route(host: &str, properties: &SystemProperties) -> Route {
    let Some(proxy) = socks_proxy(host, properties) else { return Route::Direct };
    let version = match properties.value("socksProxyVersion") {
        Some("4") => SocksVersion::V4,
        Some(_) | None => SocksVersion::V5,
    };
    Route::Socks(Socks {
        host: proxy.host,
        port: proxy.port.parse().unwrap_or(1080),
        version,
        user: properties.value("user.name").unwrap_or_default().as_bytes().to_vec(),
        password: Vec::new(),
    })
}

/// Returns the given proxy properties that do not act on SSLPoke.
pub(crate) fn ignored(properties: &SystemProperties) -> Vec<&'static str> {
    let given = |name: &&str| properties.non_empty(name).is_some();
    IGNORED.into_iter().filter(given).collect()
}

/// Matches a host as typed with a pattern that may begin or end with `*`.
fn matches(pattern: &str, host: &str) -> bool {
    let (pattern, host) = (pattern.trim().to_ascii_lowercase(), host.to_ascii_lowercase());
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), None) => !end.is_empty() && host.ends_with(end),
        (_, Some(start)) if !start.starts_with('*') => host.starts_with(start),
        (Some(_), Some(_)) => host.contains(pattern.trim_matches('*')),
        _ => !pattern.is_empty() && host == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Source;

    #[test]
    fn a_socks_proxy_is_used_unless_the_host_is_excluded() {
        for (host, exclusions, used) in [
            ("tls.example.test", "", true),
            ("tls.example.test", "*.example.test", false),
            ("tls.example.test", "x.y", true),
            ("127.0.0.1", "x.y", false),
            ("localhost", "", false),
        ] {
            let mut properties = SystemProperties::default();
            for definition in ["socksProxyHost=p", "https.proxyHost=q"] {
                properties.define(definition, Source::CommandLine);
            }
            properties.define(&format!("socksNonProxyHosts={exclusions}"), Source::CommandLine);
            assert_eq!(socks_proxy(host, &properties).is_some(), used, "{host} {exclusions}");
            assert_eq!(ignored(&properties), ["https.proxyHost"]);
        }
    }
}
