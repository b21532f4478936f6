//! What is told: plain data, and the writers that turn it into text or JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::certificates::printable;
use crate::cli::Format;

mod demo;
mod doctor;
mod endpoints;
mod explain;
mod html;
mod judge;
mod markdown;
mod page;
mod poke;
mod runtimes;
mod scan;
mod screen;
mod several;
mod text;
mod tree;
mod trust;
mod upgrade;

pub(crate) use demo::{DemoReport, DemoStep};
pub(crate) use doctor::{DoctorReport, Fix, Jvm, StoreBeside};
pub(crate) use endpoints::{Endpoint, UpgradeEndpoints};
pub(crate) use explain::ExplainReport;
pub(crate) use judge::{Decision, Difference, JudgeReport, Judgement, Tried};
pub(crate) use poke::{
    ChainEntry, ClientCertificate, Connection, ExceptionLine, OtherWay, Outcome, PokeReport,
    RuntimeUsed, StoreUsed, TargetNamed, TimingsNamed,
};
pub(crate) use runtimes::{
    RuntimeInstalled, RuntimesReport, StoreFound, StoreOfJvm, VirtualMachine,
};
pub(crate) use scan::{ScanReport, Scanned};
pub(crate) use screen::Screen;
pub(crate) use several::{Several, Told};
pub(crate) use tree::Branch;
pub(crate) use trust::{
    BackupListed, CertificateCompared, CertificateContents, CertificateExported, CertificateListed,
    CertificateShown, CertificateSkipped, Counts, EntryChanged, EntryListed, EntryShown, Proof,
    Refused, StoreListed, TrustBackups, TrustChange, TrustCheck, TrustDiff, TrustExport, TrustList,
    TrustShow,
};

pub(crate) use upgrade::{EntryLeft, UpgradeCheck, UpgradeInstalled, UpgradeMigrated};

/// The name of the JSON contract (`docs/json.md`): only additive changes within it.
pub(crate) const SCHEMA: &str = "sslpoke/1";

/// What is told of one run. Its JSON form is a contract, see `docs/json.md`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Report {
    /// What Java would do about each target, one object a line.
    Pokes(Vec<PokeReport>),
    /// What Java would do about many targets.
    Scanned(ScanReport),
    /// What keeps Java from each target, one object a line.
    Doctored(Vec<DoctorReport>),
    /// What several releases make of each target, one object a line.
    Several(Vec<Several>),
    /// What Java would say of a chain.
    Judged(JudgeReport),
    /// What logs say.
    Explained(ExplainReport),
    /// What is on a machine.
    Runtimes(RuntimesReport),
    /// How the demo went.
    Demo(DemoReport),
    /// The entries of a store.
    TrustList(TrustList),
    /// What was found in a store.
    TrustCheck(TrustCheck),
    /// Entries of a store, in full.
    TrustShow(TrustShow),
    /// What differs between two stores.
    TrustDiff(TrustDiff),
    /// Certificates of a store as PEM.
    TrustExport(TrustExport),
    /// The backups of a store.
    TrustBackups(TrustBackups),
    /// What was changed in a store.
    TrustChange(TrustChange),
    /// Which own roots the store of the new Java lacks.
    UpgradeCheck(UpgradeCheck),
    /// Which endpoints will fail under the new Java.
    UpgradeEndpoints(UpgradeEndpoints),
    /// Own roots that were carried over.
    UpgradeMigrated(UpgradeMigrated),
    /// Whether the store of a Java installation is its own.
    UpgradeInstalled(UpgradeInstalled),
    /// The question could not be asked.
    Unasked {
        /// Why.
        error: String,
        /// How it ends: a usage error, or a file that could not be read.
        #[serde(skip)]
        exit: Exit,
    },
    /// SSLPoke was not given a host and a port.
    Usage {
        /// What the virtual machine says before.
        told: Vec<String>,
        /// Where help is to be had.
        hint: Option<&'static str>,
    },
    /// Java would not have started.
    NotLaunched {
        /// What it says.
        told: Vec<String>,
        /// The option that asks for something which is not imitated.
        not_imitated: Option<String>,
    },
    /// Written while the work went on; only the exit code is left to tell.
    Streamed { exit: Exit },
}

/// How a run ended (`cli.md`, section 5). The greatest that occurred is the program's exit code.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Exit {
    /// Java connects; the store is fine.
    Yes,
    /// Java refuses; a problem was found.
    No,
    /// The command line makes no sense.
    Usage,
    /// The peer could not be reached.
    Unreachable,
    /// A store or file could not be read.
    Unreadable,
    /// A write was refused or failed.
    NotWritten,
    /// What Java would do could not be decided.
    Undetermined,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Unreadable => 4,
            Self::NotWritten => 5,
            Self::Undetermined => 6,
        }
    }
}

