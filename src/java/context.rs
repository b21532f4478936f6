//! Java's default `SSLContext`: made of the stores and settings, or why it cannot be made.

use handshake_probe::Offer;
use java_pkix::{JavaException, Rules};

use super::{
    ClientKeys, OpenedStore, StoreFailure, no_default_context, no_key_pair, no_provider, no_start,
    no_suite, of_include, of_key_store, of_trust_store, open_key_store, open_trust_store,
    unknown_protocol,
};
use crate::settings::{IncludeFault, NoHello, Settings, TrustStoreChoice, offer_to_anybody};

/// Java's default context.
#[derive(Debug)]
pub(crate) struct Context {
    /// What its clients offer to every host.
    pub(crate) offer: Offer,
    pub(crate) trust: OpenedStore,
    /// The keys of the client; none if no property names a key store.
    pub(crate) keys: Option<ClientKeys>,
}

/// What keeps Java from making a TLS context.
#[derive(Debug)]
pub(crate) enum ContextFailure {
    NoSecurity(IncludeFault),
    NoProvider,
    NoHello(NoHello),
    TrustStore(Box<StoreFailure>),
    KeyStore(Box<StoreFailure>),
}

impl ContextFailure {
    /// Returns what SSLPoke ends with.
    pub(crate) fn exception(&self, rules: &Rules) -> JavaException {
        match self {
            Self::NoSecurity(fault) => of_include(fault),
            Self::NoProvider => no_provider(),
            Self::NoHello(NoHello::UnknownProtocol(name)) => {
                no_default_context(unknown_protocol(name))
            }
            Self::NoHello(NoHello::NoNamedGroup(list)) => no_start(&format!(
                "System property jdk.tls.namedGroups({list}) contains no supported named groups"
            )),
            Self::NoHello(NoHello::Pattern) => {
                no_start("Wildcard pattern must start with \"TLS_\"")
            }
            Self::NoHello(NoHello::NoSuite) => no_suite(),
            Self::NoHello(NoHello::NoKeyPair(curve)) => no_key_pair(curve, rules),
            Self::TrustStore(failure) => of_trust_store(failure, rules),
            Self::KeyStore(failure) => of_key_store(failure, rules),
        }
    }

    /// Returns the store that is at fault, if one is.
    pub(crate) fn store(&self) -> Option<&StoreFailure> {
        match self {
            Self::NoSecurity(_) | Self::NoProvider | Self::NoHello(_) => None,
            Self::TrustStore(failure) | Self::KeyStore(failure) => Some(failure),
        }
    }
}

/// Does what Java does before it opens a socket: checks its settings, opens the trust store and the key store.
///
/// # Errors
///
/// Says what keeps Java from it.
pub(crate) fn open_context(
    settings: &Settings,
    rules: &Rules,
    trust_store: &TrustStoreChoice,
) -> Result<Context, ContextFailure> {
    if let Some(fault) = settings.security.fault() {
        return Err(ContextFailure::NoSecurity(fault.clone()));
    }
    if settings.security.name_no_provider() {
        return Err(ContextFailure::NoProvider);
    }
    let offer = offer_to_anybody(&settings.properties, rules).map_err(ContextFailure::NoHello)?;
    let opened =
        open_trust_store(trust_store, settings, rules).map_err(ContextFailure::TrustStore)?;
    let keys = settings
        .key_store()
        .map(|choice| open_key_store(&choice, settings, rules))
        .transpose()
        .map_err(ContextFailure::KeyStore)?;
    Ok(Context { offer, trust: opened, keys })
}
