//! General names (RFC 5280, section 4.2.1.6) as `sun.security.x509.GeneralName` reads them.

use crate::der::{Value, fault as io, tag};
use crate::distinguished_name::{DistinguishedName, ascii};
use crate::exception::JavaException;
use crate::oid::Oid;
use crate::profile::{DnsNameWords, Profile};
use crate::uri;

/// A name of one of the nine kinds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum GeneralName<'a> {
    /// otherName: its type and its value.
    Other(Oid<'a>, &'a [u8]),
    /// rfc822Name.
    Rfc822(String),
    /// dNSName.
    Dns(String),
    /// x400Address: not looked into.
    X400(&'a [u8]),
    /// directoryName.
    Directory(DistinguishedName<'a>),
    /// ediPartyName: not looked into.
    EdiParty(&'a [u8]),
    /// uniformResourceIdentifier: the text, and its host; as a constraint the text is the host.
    Uri {
        /// All of it.
        text: String,
        /// The host, if there is an authority with one.
        host: Option<String>,
    },
    /// iPAddress: 4 or 16 octets, twice as many in a constraint.
    Address(Vec<u8>),
    /// registeredID.
    Registered(Oid<'a>),
}

impl<'a> GeneralName<'a> {
    /// Reads a name; a constraint on URIs is a host.
    ///
    /// # Errors
    /// What `GeneralName` throws.
    pub(crate) fn parse(
        value: Value<'a>,
        is_constraint: bool,
        profile: &Profile,
    ) -> Result<Self, JavaException> {
        let number = value.tag & 0x1f;
        let (what, constructed) = KINDS
            .iter()
            .find(|(held, ..)| *held == number && (number != 3 || profile.reads_x400_addresses))
            .map(|(_, what, constructed)| (*what, *constructed))
            .ok_or_else(|| io(format!("Unrecognized GeneralName tag, ({number})")))?;
        if value.tag & 0xc0 != 0x80 || (value.tag & 0x20 != 0) != constructed {
            return Err(io(format!("Invalid encoding of {what}")));
        }
        match number {
            0 => {
                let mut inner = value.reader(profile);
                Ok(Self::Other(inner.oid()?, inner.value()?.encoded()))
            }
            1 => rfc822(ascii(value.content())).map(Self::Rfc822),
            2 => Ok(Self::Dns(ascii(value.content()))),
            3 => Ok(Self::X400(value.content())),
            4 => {
                let name = value.reader(profile).value()?;
                DistinguishedName::parse(name, profile).map(Self::Directory)
            }
            5 => edi_party(value, profile),
            6 if is_constraint => uri_constraint(ascii(value.content()), profile),
            6 => uri_name(ascii(value.content()), profile),
            7 => address(value.content()).map(Self::Address),
            _ => {
                let value = value.retagged(tag::OBJECT_IDENTIFIER);
                value.oid().map(Self::Registered)
            }
        }
    }

    /// Reads `GeneralNames`: a sequence that must not be empty.
    ///
    /// # Errors
    /// What `GeneralNames` throws.
    pub(crate) fn parse_all(
        value: Value<'a>,
        profile: &Profile,
    ) -> Result<Vec<Self>, JavaException> {
        if value.tag != tag::SEQUENCE {
            return Err(io("Invalid encoding for GeneralNames."));
        }
        if value.content().is_empty() {
            return Err(io("No data available in passed DER encoded value."));
        }
        let mut names = Vec::new();
        let mut reader = value.reader(profile);
        while !reader.is_at_end() {
            names.push(Self::parse(reader.value()?, false, profile)?);
        }
        Ok(names)
    }
}

fn rfc822(name: String) -> Result<String, JavaException> {
    if name.is_empty() {
        return Err(io("RFC822Name may not be null or empty"));
    }
    let domain = name.split_once('@').map_or(name.as_str(), |(_, domain)| domain);
    if domain.is_empty() {
        return Err(io("RFC822Name may not end with @"));
    }
    if domain == "." {
        return Err(io("RFC822Name domain may not be just ."));
    }
    Ok(name)
}

fn uri_name<'a>(text: String, profile: &Profile) -> Result<GeneralName<'a>, JavaException> {
    let parts = match uri::parse(&text) {
        Ok(parts) => parts,
        Err(cause) => return Err(because(format!("invalid URI name:{text}"), cause)),
    };
    if parts.scheme.is_none() {
        return Err(io(format!("URI name must include scheme:{text}")));
    }
    let host = parts.host.map(str::to_owned);
    if let Some(host) = &host
        && !is_dns_name(host, profile)
        && crate::host_name::literal(host.trim_matches(['[', ']'])).is_none()
    {
        let kinds = match profile.dns_name_words {
            DnsNameWords::Components => "DNSName, IPv4 address, or IPv6 address",
            DnsNameWords::Labels => "DNSName or IPv4 address",
        };
        return Err(io(format!("invalid URI name (host portion is not a valid {kinds}):{text}")));
    }
    Ok(GeneralName::Uri { text, host })
}

fn uri_constraint<'a>(text: String, profile: &Profile) -> Result<GeneralName<'a>, JavaException> {
    let invalid = |cause| because(format!("invalid URI name constraint:{text}"), cause);
    let parts = uri::parse(&text).map_err(invalid)?;
    if parts.scheme.is_some() {
        return Err(io(format!("invalid URI name constraint (should not include scheme):{text}")));
    }
    if let Some(fault) = dns_name_fault(text.strip_prefix('.').unwrap_or(&text), profile) {
        return Err(invalid(Some(io(fault))));
    }
    Ok(GeneralName::Uri { host: Some(text.clone()), text })
}

fn because(text: String, cause: Option<JavaException>) -> JavaException {
    match cause {
        Some(cause) => io(text).caused_by(cause),
        None => io(text),
    }
}

/// Returns whether a text is what `DNSName(String)` takes: labels of letters, digits and hyphens.
pub(crate) fn is_dns_name(text: &str, profile: &Profile) -> bool {
    dns_name_fault(text, profile).is_none()
}

/// Returns what `DNSName(String)` has against a text.
fn dns_name_fault(text: &str, profile: &Profile) -> Option<&'static str> {
    let words = profile.dns_name_words;
    let is_labels = words == DnsNameWords::Labels;
    if text.is_empty() {
        return Some("DNSName must not be null or empty");
    }
    if text.contains(' ') {
        return Some(match words {
            DnsNameWords::Components => "DNSName with blank components is not permitted",
            DnsNameWords::Labels => "DNSName with blank labels is not permitted",
        });
    }
    if text.starts_with('.') || text.ends_with('.') {
        return Some("DNSName may not begin or end with a .");
    }
    if is_labels && text.chars().count() > 253 {
        return Some("DNSName can't be longer than 253 characters");
    }
    let fault = if is_labels { label_fault } else { component_fault };
    text.split('.').find_map(fault)
}

fn component_fault(label: &str) -> Option<&'static str> {
    if label.is_empty() {
        Some("DNSName with empty components are not permitted")
    } else if !label.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        Some("DNSName components must begin with a letter or digit")
    } else if !label.chars().all(is_letter_digit_or_hyphen) {
        Some("DNSName components must consist of letters, digits, and hyphens")
    } else {
        None
    }
}

