//! The command line as types. No decision is made here but one: classic line or verb.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

mod classic;
mod deferred;
mod doctor;
mod explain;
mod options;
mod protocol;
mod runtimes;
mod scan;
mod target;
mod trust;
mod upgrade;

pub(crate) use classic::{ClassicLine, MAIN_CLASS, takes_next_word};
pub(crate) use deferred::Deferred;
pub(crate) use doctor::DoctorArgs;
pub(crate) use explain::ExplainArgs;
pub(crate) use options::{
    MachineOptions, PasswordOptions, ProxyOptions, RuntimeOptions, StoreOptions, WireOptions,
};
pub(crate) use protocol::{is_port_of_mail_or_directory, starttls_names, starttls_of_port};
pub(crate) use runtimes::RuntimesArgs;
pub(crate) use scan::ScanArgs;
pub(crate) use target::{
    Begins, Listed, Target, TargetError, host_port, targets, targets_and_files,
};
pub(crate) use trust::{
    StorePassword, StoreType, TrustAddArgs, TrustBuildArgs, TrustCheckArgs, TrustCommand,
    TrustConvertArgs, TrustDiffArgs, TrustExportArgs, TrustListArgs, TrustRemoveArgs,
    TrustRollbackArgs, TrustShowArgs, WriteOptions,
};
pub(crate) use upgrade::{UpgradeCheckArgs, UpgradeCommand, UpgradeMigrateArgs, UpgradeStores};

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Invocation {
    /// A line as `java` takes it, or `HOST PORT`.
    Classic(Box<ClassicLine>),
    /// One of our verbs.
    Verb(Box<Args>),
    /// Help, the version, or what is wrong with the line.
    Told(Told),
}

/// What clap has to say: help or a usage error.
#[derive(Debug)]
pub(crate) struct Told {
    error: clap::Error,
    /// How a usage error ends.
    usage: u8,
}

impl Told {
    pub(crate) fn exit_code(&self) -> u8 {
        if self.error.use_stderr() { self.usage } else { 0 }
    }

    pub(crate) fn print(&self) -> io::Result<()> {
        self.error.print()
    }
}

/// SSLPoke without Java: says what Java would say about a TLS server, and repairs the truststore.
#[derive(Debug, Parser)]
#[command(name = "sslpoke", version, max_term_width = 100)]
pub(crate) struct Args {
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text, global = true, display_order = 900)]
    pub(crate) format: Format,
    /// Say only what Java would say
    #[arg(short, long, global = true, display_order = 901)]
    pub(crate) quiet: bool,
    /// Say where every setting came from
    #[arg(short, long, global = true, display_order = 902)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make one handshake as Java would and say what Java would say
    Poke(Deferred<PokeArgs>),
    /// Poke many servers at once: a table, JSON, metrics for Prometheus, or JUnit
    Scan(Deferred<ScanArgs>),
    /// Say what keeps Java from a server, why, and the one fix
    Doctor(Deferred<DoctorArgs>),
    /// Judge a certificate chain as Java would, without a connection; with `--java all` under six releases
    Judge(Deferred<JudgeArgs>),
    /// Find what Java, Jira and GitLab say of failures in logs; tell cause and fix, grouped and counted
    Explain(Deferred<ExplainArgs>),
    /// List and change truststores
    #[command(subcommand)]
    Trust(Deferred<TrustCommand>),
    /// See what an upgrade of Java took away, or which endpoints it will break; carry own roots over
    #[command(subcommand)]
    Upgrade(Deferred<UpgradeCommand>),
    /// List Java installations, JVMs and their truststores on this machine, or in an image
    Runtimes(Deferred<RuntimesArgs>),
    /// Show the whole story on an embedded server: no network, no Java
    Demo(Deferred<DemoArgs>),
}

/// The arguments of `poke`.
#[derive(Debug, clap::Args)]
pub(crate) struct PokeArgs {
    /// `HOST PORT`, `HOST:PORT` or a URL such as `https://…`, `ldaps://…`, `smtp://…`
    #[arg(required = true, value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    #[command(flatten)]
    pub(crate) machine: MachineOptions,
    #[command(flatten)]
    pub(crate) runtime: RuntimeOptions,
    #[command(flatten)]
    pub(crate) store: StoreOptions,
    #[command(flatten)]
    pub(crate) wire: WireOptions,
    /// Write the certificates that the server sends to this file, as PEM, trusted or not
    #[arg(long, value_name = "FILE")]
    pub(crate) save_chain: Option<PathBuf>,
}

