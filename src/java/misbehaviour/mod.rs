//! What Java throws when the peer breaks the protocol.

mod extension;
mod message;
mod record;
#[cfg(test)]
mod recorded;
mod signature;

use handshake_probe::{Exchange, Misbehaviour, PointFault, ProtocolVersion, ValueFault};
use java_pkix::JavaException;

use super::exception::{
    Attempt, HANDSHAKE_EXCEPTION, PROTOCOL_EXCEPTION, SSL_EXCEPTION, Words, alerted,
};
use super::names::{group_constant, group_name, suite_name};

/// Returns what Java throws for `misbehaviour`; none where that was not recorded.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn exception(
    misbehaviour: Misbehaviour,
    attempt: &Attempt<'_>,
) -> Option<JavaException> {
    let rules = attempt.rules;
    let with = |alert: &str, message: &str| Some(alerted(alert, message, rules));
    match misbehaviour {
        Misbehaviour::OversizedRecord(_)
        | Misbehaviour::EmptyRecord(_)
        | Misbehaviour::UnexpectedRecord(_)
        | Misbehaviour::InterruptedMessage(_)
        | Misbehaviour::ShortAlert
        | Misbehaviour::MalformedCipherSpec
        | Misbehaviour::ShortRecord { .. }
        | Misbehaviour::NoContentType
        | Misbehaviour::UnknownContentType(_)
        | Misbehaviour::PlainAlert { .. }
        | Misbehaviour::Decryption
        | Misbehaviour::Block(_) => record::exception(misbehaviour, attempt),
        Misbehaviour::OversizedMessage(_)
        | Misbehaviour::UnknownMessage(_)
        | Misbehaviour::UnexpectedMessage(_)
        | Misbehaviour::TruncatedMessage(_)
        | Misbehaviour::MessageEnd(_)
        | Misbehaviour::MalformedMessage { .. }
        | Misbehaviour::OutOfOrder(_)
        | Misbehaviour::MissingCipherSpec
        | Misbehaviour::Finished
        | Misbehaviour::NoCertificate => message::exception(misbehaviour, attempt),
        Misbehaviour::NoExtensions
        | Misbehaviour::ExtensionsLength
        | Misbehaviour::ExtensionLength(_)
        | Misbehaviour::MisplacedExtension(_)
        | Misbehaviour::DuplicateExtension(_)
        | Misbehaviour::UnsolicitedExtension { .. }
        | Misbehaviour::Extension { .. } => extension::exception(misbehaviour, attempt),
        Misbehaviour::SignatureScheme(_)
        | Misbehaviour::Signature
        | Misbehaviour::Unverifiable(_)
        | Misbehaviour::NoCredentials
        | Misbehaviour::NoCommonScheme => signature::exception(misbehaviour, attempt),
        Misbehaviour::SessionIdentifier(length) => {
            plain(format!("Invalid session ID length ({length} bytes)"))
        }
        Misbehaviour::UnknownVersion(code) => Some(unknown_version(code, attempt)),
        Misbehaviour::VersionNotOffered(code) => Some(version_not_offered(code, attempt)),
        Misbehaviour::LegacyVersion(_) => {
            with("protocol_version", "The ServerHello.legacy_version field is not TLS 1.2")
        }
        Misbehaviour::Downgrade => {
            with("illegal_parameter", "A potential protocol version downgrade attack")
        }
        Misbehaviour::SuiteNotOffered(code) => suite(code, "improper", attempt),
        Misbehaviour::SuiteOfOtherVersion(code) => suite(code, "illegal", attempt),
        Misbehaviour::Compression(method) => {
            with("illegal_parameter", &format!("compression type not supported, {method}"))
        }
        // 8 and 11 say hello again, which is not imitated.
        Misbehaviour::RetryGroupShared(_) if Words::of(rules).takes_any_retry => None,
        Misbehaviour::RetryGroupShared(code) => {
            let group = group_name(code)?;
            with("illegal_parameter", &format!("Illegal HelloRetryRequest selected group: {group}"))
        }
        Misbehaviour::RetryGroupNotOffered(code) => Some(retry_group(code, attempt)),
        Misbehaviour::KeyShareMissing => with("internal_error", "Not negotiated key shares"),
        Misbehaviour::KeyShareGroup(code) => key_share_group(code, attempt),
        Misbehaviour::RetryOfOldVersion(code) => {
            let version = version_name(code)?;
            with("protocol_version", &format!("Unexpected HelloRetryRequest for {version}"))
        }
        Misbehaviour::NoKeyExchange(exchange) => {
            let (exchange, alert) = match exchange {
                Exchange::Ecdhe => ("ECDHE", "internal_error"),
                Exchange::Dhe => ("DHE", "handshake_failure"),
                Exchange::Rsa => ("RSA", "handshake_failure"),
            };
            let message = format!("No {exchange} credentials negotiated for client key exchange");
            with(alert, &message)
        }
        Misbehaviour::UnsignedKeyExchange => {
            with("handshake_failure", "Invalid DH ServerKeyExchange: unknown extra data")
        }
        Misbehaviour::PublicValue(fault) => {
            let what = match fault {
                ValueFault::Small => "small",
                ValueFault::Large => "large",
            };
            let cause = format!("Diffie-Hellman public key is too {what}");
            let cause = JavaException::new("java.security.InvalidKeyException", cause);
            let message = "Invalid DH ServerKeyExchange: invalid parameters";
            Some(alerted("handshake_failure", message, rules).caused_by(cause))
        }
        Misbehaviour::CertificateType(_) => {
            let cause = JavaException::bare("java.lang.NullPointerException");
            Some(JavaException::bare(SSL_EXCEPTION).caused_by(cause))
        }
        Misbehaviour::CurveType(kind) => {
            with("illegal_parameter", &format!("Unsupported ECCurveType: {kind}"))
        }
        Misbehaviour::KeyExchangeGroup(code) => Some(key_exchange_group(code, attempt)),
        Misbehaviour::Point(group, fault) => point(group, fault, attempt),
        Misbehaviour::InvalidKeyShare(group) => Some(invalid_key_share(group, attempt)),
    }
}

