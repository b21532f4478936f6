//! Which Java is imitated, and why that one.

use std::path::Path;

use java_pkix::JavaRelease;

use super::error::SettingsError;
use super::java_home::JavaHome;
use super::{Root, Source, Sourced, Surroundings};
use crate::cli::RuntimeOptions;

/// Which Java is imitated.
#[derive(Clone, Debug)]
pub(crate) struct Runtime {
    /// The release whose behaviour is wanted.
    pub(crate) release: Sourced<JavaRelease>,
    /// The installation whose default store serves; none: Mozilla's roots, which are built in.
    pub(crate) home: Option<Sourced<JavaHome>>,
    /// Whether the installation is of that release, so that its own files decide.
    home_decides: bool,
}

impl Runtime {
    /// Finds the runtime: `--java-home`, the `java` of a pasted line, `JAVA_HOME`, `java` on the `PATH`, in this order.
    ///
    /// # Errors
    ///
    /// Says which option makes no sense.
    pub(crate) fn find(
        options: &RuntimeOptions,
        pasted: Option<&Path>,
        surroundings: &Surroundings,
    ) -> Result<Self, SettingsError> {
        Self::of(find_home(options, pasted, surroundings)?, options.java.as_deref())
    }

    /// Returns the runtime of an installation that is known, or of none, imitating another release if one is asked for.
    ///
    /// # Errors
    ///
    /// Says that `--java` names no release.
    pub(crate) fn of(
        home: Option<Sourced<JavaHome>>,
        asked: Option<&str>,
    ) -> Result<Self, SettingsError> {
        let own = home.as_ref().and_then(|home| home.value.release());
        let asked = asked.map(str::parse::<JavaRelease>).transpose()?;
        let release = match (asked, own, &home) {
            (Some(asked), _, _) => Sourced::new(asked, Source::Option("--java")),
            (None, Some(own), Some(home)) => Sourced::new(own, home.source.clone()),
            (None, _, _) => Sourced::new(newest(), Source::BuiltIn),
        };
        let home_decides = own == Some(release.value);
        Ok(Self { release, home, home_decides })
    }

    /// Returns the runtime as `--java RELEASE` would make it.
    pub(crate) fn imitating(&self, release: JavaRelease) -> Self {
        let home_decides = self.home_decides && self.release.value == release;
        let release = Sourced::new(release, Source::Option("--java"));
        Self { release, home: self.home.clone(), home_decides }
    }

    /// Returns the installation if it is of the imitated release: then its own files decide.
    pub(crate) fn own_home(&self) -> Option<&JavaHome> {
        self.home.as_ref().filter(|_| self.home_decides).map(|home| &home.value)
    }

    /// Returns whether the release is 9 or later: other places, another launcher, another default type of store.
    pub(crate) fn is_modular(&self) -> bool {
        self.release.value.feature >= 9
    }
}

fn newest() -> JavaRelease {
    let [.., newest] = JavaRelease::RECORDED;
    newest
}

fn find_home(
    options: &RuntimeOptions,
    pasted: Option<&Path>,
    surroundings: &Surroundings,
) -> Result<Option<Sourced<JavaHome>>, SettingsError> {
    if let Some(folder) = &options.java_home {
        let folder = surroundings.absolute(Path::new(folder));
        let home = JavaHome::in_folder(&folder)
            .ok_or_else(|| SettingsError::NoJavaHome(folder.clone()))?;
        return Ok(Some(Sourced::new(home, Source::Option("--java-home"))));
    }
    let of_line = pasted
        .filter(|program| program.components().count() > 1)
        .and_then(|program| JavaHome::of_program(&Root::default(), &surroundings.absolute(program)))
        .map(|home| Sourced::new(home, Source::PastedLine));
    Ok(of_line.or_else(|| of_variable(surroundings)).or_else(|| of_search_path(surroundings)))
}

fn of_variable(surroundings: &Surroundings) -> Option<Sourced<JavaHome>> {
    let folder = surroundings.variable("JAVA_HOME").filter(|value| !value.is_empty())?;
    JavaHome::in_folder(&surroundings.absolute(Path::new(folder)))
        .map(|home| Sourced::new(home, Source::Variable("JAVA_HOME")))
}

fn of_search_path(surroundings: &Surroundings) -> Option<Sourced<JavaHome>> {
    std::env::split_paths(surroundings.variable("PATH")?)
        .map(|folder| surroundings.absolute(&folder).join("java"))
        .find(|program| program.is_file())
        .and_then(|program| JavaHome::of_program(&Root::default(), &program))
        .map(|home| Sourced::new(home, Source::SearchPath))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::time::SystemTime;

    use super::*;

    fn surroundings(directory: PathBuf, variables: &[(&str, &str)]) -> Surroundings {
        let variables = variables.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        Surroundings::new(variables, directory, SystemTime::UNIX_EPOCH)
    }

    fn installation(root: &Path, name: &str, version: &str) {
        fs::create_dir_all(root.join(name).join("lib/security")).unwrap();
        fs::create_dir_all(root.join(name).join("bin")).unwrap();
        fs::write(root.join(name).join("bin/java"), "").unwrap();
        fs::write(root.join(name).join("release"), format!("JAVA_VERSION=\"{version}\"")).unwrap();
    }

    #[test]
    fn the_more_explicit_way_to_name_a_runtime_wins() {
        let scratch = tempfile::tempdir().unwrap();
        for (name, version) in
            [("a", "17.0.15"), ("b", "21.0.13"), ("c", "25.0.5"), ("d", "11.0.33")]
        {
            installation(scratch.path(), name, version);
        }
        let root = scratch.path().to_str().unwrap();
        let (b, c) = (format!("{root}/b"), format!("{root}/c/bin"));
        let around =
            |variables: &[(&str, &str)]| surroundings(scratch.path().to_owned(), variables);
        let all = [("JAVA_HOME", b.as_str()), ("PATH", c.as_str())];
        let plain = RuntimeOptions::default();
        let home = RuntimeOptions { java_home: Some("a".into()), ..RuntimeOptions::default() };
        let pasted = Path::new("d/bin/java");
        for (options, pasted, variables, release, source) in [
            (&home, Some(pasted), &all[..], "17.0.15", Source::Option("--java-home")),
            (&plain, Some(pasted), &all[..], "11.0.33", Source::PastedLine),
            (&plain, Some(Path::new("java")), &all[..], "21.0.13", Source::Variable("JAVA_HOME")),
            (&plain, None, &all[1..], "25.0.5", Source::SearchPath),
            (&plain, None, &[], "26.0.2", Source::BuiltIn),
        ] {
            let found = Runtime::find(options, pasted, &around(variables)).unwrap();
            assert_eq!(found.release.value.to_string(), release);
            assert_eq!(found.release.source, source);
        }
    }

    #[test]
    fn an_installation_of_another_release_lends_only_its_store() {
        let scratch = tempfile::tempdir().unwrap();
        installation(scratch.path(), "a", "17.0.15");
        for (java, own) in [("17", true), ("17.0.15", true), ("21", false), ("17.0.1", false)] {
            let options = RuntimeOptions {
                java: Some(java.into()),
                java_home: Some("a".into()),
                ..RuntimeOptions::default()
            };
            let found =
                Runtime::find(&options, None, &surroundings(scratch.path().into(), &[])).unwrap();
            assert_eq!(found.own_home().is_some(), own, "{java}");
            assert!(found.home.is_some());
        }
    }
}
