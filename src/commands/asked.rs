//! What is asked of every handshake: the options, the secrets that they name read once, and why nothing was poked.

use std::path::PathBuf;

use java_keystore::Password;

use crate::cli::{StoreOptions, TargetError, WireOptions};
use crate::machine::MachineError;
use crate::report::{Exit, Report};
use crate::settings::{
    Settings, SettingsError, Sourced, Surroundings, TrustStoreChoice, Wiring, store_password,
};

/// What is the same for every release that is asked, and every target.
#[derive(Clone)]
pub(super) struct Asked<'a> {
    store: &'a StoreOptions,
    /// Standard input says it only once.
    password: Option<Sourced<Password>>,
    pub(super) wiring: Wiring<'a>,
    pub(super) tell: Tell,
    pub(super) surroundings: &'a Surroundings,
}

/// How much is told besides the answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tell {
    /// Whether findings are looked for.
    pub(super) explains: bool,
    /// Whether further handshakes are made where the first one gives a reason.
    pub(super) looks: bool,
    /// Whether it is told where the settings came from.
    pub(super) provenance: bool,
    /// Whether the chain is shown.
    pub(super) chain: bool,
    /// Whether the exit code is Java's: 0 or 1.
    pub(super) as_java: bool,
}

impl<'a> Asked<'a> {
    /// Reads what the options name.
    pub(super) fn resolve(
        store: &'a StoreOptions,
        wire: &'a WireOptions,
        tell: Tell,
        surroundings: &'a Surroundings,
    ) -> Result<Self, SettingsError> {
        Ok(Self {
            store,
            password: store_password(&store.password, surroundings)?,
            wiring: Wiring::resolve(wire, surroundings)?,
            tell,
            surroundings,
        })
    }

    /// Returns the same with another store.
    pub(super) fn with_store<'b>(&self, store: &'b StoreOptions) -> Asked<'b>
    where
        'a: 'b,
    {
        Asked { store, ..self.clone() }
    }

    /// Returns the trust store that a runtime would read.
    pub(super) fn trust_store(&self, settings: &Settings) -> TrustStoreChoice {
        settings.trust_store(self.store, self.password.clone(), self.surroundings)
    }
}

/// Why nothing was poked.
#[derive(Debug, thiserror::Error)]
pub(super) enum PokeError {
    /// A target makes no sense.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A setting makes no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There is no such JVM.
    #[error(transparent)]
    Machine(#[from] MachineError),
    /// The store that `--truststore` names cannot be read.
    #[error("{path}")]
    Store {
        path: PathBuf,
        #[source]
        error: std::io::Error,
    },
}

impl PokeError {
    pub(super) fn report(&self) -> Report {
        let exit = match self {
            Self::Machine(error) if error.is_about_reading() => Exit::Unreadable,
            Self::Settings(SettingsError::Unreadable { .. }) | Self::Store { .. } => {
                Exit::Unreadable
            }
            Self::Target(_) | Self::Settings(_) | Self::Machine(_) => Exit::Usage,
        };
        Report::unasked(self, exit)
    }
}
