//! All of a machine, or of an image: Java installations, JVMs that run, products that would be started, stores.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::proc::Proc;
use super::unit::Unit;
use super::{MachineError, Started, auto, install, is_named};
use crate::settings::{JavaHome, Root, Source, Sourced, Surroundings, started_line};

/// Folders that hold Java installations, or are one; a star stands for any name.
const PLACES: [&str; 16] = [
    "/usr/lib/jvm/*",
    "/usr/lib64/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/*",
    "/opt/*/jre",
    "/opt/*/jdk",
    "/opt/*/*/jre",
    "/opt/*/*/*/jre",
    "/usr/local/*",
    "/usr/local/*/jre",
    "/srv/*/jre",
    "/home/*/*/jre",
    "/home/*/.sdkman/candidates/java/*",
    "/root/.sdkman/candidates/java/*",
    "/usr/share/*/jbr",
];

/// Stores that no installation of Java has in its own folder.
const STORES: [&str; 6] = [
    "/etc/ssl/certs/java/cacerts",
    "/etc/pki/java/cacerts",
    "/var/lib/ca-certificates/java-cacerts",
    "/var/ssl/cacerts",
    "/var/atlassian/application-data/*/cacerts",
    "/var/atlassian/application-data/*/*.jks",
];

/// So many matches of one place are looked at.
const MOST_MATCHES: usize = 300;

/// What is on a machine, or in an image.
#[derive(Debug)]
pub(crate) struct Inventory {
    /// The root that was looked through.
    pub(crate) root: Root,
    /// The Java installations, each once, however many links lead to it.
    pub(crate) installations: Vec<JavaHome>,
    /// The JVMs that run, then what would be started and does not run.
    pub(crate) started: Vec<Started>,
    /// JVMs that this user may not look at.
    pub(crate) hidden: Vec<u32>,
}

impl Inventory {
    /// Looks through this machine; in another root nothing runs.
    pub(crate) fn of(root: &Root, surroundings: &Surroundings) -> Self {
        let now = surroundings.now;
        let running =
            if root.is_own() { auto::running(&Proc::of_this_machine(), now) } else { Vec::new() };
        let (mut started, mut hidden) = (Vec::new(), Vec::new());
        for held in running {
            match held {
                Ok(jvm) => started.push(jvm),
                Err(MachineError::Hidden { number }) => hidden.push(number),
                // it ended while it was looked at
                Err(_) => {}
            }
        }
        let mut inventory = Self { root: root.clone(), installations: Vec::new(), started, hidden };
        inventory.find_services(now);
        inventory.find_installations(surroundings);
        inventory
    }

    /// Adds the products and services that do not run.
    fn find_services(&mut self, now: SystemTime) {
        let units = Unit::all(&self.root);
        for product in install::installed(&self.root, &units) {
            let Some(folder) = &product.folder else { continue };
            let real = self.root.real(folder);
            let runs = self.started.iter().any(|jvm| {
                let own = jvm.product.as_ref().and_then(|own| own.folder.as_deref());
                jvm.seen.root == self.root && own.is_some_and(|own| self.root.real(own) == real)
            });
            if !runs {
                self.started.extend(install::of_folder(&self.root, folder, &units, now));
            }
        }
        let of_java = units.iter().filter_map(|unit| of_unit(&self.root, unit, now));
        let of_java: Vec<Started> = of_java
            .filter(|service| !self.started.iter().any(|jvm| jvm.is_of_same_line(service)))
            .collect();
        self.started.extend(of_java);
    }

