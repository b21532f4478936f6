//! Rules about entries: those that Java does not see or find, that are there twice, that are no certificates.

use std::collections::BTreeMap;

use java_keystore::{Entry, EntryKind, KeyStore};

use super::codes::{
    ALIAS_DISPLACED, ALIAS_NOT_FOUND, CERTIFICATE_TWICE, CERTIFICATE_UNSEEN, NO_ANCHORS,
    PRIVATE_KEY_INSIDE, SAME_SUBJECT_OTHER_KEY,
};
use super::{Held, StoreEvidence};
use crate::certificates::{Shown, fingerprint, printable};
use crate::diagnosis::Finding;

pub(super) fn findings(evidence: &StoreEvidence<'_>, held: &[Held<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(no_anchors(evidence.store));
    findings.extend(held.iter().filter_map(|held| not_found(evidence, held)));
    findings.extend(evidence.store.displaced().iter().map(|entry| displaced(evidence, entry)));
    findings.extend(unseen(evidence));
    findings.extend(private_keys(evidence.store));
    findings.extend(twice(evidence, held));
    findings.extend(same_subject(evidence, held));
    findings
}

fn no_anchors(store: &KeyStore) -> Option<Finding> {
    let has_none = !store.has_closed_part() && !store.entries().iter().any(|entry| entry.trusted);
    has_none.then(|| {
        NO_ANCHORS
            .finding(format!(
                "none of the {} entries is a certificate that Java trusts",
                store.entries().len()
            ))
            .because("every handshake fails: the trustAnchors parameter must be non-empty")
            .repaired_by("add a root, or begin with the cacerts of a Java installation")
    })
}

/// JKS and JCEKS: Java keeps the alias of the file, but looks it up in lower case.
fn not_found(evidence: &StoreEvidence<'_>, held: &Held<'_>) -> Option<Finding> {
    (!held.entry.trusted).then(|| {
        let what = format!("{} is listed, but not trusted", held.subject());
        ALIAS_NOT_FOUND
            .finding(what)
            .about(&held.alias(), &held.sha256)
            .because("its alias has upper-case letters, and Java looks for it in lower case")
            .repaired_by(format!(
                "add the certificate again: sslpoke trust add FILE --to {}",
                evidence.name()
            ))
    })
}

/// Java puts an entry in the place of an earlier one with its alias, whatever the letter case where the format knows none.
fn displaced(evidence: &StoreEvidence<'_>, entry: &Entry) -> Finding {
    let certificate = match &entry.kind {
        EntryKind::TrustedCertificate(certificate) => Some(certificate),
        EntryKind::PrivateKey(chain) => chain.first(),
        EntryKind::SecretKey => None,
    };
    let subject = certificate.and_then(|held| Shown::of(held)).map(|shown| shown.subject());
    let subject = subject.unwrap_or_else(|| "an entry".to_owned());
    ALIAS_DISPLACED
        .finding(format!("{subject} is in the file, but a later entry has its alias"))
        .about(&printable(&entry.alias), &certificate.map(|held| fingerprint(held)).unwrap_or_default())
        .because("Java has only the last of them, and the next write with keytool drops the others")
        .repaired_by(format!(
            "if it is to be trusted, add it under another name: sslpoke trust add FILE --to {} --alias NAME",
            evidence.name()
        ))
}

fn unseen(evidence: &StoreEvidence<'_>) -> impl Iterator<Item = Finding> {
    evidence.store.unseen().iter().map(|unseen| {
        let subject = Shown::of(&unseen.certificate).map(|shown| shown.subject());
        let subject = subject.unwrap_or_else(|| "a certificate".to_owned());
        CERTIFICATE_UNSEEN
            .finding(format!("{subject} is in the file, but Java does not see it"))
            .about(&printable(unseen.alias.as_deref().unwrap_or_default()), &fingerprint(&unseen.certificate))
            .because("it lacks the attribute trustedKeyUsage, as openssl and others leave it; the next write with keytool deletes it")
            .repaired_by(format!("add it again: sslpoke trust add FILE --to {}", evidence.name()))
    })
}

fn private_keys(store: &KeyStore) -> impl Iterator<Item = Finding> {
    store.entries().iter().filter_map(|entry| {
        let EntryKind::PrivateKey(chain) = &entry.kind else { return None };
        let first = chain.first();
        let subject = first.and_then(Shown::of).map(|shown| shown.subject());
        let subject = subject.unwrap_or_else(|| "no certificate".to_owned());
        let finding = PRIVATE_KEY_INSIDE
            .finding(format!("there is a private key in the truststore, for {subject}"))
            .about(&printable(&entry.alias), &first.map(fingerprint).unwrap_or_default());
        let finding = if entry.trusted {
            finding.because("as Java trusts by this store, it trusts the first certificate of the key's chain, too; not the others")
        } else {
            finding
        };
        Some(finding.repaired_by("keep keys in a store of their own (-Djavax.net.ssl.keyStore)"))
    })
}

fn twice(evidence: &StoreEvidence<'_>, held: &[Held<'_>]) -> Vec<Finding> {
    let mut by_sha256: BTreeMap<&str, Vec<&Held<'_>>> = BTreeMap::new();
    for one in held.iter().filter(|one| one.entry.trusted) {
        by_sha256.entry(&one.sha256).or_default().push(one);
    }
    let several = by_sha256.into_values().filter_map(|same| match same.as_slice() {
        [first, _, ..] => {
            let aliases: Vec<String> = same.iter().map(|one| one.alias()).collect();
            let what = format!(
                "{} is there {} times: {}",
                first.subject(),
                same.len(),
                aliases.join(", ")
            );
            Some(
                CERTIFICATE_TWICE
                    .finding(what)
                    .about(&first.alias(), &first.sha256)
                    .because(
                        "it does no harm, but whoever removes one of them has not ended the trust",
                    )
                    .repaired_by(
                        same.iter()
                            .skip(1)
                            .map(|one| evidence.remove(&one.entry.alias))
                            .collect::<Vec<_>>()
                            .join("\n"),
                    ),
            )
        }
        _ => None,
    });
    several.collect()
}

/// A renewed root beside the old one: Java tries both, but the order is of the table.
fn same_subject(evidence: &StoreEvidence<'_>, held: &[Held<'_>]) -> Vec<Finding> {
    let mut by_subject: BTreeMap<&[u8], Vec<(&Held<'_>, &[u8])>> = BTreeMap::new();
    for one in held.iter().filter(|one| one.entry.trusted && !one.is_public) {
        if let Some(fitness) = &one.fitness {
            by_subject.entry(&fitness.subject).or_default().push((one, &fitness.public_key));
        }
    }
    let mut findings = Vec::new();
    for same in by_subject.into_values() {
        let [(first, key), others @ ..] = same.as_slice() else { continue };
        if others.iter().all(|(_, other)| other == key) {
            continue;
        }
        let aliases: Vec<String> = same.iter().map(|(one, _)| one.alias()).collect();
        let what =
            format!("{} is there with different keys: {}", first.subject(), aliases.join(", "));
        findings.push(
            SAME_SUBJECT_OTHER_KEY
                .finding(what)
                .about(&first.alias(), &first.sha256)
                .because("the root was made anew under its name; Java takes either, as the server's chain needs it, but says `Path does not chain` or `signature check failed` of a chain of a third one")
                .repaired_by(format!("when no server uses the old one any more: sslpoke trust remove {} SHA256", evidence.name())),
        );
    }
    findings
}
