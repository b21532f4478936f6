//! The releases of Java that a change of a store has to suit.

use java_pkix::Rules;

use crate::cli::RuntimeOptions;
use crate::settings::{Settings, SettingsError, Surroundings};

/// A release, and what it was told.
#[derive(Debug)]
pub(in crate::commands) struct Release {
    pub(in crate::commands) settings: Settings,
    pub(in crate::commands) rules: Rules,
}

/// The runtime that a change is for, and the others that shall get along with it.
#[derive(Debug)]
pub(in crate::commands) struct Releases {
    /// The one that the options name, or that is found here.
    pub(in crate::commands) own: Release,
    /// Unless one was named, every other feature release that was recorded: many a store serves more than one.
    others: Vec<Release>,
}

impl Releases {
    pub(in crate::commands) fn find(
        options: &RuntimeOptions,
        surroundings: &Surroundings,
    ) -> Result<Self, SettingsError> {
        let settings = Settings::of_options(&options.of_one(), surroundings)?;
        let names_one = options.java.is_some() || options.java_home.is_some();
        let all = if names_one && !options.names_all() {
            Vec::new()
        } else {
            settings.under_each_release()?
        };
        let own = Release::of(settings);
        let feature = own.rules.release().feature;
        let is_own = |other: &Settings| other.runtime.release.value.feature == feature;
        let others = all.into_iter().filter(|other| !is_own(other)).map(Release::of).collect();
        Ok(Self { own, others })
    }

    /// Returns all of them, the own one first.
    pub(in crate::commands) fn iter(&self) -> impl Iterator<Item = &Release> {
        std::iter::once(&self.own).chain(&self.others)
    }
}

impl Release {
    fn of(settings: Settings) -> Self {
        Self { rules: settings.rules(), settings }
    }
}
