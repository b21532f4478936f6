//! What Java throws for what the wire did.
//!
//! Texts and classes were recorded from 8u504, 11.0.33, 17.0.15, 21.0.13, 25.0.5 and 26.0.2; what was not recorded has
//! no exception here, and is then reported as undetermined rather than guessed.

use std::io::{self, ErrorKind};

use handshake_probe::{Cause, Failure, Operation, ProtocolVersion, Stage, alert_name};
use java_pkix::{GroupNames, JavaException, Rules};

use super::{misbehaviour, tunnel};
use crate::settings::{CLIENT_PROTOCOLS, IncludeFault};

/// What is known of a handshake besides why it failed.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    /// The host as it was typed.
    pub(crate) host: &'a str,
    /// The versions that were offered, newest first.
    pub(crate) versions: &'a [ProtocolVersion],
    /// The cipher suite that the peer chose, if it came that far.
    pub(crate) cipher_suite: Option<u16>,
    /// The size of the peer's Diffie-Hellman prime, if it sent one.
    pub(crate) prime_bits: Option<u32>,
    /// Whose words are wanted.
    pub(crate) rules: &'a Rules,
}

/// Returns what Java throws when a handshake ends in `failure`; none if Java would wait on, or if it is not known.
pub(crate) fn of_failure(failure: &Failure, attempt: &Attempt<'_>) -> Option<JavaException> {
    let rules = attempt.rules;
    match &failure.cause {
        Cause::UnknownHost => {
            Some(JavaException::new("java.net.UnknownHostException", attempt.host))
        }
        Cause::AddressFamily => {
            let words = Words::of(rules).other_family;
            Some(JavaException::new(SOCKET_EXCEPTION, words))
        }
        Cause::Io { operation: Operation::Write, error }
            if failure.stage == Stage::Hello && Words::of(rules).wraps_system_errors =>
        {
            let cause = JavaException::new(SOCKET_EXCEPTION, read_text(error)?);
            let message = "Couldn't kickstart handshaking";
            Some(JavaException::new(SSL_EXCEPTION, message).caused_by(cause))
        }
        Cause::Io { operation, error } => of_system(*operation, error, rules),
        Cause::Closed => {
            let cause =
                JavaException::new("java.io.EOFException", "SSL peer shut down incorrectly");
            let message = "Remote host terminated the handshake";
            Some(JavaException::new(HANDSHAKE_EXCEPTION, message).caused_by(cause))
        }
        Cause::NotTls => {
            Some(JavaException::new(SSL_EXCEPTION, "Unsupported or unrecognized SSL message"))
        }
        Cause::Ssl2 => {
            Some(JavaException::new(SSL_EXCEPTION, "SSL V2.0 servers are not supported."))
        }
        Cause::AlertReceived { description, fatal } => Some(of_alert(*description, *fatal, rules)),
        Cause::Misbehaved(misbehaviour) => misbehaviour::exception(*misbehaviour, attempt),
        Cause::Tunnel(fault) => tunnel::exception(fault, attempt),
        Cause::NothingToOffer => {
            let why = "protocol is disabled or cipher suites are inappropriate";
            let message = format!("No appropriate protocol ({why})");
            Some(JavaException::new(HANDSHAKE_EXCEPTION, message))
        }
        Cause::KeyAgreementRefused => attempt.prime_bits.map(|bits| of_prime(bits, rules)),
        Cause::TimedOut
        | Cause::StartTls(_)
        | Cause::Refused
        | Cause::IdentityRefused
        | Cause::Undetermined(_) => None,
    }
}

/// Returns what `Integer.parseInt` throws for a text that is no number.
pub(crate) fn of_port_text(text: &str) -> JavaException {
    let message = format!("For input string: \"{text}\"");
    JavaException::new("java.lang.NumberFormatException", message)
}

/// Returns what `InetSocketAddress` throws for a number that is no port.
pub(crate) fn of_port_number(number: i32) -> JavaException {
    let message = format!("port out of range:{number}");
    JavaException::new("java.lang.IllegalArgumentException", message)
}

/// Returns the alert with which JSSE refuses a Diffie-Hellman prime of that size, if it does.
pub(super) fn alert_for_prime(bits: u32, rules: &Rules) -> Option<&'static str> {
    if !permits_prime(bits, rules) {
        return Some("insufficient_security");
    }
    let has_keys = (512..=8192).contains(&bits) && bits.is_multiple_of(64);
    (!has_keys).then_some("internal_error")
}

