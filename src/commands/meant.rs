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
}

impl<'a> Meant<'a> {
    /// Opens what that JVM would open; none is named where the options describe one.
    pub(super) fn client(
        &self,
        tell: Tell,
        surroundings: &Surroundings,
    ) -> Result<(Client<'a>, Option<Started>), PokeError> {
        let started = machine::find(self.machine, self.runtime, surroundings)?;
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
}