    fn find_installations(&mut self, surroundings: &Surroundings) {
        let root = self.root.clone();
        let mut folders: Vec<PathBuf> =
            PLACES.iter().flat_map(|place| matches(&root, place)).collect();
        if root.is_own() {
            let variable = surroundings.variable("JAVA_HOME").map(PathBuf::from);
            folders.extend(variable.map(|folder| surroundings.absolute(&folder)));
        }
        let mut homes: Vec<JavaHome> =
            folders.iter().filter_map(|folder| JavaHome::in_root(&root, folder)).collect();
        let of_jvms = self.started.iter().filter(|jvm| jvm.seen.root == root);
        homes.extend(of_jvms.filter_map(|jvm| Some(jvm.home.as_ref()?.value.clone())));
        // what has neither a program nor a list of its release is something else with the same folders
        homes.retain(|home| {
            home.release().is_some() && root.outside(&home.path().join("bin/java")).exists()
        });
        // a folder's own name tells more than that of a link to it
        homes.sort_by_key(|home| (root.real(home.path()) != home.path(), home.path().to_owned()));
        for home in homes {
            let real = root.real(home.path());
            if !self.installations.iter().any(|held| root.real(held.path()) == real) {
                self.installations.push(home);
            }
        }
        self.installations.sort_by(|one, other| one.path().cmp(other.path()));
    }

    /// Returns the files that are, or could be, truststores: where this process finds them, each once.
    pub(crate) fn stores(&self) -> Vec<PathBuf> {
        let mut stores: Vec<PathBuf> = Vec::new();
        for home in &self.installations {
            for name in ["jssecacerts", "cacerts"] {
                stores.push(home.outside(&home.security_folder().join(name)));
            }
        }
        let known = STORES.iter().flat_map(|place| matches(&self.root, place));
        stores.extend(known.map(|path| self.root.outside(&path)));
        let mut seen = Vec::new();
        stores.retain(|store| {
            let Ok(real) = fs::canonicalize(store) else { return false };
            let is_new = real.is_file() && !seen.contains(&real);
            seen.push(real);
            is_new
        });
        stores
    }
}

impl Started {
    /// Whether a service is what runs already.
    fn is_of_same_line(&self, service: &Self) -> bool {
        self.class.is_some()
            && self.class == service.class
            && self.home.as_ref().map(|home| home.value.path())
                == service.home.as_ref().map(|home| home.value.path())
    }
}

/// A service that starts `java` itself.
fn of_unit(root: &Root, unit: &Unit, now: SystemTime) -> Option<Started> {
    let command = unit.command();
    let (program, words) = command.split_first()?;
    let program = Path::new(program);
    if !is_named(program, "java") || !program.is_absolute() {
        return None;
    }
    let home = JavaHome::of_program(root, program)?;
    let source = Source::File(unit.path.clone());
    let words: Vec<_> =
        words.iter().map(|word| Sourced::new(word.clone(), source.clone())).collect();
    let variables = unit.variables.iter().map(|(name, value, _)| (name.into(), value.into()));
    let seen = Surroundings {
        variables: variables.collect(),
        directory: unit.directory.clone().unwrap_or_else(|| "/".into()),
        now,
        root: root.clone(),
        user: unit.account(root),
    };
    let feature = home.release().map_or(u16::MAX, |release| release.feature);
    let line = started_line(&words, feature, &seen);
    Some(Started {
        home: Some(Sourced::new(home, source)),
        product: super::Product::of(&line.properties, line.class.as_deref(), root),
        properties: line.properties,
        seen,
        class: line.class,
        process: None,
        unread: line.unread,
    })
}

/// Returns what a path with stars names in a root.
fn matches(root: &Root, place: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::from("/")];
    for name in place.split('/').filter(|name| !name.is_empty()) {
        let Some(ending) = name.strip_prefix('*') else {
            found.iter_mut().for_each(|path| path.push(name));
            continue;
        };
        found = found.iter().flat_map(|folder| named(root, folder, ending)).collect();
        found.truncate(MOST_MATCHES);
    }
    found.retain(|path| root.outside(path).exists());
    found
}

fn named(root: &Root, folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.outside(folder)).into_iter().flatten().flatten();
    let names = entries.take(MOST_MATCHES).filter_map(|entry| entry.file_name().into_string().ok());
    let mut paths: Vec<PathBuf> =
        names.filter(|name| name.ends_with(ending)).map(|name| folder.join(name)).collect();
    paths.sort_unstable();
    paths
}
