//! The name in the `server_name` extension (RFC 6066, section 3), and what is no name but an address.

use std::net::IpAddr;

use super::super::system_properties::SystemProperties;

/// The property that switches the extension off.
const SWITCH: &str = "jsse.enableSNIExtension";

/// Returns the name that Java puts into the `server_name` extension: none for an address, a name without a dot, and a
/// name that is no host name by RFC 1123.
pub(super) fn server_name(host: &str, properties: &SystemProperties) -> Option<String> {
    let switched_off = properties.is_false(SWITCH);
    let name = host.strip_suffix('.').unwrap_or(host);
    let has_inner_dot = name.find('.').is_some_and(|at| at > 0);
    let is_name = has_inner_dot && !is_address(name) && name.split('.').all(is_label);
    (is_name && !switched_off).then(|| name.to_owned())
}

fn is_label(label: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(legal)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Recognises IPv6 addresses and IPv4 ones, short forms such as `127.1` among them.
pub(crate) fn is_address(name: &str) -> bool {
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let without_zone = bare.split_once('%').map_or(bare, |(address, _)| address);
    if without_zone.parse::<IpAddr>().is_ok() {
        return true;
    }
    let parts: Vec<&str> = name.split('.').collect();
    let Some((last, leading)) = parts.split_last() else {
        return false;
    };
    // The last part fills what the others leave.
    let room = match leading.len() {
        0 => 1 << 32,
        1 => 1 << 24,
        2 => 1 << 16,
        3 => 1 << 8,
        _ => 0,
    };
    let number = |text: &str| {
        text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten()
    };
    number(last).is_some_and(|value| value < room)
        && leading.iter().all(|part| number(part).is_some_and(|value| value < 256))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Source;

    /// Captured from all six recorded releases, which agree.
    #[test]
    fn the_server_name_is_sent_only_where_java_sends_it() {
        for (host, expected) in [
            ("tls.example.test", Some("tls.example.test")),
            ("example.test", Some("example.test")),
            ("1numeric.test", Some("1numeric.test")),
            ("UPPER.example.test", Some("UPPER.example.test")),
            ("sp.example.test.", Some("sp.example.test")),
            ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("127.0.0.1", None),
            ("127.1", None),
            ("::1", None),
            ("[::1]", None),
            ("single", None),
            ("localhost", None),
            ("under_score.example.test", None),
            ("-a.example.test", None),
            ("a-.example.test", None),
            ("", None),
        ] {
            let found = server_name(host, &SystemProperties::default());
            assert_eq!(found.as_deref(), expected, "{host}");
        }
        let mut properties = SystemProperties::default();
        properties.define("jsse.enableSNIExtension=false", Source::CommandLine);
        assert_eq!(server_name("a.example", &properties), None);
    }
}
