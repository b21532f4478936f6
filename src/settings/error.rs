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
    /// The environment variable that is to hold a password is not set, or not text.
    #[error("{option} {name}: the variable is not set, or is not text")]
    PasswordVariable {
        /// The option that names it.
        option: &'static str,
        /// The variable.
        name: String,
    },
    /// A password on the command line: every user of the machine can read it there.
    #[error(
        "--proxy: a password in a URL can be seen by every user of this machine; --proxy-pass-file, --proxy-pass-env and --proxy-pass-stdin keep it"
    )]
    PasswordInUrl,
    /// A password is not UTF-8.
    #[error("{0}: the password is not UTF-8 text")]
    PasswordText(String),
    /// A password, and nobody whose it is.
    #[error("{0}: --proxy-user NAME is wanted, too")]
    ProxyWithoutUser(String),
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
