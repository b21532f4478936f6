//! The releases of Java that a change of a store has to suit.

use java_pkix::{JavaRelease, Rules};

use crate::cli::RuntimeOptions;
use crate::settings::{Settings, SettingsError, Surroundings};

/// A release, and what it was told.
#[derive(Debug)]
pub(in crate::commands) struct Release {
    #[expect(dead_code, reason = "for the proof that comes next")]
    pub(in crate::commands) settings: Settings,
    pub(in crate::commands) rules: Rules,
}

impl Release {
    fn of(options: &RuntimeOptions, surroundings: &Surroundings) -> Result<Self, SettingsError> {
        let settings = Settings::of_options(options, surroundings)?;
        Ok(Self { rules: settings.rules(), settings })
    }

    pub(in crate::commands) fn feature(&self) -> u16 {
        self.rules.release().feature
    }
}

/// Returns the runtime that the options name or that is found here, and then, unless one was named, every other feature
/// release that was recorded: many a store serves more than one.
pub(in crate::commands) fn releases(
    options: &RuntimeOptions,
    surroundings: &Surroundings,
) -> Result<Vec<Release>, SettingsError> {
    let names_all = options.java.as_deref().is_some_and(|java| java.eq_ignore_ascii_case("all"));
    let open =
        RuntimeOptions { java: options.java.clone().filter(|_| !names_all), ..options.clone() };
    let own = Release::of(&open, surroundings)?;
    if !names_all && (options.java.is_some() || options.java_home.is_some()) {
        return Ok(vec![own]);
    }
    let others = JavaRelease::RECORDED.iter().filter(|other| other.feature != own.feature());
    let others: Result<Vec<Release>, SettingsError> = others
        .map(|other| {
            let java = Some(other.to_string());
            Release::of(&RuntimeOptions { java, ..options.clone() }, surroundings)
        })
        .collect();
    Ok(std::iter::once(own).chain(others?).collect())
}
