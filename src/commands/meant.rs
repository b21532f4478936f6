//! Which JVM the options mean, and how it is set.

use super::asked::PokeError;
use crate::cli::{MachineOptions, RuntimeOptions, StoreOptions};
use crate::machine::{self, Started};
use crate::settings::{Settings, Surroundings};

/// The options that say which JVM is meant.
pub(super) struct Meant<'a> {
    pub(super) machine: &'a MachineOptions,
    pub(super) runtime: &'a RuntimeOptions,
    pub(super) store: &'a StoreOptions,
    /// Whether an Atlassian product of this machine is meant where the options do not say otherwise.
    pub(super) assumes_product: bool,
}

impl Meant<'_> {
    /// Finds how that JVM is set; none is named where the options describe one.
    pub(super) fn find(
        &self,
        surroundings: &Surroundings,
    ) -> Result<(Settings, Option<Started>), PokeError> {
        let started = match machine::find(self.machine, self.runtime, surroundings)? {
            None if self.assumes_product && self.leaves_open() => machine::product(surroundings),
            found => found,
        };
        let settings = match &started {
            Some(started) => started.settings(self.runtime)?,
            None => Settings::of_options(self.runtime, surroundings)?,
        };
        Ok((settings, started))
    }

    /// Returns whether the options say neither which Java nor which store is meant.
    fn leaves_open(&self) -> bool {
        let RuntimeOptions { java, java_home, properties } = self.runtime;
        let is_told = java.is_some() || java_home.is_some() || !properties.is_empty();
        !is_told && self.machine.jvm_args.is_none() && self.store.truststore.is_none()
    }
}
