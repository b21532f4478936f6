//! An installed product that need not run: its scripts, its unit and its log say how it would be started.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::log::last_start;
use super::shell::{Shell, UNKNOWN};
use super::unit::Unit;
use super::{MachineError, Product, ProductKind, Started};
use crate::settings::{Account, JavaHome, Root, Source, Sourced, Surroundings, started_line};

/// Where a service without a `PATH` of its own looks for programs.
const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The folders in which installers, images and hands put the products.
const PLACES: [&str; 6] =
    ["/opt/atlassian", "/opt", "/usr/local/atlassian", "/usr/local", "/srv", "/home"];

/// Where images have their Java, if a script does not say it.
const JAVA_OF_IMAGES: &str = "/opt/java/openjdk";

/// Finds the products that are installed in a root, in the order of their folders.
pub(crate) fn installed(root: &Root, units: &[Unit]) -> Vec<Product> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for place in PLACES.map(Path::new) {
        for folder in inside(root, place) {
            // Bitbucket has a folder for each version in its own, Crowd a Tomcat
            folders.extend(inside(root, &folder));
            folders.push(folder);
        }
    }
    let of_units =
        units.iter().filter_map(|unit| Path::new(unit.command.first()?).parent()?.parent());
    folders.extend(of_units.map(Path::to_owned));
    folders.sort_unstable();
    let mut found: Vec<Product> = Vec::new();
    for folder in folders {
        let Some(kind) = ProductKind::in_folder(root, &folder) else { continue };
        let real = root.real(&folder);
        let is_known =
            |held: &Product| held.folder.as_deref().is_some_and(|own| root.real(own) == real);
        if !found.iter().any(is_known) {
            found.push(Product { kind, folder: Some(folder) });
        }
    }
    found
}

/// So many folders are looked at in one place.
const MOST_FOLDERS: usize = 500;

fn inside(root: &Root, folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.outside(folder)).into_iter().flatten().flatten();
    let folders = entries.map(|entry| folder.join(entry.file_name()));
    folders.filter(|folder| root.outside(folder).is_dir()).take(MOST_FOLDERS).collect()
}

/// Finds out how the product in a folder would be started.
///
/// # Errors
///
/// Says that no product is there.
pub(crate) fn of_folder(
    root: &Root,
    folder: &Path,
    units: &[Unit],
    now: SystemTime,
) -> Result<Started, MachineError> {
    let folders = [Some(folder), folder.parent()].into_iter().flatten();
    let found = folders.filter_map(|folder| Some((ProductKind::in_folder(root, folder)?, folder)));
    let (kind, folder) =
        found.into_iter().next().ok_or_else(|| MachineError::NoProduct(folder.to_owned()))?;
    Ok(Install { root, folder, kind, unit: units.iter().find(|unit| unit.starts_in(folder)) }
        .started(now))
}

struct Install<'a> {
    root: &'a Root,
    folder: &'a Path,
    kind: ProductKind,
    unit: Option<&'a Unit>,
}

