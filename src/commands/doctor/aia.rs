//! `--aia`: fetches the certificates of issuers from where the certificates say that they are.

use std::time::Duration;

use handshake_probe::{Fetch, HttpConnect, Route, fetch};
use java_pkix::Reason;
use pki_types::CertificateDer;

use super::Visit;
use crate::certificates::{self, Shown};
use crate::commands::client::Examined;
use crate::diagnosis::{Candidates, FoundIn, Looks};
use crate::settings::families;

/// No path of certificates is so long.
const MOST_FETCHED: usize = 3;
const LONGEST_FETCH: Duration = Duration::from_secs(10);
/// Many an intermediate comes with others in one file.
const LARGEST: usize = 1 << 20;

/// Adds what lies where the topmost certificate says that its issuer's is, and so on upwards.
pub(super) fn gather(
    visit: &Visit<'_>,
    examined: &Examined,
    candidates: &mut Candidates,
    looks: &mut Looks,
) {
    let is_of_path = examined.rejection().is_some_and(|held| held.reason == Reason::NoPath);
    let Some(observation) = examined.poked.observation.as_ref().filter(|_| is_of_path) else {
        return;
    };
    let mut chain = observation.chain.clone();
    for _ in 0..MOST_FETCHED {
        let Some(url) = next(&chain) else { return };
        match certificates_at(visit, examined, &url) {
            Ok(found) => {
                for certificate in found {
                    chain.push(certificate.clone());
                    candidates.add(certificate, FoundIn::Fetched(url.clone()));
                }
            }
            Err(why) => {
                looks.unfetched.push((url, why));
                return;
            }
        }
    }
}

/// Returns where the issuer of the topmost certificate is to be had, if it is not here already.
fn next(chain: &[CertificateDer<'static>]) -> Option<String> {
    let shown: Vec<Shown<'_>> = chain.iter().filter_map(Shown::of).collect();
    let is_here = |issuer: &[u8]| shown.iter().any(|held| held.subject_der() == issuer);
    let top = shown.iter().find(|held| !held.is_self_issued() && !is_here(held.issuer_der()))?;
    top.issuer_url()
}

fn certificates_at(
    visit: &Visit<'_>,
    examined: &Examined,
    url: &str,
) -> Result<Vec<CertificateDer<'static>>, String> {
    let proxy: Option<&HttpConnect> = match &examined.way.route {
        Route::HttpConnect(proxy) => Some(proxy),
        Route::Direct | Route::Socks(_) => None,
    };
    let client = visit.client;
    let bytes = fetch(&Fetch {
        url,
        proxy,
        families: families(client.asked.wiring.options, &client.settings),
        time: LONGEST_FETCH,
        longest: LARGEST,
    })
    .map_err(|fault| fault.to_string())?;
    let found = certificates::read(&bytes).map_err(|error| error.to_string())?;
    if found.certificates.len() > MOST_IN_ONE {
        return Err(format!("{} certificates in one file", found.certificates.len()));
    }
    Ok(found.certificates)
}

const MOST_IN_ONE: usize = 100;
