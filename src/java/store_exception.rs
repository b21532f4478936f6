//! What Java throws when it cannot read a store: its default `SSLContext` is then never made.

use std::io;

use java_keystore::{Format, KeyError};
use java_pkix::{DerWords, JavaException, Rules};

use super::anchors::{Kind, StoreFailure, StoreTrouble};
use super::exception::SOCKET_EXCEPTION;

const NO_SUCH_ALGORITHM: &str = "java.security.NoSuchAlgorithmException";
const KEY_MANAGEMENT: &str = "java.security.KeyManagementException";
const IO_EXCEPTION: &str = "java.io.IOException";
const UNRECOVERABLE_KEY: &str = "java.security.UnrecoverableKeyException";

/// Returns what SSLPoke ends with when its default context cannot be made because of `cause`.
pub(crate) fn no_default_context(cause: JavaException) -> JavaException {
    let message = "Error constructing implementation (algorithm: Default, provider: SunJSSE, \
                   class: sun.security.ssl.SSLContextImpl$DefaultSSLContext)";
    let outer = format!("{NO_SUCH_ALGORITHM}: {message}");
    let inner = JavaException::new(NO_SUCH_ALGORITHM, message).caused_by(cause);
    JavaException::new(SOCKET_EXCEPTION, outer).caused_by(inner)
}

/// Returns what SSLPoke ends with when no security provider is left.
pub(crate) fn no_provider() -> JavaException {
    let message = "Default SSLContext not available";
    let outer = format!("{NO_SUCH_ALGORITHM}: {message}");
    JavaException::new(SOCKET_EXCEPTION, outer)
        .caused_by(JavaException::new(NO_SUCH_ALGORITHM, message))
}

/// Returns what Java throws for a trust store that it cannot read: since 17 without the reason.
pub(crate) fn of_trust_store(failure: &StoreFailure, rules: &Rules) -> JavaException {
    let message = "problem accessing trust store";
    if rules.profile().hides_trust_store_fault {
        return no_default_context(JavaException::new(KEY_MANAGEMENT, message));
    }
    let cause = reason(failure, rules);
    let held = JavaException::new("java.security.KeyStoreException", message).caused_by(cause);
    no_default_context(held)
}

/// Returns what Java throws for a key store that it cannot read: since 17 only the reason's message is left.
pub(crate) fn of_key_store(failure: &StoreFailure, rules: &Rules) -> JavaException {
    let cause = match &failure.trouble {
        StoreTrouble::PasswordMissing => missing_password(failure.format, rules),
        StoreTrouble::Key { error, .. } => sealed_key(error, failure.format),
        StoreTrouble::KeyAlgorithm { name, .. } => unknown_algorithm(name),
        StoreTrouble::Io(_) => privileged(reason(failure, rules), rules),
        StoreTrouble::UnknownType
        | StoreTrouble::UnknownProvider(_)
        | StoreTrouble::OtherFormat
        | StoreTrouble::WrongPassword
        | StoreTrouble::MacMismatch
        | StoreTrouble::TooNew
        | StoreTrouble::Damaged(_)
        | StoreTrouble::Certificate { .. } => reason(failure, rules),
    };
    if !rules.profile().hides_trust_store_fault {
        return no_default_context(cause);
    }
    let message = cause.message.filter(|_| cause.class != PRIVILEGED_ACTION);
    no_default_context(message.map_or_else(
        || JavaException::bare(KEY_MANAGEMENT),
        |message| JavaException::new(KEY_MANAGEMENT, message),
    ))
}

const PRIVILEGED_ACTION: &str = "java.security.PrivilegedActionException";

