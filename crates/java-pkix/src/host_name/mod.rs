//! HTTPS and LDAPS endpoint identification as `sun.security.util.HostnameChecker` does it.

mod address;
mod idn;
mod public_suffix;
mod punycode;
mod wildcard;

use std::borrow::Cow;

use unicode_normalization::is_nfkc;

use crate::exception::JavaException;
use crate::profile::Profile;

/// What a certificate presents as its names.
///
/// Where a certificate above constrains names, Java's check of that adds the common name to the alternative names it
/// looks at, and there it stays: as an iPAddress if it is one and there is none yet, else as a dNSName if there is none
/// yet. That only shows where there is an extension (seen with the name constraint tests 1611 and 7549 of
/// `BetterTLS`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct PresentedNames<'a> {
    /// What `X509Certificate.getSubjectAlternativeNames()` throws.
    pub(crate) unreadable: Option<&'a JavaException>,
    /// Whether `X509Certificate.getSubjectAlternativeNames()` is not null: the extension is there.
    pub(crate) has_alternative_names: bool,
    /// The dNSNames in their order, as text.
    pub(crate) dns: &'a [&'a str],
    /// The iPAddresses in their order, as octets (4 or 16).
    pub(crate) addresses: &'a [&'a [u8]],
    /// The last encoded commonName of the subject.
    pub(crate) common_name: CommonName<'a>,
}

/// The most specific commonName of a subject, as `DerValue.getAsString()` reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CommonName<'a> {
    /// There is none.
    Absent,
    /// A string type that Java reads.
    Text(&'a str),
    /// A string type for which Java returns null and then fails on it.
    Unreadable,
}

/// Why a certificate does not stand for a host.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct HostNameFault {
    /// What `HostnameChecker.match` throws.
    pub(crate) exception: JavaException,
    /// Whether it is a `RuntimeException`, which TLS wraps otherwise.
    pub(crate) crashed: bool,
}

impl HostNameFault {
    fn new(message: String) -> Self {
        let exception = JavaException::new("java.security.cert.CertificateException", message);
        Self { exception, crashed: false }
    }
}

/// Reads an address literal as Java does, IPv4 also in its short forms; returns 4 or 16 octets.
pub(crate) fn literal(text: &str) -> Option<Vec<u8>> {
    address::parse(text).map(address::Address::into_octets)
}

/// Checks whether a certificate that presents `names` stands for `host`, as `HTTPS` endpoint identification does.
///
/// `host` is as the caller typed it; `jdk_ca` tells whether the anchor is one of Java's own.
///
/// # Errors
/// What Java throws.
pub(crate) fn check(
    host: &str,
    names: &PresentedNames<'_>,
    jdk_ca: bool,
    profile: &Profile,
) -> Result<(), HostNameFault> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let host = if host.is_empty() { "127.0.0.1" } else { host };
    let matcher = Matcher { names, jdk_ca, profile };
    // The name in the hello comes first; where it is not what was typed, that is tried, too.
    if let Some(sent) = server_name(host) {
        match matcher.check(&sent) {
            Err(fault) if !fault.crashed && !sent.eq_ignore_ascii_case(host) => {}
            answer => return answer,
        }
    }
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    matcher.check(bare.unwrap_or(host))
}

/// Returns the name that Java sends in the hello (RFC 6066, section 3), if it sends one.
fn server_name(host: &str) -> Option<Cow<'_, str>> {
    let is_qualified = host.find('.').is_some_and(|at| at > 0) && !host.ends_with('.');
    if !is_qualified || address::parse(host).is_some() {
        return None;
    }
    idn::host_name(host).ok()
}

struct Matcher<'a> {
    names: &'a PresentedNames<'a>,
    jdk_ca: bool,
    profile: &'a Profile,
}