/// The arguments of `judge`.
#[derive(Debug, clap::Args)]
pub(crate) struct JudgeArgs {
    /// File with the chain, end entity first: PEM, DER or PKCS #7; `-` is standard input
    #[arg(long, value_name = "FILE", required_unless_present = "jsonl")]
    pub(crate) chain: Option<OsString>,
    /// The host that the certificate is for
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Option<String>,
    /// Read one case a line from standard input and write one verdict a line
    #[arg(long, conflicts_with_all = ["chain", "host"])]
    pub(crate) jsonl: bool,
    /// Judge at this time instead of now (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Judge under this version of TLS alone: 1.2 or 1.3; without it under both
    #[arg(long, value_name = "VERSION", conflicts_with = "jsonl")]
    pub(crate) tls: Option<String>,
    /// When the report has colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
    #[command(flatten)]
    pub(crate) runtime: RuntimeOptions,
    #[command(flatten)]
    pub(crate) store: StoreOptions,
}

/// When a report has colours.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The arguments of `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// Leave the scratch files where they are and say where
    #[arg(long)]
    pub(crate) keep: bool,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people and for scripts that grep
    #[default]
    Text,
    /// One JSON object
    Json,
    /// Certificates as PEM: trust export
    Pem,
    /// Markdown, to paste into a ticket: doctor, explain, upgrade check TARGET
    Md,
    /// One page that needs nothing else: doctor, judge --chain
    Html,
    /// One JSON object a target: scan
    Ndjson,
    /// Metrics in the text format of Prometheus: scan
    Prometheus,
    /// Test results in JUnit's XML: scan
    Junit,
}

/// Reads the command line.
pub(crate) fn parse(words: impl Iterator<Item = OsString>) -> Invocation {
    let words: Vec<OsString> = words.collect();
    if let Some(line) = ClassicLine::recognise(&words) {
        return line.map_or_else(Invocation::Told, |line| Invocation::Classic(Box::new(line)));
    }
    match Args::try_parse_from(words).and_then(Args::checked).and_then(Args::repairing_one) {
        Ok(args) => Invocation::Verb(Box::new(args)),
        Err(error) => Invocation::Told(Told { error, usage: 2 }),
    }
}

impl Args {
    /// Refuses a format that the verb does not write.
    fn checked(self) -> Result<Self, clap::Error> {
        let writes_pem = matches!(&self.command, Command::Trust(trust) if trust.exports());
        let pokes = matches!(&self.command, Command::Upgrade(upgrade) if upgrade.pokes());
        let writes_md = pokes || matches!(self.command, Command::Doctor(_) | Command::Explain(_));
        let writes_html = matches!(&self.command, Command::Judge(judge) if judge.chain.is_some())
            || matches!(self.command, Command::Doctor(_));
        let is_scan = matches!(self.command, Command::Scan(_));
        let text = match self.format {
            Format::Ndjson if !is_scan => "--format ndjson is for `scan`",
            Format::Prometheus if !is_scan => "--format prometheus is for `scan`",
            Format::Junit if !is_scan => "--format junit is for `scan`",
            Format::Pem if !writes_pem => "--format pem is for `trust export`",
            Format::Md if !writes_md => {
                "--format md is for `doctor`, `explain` and `upgrade check TARGET`"
            }
            Format::Html if !writes_html => "--format html is for `doctor` and `judge --chain`",
            Format::Text | Format::Json | Format::Pem | Format::Md | Format::Html => {
                return Ok(self);
            }
            Format::Ndjson | Format::Prometheus | Format::Junit => return Ok(self),
        };
        Err(conflict(text))
    }

    /// Refuses to repair for every Java at once.
    fn repairing_one(self) -> Result<Self, clap::Error> {
        let repairs_all = matches!(&self.command, Command::Doctor(doctor) if doctor.fix && doctor.runtime.names_all());
        let text = "--fix repairs for one Java: --java all only says what is wrong";
        if repairs_all { Err(conflict(text)) } else { Ok(self) }
    }
}

fn conflict(text: &str) -> clap::Error {
    Args::command().error(ErrorKind::ArgumentConflict, text)
}
