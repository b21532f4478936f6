//! HTTP's `CONNECT` (RFC 9110, section 9.3.6).

use crate::cause::{Cause, TunnelFault};
use crate::request::HttpConnect;
use crate::route::{Target, reply};
use crate::stream::Stream;

/// Asks the proxy at the other end of `stream` for a connection to `target`.
///
/// # Errors
///
/// [`Cause::Tunnel`], and those of [`Stream`].
pub(crate) fn tunnel(
    proxy: &HttpConnect,
    target: Target<'_>,
    stream: &mut Stream,
) -> Result<(), Cause> {
    let authority = match target {
        Target::Address(address) => address.to_string(),
        Target::Name(name, port) => format!("{name}:{port}"),
    };
    let mut head = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    for (name, value) in &proxy.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    let answer = answer(stream)?;
    let line = answer.lines().next().unwrap_or_default().to_owned();
    let mut words = line.split_ascii_whitespace();
    let is_http = words.next().is_some_and(|word| word.starts_with("HTTP/1."));
    match words.next().and_then(|word| word.parse().ok()).filter(|_| is_http) {
        Some(200..=299) => Ok(()),
        Some(status) => Err(Cause::Tunnel(TunnelFault::Http { status, line })),
        None => Err(Cause::Tunnel(TunnelFault::Malformed)),
    }
}

/// Reads the head of the answer byte by byte: what follows it is the endpoint's.
fn answer(stream: &mut Stream) -> Result<String, Cause> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() >= MAXIMUM_HEAD {
            return Err(Cause::Tunnel(TunnelFault::Malformed));
        }
        head.extend(reply(stream, 1)?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// No proxy needs more to say yes or no.
const MAXIMUM_HEAD: usize = 16 * 1024;
