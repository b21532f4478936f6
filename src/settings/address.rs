//! Which addresses are used, and in which order.

use std::net::{IpAddr, SocketAddr};

use handshake_probe::Families;

use super::error::SettingsError;
use super::{Settings, SystemProperties};
use crate::cli::WireOptions;

/// Returns the address families that Java would use, or those that our own options ask for.
pub(crate) fn families(options: &WireOptions, settings: &Settings) -> Families {
    match (options.ipv4, options.ipv6) {
        (true, _) => Families::Ipv4Only,
        (_, true) => Families::Ipv6Only,
        (false, false) => families_of(&settings.properties, settings.runtime.is_modular()),
    }
}

/// `java.net.preferIPv4Stack` and `java.net.preferIPv6Addresses`, which takes `system` since 9.
fn families_of(properties: &SystemProperties, is_modular: bool) -> Families {
    let preference = properties.value("java.net.preferIPv6Addresses").unwrap_or_default();
    if properties.is_true("java.net.preferIPv4Stack") {
        Families::Ipv4Only
    } else if preference.eq_ignore_ascii_case("true") {
        Families::Ipv6First
    } else if preference.eq_ignore_ascii_case("system") && is_modular {
        Families::AsResolved
    } else {
        Families::Ipv4First
    }
}

/// Returns the addresses that `--resolve HOST:PORT:ADDR` gives for a host and port; none: the resolver is asked.
///
/// # Errors
///
/// Says which value is not of that form.
pub(crate) fn resolved(
    options: &WireOptions,
    host: &str,
    port: u16,
) -> Result<Option<Vec<SocketAddr>>, SettingsError> {
    let mut found: Option<Vec<SocketAddr>> = None;
    for value in &options.resolve {
        let (named, at, addresses) =
            parse_resolve(value).ok_or_else(|| SettingsError::OptionValue {
                option: "--resolve",
                value: value.clone(),
                expected: "HOST:PORT:ADDRESS[,ADDRESS]",
            })?;
        if named.eq_ignore_ascii_case(host) && at == port {
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, port));
            found.get_or_insert_default().extend(addresses);
        }
    }
    Ok(found)
}

fn parse_resolve(value: &str) -> Option<(&str, u16, Vec<IpAddr>)> {
    let (host, rest) = match value.strip_prefix('[') {
        Some(bracketed) => {
            let (host, rest) = bracketed.split_once(']')?;
            (host, rest.strip_prefix(':')?)
        }
        None => value.split_once(':')?,
    };
    let (port, addresses) = rest.split_once(':')?;
    let addresses = addresses
        .split(',')
        .map(|address| address.trim_matches(['[', ']']).parse().ok())
        .collect::<Option<Vec<IpAddr>>>()?;
    Some((host, port.parse().ok()?, addresses))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Source;

    #[test]
    fn the_stack_property_rules_over_the_preference() {
        for (definitions, on_8, on_11) in [
            (&[][..], Families::Ipv4First, Families::Ipv4First),
            (&["java.net.preferIPv6Addresses=true"], Families::Ipv6First, Families::Ipv6First),
            (&["java.net.preferIPv6Addresses=system"], Families::Ipv4First, Families::AsResolved),
            (
                &["java.net.preferIPv6Addresses=true", "java.net.preferIPv4Stack=TRUE"],
                Families::Ipv4Only,
                Families::Ipv4Only,
            ),
        ] {
            let mut properties = SystemProperties::default();
            for definition in definitions {
                properties.define(definition, Source::CommandLine);
            }
            assert_eq!(families_of(&properties, false), on_8);
            assert_eq!(families_of(&properties, true), on_11);
        }
    }

    #[test]
    fn resolve_gives_addresses_for_its_own_host_and_port_only() {
        let options = WireOptions {
            resolve: vec!["a.example:443:127.0.0.1".into(), "[::1]:1:[::2],10.0.0.1".into()],
            ..WireOptions::default()
        };
        let found = |host, port| resolved(&options, host, port).unwrap();
        assert_eq!(found("A.example", 443), Some(vec!["127.0.0.1:443".parse().unwrap()]));
        assert_eq!(found("a.example", 8443), None);
        assert_eq!(found("::1", 1).unwrap().len(), 2);
        let bad = WireOptions { resolve: vec!["a:443".into()], ..WireOptions::default() };
        assert!(resolved(&bad, "a", 443).is_err());
    }
}
