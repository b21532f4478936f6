//! The command line of `trust`.

use std::ffi::OsString;

use super::PasswordOptions;

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
    pub(crate) password: PasswordOptions,
}

/// The arguments of `trust add`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustAddArgs {
    /// Files with certificates: PEM (bundles, too), DER, PKCS #7; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<OsString>,
    /// The store to change
    #[arg(long, value_name = "STORE")]
    pub(crate) to: OsString,
    /// Name of the new entry, instead of one made from the certificate's common name
    #[arg(long, value_name = "NAME")]
    pub(crate) alias: Option<String>,
    /// Take the place of another certificate that has the name
    #[arg(long)]
    pub(crate) replace: bool,
    /// Add the certificate of a server itself, too: it will stop working when the server renews it
    #[arg(long)]
    pub(crate) pin: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Keep no copy of the store as it was
    #[arg(long)]
    pub(crate) no_backup: bool,
    /// Make the store if it does not exist: PKCS12 without password if its name ends in .p12 or .pfx, else JKS
    #[arg(long)]
    pub(crate) create: bool,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
}
