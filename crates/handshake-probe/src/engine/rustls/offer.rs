//! From an offer to a rustls configuration.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use pki_types::{IpAddr, Ipv4Addr, ServerName};
use rustls::client::{ClientConfig, Resumption, Tls12Resumption};
use rustls::{SupportedProtocolVersion, version};

use crate::cause::Cause;
use crate::engine::rustls::provider;
use crate::engine::rustls::recorder::Recorder;
use crate::observation::Withheld;
use crate::request::{Offer, ProtocolVersion};

/// Returns the configuration for an offer.
///
/// # Errors
///
/// [`Cause::NothingToOffer`], or [`Cause::Undetermined`] if only this engine has nothing to offer.
pub(crate) fn configure(offer: &Offer, recorder: &Arc<Recorder>) -> Result<ClientConfig, Cause> {
    if offer.versions.is_empty() || offer.cipher_suites.is_empty() {
        return Err(Cause::NothingToOffer);
    }
    let mut config = model(offer)?;
    config.dangerous().set_certificate_verifier(Arc::<Recorder>::clone(recorder));
    config.client_auth_cert_resolver = Arc::<Recorder>::clone(recorder);
    config.enable_sni = offer.server_name.is_some();
    config.key_log = Arc::<Recorder>::clone(recorder);
    // Nothing is ever resumed; this decides whether the extension `session_ticket` is sent.
    let tickets = if offer.extensions.contains(&SESSION_TICKET) {
        Tls12Resumption::SessionIdOrTickets
    } else {
        Tls12Resumption::Disabled
    };
    config.resumption =
        Resumption::store(Arc::<Recorder>::clone(recorder)).tls12_resumption(tickets);
    Ok(config)
}

/// What of a configuration every handshake with the same offer has, and nobody's secrets.
struct Model {
    versions: Vec<ProtocolVersion>,
    /// Suites, groups and key shares.
    lists: [Vec<u16>; 3],
    config: ClientConfig,
}

/// The models of late: a loop makes a handshake after the other.
static MODELS: Mutex<VecDeque<Model>> = Mutex::new(VecDeque::new());

/// As many as there are releases of Java to compare.
const MOST_MODELS: usize = 8;

/// Returns the configuration of an offer without what a single handshake brings.
fn model(offer: &Offer) -> Result<ClientConfig, Cause> {
    let lists = [&offer.cipher_suites, &offer.groups, &offer.key_shares];
    let mut models = MODELS.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |held: &&Model| held.versions == offer.versions && held.lists.each_ref() == lists;
    if let Some(held) = models.iter().find(is_it) {
        return Ok(held.config.clone());
    }
    let supported: Vec<_> = offer.versions.iter().filter_map(|one| supported(*one)).collect();
    let nobody = Arc::new(Recorder::new(&[], None, None));
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider::provider(offer)))
        .with_protocol_versions(&supported)
        .map_err(|error| {
            Cause::Undetermined(format!("the engine has no part of the offer: {error}"))
        })?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Recorder>::clone(&nobody))
        .with_client_cert_resolver(nobody);
    config.resumption = Resumption::disabled();
    models.truncate(MOST_MODELS - 1);
    let (versions, lists) = (offer.versions.clone(), lists.map(Clone::clone));
    models.push_front(Model { versions, lists, config: config.clone() });
    Ok(config)
}

/// Returns the name that rustls puts into `server_name`, as it was written; rustls wants one even
/// if none is to be sent.
///
/// # Errors
///
/// [`Cause::Undetermined`] if it is no DNS name.
pub(crate) fn server_name(offer: &Offer) -> Result<ServerName<'static>, Cause> {
    let Some(name) = &offer.server_name else {
        return Ok(ServerName::IpAddress(IpAddr::V4(Ipv4Addr::from([0, 0, 0, 0]))));
    };
    match ServerName::try_from(name.clone()) {
        Ok(name @ ServerName::DnsName(_)) => Ok(name),
        Ok(_) | Err(_) => Err(Cause::Undetermined(format!("{name} cannot be a server name"))),
    }
}