/// What a key that cannot be unsealed is told of with: JKS in its own words, the others in those of the cipher.
fn sealed_key(error: &KeyError, format: Option<Format>) -> JavaException {
    let padding = "Given final block not properly padded. Such issues can arise if a bad key is \
                   used during decryption.";
    let message = match (error, format) {
        (KeyError::WrongPassword, Some(Format::Jceks)) => padding.to_owned(),
        (KeyError::WrongPassword, Some(Format::Pkcs12)) => format!("Get Key failed: {padding}"),
        (_, Some(Format::Pkcs12)) => format!("Get Key failed: {error}"),
        (_, Some(Format::Jks | Format::Jceks) | None) => "Cannot recover key".to_owned(),
    };
    let cause = JavaException::new("javax.crypto.BadPaddingException", padding);
    let exception = JavaException::new(UNRECOVERABLE_KEY, message);
    let has_cause = format == Some(Format::Pkcs12) && *error == KeyError::WrongPassword;
    if has_cause { exception.caused_by(cause) } else { exception }
}

/// What is said of a key where there is no password: PKCS12 stumbles over it.
fn missing_password(format: Option<Format>, rules: &Rules) -> JavaException {
    if format != Some(Format::Pkcs12) {
        return JavaException::new(UNRECOVERABLE_KEY, "Password must not be null");
    }
    // Since 15 the virtual machine says what was null.
    let helpful = "Cannot read the array length because \"password\" is null";
    let what = if rules.recorded_as().feature < 15 { "null" } else { helpful };
    JavaException::new(UNRECOVERABLE_KEY, format!("Get Key failed: {what}"))
        .caused_by(JavaException::bare("java.lang.NullPointerException"))
}

/// What 8 and 11 say of keys on Edwards curves.
fn unknown_algorithm(name: &str) -> JavaException {
    let message = format!("{name} KeyFactory not available");
    JavaException::new(UNRECOVERABLE_KEY, format!("Get Key failed: {message}"))
        .caused_by(JavaException::new(NO_SUCH_ALGORITHM, message))
}

/// Up to 21 the key store is opened in a privileged action, which wraps what goes wrong.
fn privileged(cause: JavaException, rules: &Rules) -> JavaException {
    if rules.recorded_as().feature > 21 {
        return cause;
    }
    JavaException::new(PRIVILEGED_ACTION, cause.to_string()).caused_by(cause)
}

fn reason(failure: &StoreFailure, rules: &Rules) -> JavaException {
    match &failure.trouble {
        StoreTrouble::UnknownType => {
            let name = &failure.kind_name;
            let cause = format!("{name} KeyStore not available");
            JavaException::new("java.security.KeyStoreException", format!("{name} not found"))
                .caused_by(JavaException::new(NO_SUCH_ALGORITHM, cause))
        }
        StoreTrouble::UnknownProvider(name) => {
            let message = format!("no such provider: {name}");
            JavaException::new("java.security.NoSuchProviderException", message)
        }
        StoreTrouble::Io(error) => {
            let path = failure.path.as_deref().unwrap_or_else(|| "".as_ref());
            let message = format!("{} ({})", path.display(), system_words(error));
            JavaException::new("java.io.FileNotFoundException", message)
        }
        StoreTrouble::WrongPassword => wrong_password(failure.format),
        StoreTrouble::MacMismatch => mac_mismatch(),
        // Where the first of two readers fails, it is heard; the second one's words are lost.
        StoreTrouble::TooNew if failure.kind.is_some_and(|kind| kind.is(failure.format)) => {
            pbmac1_unknown()
        }
        StoreTrouble::Certificate { fault, .. }
            if failure.kind.is_some_and(|kind| kind.is(failure.format)) =>
        {
            fault.clone()
        }
        StoreTrouble::Certificate { .. }
        | StoreTrouble::Key { .. }
        | StoreTrouble::KeyAlgorithm { .. }
        | StoreTrouble::PasswordMissing
        | StoreTrouble::OtherFormat
        | StoreTrouble::TooNew
        | StoreTrouble::Damaged(_) => complaint(failure, rules),
    }
}

