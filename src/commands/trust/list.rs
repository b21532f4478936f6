//! `trust list`: what Java sees in a store, and what it does not.

use std::path::Path;

use java_keystore::{Entry, EntryKind, KeyStore, Unseen};

use super::listed;
use super::opening::{TrustError, load_bytes, password, read};
use crate::certificates::{fingerprint, time};
use crate::cli::TrustListArgs;
use crate::java::Closed;
use crate::report::{EntryListed, Report, SCHEMA, StoreListed, TrustList};
use crate::settings::Surroundings;

/// Java looks entries of JKS and JCEKS up in lower case, but keeps the alias of the file.
const NOT_FOUND: &str =
    "Java looks for it under its name in lower case, and there is none in the file";

const UNSEEN: &str = "it lacks the attribute trustedKeyUsage: Java does not see it, and the next \
                      write with keytool deletes it";

pub(super) fn run(args: &TrustListArgs, surroundings: &Surroundings) -> Result<Report, TrustError> {
    let path = surroundings.absolute(Path::new(&args.store));
    let password = password(&args.access, surroundings)?;
    let bytes = load_bytes(&path)?;
    let store = read(&bytes, password.as_ref())
        .map_err(|error| TrustError::Store { path: path.clone(), error })?;
    let closed = Closed::of(&store, &bytes);
    // the report of a large store is as large as the file
    drop(bytes);
    Ok(Report::TrustList(list(&path, store, closed)))
}

fn list(path: &Path, store: KeyStore, closed: Option<Closed>) -> TrustList {
    let notes = closed.map(|closed| {
        format!(
            "the store holds {}, a password is needed: without it Java sees none of them; \
             --storepass-file, --storepass-env or --storepass-stdin opens it",
            closed.contents()
        )
    });
    let stored = stored(path, &store);
    let (entries, hidden) = store.into_listing();
    TrustList {
        schema: SCHEMA,
        verb: "trust-list",
        store: stored,
        // an entry goes when its row is made
        entries: entries.into_iter().map(|held| entry(&held)).collect(),
        unseen: hidden.iter().map(unseen).collect(),
        notes: notes.into_iter().collect(),
    }
}

/// Names a store.
pub(super) fn stored(path: &Path, store: &KeyStore) -> StoreListed {
    StoreListed {
        path: path.display().to_string(),
        kind: store.format().name(),
        protection: store.protection(),
    }
}

/// Describes a certificate that Java does not see.
pub(super) fn unseen(unseen: &Unseen) -> EntryListed {
    EntryListed {
        alias: unseen.alias.clone().unwrap_or_default(),
        kind: "trusted-certificate",
        why: Some(UNSEEN),
        certificate: Some(listed(&unseen.certificate)),
        ..EntryListed::default()
    }
}

/// Describes an entry.
pub(super) fn entry(entry: &Entry) -> EntryListed {
    let (kind, certificate, chain) = match &entry.kind {
        EntryKind::TrustedCertificate(certificate) => {
            ("trusted-certificate", Some(certificate), Vec::new())
        }
        EntryKind::PrivateKey(chain) => {
            ("private-key", chain.first(), chain.iter().map(|held| fingerprint(held)).collect())
        }
        EntryKind::SecretKey => ("secret-key", None, Vec::new()),
    };
    EntryListed {
        alias: entry.alias.clone(),
        kind,
        created: entry.created.map(|created| time(created.0.div_euclid(1000))),
        trusted: entry.trusted,
        why: (certificate.is_some() && !entry.trusted).then_some(NOT_FOUND),
        certificate: certificate.map(listed),
        chain,
    }
}
