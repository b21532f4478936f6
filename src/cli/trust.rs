//! The command line of `trust`.

use std::ffi::OsString;

use super::{Deferred, PasswordOptions, RuntimeOptions, WireOptions};

/// What is to be done with a truststore.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum TrustCommand {
    /// List the entries of a store
    List(Deferred<TrustListArgs>),
    /// Show an entry of a store with all that its certificate says; with -v its PEM, too
    Show(Deferred<TrustShowArgs>),
    /// Look for what is wrong with a store, or soon will be
    Check(Deferred<TrustCheckArgs>),
    /// Add CA certificates to a store
    Add(Deferred<TrustAddArgs>),
    /// Remove trusted certificates from a store
    Remove(Deferred<TrustRemoveArgs>),
    /// Compare two stores by their certificates
    Diff(Deferred<TrustDiffArgs>),
    /// Write the trusted certificates of a store as PEM
    Export(Deferred<TrustExportArgs>),
    /// Copy the trusted certificates of a store into a new store of another type
    Convert(Deferred<TrustConvertArgs>),
    /// Make a store of another one and a folder of certificates
    Build(Deferred<TrustBuildArgs>),
    /// Put the store back as it was before the last change
    Rollback(Deferred<TrustRollbackArgs>),
}

impl TrustCommand {
    /// Returns whether PEM is what is asked for.
    pub(super) fn exports(&self) -> bool {
        matches!(self, Self::Export(_))
    }
}

/// The password of a store, from our options or as Java is told it.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct StorePassword {
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
    /// System property, as java takes it: -Djavax.net.ssl.trustStorePassword=…
    #[arg(short = 'D', value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) properties: Vec<String>,
}

/// How a store is written.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct WriteOptions {
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Keep no copy of the store as it was
    #[arg(long)]
    pub(crate) no_backup: bool,
    /// Write over the file instead of replacing it: for bind mounts, hard links and folders that cannot be written
    #[arg(long)]
    pub(crate) in_place: bool,
    /// Change the store even if the system's own tools will write over it
    #[arg(long)]
    pub(crate) even_if_managed: bool,
}

/// The arguments of `trust list`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustListArgs {
    /// The store
    pub(crate) store: OsString,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}

/// The arguments of `trust show`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustShowArgs {
    /// The store
    pub(crate) store: OsString,
    /// Names of entries, or SHA-256 fingerprints of certificates (the first eight digits are enough)
    #[arg(required = true, value_name = "ALIAS|SHA256")]
    pub(crate) entries: Vec<String>,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}

/// The arguments of `trust check`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustCheckArgs {
    /// The store
    pub(crate) store: OsString,
    /// Warn of certificates that expire within this many days
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub(crate) days: u32,
    /// The user that the service runs as: name or number
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// Check for this time instead of now (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) runtime: RuntimeOptions,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
}

/// The arguments of `trust add`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustAddArgs {
    /// Files with certificates: PEM (bundles, too), DER, PKCS #7; `-` is standard input
    #[arg(required_unless_present_any = ["from", "from_os"], value_name = "FILE")]
    pub(crate) files: Vec<OsString>,
    /// The store to change
    #[arg(long, value_name = "STORE", visible_alias = "store")]
    pub(crate) to: OsString,
    /// Take the certificates that this server sends; --sha256 says which one is meant
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) from: Option<String>,
    /// Add only the certificate with this SHA-256 fingerprint, and fail if it is not there
    #[arg(long, value_name = "FINGERPRINT")]
    pub(crate) sha256: Vec<String>,
    /// Take the CA certificates that the operating system trusts
    #[arg(long)]
    pub(crate) from_os: bool,
    /// Write only if the handshake with this server then passes; may be given several times
    #[arg(long = "for", value_name = "HOST:PORT")]
    pub(crate) targets: Vec<String>,
    /// Name of the new entry, instead of one made from the certificate's common name
    #[arg(long, value_name = "NAME")]
    pub(crate) alias: Option<String>,
    /// Take the place of another certificate that has the name
    #[arg(long)]
    pub(crate) replace: bool,
    /// Add the certificate of a server itself, too: it will stop working when the server renews it
    #[arg(long)]
    pub(crate) pin: bool,
    /// Add intermediate CA certificates, too, where their root is among the certificates
    #[arg(long)]
    pub(crate) with_intermediates: bool,
    /// Add expired certificates, too, and such that Java would not accept: weak keys, blocked ones
    #[arg(long)]
    pub(crate) even_if_useless: bool,
    /// Make the store if it does not exist: PKCS12 without password if its name ends in .p12 or .pfx, else JKS
    #[arg(long)]
    pub(crate) create: bool,
    #[command(flatten)]
    pub(crate) writing: WriteOptions,
    #[command(flatten)]
    pub(crate) runtime: RuntimeOptions,
    #[command(flatten)]
    pub(crate) wire: WireOptions,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
}

