//! From the host as it was typed to its addresses, first one first.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::cause::Cause;
use crate::deadline::Deadline;
use crate::request::Families;
use crate::resolver::look_up;

/// Returns the host's addresses in the order in which they would be tried; never none.
///
/// # Errors
///
/// [`Cause::UnknownHost`], [`Cause::AddressFamily`] or [`Cause::TimedOut`].
pub(crate) fn resolve(
    host: &str,
    port: u16,
    families: Families,
    deadline: Deadline,
) -> Result<Vec<SocketAddr>, Cause> {
    match literal(host, families) {
        Host::Address(address) if excluded(&address, families) => Err(Cause::AddressFamily),
        Host::Address(address) => Ok(vec![SocketAddr::new(address, port)]),
        Host::Name(name) => ordered(look_up(name, port, deadline)?, families),
        Host::Nonsense => Err(Cause::UnknownHost),
    }
}

/// What a host is before any resolver is asked.
#[derive(Debug, Eq, PartialEq)]
enum Host<'a> {
    Address(IpAddr),
    Name(&'a str),
    Nonsense,
}

/// Reads a host as `java.net.InetAddress.getAllByName` does: decimal IPv4 of one to four parts,
/// IPv6 with or without brackets, nothing for loopback; everything else is a name.
fn literal(host: &str, families: Families) -> Host<'_> {
    if host.is_empty() {
        return Host::Address(match families {
            Families::Ipv6First | Families::Ipv6Only => Ipv6Addr::LOCALHOST.into(),
            Families::Ipv4First | Families::AsResolved | Families::Ipv4Only => {
                Ipv4Addr::LOCALHOST.into()
            }
        });
    }
    if let Some(rest) = host.strip_prefix('[') {
        return match rest.strip_suffix(']') {
            Some(inner) if inner.contains('%') && is_scoped(inner) => Host::Name(inner),
            Some(inner) => ipv6(inner).map_or(Host::Nonsense, Host::Address),
            None => Host::Nonsense,
        };
    }
    if let Some(address) = ipv4(host) {
        return Host::Address(address.into());
    }
    match ipv6(host) {
        Some(address) => Host::Address(address),
        None if is_scoped(host) => Host::Name(host),
        None if host.contains(':') || is_ambiguous(host) => Host::Nonsense,
        None => Host::Name(host),
    }
}

/// Reads one to four decimal parts.
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    if host.len() > 15 { None } else { parts(host, |part| number(part, 10)) }
}

/// Whether the C library would read the host as an IPv4 address although it is not decimal: Java
/// looks no such name up (measured with 8 to 26: `0x7f.1`, `127.000000000001`).
fn is_ambiguous(host: &str) -> bool {
    let part = |part: &str| match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(digits) => number(digits, 16),
        None if part.starts_with('0') => number(part, 8),
        None => number(part, 10),
    };
    parts(host, part).is_some()
}

/// Reads one to four parts, of which the last fills what the others leave.
fn parts(host: &str, read: impl Fn(&str) -> Option<u64>) -> Option<Ipv4Addr> {
    let mut parts = Vec::with_capacity(4);
    for part in host.split('.') {
        if parts.len() == 4 {
            return None;
        }
        parts.push(read(part)?);
    }
    let (last, leading) = parts.split_last()?;
    let mut bits = 0;
    for part in leading {
        bits = bits << 8 | u32::from(u8::try_from(*part).ok()?);
    }
    let free = 32 - 8 * u32::try_from(leading.len()).ok()?;
    if last >> free != 0 {
        return None;
    }
    let bits = u64::from(bits) << free | last;
    Some(Ipv4Addr::from_bits(u32::try_from(bits).ok()?))
}

fn number(digits: &str, radix: u32) -> Option<u64> {
    let is_number = digits.chars().all(|digit| digit.is_digit(radix));
    if is_number { u64::from_str_radix(digits, radix).ok() } else { None }
}

