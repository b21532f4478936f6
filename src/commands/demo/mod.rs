//! `demo`: the whole story on a server of its own, told by the verbs themselves.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use java_keystore::WriteError;
use tempfile::TempDir;

use crate::cli::{self, DemoArgs, Format, Invocation};
use crate::report::{self, DemoReport, DemoStep, Exit, Report, SCHEMA, Screen};
use crate::settings::Surroundings;

mod pki;
mod server;

/// The password that every `cacerts` has.
const PASSWORD: &str = "changeit";

/// Why the story could not be told.
#[derive(Debug, thiserror::Error)]
pub(super) enum DemoError {
    /// A file or the loopback address cannot be used.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// No certificate could be made.
    #[error("a certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The server could not be started.
    #[error("the server could not be started: {0}")]
    Server(#[from] rustls::Error),
    /// The scratch store could not be made.
    #[error("the scratch cacerts could not be made: {0}")]
    Store(#[from] WriteError),
}

/// Tells the story.
pub(super) fn run(
    args: &DemoArgs,
    format: Format,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> Report {
    match tell(args, format, surroundings, out) {
        Ok(report) => report,
        Err(DemoError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Report::Streamed { exit: Exit::Yes }
        }
        Err(error) => Report::unasked(&error, Exit::Undetermined),
    }
}

fn tell(
    args: &DemoArgs,
    format: Format,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> Result<Report, DemoError> {
    // Neither a Java of this machine nor its variables have a part in the story.
    let surroundings = Surroundings { variables: Arc::default(), ..surroundings.clone() };
    let scratch = tempfile::Builder::new().prefix("sslpoke-demo-").tempdir()?;
    let plot = Plot::prepare(scratch.path(), &surroundings)?;
    let is_text = format == Format::Text;
    if is_text {
        writeln!(out, "1. A server on localhost:{}, certified by a CA of its own;", plot.port)?;
        writeln!(out, "   a scratch cacerts that knows three other roots: {}\n", plot.cacerts)?;
    }
    let mut steps = Vec::new();
    for (number, act) in plot.acts().iter().enumerate() {
        let step = act.play(&surroundings)?;
        if is_text {
            write_step(number + 2, act.title, &step, out)?;
        }
        let went_as_told = step.as_told;
        steps.push(step);
        if !went_as_told {
            break;
        }
    }
    let as_told = steps.iter().all(|step| step.as_told);
    let kept = keep(args, scratch);
    if is_text {
        write_end(as_told, kept.as_deref(), out)?;
    }
    let exit = if as_told { Exit::Yes } else { Exit::No };
    Ok(if is_text {
        Report::Streamed { exit }
    } else {
        Report::Demo(DemoReport { schema: SCHEMA, verb: "demo", as_told, steps, kept })
    })
}

fn keep(args: &DemoArgs, scratch: TempDir) -> Option<String> {
    args.keep.then(|| scratch.keep().display().to_string())
}

fn write_step(number: usize, title: &str, step: &DemoStep, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{number}. {title}\n   $ {}", step.command)?;
    step.output.lines().try_for_each(|line| writeln!(out, "   {line}"))?;
    let as_told = if step.as_told { "as it should be" } else { "NOT as it should be" };
    writeln!(out, "   (exit code {}, {as_told})\n", step.exit_code)
}

fn write_end(as_told: bool, kept: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(folder) = kept {
        writeln!(out, "The files are left in {folder}")?;
    }
    if !as_told {
        return writeln!(out, "The story did not go as told: this is a fault of sslpoke.");
    }
    writeln!(out, "The same for a server and a Java of your own:")?;
    writeln!(out, "   sslpoke poke gitlab.example.com 443 --java-home $JAVA_HOME")?;
    writeln!(out, "   sslpoke trust add root.pem --to $JAVA_HOME/lib/security/cacerts --dry-run")?;
    writeln!(out, "   sslpoke trust add root.pem --to $JAVA_HOME/lib/security/cacerts")?;
    writeln!(out, "and restart the JVM: a running one keeps the roots that it has read.")
}

/// The stage: a server and the files.
struct Plot {
    port: u16,
    cacerts: String,
    root: String,
}

/// One command, and what must come of it.
struct Act {
    title: &'static str,
    words: Vec<String>,
    exit_code: u8,
    says: &'static str,
    changes_store: bool,
    cacerts: String,
}

impl Plot {
    fn prepare(folder: &Path, surroundings: &Surroundings) -> Result<Self, DemoError> {
        let pki = pki::Pki::new(surroundings.now)?;
        let (cacerts, root) = (folder.join("cacerts"), folder.join("root.pem"));
        fs::write(&cacerts, pki::unrelated_store(surroundings.now, PASSWORD)?)?;
        fs::write(&root, &pki.root_pem)?;
        Ok(Self {
            port: server::start(pki)?,
            cacerts: cacerts.display().to_string(),
            root: root.display().to_string(),
        })
    }

    fn acts(&self) -> [Act; 4] {
        let Self { port, cacerts, root } = self;
        let port = port.to_string();
        let poke = ["poke", "localhost", &port, "--truststore", cacerts];
        let add = ["trust", "add", root, "--to", cacerts];
        let act = |title, words: &[&str], exit_code, says, changes_store| Act {
            title,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            exit_code,
            says,
            changes_store,
            cacerts: cacerts.clone(),
        };
        let dry = [add.as_slice(), &["--dry-run"]].concat();
        [
            act("Java would refuse it:", &poke, 1, "PKIX path building failed", false),
            act("What adding the root would do:", &dry, 0, "nothing was written", false),
            act("The root is added, the old cacerts kept:", &add, 0, "backup: ", true),
            act("Java would connect:", &poke, 0, "Successfully connected", false),
        ]
    }
}

impl Act {
    /// Runs the command as the command line would, and compares.
    fn play(&self, surroundings: &Surroundings) -> Result<DemoStep, DemoError> {
        let before = fs::read(&self.cacerts)?;
        let program = std::iter::once("sslpoke").chain(self.words.iter().map(String::as_str));
        let words: Vec<&str> = program.collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let exit_code = match cli::parse(words.iter().map(OsString::from)) {
            Invocation::Verb(args) => {
                let report = super::run(&args, surroundings, &mut out);
                report::write(&report, args.format, Screen::PLAIN, &mut out, &mut err)?;
                report.exit_code()
            }
            Invocation::Classic(_) | Invocation::Told(_) => Exit::Usage.code(),
        };
        let output = String::from_utf8_lossy(&[out, err].concat()).into_owned();
        let is_changed = fs::read(&self.cacerts)? != before;
        Ok(DemoStep {
            command: words.join(" "),
            exit_code,
            as_told: exit_code == self.exit_code
                && output.contains(self.says)
                && is_changed == self.changes_store,
            output,
        })
    }
}
