//! What Java throws for a record that it does not take.

use handshake_probe::{BlockFault, Misbehaviour, alert_name};
use java_pkix::JavaException;

use super::plain;
use crate::java::exception::{Attempt, PROTOCOL_EXCEPTION, Words, alerted};

/// Returns what Java throws; none where that was not recorded.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is told of beside")]
pub(super) fn exception(
    misbehaviour: Misbehaviour,
    attempt: &Attempt<'_>,
) -> Option<JavaException> {
    let with = |alert: &str, message: &str| Some(alerted(alert, message, attempt.rules));
    match misbehaviour {
        Misbehaviour::OversizedRecord(length) => {
            plain(format!("Bad input record size, TLSCiphertext.length = {length}"))
        }
        Misbehaviour::EmptyRecord(_) => {
            plain("Handshake fragments must not be zero length.".to_owned())
        }
        Misbehaviour::UnexpectedRecord(CHANGE_CIPHER_SPEC) => {
            with("unexpected_message", "Unexpected content: 20")
        }
        Misbehaviour::UnexpectedRecord(APPLICATION_DATA) => {
            with("unexpected_message", "Receiving application data before handshake complete")
        }
        Misbehaviour::InterruptedMessage(kind) => interrupted_message(kind),
        Misbehaviour::ShortAlert => {
            with("illegal_parameter", "Invalid Alert message: no sufficient data")
        }
        Misbehaviour::MalformedCipherSpec => {
            with("unexpected_message", "Malformed or unexpected ChangeCipherSpec message")
        }
        Misbehaviour::ShortRecord { length, nonce } => {
            let least = match nonce {
                0 => "more than tag size (16)".to_owned(),
                nonce => format!("more than or equal to IV size ({nonce}) + tag size (16)"),
            };
            let message = format!(
                "Insufficient buffer remaining for AEAD cipher fragment ({length}). Needs to be {least}"
            );
            Some(bad_padding("handshake_failure", &message, attempt))
        }
        Misbehaviour::PlainAlert { level, description } => plain_alert(level, description, attempt),
        Misbehaviour::NoContentType => {
            let message = "Incorrect inner plaintext: no content type";
            Some(bad_padding("handshake_failure", message, attempt))
        }
        Misbehaviour::UnknownContentType(kind) => {
            with("unexpected_message", &format!("Unknown content type: {kind}"))
        }
        Misbehaviour::Decryption => Some(decryption(attempt)),
        Misbehaviour::Block(fault) => block(fault, attempt),
        _ => None,
    }
}

fn plain_alert(level: u8, description: u8, attempt: &Attempt<'_>) -> Option<JavaException> {
    if !Words::of(attempt.rules).names_plain_alerts {
        return exception(Misbehaviour::ShortRecord { length: 2, nonce: 0 }, attempt);
    }
    let level = match level {
        1 => "warning".to_owned(),
        2 => "fatal".to_owned(),
        other => format!("UNKNOWN ALERT LEVEL ({other})"),
    };
    let alert = alert_name(description)
        .map_or_else(|| format!("UNKNOWN ALERT ({description})"), str::to_owned);
    let cause = format!("Unexpected plaintext alert received: Level: {level}; Alert: {alert}");
    let cause = JavaException::new("java.security.GeneralSecurityException", cause);
    Some(JavaException::new(PROTOCOL_EXCEPTION, "Unexpected exception").caused_by(cause))
}

fn bad_padding(alert: &str, message: &str, attempt: &Attempt<'_>) -> JavaException {
    let cause = JavaException::new("javax.crypto.BadPaddingException", message.to_owned());
    alerted(alert, message, attempt.rules).caused_by(cause)
}

fn decryption(attempt: &Attempt<'_>) -> JavaException {
    let is_chacha = matches!(attempt.cipher_suite, Some(0x1303 | 0xcca8..=0xccaa));
    let words = if is_chacha { "Tag mismatch" } else { Words::of(attempt.rules).tag_mismatch };
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
    Some(bad_padding("handshake_failure", &message, attempt))
}

/// The record layer throws without an alert.
fn interrupted_message(content_type: u8) -> Option<JavaException> {
    let name = match content_type {
        CHANGE_CIPHER_SPEC => "change_cipher_spec",
        ALERT => "alert",
        APPLICATION_DATA => "application_data",
        _ => return None,
    };
    plain(format!("Expecting a handshake fragment, but received {name}"))
}

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const APPLICATION_DATA: u8 = 23;