impl Install<'_> {
    fn started(&self, now: SystemTime) -> Started {
        let mut shell = self.shell();
        let words = self.words(&mut shell);
        let mut unread = std::mem::take(&mut shell.unread);
        for text in words.iter().map(|word| &word.value).filter(|text| text.contains(UNKNOWN)) {
            let name = text.split('=').next().unwrap_or_default();
            unread.push(format!("{name}: what a program says is put into it"));
        }
        let logged = self.logged();
        let home =
            self.home(&shell, logged.as_ref().and_then(|(start, _)| start.java_home.as_deref()));
        let seen = self.seen(&shell, now);
        let feature = home.as_ref().and_then(|home| home.value.release());
        let feature = feature.map_or(u16::MAX, |release| release.feature);
        let line = started_line(&words, feature, &seen);
        unread.extend(line.unread);
        Started {
            home,
            properties: line.properties,
            seen,
            class: line.class,
            product: Some(Product { kind: self.kind, folder: Some(self.folder.to_owned()) }),
            process: None,
            unread,
        }
    }

    /// Follows the scripts that are read before Java is started.
    fn shell(&self) -> Shell {
        let bin = self.tomcat().join("bin");
        let variables = self.unit.into_iter().flat_map(|unit| &unit.variables);
        let variables = variables.map(|(name, value, _)| (name.clone(), value.clone()));
        let mut shell = Shell::new(self.root, &self.directory(), variables);
        for name in ["CATALINA_HOME", "CATALINA_BASE"] {
            if shell.value(name).is_none() {
                shell.set(name, &self.tomcat().display().to_string());
            }
        }
        if shell.value("PATH").is_none() {
            shell.set("PATH", SEARCH_PATH);
        }
        if self.kind == ProductKind::Bitbucket {
            shell.start(&self.folder.join("bin/_start-webapp.sh"));
            return shell;
        }
        shell.start(&bin.join("user.sh"));
        shell.start(&bin.join("setenv.sh"));
        shell
    }

    /// Crowd has its Tomcat in a folder of its own.
    fn tomcat(&self) -> PathBuf {
        let own = self.folder.join("apache-tomcat");
        if self.kind == ProductKind::Crowd { own } else { self.folder.to_owned() }
    }

    /// The scripts of the installers change into `bin` before they start anything.
    fn directory(&self) -> PathBuf {
        let of_unit = self.unit.and_then(|unit| unit.directory.clone());
        of_unit.unwrap_or_else(|| self.folder.join("bin"))
    }

    /// Puts the command line together: Tomcat lets the shell read the options a second time.
    fn words(&self, shell: &mut Shell) -> Vec<Sourced<String>> {
        if let Some(words) = shell.executed.take() {
            return words.into_iter().skip(1).map(|word| self.sourced(word, shell)).collect();
        }
        let options =
            ["JAVA_OPTS", "CATALINA_OPTS"].map(|name| shell.value(name).unwrap_or_default());
        let (mut words, is_cut) = shell.evaluated(&options.join(" "));
        if is_cut {
            let last = words.last().cloned().unwrap_or_default();
            shell.unread.push(format!(
                "the options behind {}: a sign that the shell takes for itself (| & ; < >) stands there \
                 without quotes, and Tomcat does not start so",
                name_of(&last)
            ));
        }
        let tomcat = self.tomcat();
        words.push(format!("-Dcatalina.home={}", tomcat.display()));
        words.push("org.apache.catalina.startup.Bootstrap".to_owned());
        words.into_iter().map(|word| self.sourced(word, shell)).collect()
    }

    /// Looks for the line in which an option was given: the last one that has it and is no comment.
    fn sourced(&self, word: String, shell: &Shell) -> Sourced<String> {
        let name = name_of(&word);
        let in_scripts = shell.files.iter().rev().find_map(|file| {
            let text = fs::read(self.root.outside(file)).ok()?;
            let text = String::from_utf8_lossy(&text).into_owned();
            let lines = text
                .lines()
                .enumerate()
                .filter(|(_, line)| line.contains(name) && !line.trim_start().starts_with('#'));
            lines.last().map(|(number, _)| Source::Line(file.clone(), number + 1))
        });
        let in_unit = || {
            let variables = self.unit.into_iter().flat_map(|unit| &unit.variables);
            let mut files = variables.filter(|(_, value, _)| value.contains(name));
            files.next().map(|(.., file)| Source::File(file.clone()))
        };
        let source = in_scripts.or_else(in_unit).unwrap_or(Source::BuiltIn);
        Sourced::new(word, source)
    }

    /// `JRE_HOME` counts before `JAVA_HOME`, for Tomcat's scripts.
    fn home(&self, shell: &Shell, logged: Option<&Path>) -> Option<Sourced<JavaHome>> {
        let of_variable = |name: &'static str| {
            let value =
                shell.value(name).filter(|value| !value.is_empty() && !value.contains(UNKNOWN))?;
            let program = self.directory().join(value).join("bin/java");
            let home = JavaHome::of_program(self.root, &program)?;
            let source = shell.files.last().cloned().map_or(Source::Variable(name), Source::File);
            Some(Sourced::new(home, source))
        };
        let in_folder = |folder: PathBuf| {
            let source = Source::File(folder.clone());
            JavaHome::in_root(self.root, &folder).map(|home| Sourced::new(home, source))
        };
        of_variable("JRE_HOME")
            .or_else(|| of_variable("JAVA_HOME"))
            .or_else(|| in_folder(self.folder.join("jre")))
            .or_else(|| logged.and_then(|home| in_folder(home.to_owned())))
            .or_else(|| in_folder(JAVA_OF_IMAGES.into()))
            .or_else(|| on_search_path(self.root, shell))
    }

    fn logged(&self) -> Option<(super::log::LoggedStart, PathBuf)> {
        let file = self.tomcat().join("logs/catalina.out");
        last_start(&self.root.outside(&file)).map(|start| (start, file))
    }

    fn seen(&self, shell: &Shell, now: SystemTime) -> Surroundings {
        let names = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "TZ", "PATH"];
        let variables =
            names.into_iter().filter_map(|name| Some((name.into(), shell.value(name)?.into())));
        Surroundings {
            variables: variables.collect(),
            directory: self.directory(),
            now,
            root: self.root.clone(),
            user: self.user(shell),
        }
    }

    /// The user that the script of the installer, or the unit, names; else whom the logs belong to.
    fn user(&self, shell: &Shell) -> Option<Account> {
        let variable = format!("{}_USER", self.kind.word().to_uppercase());
        let named = [shell.value(&variable), shell.value("CONF_USER")];
        let of_unit = self.unit.and_then(|unit| unit.user.as_deref());
        let named = named.into_iter().flatten().chain(of_unit).find(|name| !name.is_empty());
        named.and_then(|name| Account::find_in(self.root, name)).or_else(|| {
            let owner = Account::of_owner(self.root, &self.tomcat().join("logs"));
            owner.filter(|owner| !owner.is_root())
        })
    }
}

/// `-Dname` of `-Dname=value`: a value may be a secret, and is looked for nowhere.
fn name_of(word: &str) -> &str {
    word.split('=').next().unwrap_or(word)
}

fn on_search_path(root: &Root, shell: &Shell) -> Option<Sourced<JavaHome>> {
    let folders = std::env::split_paths(shell.value("PATH")?);
    let program =
        folders.map(|folder| folder.join("java")).find(|path| root.outside(path).is_file())?;
    JavaHome::of_program(root, &program).map(|home| Sourced::new(home, Source::SearchPath))
}