impl Report {
    /// Reports an error, its causes joined to it, that kept the question from being asked.
    pub(crate) fn unasked(error: &dyn std::error::Error, exit: Exit) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(held) = cause {
            text.push_str(": ");
            text.push_str(&held.to_string());
            cause = held.source();
        }
        Self::Unasked { error: text, exit }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Pokes(pokes) => {
                pokes.iter().map(|poke| poke.exit).max().unwrap_or(Exit::Yes).code()
            }
            Self::Scanned(scan) => scan.exit().code(),
            Self::Doctored(reports) => {
                reports.iter().map(DoctorReport::exit).max().unwrap_or(Exit::Yes).code()
            }
            Self::Several(all) => all.iter().map(Several::exit).max().unwrap_or(Exit::Yes).code(),
            Self::Judged(judged) => judged.exit().code(),
            Self::Explained(explained) => explained.exit.code(),
            Self::Runtimes(report) => report.exit().code(),
            Self::Demo(demo) => if demo.as_told { Exit::Yes } else { Exit::No }.code(),
            Self::TrustCheck(check) => check.exit().code(),
            Self::TrustList(list) => list.exit().code(),
            Self::TrustShow(_) | Self::TrustExport(_) | Self::TrustBackups(_) => Exit::Yes.code(),
            Self::TrustDiff(diff) => diff.exit().code(),
            Self::TrustChange(change) => change.exit().code(),
            Self::UpgradeCheck(check) => check.exit().code(),
            Self::UpgradeEndpoints(endpoints) => endpoints.exit().code(),
            Self::UpgradeMigrated(migrated) => migrated.exit().code(),
            Self::UpgradeInstalled(installed) => installed.exit().code(),
            Self::Usage { .. } | Self::NotLaunched { .. } => Exit::No.code(),
            Self::Unasked { exit, .. } | Self::Streamed { exit } => exit.code(),
        }
    }
}

/// Writes `report`: the answer to `out`, all that explains it to `err`.
pub(crate) fn write(
    report: &Report,
    format: Format,
    screen: Screen,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    match (report, format) {
        (Report::Streamed { .. }, _) => Ok(()),
        (Report::Unasked { error, .. }, _) => {
            error.lines().try_for_each(|line| writeln!(err, "sslpoke: {}", printable(line)))
        }
        (Report::Usage { told, hint }, _) => text::write_usage(told, *hint, out, err),
        (Report::NotLaunched { told, not_imitated }, _) => {
            text::write_not_launched(told, not_imitated.as_deref(), err)
        }
        (Report::Scanned(scan), format) => scan::write(scan, format, screen, out),
        (Report::TrustExport(export), format) => trust::write_export(export, format, out),
        (Report::Doctored(reports), format) => doctor::write(reports, format, screen, out),
        (Report::Several(all), format) => several::write(all, format, screen, out, err),
        (Report::UpgradeEndpoints(told), format) => endpoints::write(told, format, screen, out),
        (Report::Judged(judged), Format::Html) => html::write_judged(judged, out),
        (Report::Explained(told), Format::Md) => markdown::write_explained(told, out),
        (report, Format::Text) => write_text(report, screen, out, err),
        (Report::Pokes(pokes), _) => write_lines(pokes, out),
        (report, _) => write_lines(std::slice::from_ref(report), out),
    }
}

/// Writes what has a form of its own for people.
fn write_text(
    report: &Report,
    screen: Screen,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    match report {
        Report::Pokes(pokes) => text::write(pokes, out, err),
        Report::Judged(judged) => judge::write(judged, screen, out),
        Report::Explained(told) => explain::write(told, screen, out),
        Report::Runtimes(report) => runtimes::write(report, screen, out, err),
        Report::TrustList(list) => trust::write_list(list, out, err),
        Report::TrustCheck(check) => trust::write_check(check, out),
        Report::TrustBackups(listed) => trust::write_backups(listed, out),
        Report::TrustShow(show) => trust::write_show(show, out),
        Report::TrustDiff(diff) => trust::write_diff(diff, out),
        Report::TrustChange(change) => trust::write_change(change, out, err),
        Report::UpgradeCheck(check) => upgrade::write_check(check, out, err),
        Report::UpgradeMigrated(migrated) => upgrade::write_migrated(migrated, out, err),
        Report::UpgradeInstalled(installed) => upgrade::write_installed(installed, out),
        // written as it went on, or by `write` itself
        Report::Demo(_)
        | Report::Scanned(_)
        | Report::Doctored(_)
        | Report::Several(_)
        | Report::UpgradeEndpoints(_)
        | Report::TrustExport(_)
        | Report::Unasked { .. }
        | Report::Usage { .. }
        | Report::NotLaunched { .. }
        | Report::Streamed { .. } => Ok(()),
    }
}

/// Writes one object a line.
fn write_lines(objects: &[impl Serialize], out: &mut dyn Write) -> io::Result<()> {
    for object in objects {
        serde_json::to_writer(&mut *out, object)?;
        writeln!(out)?;
    }
    Ok(())
}
