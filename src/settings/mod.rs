//! What Java would have been told: system properties, `java.home`, `java.security`, the trust store it would pick.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use java_keystore::Password;
use java_pkix::{JavaRelease, Rules};

use crate::cli::{RuntimeOptions, StoreOptions};

mod address;
mod disabled;
mod error;
mod java_home;
mod java_security;
mod key_store;
mod launcher;
mod managed_store;
mod net_properties;
mod passwd;
mod place;
mod properties_file;
mod proxy;
mod root;
mod runtime;
mod store_password;
mod system_properties;
mod tls;
mod trust_store;
mod way;

pub(crate) use address::{families, resolved};
pub(crate) use disabled::Disabled;
pub(crate) use error::SettingsError;
pub(crate) use java_home::JavaHome;
pub(crate) use java_security::{IncludeFault, SecurityProperties};
pub(crate) use key_store::{KEY_STORE, KeyStoreChoice};
use launcher::properties_of;
pub(crate) use launcher::{LaunchFailure, StartedLine, launch, started_line};
pub(crate) use managed_store::ManagedStore;
use net_properties::NetFile;
pub(crate) use place::{Account, Place};
pub(crate) use proxy::{Client, ignored_by_socket, is_disabled_for_tunnels};
pub(crate) use root::Root;
pub(crate) use runtime::Runtime;
pub(crate) use store_password::{USUAL_PASSWORD, store_password};
pub(crate) use system_properties::SystemProperties;
use tls::SIGNATURE_SCHEMES;
pub(crate) use tls::{
    CLIENT_PROTOCOLS, NoHello, is_address, offer, offer_to, offer_to_anybody, protocol,
};
pub(crate) use trust_store::{
    StoreFile, TRUST_STORE, TRUST_STORE_PASSWORD, TRUST_STORE_TYPE, TrustStoreChoice,
};
pub(crate) use way::{Way, Wiring};

/// Makes Java check revocation; off unless it is `true`.
pub(crate) const CHECK_REVOCATION: &str = "com.sun.net.ssl.checkRevocation";

/// All that a process can look at but does not decide: of this one read once, in `main`; of another one as it sees it.
#[derive(Clone)]
pub(crate) struct Surroundings {
    /// The environment.
    pub(crate) variables: Arc<[(OsString, OsString)]>,
    /// The working directory, against which Java resolves relative paths.
    pub(crate) directory: PathBuf,
    /// The clock.
    pub(crate) now: SystemTime,
    /// The root of its file system.
    pub(crate) root: Root,
    /// Whose rights count where a file is to be read; none: those that this process has.
    pub(crate) user: Option<Account>,
}

impl Surroundings {
    pub(crate) fn of_this_process() -> Self {
        let directory = std::env::current_dir().unwrap_or_default();
        Self::new(std::env::vars_os().collect(), directory, SystemTime::now())
    }

    /// Puts together what a process sees that has this process's root and rights.
    pub(crate) fn new(
        variables: Arc<[(OsString, OsString)]>,
        directory: PathBuf,
        now: SystemTime,
    ) -> Self {
        Self { variables, directory, now, root: Root::default(), user: None }
    }

    /// Returns the milliseconds since 1970-01-01T00:00:00Z of the clock.
    pub(crate) fn milliseconds(&self) -> i64 {
        let since = self.now.duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// Returns the milliseconds since 1970-01-01T00:00:00Z of the clock, or of the time that `--at` says.
    pub(crate) fn now_or_at(&self, at: Option<&str>) -> Result<i64, SettingsError> {
        let Some(text) = at else { return Ok(self.milliseconds()) };
        let instant: Result<jiff::Timestamp, _> = text.parse();
        instant.map(jiff::Timestamp::as_millisecond).map_err(|_not_a_time| {
            SettingsError::OptionValue {
                option: "--at",
                value: text.to_owned(),
                expected: "a time such as 2026-11-22T12:00:00Z",
            }
        })
    }

    /// Returns the value of an environment variable that is set, be it empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_os_str())
    }

    /// Returns where this process finds what is called `path` in the working directory.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        self.root.outside(&self.directory.join(path))
    }
}

/// It has no derived `Debug`: the environment may hold secrets.
impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings")
            .field("directory", &self.directory)
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

