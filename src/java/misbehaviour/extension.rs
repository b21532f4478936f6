//! What Java throws for extensions that it does not take.

use handshake_probe::{ExtensionFault, Misbehaviour};
use java_pkix::JavaException;

use super::{message, plain};
use crate::java::exception::{Attempt, Words, alerted};
use crate::java::names::extension_name;

/// Returns what Java throws; none where that was not recorded.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is told of beside")]
pub(super) fn exception(
    misbehaviour: Misbehaviour,
    attempt: &Attempt<'_>,
) -> Option<JavaException> {
    let with = |alert: &str, message: &str| Some(alerted(alert, message, attempt.rules));
    match misbehaviour {
        Misbehaviour::NoExtensions if Words::of(attempt.rules).buffer_words => Some(message::end()),
        Misbehaviour::NoExtensions => with("decode_error", "Incorrect extensions: no length field"),
        Misbehaviour::ExtensionsLength if Words::of(attempt.rules).buffer_words => {
            Some(message::end())
        }
        Misbehaviour::ExtensionsLength => with("decode_error", "Insufficient extensions data"),
        Misbehaviour::ExtensionLength(code) => {
            with("decode_error", &format!("Error parsing extension ({code}): no sufficient data"))
        }
        Misbehaviour::MisplacedExtension(code) => {
            let message = format!("extension ({code}) should not be presented in server_hello");
            with("unsupported_extension", &message)
        }
        Misbehaviour::DuplicateExtension(code) => {
            with("illegal_parameter", &format!("Duplicate extension with ID: {code}"))
        }
        Misbehaviour::UnsolicitedExtension { kind, code } => {
            let message = match (kind, code) {
                (ENCRYPTED_EXTENSIONS, 0) => {
                    "Unexpected EncryptedExtensions server_name extension".to_owned()
                }
                (_, 0) => "Unexpected ServerHello server_name extension".to_owned(),
                (_, 1) => "Unexpected max_fragment_length extension in ServerHello".to_owned(),
                (_, 5) => "Unexpected status_request extension in ServerHello".to_owned(),
                (_, 17) => "Unexpected status_request_v2 extension in ServerHello".to_owned(),
                (_, 41) => "Server sent unexpected pre_shared_key extension".to_owned(),
                (_, code) => format!("Unexpected {} extension", extension_name(code)?),
            };
            with("unexpected_message", &message)
        }
        Misbehaviour::Extension { kind, code, length, fault } => {
            malformed(kind, code, length, fault, attempt)
        }
        _ => None,
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn malformed(
    kind: u8,
    code: u16,
    length: usize,
    fault: ExtensionFault,
    attempt: &Attempt<'_>,
) -> Option<JavaException> {
    let message = match (kind, code, fault) {
        (SERVER_HELLO, 43, _) => "Invalid supported_versions: insufficient data".to_owned(),
        (SERVER_HELLO, 51, ExtensionFault::Short) => {
            format!("Invalid key_share extension: insufficient data (length={length})")
        }
        (SERVER_HELLO, 51, ExtensionFault::Long) => {
            "Invalid key_share extension: unknown extra data".to_owned()
        }
        (SERVER_HELLO, 51, ExtensionFault::OtherLength) => {
            format!("Invalid key_share extension: improper data (length={length})")
        }
        (SERVER_HELLO, 44, _) => "Invalid cookie extension: insufficient data".to_owned(),
        (SERVER_HELLO, 5, _) => {
            let message = "Invalid status_request extension in ServerHello message: the \
                                 extension data must be empty";
            return Some(alerted("unexpected_message", message, attempt.rules));
        }
        (SERVER_HELLO, 17, _) => {
            let message = "Invalid status_request_v2 extension in ServerHello: the extension data \
                           must be empty";
            return Some(alerted("unexpected_message", message, attempt.rules));
        }
        (SERVER_HELLO, 11, ExtensionFault::Short) => {
            "Invalid ec_point_formats extension: insufficient data".to_owned()
        }
        (SERVER_HELLO, 11, _) => {
            let message = "Invalid ec_point_formats extension data: peer does not support \
                                  uncompressed points";
            return Some(alerted("unexpected_message", message, attempt.rules));
        }
        (SERVER_HELLO, 23, _) => {
            "Invalid extended_master_secret extension data: not empty".to_owned()
        }
        (SERVER_HELLO, RENEGOTIATION_INFO, ExtensionFault::Short) => {
            "Invalid renegotiation_info extension data: insufficient data".to_owned()
        }
        (SERVER_HELLO, RENEGOTIATION_INFO, _) => {
            let message =
                "Invalid renegotiation_info in ServerHello: not empty renegotiated_connection";
            return Some(alerted("handshake_failure", message, attempt.rules));
        }
        (_, 10, ExtensionFault::Short) => {
            "Invalid supported_groups extension: insufficient data".to_owned()
        }
        (_, 10, ExtensionFault::Long) => {
            "Invalid supported_groups extension: unknown extra data".to_owned()
        }
        (_, 10, _) => "Invalid supported_groups extension: incomplete data".to_owned(),
        (CERTIFICATE_REQUEST, 13, ExtensionFault::Absent) => {
            let message = "No mandatory signature_algorithms extension in the received \
                           CertificateRequest handshake message";
            return Some(alerted("missing_extension", message, attempt.rules));
        }
        (_, 13 | 50, ExtensionFault::Short) => {
            "Invalid signature_algorithms: insufficient data".to_owned()
        }
        (_, 13 | 50, ExtensionFault::Long) => {
            "Invalid signature_algorithms: unknown extra data".to_owned()
        }
        (_, 13 | 50, _) => "Invalid signature_algorithms: incomplete data".to_owned(),
        (_, 47, ExtensionFault::Beyond) if !Words::of(attempt.rules).buffer_words => {
            let message = "Invalid certificate_authorities extension: insufficient data";
            return Some(alerted("decode_error", message, attempt.rules));
        }
        (_, 47, ExtensionFault::Short | ExtensionFault::Beyond) => {
            "Invalid certificate_authorities extension: insufficient data".to_owned()
        }
        (_, 5, ExtensionFault::Short) => {
            "Invalid status_request extension: insufficient data".to_owned()
        }
        (_, 5, ExtensionFault::EmptyResponse) => {
            "Invalid OCSP status response: insufficient data".to_owned()
        }
        _ => return None,
    };
    plain(message)
}

const SERVER_HELLO: u8 = 2;
const ENCRYPTED_EXTENSIONS: u8 = 8;
const CERTIFICATE_REQUEST: u8 = 13;
const RENEGOTIATION_INFO: u16 = 0xff01;
