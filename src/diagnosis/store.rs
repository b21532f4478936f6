//! Findings about the trust store: which file Java really reads, and why it can't.

use java_keystore::{Lookalike, ReadError};

use super::{Evidence, Finding, Severity, looks};
use crate::java::{StoreFailure, StoreTrouble};
use crate::settings::{Source, StoreFile, TRUST_STORE, TRUST_STORE_PASSWORD, TRUST_STORE_TYPE};

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let fallback = fallback(evidence);
    let shadow = shadow(evidence);
    let failure = evidence.failed_store.map(of_failure);
    let empty = empty(evidence);
    [fallback, failure, empty, shadow].into_iter().flatten().collect()
}

/// The store that is used, as it is told of.
pub(super) fn store_name(evidence: &Evidence<'_>) -> String {
    match &evidence.trust_store.store.value {
        StoreFile::File(path) => path.display().to_string(),
        StoreFile::Empty => "NONE".to_owned(),
        StoreFile::Absent => "no trust store".to_owned(),
        StoreFile::Mozilla => "Mozilla's roots, built in".to_owned(),
    }
}

/// The store that a new root has to go into: the one that Java was told to use, if that was meant.
pub(super) fn store_to_change(evidence: &Evidence<'_>) -> Option<String> {
    match &evidence.trust_store.store.value {
        StoreFile::File(path) => {
            let choice = evidence.trust_store;
            let is_ours = choice.store.source == Source::Option("--truststore");
            let found = choice.found_at.as_ref().filter(|_| !is_ours).unwrap_or(path);
            Some(found.display().to_string())
        }
        StoreFile::Empty | StoreFile::Absent | StoreFile::Mozilla => None,
    }
}

/// Quotes a word for a shell where that is needed.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn fallback(evidence: &Evidence<'_>) -> Option<Finding> {
    let passed = evidence.trust_store.passed_over.as_ref()?;
    let path = &passed.path;
    let used = store_name(evidence);
    let what = format!(
        "the trust store {path:?} of -D{TRUST_STORE} (from {}) is not used: {}",
        passed.source, passed.why
    );
    let meant = looks::meant(evidence).map(|why| format!("\n{why}")).unwrap_or_default();
    let remedy = looks::correction(evidence).unwrap_or_else(|| {
        if path.trim() == path {
            format!("correct -D{TRUST_STORE}, or leave it out")
        } else {
            format!("there is a blank too many: -D{TRUST_STORE}={}", quoted(path.trim()))
        }
    });
    let severity = match evidence.verdict {
        Some(java_pkix::Verdict::Trusted(_)) => Severity::Warning,
        Some(java_pkix::Verdict::Rejected(_)) | None => Severity::Error,
    };
    Some(
        Finding::new("truststore-fallback", severity, what)
            .because(format!("Java does not say so: it silently uses {used} instead{meant}"))
            .repaired_by(remedy),
    )
}

fn shadow(evidence: &Evidence<'_>) -> Option<Finding> {
    let hidden = evidence.trust_store.shadowed.as_ref()?;
    let used = store_name(evidence);
    Some(
        Finding::new("jssecacerts-hides-cacerts", Severity::Warning, format!("Java reads {used}"))
            .because(format!(
                "while that file is there, {} beside it is not read at all; the two are not merged",
                hidden.display()
            ))
            .repaired_by("import into jssecacerts, or move it away"),
    )
}