/// Whether the properties of disabled algorithms permit the size: `DH keySize < 1024` as shipped.
fn permits_prime(bits: u32, rules: &Rules) -> bool {
    let name = "DiffieHellman";
    rules.permits_group(&GroupNames { name, algorithm: name, bits: Some(bits) })
}

fn of_prime(bits: u32, rules: &Rules) -> JavaException {
    if !permits_prime(bits, rules) {
        let message = "DH ServerKeyExchange does not comply to algorithm constraints";
        return alerted("insufficient_security", message, rules);
    }
    let message = "Could not generate DH keypair";
    let size = format!(
        "DH key size must be multiple of 64, and can only range from 512 to 8192 (inclusive). \
         The specific key size {bits} is not supported"
    );
    let cause = JavaException::new("java.security.InvalidAlgorithmParameterException", size);
    let cause = JavaException::new("java.lang.RuntimeException", message).caused_by(cause);
    alerted("internal_error", message, rules).caused_by(cause)
}

/// Returns why the list of protocols is refused.
pub(crate) fn unknown_protocol(name: &str) -> JavaException {
    let message = format!("{CLIENT_PROTOCOLS}: {name} is not a supported SSL protocol name");
    JavaException::new("java.lang.IllegalArgumentException", message)
}

/// Returns what a class ends with that does not start because of a property: nobody catches it.
pub(crate) fn no_start(message: &str) -> JavaException {
    let cause = JavaException::new("java.lang.IllegalArgumentException", message);
    JavaException::bare("java.lang.ExceptionInInitializerError").caused_by(cause)
}

/// Returns what a class ends with that wants security properties where a file of them includes what it cannot: nobody catches it.
pub(crate) fn of_include(fault: &IncludeFault) -> JavaException {
    let error = |message| JavaException::new("java.lang.InternalError", message);
    match fault {
        IncludeFault::Circle(path) => error(format!("Cyclic include of '{}'", path.display())),
        IncludeFault::Unreadable { named, path, kind } => {
            let path = path.display().to_string();
            let causes = [
                (ErrorKind::NotFound, "java.nio.file.NoSuchFileException", path.as_str()),
                (ErrorKind::PermissionDenied, "java.nio.file.AccessDeniedException", &path),
                (ErrorKind::IsADirectory, "java.io.IOException", "Is a directory"),
            ];
            let outer = error(format!("Unable to include '{named}'"));
            match causes.into_iter().find(|(known, ..)| known == kind) {
                Some((_, class, message)) => outer.caused_by(JavaException::new(class, message)),
                None => outer,
            }
        }
    }
}

/// Returns what a hello ends with that has no suite to offer.
pub(crate) fn no_suite() -> JavaException {
    JavaException::new(HANDSHAKE_EXCEPTION, "No negotiable cipher suite")
}

/// Returns what a hello ends with whose key share is on a curve that is listed and no longer there.
pub(crate) fn no_key_pair(curve: &str, rules: &Rules) -> JavaException {
    let message = "Could not generate ECDH keypair";
    let cause = JavaException::new(
        "java.security.InvalidAlgorithmParameterException",
        format!("Curve not supported: {curve}"),
    );
    let cause = JavaException::new("java.lang.RuntimeException", message).caused_by(cause);
    alerted("internal_error", message, rules).caused_by(cause)
}

/// Returns an exception that goes with an alert: its class is the alert's, and since 21 the alert is named first.
pub(super) fn alerted(alert: &str, message: &str, rules: &Rules) -> JavaException {
    let message = if rules.names_alert_in_message() {
        format!("({alert}) {message}")
    } else {
        message.to_owned()
    };
    JavaException::new(class_of_alert(alert), message)
}

pub(super) const SSL_EXCEPTION: &str = "javax.net.ssl.SSLException";
pub(super) const HANDSHAKE_EXCEPTION: &str = "javax.net.ssl.SSLHandshakeException";
pub(super) const PROTOCOL_EXCEPTION: &str = "javax.net.ssl.SSLProtocolException";
pub(super) const SOCKET_EXCEPTION: &str = "java.net.SocketException";

