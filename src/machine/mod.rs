//! What is on this machine: which JVMs run, how each was started, and how one would be.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::cli::{MachineOptions, RuntimeOptions};
use crate::settings::{
    JavaHome, Root, Runtime, Settings, SettingsError, Source, Sourced, Surroundings,
    SystemProperties, started_line,
};

mod arguments;
mod auto;
mod change;
mod install;
mod inventory;
mod log;
mod performance;
mod proc;
mod process;
mod product;
mod scripts;
mod shell;
mod unit;

pub(crate) use inventory::Inventory;
use proc::Proc;
pub(crate) use product::{Product, ProductKind};
pub(crate) use scripts::{ScriptLine, ToldAnew};
use unit::Unit;

/// A JVM as it was started, or as it would be.
#[derive(Debug)]
pub(crate) struct Started {
    /// The installation, as the JVM calls it, and how it was found; none: it would not find any.
    pub(crate) home: Option<Sourced<JavaHome>>,
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
    /// No product is installed in a folder.
    #[error("{}: neither Jira nor Confluence, Bitbucket, Bamboo or Crowd is installed there", .0.display())]
    NoProduct(PathBuf),
    /// No product is installed in a root.
    #[error("{}: no product is known there; name its folder with --jira", .0.display())]
    NoneInstalled(PathBuf),
    /// Several products are installed in a root.
    #[error("{}: several products are installed there; name the folder of one with --jira:\n{}", root.display(), folders.join("\n"))]
    SeveralInstalled {
        /// The root.
        root: PathBuf,
        /// The folders, as lines.
        folders: Vec<String>,
    },
    /// A file with options could not be read.
    #[error("--jvm-args {}", path.display())]
    Arguments {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// An option about the runtime makes no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// No JVM runs.
    #[error("--pid auto: no Java virtual machine runs here{0}")]
    NoneRuns(&'static str),
    /// Several run, and none is more likely to be meant.
    #[error("--pid auto: several Java virtual machines run here; name one with --pid:\n{}", .0.join("\n"))]
    Several(Vec<String>),
}

impl MachineError {
    /// Returns whether something is there that could not be read.
    pub(crate) fn is_about_reading(&self) -> bool {
        matches!(
            self,
            Self::Hidden { .. }
                | Self::Arguments { .. }
                | Self::Settings(SettingsError::Unreadable { .. })
        )
    }
}

/// Finds the JVM that the options name; none where they name none.
///
/// # Errors
///
/// Says why there is no such JVM.
pub(crate) fn find(
    options: &MachineOptions,
    runtime: &RuntimeOptions,
    surroundings: &Surroundings,
) -> Result<Option<Started>, MachineError> {
    let now = surroundings.now;
    if let Some(text) = options.pid.as_deref() {
        return of_process(text, now).map(Some);
    }
    if let Some(file) = &options.jvm_args {
        return of_arguments(Path::new(file), runtime, surroundings).map(Some);
    }
    let root = options.root.as_ref().map(|root| surroundings.absolute(Path::new(root)));
    let own = root.as_deref().map_or_else(Root::default, Root::at);
    match (&options.jira, &root) {
        (None, None) => Ok(None),
        (Some(folder), _) => {
            let folder = match &root {
                Some(_) => Path::new("/").join(folder),
                None => surroundings.absolute(Path::new(folder)),
            };
            of_install(&own, &folder, now).map(Some)
        }
        (None, Some(root)) => of_image(&own, root, now).map(Some),
    }
}

/// Finds the product that is most likely to be meant where nothing says which JVM is: the one that runs, else the only
/// one that is installed.
pub(crate) fn product(surroundings: &Surroundings) -> Option<Started> {
    let now = surroundings.now;
    let running = auto::running(&Proc::of_this_machine(), now).into_iter();
    let of_products: Vec<_> =
        running.filter(|held| held.as_ref().is_ok_and(|jvm| jvm.product.is_some())).collect();
    let found = if of_products.is_empty() {
        of_image(&Root::default(), Path::new("/"), now)
    } else {
        auto::choose(of_products)
    };
    found.ok().filter(|jvm| jvm.home.is_some())
}

fn of_process(text: &str, now: SystemTime) -> Result<Started, MachineError> {
    let proc = Proc::of_this_machine();
    if text.eq_ignore_ascii_case("auto") {
        return auto::choose(auto::running(&proc, now));
    }
    let number = text.parse().map_err(|_not_a_number| MachineError::NoNumber(text.to_owned()))?;
    process::started(&proc, number, now)
}

/// Prefers the JVM that runs to what the scripts say of the next one.
fn of_install(root: &Root, folder: &Path, now: SystemTime) -> Result<Started, MachineError> {
    let started = install::of_folder(root, folder, &Unit::all(root), now)?;
    if !root.is_own() {
        return Ok(started);
    }
    let own = started.product.as_ref().and_then(|product| product.folder.clone());
    let own = own.map(|folder| root.real(&folder));
    let mut running = auto::running(&Proc::of_this_machine(), now).into_iter().flatten();
    let same = running.find(|running| {
        let folder = running.product.as_ref().and_then(|product| product.folder.as_deref());
        running.seen.root.is_own() && folder.map(|folder| root.real(folder)) == own
    });
    Ok(same.unwrap_or(started))
}

/// Takes the product of an image that is most likely to be meant.
fn of_image(root: &Root, path: &Path, now: SystemTime) -> Result<Started, MachineError> {
    let units = Unit::all(root);
    let mut found = install::installed(root, &units);
    let best = found.iter().map(|product| product.kind).min();
    found.retain(|product| Some(product.kind) == best);
    let folders: Vec<PathBuf> = found.into_iter().filter_map(|product| product.folder).collect();
    match folders.as_slice() {
        [] => Err(MachineError::NoneInstalled(path.to_owned())),
        [only] => install::of_folder(root, only, &units, now),
        several => Err(MachineError::SeveralInstalled {
            root: path.to_owned(),
            folders: several.iter().map(|folder| format!("  {}", folder.display())).collect(),
        }),
    }
}

/// Takes the options from a file; which Java it is for, it may say, or our own options.
fn of_arguments(
    file: &Path,
    runtime: &RuntimeOptions,
    surroundings: &Surroundings,
) -> Result<Started, MachineError> {
    let path = surroundings.absolute(file);
    let arguments = arguments::read(&path)
        .map_err(|error| MachineError::Arguments { path: path.clone(), error })?;
    let own = &surroundings.root;
    let of_file = arguments.java.as_deref().and_then(|java| {
        JavaHome::in_root(own, java).or_else(|| {
            let is_path = java.components().count() > 1;
            is_path.then(|| JavaHome::of_program(own, &surroundings.absolute(java))).flatten()
        })
    });
    let home = match of_file.filter(|_| runtime.java_home.is_none()) {
        Some(home) => Some(Sourced::new(home, Source::File(path))),
        None => Runtime::find(runtime, None, surroundings)?.home,
    };
    // the environment here is not that of the JVM
    let seen = Surroundings { variables: Arc::default(), ..surroundings.clone() };
    let feature = home.as_ref().and_then(|home| home.value.release());
    let line = started_line(&arguments.words, feature.map_or(u16::MAX, |it| it.feature), &seen);
    let product = Product::of(&line.properties, line.class.as_deref(), own);
    Ok(Started {
        home,
        properties: line.properties,
        seen,
        class: line.class,
        product,
        process: None,
        unread: line.unread,
    })
}

impl Started {
    /// Returns what this JVM was told, `--java` and the `-D` of our own line put over it.
    ///
    /// # Errors
    ///
    /// Says which option makes no sense, or which file could not be read.
    pub(crate) fn settings(&self, options: &RuntimeOptions) -> Result<Settings, SettingsError> {
        let runtime = Runtime::of(self.home.clone(), options.java.as_deref())?;
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
