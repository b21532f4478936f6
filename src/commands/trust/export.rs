//! `trust export`: certificates of a store as PEM, for all that reads no Java key store.

use std::collections::HashMap;
use std::path::Path;

use java_keystore::KeyStore;

use super::editing::put;
use super::list::stored;
use super::listed;
use super::naming::{Held, Names, all};
use super::opening::{StoreError, TrustError, load_whole, password, read};
use crate::certificates::pem;
use crate::cli::{Format, TrustExportArgs, WriteOptions};
use crate::report::{CertificateExported, Report, SCHEMA, TrustExport};
use crate::settings::Surroundings;

pub(super) fn run(
    args: &TrustExportArgs,
    format: Format,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    let path = surroundings.absolute(Path::new(&args.store));
    let store = load_whole(&path, password(&args.access, surroundings)?)?;
    let at = |error| TrustError::Store { path: path.clone(), error };
    let mut export = TrustExport {
        schema: SCHEMA,
        verb: "trust-export",
        store: stored(&path, &store),
        certificates: exported(
            &wanted(&store, &args.entries).map_err(at)?,
            !args.entries.is_empty(),
        ),
        output: None,
    };
    if export.certificates.is_empty() {
        let why = if args.entries.is_empty() {
            "there is nothing in it that Java trusts"
        } else {
            "what was named holds no certificate"
        };
        return Err(at(StoreError::NoEntry(why.to_owned())));
    }
    if let Some(output) = &args.output {
        let output = surroundings.absolute(Path::new(output));
        let bytes = export.bytes(format);
        let writing = WriteOptions { no_backup: true, ..WriteOptions::default() };
        put(&output, &writing, surroundings, |there| match there.map(|bytes| read(bytes, None)) {
            Some(Ok(_store)) => {
                let why = "there is a key store of that name, which is not written over".to_owned();
                Err(TrustError::Store { path: output.clone(), error: StoreError::Refused(why) })
            }
            Some(Err(_)) | None => Ok(Some(bytes)),
        })?;
        export.output = Some(output.display().to_string());
    }
    Ok(Report::TrustExport(export))
}

/// Returns what was named, or else all that Java trusts.
fn wanted<'a>(store: &'a KeyStore, names: &[String]) -> Result<Vec<Held<'a>>, StoreError> {
    if names.is_empty() {
        return Ok(all(store).filter(|held| held.is_trusted()).collect());
    }
    Names::of(store).find(names)
}

/// Lists the certificates, each once, whatever the number of its names. Of a private key's chain Java trusts the first
/// one; the whole chain is listed if its entry was named.
fn exported(wanted: &[Held<'_>], with_chains: bool) -> Vec<CertificateExported> {
    let mut exported: Vec<CertificateExported> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for held in wanted {
        let length = if with_chains { usize::MAX } else { 1 };
        for certificate in held.certificates().iter().take(length) {
            let listed = listed(certificate);
            let place = *places.entry(listed.sha256.clone()).or_insert(exported.len());
            match exported.get_mut(place) {
                Some(same) => same.aliases.push(held.alias().to_owned()),
                None => exported.push(CertificateExported {
                    aliases: vec![held.alias().to_owned()],
                    trusted: held.is_trusted(),
                    listed,
                    pem: pem(certificate),
                }),
            }
        }
    }
    exported
}