fn class_of_alert(alert: &str) -> &'static str {
    match alert {
        "unexpected_message" => PROTOCOL_EXCEPTION,
        "bad_record_mac"
        | "decryption_failed"
        | "record_overflow"
        | "decompression_failure"
        | "internal_error"
        | "inappropriate_fallback"
        | "user_canceled" => SSL_EXCEPTION,
        _ => HANDSHAKE_EXCEPTION,
    }
}

/// The last alert that JSSE has a name for: `ech_required` (121) is unknown to it.
const LAST_KNOWN_ALERT: u8 = 120;

fn of_alert(description: u8, fatal: bool, rules: &Rules) -> JavaException {
    let name = alert_name(description).filter(|_| description <= LAST_KNOWN_ALERT);
    match name {
        Some("close_notify") => {
            alerted("unexpected_message", "Received close_notify during handshake", rules)
        }
        Some(name) if !fatal => {
            let received = Words::of(rules).received_warning;
            alerted("handshake_failure", &format!("{received} handshake warning: {name}"), rules)
        }
        Some("user_canceled") => {
            alerted("user_canceled", "Received fatal close_notify alert", rules)
        }
        Some(name) => alerted(name, &format!("Received fatal alert: {name}"), rules),
        None => {
            let signed = i8::from_be_bytes([description]);
            let message = format!("Unknown alert description ({signed})");
            alerted("unexpected_message", &message, rules)
        }
    }
}

/// An error of the operating system: class, text, and what 8 and 11 add in parentheses.
struct SystemError {
    class: &'static str,
    text: &'static str,
    addition: &'static str,
}

pub(super) fn of_system(
    operation: Operation,
    error: &io::Error,
    rules: &Rules,
) -> Option<JavaException> {
    let doubled = rules.profile().doubles_system_messages;
    let held = match operation {
        Operation::Connect => connect_error(error, doubled)?,
        Operation::Read => {
            SystemError { class: SOCKET_EXCEPTION, text: read_text(error)?, addition: "" }
        }
        Operation::Write => SystemError {
            class: SOCKET_EXCEPTION,
            text: write_text(error)?,
            addition: "Write failed",
        },
    };
    let message = match held.addition {
        "" => held.text.to_owned(),
        addition if doubled => format!("{} ({addition})", held.text),
        _ => held.text.to_owned(),
    };
    let exception = JavaException::new(held.class, message);
    match (operation, Words::of(rules).wraps_system_errors) {
        (Operation::Connect, _) | (_, false) => Some(exception),
        (Operation::Read, true) => {
            let message = held.text.to_owned();
            Some(JavaException::new(SSL_EXCEPTION, message).caused_by(exception))
        }
        (Operation::Write, true) => {
            Some(JavaException::new(SSL_EXCEPTION, "readHandshakeRecord").caused_by(exception))
        }
    }
}

fn connect_error(error: &io::Error, doubled: bool) -> Option<SystemError> {
    let connect = "java.net.ConnectException";
    let bind = if doubled { SOCKET_EXCEPTION } else { "java.net.BindException" };
    let argument = if doubled {
        "Invalid argument or cannot assign requested address"
    } else {
        "Invalid argument"
    };
    [
        (ErrorKind::ConnectionRefused, connect, "Connection refused", "Connection refused"),
        (ErrorKind::TimedOut, connect, "Connection timed out", "Connection timed out"),
        (ErrorKind::HostUnreachable, NO_ROUTE, "No route to host", "Host unreachable"),
        (
            ErrorKind::NetworkUnreachable,
            SOCKET_EXCEPTION,
            "Network is unreachable",
            "connect failed",
        ),
        (ErrorKind::PermissionDenied, bind, "Permission denied", "connect failed"),
        (ErrorKind::InvalidInput, SOCKET_EXCEPTION, argument, ""),
    ]
    .into_iter()
    .find(|(kind, ..)| *kind == error.kind())
    .map(|(_, class, text, addition)| SystemError { class, text, addition })
}

const NO_ROUTE: &str = "java.net.NoRouteToHostException";

fn read_text(error: &io::Error) -> Option<&'static str> {
    text_of(error, &[(ErrorKind::ConnectionReset, "Connection reset"), BROKEN_PIPE])
}

fn write_text(error: &io::Error) -> Option<&'static str> {
    text_of(error, &[(ErrorKind::ConnectionReset, "Connection reset by peer"), BROKEN_PIPE])
}

