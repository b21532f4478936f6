//! One process: whether it is a JVM, and what it was started with.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::proc::Proc;
use super::{MachineError, Process, Product, Started, is_named, performance};
use crate::settings::{
    Account, JavaHome, Root, Source, Sourced, StartedLine, Surroundings, started_line,
};

/// Looks at a process that is to be a JVM.
///
/// # Errors
///
/// Says why it is none, or that it may not be looked at.
pub(super) fn started(proc: &Proc, number: u32, now: SystemTime) -> Result<Started, MachineError> {
    if !proc.exists(number) {
        return Err(MachineError::NoProcess(number));
    }
    let words = proc.words(number);
    let program = program(proc, number, &words);
    if !is_machine(proc, number, &program) {
        let program = words.first().cloned().unwrap_or_else(|| "a process without a line".into());
        return Err(MachineError::NoMachine { number, program });
    }
    let mut unread = Vec::new();
    let seen = surroundings(proc, number, now, &mut unread);
    let home = home(proc, number, &program, &seen).ok_or(MachineError::Hidden { number })?;
    let words = if is_named(&program.path, "java") {
        words
    } else {
        launched(proc, number, words, &seen, &mut unread)
    };
    let line = line(&words, &program, number, &home.value, &seen);
    unread.extend(line.unread);
    let product = Product::of(&line.properties, line.class.as_deref(), &seen.root);
    Ok(Started {
        home: Some(home),
        properties: line.properties,
        class: line.class,
        product,
        process: Some(Process {
            number,
            started: proc.started(number, now),
            is_replaced: program.is_replaced,
        }),
        seen,
        unread,
    })
}

/// Another launcher has a grammar and files of its own: what it gave the virtual machine, that one tells.
fn launched(
    proc: &Proc,
    number: u32,
    mut words: Vec<String>,
    seen: &Surroundings,
    unread: &mut Vec<String>,
) -> Vec<String> {
    let told = proc.rights(number).and_then(|rights| {
        let own_number = rights.own_number.unwrap_or(number);
        performance::options(&seen.root, own_number, rights.user)
    });
    match told {
        Some(options) => {
            if options.is_cut {
                unread.push(format!("the last options of process {number}: it tells 1023 bytes"));
            }
            words.extend(options.words);
        }
        None => unread.push(format!(
            "what the launcher of process {number} gave to the virtual machine, beside its own line"
        )),
    }
    words
}

/// The program of a process, as it calls it, or as it was called.
pub(super) struct Program {
    path: PathBuf,
    is_replaced: bool,
    /// Whether only the line says so: who started a program may call it as he likes.
    is_guessed: bool,
}

fn program(proc: &Proc, number: u32, words: &[String]) -> Program {
    match proc.program(number) {
        Ok((path, is_replaced)) => Program { path, is_replaced, is_guessed: false },
        Err(_) => Program {
            path: words.first().map(PathBuf::from).unwrap_or_default(),
            is_replaced: false,
            is_guessed: true,
        },
    }
}

/// `java` itself, or a program that has loaded the virtual machine: `jsvc`, `jshell`, launchers of products.
fn is_machine(proc: &Proc, number: u32, program: &Program) -> bool {
    is_named(&program.path, "java") || proc.machine_library(number).is_some()
}

/// Returns the numbers of all processes that are virtual machines.
pub(super) fn machines(proc: &Proc) -> Vec<u32> {
    let mut numbers = proc.numbers();
    numbers.retain(|number| {
        let words = proc.words(*number);
        !words.is_empty() && is_machine(proc, *number, &program(proc, *number, &words))
    });
    numbers
}

/// Puts together what the process sees; what may not be read is named, with what it leaves open.
fn surroundings(
    proc: &Proc,
    number: u32,
    now: SystemTime,
    unread: &mut Vec<String>,
) -> Surroundings {
    let variables = proc.variables(number).unwrap_or_else(|error| {
        unread.push(format!(
            "the environment of process {number} ({error}): options in JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS \
             and _JAVA_OPTIONS are not seen"
        ));
        Vec::new()
    });
    let root = match proc.shares_files(number) {
        Some(false) => Root::at(&proc.root(number)),
        Some(true) => Root::default(),
        None => {
            unread.push(format!(
                "the root of process {number}: if it is in a container, its files are not these"
            ));
            Root::default()
        }
    };
    let directory = proc.directory(number).unwrap_or_else(|error| {
        unread.push(format!(
            "the working directory of process {number} ({error}): relative paths are taken from /"
        ));
        PathBuf::from("/")
    });
    let directory = inside(proc, number, &directory);
    let rights = proc.rights(number);
    let user = rights.map(|rights| Account::in_root(&root, rights.user, rights.groups));
    Surroundings { variables: variables.into(), directory, now, root, user }
}

/// Takes the root of the process off a path that the kernel told as this process calls it: that of a `chroot`.
fn inside(proc: &Proc, number: u32, path: &Path) -> PathBuf {
    let root = std::fs::read_link(proc.root(number)).unwrap_or_else(|_| "/".into());
    match path.strip_prefix(root) {
        Ok(inner) => Path::new("/").join(inner),
        Err(_) => path.to_owned(),
    }
}

/// Finds the installation: that of `java`, or of the library that the program has loaded.
fn home(
    proc: &Proc,
    number: u32,
    program: &Program,
    seen: &Surroundings,
) -> Option<Sourced<JavaHome>> {
    let source = Source::Process(number);
    let sourced = |home| Sourced::new(home, source.clone());
    if let Some(library) = proc.machine_library(number) {
        let library = inside(proc, number, &library);
        let of_library = library.ancestors().skip(1).find_map(|folder| {
            let is_home = folder.file_name().is_some_and(|name| name == "lib");
            is_home.then(|| JavaHome::in_root(&seen.root, folder.parent()?)).flatten()
        });
        if of_library.is_some() {
            return of_library.map(sourced);
        }
    }
    if program.is_guessed && program.path.is_relative() {
        return on_search_path(&program.path, seen).map(sourced);
    }
    let path = inside(proc, number, &program.path);
    JavaHome::of_program(&seen.root, &path).map(sourced)
}

/// Looks for a program as the shell did that started it.
fn on_search_path(program: &Path, seen: &Surroundings) -> Option<JavaHome> {
    if program.components().count() > 1 {
        return JavaHome::of_program(&seen.root, &seen.directory.join(program));
    }
    let path = seen.variable("PATH")?;
    let found = std::env::split_paths(path)
        .map(|folder| seen.directory.join(folder).join(program))
        .find(|program| seen.absolute(program).is_file())?;
    JavaHome::of_program(&seen.root, &found)
}

fn line(
    words: &[String],
    program: &Program,
    number: u32,
    home: &JavaHome,
    seen: &Surroundings,
) -> StartedLine {
    let words = words.get(1..).unwrap_or_default().iter();
    let source = Source::Process(number);
    let words: Vec<_> = words.map(|word| Sourced::new(word.clone(), source.clone())).collect();
    let feature = home.release().map_or(u16::MAX, |release| release.feature);
    if is_named(&program.path, "java") {
        return started_line(&words, feature, seen);
    }
    // of another launcher's line, what looks like a property is one
    let definitions: Vec<_> =
        words.into_iter().filter(|word| word.value.starts_with("-D")).collect();
    let mut line = started_line(&definitions, feature, seen);
    line.class = program.path.file_name().map(|name| name.to_string_lossy().into_owned());
    line
}