fn system_words(error: &io::Error) -> &'static str {
    if error.kind() == io::ErrorKind::PermissionDenied {
        "Permission denied"
    } else if error.kind() == io::ErrorKind::IsADirectory {
        "Is a directory"
    } else {
        "No such file or directory"
    }
}

fn wrong_password(format: Option<Format>) -> JavaException {
    let (message, cause) = match format {
        Some(Format::Pkcs12) => (
            "keystore password was incorrect",
            "failed to decrypt safe contents entry: javax.crypto.BadPaddingException: Given final \
             block not properly padded. Such issues can arise if a bad key is used during \
             decryption.",
        ),
        Some(Format::Jks | Format::Jceks) | None => (
            "Keystore was tampered with, or password was incorrect",
            "Password verification failed",
        ),
    };
    JavaException::new(IO_EXCEPTION, message)
        .caused_by(JavaException::new(UNRECOVERABLE_KEY, cause))
}

/// Seen on 8 and 11 with a changed byte and the right password, and with a plain store and a wrong one.
fn mac_mismatch() -> JavaException {
    let cause = "Failed PKCS12 integrity checking";
    let message = format!("Integrity check failed: {UNRECOVERABLE_KEY}: {cause}");
    JavaException::new(IO_EXCEPTION, message)
        .caused_by(JavaException::new(UNRECOVERABLE_KEY, cause))
}

/// Seen on 11; later releases keep it to themselves, and 8 asks the reader of JKS first.
fn pbmac1_unknown() -> JavaException {
    let cause = "Algorithm HmacPBE1.2.840.113549.1.5.14 not available";
    let message = format!("Integrity check failed: {NO_SUCH_ALGORITHM}: {cause}");
    JavaException::new(IO_EXCEPTION, message)
        .caused_by(JavaException::new(NO_SUCH_ALGORITHM, cause))
}

/// What the reader of the type that Java was told says of bytes that it cannot make sense of.
fn complaint(failure: &StoreFailure, rules: &Rules) -> JavaException {
    let end = || JavaException::bare("java.io.EOFException");
    let words = match failure.kind {
        Some(Kind::Pkcs12) => der_complaint(failure, rules.profile().der_words),
        Some(Kind::Jks | Kind::Jceks) | None => jks_complaint(failure),
    };
    words.map_or_else(end, |words| JavaException::new(IO_EXCEPTION, words))
}

/// None is an end of the file.
fn jks_complaint(failure: &StoreFailure) -> Option<String> {
    let known = match failure.first_bytes.as_slice() {
        [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 1 | 2, ..] => true,
        [0xce, 0xce, 0xce, 0xce, 0, 0, 0, 1 | 2, ..] => failure.kind == Some(Kind::Jceks),
        _ => failure.length < 8,
    };
    (!known).then(|| "Invalid keystore format".to_owned())
}

