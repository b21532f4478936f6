//! The real Java runtimes, and how to run them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The features that a matrix holds.
pub(crate) const FEATURES: [u16; 6] = [8, 11, 17, 21, 25, 26];

/// A folder with real runtimes side by side.
pub(crate) struct Matrix(PathBuf);

impl Matrix {
    /// Finds the folder; says so where there is none.
    pub(crate) fn find() -> Option<Self> {
        let Some(folder) = std::env::var_os("JAVA_MATRIX") else {
            assert!(std::env::var_os("CI").is_none(), "JAVA_MATRIX is not set, and this is CI");
            eprintln!("skipped: JAVA_MATRIX is not set (tests/oracle/java-matrix makes one)");
            return None;
        };
        let matrix = Self(folder.into());
        for feature in FEATURES {
            assert!(matrix.0.join(format!("java{feature}")).exists(), "no java{feature}");
        }
        Some(matrix)
    }

    /// Returns where a program of the folder is.
    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.0.join(program)
    }

    /// Returns the exact release of `feature`'s runtime, `1.8.0_504` or `17.0.15`: behaviour follows the update.
    pub(crate) fn release(&self, feature: u16) -> String {
        let output = self.java(feature, &["-version".to_owned()]);
        let told = String::from_utf8(output.stderr).unwrap();
        told.split('"').nth(1).unwrap().to_owned()
    }

    /// Runs `java` of `feature` with `arguments`. The flags only make the JVM start sooner.
    pub(crate) fn java(&self, feature: u16, arguments: &[String]) -> Output {
        Command::new(self.0.join(format!("java{feature}")))
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"])
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Puts questions to `StoreOracle` under the runtime of `feature`, all in one JVM, and returns the lines of each answer.
    pub(crate) fn ask(
        &self,
        feature: u16,
        classes: &Path,
        questions: &[Question],
    ) -> Vec<Vec<String>> {
        let file = tempfile::NamedTempFile::new_in(classes).unwrap();
        let lines: String = questions.iter().map(|question| question.join("\t") + "\n").collect();
        fs::write(&file, lines).unwrap();
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let mut arguments = vec!["-cp".to_owned(), path(classes)];
        if feature > 8 {
            arguments.push("--add-exports=java.base/sun.security.tools.keytool=ALL-UNNAMED".into());
        }
        arguments.extend(["StoreOracle".to_owned(), path(file.path())]);
        let output = self.java(feature, &arguments);
        let told = String::from_utf8(output.stdout).unwrap();
        let mut answers = vec![Vec::new()];
        for line in told.lines() {
            match (line, answers.last_mut()) {
                (".", _) => answers.push(Vec::new()),
                (line, Some(last)) => last.push(line.to_owned()),
                (_, None) => {}
            }
        }
        answers.pop();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(answers.len(), questions.len(), "java{feature}: {error}");
        answers
    }

    /// Runs the SSLPoke that lies in `classes` against a port of localhost; `properties` are those behind `javax.net.ssl.`.
    pub(crate) fn sslpoke(
        &self,
        feature: u16,
        classes: &Path,
        properties: &[(&str, &str)],
        port: u16,
    ) -> Output {
        self.java(
            feature,
            &sslpoke_arguments(classes, properties, &["localhost", &port.to_string()]),
        )
    }

    /// Runs `keytool` of `feature`, which must succeed, and returns what it prints.
    pub(crate) fn keytool(&self, feature: u16, arguments: &[&str]) -> String {
        let output = Command::new(self.0.join(format!("keytool{feature}")))
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "keytool{feature} {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// A question to `StoreOracle`: its fields.
pub(crate) type Question = Vec<String>;

/// Makes a question of its fields.
pub(crate) fn question(fields: &[&str]) -> Question {
    fields.iter().map(|field| (*field).to_owned()).collect()
}

/// Returns what java is told to run SSLPoke.
pub(crate) fn sslpoke_arguments(
    classes: &Path,
    properties: &[(&str, &str)],
    target: &[&str],
) -> Vec<String> {
    let mut arguments: Vec<String> = Vec::new();
    for (property, value) in properties {
        arguments.push(format!("-Djavax.net.ssl.{property}={value}"));
    }
    arguments.extend(["-cp", classes.to_str().unwrap(), "SSLPoke"].map(str::to_owned));
    arguments.extend(target.iter().map(|word| (*word).to_owned()));
    arguments
}

/// Compiles SSLPoke into `folder`.
pub(crate) fn compile_sslpoke(folder: &Path) {
    compile(folder, "SSLPoke");
}

/// Compiles a class of this folder into `folder`, for Java 8 and later.
pub(crate) fn compile(folder: &Path, class: &str) {
    let source = format!("{}/tests/oracle/{class}.java", env!("CARGO_MANIFEST_DIR"));
    let status = Command::new("javac")
        .args(["--release", "8", "-Xlint:-options", "-d"])
        .arg(folder)
        .arg(source)
        .status()
        .unwrap();
    assert!(status.success(), "javac");
}