impl<T> Sourced<T> {
    pub(crate) fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

/// Where a value came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    /// A `-D` argument on the command line.
    CommandLine,
    /// An option of ours.
    Option(&'static str),
    /// An environment variable: `JAVA_HOME`, `JAVA_TOOL_OPTIONS` and so on.
    Variable(&'static str),
    /// A system property.
    Property(&'static str),
    /// The path of `java` in a pasted line.
    PastedLine,
    /// `java` on the `PATH`.
    SearchPath,
    /// A running virtual machine: its program, its command line.
    Process(u32),
    /// A file.
    File(PathBuf),
    /// A line of a file.
    Line(PathBuf, usize),
    /// What is built in.
    BuiltIn,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("the command line"),
            Self::Option(name) => f.write_str(name),
            Self::Variable(name) => write!(f, "the environment variable {name}"),
            Self::Property(name) => write!(f, "-D{name}"),
            Self::PastedLine => f.write_str("the pasted line"),
            Self::SearchPath => f.write_str("java on the PATH"),
            Self::Process(number) => write!(f, "process {number}"),
            Self::Line(path, line) => write!(f, "line {line} of {}", path.display()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::BuiltIn => f.write_str("built in"),
        }
    }
}

/// Which runtime is imitated, and what it was told.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Whose behaviour is wanted.
    pub(crate) runtime: Runtime,
    /// System properties, as given.
    pub(crate) properties: SystemProperties,
    /// The runtime's security properties.
    pub(crate) security: SecurityProperties,
    /// What the virtual machine sees: its environment, directory, root and rights.
    pub(crate) seen: Surroundings,
    /// What the runtime's `net.properties` says, once somebody has asked for it.
    net_file: OnceLock<NetFile>,
}

impl Settings {
    /// Resolves what a verb's options say: `--java`, `--java-home`, `-D`.
    ///
    /// # Errors
    ///
    /// Says which option makes no sense, or which file could not be read.
    pub(crate) fn of_options(
        options: &RuntimeOptions,
        surroundings: &Surroundings,
    ) -> Result<Self, SettingsError> {
        let properties = properties_of(&options.properties, surroundings);
        Self::resolve(Runtime::find(options, None, surroundings)?, properties, surroundings)
    }

    /// Adds what `properties` and the runtime's own files say; `surroundings` are those of the virtual machine.
    ///
    /// # Errors
    ///
    /// Says which file could not be read.
    pub(crate) fn resolve(
        runtime: Runtime,
        properties: SystemProperties,
        surroundings: &Surroundings,
    ) -> Result<Self, SettingsError> {
        let security = SecurityProperties::load(&runtime, &properties, surroundings)?;
        let seen = surroundings.clone();
        Ok(Self { runtime, properties, security, seen, net_file: OnceLock::new() })
    }

    /// Returns what the runtime brings to a verdict: built-in rules, overridden by what its own files say.
    pub(crate) fn rules(&self) -> Rules {
        let schemes = self.properties.value(SIGNATURE_SCHEMES).unwrap_or_default();
        let mut rules = Rules::built_in(self.runtime.release.value).with_signature_schemes(schemes);
        if self.security.differ_from_built_in() {
            rules = rules.with_security_properties(&|name| self.security.value(name));
        }
        match self.runtime.own_home().and_then(JavaHome::blocked_certificates) {
            Some(text) => rules.with_blocked_certs(&text),
            None => rules,
        }
    }

    /// Returns whether Java was told to check revocation, which is not done here.
    pub(crate) fn checks_revocation(&self) -> bool {
        self.properties.is_true(CHECK_REVOCATION)
    }

    /// Returns the trust store that Java would read, and how; what our options name is in our own surroundings, and
    /// `password` is what was had from where they say.
    pub(crate) fn trust_store(
        &self,
        options: &StoreOptions,
        password: Option<Sourced<Password>>,
        surroundings: &Surroundings,
    ) -> TrustStoreChoice {
        TrustStoreChoice::resolve(self, options, password, surroundings)
    }

    /// Returns the same under every recorded feature release, oldest first; under its own it is as it is.
    ///
    /// # Errors
    ///
    /// Says which file could not be read.
    pub(crate) fn under_each_release(&self) -> Result<Vec<Self>, SettingsError> {
        let own = self.runtime.release.value.feature;
        let under = |release: &JavaRelease| {
            if release.feature == own {
                return Ok(self.clone());
            }
            Self::resolve(self.runtime.imitating(*release), self.properties.clone(), &self.seen)
        };
        JavaRelease::RECORDED.iter().map(under).collect()
    }
}