/// The record layer throws without an alert.
fn plain(message: String) -> Option<JavaException> {
    Some(JavaException::new(PROTOCOL_EXCEPTION, message))
}

fn unknown_version(code: u16, attempt: &Attempt<'_>) -> JavaException {
    let [major, minor] = code.to_be_bytes().map(|byte| i8::from_be_bytes([byte]));
    let family = Words::of(attempt.rules).version_family;
    let message = format!("Unsupported protocol version: {family}-{major}.{minor}");
    alerted("protocol_version", &message, attempt.rules)
}

fn version_not_offered(code: u16, attempt: &Attempt<'_>) -> JavaException {
    let message = format!(
        "The server selected protocol version {} is not accepted by client preferences [{}]",
        version_constant(code).unwrap_or("null"),
        offered(attempt.versions)
    );
    alerted("protocol_version", &message, attempt.rules)
}

fn suite(code: u16, fault: &str, attempt: &Attempt<'_>) -> Option<JavaException> {
    let suite = suite_name(code)
        .map_or_else(|| format!("UNKNOWN-CIPHER-SUITE(0x{code:04X})"), str::to_owned);
    let is_older = fault != "improper" && is_tls_13(Some(code));
    let message = match fault {
        "improper" => format!("Server selected improper ciphersuite {suite}"),
        _ if is_older => {
            format!("TLS 1.2 or prior version does not support the server cipher suite: {suite}")
        }
        _ => format!("Illegal cipher suite ({suite}) and protocol version (TLS13)"),
    };
    let alert = if is_older { "protocol_version" } else { "illegal_parameter" };
    Some(alerted(alert, &message, attempt.rules))
}

fn retry_group(code: u16, attempt: &Attempt<'_>) -> JavaException {
    let what = if is_named(code, attempt) { "Unexpected" } else { "Unsupported" };
    let message = format!("{what} HelloRetryRequest selected group: {}", named(code, attempt));
    let unexpected = Words::of(attempt.rules).retry_group_is_unexpected;
    let alert = if unexpected { "unexpected_message" } else { "illegal_parameter" };
    alerted(alert, &message, attempt.rules)
}

