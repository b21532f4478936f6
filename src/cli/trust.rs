//! The command line of `trust`.

use std::ffi::OsString;

use super::StoreOptions;

/// What is to be done with a truststore.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum TrustCommand {
    /// List the entries of a store
    List(TrustListArgs),
    /// Add CA certificates to a store
    Add(TrustAddArgs),
}

/// The arguments of `trust list`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustListArgs {
    /// The store
    pub(crate) store: OsString,
    #[command(flatten)]
    pub(crate) options: StoreOptions,
}

/// The arguments of `trust add`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustAddArgs {
    /// Files with certificates: PEM (bundles, too), DER, PKCS #7; `-` is standard input
    #[arg(required = true)]
    pub(crate) files: Vec<OsString>,
    /// The store to change
    #[arg(long, value_name = "STORE")]
    pub(crate) to: OsString,
    #[command(flatten)]
    pub(crate) options: StoreOptions,
}
