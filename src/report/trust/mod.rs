//! What is told of truststores.

use serde::Serialize;

mod change;
mod check;
mod list;

pub(super) use change::write_change;
pub(crate) use change::{CertificateSkipped, EntryChanged, TrustChange};
pub(super) use check::write_check;
pub(crate) use check::{Counts, TrustCheck};
pub(super) use list::write_list;
pub(crate) use list::{EntryListed, StoreListed, TrustList};

/// A certificate, named.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CertificateListed {
    pub(crate) sha256: String,
    #[serde(flatten)]
    pub(crate) contents: Option<CertificateContents>,
}

/// What a certificate says; none where it cannot be parsed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CertificateContents {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) not_before: String,
    pub(crate) not_after: String,
}

/// Returns the day of a time in RFC 3339.
fn day(time: &str) -> &str {
    time.split_once('T').map_or(time, |(day, _)| day)
}
