//! What is told of a machine's Java installations, JVMs and stores.

use std::io::{self, Write};

use serde::Serialize;

use super::Exit;
use super::screen::{Paint, Screen};
use crate::certificates::printable;
use crate::diagnosis::{Finding, Severity};

/// All of a machine, or of an image.
#[derive(Debug, Serialize)]
pub(crate) struct RuntimesReport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) root: Option<String>,
    /// The certificate that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    pub(crate) runtimes: Vec<RuntimeInstalled>,
    /// Those that run first; then those that would be started.
    pub(crate) jvms: Vec<VirtualMachine>,
    pub(crate) stores: Vec<StoreFound>,
    /// JVMs that this user may not look at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) hidden: Vec<u32>,
}

/// A Java installation.
#[derive(Debug, Serialize)]
pub(crate) struct RuntimeInstalled {
    pub(crate) java_home: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vendor: Option<String>,
    pub(crate) used_by: Vec<String>,
}

/// A JVM that runs, or would be started.
#[derive(Debug, Serialize)]
pub(crate) struct VirtualMachine {
    /// The process; none where it does not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) started: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) runs: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) folder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) java_home: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release: Option<String>,
    pub(crate) directory: String,
    /// Where its root is, if it has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) root: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) truststore: Option<StoreOfJvm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proxy: Option<String>,
    pub(crate) findings: Vec<Finding>,
    /// Why nothing could be found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trouble: Option<String>,
}

/// The store that a JVM uses.
#[derive(Debug, Serialize)]
pub(crate) struct StoreOfJvm {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entries: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) anchors: Option<usize>,
    pub(crate) source: String,
    /// The file that it was told to use, and silently does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fallback_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fallback_because: Option<String>,
    /// The `cacerts` that is not read for this `jssecacerts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hides: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trouble: Option<String>,
    /// Whether the certificate that was asked for is trusted by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) holds: Option<bool>,
}

/// A store on the machine.
#[derive(Debug, Serialize)]
pub(crate) struct StoreFound {
    pub(crate) path: String,
    /// Where links lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entries: Option<usize>,
    pub(crate) used_by: Vec<String>,
    /// Whether a JVM that runs uses it.
    pub(crate) in_use: bool,
    /// Whether the certificate that was asked for is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) holds: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trouble: Option<String>,
}

impl VirtualMachine {
    /// Whether it does not do what it was told, or could not be looked at.
    fn is_troubled(&self) -> bool {
        let of_store = |store: &StoreOfJvm| {
            store.fallback_from.is_some() || store.trouble.is_some() || store.holds == Some(false)
        };
        let is_problem = |finding: &Finding| finding.severity > Severity::Note;
        self.trouble.is_some()
            || self.truststore.as_ref().is_some_and(of_store)
            || self.findings.iter().any(is_problem)
    }
}

impl RuntimesReport {
    pub(super) fn exit(&self) -> Exit {
        if self.jvms.iter().any(VirtualMachine::is_troubled) { Exit::No } else { Exit::Yes }
    }
}

/// The column in which what belongs to a label begins.
const LABEL: usize = 14;

/// Writes the JVMs, then the installations, then the stores.
pub(super) fn write(
    report: &RuntimesReport,
    screen: Screen,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page { screen, out };
    if report.jvms.is_empty() {
        page.title("No JVM runs here, and none would be started that is known")?;
    } else {
        page.title("JVMs")?;
    }
    report.jvms.iter().try_for_each(|jvm| page.jvm(jvm))?;
    page.title("Java installations")?;
    for runtime in &report.runtimes {
        let vendor = runtime.vendor.as_ref().map(|vendor| format!(" ({vendor})"));
        let release = runtime.release.as_deref().unwrap_or("?");
        let text = format!("{}{}", runtime.java_home, vendor.unwrap_or_default());
        page.line("  ", release, Paint::Strong, &text)?;
    }
    page.title("Stores")?;
    report.stores.iter().try_for_each(|store| page.store(store))?;
    if !report.hidden.is_empty() {
        let numbers: Vec<String> = report.hidden.iter().map(ToString::to_string).collect();
        writeln!(
            err,
            "sslpoke: not looked at: the JVMs of other users, {}; ask again as root",
            numbers.join(", ")
        )?;
    }
    Ok(())
}