/// A store without anchors makes Java throw whatever the server sends.
fn empty(evidence: &Evidence<'_>) -> Option<Finding> {
    let opened = evidence.opened.filter(|opened| opened.anchors.is_empty())?;
    let used = store_name(evidence);
    let finding = match (&evidence.trust_store.store.value, opened.closed) {
        (StoreFile::File(_), Some(closed)) => {
            let (holds, how) = (closed.contents(), &opened.protection);
            let what = format!("{used} holds {holds}, a password is needed, and none was given");
            Finding::new("pkcs12-without-password", Severity::Error, what)
                .because(format!("the store is PKCS12 ({how}): without the password Java sees none of them, and says only that trustAnchors is empty"))
                .repaired_by(format!("-D{TRUST_STORE_PASSWORD}=PASSWORD, or a store that needs none: sslpoke trust convert {used} OUT --to-type jks"))
        }
        (StoreFile::File(_), None) => {
            let what = format!("{used} holds no certificate that Java trusts");
            Finding::new("truststore-empty", Severity::Error, what)
                .because(format!("it has {} entries, and none of them is trusted", opened.entries))
                .repaired_by(add_to(evidence))
        }
        (StoreFile::Empty, _) => {
            let what = format!("-D{TRUST_STORE}=NONE leaves Java without a trusted certificate");
            Finding::new("truststore-none", Severity::Error, what)
        }
        (StoreFile::Absent | StoreFile::Mozilla, _) => {
            let what = "the Java installation has no lib/security/cacerts".to_owned();
            Finding::new("cacerts-missing", Severity::Error, what).because(
                "without it, and without a trust store that can be read, Java trusts nobody",
            )
        }
    };
    Some(finding)
}

/// The command that adds a root to the store in use.
pub(super) fn add_to(evidence: &Evidence<'_>) -> String {
    match store_to_change(evidence) {
        Some(store) => format!("sslpoke trust add ROOT.pem --to {}", quoted(&store)),
        None => format!(
            "copy a cacerts, add the root to it (sslpoke trust add ROOT.pem --to STORE), and name it: -D{TRUST_STORE}=STORE"
        ),
    }
}

/// Says what is wrong with a store that Java cannot read.
pub(crate) fn of_failure(failure: &StoreFailure) -> Finding {
    let store = match &failure.path {
        Some(path) => path.display().to_string(),
        None => "the store".to_owned(),
    };
    match &failure.trouble {
        StoreTrouble::UnknownType => {
            let what = format!("Java knows no store type {:?}", failure.kind_name);
            Finding::new("store-type-unknown", Severity::Error, what)
                .repaired_by(format!("leave -D{TRUST_STORE_TYPE} out, or set it to JKS or PKCS12"))
        }
        StoreTrouble::UnknownProvider(name) => Finding::new(
            "store-provider-unknown",
            Severity::Error,
            format!("Java knows no security provider {name:?}"),
        ),
        StoreTrouble::Io(error) => {
            Finding::new("store-unreadable", Severity::Error, format!("{store}: {error}"))
        }
        StoreTrouble::WrongPassword | StoreTrouble::MacMismatch => wrong_password(failure, &store),
        StoreTrouble::PasswordMissing => Finding::new(
            "key-store-without-password",
            Severity::Error,
            format!("{store} holds private keys, and no password was given"),
        )
        .repaired_by("-Djavax.net.ssl.keyStorePassword=PASSWORD"),
        StoreTrouble::Key { alias, error } => {
            let what =
                format!("{store}: the private key of the entry {alias:?} cannot be had: {error}");
            Finding::new("key-sealed", Severity::Error, what)
                .because("Java unseals every private key of the key store with the password of the store, and makes no TLS connection if it cannot")
                .repaired_by(format!("keytool -keypasswd -keystore {} -alias {}, with the password of the store as the new one; in PKCS12 there is one password for all", quoted(&store), quoted(alias)))
        }
        StoreTrouble::KeyAlgorithm { alias, name } => {
            let what =
                format!("{store}: this Java knows no {name} keys, and the entry {alias:?} has one");
            Finding::new("key-unknown", Severity::Error, what)
                .because("it then reads none of the keys, and makes no TLS connection")
                .repaired_by("a key store without that entry, with an RSA or EC key, say")
        }
        StoreTrouble::OtherFormat => other_format(failure, &store),
        StoreTrouble::Certificate { alias, fault } => {
            let what = format!("{store}: Java cannot read the certificate of the entry {alias:?}");
            Finding::new("store-certificate-unreadable", Severity::Error, what)
                .because(format!("it then does not read the store at all: {fault}"))
                .repaired_by(format!("sslpoke trust remove {} {}", quoted(&store), quoted(alias)))
        }
        StoreTrouble::TooNew => {
            let what = format!("{store}: this Java does not know the MAC of the store, PBMAC1");
            Finding::new("store-too-new", Severity::Error, what)
                .because("it then makes no TLS context at all; 25.0.5 and 26 read such a store")
                .repaired_by(format!(
                    "sslpoke trust convert {} OUT --to-type pkcs12-passwordless",
                    quoted(&store)
                ))
        }
        StoreTrouble::Damaged(error) => damaged(&store, error),
    }
}