fn label_fault(label: &str) -> Option<&'static str> {
    if label.is_empty() {
        Some("DNSName with empty labels is not permitted")
    } else if label.chars().count() > 63 {
        Some("DNSName label can't be longer than 63 characters")
    } else if label.starts_with('-') || label.ends_with('-') {
        Some("DNSName label may not begin or end with a hyphen")
    } else if !label.chars().all(is_letter_digit_or_hyphen) {
        Some("DNSName labels must consist of letters, digits, and hyphens")
    } else {
        None
    }
}

fn is_letter_digit_or_hyphen(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-'
}

fn address(octets: &[u8]) -> Result<Vec<u8>, JavaException> {
    match octets.len() {
        4 | 8 | 16 | 32 => Ok(octets.to_owned()),
        _ => Err(io("Invalid IPAddressName")),
    }
}

fn edi_party<'a>(value: Value<'a>, profile: &Profile) -> Result<GeneralName<'a>, JavaException> {
    let mut count = 0;
    let mut reader = value.reader(profile);
    while !reader.is_at_end() {
        reader.value()?;
        count += 1;
    }
    if (1..=2).contains(&count) {
        Ok(GeneralName::EdiParty(value.content()))
    } else {
        Err(io("Invalid encoding of EDIPartyName"))
    }
}

/// Number, Java's name in errors, whether the encoding is constructed.
const KINDS: [(u8, &str, bool); 9] = [
    (0, "Other-Name", true),
    (1, "RFC822 name", false),
    (2, "DNSName", false),
    (3, "X400Address name", true),
    (4, "Directory name", true),
    (5, "EDI name", true),
    (6, "URI", false),
    (7, "IP address", false),
    (8, "OID name", false),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::whole;
    use crate::release::JavaRelease;

    fn told(tag: u8, text: &[u8], feature: u16) -> String {
        let profile = Profile::nearest(JavaRelease { feature, update: u16::MAX });
        let encoded = crate::ber::encode(tag, text);
        match GeneralName::parse(whole(&encoded, profile).unwrap(), false, profile) {
            Ok(_) => "read".to_owned(),
            Err(fault) => fault.message.unwrap(),
        }
    }

    #[test]
    fn a_uri_is_refused_in_the_words_of_the_release() {
        for (text, older, newer) in [
            (
                "http://corp.example./",
                "DNSName, IPv4 address, or IPv6 address",
                "DNSName or IPv4 address",
            ),
            ("http://a-.example/", "", ""),
        ] {
            let expected = |kinds: &str| match kinds {
                "" => "read".to_owned(),
                kinds => {
                    format!("invalid URI name (host portion is not a valid {kinds}):{text}")
                }
            };
            for (feature, kinds) in [(17, older), (21, newer), (25, newer), (26, older)] {
                assert_eq!(
                    told(0x86, text.as_bytes(), feature),
                    expected(kinds),
                    "{feature} {text}"
                );
            }
        }
    }

    #[test]
    fn an_x400_address_is_an_unknown_tag_to_java_8() {
        for (feature, expected) in
            [(8, "Unrecognized GeneralName tag, (3)"), (11, "read"), (26, "read")]
        {
            assert_eq!(told(0xa3, &[], feature), expected, "{feature}");
        }
    }
}
