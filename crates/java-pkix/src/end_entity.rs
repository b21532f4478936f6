//! What `EndEntityChecker` asks of a TLS server's certificate.

use crate::certificate::Certificate;
use crate::exception::JavaException;
use crate::parameters::AuthType;
use crate::profile::Profile;
use crate::verdict::Reason;

/// Checks keyUsage, extKeyUsage and Netscape's certificate type of a TLS server.
///
/// # Errors
/// The exception that Java throws.
pub(crate) fn check(
    certificate: &Certificate<'_>,
    auth_type: AuthType,
    profile: &Profile,
) -> Result<(), (Reason, JavaException)> {
    check_key_usage(certificate, auth_type)?;
    check_extended_key_usage(certificate, profile)?;
    match certificate.extensions.netscape_type {
        Some([_, ssl_server, ..]) if !ssl_server => {
            fail(Reason::NetscapeType, "Netscape cert type does not permit use for SSL server")
        }
        Some(_) | None => Ok(()),
    }
}

fn check_key_usage(
    certificate: &Certificate<'_>,
    auth_type: AuthType,
) -> Result<(), (Reason, JavaException)> {
    let Some([digital_signature, _, key_encipherment, ..]) = certificate.extensions.key_usage
    else {
        return Ok(());
    };
    let (is_allowed, what) = match auth_type {
        AuthType::Rsa => (key_encipherment, "key encipherment"),
        AuthType::Unknown
        | AuthType::EcdheEcdsa
        | AuthType::EcdheRsa
        | AuthType::DheRsa
        | AuthType::DheDss => (digital_signature, "digital signatures"),
    };
    if is_allowed {
        Ok(())
    } else {
        fail(Reason::KeyUsage, &format!("KeyUsage does not allow {what}"))
    }
}

fn check_extended_key_usage(
    certificate: &Certificate<'_>,
    profile: &Profile,
) -> Result<(), (Reason, JavaException)> {
    let extensions = &certificate.extensions;
    if let (true, Some(fault)) =
        (profile.strict_extended_key_usage, &extensions.extended_key_usage_fault)
    {
        let class = "java.security.cert.CertificateParsingException";
        let text = fault.message.clone().unwrap_or_default();
        return Err((Reason::ExtendedKeyUsage, JavaException::new(class, text)));
    }
    let Some(usages) = &extensions.extended_key_usage else { return Ok(()) };
    if usages.iter().any(|usage| SERVER_USAGES.contains(&usage.0)) {
        return Ok(());
    }
    fail(
        Reason::ExtendedKeyUsage,
        "Extended key usage does not permit use for TLS server authentication",
    )
}

fn fail(reason: Reason, text: &str) -> Result<(), (Reason, JavaException)> {
    Err((reason, JavaException::new("sun.security.validator.ValidatorException", text)))
}

/// serverAuth, anyExtendedKeyUsage, and the server gated cryptography of Microsoft and Netscape.
const SERVER_USAGES: [&[u8]; 4] = [
    &[0x2b, 6, 1, 5, 5, 7, 3, 1],
    &[0x55, 0x1d, 37, 0],
    &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3],
    &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1],
];
