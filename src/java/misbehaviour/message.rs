//! What Java throws for a handshake message that it does not take.

use handshake_probe::{MessageFault, Misbehaviour};
use java_pkix::JavaException;

use super::{is_tls_13, plain};
use crate::java::exception::{Attempt, SSL_EXCEPTION, Words, alerted};
use crate::java::names::message_name;

/// Returns what Java throws; none where that was not recorded.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is told of beside")]
pub(super) fn exception(
    misbehaviour: Misbehaviour,
    attempt: &Attempt<'_>,
) -> Option<JavaException> {
    let with = |alert: &str, message: &str| Some(alerted(alert, message, attempt.rules));
    match misbehaviour {
        Misbehaviour::OversizedMessage(length) => plain(format!(
            "The size of the handshake message ({length}) exceeds the maximum allowed size (32768)"
        )),
        Misbehaviour::UnknownMessage(kind @ COMPRESSED_CERTIFICATE)
            if Words::of(attempt.rules).knows_compressed_certificates =>
        {
            unexpected(kind, attempt)
        }
        Misbehaviour::UnknownMessage(kind) => {
            plain(format!("Unknown handshake type size, Handshake.msg_type = {kind}"))
        }
        Misbehaviour::UnexpectedMessage(kind) => unexpected(kind, attempt),
        Misbehaviour::TruncatedMessage(kind) => {
            let cause = JavaException::bare("java.nio.BufferUnderflowException");
            let message = format!("Illegal handshake message: {}", message_name(kind.into())?);
            Some(alerted("decode_error", &message, attempt.rules).caused_by(cause))
        }
        Misbehaviour::MessageEnd(_) => Some(end()),
        Misbehaviour::MalformedMessage { kind, fault } => malformed(kind, fault, attempt),
        Misbehaviour::OutOfOrder(CERTIFICATE_STATUS) => Some(no_chain(attempt)),
        Misbehaviour::OutOfOrder(kind) => {
            let message = format!("Unexpected {} handshake message", class_of(kind)?);
            with("unexpected_message", &message)
        }
        Misbehaviour::MissingCipherSpec => {
            with("unexpected_message", "Missing ChangeCipherSpec message")
        }
        Misbehaviour::Finished => with("decrypt_error", "The Finished message cannot be verified."),
        Misbehaviour::NoCertificate => {
            let is_new = is_tls_13(attempt.cipher_suite);
            let alert = if is_new { "decode_error" } else { "bad_certificate" };
            with(alert, "Empty server certificate chain")
        }
        _ => None,
    }
}

/// What the buffer says where nobody looked at the length before.
pub(super) fn end() -> JavaException {
    let message = "Insufficient space in the buffer, may be cause by an unexpected end of \
                   handshake data.";
    JavaException::new(SSL_EXCEPTION, message)
}

/// What is thrown where nobody looked whether there were certificates; since 17 the virtual machine says what was null.
fn no_chain(attempt: &Attempt<'_>) -> JavaException {
    let class = "java.lang.NullPointerException";
    if Words::of(attempt.rules).buffer_words {
        return JavaException::bare(SSL_EXCEPTION).caused_by(JavaException::bare(class));
    }
    let message =
        "Cannot invoke \"[Ljava.security.cert.X509Certificate;.clone()\" because \"certs\" is null";
    alerted("internal_error", message, attempt.rules).caused_by(JavaException::new(class, message))
}

fn unexpected(kind: u8, attempt: &Attempt<'_>) -> Option<JavaException> {
    let name = match kind {
        MESSAGE_HASH => "message_hash",
        kind => message_name(kind.into())?,
    };
    if kind == 0 {
        let cause = format!("Unsupported handshake consumer: {name}");
        let cause = JavaException::new("java.lang.UnsupportedOperationException", cause);
        let message = format!("Unsupported handshake message: {name}");
        return Some(alerted("unexpected_message", &message, attempt.rules).caused_by(cause));
    }
    let message = format!("Unexpected handshake message: {name}");
    Some(alerted("unexpected_message", &message, attempt.rules))
}