fn key_share_group(code: u16, attempt: &Attempt<'_>) -> Option<JavaException> {
    let family = match code {
        X25519 | X448 if Words::of(attempt.rules).lacks_montgomery_curves => {
            return plain(format!("Unsupported named group: {}", group_name(code)?));
        }
        X25519 | X448 => "XDHE",
        0x0017..=0x0019 => "ECDHE",
        0x0100..=0x0104 => "DHE",
        code => {
            let message = format!("Unsupported named group: {}", named(code, attempt));
            return Some(alerted("unexpected_message", &message, attempt.rules));
        }
    };
    let message = format!("No sufficient {family} key agreement parameters negotiated");
    Some(alerted("handshake_failure", &message, attempt.rules))
}

/// Returns the name of a group as the release writes it.
fn named(code: u16, attempt: &Attempt<'_>) -> String {
    match group_name(code).filter(|_| is_named(code, attempt)) {
        Some(name) => name.to_owned(),
        None => format!("UNDEFINED-NAMED-GROUP({code})"),
    }
}

/// Whether the release has a name for a group.
fn is_named(code: u16, attempt: &Attempt<'_>) -> bool {
    let is_hybrid = (0x11eb..=0x11ed).contains(&code);
    group_name(code).is_some() && (!is_hybrid || Words::of(attempt.rules).knows_hybrid_groups)
}

fn key_exchange_group(code: u16, attempt: &Attempt<'_>) -> JavaException {
    let message = match group_constant(code) {
        Some(name) => format!("Unsupported named group: {name}"),
        None => format!("Unknown named group ID: {code}"),
    };
    alerted("illegal_parameter", &message, attempt.rules)
}

fn invalid_key_share(group: u16, attempt: &Attempt<'_>) -> JavaException {
    if matches!(group, X25519 | X448) {
        return no_secret("Point has small order");
    }
    if !Words::of(attempt.rules).provider_checks_points {
        return no_secret("Point is not on curve");
    }
    let message = "point is not on curve";
    let cause = JavaException::new("java.security.ProviderException", message);
    JavaException::new(SSL_EXCEPTION, message).caused_by(cause)
}

fn point(group: u16, fault: PointFault, attempt: &Attempt<'_>) -> Option<JavaException> {
    let is_of_old = Words::of(attempt.rules).names_points;
    let constant = group_constant(group)?;
    let cause = match fault {
        _ if is_of_old && is_tls_13(attempt.cipher_suite) => {
            return plain(format!("Cannot decode named group: {}", group_name(group)?));
        }
        PointFault::Empty => {
            let what = if is_of_old { "ECPoint" } else { "Point" };
            let message = format!("Insufficient {what} data: {constant}");
            return Some(alerted("illegal_parameter", &message, attempt.rules));
        }
        PointFault::Compressed => "Only uncompressed point format supported",
        PointFault::Length => "Point does not match field size",
    };
    let cause = JavaException::new("java.io.IOException", cause);
    let message = if is_of_old {
        format!("Invalid ECPoint: {constant}")
    } else {
        "readHandshakeRecord".to_owned()
    };
    Some(JavaException::new(SSL_EXCEPTION, message).caused_by(cause))
}

const X25519: u16 = 0x001d;
const X448: u16 = 0x001e;

fn no_secret(why: &'static str) -> JavaException {
    let cause = JavaException::new("java.security.InvalidKeyException", why);
    JavaException::new(HANDSHAKE_EXCEPTION, "Could not generate secret").caused_by(cause)
}

fn is_tls_13(suite: Option<u16>) -> bool {
    suite.is_some_and(|suite| (0x1301..=0x13ff).contains(&suite))
}

fn offered(versions: &[ProtocolVersion]) -> String {
    let names: Vec<&str> =
        versions.iter().filter_map(|version| version_constant(version.code())).collect();
    names.join(", ")
}

/// Returns the name of a version as properties write it.
fn version_name(code: u16) -> Option<&'static str> {
    match code {
        0x0301 => Some("TLSv1"),
        0x0302 => Some("TLSv1.1"),
        0x0303 => Some("TLSv1.2"),
        _ => None,
    }
}

/// Returns the name of a version as the enumeration has it.
fn version_constant(code: u16) -> Option<&'static str> {
    match code {
        0x0300 => Some("SSL30"),
        0x0301 => Some("TLS10"),
        0x0302 => Some("TLS11"),
        0x0303 => Some("TLS12"),
        0x0304 => Some("TLS13"),
        _ => None,
    }
}
