//! HTTP's `CONNECT` (RFC 9110, section 9.3.6), as `java.net.HttpURLConnection` takes the answer.

use zeroize::Zeroizing;

use crate::cause::{Cause, TunnelFault};
use crate::conversation::Conversation;
use crate::request::HttpConnect;
use crate::route::Target;

/// Asks the proxy at the other end of `stream` for a connection to `target`.
///
/// # Errors
///
/// [`Cause::Tunnel`], and those of the connection.
pub(crate) fn tunnel(
    proxy: &HttpConnect,
    target: Target<'_>,
    stream: &mut dyn Conversation,
) -> Result<(), Cause> {
    let authority = match target {
        Target::Address(address) => address.to_string(),
        Target::Name(name, port) if name.contains(':') => format!("[{name}]:{port}"),
        Target::Name(name, port) => format!("{name}:{port}"),
    };
    // no host has these, and they would end the line
    if authority.contains(|c: char| c.is_ascii_control() || c == ' ') {
        return Err(Cause::UnknownHost);
    }
    let head = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    let mut head = Zeroizing::new(head.into_bytes());
    for (name, value) in &proxy.headers {
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    stream.say(&head)?;
    let answer = answer(stream)?;
    let mut lines = answer.lines();
    let line = lines.next().unwrap_or_default();
    let shown: String = line.chars().take(LONGEST_SHOWN).collect();
    match status(line) {
        // Java wants this very one: with 201 or 204 there is no tunnel
        Some(200) => Ok(()),
        Some(status) => {
            let schemes = lines.filter_map(scheme).take(MOST_SCHEMES).collect();
            Err(Cause::Tunnel(TunnelFault::Http { status, line: shown, schemes }))
        }
        None => Err(Cause::Tunnel(TunnelFault::NotHttp(shown))),
    }
}

/// Reads the code of a status line.
fn status(line: &str) -> Option<u16> {
    let mut words = line.split_ascii_whitespace();
    words.next().filter(|word| word.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

/// Returns the scheme that a header asks for, if it is one that does.
fn scheme(header: &str) -> Option<String> {
    let (name, value) = header.split_once(':')?;
    let scheme = value.split_ascii_whitespace().next()?;
    let asks = name.trim_end().eq_ignore_ascii_case("Proxy-Authenticate");
    asks.then(|| scheme.chars().take(LONGEST_SHOWN).collect())
}

/// Reads the head of the answer byte by byte: what follows it is the endpoint's. As for Java, what does not begin as HTTP
/// needs no end.
fn answer(stream: &mut dyn Conversation) -> Result<String, Cause> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() >= START.len() && !head.starts_with(START) {
            break;
        }
        if head.len() >= MAXIMUM_HEAD {
            return Err(Cause::Tunnel(TunnelFault::HttpTooLong));
        }
        if stream.listen(&mut byte)? == 0 {
            return Err(Cause::Tunnel(TunnelFault::HttpClosed));
        }
        head.extend(byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

const START: &[u8] = b"HTTP/1.";

/// No proxy needs more to say yes or no.
const MAXIMUM_HEAD: usize = 16 * 1024;

const LONGEST_SHOWN: usize = 200;

/// There are not so many schemes.
const MOST_SCHEMES: usize = 10;