fn malformed(kind: u8, fault: MessageFault, attempt: &Attempt<'_>) -> Option<JavaException> {
    let with = |alert: &str, message: &str| Some(alerted(alert, message, attempt.rules));
    match (kind, fault) {
        (ENCRYPTED_EXTENSIONS | CERTIFICATE_REQUEST, MessageFault::Short(_)) => {
            let message =
                format!("Invalid {} handshake message: no sufficient data", class_of(kind)?);
            with("illegal_parameter", &message)
        }
        (CERTIFICATE_REQUEST, MessageFault::ShortExtensions) => with(
            "illegal_parameter",
            "Invalid CertificateRequest handshake message: no sufficient extensions data",
        ),
        (CERTIFICATE_REQUEST, MessageFault::ListLength(_)) => {
            with("illegal_parameter", "Invalid CertificateRequest message: no sufficient data")
        }
        (CERTIFICATE, MessageFault::ShortList(length)) => plain(format!(
            "Invalid Certificate message: insufficient certificate entries data (length={length})"
        )),
        (CERTIFICATE_REQUEST, MessageFault::Numbers) => with(
            "illegal_parameter",
            "Invalid CertificateRequest handshake message: incomplete signature algorithms",
        ),
        (CERTIFICATE_VERIFY, MessageFault::Short(_)) => {
            with("illegal_parameter", "Invalid CertificateVerify message: no sufficient data")
        }
        (CERTIFICATE, MessageFault::Short(length)) => {
            plain(format!("Invalid Certificate message: insufficient data (length={length})"))
        }
        (CERTIFICATE, MessageFault::ListLength(length)) if is_tls_13(attempt.cipher_suite) => {
            plain(format!("Invalid Certificate message: incorrect list length (length={length})"))
        }
        (CERTIFICATE, MessageFault::ListLength(_)) => {
            with("illegal_parameter", "Error parsing certificate message:no sufficient data")
        }
        (CERTIFICATE, MessageFault::EmptyEntry) => {
            plain("Invalid Certificate message: empty cert_data".to_owned())
        }
        (NEW_SESSION_TICKET, MessageFault::Short(_)) => {
            with("illegal_parameter", "Invalid NewSessionTicket message: insufficient data")
        }
        (SERVER_HELLO_DONE, MessageFault::NotEmpty) => {
            with("illegal_parameter", "Error parsing ServerHelloDone message: not empty")
        }
        (FINISHED, MessageFault::Length { needed, found }) => {
            let message = format!(
                "Inappropriate finished message: need {needed} but remaining {found} bytes verify_data"
            );
            with("decode_error", &message)
        }
        (CERTIFICATE_STATUS, MessageFault::Type(_)) => {
            with("handshake_failure", "Unsupported StatusResponseType: null")
        }
        (CERTIFICATE_STATUS, MessageFault::EmptyResponse) => {
            with("handshake_failure", "Zero-length OCSP Response")
        }
        _ => None,
    }
}

/// Returns the name of a message as its class has it.
fn class_of(kind: u8) -> Option<&'static str> {
    match kind {
        ENCRYPTED_EXTENSIONS => Some("EncryptedExtensions"),
        CERTIFICATE => Some("Certificate"),
        12 => Some("ServerKeyExchange"),
        CERTIFICATE_REQUEST => Some("CertificateRequest"),
        CERTIFICATE_VERIFY => Some("Certificate Verify"),
        FINISHED => Some("Finished"),
        _ => None,
    }
}

const NEW_SESSION_TICKET: u8 = 4;
const ENCRYPTED_EXTENSIONS: u8 = 8;
const CERTIFICATE: u8 = 11;
const CERTIFICATE_REQUEST: u8 = 13;
const SERVER_HELLO_DONE: u8 = 14;
const CERTIFICATE_VERIFY: u8 = 15;
const FINISHED: u8 = 20;
const CERTIFICATE_STATUS: u8 = 22;
const COMPRESSED_CERTIFICATE: u8 = 25;
const MESSAGE_HASH: u8 = 254;
