//! Rules about how Java opens the store: type, password, what it then sees.

use java_keystore::{Format, NewerJava};

use super::codes::{
    CERTIFICATE_UNREADABLE, PASSWORD_MISSING, PASSWORD_NEEDED, PASSWORD_NOT_ASCII, PASSWORD_OTHER,
    PASSWORD_USUAL, STORE_NOT_OPENED, STORE_TOO_NEW, STORE_VERSION_1, TYPE_MISMATCH,
};
use super::{Held, Secret, StoreEvidence};
use crate::diagnosis::Finding;
use crate::diagnosis::store::of_failure;
use crate::java::{StoreFailure, StoreTrouble};
use crate::settings::{Source, TRUST_STORE_PASSWORD, TRUST_STORE_TYPE};

pub(super) fn findings(evidence: &StoreEvidence<'_>, held: &[Held<'_>]) -> Vec<Finding> {
    let closed = closed(evidence);
    let of_release = of_release(evidence);
    let failure = match (evidence.opened, &of_release) {
        (Err(failure), None) => failed(evidence, failure, held),
        _ => None,
    };
    [failure, of_release, closed, secret(evidence), version(evidence)]
        .into_iter()
        .flatten()
        .collect()
}

fn failed(
    evidence: &StoreEvidence<'_>,
    failure: &StoreFailure,
    held: &[Held<'_>],
) -> Option<Finding> {
    match &failure.trouble {
        StoreTrouble::Certificate { .. } if held.iter().any(|one| one.fault.is_some()) => None,
        StoreTrouble::Certificate { alias, fault } => Some(
            CERTIFICATE_UNREADABLE
                .finding(format!("Java cannot read a certificate of the entry {alias:?}"))
                .because(format!("it then does not read the store at all: {fault}"))
                .repaired_by(evidence.remove(alias)),
        ),
        StoreTrouble::OtherFormat => Some(type_mismatch(evidence, failure)),
        StoreTrouble::UnknownType
        | StoreTrouble::UnknownProvider(_)
        | StoreTrouble::Io(_)
        | StoreTrouble::WrongPassword
        | StoreTrouble::MacMismatch
        | StoreTrouble::PasswordMissing
        | StoreTrouble::Key { .. }
        | StoreTrouble::KeyAlgorithm { .. }
        | StoreTrouble::TooNew
        | StoreTrouble::Damaged(_) => {
            let finding = of_failure(failure);
            let says = STORE_NOT_OPENED.finding(finding.what);
            Some(Finding { why: finding.why, remedy: finding.remedy, ..says })
        }
    }
}

fn type_mismatch(evidence: &StoreEvidence<'_>, failure: &StoreFailure) -> Finding {
    let is = failure.format.map_or("?", Format::name);
    let (release, told) = (evidence.rules.release(), &failure.kind_name);
    let what = if evidence.told.kind.source == Source::BuiltIn {
        format!(
            "the store is {is}, and Java {release} takes it for {told} where it is told no type"
        )
    } else {
        format!("the store is {is}, and Java {release} is told {told}")
    };
    let remedy = format!(
        "-D{TRUST_STORE_TYPE}={is}, or a store that needs no type: sslpoke trust convert {} OUT --to-type jks",
        evidence.name()
    );
    TYPE_MISMATCH
        .finding(what)
        .because("it then opens no store at all, and makes no TLS connection")
        .repaired_by(remedy)
}

/// What only some releases read.
fn of_release(evidence: &StoreEvidence<'_>) -> Option<Finding> {
    let (profile, release) = (evidence.rules.profile(), evidence.rules.release());
    if evidence.store.format() != Format::Pkcs12 {
        return None;
    }
    let too_new = match evidence.store.needs_newer_java() {
        Some(NewerJava::Pbmac1) if !profile.reads_pbmac1 => Some((
            "its MAC is PBMAC1",
            "Java: Integrity check failed: … Algorithm HmacPBE1.2.840.113549.1.5.14 not available",
        )),
        Some(NewerJava::Pbes2) if !release.reads_pbes2_stores() => Some((
            "its encryption is PBES2, or its MAC of SHA-2",
            "the first updates that know them are 8u301 and 11.0.12",
        )),
        Some(NewerJava::Pbmac1 | NewerJava::Pbes2) | None => None,
    };
    if let Some((what, why)) = too_new {
        return Some(
            STORE_TOO_NEW
                .finding(format!("Java {release} does not read the store: {what}"))
                .because(why)
                .repaired_by(convert(evidence)),
        );
    }
    let is_refused = matches!(evidence.secret, Secret::Named { is_ascii: false });
    (is_refused && !profile.takes_unicode_passwords).then(|| {
        PASSWORD_NOT_ASCII
            .finding(format!(
                "the store's password is not ASCII, which Java {release} refuses for PKCS12"
            ))
            .because("Java: keystore password was incorrect")
            .repaired_by(convert(evidence))
    })
}

/// The commonest trap of all: an encrypted PKCS12 store and a JVM that knows no password.
fn closed(evidence: &StoreEvidence<'_>) -> Option<Finding> {
    if !evidence.is_encrypted {
        return None;
    }
    let count = if evidence.store.has_closed_part() {
        "its certificates".to_owned()
    } else {
        match evidence.store.entries().len() {
            1 => "its only entry".to_owned(),
            count => format!("its {count} entries"),
        }
    };
    let remedy =
        format!("{}, or tell each JVM: -D{TRUST_STORE_PASSWORD}=PASSWORD", convert(evidence));
    match evidence.told.password.as_ref().map(|password| &password.source) {
        Some(Source::CommandLine | Source::Variable(_) | Source::Property(_)) => None,
        Some(_) => Some(
            PASSWORD_NEEDED
                .finding(format!("the store is encrypted: Java sees {count} only with -D{TRUST_STORE_PASSWORD}"))
                .because("without it Java trusts nobody, and says only that trustAnchors is empty")
                .repaired_by(remedy),
        ),
        None => Some(
            PASSWORD_MISSING
                .finding(format!("the store is encrypted, and no password was given: Java does not see {count}"))
                .because("it does not say so when it opens the store; each handshake fails: the trustAnchors parameter must be non-empty")
                .repaired_by(remedy),
        ),
    }
}

fn convert(evidence: &StoreEvidence<'_>) -> String {
    format!(
        "make it a store that needs no password: sslpoke trust convert {} OUT --to-type jks",
        evidence.name()
    )
}

fn secret(evidence: &StoreEvidence<'_>) -> Option<Finding> {
    match evidence.secret {
        Secret::None => None,
        Secret::Usual => Some(PASSWORD_USUAL.finding("the store's password is the usual one, changeit")),
        Secret::Named { .. } => Some(PASSWORD_OTHER.finding("the store's password is not the usual one, changeit")),
        Secret::Unknown => Some(
            PASSWORD_OTHER
                .finding("the store's password is not the usual one, changeit")
                .because("it was not given, so whether the file was changed since it was written is unknown")
                .repaired_by("--storepass-file, --storepass-env or --storepass-stdin"),
        ),
    }
}

fn version(evidence: &StoreEvidence<'_>) -> Option<Finding> {
    (evidence.version == Some(1)).then(|| STORE_VERSION_1.finding("the store is JKS of version 1"))
}
