//! Which trust store Java would read: file, type, password; and what it passes over without a word.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use java_keystore::Password;

use super::place::Barrier;
use super::{Settings, Source, Sourced, Surroundings};
use crate::cli::StoreOptions;

/// The property that names the trust store.
pub(crate) const TRUST_STORE: &str = "javax.net.ssl.trustStore";
/// The property that names its type.
pub(crate) const TRUST_STORE_TYPE: &str = "javax.net.ssl.trustStoreType";
/// The property that holds its password.
pub(crate) const TRUST_STORE_PASSWORD: &str = "javax.net.ssl.trustStorePassword";
/// The property that names the security provider that reads it.
pub(crate) const TRUST_STORE_PROVIDER: &str = "javax.net.ssl.trustStoreProvider";

/// The trust store that Java would read, and how.
pub(crate) struct TrustStoreChoice {
    /// Where the certificates come from.
    pub(crate) store: Sourced<StoreFile>,
    /// Where this process finds the file, if it is one.
    pub(crate) found_at: Option<PathBuf>,
    /// The type that Java is told.
    pub(crate) kind: Sourced<String>,
    /// The password; none: nothing is checked, nothing is decrypted.
    pub(crate) password: Option<Sourced<Password>>,
    /// The security provider that is to read it, if one is named.
    pub(crate) provider: Option<String>,
    /// The file that Java was told to use, but silently does not.
    pub(crate) passed_over: Option<PassedOver>,
    /// The `cacerts` that is not read because a `jssecacerts` lies beside it.
    pub(crate) shadowed: Option<PathBuf>,
}

/// Where the certificates come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum StoreFile {
    /// A file, as Java names it: absolute, or relative to the working directory.
    File(PathBuf),
    /// `NONE`: an empty store, made by the type and the provider that were asked for.
    Empty,
    /// The runtime has no `cacerts`.
    Absent,
    /// Mozilla's roots, which are built in.
    Mozilla,
}

/// A file that Java was told to use, but silently does not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PassedOver {
    /// The path as it was given.
    pub(crate) path: String,
    /// Where it was given.
    pub(crate) source: Source,
    /// Why it is not used.
    pub(crate) why: Cow<'static, str>,
}

impl TrustStoreChoice {
    pub(super) fn resolve(
        settings: &Settings,
        options: &StoreOptions,
        password: Option<Sourced<Password>>,
        surroundings: &Surroundings,
    ) -> Self {
        let kind = match (&options.storetype, settings.properties.sourced(TRUST_STORE_TYPE)) {
            (Some(kind), _) => Sourced::new(kind.clone(), Source::Option("--storetype")),
            (None, Some(kind)) if !kind.value.is_empty() => {
                Sourced::new(kind.value.to_owned(), kind.source)
            }
            (None, _) => settings.default_store_type(),
        };
        let password = password.or_else(|| settings.password_property(TRUST_STORE_PASSWORD));
        let mut choice = Self {
            store: Sourced::new(StoreFile::Absent, Source::BuiltIn),
            found_at: None,
            kind,
            password,
            provider: settings.properties.non_empty(TRUST_STORE_PROVIDER).map(str::to_owned),
            passed_over: None,
            shadowed: None,
        };
        if let Some(file) = &options.truststore {
            choice.store =
                Sourced::new(StoreFile::File(file.into()), Source::Option("--truststore"));
            choice.found_at = Some(surroundings.absolute(Path::new(file)));
        } else {
            choice.choose_file(settings);
            choice.found_at = match &choice.store.value {
                StoreFile::File(file) => Some(settings.seen.absolute(file)),
                StoreFile::Empty | StoreFile::Absent | StoreFile::Mozilla => None,
            };
        }
        choice
    }

    /// Chooses as all six recorded releases do: a file of the property that cannot be read is passed over for
    /// `cacerts`; only without the property is `jssecacerts` looked for.
    fn choose_file(&mut self, settings: &Settings) {
        let Some(told) = settings.properties.sourced(TRUST_STORE) else {
            self.choose_default(settings, true);
            return;
        };
        if told.value == "NONE" {
            self.store = Sourced::new(StoreFile::Empty, told.source);
            return;
        }
        match why_unreadable(Path::new(told.value), &settings.seen) {
            None => self.store = Sourced::new(StoreFile::File(told.value.into()), told.source),
            Some(why) => {
                let path = told.value.to_owned();
                self.passed_over = Some(PassedOver { path, source: told.source, why });
                self.choose_default(settings, false);
            }
        }
    }

    fn choose_default(&mut self, settings: &Settings, with_jssecacerts: bool) {
        let Some(home) = &settings.runtime.home else {
            self.store = Sourced::new(StoreFile::Mozilla, Source::BuiltIn);
            return;
        };
        let folder = home.value.security_folder();
        let (jssecacerts, cacerts) = (folder.join("jssecacerts"), folder.join("cacerts"));
        let readable = |file: &Path| why_unreadable(file, &settings.seen).is_none();
        let file = if with_jssecacerts && readable(&jssecacerts) {
            self.shadowed = Some(cacerts).filter(|cacerts| readable(cacerts));
            StoreFile::File(jssecacerts)
        } else if readable(&cacerts) {
            StoreFile::File(cacerts)
        } else {
            StoreFile::Absent
        };
        self.store = Sourced::new(file, home.source.clone());
    }
}

