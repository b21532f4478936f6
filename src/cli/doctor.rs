//! The command line of `doctor`.

use std::ffi::OsString;

use super::{Colour, MachineOptions, RuntimeOptions, StoreOptions, WireOptions, WriteOptions};

/// The arguments of `doctor`.
#[derive(Debug, clap::Args)]
pub(crate) struct DoctorArgs {
    /// `HOST PORT`, `HOST:PORT` or a URL; without one only the runtime and its truststore are looked at
    #[arg(value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// Fetch a missing intermediate from where the certificate says that it is, over plain HTTP
    #[arg(long)]
    pub(crate) aia: bool,
    /// File or folder with CA certificates that might be the missing ones; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) candidates: Vec<OsString>,
    /// Add the CA that is missing, if that is safe and Java then connects; asks before
    #[arg(long)]
    pub(crate) fix: bool,
    /// Do not ask
    #[arg(long, requires = "fix")]
    pub(crate) yes: bool,
    /// The CA that may be added, by its SHA-256 fingerprint: wanted where only the server, or a proxy, vouches for it
    #[arg(long, value_name = "FINGERPRINT", requires = "fix")]
    pub(crate) sha256: Option<String>,
    #[command(flatten)]
    pub(crate) writing: WriteOptions,
    /// When the report has colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
    #[command(flatten)]
    pub(crate) machine: MachineOptions,
    #[command(flatten)]
    pub(crate) runtime: RuntimeOptions,
    #[command(flatten)]
    pub(crate) store: StoreOptions,
    #[command(flatten)]
    pub(crate) wire: WireOptions,
}
