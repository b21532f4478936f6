//! What to poke: `HOST PORT`, `HOST:PORT`, or a URL.

/// A host and a port, both as typed: what is no host or no port, Java says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) port: String,
}

/// Why a text is no target.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum TargetError {
    /// There is no port, and nothing to tell it from.
    #[error("{0:?}: a port is wanted: HOST PORT, HOST:PORT or a URL")]
    NoPort(String),
    /// The scheme is none of ours.
    #[error("{0}://: not a scheme that is known here: https, ldaps, smtps, imaps, pop3s")]
    UnknownScheme(String),
    /// The scheme begins in plaintext.
    #[error("{0}://: STARTTLS is not built yet")]
    StartTls(String),
}

/// The schemes that begin with TLS, and their ports.
const SCHEMES: [(&str, &str); 5] =
    [("https", "443"), ("ldaps", "636"), ("smtps", "465"), ("imaps", "993"), ("pop3s", "995")];

/// Reads targets: a word that is a port belongs to the word before it.
///
/// # Errors
///
/// Says which word is no target.
pub(crate) fn targets(words: &[String]) -> Result<Vec<Target>, TargetError> {
    let mut targets = Vec::new();
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if let Some((scheme, place)) = word.split_once("://") {
            targets.push(of_url(scheme, place)?);
            continue;
        }
        match rest.split_first() {
            Some((port, after)) if port.parse::<i64>().is_ok() => {
                targets.push(Target { host: word.clone(), port: port.clone() });
                rest = after;
            }
            _ => targets.push(of_pair(word).ok_or_else(|| TargetError::NoPort(word.clone()))?),
        }
    }
    Ok(targets)
}

fn of_url(scheme: &str, place: &str) -> Result<Target, TargetError> {
    let scheme = scheme.to_ascii_lowercase();
    if scheme.contains("starttls") || ["ldap", "smtp", "imap", "pop3", "ftp"].contains(&&*scheme) {
        return Err(TargetError::StartTls(scheme));
    }
    let known = SCHEMES.iter().find(|(known, _)| *known == scheme);
    let (_, port) = known.ok_or(TargetError::UnknownScheme(scheme))?;
    let authority = place.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let default = || Target { host: unbracketed(host).to_owned(), port: (*port).to_owned() };
    Ok(of_pair(host).filter(|target| !target.port.is_empty()).unwrap_or_else(default))
}

/// Splits at the last colon; an IPv6 address needs its brackets.
fn of_pair(word: &str) -> Option<Target> {
    let (host, port) = word.rsplit_once(':')?;
    let is_bare_ipv6 = host.contains(':') && !host.starts_with('[');
    let port_is_inside = port.ends_with(']');
    (!is_bare_ipv6 && !port_is_inside)
        .then(|| Target { host: unbracketed(host).to_owned(), port: port.to_owned() })
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
        assert!(matches!(read("gopher://a"), Err(TargetError::UnknownScheme(_))));
        for url in ["ldap+starttls://a", "smtp://a"] {
            assert!(matches!(read(url), Err(TargetError::StartTls(_))));
        }
    }
}
