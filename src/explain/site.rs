//! The server that a log line speaks of: in a URL, or where Java and its libraries name it.

use std::fmt;

use memchr::memmem::find;

/// A host, with the scheme and the port where the text has them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Site {
    scheme: Option<&'static str>,
    host: String,
    port: Option<u16>,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) if self.host.contains(':') => write!(f, "[{}]:{port}", self.host),
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

/// No name is longer (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 253;

/// Schemes of servers that speak TLS, or should.
const SCHEMES: [(&str, &str); 7] = [
    ("https", "https"),
    ("http", "https"),
    ("ldaps", "ldaps"),
    ("smtps", "smtps"),
    ("imaps", "imaps"),
    ("pop3s", "pop3s"),
    ("ldap", "ldap+starttls"),
];

/// What stands before a host in messages of Java, of `JavaMail`, JNDI and `HttpClient`.
const BEFORE: [&str; 13] = [
    "NoHttpResponseException: ",
    "UnknownHostException: ",
    "onnect to ",
    "SMTP host: ",
    "to host, port: ",
    "simple bind failed: ",
    "CommunicationException: ",
    "DNS name matching ",
    "IP address ",
    "No name matching ",
    "Illegal given domain name: ",
    "Certificate for <",
    "Host name '",
];

/// Those of them that nothing but a name follows.
const NAMES: [&str; 4] = [
    "UnknownHostException: ",
    "DNS name matching ",
    "No name matching ",
    "Illegal given domain name: ",
];

impl Site {
    /// Finds the first server that `text` names.
    pub(super) fn in_text(text: &[u8]) -> Option<Self> {
        in_url(text).or_else(|| BEFORE.iter().find_map(|before| after(text, before)))
    }

    /// Returns the target as the commands of this program take it.
    pub(crate) fn target(&self) -> String {
        let by_port = match self.port {
            Some(636 | 3269) => "ldaps",
            Some(465) => "smtps",
            Some(993) => "imaps",
            Some(995) => "pop3s",
            _ => "https",
        };
        let scheme = self.scheme.unwrap_or(by_port);
        let bracketed = self.host.contains(':');
        let host = if bracketed { format!("[{}]", self.host) } else { self.host.clone() };
        match self.port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }
}

fn in_url(text: &[u8]) -> Option<Site> {
    let mut rest = text;
    loop {
        let place = find(rest, b"://")?;
        let (before, after) = (rest.get(..place)?, rest.get(place + 3..)?);
        let known = SCHEMES.iter().find(|(name, _)| {
            before.ends_with(name.as_bytes())
                && !before
                    .get(..before.len() - name.len())
                    .and_then(<[u8]>::last)
                    .is_some_and(u8::is_ascii_alphanumeric)
        });
        if let Some((name, scheme)) = known
            && let Some(mut site) = authority(after)
        {
            site.scheme = Some(scheme);
            // An address of plain HTTP says nothing of the TLS port.
            if *name == "http" {
                site.port = None;
            }
            return Some(site);
        }
        rest = after;
    }
}

/// Reads `user:password@host:port` and forgets the user and the password.
fn authority(text: &[u8]) -> Option<Site> {
    let ends = |byte: &u8| matches!(byte, b'/' | b'?' | b'#') || byte.is_ascii_whitespace();
    let text = text.get(..1024).unwrap_or(text);
    let whole = text.split(ends).next()?;
    let start = whole.iter().rposition(|byte| *byte == b'@').map_or(0, |place| place + 1);
    host_and_port(whole.get(start..)?)
}

fn after(text: &[u8], before: &str) -> Option<Site> {
    let place = find(text, before.as_bytes())?;
    let rest = text.get(place + before.len()..)?;
    if let Some(second) =
        ["https://", "http://"].iter().find_map(|url| rest.strip_prefix(url.as_bytes()))
    {
        return authority(second);
    }
    // a word of a sentence is no host, unless the message can have nothing else there
    let is_name = NAMES.contains(&before);
    host_and_port(rest).filter(|site| is_name || site.port.is_some() || site.host.contains('.'))
}

/// Reads a host and, after a colon or as `JavaMail` writes it, its port.
fn host_and_port(text: &[u8]) -> Option<Site> {
    if let Some(rest) = text.strip_prefix(b"[") {
        let end = rest.iter().take(64).position(|byte| *byte == b']')?;
        let host = std::str::from_utf8(rest.get(..end)?).ok()?;
        host.parse::<std::net::Ipv6Addr>().ok()?;
        let port = rest.get(end + 1..).and_then(port);
        return Some(Site { scheme: None, host: host.to_owned(), port });
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let end = text.iter().take(LONGEST_NAME + 1).take_while(|byte| is_name(byte)).count();
    let host = std::str::from_utf8(text.get(..end)?).ok()?.trim_end_matches('.');
    let is_host = host.len() <= LONGEST_NAME
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        // a class or a file is none, and neither is a number
        && !["java", "class", "Exception"].iter().any(|end| host.ends_with(end))
        && host != "null";
    is_host.then(|| Site {
        scheme: None,
        host: host.to_ascii_lowercase(),
        port: text.get(end..).and_then(port),
    })
}

/// Reads `:636`, `, 465` or `, port: 465`.
fn port(rest: &[u8]) -> Option<u16> {
    let digits = [":".as_bytes(), b", port: ", b", port ", b", "]
        .into_iter()
        .find_map(|before| rest.strip_prefix(before))?;
    let end = digits.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok().filter(|port| *port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_where_texts_have_them() {
        for (text, shown, target) in [
            (
                "Cannot access https://gitlab.example.com from Jira.",
                "gitlab.example.com",
                "https://gitlab.example.com",
            ),
            (
                "[https://u:secret@git.example.com:8443/api/v4 GET",
                "git.example.com:8443",
                "https://git.example.com:8443",
            ),
            ("GET http://git.example.com:8080/x", "git.example.com", "https://git.example.com"),
            (
                "java.net.UnknownHostException: nohost.example.test",
                "nohost.example.test",
                "https://nohost.example.test",
            ),
            (
                "UnknownHostException: https://tls.example.test",
                "tls.example.test",
                "https://tls.example.test",
            ),
            (
                "Connect to git.example.com:443 [git.example.com/10.0.0.1] failed",
                "git.example.com:443",
                "https://git.example.com:443",
            ),
            (
                "simple bind failed: ldap.example.com:636",
                "ldap.example.com:636",
                "ldaps://ldap.example.com:636",
            ),
            (
                "Could not connect to SMTP host: mail.example.com, port: 465;",
                "mail.example.com:465",
                "smtps://mail.example.com:465",
            ),
            (
                "Couldn't connect to host, port: mail.example.com, 993; timeout",
                "mail.example.com:993",
                "imaps://mail.example.com:993",
            ),
            (
                "No subject alternative DNS name matching TLS.example.test found.",
                "tls.example.test",
                "https://tls.example.test",
            ),
            ("https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
            ("ldaps://ad.example.com", "ad.example.com", "ldaps://ad.example.com"),
        ] {
            let site = Site::in_text(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (site.to_string().as_str(), site.target().as_str()),
                (shown, target),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_host_is_none() {
        for text in
            ["", "://", "https://", "https:///x", "x", "https://$(reboot)", "https://[::zz]/"]
        {
            assert_eq!(Site::in_text(text.as_bytes()), None, "{text}");
        }
    }
}
