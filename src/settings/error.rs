//! Why the question could not be asked.

use std::io;
use std::path::PathBuf;

use java_pkix::ParseReleaseError;

/// Why settings could not be resolved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// `--java` names no release.
    #[error("--java")]
    Release(#[from] ParseReleaseError),
    /// A folder holds no Java installation.
    #[error("{0}: no Java installation: neither lib/security nor jre/lib/security is there")]
    NoJavaHome(PathBuf),
    /// A file could not be read.
    #[error("{path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// The environment variable of `--storepass-env` is not set, or not text.
    #[error("--storepass-env {0}: the variable is not set, or is not text")]
    PasswordVariable(String),
    /// A password is not UTF-8.
    #[error("{0}: the password is not UTF-8 text")]
    PasswordText(&'static str),
    /// An option's value makes no sense.
    #[error("{option} {value:?}: {expected} is wanted")]
    OptionValue {
        /// The option.
        option: &'static str,
        /// Its value.
        value: String,
        /// What is wanted.
        expected: &'static str,
    },
}