const BROKEN_PIPE: (ErrorKind, &str) = (ErrorKind::BrokenPipe, "Broken pipe");

fn text_of(error: &io::Error, texts: &[(ErrorKind, &'static str)]) -> Option<&'static str> {
    texts.iter().find(|(kind, _)| *kind == error.kind()).map(|(_, text)| *text)
}

/// What differs between releases and is of no use to a verdict about certificates.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// A literal IPv6 address where only IPv4 may be used.
    other_family: &'static str,
    /// How a warning in the handshake is told of: 17.0.15 begins in lower case.
    received_warning: &'static str,
    /// Whether an I/O error in the handshake comes wrapped into an `SSLException`: 8 only.
    wraps_system_errors: bool,
    /// How an unknown version is written: `TLS-3.5` in 8, `(D)TLS-3.5` since 11.
    pub(super) version_family: &'static str,
    /// Whether a duplicate extension is refused: 21.0.13 and 25.0.5.
    pub(super) refuses_duplicate_extensions: bool,
    /// Whether lists and extensions are read as in 8 and 11, whose buffer often speaks first.
    pub(super) buffer_words: bool,
    /// Whether an unknown group in `HelloRetryRequest` is a protocol exception: 8 and 11.
    pub(super) retry_group_is_unexpected: bool,
    /// Whether `HelloRetryRequest` may ask for the group whose share it has: 8 and 11.
    pub(super) takes_any_retry: bool,
    /// Whether a key that is not on its curve is told of by the provider: 8 and 11.
    pub(super) provider_checks_points: bool,
    /// Whether `x25519` and `x448` are unknown: 8.
    pub(super) lacks_montgomery_curves: bool,
    /// What a failed authenticated decryption says.
    pub(super) tag_mismatch: &'static str,
    /// Whether an empty handshake record is refused: 21 and later.
    pub(super) refuses_empty_records: bool,
    /// Whether an encrypted record may hold nothing but its type: 26.
    pub(super) takes_empty_content: bool,
    /// Whether a server's messages of TLS 1.3 may come in any order: 17.0.15.
    pub(super) takes_any_order: bool,
    /// Whether a session ticket may come that was not promised, where tickets are asked for: 17.0.15, 21.0.13, 25.0.5.
    pub(super) takes_any_ticket: bool,
    /// Whether a server may sign in TLS 1.3 with the schemes of TLS 1.2: until 17.0.15.
    pub(super) takes_old_schemes: bool,
    /// Whether a server may ask for a client certificate with schemes that nobody knows: 8.
    pub(super) asks_for_no_common_scheme: bool,
    /// Whether the hybrid groups of ML-KEM have names: 25.0.5.
    pub(super) knows_hybrid_groups: bool,
    /// Whether a point on a curve is told of in the words of 8.
    pub(super) names_points: bool,
    /// Whether an alert that is not encrypted where all else is has words of its own: 25 and later.
    pub(super) names_plain_alerts: bool,
    /// Whether compressed certificates are known and not awaited: 25 and later.
    pub(super) knows_compressed_certificates: bool,
}

impl Words {
    pub(super) fn of(rules: &Rules) -> Self {
        let feature = rules.recorded_as().feature;
        Self {
            other_family: if feature < 21 {
                "Protocol family unavailable"
            } else {
                "IPv6 protocol family unavailable"
            },
            received_warning: if feature == 17 { "received" } else { "Received" },
            wraps_system_errors: feature == 8,
            version_family: if feature == 8 { "TLS" } else { "(D)TLS" },
            refuses_duplicate_extensions: matches!(feature, 21 | 25),
            buffer_words: feature <= 11,
            retry_group_is_unexpected: feature <= 11,
            takes_any_retry: feature <= 11,
            provider_checks_points: feature <= 11,
            lacks_montgomery_curves: feature == 8,
            tag_mismatch: if feature < 21 { "Tag mismatch!" } else { "Tag mismatch" },
            refuses_empty_records: feature >= 21,
            takes_empty_content: feature >= 26,
            takes_any_order: feature == 17,
            takes_any_ticket: matches!(feature, 17 | 21 | 25),
            takes_old_schemes: feature <= 17,
            asks_for_no_common_scheme: feature == 8,
            knows_hybrid_groups: feature == 25,
            names_points: feature == 8,
            names_plain_alerts: feature >= 25,
            knows_compressed_certificates: feature >= 25,
        }
    }
}

#[cfg(test)]
mod tests {
    use handshake_probe::Stage;

    use super::*;

    fn told(release: &str, cause: Cause) -> String {
        let rules = Rules::built_in(release.parse().unwrap());
        let versions = [ProtocolVersion::Tls13, ProtocolVersion::Tls12];
        let attempt = Attempt {
            host: "h.example",
            versions: &versions,
            cipher_suite: None,
            prime_bits: None,
            rules: &rules,
        };
        let exception = of_failure(&Failure { stage: Stage::Hello, cause }, &attempt).unwrap();
        let lines: Vec<String> = exception.chain().map(ToString::to_string).collect();
        lines.join(" <- ").replace("javax.net.ssl.", "").replace("java.net.", "")
    }

    #[test]
    fn an_alert_decides_class_and_since_21_the_first_word() {
        for (release, description, fatal, expected) in [
            ("17.0.15", 40, true, "SSLHandshakeException: Received fatal alert: handshake_failure"),
            (
                "21",
                40,
                true,
                "SSLHandshakeException: (handshake_failure) Received fatal alert: handshake_failure",
            ),
            ("26", 80, true, "SSLException: (internal_error) Received fatal alert: internal_error"),
            ("11", 10, true, "SSLProtocolException: Received fatal alert: unexpected_message"),
            (
                "25",
                0,
                false,
                "SSLProtocolException: (unexpected_message) Received close_notify during handshake",
            ),
            ("8", 90, true, "SSLException: Received fatal close_notify alert"),
            (
                "17.0.15",
                112,
                false,
                "SSLHandshakeException: received handshake warning: unrecognized_name",
            ),
            (
                "11",
                112,
                false,
                "SSLHandshakeException: Received handshake warning: unrecognized_name",
            ),
            ("8", 121, true, "SSLProtocolException: Unknown alert description (121)"),
            ("8", 200, true, "SSLProtocolException: Unknown alert description (-56)"),
        ] {
            assert_eq!(told(release, Cause::AlertReceived { description, fatal }), expected);
        }
    }

    #[test]
    fn errors_of_the_system_are_doubled_on_8_and_11() {
        let io = |operation, kind: ErrorKind| Cause::Io { operation, error: kind.into() };
        for (release, operation, kind, expected) in [
            (
                "8",
                Operation::Connect,
                ErrorKind::ConnectionRefused,
                "ConnectException: Connection refused (Connection refused)",
            ),
            (
                "17",
                Operation::Connect,
                ErrorKind::ConnectionRefused,
                "ConnectException: Connection refused",
            ),
            (
                "11",
                Operation::Connect,
                ErrorKind::HostUnreachable,
                "NoRouteToHostException: No route to host (Host unreachable)",
            ),
            (
                "26",
                Operation::Connect,
                ErrorKind::NetworkUnreachable,
                "SocketException: Network is unreachable",
            ),
            (
                "8",
                Operation::Connect,
                ErrorKind::PermissionDenied,
                "SocketException: Permission denied (connect failed)",
            ),
            (
                "17",
                Operation::Connect,
                ErrorKind::PermissionDenied,
                "BindException: Permission denied",
            ),
            (
                "8",
                Operation::Read,
                ErrorKind::ConnectionReset,
                "SSLException: Connection reset <- SocketException: Connection reset",
            ),
            (
                "11",
                Operation::Read,
                ErrorKind::ConnectionReset,
                "SocketException: Connection reset",
            ),
            (
                "11",
                Operation::Write,
                ErrorKind::BrokenPipe,
                "SocketException: Broken pipe (Write failed)",
            ),
            ("17", Operation::Write, ErrorKind::BrokenPipe, "SocketException: Broken pipe"),
        ] {
            assert_eq!(told(release, io(operation, kind)), expected);
        }
    }

    #[test]
    fn what_is_no_tls_is_told_of_without_an_alert() {
        for release in ["8", "17", "26"] {
            assert_eq!(
                told(release, Cause::NotTls),
                "SSLException: Unsupported or unrecognized SSL message"
            );
            assert_eq!(
                told(release, Cause::Closed),
                "SSLHandshakeException: Remote host terminated the handshake <- java.io.EOFException: SSL peer shut down incorrectly"
            );
        }
    }
}