struct Page<'a> {
    screen: Screen,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn title(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.screen.paint(Paint::Strong, text))
    }

    /// Writes a label and what belongs to it, later lines under the first.
    fn line(&mut self, indent: &str, label: &str, paint: Paint, text: &str) -> io::Result<()> {
        let width = self.screen.width.saturating_sub(LABEL + indent.len());
        for (number, line) in Screen::wrap(&printable(text), width.max(20)).iter().enumerate() {
            let label = if number == 0 { printable(label) } else { String::new() };
            let padded = format!("{label:<LABEL$}");
            writeln!(self.out, "{indent}{}{line}", self.screen.paint(paint, &padded))?;
        }
        Ok(())
    }

    fn jvm(&mut self, jvm: &VirtualMachine) -> io::Result<()> {
        let runs = jvm.product.or(jvm.runs.as_deref()).unwrap_or("java");
        let release = jvm.release.as_ref().map(|release| format!(", Java {release}"));
        let user = jvm.user.as_ref().map(|user| format!(", as {user}"));
        let since = jvm.started.as_ref().map(|at| format!(", since {at}"));
        let parts = [Some(runs.to_owned()), release, user, since];
        let (label, paint) = match jvm.pid {
            Some(number) => (number.to_string(), Paint::Strong),
            None => ("does not run".to_owned(), Paint::Faint),
        };
        self.line("  ", &label, paint, &parts.into_iter().flatten().collect::<String>())?;
        let rows = [
            ("folder", &jvm.folder),
            ("java.home", &jvm.java_home),
            ("root", &jvm.root),
            ("proxy", &jvm.proxy),
            ("not known", &jvm.trouble),
        ];
        for (label, text) in rows {
            text.iter().try_for_each(|text| self.line("    ", label, Paint::Faint, text))?;
        }
        jvm.truststore.iter().try_for_each(|store| self.store_of(store))?;
        for finding in &jvm.findings {
            self.line("    ", "!", Paint::Bad, &finding.what)?;
        }
        Ok(())
    }

    fn store_of(&mut self, store: &StoreOfJvm) -> io::Result<()> {
        let path = store.path.as_deref().unwrap_or("none");
        let shape = store.kind.zip(store.entries);
        let shape = shape.map(|(kind, entries)| format!(" ({kind}, {entries} entries)"));
        self.line("    ", "store", Paint::Faint, &format!("{path}{}", shape.unwrap_or_default()))?;
        self.line("    ", "", Paint::Faint, &format!("by {}", store.source))?;
        if let (Some(from), Some(why)) = (&store.fallback_from, &store.fallback_because) {
            let text = format!("told to use {from}, which it silently does not: {why}");
            self.line("    ", "!", Paint::Bad, &text)?;
        }
        if let Some(hidden) = &store.hides {
            self.line("    ", "!", Paint::Bad, &format!("this jssecacerts hides {hidden}"))?;
        }
        if let Some(trouble) = &store.trouble {
            self.line("    ", "!", Paint::Bad, &format!("it cannot be opened: {trouble}"))?;
        }
        match store.holds {
            Some(true) => self.line("    ", "✓", Paint::Good, "it trusts the certificate"),
            Some(false) => self.line("    ", "✗", Paint::Bad, "it does not trust the certificate"),
            None => Ok(()),
        }
    }

    fn store(&mut self, store: &StoreFound) -> io::Result<()> {
        let mark = match store.holds {
            Some(true) => "✓",
            Some(false) => "✗",
            None if store.in_use => "→",
            None => "",
        };
        let shape = match (store.kind, store.entries, &store.trouble) {
            (Some(kind), Some(entries), _) => format!("{kind}, {entries} entries"),
            (_, _, Some(trouble)) => trouble.clone(),
            (_, _, None) => String::new(),
        };
        let paint = if store.in_use { Paint::Strong } else { Paint::Faint };
        self.line("  ", mark, paint, &format!("{} ({shape})", store.path))?;
        if let Some(real) = &store.is {
            self.line("  ", "", Paint::Faint, &format!("is {real}"))?;
        }
        let used = if store.used_by.is_empty() {
            "no JVM uses it".to_owned()
        } else {
            format!("used by {}", store.used_by.join(", "))
        };
        self.line("  ", "", Paint::Faint, &used)
    }
}
