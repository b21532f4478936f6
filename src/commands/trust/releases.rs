//! The releases of Java that a change of a store has to suit.

use java_pkix::{JavaRelease, Rules};

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
        let names_all =
            options.java.as_deref().is_some_and(|java| java.eq_ignore_ascii_case("all"));
        let java = options.java.clone().filter(|_| !names_all);
        let options = RuntimeOptions { java, ..options.clone() };
        let own = Release::of(Settings::of_options(&options, surroundings)?);
        if !names_all && (options.java.is_some() || options.java_home.is_some()) {
            return Ok(Self { own, others: Vec::new() });
        }
        let feature = own.rules.release().feature;
        let others = JavaRelease::RECORDED.iter().filter(|other| other.feature != feature);
        let others: Result<_, SettingsError> = others
            .map(|other| {
                let Settings { runtime, properties, .. } = &own.settings;
                let runtime = runtime.imitating(*other);
                Settings::resolve(runtime, properties.clone(), surroundings).map(Release::of)
            })
            .collect();
        Ok(Self { own, others: others? })
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
