//! The command line of `upgrade`.

use std::ffi::OsString;

use super::{StorePassword, WriteOptions};

/// What is to be done about an upgrade of Java.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum UpgradeCommand {
    /// Say what an upgrade of Java took out of the truststore
    Check(UpgradeCheckArgs),
    /// Carry own roots over into the truststore of the new Java
    Migrate(UpgradeMigrateArgs),
}

/// Which stores are compared.
#[derive(Debug, clap::Args)]
pub(crate) struct UpgradeStores {
    /// The store as it was before the upgrade
    #[arg(long, value_name = "STORE")]
    pub(crate) old: OsString,
    /// The store of the new Java
    #[arg(long, value_name = "STORE")]
    pub(crate) new: OsString,
    /// The store that the old Java came with, before anything was added to it
    #[arg(long, value_name = "STORE")]
    pub(crate) base: Option<OsString>,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}

/// The arguments of `upgrade check`.
#[derive(Debug, clap::Args)]
pub(crate) struct UpgradeCheckArgs {
    /// The store as it was before the upgrade
    #[arg(long, value_name = "STORE", required_unless_present = "java_home")]
    pub(crate) old: Option<OsString>,
    /// The store of the new Java
    #[arg(long, value_name = "STORE", required_unless_present = "java_home")]
    pub(crate) new: Option<OsString>,
    /// The store that a Java came with, before anything was added to it: the old one's with --old and --new, the new one's with --java-home
    #[arg(long, value_name = "STORE")]
    pub(crate) base: Option<OsString>,
    /// Java installation after the upgrade: whether its store is its own
    #[arg(long, value_name = "DIR")]
    pub(crate) java_home: Option<OsString>,
    /// Check for this time instead of now (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}

/// The arguments of `upgrade migrate`.
#[derive(Debug, clap::Args)]
pub(crate) struct UpgradeMigrateArgs {
    #[command(flatten)]
    pub(crate) stores: UpgradeStores,
    /// Carry over, too, what may be the organisation's or the vendor's
    #[arg(long)]
    pub(crate) include_ambiguous: bool,
    #[command(flatten)]
    pub(crate) writing: WriteOptions,
}
