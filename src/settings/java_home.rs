//! A Java installation on disk: where its files are, and which release it is.

use std::fs;
use std::path::{Path, PathBuf};

use java_pkix::JavaRelease;

use super::root::Root;

/// A Java installation, as the system property `java.home` names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct JavaHome {
    path: PathBuf,
    root: Root,
}

impl JavaHome {
    /// Finds the installation in `folder`: a JDK 8 (`jre/` in it), a JRE 8, or 9 and later.
    pub(crate) fn in_folder(folder: &Path) -> Option<Self> {
        Self::in_root(&Root::default(), folder)
    }

    /// Finds the installation in `folder` of a root.
    pub(crate) fn in_root(root: &Root, folder: &Path) -> Option<Self> {
        [folder.join("jre"), folder.to_owned()]
            .into_iter()
            .find(|home| root.outside(&home.join("lib/security")).is_dir())
            .map(|path| Self { path, root: root.clone() })
    }

    /// Finds the installation of a `java` program, symbolic links followed as the launcher does.
    pub(crate) fn of_program(root: &Root, program: &Path) -> Option<Self> {
        let program = root.real(program);
        let bin = program.parent()?;
        Self::in_root(root, bin.parent()?)
    }

    /// Returns the path that `java.home` holds.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns where this process finds a file that the runtime calls `path`.
    pub(crate) fn outside(&self, path: &Path) -> PathBuf {
        self.root.outside(path)
    }

    /// Returns where the default trust stores are.
    pub(crate) fn security_folder(&self) -> PathBuf {
        self.path.join("lib/security")
    }

    /// Returns where this process finds the file with the security properties: its place moved with 9.
    pub(crate) fn java_security(&self) -> PathBuf {
        self.first_there(["conf/security/java.security", "lib/security/java.security"])
    }

    /// Returns where this process finds the file with the networking properties: its place moved with 9.
    pub(crate) fn net_properties(&self) -> PathBuf {
        self.first_there(["conf/net.properties", "lib/net.properties"])
    }

    fn first_there(&self, [since_9, before]: [&str; 2]) -> PathBuf {
        let file = self.outside(&self.path.join(since_9));
        if file.exists() { file } else { self.outside(&self.path.join(before)) }
    }

    /// Returns the text of the runtime's block list; 8 and early updates of later releases call it another name.
    pub(crate) fn blocked_certificates(&self) -> Option<String> {
        let folder = self.security_folder();
        ["blocked.certs", "blacklisted.certs"]
            .into_iter()
            .find_map(|name| fs::read_to_string(self.outside(&folder.join(name))).ok())
    }

    /// Returns the release: as the `release` file says, or from the layout where a JRE 8 has none.
    pub(crate) fn release(&self) -> Option<JavaRelease> {
        self.release_property("JAVA_VERSION").and_then(|version| version.parse().ok()).or_else(
            || {
                self.outside(&self.path.join("lib/rt.jar"))
                    .exists()
                    .then(|| "8".parse().ok())
                    .flatten()
            },
        )
    }

    /// Returns a value of the `release` file: `JAVA_VERSION="17.0.15"`. A JRE 8 in a JDK has the JDK's.
    pub(crate) fn release_property(&self, name: &str) -> Option<String> {
        let of_jdk = self.path.parent().filter(|_| self.path.ends_with("jre"));
        let text = [Some(self.path.as_path()), of_jdk]
            .into_iter()
            .flatten()
            .find_map(|folder| fs::read_to_string(self.outside(&folder.join("release"))).ok())?;
        let mut lines = text.lines();
        lines
            .find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='))
            .map(|value| value.trim_matches('"').to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_is_found_and_its_release_read() {
        let scratch = tempfile::tempdir().unwrap();
        for (layout, files, home, release) in [
            ("jdk8", ["jre/lib/security/cacerts", "release"], "jdk8/jre", "8u504"),
            ("jre8", ["lib/security/cacerts", "lib/rt.jar"], "jre8", "8u504"),
            ("jdk17", ["lib/security/cacerts", "release"], "jdk17", "17.0.15"),
        ] {
            for file in files {
                let path = scratch.path().join(layout).join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                let version = if layout == "jdk8" { "1.8.0_504" } else { "17.0.15" };
                fs::write(path, format!("OS_NAME=\"x\"\nJAVA_VERSION=\"{version}\"\n")).unwrap();
            }
            let found = JavaHome::in_folder(&scratch.path().join(layout)).unwrap();
            assert_eq!(found.path(), scratch.path().join(home));
            assert_eq!(found.release().unwrap().to_string(), release);
        }
        assert_eq!(JavaHome::in_folder(scratch.path()), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_symlinked_program_leads_to_its_installation() {
        let scratch = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(scratch.path()).unwrap();
        fs::create_dir_all(root.join("jvm/lib/security")).unwrap();
        fs::create_dir_all(root.join("jvm/bin")).unwrap();
        fs::write(root.join("jvm/bin/java"), "").unwrap();
        std::os::unix::fs::symlink(root.join("jvm/bin/java"), root.join("java")).unwrap();
        assert_eq!(
            JavaHome::of_program(&Root::default(), &root.join("java")).unwrap().path(),
            root.join("jvm")
        );
    }
}
