//! A connection to the endpoint: straight, or through a proxy.

pub(crate) mod http_connect;
pub(crate) mod socks;

use std::net::SocketAddr;

use crate::cause::{Cause, ProxyKind, TunnelFault};
use crate::conversation::Conversation;
use crate::deadline::Deadline;
use crate::request::{HttpConnect, ProbeRequest, Route, Socks};
use crate::resolve::resolve;
use crate::stream::Stream;

/// What a proxy is asked to connect to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    Address(SocketAddr),
    /// A name that only the proxy may know.
    Name(&'a str, u16),
}

/// The way there: which address is connected to, and what is asked for then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    pub(crate) first_hop: SocketAddr,
    pub(crate) target: Target<'a>,
}

/// Finds the proxy, if there is one.
///
/// # Errors
///
/// [`Cause::Tunnel`] or [`Cause::TimedOut`].
pub(crate) fn find<'a>(
    request: &'a ProbeRequest,
    target: Target<'a>,
    deadline: Deadline,
) -> Result<Way<'a>, Cause> {
    let first_hop = match (proxy(request), target) {
        (None, Target::Address(address)) => address,
        (None, Target::Name(..)) => return Err(Cause::UnknownHost),
        (Some(proxy), _) => {
            let found = resolve(proxy.host, proxy.port, request.families, deadline);
            let found = found.map_err(|cause| proxy.unreachable(cause))?;
            found.first().copied().ok_or_else(|| proxy.unreachable(Cause::UnknownHost))?
        }
    };
    Ok(Way { first_hop, target })
}

/// Connects to the first hop.
///
/// # Errors
///
/// [`Cause::Tunnel`] if that is a proxy, or those of [`Stream::connect`].
pub(crate) fn connect(
    request: &ProbeRequest,
    way: &Way<'_>,
    deadline: Deadline,
) -> Result<Stream, Cause> {
    let stream = Stream::connect(way.first_hop, deadline);
    match proxy(request) {
        None => stream,
        Some(proxy) => stream.map_err(|cause| proxy.unreachable(cause)),
    }
}

/// Asks the first hop for the way to the target, if it is a proxy.
///
/// # Errors
///
/// [`Cause::Tunnel`], and those of [`Stream`].
pub(crate) fn tunnel(
    request: &ProbeRequest,
    way: &Way<'_>,
    stream: &mut Stream,
) -> Result<(), Cause> {
    match &request.route {
        Route::Direct => Ok(()),
        Route::Socks(proxy) => socks::tunnel(proxy, way.target, stream),
        Route::HttpConnect(proxy) => http_connect::tunnel(proxy, way.target, stream),
    }
}

/// Reads so many bytes from a SOCKS proxy; an end before them is its fault.
fn reply(proxy: &mut dyn Conversation, length: usize) -> Result<Vec<u8>, Cause> {
    match proxy.listen_exactly(length) {
        Err(Cause::Closed) => Err(Cause::Tunnel(TunnelFault::Malformed)),
        read => read,
    }
}

/// Where a proxy is, and what it is.
struct Proxy<'a> {
    host: &'a str,
    port: u16,
    kind: ProxyKind,
}

fn proxy(request: &ProbeRequest) -> Option<Proxy<'_>> {
    match &request.route {
        Route::Direct => None,
        Route::Socks(Socks { host, port, .. }) => {
            Some(Proxy { host, port: *port, kind: ProxyKind::Socks })
        }
        Route::HttpConnect(HttpConnect { host, port, .. }) => {
            Some(Proxy { host, port: *port, kind: ProxyKind::Http })
        }
    }
}

impl Proxy<'_> {
    /// The proxy could not be reached, unless the time was up for the whole probe.
    fn unreachable(&self, cause: Cause) -> Cause {
        if matches!(cause, Cause::TimedOut) {
            return cause;
        }
        let (host, kind) = (self.host.to_owned(), self.kind);
        Cause::Tunnel(TunnelFault::Unreachable { host, kind, cause: Box::new(cause) })
    }
}