/// None is an end of the file.
fn der_complaint(failure: &StoreFailure, words: DerWords) -> Option<String> {
    let current = words == DerWords::Current;
    let short = || Some("Short read of DER length".to_owned());
    let (tag, length_byte) = match failure.first_bytes.as_slice() {
        [] | [0xff, ..] if current => {
            return Some("Tag number over 30 is not supported".to_owned());
        }
        [] | [_] | [_, 0xff, ..] => return short(),
        [tag, length, ..] => (*tag, *length),
    };
    let octets = usize::from(length_byte & 0x7f);
    let (length, header) = match length_byte {
        0..0x80 => (octets, 2),
        0x80.. if octets > 4 => {
            return Some(format!("DerInputStream.getLength(): lengthTag={octets}, too big."));
        }
        0x80.. => {
            let bytes = failure.first_bytes.iter().skip(2).take(octets);
            (bytes.fold(0, |length, byte| length << 8 | usize::from(*byte)), 2 + octets)
        }
    };
    if failure.length.saturating_sub(header) < length {
        return None;
    }
    if !matches!(tag, 0x30 | 0x31) {
        let signed = i8::from_be_bytes([tag]);
        return Some(format!("toDerInputStream rejects tag type {signed}"));
    }
    let version = failure.first_bytes.iter().skip(header).copied().collect::<Vec<u8>>();
    match version.as_slice() {
        [2, 1, 3, ..] => Some("Integrity check failed: java.security.UnrecoverableKeyException: Failed PKCS12 integrity checking".to_owned()),
        [2, ..] => Some("PKCS12 keystore not in version 3 format".to_owned()),
        [other, ..] if current => {
            Some(format!("DerValue.getBigIntegerInternal, not expected {other}"))
        }
        _ => Some("DER input, Integer tag error".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: Kind, release: &str, bytes: &[u8]) -> String {
        let failure = StoreFailure {
            path: None,
            trouble: StoreTrouble::OtherFormat,
            first_bytes: bytes.iter().copied().take(16).collect(),
            length: bytes.len(),
            format: Format::of(bytes),
            lookalike: None,
            shape: None,
            kind: Some(kind),
            kind_name: String::new(),
        };
        complaint(&failure, &Rules::built_in(release.parse().unwrap())).to_string()
    }

    /// Every row was given to `KeyStore.load` of 8 or 11 and of 17, 21, 25 and 26.
    #[expect(clippy::too_many_lines, reason = "a table")]
    #[test]
    fn bytes_that_are_no_store_are_told_of_by_the_reader_that_was_asked() {
        let der = |text: &[u8]| [&[0x30, 0x82, 0, 8][..], text, &[0; 8]].concat();
        for (kind, release, bytes, expected) in [
            (Kind::Jks, "8", &b""[..], "java.io.EOFException"),
            (Kind::Jks, "8", b"x", "java.io.EOFException"),
            (
                Kind::Jks,
                "8",
                b"-----BEGIN CERTIFICATE",
                "java.io.IOException: Invalid keystore format",
            ),
            (
                Kind::Jks,
                "8",
                b"\xfe\xed\xfe\xed\0\0\0\x03aa",
                "java.io.IOException: Invalid keystore format",
            ),
            (Kind::Jks, "8", b"\xfe\xed\xfe\xed\0\0\0\x02aa", "java.io.EOFException"),
            (
                Kind::Pkcs12,
                "8",
                b"\xfe\xed\xfe\xed\0\0\0\x02aa",
                "java.io.IOException: DerInputStream.getLength(): lengthTag=109, too big.",
            ),
            (
                Kind::Pkcs12,
                "11",
                b"-----BEGIN CERTIFICATE-----MIIDazCCAlOgAwIBAgIUX9",
                "java.io.IOException: toDerInputStream rejects tag type 45",
            ),
            (Kind::Pkcs12, "11", b"", "java.io.IOException: Short read of DER length"),
            (Kind::Pkcs12, "17", b"", "java.io.IOException: Tag number over 30 is not supported"),
            (Kind::Pkcs12, "17", b"x", "java.io.IOException: Short read of DER length"),
            (Kind::Pkcs12, "11", b"hello world", "java.io.EOFException"),
            (Kind::Pkcs12, "11", &[0xff; 300], "java.io.IOException: Short read of DER length"),
            (
                Kind::Pkcs12,
                "25",
                &[0xff; 300],
                "java.io.IOException: Tag number over 30 is not supported",
            ),
            (
                Kind::Pkcs12,
                "26",
                &[0; 300],
                "java.io.IOException: toDerInputStream rejects tag type 0",
            ),
            (
                Kind::Pkcs12,
                "11",
                &der(&[0x30, 1]),
                "java.io.IOException: DER input, Integer tag error",
            ),
            (
                Kind::Pkcs12,
                "21",
                &der(&[0x30, 1]),
                "java.io.IOException: DerValue.getBigIntegerInternal, not expected 48",
            ),
        ] {
            assert_eq!(told(kind, release, bytes), expected, "{kind:?} {release} {bytes:?}");
        }
    }
}
