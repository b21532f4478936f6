//! The command line of `upgrade`.

use std::ffi::OsString;

use super::{Deferred, StorePassword, WireOptions, WriteOptions};

/// What is to be done about an upgrade of Java.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum UpgradeCommand {
    /// Say what an upgrade of Java took out of the truststore, or before it which endpoints will fail and why
    Check(Deferred<UpgradeCheckArgs>),
    /// Carry own roots over into the truststore of the new Java
    Migrate(Deferred<UpgradeMigrateArgs>),
}

impl UpgradeCommand {
    /// Returns whether endpoints are poked, and not stores compared.
    pub(super) fn pokes(&self) -> bool {
        matches!(self, Self::Check(check) if !check.targets.is_empty())
    }
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
    /// Endpoints to poke as the old Java would, and as the new one: `HOST PORT`, `HOST:PORT` or a URL such as `https://…`, `ldaps://…`
    #[arg(value_name = "TARGET", requires = "from")]
    pub(crate) targets: Vec<String>,
    /// The Java of today: a release (17, 17.0.15, 8u504), or the folder of an installation
    #[arg(long, value_name = "RELEASE|DIR", requires_all = ["to", "targets"], conflicts_with_all = ["java_home", "base"])]
    pub(crate) from: Option<OsString>,
    /// The Java after the upgrade: a release, or the folder of an installation
    #[arg(long, value_name = "RELEASE|DIR", requires = "from")]
    pub(crate) to: Option<OsString>,
    /// The store as it was before the upgrade
    #[arg(long, value_name = "STORE", required_unless_present_any = ["java_home", "from"])]
    pub(crate) old: Option<OsString>,
    /// The store of the new Java
    #[arg(long, value_name = "STORE", required_unless_present_any = ["java_home", "from"])]
    pub(crate) new: Option<OsString>,
    /// Truststore of both, instead of each Java's own
    #[arg(long, value_name = "FILE", requires = "from", conflicts_with_all = ["old", "new"])]
    pub(crate) truststore: Option<OsString>,
    /// The store that a Java came with, before anything was added to it: the old one's with --old and --new, the new one's with --java-home
    #[arg(long, value_name = "STORE")]
    pub(crate) base: Option<OsString>,
    /// Java installation after the upgrade: whether its store is its own
    #[arg(long, value_name = "DIR")]
    pub(crate) java_home: Option<OsString>,
    #[command(flatten)]
    pub(crate) access: StorePassword,
    #[command(flatten)]
    pub(crate) wire: WireOptions,
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
