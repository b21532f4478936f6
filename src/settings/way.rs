//! Which way a handshake takes: straight, through the proxy of our option, or as Java would go.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use handshake_probe::{HttpConnect, Names, Route, Secret, Socks, SocksVersion};
use java_pkix::JavaRelease;
use zeroize::Zeroizing;

use super::error::SettingsError;
use super::place::name_of_this_user;
use super::proxy::{Client, JavaProxy, java_proxy};
use super::store_password::SecretPlace;
use super::{Settings, Surroundings};
use crate::cli::{ProxyOptions, WireOptions};

/// The options of a handshake, with the secrets that they name.
#[derive(Clone)]
pub(crate) struct Wiring<'a> {
    pub(crate) options: &'a WireOptions,
    named: Option<NamedProxy>,
    user: Option<String>,
    password: Zeroizing<Vec<u8>>,
}

/// The proxy of `--proxy`.
#[derive(Clone, Debug, Eq, PartialEq)]
struct NamedProxy {
    scheme: &'static str,
    host: String,
    port: u16,
}

/// A way to a host, and how it is called.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Way {
    pub(crate) route: Route,
    /// The proxy as a URL; none for the straight way.
    pub(crate) proxy: Option<String>,
}

impl Way {
    pub(crate) fn direct() -> Self {
        Self { route: Route::Direct, proxy: None }
    }

    /// Returns whether an HTTP proxy is on it.
    pub(crate) fn is_http(&self) -> bool {
        matches!(self.route, Route::HttpConnect(_))
    }
}

impl<'a> Wiring<'a> {
    /// Reads what the options name.
    ///
    /// # Errors
    ///
    /// Says which option makes no sense, or where no password could be had.
    pub(crate) fn resolve(
        options: &'a WireOptions,
        surroundings: &Surroundings,
    ) -> Result<Self, SettingsError> {
        let proxy = &options.proxy;
        let (named, user) = match proxy.proxy.as_deref().map(parse).transpose()? {
            Some((named, user)) => (Some(named), user),
            None => (None, None),
        };
        let place = SecretPlace {
            file: proxy.proxy_pass_file.as_deref(),
            variable: proxy.proxy_pass_env.as_deref(),
            stream: proxy.proxy_pass_stdin,
            options: ["--proxy-pass-file", "--proxy-pass-env", "--proxy-pass-stdin"],
        };
        let user = proxy.proxy_user.clone().or(user);
        let password = match place.read(surroundings)? {
            Some(held) if user.is_none() => {
                return Err(SettingsError::ProxyWithoutUser(held.source.to_string()));
            }
            Some(held) => held.value,
            None => Zeroizing::default(),
        };
        Ok(Self { options, named, user, password })
    }

    /// Returns the way to `host` that the options say, or that Java's properties say.
    pub(crate) fn way(&self, host: &str, client: Client, settings: &Settings) -> Way {
        let ProxyOptions { no_proxy, .. } = self.options.proxy;
        match &self.named {
            _ if no_proxy => Way::direct(),
            Some(named) => self.through(named, settings),
            None => self.as_java(host, client, settings),
        }
    }

    /// Returns whether the options leave the way to Java's properties.
    pub(crate) fn is_as_java(&self) -> bool {
        self.named.is_none() && !self.options.proxy.no_proxy
    }

    /// Returns whether there is a user for the proxy.
    pub(crate) fn has_user(&self) -> bool {
        self.user.is_some()
    }

    /// Returns the way to `host` that Java's properties say.
    pub(crate) fn as_java(&self, host: &str, client: Client, settings: &Settings) -> Way {
        match java_proxy(host, client, settings) {
            None => Way::direct(),
            Some(JavaProxy::Http { host, port }) => {
                self.through(&NamedProxy { scheme: "http", host, port }, settings)
            }
            Some(JavaProxy::Socks { host, port, is_version_4 }) => {
                let scheme = if is_version_4 { "socks4" } else { "socks5" };
                self.through(&NamedProxy { scheme, host, port }, settings)
            }
        }
    }

    fn through(&self, named: &NamedProxy, settings: &Settings) -> Way {
        let (host, port) = (named.host.clone(), named.port);
        let route = match named.scheme {
            "http" => {
                Route::HttpConnect(HttpConnect { host, port, headers: self.headers(settings) })
            }
            scheme => Route::Socks(Socks {
                host,
                port,
                version: match scheme {
                    "socks4" | "socks4a" => SocksVersion::V4,
                    _ => SocksVersion::V5,
                },
                names: match scheme {
                    "socks4a" | "socks5h" => Names::AtProxy,
                    _ => Names::Here,
                },
                user: self.socks_user(settings),
                password: Secret::new(self.password.to_vec()),
            }),
        };
        let shown =
            if named.host.contains(':') { format!("[{}]", named.host) } else { named.host.clone() };
        Way { route, proxy: Some(format!("{}://{shown}:{port}", named.scheme)) }
    }

