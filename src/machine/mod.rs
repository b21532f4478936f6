//! What is on this machine: which JVMs run, how each was started, and how one would be.

use std::ffi::OsStr;
use std::path::Path;
use std::time::SystemTime;

use crate::cli::{MachineOptions, RuntimeOptions};
use crate::settings::{
    JavaHome, Runtime, Settings, SettingsError, Source, Sourced, Surroundings, SystemProperties,
};

mod auto;
mod change;
mod proc;
mod process;
mod product;

use proc::Proc;
pub(crate) use product::Product;

/// A JVM as it was started, or as it would be.
#[derive(Debug)]
pub(crate) struct Started {
    /// The installation, as the JVM calls it, and how it was found.
    pub(crate) home: Sourced<JavaHome>,
    /// Its system properties, each with where it was given: environment, command line, argument file.
    pub(crate) properties: SystemProperties,
    /// What it sees: environment, working directory, root, and whose rights count.
    pub(crate) seen: Surroundings,
    /// What it runs: a main class, an archive or a module.
    pub(crate) class: Option<String>,
    /// The Atlassian product that it runs.
    pub(crate) product: Option<Product>,
    /// The process, if it runs.
    pub(crate) process: Option<Process>,
    /// What could not be read, and what that leaves open.
    pub(crate) unread: Vec<String>,
}

/// A process.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Process {
    /// Its number, as this process sees it.
    pub(crate) number: u32,
    /// When it was started; up to a hundredth of a second later it may have been.
    pub(crate) started: Option<SystemTime>,
    /// Whether its program was deleted or replaced since, as an upgrade does.
    pub(crate) is_replaced: bool,
}

/// Why no JVM was found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MachineError {
    /// `--pid` is neither a number nor `auto`.
    #[error("--pid {0:?}: the number of a process is wanted, or auto")]
    NoNumber(String),
    /// There is no such process.
    #[error("--pid {0}: there is no such process")]
    NoProcess(u32),
    /// A process is no JVM.
    #[error("--pid {number}: {program} is no Java virtual machine")]
    NoMachine {
        /// Its number.
        number: u32,
        /// What it runs.
        program: String,
    },
    /// What is needed of a process may not be read.
    #[error(
        "--pid {number}: where its Java lies could not be read: the right to look at it is with its user and with root"
    )]
    Hidden {
        /// Its number.
        number: u32,
    },
    /// No JVM runs.
    #[error("--pid auto: no Java virtual machine runs here{0}")]
    NoneRuns(&'static str),
    /// Several run, and none is more likely to be meant.
    #[error("--pid auto: several Java virtual machines run here; name one with --pid:\n{}", .0.join("\n"))]
    Several(Vec<String>),
}

/// Finds the JVM that the options name; none where they name none.
///
/// # Errors
///
/// Says why there is no such JVM.
pub(crate) fn find(
    options: &MachineOptions,
    surroundings: &Surroundings,
) -> Result<Option<Started>, MachineError> {
    let Some(text) = options.pid.as_deref() else { return Ok(None) };
    let proc = Proc::of_this_machine();
    if text.eq_ignore_ascii_case("auto") {
        return auto::choose(auto::running(&proc, surroundings.now)).map(Some);
    }
    let number = text.parse().map_err(|_not_a_number| MachineError::NoNumber(text.to_owned()))?;
    process::started(&proc, number, surroundings.now).map(Some)
}

impl Started {
    /// Returns what this JVM was told, `--java` and the `-D` of our own line put over it.
    ///
    /// # Errors
    ///
    /// Says which option makes no sense, or which file could not be read.
    pub(crate) fn settings(&self, options: &RuntimeOptions) -> Result<Settings, SettingsError> {
        let runtime = Runtime::of_home(self.home.clone(), options.java.as_deref())?;
        let mut properties = self.properties.clone();
        for definition in &options.properties {
            properties.define(definition, Source::CommandLine);
        }
        Settings::resolve(runtime, properties, &self.seen)
    }
}

/// Returns whether `word` is, or ends in, the name of a program.
fn is_named(program: &Path, name: &str) -> bool {
    program.file_name() == Some(OsStr::new(name))
}
