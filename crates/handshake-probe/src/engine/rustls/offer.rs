//! From an offer to a rustls configuration.

use std::sync::Arc;

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
    let provider = provider::provider(offer);
    let versions: Vec<_> =
        offer.versions.iter().filter_map(|version| supported(*version)).collect();
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&versions)
        .map_err(|error| {
            Cause::Undetermined(format!("the engine has no part of the offer: {error}"))
        })?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Recorder>::clone(recorder))
        .with_client_cert_resolver(Arc::<Recorder>::clone(recorder));
    config.enable_sni = offer.server_name.is_some();
    config.key_log = Arc::<Recorder>::clone(recorder);
    config.resumption = Resumption::store(Arc::<Recorder>::clone(recorder))
        .tls12_resumption(Tls12Resumption::Disabled);
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

/// `TLS_EMPTY_RENEGOTIATION_INFO_SCSV` (RFC 5746), which rustls sends by itself.
const EMPTY_RENEGOTIATION_INFO: u16 = 0x00ff;
