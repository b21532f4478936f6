//! S17 and S18: the wrong JVM's store; a store, or a script, that changes under a running JVM.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::{examined, finding, first, java_home, screen};
use crate::stage::{GOOD, Stage, sslpoke, stderr, stdout};

/// A JVM that waits.
pub(crate) struct Jvm(Child);

impl Jvm {
    /// Starts `java` with these options in this folder; none where the machine has no JDK.
    pub(crate) fn start(folder: &str, options: &[&str]) -> Option<Self> {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/Sleeper.java");
        let compiled = Command::new("javac").args(["-d", folder, source]).status();
        if !compiled.is_ok_and(|status| status.success()) {
            assert!(std::env::var_os("CI").is_none(), "a JDK is wanted");
            eprintln!("skipped: no javac");
            return None;
        }
        let mut child = Command::new("java")
            .current_dir(folder)
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"])
            .args(options)
            .args(["-cp", folder, "Sleeper"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "up\n");
        Some(Self(child))
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

#[test]
fn s17_a_store_that_was_changed_since_the_start_means_a_restart() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, store) = (stage.serve(GOOD), other.store());
    let folder = stage.path("");
    let password = "-Djavax.net.ssl.trustStorePassword=changeit";
    let property = format!("-Djavax.net.ssl.trustStore={store}");
    let Some(jvm) = Jvm::start(&folder, &[&property, password]) else { return };
    let number = jvm.number();
    let alone = || sslpoke(&["doctor", "--pid", &number]);
    let output = alone();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(stdout(&output).contains(&store), "{output:?}");
    let (report, exit) = examined(&["--pid", &number], &port);
    assert_eq!((exit, report["jvm"]["pid"].to_string()), (Some(1), number.clone()), "{report:#}");
    sleep(Duration::from_millis(1100));
    let words = ["--pid", &number, "--candidates", &stage.path("root.pem"), "--fix", "--yes"];
    let (report, exit) = examined(&words, &port);
    assert_eq!((exit, &report["fix"]["outcome"]), (Some(0), &"changed".into()), "{report:#}");
    let restart = report["fix"]["restart"].as_str().unwrap();
    assert!(restart.contains(&format!("process {number}")), "{restart}");
    let output = alone();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = stdout(&output);
    assert!(text.contains("restart pending") && text.contains(&store), "{text}");
    let (report, exit) = examined(&["--pid", &number], &port);
    assert_eq!((exit, report["result"].as_str()), (Some(1), Some("connected")), "{report:#}");
    assert_eq!(first(&report), "restart-pending", "{report:#}");
    assert!(finding(&report, "restart-pending").contains("after the JVM had started"));
}

#[test]
fn s18_a_root_that_went_to_another_jvm_is_told_with_who_uses_which_store() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, used, unused) = (stage.serve(GOOD), other.store(), stage.store());
    let start = |store: &str| {
        Jvm::start(&stage.path(""), &[&format!("-Djavax.net.ssl.trustStore={store}")])
    };
    let Some((meant, beside)) = start(&used).zip(start(&unused)) else { return };
    let (text, exit) = screen(&["--pid", &meant.number()], &port);
    assert_eq!(exit, Some(1), "{text}");
    let (one, two) = (meant.number(), beside.number());
    for line in [
        format!("  CN=Stage Root CA is in {unused}, and not in {used}, which Java uses"),
        format!("  → {used}  lacks the root, used by Sleeper ({one})"),
        format!("    {unused}  has the root, used by Sleeper ({two})"),
    ] {
        let flat = text.replace("\n  ", " ");
        assert!(text.contains(&line) || flat.contains(line.trim()), "{line}: {text}");
    }
}

#[test]
fn a_script_that_is_corrected_waits_for_a_restart() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, jira, home) = (stage.serve(GOOD), stage.path("jira"), stage.path("jira/jre"));
    java_home(&home, &other.store());
    fs::create_dir_all(format!("{jira}/atlassian-jira/WEB-INF")).unwrap();
    fs::create_dir_all(format!("{jira}/bin")).unwrap();
    let (script, slip) = (format!("{jira}/bin/setenv.sh"), stage.path("stor.jks"));
    let property = format!("-Djavax.net.ssl.trustStore={slip}");
    fs::write(&script, format!("# Jira\nJAVA_OPTS=\"{property} -Dx=y\"\n")).unwrap();
    let catalina = format!("-Dcatalina.home={jira}");
    let Some(jvm) = Jvm::start(&stage.path(""), &[&property, &catalina]) else { return };
    let number = jvm.number();
    let (report, exit) = examined(&["--pid", &number], &port);
    assert_eq!((exit, first(&report)), (Some(1), "truststore-fallback"), "{report:#}");
    let remedy = report["findings"][0]["remedy"].as_str().unwrap();
    let (prose, command) = remedy.split_once('\n').unwrap();
    assert_eq!(prose, format!("correct line 2 of {script}, and restart Jira:"));
    // where no option says which JVM is meant, it is this one, if no other product runs
    if sslpoke(&["doctor", "--pid", "auto"]).status.code() != Some(2) {
        let (report, _) = examined(&[], &port);
        assert_eq!(report["jvm"]["pid"].to_string(), number, "{report:#}");
        assert!(report["proof"].as_str().unwrap().contains(" --pid auto "), "{report:#}");
    }
    sleep(Duration::from_millis(50));
    assert!(Command::new("sh").args(["-c", command]).status().unwrap().success());
    let said = fs::read_to_string(&script).unwrap();
    assert!(said.contains(&format!("={} -Dx", stage.store())), "{said}");
    let (report, exit) = examined(&["--pid", &number], &port);
    assert_eq!((exit, first(&report)), (Some(1), "truststore-fallback"), "{report:#}");
    let told = finding(&report, "truststore-fallback");
    let restart = format!("restart Jira: line 2 of {script} names {} by now", stage.store());
    assert!(told.ends_with(&restart), "{told}");
    let told = finding(&report, "restart-pending");
    assert!(told.contains(&script) && told.contains("restart Jira"), "{told}");
}

#[test]
fn the_password_of_a_running_jvm_is_never_told() {
    let stage = Stage::new();
    let (port, store, folder) = (stage.serve(GOOD), stage.store(), stage.path(""));
    let property = format!("-Djavax.net.ssl.trustStore={store}");
    let secret = "-Djavax.net.ssl.trustStorePassword=s3cretW0rd";
    let key = "-Djavax.net.ssl.keyStorePassword=s3cretW0rd";
    let Some(jvm) = Jvm::start(&folder, &[&property, secret, key]) else { return };
    let number = jvm.number();
    for format in ["text", "json", "md", "html"] {
        for more in [&[][..], &["-v"], &["--fix", "--yes"]] {
            let base = ["doctor", "--format", format, "--pid", &number];
            let output = sslpoke(&[&base[..], more, &["localhost", &port]].concat());
            let told = stdout(&output) + &stderr(&output);
            assert!(!told.contains("s3cretW0rd"), "{format} {more:?}: {told}");
            assert_eq!(output.status.code(), Some(4), "{told}");
        }
    }
    assert!(Path::new(&store).exists() && fs::read(&store).is_ok());
}
