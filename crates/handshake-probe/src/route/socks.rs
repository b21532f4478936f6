//! SOCKS 4 and 5 (RFC 1928, RFC 1929), as `java.net` speaks them.

use std::net::{IpAddr, Ipv4Addr};

use zeroize::Zeroizing;

use crate::cause::{Cause, TunnelFault};
use crate::conversation::Conversation;
use crate::request::{Names, Socks, SocksVersion};
use crate::route::{Target, reply};

/// Asks the proxy at the other end of `stream` for a connection to `target`.
///
/// # Errors
///
/// [`Cause::Tunnel`], and those of the connection.
pub(crate) fn tunnel(
    proxy: &Socks,
    target: Target<'_>,
    stream: &mut dyn Conversation,
) -> Result<(), Cause> {
    if proxy.version == SocksVersion::V4 {
        return tunnel4(proxy, target, stream);
    }
    stream.say(&[VERSION5, 2, NO_AUTHENTICATION, USER_AND_PASSWORD])?;
    match *reply(stream, 2)? {
        [VERSION5, NO_AUTHENTICATION] => {}
        [VERSION5, USER_AND_PASSWORD] => authenticate(proxy, stream)?,
        [VERSION5, NO_METHOD] => return fault(TunnelFault::NoMethod),
        [VERSION5, _] => return fault(TunnelFault::Authentication),
        // Java takes it for a proxy of the old version then.
        _ => return tunnel4(proxy, target, stream),
    }
    stream.say(&request5(target)?)?;
    let [_, code, _, kind] = *reply(stream, 4)? else { return fault(TunnelFault::Malformed) };
    match code {
        0 => bound_address(kind, stream),
        1..=8 => fault(TunnelFault::Refused5(code)),
        // Java lets what RFC 1928 does not know pass.
        _ => Ok(()),
    }
}

fn authenticate(proxy: &Socks, stream: &mut dyn Conversation) -> Result<(), Cause> {
    let mut message = Zeroizing::new(vec![1]);
    for field in [proxy.user.as_slice(), proxy.password.bytes()] {
        message.push(u8::try_from(field.len()).or(Err(TunnelFault::Authentication))?);
        message.extend_from_slice(field);
    }
    stream.say(&message)?;
    match *reply(stream, 2)? {
        [_, 0] => Ok(()),
        _ => fault(TunnelFault::Authentication),
    }
}

fn request5(target: Target<'_>) -> Result<Vec<u8>, Cause> {
    let mut message = vec![VERSION5, CONNECT, 0];
    let port = match target {
        Target::Address(address) => {
            match address.ip() {
                IpAddr::V4(ip) => message.extend([&[IPV4], ip.octets().as_slice()].concat()),
                IpAddr::V6(ip) => message.extend([&[IPV6], ip.octets().as_slice()].concat()),
            }
            address.port()
        }
        Target::Name(name, port) => {
            let length = u8::try_from(name.len()).or(Err(TunnelFault::LongName))?;
            message.extend([DOMAIN_NAME, length]);
            message.extend(name.as_bytes());
            port
        }
    };
    message.extend(port.to_be_bytes());
    Ok(message)
}

/// Reads the address that the proxy connects from: it interests nobody.
fn bound_address(kind: u8, stream: &mut dyn Conversation) -> Result<(), Cause> {
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        DOMAIN_NAME => reply(stream, 1)?.first().copied().unwrap_or_default().into(),
        _ => return fault(TunnelFault::UnknownAddressType),
    };
    reply(stream, length)?;
    reply(stream, 2)?;
    Ok(())
}

fn tunnel4(proxy: &Socks, target: Target<'_>, stream: &mut dyn Conversation) -> Result<(), Cause> {
    let (ip, port, name) = match target {
        Target::Address(address) => {
            let IpAddr::V4(ip) = address.ip() else { return fault(TunnelFault::Ipv6For4) };
            (ip, address.port(), None)
        }
        // SOCKS 4a: an address that cannot be, and the name behind the user
        Target::Name(name, port) if proxy.names == Names::AtProxy => {
            (Ipv4Addr::new(0, 0, 0, 1), port, Some(name))
        }
        Target::Name(name, port) => {
            return fault(TunnelFault::NameFor4 { name: name.to_owned(), port });
        }
    };
    let mut message = vec![VERSION4, CONNECT];
    message.extend(port.to_be_bytes());
    message.extend(ip.octets());
    message.extend(&proxy.user);
    message.push(0);
    if let Some(name) = name {
        message.extend(name.as_bytes());
        message.push(0);
    }
    stream.say(&message)?;
    match reply(stream, 8)?.first_chunk() {
        Some([0 | VERSION4, GRANTED]) => Ok(()),
        Some([0 | VERSION4, code]) => fault(TunnelFault::Refused4(*code)),
        _ => fault(TunnelFault::UnknownVersion),
    }
}

fn fault<T>(fault: TunnelFault) -> Result<T, Cause> {
    Err(Cause::Tunnel(fault))
}

const VERSION4: u8 = 4;
const VERSION5: u8 = 5;
const CONNECT: u8 = 1;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xff;
const IPV4: u8 = 1;
const DOMAIN_NAME: u8 = 3;
const IPV6: u8 = 4;
const GRANTED: u8 = 90;
