//! As much of `java.net.URI` as names in certificates need: what is legal, the scheme, the host.

use crate::exception::JavaException;

/// The parts of a URI that matter here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Parts<'a> {
    /// The scheme, if the URI is absolute.
    pub(crate) scheme: Option<&'a str>,
    /// The host of a server-based authority.
    pub(crate) host: Option<&'a str>,
}

/// Reads a URI (RFC 2396 as Java has it).
///
/// # Errors
/// The `URISyntaxException`; none where we do not know its words.
pub(crate) fn parse(text: &str) -> Result<Parts<'_>, Option<JavaException>> {
    if let Some(fault) = scheme_fault(text) {
        let message = format!("{fault}: {text}");
        return Err(Some(JavaException::new("java.net.URISyntaxException", message)));
    }
    parts(text).ok_or(None)
}

/// Returns what is wrong with what stands before the first colon.
fn scheme_fault(text: &str) -> Option<String> {
    let end = text.find([':', '/', '?', '#'])?;
    let (scheme, rest) = text.split_at_checked(end)?;
    if !rest.starts_with(':') {
        return None;
    }
    let is_legal = |(at, character): &(usize, char)| {
        character.is_ascii_alphabetic()
            || (*at > 0 && (character.is_ascii_digit() || matches!(character, '+' | '-' | '.')))
    };
    match scheme.chars().enumerate().find(|held| !is_legal(held)) {
        None if scheme.is_empty() => Some("Expected scheme name at index 0".to_owned()),
        None if rest == ":" => {
            Some(format!("Expected scheme-specific part at index {}", text.chars().count()))
        }
        None => None,
        Some((at, _)) => Some(format!("Illegal character in scheme name at index {at}")),
    }
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let legal = text.chars().all(is_legal);
    let escapes = text
        .split('%')
        .skip(1)
        .all(|rest| rest.chars().take(2).filter(char::is_ascii_hexdigit).count() == 2);
    if !legal || !escapes {
        return None;
    }
    let end = text.find([':', '/', '?', '#']);
    let (scheme, rest) = match end.and_then(|end| text.split_at_checked(end)) {
        Some((scheme, rest)) if rest.starts_with(':') => (Some(scheme), rest.get(1..)?),
        _ => (None, text),
    };
    let authority =
        rest.strip_prefix("//").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    Some(Parts { scheme, host: authority.and_then(host) })
}

fn is_legal(character: char) -> bool {
    if character.is_ascii() {
        !character.is_ascii_control()
            && !matches!(character, ' ' | '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    } else {
        !character.is_control() && !character.is_whitespace()
    }
}

/// Returns the host of an authority, if it is a server and not a mere registry name.
fn host(authority: &str) -> Option<&str> {
    let server = authority.rsplit_once('@').map_or(authority, |(_, server)| server);
    if let Some(rest) = server.strip_prefix('[') {
        let (inner, after) = rest.split_once(']')?;
        let port = after.strip_prefix(':').unwrap_or(after);
        let is_port = port.chars().all(|digit| digit.is_ascii_digit());
        let is_address = inner.parse::<std::net::Ipv6Addr>().is_ok();
        return server.get(..server.len() - after.len()).filter(|_| is_address && is_port);
    }
    let (name, port) = server.split_once(':').unwrap_or((server, ""));
    let is_port = port.chars().all(|digit| digit.is_ascii_digit());
    (is_port && (is_host_name(name) || name.parse::<std::net::Ipv4Addr>().is_ok())).then_some(name)
}

/// Labels of letters, digits and inner hyphens; the last begins with a letter; one dot may end it.
fn is_host_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.split('.').all(is_label) && last.starts_with(|first: char| first.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_and_host_are_found() {
        for (text, scheme, host) in [
            ("https://u@h.example:443/p?q#f", Some("https"), Some("h.example")),
            ("urn:x:y", Some("urn"), None),
            ("ldap://[::1]:389/", Some("ldap"), Some("[::1]")),
            (".example.com", None, None),
            ("", None, None),
            ("http://under_score/", Some("http"), None),
        ] {
            assert_eq!(parse(text), Ok(Parts { scheme, host }), "{text}");
        }
        for (text, fault) in [
            ("a b", None),
            ("http://a%zz/", None),
            ("http:", Some("Expected scheme-specific part at index 5")),
            ("1x:y", Some("Illegal character in scheme name at index 0")),
            ("[::1]", Some("Illegal character in scheme name at index 0")),
            (":x", Some("Expected scheme name at index 0")),
        ] {
            let told = parse(text).unwrap_err().map(|fault| fault.to_string());
            let class = "java.net.URISyntaxException";
            assert_eq!(told, fault.map(|fault| format!("{class}: {fault}: {text}")), "{text}");
        }
    }
}