impl Matcher<'_> {
    fn check(&self, host: &str) -> Result<(), HostNameFault> {
        match address::parse(host) {
            Some(address) => self.check_address(host, &address),
            None => self.check_name(host),
        }
    }

    fn check_readable(&self) -> Result<(), HostNameFault> {
        match self.names.unreadable.cloned() {
            Some(exception) => Err(HostNameFault { exception, crashed: false }),
            None => Ok(()),
        }
    }

    fn check_address(&self, host: &str, wanted: &address::Address) -> Result<(), HostNameFault> {
        self.check_readable()?;
        if !self.names.has_alternative_names {
            return Err(HostNameFault::new("No subject alternative names present".to_owned()));
        }
        if self.names.addresses.iter().any(|presented| wanted.is(presented)) {
            return Ok(());
        }
        Err(HostNameFault::new(format!(
            "No subject alternative names matching IP address {host} found"
        )))
    }

    fn check_name(&self, host: &str) -> Result<(), HostNameFault> {
        if let Err(cause) = idn::host_name(host) {
            let mut fault = HostNameFault::new(format!("Illegal given domain name: {host}"));
            fault.exception = fault.exception.caused_by(cause);
            return Err(fault);
        }
        self.check_readable()?;
        if self.names.dns.iter().any(|presented| self.matches(host, presented)) {
            return Ok(());
        }
        if !self.names.dns.is_empty() {
            return Err(HostNameFault::new(format!(
                "No subject alternative DNS name matching {host} found."
            )));
        }
        match self.names.common_name {
            CommonName::Text(name) if !is_nfkc(name) => {
                Err(HostNameFault::new(format!("Not a formal name {name}")))
            }
            CommonName::Text(name) if self.matches(host, name) => Ok(()),
            CommonName::Text(_) | CommonName::Absent => {
                Err(HostNameFault::new(format!("No name matching {host} found")))
            }
            CommonName::Unreadable => {
                Err(HostNameFault { exception: self.null_pointer(), crashed: true })
            }
        }
    }

    /// Returns what the check of the normal form throws for a name that could not be read.
    fn null_pointer(&self) -> JavaException {
        match self.profile.null_text {
            Some(text) => JavaException::new("java.lang.NullPointerException", text),
            None => JavaException::bare("java.lang.NullPointerException"),
        }
    }

    fn matches(&self, host: &str, presented: &str) -> bool {
        // All that follows leaves such names as they are.
        if idn::is_ordinary(host) && idn::is_ordinary(presented) {
            return host.eq_ignore_ascii_case(presented);
        }
        let (host, presented) = if self.profile.compares_names_in_unicode {
            match (idn::normalized(host), idn::normalized(presented)) {
                (Ok(host), Ok(presented)) => (Cow::Owned(host), Cow::Owned(presented)),
                (_, Err(_)) | (Err(_), _) => return false,
            }
        } else {
            (Cow::Borrowed(host), Cow::Borrowed(presented))
        };
        let rule = self.jdk_ca.then_some(self.profile.public_suffixes);
        !wildcard::is_illegal(&presented, &host, rule)
            && idn::host_name(&presented.replace('*', "z")).is_ok()
            && wildcard::matches(&host, &presented, self.profile.wildcard_in_any_label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::JavaRelease;

    const ANSWERS: &str = include_str!("../../../../fixtures/host-names/java.txt");

    /// Reads `\u00fc`, as the fixtures write what is not ASCII.
    fn raw(text: &str) -> String {
        let mut parts = text.split("\\u");
        let mut raw = parts.next().unwrap().to_owned();
        for part in parts {
            let (digits, rest) = part.split_at(4);
            raw.push(char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap());
            raw.push_str(rest);
        }
        raw
    }

    fn octets(address: &str) -> Vec<u8> {
        match address.parse().unwrap() {
            std::net::IpAddr::V4(address) => address.octets().to_vec(),
            std::net::IpAddr::V6(address) => address.octets().to_vec(),
        }
    }

    fn answer(
        host: &str,
        anchor: &str,
        names: &str,
        common_name: &str,
        profile: &Profile,
    ) -> String {
        let entries = |prefix| names.split(';').filter_map(move |name| name.strip_prefix(prefix));
        let dns: Vec<String> = entries("dns:").map(raw).collect();
        let addresses: Vec<Vec<u8>> = entries("ip:").map(octets).collect();
        let common_name = raw(common_name);
        let names = PresentedNames {
            unreadable: None,
            has_alternative_names: names != "-",
            dns: &dns.iter().map(String::as_str).collect::<Vec<_>>(),
            addresses: &addresses.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            common_name: match common_name.as_str() {
                "-" => CommonName::Absent,
                name => CommonName::Text(name),
            },
        };
        let jdk_ca = anchor == "jdkCA";
        match (Matcher { names: &names, jdk_ca, profile }).check(&raw(host)) {
            Ok(()) => "ok".to_owned(),
            Err(fault) => {
                let chain: Vec<_> = fault.exception.chain().map(ToString::to_string).collect();
                chain.join(" <- ")
            }
        }
    }

    #[test]
    fn every_host_gets_the_answer_of_each_java() {
        let mut wrong = Vec::new();
        for line in ANSWERS.lines() {
            let [host, anchor, names, common_name, releases, expected] =
                line.split('\t').collect::<Vec<_>>()[..]
            else {
                panic!("{line}")
            };
            for release in releases.split(',') {
                let release: JavaRelease = release.parse().unwrap();
                let profile = Profile::nearest(release);
                let actual = answer(host, anchor, names, common_name, profile);
                if actual != raw(expected) {
                    wrong.push(format!("{release}: {line}\n  but got {actual}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    }

    fn presented(
        dns: &str,
        common_name: CommonName<'_>,
        host: &str,
        profile: &Profile,
    ) -> Result<(), String> {
        let names = PresentedNames {
            unreadable: None,
            has_alternative_names: !dns.is_empty(),
            dns: if dns.is_empty() { &[] } else { &[dns] },
            addresses: &[&[127, 0, 0, 1]],
            common_name,
        };
        check(host, &names, false, profile).map_err(|fault| fault.exception.to_string())
    }

    #[test]
    fn a_host_is_taken_without_its_last_dot_and_its_brackets() {
        let profile = Profile::nearest(JavaRelease { feature: 17, update: 15 });
        for host in
            ["127.0.0.1", "127.0.0.1.", "[127.1]", "", "www.example.com", "www.example.com."]
        {
            assert_eq!(
                presented("www.example.com", CommonName::Absent, host, profile),
                Ok(()),
                "{host}"
            );
        }
    }

    #[test]
    fn the_name_in_the_hello_comes_before_the_name_as_typed() {
        for profile in &Profile::RECORDED {
            let encoded = "xn--bcher-kva.example";
            let host = "b\u{fc}cher.example";
            assert_eq!(presented(encoded, CommonName::Absent, host, profile), Ok(()));
            assert_eq!(
                presented("other.example", CommonName::Absent, host, profile),
                Err(format!(
                    "java.security.cert.CertificateException: No subject alternative DNS name matching {host} found."
                ))
            );
        }
    }

    #[test]
    fn a_name_that_cannot_be_read_crashes_the_check() {
        for (feature, update, text) in [
            (8, 504, "java.lang.NullPointerException"),
            (
                26,
                2,
                "java.lang.NullPointerException: Cannot invoke \"java.lang.CharSequence.toString()\" because \"src\" is null",
            ),
        ] {
            let profile = Profile::nearest(JavaRelease { feature, update });
            let said = presented("", CommonName::Unreadable, "www.example.com", profile);
            assert_eq!(said, Err(text.to_owned()));
        }
    }
}
