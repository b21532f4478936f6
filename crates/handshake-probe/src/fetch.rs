//! One plain `GET` of HTTP (RFC 9112), for a certificate that another one says where to find; the answer is hostile.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::cause::Cause;
use crate::conversation::Conversation as _;
use crate::deadline::Deadline;
use crate::request::{Families, HttpConnect};
use crate::resolve::resolve;
use crate::stream::Stream;

/// What is fetched, and within which limits.
#[derive(Clone, Copy, Debug)]
pub struct Fetch<'a> {
    /// An `http` URL.
    pub url: &'a str,
    /// The HTTP proxy to ask, if any.
    pub proxy: Option<&'a HttpConnect>,
    /// Which address families are asked for.
    pub families: Families,
    /// How long all of it may take.
    pub time: Duration,
    /// How many bytes the answer may have.
    pub longest: usize,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchFault {
    /// It is no URL of plain HTTP, or has a character that no URL has.
    #[error("{0:?} is no http URL")]
    Url(String),
    /// The server could not be reached, or ended the connection.
    #[error("{0}")]
    Connection(Cause),
    /// The server answers with another status than 200.
    #[error("the server answers {0:?}")]
    Status(String),
    /// The answer is no HTTP, or has a form that nobody asked for.
    #[error("the answer is no plain HTTP")]
    Malformed,
    /// The answer is longer than it may be.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The answer ended too early.
    #[error("the answer ended too early")]
    Truncated,
    /// One redirection led to the next.
    #[error("the server redirects too often")]
    Redirected,
}

impl From<Cause> for FetchFault {
    fn from(cause: Cause) -> Self {
        Self::Connection(cause)
    }
}

/// Fetches what is at the URL; redirections are followed as long as they stay with plain HTTP.
///
/// # Errors
///
/// Says why there is nothing.
pub fn fetch(fetch: &Fetch<'_>) -> Result<Vec<u8>, FetchFault> {
    let deadline = Deadline::after(Some(fetch.time));
    let mut url = fetch.url.to_owned();
    for _ in 0..MOST_REDIRECTIONS {
        match get(fetch, &url, deadline)? {
            Answer::Body(body) => return Ok(body),
            Answer::Elsewhere(other) => url = other,
        }
    }
    Err(FetchFault::Redirected)
}

enum Answer {
    Body(Vec<u8>),
    Elsewhere(String),
}

fn get(fetch: &Fetch<'_>, url: &str, deadline: Deadline) -> Result<Answer, FetchFault> {
    let place = Place::parse(url).ok_or_else(|| FetchFault::Url(shown(url)))?;
    let (host, port) = match fetch.proxy {
        Some(proxy) => (proxy.host.as_str(), proxy.port),
        None => (place.host, place.port),
    };
    let addresses = resolve(host, port, fetch.families, deadline)?;
    let address = addresses.first().copied().ok_or(Cause::UnknownHost)?;
    let mut stream = Stream::connect(address, deadline)?;
    // in HTTP/1.0 nobody answers in chunks
    let target = if fetch.proxy.is_some() { url } else { place.path };
    let asked = format!("GET {target} HTTP/1.0\r\nHost: {}\r\n", place.authority);
    let mut asked = Zeroizing::new(asked.into_bytes());
    asked.extend_from_slice(b"Accept: */*\r\n");
    let credentials = fetch.proxy.iter().flat_map(|proxy| &proxy.headers);
    for (name, value) in credentials.filter(|(name, _)| *name == "Proxy-Authorization") {
        asked.extend_from_slice(name.as_bytes());
        asked.extend_from_slice(b": ");
        asked.extend_from_slice(value.bytes());
        asked.extend_from_slice(b"\r\n");
    }
    asked.extend_from_slice(b"\r\n");
    stream.say(&asked)?;
    read(&mut stream, fetch.longest)
}

