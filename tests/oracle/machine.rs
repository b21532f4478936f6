//! Running JVMs: found in `/proc`, of this machine and of the matrix, whose runtimes live in a root of their own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::jre::{Matrix, compile};
use crate::plain::closed_port;

/// A JVM that waits.
pub(crate) struct Jvm(Child);

impl Jvm {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "up\n");
        Self(child)
    }

    pub(crate) fn number(&self) -> String {
        self.0.id().to_string()
    }
}

impl Drop for Jvm {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Prepares a JVM that waits, in its own folder and without options in the environment.
pub(crate) fn sleeper(program: &Path, folder: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"])
        .args(options)
        .arg("-cp")
        .arg(folder)
        .args(["Sleeper", "-Dnot.a=property"]);
    for name in ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"] {
        command.env_remove(name);
    }
    command
}

fn sslpoke(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sslpoke")).args(words).output().unwrap()
}

fn poke(jvm: &Jvm) -> serde_json::Value {
    let port = closed_port().to_string();
    let output = sslpoke(&["poke", "--format", "json", "--pid", &jvm.number(), "localhost", &port]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(!told.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!told.contains("s3cret"), "{told}");
    serde_json::from_str(&told).unwrap()
}

fn codes(told: &serde_json::Value) -> Vec<&str> {
    told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["code"].as_str().unwrap())
        .collect()
}

fn classes() -> tempfile::TempDir {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    compile(folder.path(), "Sleeper");
    folder
}

#[test]
fn the_options_of_a_running_jvm_are_those_it_sees_itself() {
    let folder = classes();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("more.txt"), "-Djavax.net.ssl.trustStore='of file.jks'\n").unwrap();
    fs::write(path("vm.txt"), "-Dx='y z'\n-Djavax.net.ssl.trustStore='of vm.jks'").unwrap();
    let store = "-Djavax.net.ssl.trustStore=";
    let vm = "-XX:VMOptionsFile=vm.txt";
    let last = format!("{store}last.jks");
    for (variable, value, options, expected) in [
        (None, "", vec!["-Djavax.net.ssl.trustStore=a.jks", "@more.txt"], "of file.jks"),
        (None, "", vec!["@more.txt", last.as_str()], "last.jks"),
        (None, "", vec!["-Djavax.net.ssl.trustStore=a.jks", vm], "of vm.jks"),
        (None, "", vec![vm, last.as_str()], "last.jks"),
        (Some("JAVA_TOOL_OPTIONS"), "a.jks", vec![vm], "of vm.jks"),
        (Some("JAVA_TOOL_OPTIONS"), "a.jks", vec![], "a.jks"),
        (Some("JAVA_TOOL_OPTIONS"), "a.jks", vec!["@more.txt"], "of file.jks"),
        (Some("JDK_JAVA_OPTIONS"), "'a b.jks'", vec![], "a b.jks"),
        (Some("JDK_JAVA_OPTIONS"), "a.jks", vec![last.as_str()], "last.jks"),
        (Some("_JAVA_OPTIONS"), "a.jks", vec![last.as_str()], "a.jks"),
    ] {
        let mut command = sleeper(Path::new("java"), folder.path(), &options);
        if let Some(name) = variable {
            command.env(name, format!("{store}{value}")).stderr(Stdio::null());
        }
        let jvm = Jvm::start(command);
        let told = poke(&jvm);
        let missing = told["truststore"]["fallback_from"].as_str();
        assert_eq!(missing, Some(expected), "{variable:?} {options:?}");
        let output = Command::new("jcmd").args([&jvm.number(), "VM.system_properties"]).output();
        let seen = String::from_utf8(output.unwrap().stdout).unwrap();
        let line = format!("javax.net.ssl.trustStore={expected}");
        assert!(seen.lines().any(|held| held == line), "{seen}");
    }
}

#[test]
fn what_another_launcher_gave_the_jvm_is_told_by_the_jvm() {
    let folder = classes();
    let program = Path::new("rmiregistry");
    let told = |line: &[&str]| {
        let mut command = Command::new(program);
        command.args(line).arg("0").current_dir(folder.path());
        let jvm = Jvm(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        // it says nothing when it is there
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let output = sslpoke(&["doctor", "--format", "json", "--pid", &jvm.number()]);
            let report: serde_json::Value =
                serde_json::from_slice(&output.stdout).unwrap_or_default();
            if !report["truststore"]["fallback_from"].is_null() || Instant::now() > end {
                return report;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let report = told(&["-J-Djavax.net.ssl.trustStore=/nosuch/a b.jks"]);
    assert_eq!(report["truststore"]["fallback_from"], "/nosuch/a b.jks", "{report:#}");
    assert!(!codes(&report).contains(&"process-partly-hidden"), "{report:#}");
    let long = format!("-J-Dlong={}", "x".repeat(1100));
    let report = told(&["-J-Djavax.net.ssl.trustStore=/nosuch/c.jks", &long]);
    assert!(codes(&report).contains(&"process-partly-hidden"), "{report:#}");
}

#[test]
fn a_store_that_is_changed_under_a_running_jvm_means_that_a_restart_is_pending() {
    let folder = classes();
    let store = folder.path().join("own.jks");
    let cacerts = Path::new("/etc/ssl/certs/java/cacerts");
    fs::copy(cacerts, &store).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let options =
        ["-Djavax.net.ssl.trustStore=own.jks", "-Djavax.net.ssl.trustStorePassword=changeit"];
    let jvm = Jvm::start(sleeper(Path::new("java"), folder.path(), &options));
    let told = poke(&jvm);
    assert_eq!(told["truststore"]["path"], "own.jks");
    assert!(told["truststore"]["anchors"].as_u64().unwrap() > 100);
    assert!(!codes(&told).contains(&"restart-pending"));
    fs::copy(cacerts, &store).unwrap();
    assert!(codes(&poke(&jvm)).contains(&"restart-pending"));
}

#[test]
fn a_jvm_in_a_root_of_its_own_is_seen_in_that_root() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = classes();
    let options =
        ["-Djavax.net.ssl.trustStore=/nosuch/cacerts", "-Djavax.net.ssl.trustStorePassword=s3cret"];
    for feature in [8, 21] {
        let program = matrix.path(&format!("java{feature}"));
        let jvm = Jvm::start(sleeper(&program, folder.path(), &options));
        let told = poke(&jvm);
        assert_eq!(told["truststore"]["fallback_from"], "/nosuch/cacerts", "{told}");
        let home = told["runtime"]["java_home"].as_str().unwrap();
        assert!(!home.starts_with("/tmp"), "{home}");
        let release = told["runtime"]["release"].as_str().unwrap();
        let expected = matrix.release(feature).replace("1.8.0_", "8u");
        assert!(expected.starts_with(release), "{release} for {expected}");
    }
}

#[test]
fn what_is_no_jvm_is_named() {
    let own = std::process::id().to_string();
    for (number, told) in [
        ("x", "the number of a process is wanted"),
        ("4194304", "there is no such process"),
        (own.as_str(), "is no Java virtual machine"),
    ] {
        let output = sslpoke(&["poke", "--pid", number, "localhost", "1"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains(told), "{number}");
    }
}
