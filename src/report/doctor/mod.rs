//! What the doctor tells: the verdict, which Java and which store, what fails, the one fix, how to prove it.

use std::io::{self, Write};

use serde::Serialize;

mod markdown;
mod text;

use super::screen::Screen;
use super::{
    Branch, ChainEntry, Connection, ExceptionLine, Exit, OtherWay, Outcome, PokeReport,
    RuntimeUsed, StoreFound, StoreUsed, TargetNamed, TrustChange, html, write_lines,
};
use crate::cli::Format;
use crate::diagnosis::{Finding, Severity};

pub(super) use markdown::write_several as write_several_markdown;
pub(super) use text::write as write_screens;

/// What is told of one target, or of a runtime alone.
#[derive(Debug, Serialize)]
pub(crate) struct DoctorReport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    /// The verdict in a line.
    pub(crate) verdict: String,
    /// When it was looked.
    pub(crate) at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<TargetNamed>,
    /// The JVM that is meant, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jvm: Option<Jvm>,
    pub(crate) runtime: RuntimeUsed,
    pub(crate) truststore: StoreUsed,
    /// What Java would do; none where no target was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<Outcome>,
    pub(crate) exception: Vec<ExceptionLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connection: Option<Connection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compared: Option<OtherWay>,
    pub(crate) chain: Vec<ChainEntry>,
    /// The chain from the server's certificate up, as it is drawn.
    #[serde(rename = "path", skip_serializing_if = "Vec::is_empty")]
    pub(crate) tree: Vec<Branch>,
    /// The store that is used, and those that have the root which is missing in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) stores: Vec<StoreBeside>,
    /// What matters most first: the first error is why Java fails.
    pub(crate) findings: Vec<Finding>,
    /// The command that shows whether it is repaired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<String>,
    /// What to write to the server's owner, where the fault is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) letter: Option<String>,
    /// What `--fix` did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<Fix>,
    /// How this one ends for the program.
    #[serde(skip)]
    pub(crate) exit: Exit,
    /// Where the settings came from; told only on demand.
    #[serde(skip)]
    pub(crate) provenance: Vec<String>,
}

/// A JVM of this machine.
#[derive(Debug, Serialize)]
pub(crate) struct Jvm {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) started: Option<String>,
    /// Whose rights count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    /// The class or archive that it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) runs: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<String>,
}

/// A store, and whether it is the one that is used.
#[derive(Debug, Serialize)]
pub(crate) struct StoreBeside {
    /// Whether the Java that is meant uses it.
    #[serde(rename = "meant")]
    pub(crate) is_meant: bool,
    #[serde(flatten)]
    pub(crate) store: StoreFound,
}

/// What came of `--fix`.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(crate) enum Fix {
    /// The store was changed, or would be with `--dry-run`.
    Changed {
        /// How.
        change: Box<TrustChange>,
        /// Whether a running virtual machine has to be started anew to see it, in words.
        restart: String,
    },
    /// Nothing was changed.
    Refused {
        /// Why.
        why: String,
    },
    /// There is nothing that could be repaired here.
    Nothing {
        /// Why.
        why: String,
    },
}

impl DoctorReport {
    /// Takes what a poke tells; of no target if there was none.
    pub(crate) fn of(poke: PokeReport, jvm: Option<Jvm>, has_target: bool, at: String) -> Self {
        let is_sick = poke.findings.iter().any(is_problem);
        let exit = if is_sick { poke.exit.max(Exit::No) } else { poke.exit };
        let mut report = Self {
            schema: poke.schema,
            verb: "doctor",
            verdict: String::new(),
            at,
            target: has_target.then_some(poke.target),
            jvm,
            runtime: poke.runtime,
            truststore: poke.truststore,
            result: has_target.then_some(poke.result),
            exception: poke.exception,
            reason: poke.reason,
            connection: poke.connection,
            compared: poke.compared,
            chain: poke.chain,
            tree: Vec::new(),
            stores: Vec::new(),
            findings: poke.findings,
            proof: None,
            letter: None,
            fix: None,
            exit,
            provenance: poke.provenance,
        };
        report.verdict = report.in_a_line();
        report
    }

    pub(super) fn exit(&self) -> Exit {
        self.exit
    }

    fn in_a_line(&self) -> String {
        let java = format!("Java {}", self.runtime.release);
        let Some(target) = &self.target else {
            let is_well = self.exit == Exit::Yes;
            return if is_well {
                format!("{java} can use its truststore")
            } else {
                format!("{java} has a problem before it connects to anybody")
            };
        };
        let place = target.place();
        match self.result {
            Some(Outcome::Connected) if self.exit == Exit::Yes => {
                format!("{java} connects to {place}")
            }
            Some(Outcome::Connected) => format!("{java} connects to {place}, but"),
            Some(Outcome::Refused) if self.reason.is_some() => format!("{java} refuses {place}"),
            Some(Outcome::Refused) => format!("{java} does not connect to {place}"),
            Some(Outcome::Unreachable) => format!("{java} does not reach {place}"),
            Some(Outcome::Undetermined) | None => {
                format!("what {java} makes of {place} could not be decided")
            }
        }
    }