fn read(stream: &mut Stream, longest: usize) -> Result<Answer, FetchFault> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = end_of_head(&bytes) {
            break end;
        }
        if bytes.len() > LONGEST_HEAD {
            return Err(FetchFault::Malformed);
        }
        if stream.listen_on(&mut bytes)? == 0 {
            return Err(FetchFault::Truncated);
        }
    };
    let mut body = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let head = Head::parse(&head)?;
    match head.status {
        200 => {}
        301 | 302 | 303 | 307 | 308 => {
            let place = head.location.ok_or(FetchFault::Malformed)?;
            return Ok(Answer::Elsewhere(place.to_owned()));
        }
        _ => return Err(FetchFault::Status(shown(head.line))),
    }
    if head.length.is_some_and(|length| length > longest) {
        return Err(FetchFault::TooLong(longest));
    }
    while head.length.is_none_or(|length| body.len() < length) {
        if body.len() > longest {
            return Err(FetchFault::TooLong(longest));
        }
        if stream.listen_on(&mut body)? == 0 {
            break;
        }
    }
    match head.length {
        Some(length) if body.len() < length => return Err(FetchFault::Truncated),
        Some(length) => body.truncate(length),
        None if body.len() > longest => return Err(FetchFault::TooLong(longest)),
        None => {}
    }
    Ok(Answer::Body(body))
}

/// Returns where the head ends, its blank line included.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let position = |mark: &[u8]| {
        let mut windows = bytes.windows(mark.len());
        windows.position(|window| window == mark).map(|at| at + mark.len())
    };
    position(b"\r\n\r\n").or_else(|| position(b"\n\n"))
}

/// The head of an answer, as far as it decides.
struct Head<'a> {
    line: &'a str,
    status: u16,
    length: Option<usize>,
    location: Option<&'a str>,
}

impl<'a> Head<'a> {
    fn parse(text: &'a str) -> Result<Self, FetchFault> {
        let mut lines = text.lines();
        let line = lines.next().unwrap_or_default();
        let mut words = line.split_ascii_whitespace();
        let is_http = words.next().is_some_and(|word| word.starts_with("HTTP/1."));
        let status = words.next().and_then(|word| word.parse().ok()).filter(|_| is_http);
        let mut head = Self {
            line,
            status: status.ok_or(FetchFault::Malformed)?,
            length: None,
            location: None,
        };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => {
                    head.length = Some(value.parse().map_err(|_no_number| FetchFault::Malformed)?);
                }
                "location" => head.location = Some(value),
                "transfer-encoding" => return Err(FetchFault::Malformed),
                _ => {}
            }
        }
        Ok(head)
    }
}

/// A URL taken apart.
#[derive(Debug, Eq, PartialEq)]
struct Place<'a> {
    authority: &'a str,
    host: &'a str,
    port: u16,
    path: &'a str,
}

impl<'a> Place<'a> {
    fn parse(url: &'a str) -> Option<Self> {
        let scheme = url.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://"))?;
        // such characters would end the line
        let is_odd = |c: char| c.is_ascii_control() || c == ' ' || !c.is_ascii();
        if url.contains(is_odd) || url.len() > LONGEST_URL {
            return None;
        }
        let rest = url.get(scheme.len()..)?;
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(at) if rest.get(at..)?.starts_with('/') => rest.split_at(at),
            Some(_) => return None,
            None => (rest, "/"),
        };
        if authority.contains('@') {
            return None;
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (authority, 80),
        };
        let path = path.split('#').next().unwrap_or("/");
        (!host.is_empty()).then_some(Self { authority, host, port, path })
    }
}

fn shown(text: &str) -> String {
    text.chars().take(LONGEST_SHOWN).collect()
}

const MOST_REDIRECTIONS: usize = 4;
const LONGEST_HEAD: usize = 16 * 1024;
const LONGEST_URL: usize = 2048;
const LONGEST_SHOWN: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_nothing_else_is_taken_for_one() {
        for (url, expected) in [
            ("http://a.example/x.der", Some(("a.example", 80, "/x.der"))),
            ("HTTP://a.example:8080", Some(("a.example", 8080, "/"))),
            ("http://[::1]:81/a?b#c", Some(("[::1]", 81, "/a?b"))),
            ("http://a/b\r\nX: y", None),
            ("http://a/ b", None),
            ("http://u@a/", None),
            ("http://:80/", None),
            ("http://a:0x50/", None),
            ("https://a/", None),
            ("ldap://a/", None),
            ("file:///etc/passwd", None),
            ("", None),
        ] {
            let found = Place::parse(url).map(|place| (place.host, place.port, place.path));
            assert_eq!(found, expected, "{url:?}");
        }
    }
}