/// The arguments of `trust remove`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustRemoveArgs {
    /// The store
    pub(crate) store: OsString,
    /// Names of entries, or SHA-256 fingerprints of certificates
    #[arg(required = true, value_name = "ALIAS|SHA256")]
    pub(crate) entries: Vec<String>,
    #[command(flatten)]
    pub(crate) writing: WriteOptions,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}

/// The arguments of `trust diff`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustDiffArgs {
    /// The one store
    #[arg(value_name = "A")]
    pub(crate) old: OsString,
    /// The other store
    #[arg(value_name = "B")]
    pub(crate) new: OsString,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}

/// The arguments of `trust export`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustExportArgs {
    /// The store
    pub(crate) store: OsString,
    /// Names of entries, or SHA-256 fingerprints of certificates; all that Java trusts if none is named
    #[arg(value_name = "ALIAS|SHA256")]
    pub(crate) entries: Vec<String>,
    /// File to write instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<OsString>,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}

/// The arguments of `trust convert`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustConvertArgs {
    /// The store
    pub(crate) store: OsString,
    /// The new store
    pub(crate) out: OsString,
    /// Type of the new store
    #[arg(long, value_enum, value_name = "TYPE")]
    pub(crate) to_type: StoreType,
    /// Leave private and secret keys behind
    #[arg(long)]
    pub(crate) without_keys: bool,
    /// Write over a store that is there
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) writing: WriteOptions,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}

/// A type of store, and for PKCS12 how it is protected.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum StoreType {
    /// Java's old type, which every release opens without password
    Jks,
    /// Encrypted: Java finds nothing in it unless it is told the password
    Pkcs12,
    /// PKCS12 without encryption and digest, as newer Javas ship their own
    Pkcs12Passwordless,
    /// JKS with stronger keys; Java opens it only if told the type
    Jceks,
}

/// The arguments of `trust build`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustBuildArgs {
    /// The store to begin with; its format is kept
    #[arg(long, value_name = "STORE")]
    pub(crate) base: Option<OsString>,
    /// Folder whose files hold the certificates to add; names that begin with a dot are passed over
    #[arg(long, value_name = "DIR")]
    pub(crate) add_dir: Vec<OsString>,
    /// File with certificates to add
    #[arg(long, value_name = "FILE")]
    pub(crate) add: Vec<OsString>,
    /// The store to write
    #[arg(long, value_name = "STORE")]
    pub(crate) out: OsString,
    /// Type of the new store, instead of the base's
    #[arg(long, value_enum, value_name = "TYPE")]
    pub(crate) to_type: Option<StoreType>,
    /// Pass over files that hold no certificate that can be used, instead of writing nothing
    #[arg(long)]
    pub(crate) keep_going: bool,
    #[command(flatten)]
    pub(crate) writing: WriteOptions,
    #[command(flatten)]
    pub(crate) runtime: RuntimeOptions,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
}

/// The arguments of `trust rollback`.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustRollbackArgs {
    /// The store
    pub(crate) store: OsString,
    /// The backup to go back to, instead of the newest one
    #[arg(value_name = "BACKUP")]
    pub(crate) backup: Option<OsString>,
    /// List the backups, and do nothing
    #[arg(long)]
    pub(crate) list: bool,
    #[command(flatten)]
    pub(crate) writing: WriteOptions,
    #[command(flatten)]
    pub(crate) access: StorePassword,
}