    /// Returns why it fails: the first error, or what comes first where there is none.
    pub(super) fn main(&self) -> Option<&Finding> {
        let problem = self.findings.iter().find(|finding| is_problem(finding));
        let was_sick = self.exit != Exit::Yes || self.fix.is_some();
        problem.or_else(|| self.findings.first()).filter(|_| was_sick)
    }

    /// Returns what else was found.
    pub(super) fn others(&self) -> impl Iterator<Item = &Finding> {
        let main = self.main();
        self.findings.iter().filter(move |held| !main.is_some_and(|main| std::ptr::eq(main, *held)))
    }
}

/// Whether something has to be done, though Java may connect.
fn is_problem(finding: &Finding) -> bool {
    finding.severity == Severity::Error || finding.code == "restart-pending"
}

/// Writes what was found about each target.
pub(super) fn write(
    reports: &[DoctorReport],
    format: Format,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all: Vec<&DoctorReport> = reports.iter().collect();
    match format {
        Format::Text => text::write(&all, screen, out),
        Format::Md => markdown::write(&all, out),
        Format::Html => html::write_doctored(reports, out),
        Format::Json | Format::Ndjson | Format::Pem | Format::Prometheus | Format::Junit => {
            write_lines(reports, out)
        }
    }
}

/// The store in a line: what it is, and why that one.
pub(super) fn store_line(store: &StoreUsed) -> String {
    let name = store.path.as_deref().unwrap_or("none");
    let name = if store.path.is_none() && store.anchors > 0 { "Mozilla's roots" } else { name };
    let many = if store.anchors == 1 { "" } else { "s" };
    format!(
        "{name}, {}, {} trusted certificate{many} ({})",
        store.kind, store.anchors, store.source
    )
}

/// The stores, each in a line, with an arrow at the one that is used.
pub(super) fn store_lines(stores: &[StoreBeside]) -> Vec<String> {
    let line = |StoreBeside { is_meant, store }: &StoreBeside| {
        let arrow = if *is_meant { "→" } else { " " };
        let holds = if store.holds == Some(true) { "has the root" } else { "lacks the root" };
        let users = match (store.used_by.as_slice(), store.in_use) {
            ([], _) if *is_meant => "this Java uses it".to_owned(),
            ([], _) => "no running JVM uses it".to_owned(),
            (users, true) => format!("used by {}", users.join(", ")),
            (users, false) => {
                format!("no running JVM uses it, {} would", users.join(", "))
            }
        };
        format!("{arrow} {}  {holds}, {users}", store.path)
    };
    stores.iter().map(line).collect()
}

/// The runtime in a line: what it is, and why that one.
pub(super) fn runtime_line(runtime: &RuntimeUsed) -> String {
    match &runtime.java_home {
        Some(home) => format!("{}, {home} ({})", runtime.release, runtime.source),
        None => format!("{} ({})", runtime.release, runtime.source),
    }
}

/// The JVM in a line: what runs there, since when, and as whom.
pub(super) fn jvm_line(jvm: &Jvm) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(jvm.product.clone().or_else(|| jvm.runs.clone()));
    words.extend(jvm.pid.map(|pid| format!("process {pid}")));
    words.extend(jvm.started.as_ref().map(|started| format!("since {started}")));
    words.extend(jvm.user.as_ref().map(|user| format!("as {user}")));
    words.join(", ")
}

/// The connection in a line, as far as it came.
pub(super) fn connection_line(connection: &Connection) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(connection.address.clone());
    words.extend(connection.proxy.as_ref().map(|proxy| format!("through {proxy}")));
    words.extend(connection.starttls.map(|protocol| format!("STARTTLS of {protocol}")));
    words.extend(connection.protocol.map(str::to_owned));
    words.extend(connection.cipher_suite.map(str::to_owned));
    words.join(", ")
}

/// A remedy's parts: what is to be done, and the commands to copy.
pub(super) fn remedy_parts(remedy: &str) -> (String, Vec<String>) {
    let (mut prose, mut commands) = (Vec::new(), Vec::new());
    for line in remedy.lines() {
        let begins = |at: &usize| *at == 0 || line.get(..*at).is_some_and(ends);
        let command =
            ["sslpoke ", "-D", "sed -i "].iter().find_map(|start| line.find(start).filter(begins));
        match command {
            Some(at) => {
                let (before, command) = line.split_at(at);
                let before = before.trim_end();
                if !before.is_empty() {
                    prose.push(before.to_owned());
                }
                commands.push(command.to_owned());
            }
            None => prose.push(line.to_owned()),
        }
    }
    (prose.join("\n"), commands)
}

/// Whether prose ends so that a command follows.
fn ends(prose: &str) -> bool {
    prose.trim_end().ends_with(':')
}

/// Java's words, as it prints them.
pub(super) fn exception_lines(exception: &[ExceptionLine]) -> Vec<String> {
    let line = |(number, line): (usize, &ExceptionLine)| {
        let cause = if number == 0 { "" } else { "Caused by: " };
        match &line.message {
            Some(message) => format!("{cause}{}: {message}", line.class),
            None => format!("{cause}{}", line.class),
        }
    };
    exception.iter().enumerate().map(line).collect()
}
