//! What to poke: `HOST PORT`, `HOST:PORT`, or a URL.

use std::fmt;

use handshake_probe::StartTls;

use super::protocol::{known_schemes, scheme, starttls_names};

/// A host and a port, both as typed: what is no host or no port, Java says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) port: String,
    /// What the scheme says of the protocol; none where there was no scheme.
    pub(crate) scheme: Option<Begins>,
}

/// What a scheme says of the protocol.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Begins {
    /// HTTP in TLS, for which HTTP proxies are.
    WithTlsForHttp,
    /// TLS from the first byte, for something else.
    WithTls,
    /// A plaintext dialogue.
    Plain(StartTls),
}

/// As it can be typed: `HOST:PORT`, with a scheme where a plaintext dialogue comes first.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Begins::Plain(protocol)) = self.scheme {
            write!(f, "{}://", starttls_names(protocol).0)?;
        }
        f.write_str(&host_port(&self.host, &self.port))
    }
}

/// Writes `HOST:PORT`, an IPv6 address in brackets.
pub(crate) fn host_port(host: &str, port: impl fmt::Display) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Why a text is no target.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum TargetError {
    /// There is no port, and nothing to tell it from.
    #[error("{0:?}: a port is wanted: HOST PORT, HOST:PORT or a URL")]
    NoPort(String),
    /// The scheme is none of ours.
    #[error("{name}://: not a scheme that is known here: {}", known_schemes())]
    UnknownScheme {
        /// It, in lower case.
        name: String,
    },
}

/// A word of a line that may name files as well.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Listed {
    Target(Target),
    /// What has no port.
    File(String),
}

/// Reads targets: a word that is a port belongs to the word before it.
///
/// # Errors
///
/// Says which word is no target.
pub(crate) fn targets(words: &[String]) -> Result<Vec<Target>, TargetError> {
    let only_target = |listed| match listed {
        Listed::Target(target) => Ok(target),
        Listed::File(word) => Err(TargetError::NoPort(word)),
    };
    targets_and_files(words)?.into_iter().map(only_target).collect()
}

/// Reads targets, and takes for a file what has no port.
///
/// # Errors
///
/// Says which word has a scheme that is not known.
pub(crate) fn targets_and_files(words: &[String]) -> Result<Vec<Listed>, TargetError> {
    let mut listed = Vec::new();
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if let Some((scheme, place)) = word.split_once("://") {
            listed.push(Listed::Target(of_url(scheme, place)?));
            continue;
        }
        match rest.split_first() {
            Some((port, after)) if port.parse::<i64>().is_ok() => {
                let target = Target { host: word.clone(), port: port.clone(), scheme: None };
                listed.push(Listed::Target(target));
                rest = after;
            }
            _ => listed
                .push(of_pair(word).map_or_else(|| Listed::File(word.clone()), Listed::Target)),
        }
    }
    Ok(listed)
}

fn of_url(name: &str, place: &str) -> Result<Target, TargetError> {
    let name = name.to_ascii_lowercase();
    let Some(found) = scheme(&name) else { return Err(TargetError::UnknownScheme { name }) };
    let begins = match found.starttls {
        Some(protocol) => Begins::Plain(protocol),
        None if found.port == "443" => Begins::WithTlsForHttp,
        None => Begins::WithTls,
    };
    let authority = place.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match pair(host) {
        Some((host, port)) if !port.is_empty() => (host, port),
        Some((host, _)) => (host, found.port),
        None => (unbracketed(host), found.port),
    };
    Ok(Target { host: host.to_owned(), port: port.to_owned(), scheme: Some(begins) })
}

fn of_pair(word: &str) -> Option<Target> {
    let (host, port) = pair(word)?;
    Some(Target { host: host.to_owned(), port: port.to_owned(), scheme: None })
}

/// Splits at the last colon; an IPv6 address needs its brackets.
fn pair(word: &str) -> Option<(&str, &str)> {
    let (host, port) = word.rsplit_once(':')?;
    let is_bare_ipv6 = host.contains(':') && !host.starts_with('[');
    let port_is_inside = port.ends_with(']');
    (!is_bare_ipv6 && !port_is_inside).then(|| (unbracketed(host), port))
}

fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String)>, TargetError> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        targets(&words).map(|held| held.into_iter().map(|one| (one.host, one.port)).collect())
    }

    #[test]
    fn targets_are_written_in_many_ways() {
        for (text, expected) in [
            ("a.example 443", &[("a.example", "443")][..]),
            ("a.example:443", &[("a.example", "443")]),
            ("a.example:443 b.example 636", &[("a.example", "443"), ("b.example", "636")]),
            ("https://a.example/x?y", &[("a.example", "443")]),
            ("HTTPS://u:p@a.example:8443/", &[("a.example", "8443")]),
            ("ldaps://[::1]", &[("::1", "636")]),
            ("[::1]:993", &[("::1", "993")]),
            ("pop3s://a imaps://b smtps://c", &[("a", "995"), ("b", "993"), ("c", "465")]),
        ] {
            let expected = expected.iter().map(|(h, p)| ((*h).to_owned(), (*p).to_owned()));
            assert_eq!(read(text), Ok(expected.collect()), "{text}");
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        assert!(matches!(read("a.example"), Err(TargetError::NoPort(_))));
        assert!(matches!(read("::1"), Err(TargetError::NoPort(_))));
        assert!(matches!(read("gopher://a"), Err(TargetError::UnknownScheme { .. })));
        assert!(matches!(read("https+starttls://a"), Err(TargetError::UnknownScheme { .. })));
    }

    #[test]
    fn a_target_is_shown_as_it_can_be_typed() {
        for (text, shown) in [
            ("https://u:p@a.example/x", "a.example:443"),
            ("smtp+starttls://[::1]", "smtp://[::1]:25"),
            ("jdbc:postgresql://db/jira", "postgres://db:5432"),
            ("a.example:636", "a.example:636"),
        ] {
            let [target] = <[Target; 1]>::try_from(targets(&[text.to_owned()]).unwrap()).unwrap();
            assert_eq!(target.to_string(), shown, "{text}");
        }
    }

    #[test]
    fn a_scheme_says_how_tls_begins() {
        for (url, port, begins) in [
            ("https://a", "443", Begins::WithTlsForHttp),
            ("ldaps://a", "636", Begins::WithTls),
            ("smtp://a", "25", Begins::Plain(StartTls::Smtp)),
            ("ldap+starttls://a:3890", "3890", Begins::Plain(StartTls::Ldap)),
            ("jdbc:postgresql://db/jira?ssl=true", "5432", Begins::Plain(StartTls::Postgres)),
            ("submission://a:", "587", Begins::Plain(StartTls::Smtp)),
            ("xmpp-server://a", "5269", Begins::Plain(StartTls::XmppServer)),
        ] {
            let [target] = <[Target; 1]>::try_from(targets(&[url.to_owned()]).unwrap()).unwrap();
            assert_eq!((target.port.as_str(), target.scheme), (port, Some(begins)), "{url}");
        }
    }
}
