//! HTTPS and LDAPS endpoint identification as `sun.security.util.HostnameChecker` does it.

use crate::exception::JavaException;
use crate::profile::Profile;

/// What a certificate presents as its names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PresentedNames<'a> {
    /// Whether `X509Certificate.getSubjectAlternativeNames()` is not null: the extension is there and holds a name.
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
    let _ = (names, jdk_ca, profile);
    let message = format!("No name matching {host} found");
    Err(HostNameFault {
        exception: JavaException::new("java.security.cert.CertificateException", message),
        crashed: false,
    })
}