    /// Java tells a SOCKS proxy `user.name`, and never a password (recorded: `java.net.socks.username` is not sent).
    fn socks_user(&self, settings: &Settings) -> Vec<u8> {
        let own = self.user.clone();
        let user = own.or_else(|| settings.properties.value("user.name").map(str::to_owned));
        // in ISO 8859-1, as Java writes it
        let user = user.or_else(name_of_this_user).unwrap_or_else(|| "?".to_owned());
        user.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
    }

    /// The headers that Java's HTTP client sends with `CONNECT`, and the password that ours has.
    fn headers(&self, settings: &Settings) -> Vec<(&'static str, Secret)> {
        let agent = format!("Java/{}", version(settings.runtime.release.value));
        let mut headers = vec![
            ("User-Agent", Secret::new(agent.into_bytes())),
            ("Accept", Secret::new(b"text/html, image/gif, image/jpeg, */*; q=0.2".to_vec())),
            ("Proxy-Connection", Secret::new(b"keep-alive".to_vec())),
        ];
        if let Some(user) = &self.user {
            let mut pair = Zeroizing::new(format!("{user}:").into_bytes());
            pair.extend_from_slice(&self.password);
            let encoded = Zeroizing::new(STANDARD.encode(pair.as_slice()));
            let value = format!("Basic {}", encoded.as_str()).into_bytes();
            headers.push(("Proxy-Authorization", Secret::new(value)));
        }
        headers
    }
}

/// Returns the release as the system property `java.version` has it.
fn version(release: JavaRelease) -> String {
    let text = release.to_string();
    match text.strip_prefix("8u") {
        Some(update) => format!("1.8.0_{update}"),
        None => text,
    }
}

/// Reads `SCHEME://[USER@]HOST[:PORT]`: the proxy, and the user.
fn parse(url: &str) -> Result<(NamedProxy, Option<String>), SettingsError> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user, place) = match authority.rsplit_once('@') {
        Some((user, place)) => (Some(user.to_owned()), place),
        None => (None, authority),
    };
    if user.as_ref().is_some_and(|user| user.contains(':')) {
        return Err(SettingsError::PasswordInUrl);
    }
    let refused = || SettingsError::OptionValue {
        option: "--proxy",
        value: url.to_owned(),
        expected: "http://, socks5://, socks5h://, socks4:// or socks4a://, then [USER@]HOST[:PORT],",
    };
    let schemes =
        [("http", 8080), ("socks5", 1080), ("socks5h", 1080), ("socks4", 1080), ("socks4a", 1080)];
    let lower = scheme.to_ascii_lowercase();
    let lower = if lower == "socks" { "socks5" } else { lower.as_str() };
    let found = schemes.iter().find(|(known, _)| *known == lower);
    let (scheme, default) = found.ok_or_else(refused)?;
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, port.parse().ok().filter(|port| *port != 0).ok_or_else(refused)?)
        }
        _ => (place, *default),
    };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if bare.is_empty() || (bare == host && host.contains(':')) {
        return Err(refused());
    }
    Ok((NamedProxy { scheme, host: bare.to_owned(), port }, user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_url_and_holds_no_password() {
        for (url, expected) in [
            ("http://p:3128", Some(("http", "p", 3128, None))),
            ("p", Some(("http", "p", 8080, None))),
            ("http://jira@p.example/", Some(("http", "p.example", 8080, Some("jira")))),
            ("SOCKS5://[::1]:1081", Some(("socks5", "::1", 1081, None))),
            ("socks://p", Some(("socks5", "p", 1080, None))),
            ("socks4a://u@p:9", Some(("socks4a", "p", 9, Some("u")))),
            ("https://p:3128", None),
            ("http://p:0", None),
            ("http://p:x", None),
            ("http://:3128", None),
            ("http://::1", None),
        ] {
            let found = parse(url).ok();
            let found = found.map(|(proxy, user)| (proxy.scheme, proxy.host, proxy.port, user));
            let expected =
                expected.map(|(scheme, host, port, user): (_, &str, _, Option<&str>)| {
                    (scheme, host.to_owned(), port, user.map(str::to_owned))
                });
            assert_eq!(found, expected, "{url}");
        }
        let refused = parse("http://jira:s3cret@p:3128").unwrap_err();
        assert!(matches!(refused, SettingsError::PasswordInUrl));
        assert!(!format!("{refused} {refused:?}").contains("s3cret"));
    }
}