fn wrong_password(failure: &StoreFailure, store: &str) -> Finding {
    let is_mac = matches!(failure.trouble, StoreTrouble::MacMismatch);
    let what = match &failure.shape {
        Some(shape) if shape.is_encrypted && is_mac => {
            let what = format!(
                "{store} was changed after it was written: the password opens it, but the integrity check fails"
            );
            return Finding::new("store-damaged", Severity::Error, what)
                .because("Java then makes no TLS context at all; since 17 it does not say why")
                .repaired_by("restore it from a backup");
        }
        Some(shape) => {
            format!("the password does not match (integrity check failed); {store} is {shape}")
        }
        None => format!("the password does not match, and {store} is damaged, too"),
    };
    Finding::new("store-password-wrong", Severity::Error, what)
        .because("Java then makes no TLS context at all; since 17 it does not say why")
        .repaired_by(format!("-D{TRUST_STORE_PASSWORD}=PASSWORD (keytool's usual one is changeit)"))
}

fn other_format(failure: &StoreFailure, store: &str) -> Finding {
    let error = |code, what| Finding::new(code, Severity::Error, what);
    let add = format!("sslpoke trust add {} --to STORE --create", quoted(store));
    match (failure.lookalike, failure.format) {
        (Some(Lookalike::Empty), _) => error("store-empty-file", format!("{store} has no content"))
            .because("a disk that was full, or a write that was cut off, leaves such a file")
            .repaired_by("restore it from a backup"),
        (Some(Lookalike::Pem), _) => error(
            "store-is-pem",
            format!("{store} is a PEM file; Java reads no PEM as trust store"),
        )
        .repaired_by(add),
        (Some(Lookalike::Html), _) => error(
            "store-is-html",
            format!("{store} is a page of HTML: a login page, or the answer of a proxy"),
        )
        .repaired_by("fetch the store again, and look at what comes"),
        (Some(Lookalike::BouncyCastle), _) => error(
            "store-is-bouncy-castle",
            format!("{store} is a store of Bouncy Castle, which no JRE reads by itself"),
        )
        .repaired_by(
            "export its certificates with the program that made it, and make a store of them: sslpoke trust add FILE --to STORE --create",
        ),
        (Some(Lookalike::Certificate | Lookalike::Pkcs7), _) => error(
            "store-is-certificate",
            format!("{store} holds certificates as they are, and is no store"),
        )
        .repaired_by(add),
        (
            Some(
                lookalike @ (Lookalike::Utf16
                | Lookalike::PrivateKey
                | Lookalike::Zip
                | Lookalike::Gzip
                | Lookalike::JavaClass),
            ),
            _,
        ) => error(
            "store-format-unknown",
            format!("{store} is {}, no JKS, JCEKS or PKCS12 store", lookalike.name()),
        ),
        (None, Some(format)) => {
            let (is, told) = (format.name(), &failure.kind_name);
            error(
                "store-type-mismatch",
                format!("{store} is a {is} store, and Java was told {told}"),
            )
            .repaired_by(format!("-D{TRUST_STORE_TYPE}={is}"))
        }
        (None, None) => {
            error("store-format-unknown", format!("{store} is no JKS, JCEKS or PKCS12 store"))
        }
    }
}

fn damaged(store: &str, error: &ReadError) -> Finding {
    Finding::new("store-damaged", Severity::Error, format!("{store} is damaged {error}"))
        .repaired_by("restore it from a backup")
}
