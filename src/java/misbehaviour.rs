//! What Java throws when the peer breaks the protocol.

use handshake_probe::{BlockFault, Misbehaviour, ProtocolVersion};
use java_pkix::JavaException;

use super::exception::{
    Attempt, HANDSHAKE_EXCEPTION, PROTOCOL_EXCEPTION, SSL_EXCEPTION, Words, alerted,
};
use super::names::{extension_name, group_constant, group_name, message_name, suite_name};

/// Returns what Java throws for `misbehaviour`; none where that was not recorded.
pub(super) fn exception(
    misbehaviour: Misbehaviour,
    attempt: &Attempt<'_>,
) -> Option<JavaException> {
    let rules = attempt.rules;
    let with = |alert: &str, message: &str| Some(alerted(alert, message, rules));
    match misbehaviour {
        Misbehaviour::OversizedRecord(length) => {
            plain(format!("Bad input record size, TLSCiphertext.length = {length}"))
        }
        Misbehaviour::EmptyRecord(_) => {
            plain("Handshake fragments must not be zero length.".to_owned())
        }
        Misbehaviour::OversizedMessage(length) => plain(format!(
            "The size of the handshake message ({length}) exceeds the maximum allowed size (32768)"
        )),
        Misbehaviour::UnknownMessage(kind) => {
            plain(format!("Unknown handshake type size, Handshake.msg_type = {kind}"))
        }
        Misbehaviour::ShortAlert => {
            with("illegal_parameter", "Invalid Alert message: no sufficient data")
        }
        Misbehaviour::Decryption => Some(decryption(attempt)),
        Misbehaviour::Block(fault) => block(fault, attempt),
        Misbehaviour::UnexpectedMessage(kind) => unexpected_message(kind, attempt),
        Misbehaviour::TruncatedMessage(kind) => truncated_message(kind, attempt),
        Misbehaviour::ExtensionsLength => Some(extensions_length(attempt)),
        Misbehaviour::ExtensionLength(code) => Some(extension_length(code, attempt)),
        Misbehaviour::MisplacedExtension(code) => Some(misplaced_extension(code, attempt)),
        Misbehaviour::UnsolicitedExtension(code) => unsolicited_extension(code, attempt),
        Misbehaviour::InterruptedMessage(kind) => interrupted_message(kind),
        Misbehaviour::DuplicateExtension(code) => {
            with("illegal_parameter", &format!("Duplicate extension with ID: {code}"))
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
        // 8 says hello again, which is not imitated.
        Misbehaviour::RetryGroupShared(_) if Words::of(rules).takes_any_retry => None,
        Misbehaviour::RetryGroupShared(code) => {
            let group = group_name(code)?;
            with("illegal_parameter", &format!("Illegal HelloRetryRequest selected group: {group}"))
        }
        Misbehaviour::RetryGroupNotOffered(code) => Some(retry_group(code, attempt)),
        Misbehaviour::KeyShareMissing => with("internal_error", "Not negotiated key shares"),
        Misbehaviour::KeyShareGroup(code) => key_share_group(code, attempt),
        Misbehaviour::KeyExchangeGroup(code) => Some(key_exchange_group(code, attempt)),
        Misbehaviour::SignatureScheme(code) => signature_scheme(code, attempt),
        Misbehaviour::Signature => signature(attempt),
        Misbehaviour::InvalidKeyShare(group) => Some(invalid_key_share(group, attempt)),
        Misbehaviour::UnexpectedRecord(_)
        | Misbehaviour::MalformedMessage(_)
        | Misbehaviour::Finished
        | Misbehaviour::NoCertificate => None,
    }
}

/// The record layer throws without an alert.
fn plain(message: String) -> Option<JavaException> {
    Some(JavaException::new(PROTOCOL_EXCEPTION, message))
}

fn decryption(attempt: &Attempt<'_>) -> JavaException {
    let words = Words::of(attempt.rules).tag_mismatch;
    let cause = JavaException::new("javax.crypto.AEADBadTagException", words);
    alerted("bad_record_mac", words, attempt.rules).caused_by(cause)
}

/// What Java throws for a wrong length depends on that length and is not recorded.
fn block(fault: BlockFault, attempt: &Attempt<'_>) -> Option<JavaException> {
    let message = match fault {
        BlockFault::Length => return None,
        BlockFault::PaddingLength(length) => format!("Invalid Padding length: {length}"),
        BlockFault::Padding => "Invalid TLS padding data".to_owned(),
        BlockFault::Mac => "bad record MAC".to_owned(),
    };
    let cause = JavaException::new("javax.crypto.BadPaddingException", message.clone());
    Some(alerted("handshake_failure", &message, attempt.rules).caused_by(cause))
}

fn unexpected_message(kind: u8, attempt: &Attempt<'_>) -> Option<JavaException> {
    let name = message_name(kind.into())?;
    if kind == 0 {
        let cause = format!("Unsupported handshake consumer: {name}");
        let cause = JavaException::new("java.lang.UnsupportedOperationException", cause);
        let message = format!("Unsupported handshake message: {name}");
        return Some(alerted("unexpected_message", &message, attempt.rules).caused_by(cause));
    }
    let message = format!("Unexpected handshake message: {name}");
    Some(alerted("unexpected_message", &message, attempt.rules))
}

fn truncated_message(kind: u8, attempt: &Attempt<'_>) -> Option<JavaException> {
    let cause = JavaException::bare("java.nio.BufferUnderflowException");
    let message = format!("Illegal handshake message: {}", message_name(kind.into())?);
    Some(alerted("decode_error", &message, attempt.rules).caused_by(cause))
}

fn extensions_length(attempt: &Attempt<'_>) -> JavaException {
    if !Words::of(attempt.rules).buffer_words {
        return alerted("decode_error", "Insufficient extensions data", attempt.rules);
    }
    let message = "Insufficient space in the buffer, may be cause by an unexpected end of \
                   handshake data.";
    JavaException::new(SSL_EXCEPTION, message)
}

fn extension_length(code: u16, attempt: &Attempt<'_>) -> JavaException {
    let message = format!("Error parsing extension ({code}): no sufficient data");
    alerted("decode_error", &message, attempt.rules)
}

fn misplaced_extension(code: u16, attempt: &Attempt<'_>) -> JavaException {
    let message = format!("extension ({code}) should not be presented in server_hello");
    alerted("unsupported_extension", &message, attempt.rules)
}

fn unsolicited_extension(code: u16, attempt: &Attempt<'_>) -> Option<JavaException> {
    let message = match code {
        0 => "Unexpected ServerHello server_name extension".to_owned(),
        1 => "Unexpected max_fragment_length extension in ServerHello".to_owned(),
        code => format!("Unexpected {} extension", extension_name(code)?),
    };
    Some(alerted("unexpected_message", &message, attempt.rules))
}

/// The record layer throws without an alert.
fn interrupted_message(content_type: u8) -> Option<JavaException> {
    let name = match content_type {
        20 => "change_cipher_spec",
        21 => "alert",
        23 => "application_data",
        _ => return None,
    };
    plain(format!("Expecting a handshake fragment, but received {name}"))
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
    let suite = suite_name(code)?;
    let message = match fault {
        "improper" => format!("Server selected improper ciphersuite {suite}"),
        _ => format!("Illegal cipher suite ({suite}) and protocol version (TLS13)"),
    };
    Some(alerted("illegal_parameter", &message, attempt.rules))
}

fn retry_group(code: u16, attempt: &Attempt<'_>) -> JavaException {
    let group =
        group_name(code).map_or_else(|| format!("UNDEFINED-NAMED-GROUP({code})"), str::to_owned);
    let message = format!("Unsupported HelloRetryRequest selected group: {group}");
    let unexpected = Words::of(attempt.rules).retry_group_is_unexpected;
    let alert = if unexpected { "unexpected_message" } else { "illegal_parameter" };
    alerted(alert, &message, attempt.rules)
}

/// Recorded for x25519 and x448 only.
fn key_share_group(code: u16, attempt: &Attempt<'_>) -> Option<JavaException> {
    let family = match code {
        X25519 | X448 if Words::of(attempt.rules).lacks_montgomery_curves => {
            return plain(format!("Unsupported named group: {}", group_name(code)?));
        }
        X25519 | X448 => "XDHE",
        0x0017..=0x0019 => "ECDHE",
        0x0100..=0x0104 => "DHE",
        _ => return None,
    };
    let message = format!("No sufficient {family} key agreement parameters negotiated");
    Some(alerted("handshake_failure", &message, attempt.rules))
}

fn key_exchange_group(code: u16, attempt: &Attempt<'_>) -> JavaException {
    let message = match group_constant(code) {
        Some(name) => format!("Unsupported named group: {name}"),
        None => format!("Unknown named group ID: {code}"),
    };
    alerted("illegal_parameter", &message, attempt.rules)
}

fn signature_scheme(code: u16, attempt: &Attempt<'_>) -> Option<JavaException> {
    let message = format!(
        "Unsupported signature algorithm ({}) used in ECDH ServerKeyExchange handshake message",
        scheme_name(code)?
    );
    Some(alerted("handshake_failure", &message, attempt.rules))
}

/// Recorded for `ServerKeyExchange` only, which TLS 1.3 has not.
fn signature(attempt: &Attempt<'_>) -> Option<JavaException> {
    let message = "Invalid ECDH ServerKeyExchange signature";
    (!is_tls_13(attempt.cipher_suite)).then(|| alerted("handshake_failure", message, attempt.rules))
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

const X25519: u16 = 0x001d;
const X448: u16 = 0x001e;

fn no_secret(why: &'static str) -> JavaException {
    let cause = JavaException::new("java.security.InvalidKeyException", why);
    JavaException::new(HANDSHAKE_EXCEPTION, "Could not generate secret").caused_by(cause)
}

fn is_tls_13(suite: Option<u16>) -> bool {
    suite.is_some_and(|suite| (0x1301..=0x13ff).contains(&suite))
}

fn scheme_name(code: u16) -> Option<&'static str> {
    match code {
        0x0201 => Some("rsa_pkcs1_sha1"),
        0x0202 => Some("dsa_sha1"),
        0x0203 => Some("ecdsa_sha1"),
        0x0101 => Some("rsa_md5"),
        _ => None,
    }
}

fn offered(versions: &[ProtocolVersion]) -> String {
    let names: Vec<&str> =
        versions.iter().filter_map(|version| version_constant(version.code())).collect();
    names.join(", ")
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