/// Reads an IPv6 address; one that only wraps an IPv4 address is that address.
fn ipv6(host: &str) -> Option<IpAddr> {
    let address: Ipv6Addr = host.parse().ok()?;
    Some(address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4))
}

/// Whether this is an address with a zone: only the resolver knows the zones' numbers.
fn is_scoped(host: &str) -> bool {
    let is_ipv6 = |address| ipv6(address).is_some_and(|address| address.is_ipv6());
    host.split_once('%').is_some_and(|(address, zone)| is_ipv6(address) && !zone.is_empty())
}

fn excluded(address: &IpAddr, families: Families) -> bool {
    match families {
        Families::Ipv4Only => address.is_ipv6(),
        Families::Ipv6Only => address.is_ipv4(),
        Families::Ipv4First | Families::Ipv6First | Families::AsResolved => false,
    }
}

/// Puts addresses into the order of their families, each family in the resolver's order.
pub(crate) fn ordered(
    mut addresses: Vec<SocketAddr>,
    families: Families,
) -> Result<Vec<SocketAddr>, Cause> {
    match families {
        Families::AsResolved => {}
        Families::Ipv4First => addresses.sort_by_key(SocketAddr::is_ipv6),
        Families::Ipv6First => addresses.sort_by_key(SocketAddr::is_ipv4),
        Families::Ipv4Only => addresses.retain(SocketAddr::is_ipv4),
        Families::Ipv6Only => addresses.retain(SocketAddr::is_ipv6),
    }
    if addresses.is_empty() { Err(Cause::UnknownHost) } else { Ok(addresses) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(host: &str) -> Host<'_> {
        literal(host, Families::Ipv4First)
    }

    #[test]
    fn an_address_may_be_written_in_all_forms_that_java_takes() {
        for (host, address) in [
            ("", "127.0.0.1"),
            ("127.1", "127.0.0.1"),
            ("1", "0.0.0.1"),
            ("4294967295", "255.255.255.255"),
            ("10.0.65535", "10.0.255.255"),
            ("10.16777215", "10.255.255.255"),
            ("192.168.2.1", "192.168.2.1"),
            ("0177.0.0.1", "177.0.0.1"),
            ("::1", "::1"),
            ("[::1]", "::1"),
            ("::ffff:10.1.2.3", "10.1.2.3"),
        ] {
            assert_eq!(read(host), Host::Address(address.parse().unwrap()), "{host}");
        }
    }

    #[test]
    fn what_is_no_address_is_a_name_or_nonsense() {
        for host in
            ["999.1.1.1", "1.2.3.4.5", "4294967296", "256.1", "1.2.3.", "a.b", "0x7f.g", "-1"]
        {
            assert_eq!(read(host), Host::Name(host));
        }
        for host in [
            "[::zz]",
            "[127.0.0.1]",
            "[::1",
            "a:443",
            "[",
            "[]",
            "0x7f.1",
            "0x7f000001",
            "127.000000000001",
        ] {
            assert_eq!(read(host), Host::Nonsense, "{host}");
        }
    }

    #[test]
    fn families_order_and_choose_without_disturbing_the_resolver() {
        let all: Vec<SocketAddr> =
            ["[::1]:1", "10.0.0.2:1", "[::2]:1", "10.0.0.1:1"].map(|a| a.parse().unwrap()).into();
        for (families, expected) in [
            (Families::Ipv4First, vec![all[1], all[3], all[0], all[2]]),
            (Families::Ipv6First, vec![all[0], all[2], all[1], all[3]]),
            (Families::AsResolved, all.clone()),
            (Families::Ipv4Only, vec![all[1], all[3]]),
            (Families::Ipv6Only, vec![all[0], all[2]]),
        ] {
            assert_eq!(ordered(all.clone(), families).unwrap(), expected);
        }
        assert!(matches!(ordered(vec![all[0]], Families::Ipv4Only), Err(Cause::UnknownHost)));
    }
}
