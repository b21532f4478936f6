//! Who issued a certificate: told by name and signature, among certificates at hand.

use std::collections::HashMap;

use pki_types::CertificateDer;

use crate::block::Block;
use crate::certificate::Certificate;
use crate::rules::Rules;

/// Certificates that may have issued others, found by their subjects as Java compares names.
#[derive(Debug)]
pub struct Issuers<'a> {
    by_subject: HashMap<String, Vec<&'a CertificateDer<'static>>>,
    rules: &'a Rules,
}

impl<'a> Issuers<'a> {
    /// Takes in certificates; one that Java cannot read has issued nothing.
    pub fn new(
        certificates: impl IntoIterator<Item = &'a CertificateDer<'static>>,
        rules: &'a Rules,
    ) -> Self {
        let mut by_subject: HashMap<String, Vec<_>> = HashMap::new();
        for certificate in certificates {
            let subject =
                read(certificate, rules, |read| Some(read.subject.canonical().to_owned()));
            if let Some(subject) = subject {
                by_subject.entry(subject).or_default().push(certificate);
            }
        }
        Self { by_subject, rules }
    }

    /// Returns the first certificate whose subject is the issuer of `certificate` and whose key verifies its signature.
    ///
    /// Of the certificates with one name no more than 16 are tried.
    pub fn issuer_of(
        &self,
        certificate: &CertificateDer<'_>,
    ) -> Option<&'a CertificateDer<'static>> {
        let rules = self.rules;
        read(certificate, rules, |issued| {
            let candidates = self.by_subject.get(issued.issuer.canonical())?;
            let signed = |candidate: &&&CertificateDer<'static>| {
                read(candidate, rules, |by| issued.verify(&by.key, rules.profile()).ok()).is_some()
            };
            candidates.iter().take(MOST_TRIED).find(signed).copied()
        })
    }
}

/// No honest CA has more keys under one name; a dishonest one shall not keep us busy.
const MOST_TRIED: usize = 16;

/// Reads a certificate, and hands it to `ask`.
fn read<T>(
    certificate: &CertificateDer<'_>,
    rules: &Rules,
    ask: impl FnOnce(&Certificate<'_>) -> Option<T>,
) -> Option<T> {
    let block = Block::first(certificate).ok()?;
    ask(&block.certificate(rules.profile()).ok()?)
}
