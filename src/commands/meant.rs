//! Which JVM the options mean, and what it would hold.

use super::client::{Client, PokeError, Tell};
use crate::cli::{MachineOptions, RuntimeOptions, StoreOptions, WireOptions};
use crate::machine::{self, Started};
use crate::settings::{Settings, Surroundings};

/// The options that say which JVM is meant, and how it connects.
pub(super) struct Meant<'a> {
    pub(super) machine: &'a MachineOptions,
    pub(super) runtime: &'a RuntimeOptions,
    pub(super) store: &'a StoreOptions,
    pub(super) wire: &'a WireOptions,
    /// Whether an Atlassian product of this machine is meant where the options do not say otherwise.
    pub(super) assumes_product: bool,
}

impl<'a> Meant<'a> {
    /// Opens what that JVM would open; none is named where the options describe one.
    pub(super) fn client(
        &self,
        tell: Tell,
        surroundings: &Surroundings,
    ) -> Result<(Client<'a>, Option<Started>), PokeError> {
        let started = match machine::find(self.machine, self.runtime, surroundings)? {
            None if self.assumes_product && self.leaves_open() => machine::product(surroundings),
            found => found,
        };
        let settings = match &started {
            Some(started) => started.settings(self.runtime)?,
            None => Settings::of_options(self.runtime, surroundings)?,
        };
        let client = Client::new(settings, self.store, self.wire, tell, surroundings)?;
        match client.unreadable_own_store() {
            Some(error) => Err(error),
            None => Ok((client, started)),
        }
    }

    /// Returns whether the options say neither which Java nor which store is meant.
    fn leaves_open(&self) -> bool {
        let RuntimeOptions { java, java_home, properties } = self.runtime;
        let is_told = java.is_some() || java_home.is_some() || !properties.is_empty();
        !is_told && self.machine.jvm_args.is_none() && self.store.truststore.is_none()
    }
}