/// It has no derived `Debug`: a password must not be logged.
impl fmt::Debug for TrustStoreChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustStoreChoice")
            .field("store", &self.store)
            .field("kind", &self.kind)
            .field("passed_over", &self.passed_over)
            .finish_non_exhaustive()
    }
}

/// Says why a file is none that Java opens: it must be a regular file that the user of the process may read.
fn why_unreadable(path: &Path, seen: &Surroundings) -> Option<Cow<'static, str>> {
    if path.as_os_str().is_empty() {
        return Some("it is empty".into());
    }
    let file = seen.absolute(path);
    let metadata = match fs::metadata(&file) {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => None,
        Err(_) => return Some("there is no such file".into()),
        Ok(metadata) if metadata.is_dir() => return Some("it is a folder".into()),
        Ok(metadata) if !metadata.is_file() => return Some("it is not a regular file".into()),
        Ok(metadata) => Some(metadata),
    };
    match &seen.user {
        // Whether this process may read it is another question.
        Some(user) => Barrier::to(&seen.directory.join(path), &seen.root, Some(user))
            .map(|barrier| format!("{} may not read it: {}", user.name(), barrier.what).into()),
        None => {
            let is_open = metadata.is_some() && fs::File::open(file).is_ok();
            (!is_open).then(|| "this user may not read it".into())
        }
    }
}

impl Settings {
    /// Returns the type of a store that Java is not told: `keystore.type` of `java.security`.
    pub(super) fn default_store_type(&self) -> Sourced<String> {
        let built_in = if self.runtime.is_modular() { "pkcs12" } else { "jks" };
        match self.security.value("keystore.type").filter(|kind| !kind.is_empty()) {
            Some(kind) if !kind.eq_ignore_ascii_case(built_in) => {
                Sourced::new(kind, Source::Property("java.security.properties"))
            }
            _ => Sourced::new(built_in.to_owned(), Source::BuiltIn),
        }
    }

    /// Returns the password of a property; an empty one is none, as Java's TLS takes it.
    pub(super) fn password_property(&self, name: &str) -> Option<Sourced<Password>> {
        let held = self.properties.sourced(name).filter(|held| !held.value.is_empty())?;
        Some(Sourced::new(Password::new(held.value), held.source))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::SystemTime;

    use super::*;
    use crate::cli::RuntimeOptions;

    fn chosen(root: &Path, properties: &[&str]) -> TrustStoreChoice {
        let surroundings = Surroundings::new(Arc::default(), root.into(), SystemTime::UNIX_EPOCH);
        let options = RuntimeOptions {
            java: Some("17.0.15".into()),
            java_home: Some("jvm".into()),
            properties: properties.iter().map(|text| (*text).to_owned()).collect(),
        };
        let settings = Settings::of_options(&options, &surroundings).unwrap();
        settings.trust_store(&StoreOptions::default(), None, &surroundings)
    }

    fn installation(files: &[&str]) -> tempfile::TempDir {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir_all(scratch.path().join("jvm/lib/security")).unwrap();
        for file in files {
            fs::write(scratch.path().join(file), "x").unwrap();
        }
        scratch
    }

    const CACERTS: &str = "jvm/lib/security/cacerts";
    const JSSECACERTS: &str = "jvm/lib/security/jssecacerts";

    #[test]
    fn a_store_that_cannot_be_read_is_passed_over_for_cacerts() {
        let scratch = installation(&[CACERTS, JSSECACERTS, "own.jks"]);
        for (value, used, why) in [
            ("own.jks", "own.jks", None),
            ("missing.jks", CACERTS, Some("there is no such file")),
            ("own.jks ", CACERTS, Some("there is no such file")),
            ("\"own.jks\"", CACERTS, Some("there is no such file")),
            ("", CACERTS, Some("it is empty")),
            ("jvm", CACERTS, Some("it is a folder")),
            ("/dev/null", CACERTS, Some("it is not a regular file")),
        ] {
            let choice = chosen(scratch.path(), &[&format!("{TRUST_STORE}={value}")]);
            let StoreFile::File(file) = &choice.store.value else { panic!("{value}: no file") };
            assert_eq!(scratch.path().join(file), scratch.path().join(used), "{value}");
            assert_eq!(
                choice.passed_over.map(|passed| passed.why),
                why.map(Cow::Borrowed),
                "{value}"
            );
        }
    }

    #[test]
    fn jssecacerts_hides_cacerts_unless_the_property_is_set() {
        let scratch = installation(&[CACERTS, JSSECACERTS]);
        let choice = chosen(scratch.path(), &[]);
        assert_eq!(choice.store.value, StoreFile::File(scratch.path().join(JSSECACERTS)));
        assert_eq!(choice.shadowed, Some(scratch.path().join(CACERTS)));
    }

    #[test]
    fn without_any_store_there_is_nothing() {
        let scratch = installation(&[]);
        assert_eq!(chosen(scratch.path(), &[]).store.value, StoreFile::Absent);
        let none = format!("{TRUST_STORE}=NONE");
        assert_eq!(chosen(scratch.path(), &[&none]).store.value, StoreFile::Empty);
    }

    #[test]
    fn an_empty_password_is_none() {
        let scratch = installation(&[CACERTS]);
        let empty = format!("{TRUST_STORE_PASSWORD}=");
        assert!(chosen(scratch.path(), &[&empty]).password.is_none());
        let given = format!("{TRUST_STORE_PASSWORD}=changeit");
        assert!(chosen(scratch.path(), &[&given]).password.is_some());
    }
}
