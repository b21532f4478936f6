//! Networking properties: `-D`, then `net.properties` of the installation, then what ships in every such file.

use std::collections::HashMap;
use std::fs;

use super::properties_file::definitions;
use super::{Settings, SystemProperties};

/// What ships in `net.properties` of 8 to 26, as far as it decides on proxies.
const SHIPPED: [(&str, &str); 2] = [
    ("http.nonProxyHosts", "localhost|127.*|[::1]"),
    ("jdk.http.auth.tunneling.disabledSchemes", "Basic"),
];

/// A larger file is not read: the ones that ship have some 6 KiB.
const LONGEST_FILE: u64 = 1 << 20;

/// The networking properties of a runtime.
pub(super) struct NetProperties<'a> {
    given: &'a SystemProperties,
    /// What the installation's file says; none where it has no file that decides.
    file: Option<&'a HashMap<String, String>>,
}

/// What an installation's file says; none where there is no file that decides.
pub(super) type NetFile = Option<HashMap<String, String>>;

impl<'a> NetProperties<'a> {
    pub(super) fn of(settings: &'a Settings) -> Self {
        let file = settings.net_file.get_or_init(|| {
            let file = settings.runtime.own_home()?.net_properties();
            let is_short = fs::metadata(&file).ok()?.len() <= LONGEST_FILE;
            let text = is_short.then(|| fs::read(&file).ok())??;
            Some(definitions(&String::from_utf8_lossy(&text)).into_iter().collect())
        });
        Self { given: &settings.properties, file: file.as_ref() }
    }

    /// Returns the value of a property.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.given.value(name).or_else(|| match &self.file {
            Some(file) => file.get(name).map(String::as_str),
            None => SHIPPED.iter().find(|(held, _)| *held == name).map(|(_, value)| *value),
        })
    }

    /// Returns the value of a property that is a port or a version, as `Integer.decode` reads it; Java takes 0 for none.
    pub(super) fn number(&self, name: &str) -> Option<u16> {
        decode(self.value(name)?).filter(|number| *number != 0)
    }
}

/// Reads decimal, hexadecimal (`0x`, `#`) and octal (`0`) digits, with a plus sign or without.
fn decode(text: &str) -> Option<u16> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let hexadecimal = ["0x", "0X", "#"].iter().find_map(|prefix| text.strip_prefix(prefix));
    let (digits, radix) = match (hexadecimal, text.strip_prefix('0')) {
        (Some(digits), _) => (digits, 16),
        (None, Some(digits)) if !digits.is_empty() => (digits, 8),
        (None, _) => (text, 10),
    };
    if digits.starts_with('+') { None } else { u16::from_str_radix(digits, radix).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_integer_decode_reads_it() {
        for (text, expected) in [
            ("8080", Some(8080)),
            ("+80", Some(80)),
            ("0x50", Some(80)),
            ("#50", Some(80)),
            ("010", Some(8)),
            ("0", Some(0)),
            (" 80", None),
            ("", None),
            ("x", None),
            ("++8", None),
            ("70000", None),
        ] {
            assert_eq!(decode(text), expected, "{text:?}");
        }
    }
}
