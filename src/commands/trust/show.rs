//! `trust show`: an entry with all that its certificates say.

use std::path::Path;

use super::editing::seconds;
use super::list::{self, stored};
use super::listed;
use super::naming::{Held, Names};
use super::opening::{TrustError, load_whole, password};
use crate::certificates::{Details, Shown, pem};
use crate::cli::TrustShowArgs;
use crate::report::{CertificateShown, EntryShown, Report, SCHEMA, TrustShow};
use crate::settings::Surroundings;

pub(super) fn run(
    args: &TrustShowArgs,
    verbose: bool,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    let path = surroundings.absolute(Path::new(&args.store));
    let store = load_whole(&path, password(&args.access, surroundings)?)?;
    let wanted = Names::of(&store)
        .find(&args.entries)
        .map_err(|error| TrustError::Store { path: path.clone(), error })?;
    let now = seconds(surroundings);
    Ok(Report::TrustShow(TrustShow {
        schema: SCHEMA,
        verb: "trust-show",
        store: stored(&path, &store),
        with_pem: verbose,
        entries: wanted.into_iter().map(|held| shown(held, now)).collect(),
    }))
}

fn shown(held: Held<'_>, now: i64) -> EntryShown {
    let entry = match held {
        Held::Listed(entry) => list::entry(entry),
        Held::Unseen(unseen) => list::unseen(unseen),
    };
    let certificates = held.certificates().iter().map(|certificate| CertificateShown {
        listed: listed(certificate),
        days_left: Shown::of(certificate)
            .map(|shown| (shown.validity().1 - now).div_euclid(86_400)),
        details: Details::of(certificate),
        pem: pem(certificate),
    });
    EntryShown {
        alias: entry.alias,
        kind: entry.kind,
        created: entry.created,
        trusted: entry.trusted,
        why: entry.why,
        certificates: certificates.collect(),
    }
}