/// Whether this engine can offer all that matters of an offer: without TLS 1.3 it leaves signature schemes out.
pub(crate) fn can_offer(offer: &Offer) -> bool {
    offer.versions.contains(&ProtocolVersion::Tls13)
        && withheld(offer).is_nothing()
        && offer.groups.iter().any(|group| !is_field(*group))
        && offer.extensions.contains(&SIGNATURE_ALGORITHMS)
}

/// rustls wants a curve for its suites of TLS 1.2.
fn is_field(group: u16) -> bool {
    (0x0100..0x0200).contains(&group)
}

/// Returns what of the offer this engine cannot offer.
pub(crate) fn withheld(offer: &Offer) -> Withheld {
    let missing = |codes: &[u16], has: fn(u16) -> bool| {
        codes.iter().copied().filter(|code| !has(*code)).collect()
    };
    Withheld {
        versions: offer.versions.iter().copied().filter(|v| supported(*v).is_none()).collect(),
        cipher_suites: missing(&offer.cipher_suites, |code| {
            code == EMPTY_RENEGOTIATION_INFO || provider::is_offered_suite(code)
        }),
    }
}

fn supported(version: ProtocolVersion) -> Option<&'static SupportedProtocolVersion> {
    match version {
        ProtocolVersion::Tls13 => Some(&version::TLS13),
        ProtocolVersion::Tls12 => Some(&version::TLS12),
        ProtocolVersion::Tls11 | ProtocolVersion::Tls10 => None,
    }
}

const SIGNATURE_ALGORITHMS: u16 = 13;
const SESSION_TICKET: u16 = 35;

/// `TLS_EMPTY_RENEGOTIATION_INFO_SCSV` (RFC 5746), which rustls sends by itself.
const EMPTY_RENEGOTIATION_INFO: u16 = 0x00ff;

#[cfg(test)]
mod tests {
    use rustls::client::ClientConnection;

    use super::*;
    use crate::engine::rustls::provider;
    use crate::wire::recorded;

    /// Returns the `ClientHello` that rustls sends for an offer.
    fn hello(offer: &Offer) -> recorded::Recorded {
        let first = provider::shares(offer).first().copied();
        let recorder = Arc::new(Recorder::new(&offer.signature_schemes, first, None));
        let config = configure(offer, &recorder).unwrap();
        let name = server_name(offer).unwrap();
        let mut connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut bytes = Vec::new();
        connection.write_tls(&mut bytes).unwrap();
        recorded::parse(&bytes[5..])
    }

    fn lengths(shares: &[(u16, Vec<u8>)]) -> Vec<usize> {
        shares.iter().map(|(_, key)| key.len()).collect()
    }

    #[test]
    fn every_release_is_repeated_but_for_two_extensions_and_the_order() {
        for hello_of_java in recorded::all() {
            let ours = hello(&hello_of_java.offer);
            let java = hello_of_java.offer;
            assert_eq!(withheld(&java), Withheld::default());
            let sets = |offer: &Offer| {
                let lists = [&offer.cipher_suites, &offer.groups, &offer.key_shares];
                let lists = lists.map(Clone::clone);
                let name = offer.server_name.clone();
                (offer.versions.clone(), lists, offer.signature_schemes.clone(), name)
            };
            assert_eq!(sets(&ours.offer), sets(&java));
            assert_eq!(lengths(&ours.shares), lengths(&hello_of_java.shares));
            let (theirs, ours) = (java.extensions, ours.offer.extensions);
            let without = |these: &[u16], others: &[u16]| {
                these.iter().copied().filter(|e| !others.contains(e)).collect::<Vec<u16>>()
            };
            // signature_algorithms_cert and status_request_v2 cannot be sent, and status_request is
            // sent even for 8, which does not.
            assert!(matches!(*without(&theirs, &ours), [50] | [17, 50] | [50, 17]));
            assert!(matches!(*without(&ours, &theirs), [] | [5]));
        }
    }
}
