//! The scenarios that have a JVM in them: the doctor says what the machine's own Java does, in an installation of its own.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::jre::{Matrix, compile_sslpoke, sslpoke_arguments};
use crate::machine::{Jvm, sleeper};
use crate::pki::Pki;
use crate::plain::plain_server;
use crate::server::TlsServer;

/// An installation of the machine's Java whose `cacerts` is its own: all else is linked but what tells Java where it lies.
struct Installation(PathBuf);

impl Installation {
    fn make(home: &Path, cacerts: &str) -> Self {
        let found = Command::new("java").args(["-XshowSettings:properties", "-version"]).output();
        let told = String::from_utf8(found.unwrap().stderr).unwrap();
        let line = told.lines().find_map(|line| line.trim().strip_prefix("java.home = "));
        let original = PathBuf::from(line.unwrap());
        link_all(&original, home, &["bin", "lib"]);
        link_all(&original.join("bin"), &home.join("bin"), &["java"]);
        link_all(&original.join("lib"), &home.join("lib"), &["server", "security", "libjli.so"]);
        link_all(&original.join("lib/server"), &home.join("lib/server"), &["libjvm.so"]);
        link_all(&original.join("lib/security"), &home.join("lib/security"), &["cacerts"]);
        for file in ["bin/java", "lib/libjli.so", "lib/server/libjvm.so"] {
            fs::copy(original.join(file), home.join(file)).unwrap();
        }
        fs::copy(cacerts, home.join("lib/security/cacerts")).unwrap();
        Self(home.to_owned())
    }

    fn cacerts(&self) -> String {
        self.0.join("lib/security/cacerts").to_str().unwrap().to_owned()
    }

    /// Runs SSLPoke in it.
    fn sslpoke(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(self.0.join("bin/java"));
        command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]).args(arguments);
        command
    }

    fn doctor(&self, words: &[&str]) -> (Value, Option<i32>) {
        let home = self.0.to_str().unwrap();
        doctor(&[&["--java-home", home], words].concat())
    }
}

/// Links what lies in one folder into another, but for some names.
fn link_all(from: &Path, to: &Path, but: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        if !but.iter().any(|held| *held == name) {
            symlink(from.join(&name), to.join(&name)).unwrap();
        }
    }
}

fn doctor(words: &[&str]) -> (Value, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["doctor", "--format", "json"])
        .args(words)
        .output()
        .unwrap();
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

/// Returns the exception that SSLPoke printed, and its causes.
fn of_java(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with(['.', 'a']));
    lines.map(|line| line.trim_start_matches("Caused by: ").to_owned()).collect()
}

/// Returns the exception that the doctor says Java throws, and its causes.
fn of_doctor(report: &Value) -> Vec<String> {
    let text = |line: &Value| match (line["class"].as_str(), line["message"].as_str()) {
        (Some(class), Some(message)) => format!("{class}: {message}"),
        (class, _) => class.unwrap_or_default().to_owned(),
    };
    report["exception"].as_array().unwrap().iter().map(text).collect()
}

/// A folder with the PKI, SSLPoke, and a store that lacks the root.
struct Scene {
    folder: tempfile::TempDir,
    pki: Pki,
    foreign: String,
}

impl Scene {
    fn set(matrix: &Matrix) -> Self {
        let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
        let pki = Pki::make(folder.path());
        compile_sslpoke(folder.path());
        let foreign = pki.path("foreign.jks");
        let scene = Self { folder, pki, foreign };
        scene.import(matrix, "other-root.pem", &scene.foreign);
        scene
    }

    fn import(&self, matrix: &Matrix, root: &str, store: &str) {
        let root = self.pki.path(root);
        let words = ["-importcert", "-noprompt", "-alias", root.as_str(), "-file", &root];
        let store = ["-keystore", store, "-storepass", "changeit", "-storetype", "JKS"];
        matrix.keytool(17, &[&words[..], &store].concat());
    }

    fn installation(&self, name: &str) -> Installation {
        Installation::make(&self.folder.path().join("jvm").join(name), &self.foreign)
    }

    fn arguments(&self, properties: &[(&str, &str)], port: u16) -> Vec<String> {
        sslpoke_arguments(self.folder.path(), properties, &["localhost", &port.to_string()])
    }
}

#[test]
fn s06_behind_a_mistyped_path_java_and_the_doctor_read_the_same_cacerts() {
    let Some(matrix) = Matrix::find() else { return };
    let scene = Scene::set(&matrix);
    let java = scene.installation("own");
    let server = TlsServer::with_leaf(&scene.pki, "good");
    let line = scene.arguments(&[("trustStore", "/nosuch/cacerts")], server.port);
    let port = server.port.to_string();
    let words = ["-Djavax.net.ssl.trustStore=/nosuch/cacerts", "localhost", &port];
    let (told, (report, exit)) = (java.sslpoke(&line).output().unwrap(), java.doctor(&words));
    assert_eq!((told.status.code(), exit), (Some(1), Some(1)), "{report:#}");
    assert_eq!(of_java(&told), of_doctor(&report));
    assert_eq!(report["truststore"]["path"], java.cacerts());
    assert_eq!(report["findings"][0]["code"], "truststore-fallback");
    // where that one has the root, Java connects, and nobody notices
    scene.import(&matrix, "root.pem", &java.cacerts());
    let (told, (report, exit)) = (java.sslpoke(&line).output().unwrap(), java.doctor(&words));
    assert_eq!(String::from_utf8_lossy(&told.stdout), "Successfully connected\n");
    assert_eq!((told.status.code(), exit), (Some(0), Some(0)), "{report:#}");
    assert_eq!(report["findings"][0]["code"], "truststore-fallback");
    assert_eq!(report["findings"][0]["severity"], "warning");
}

#[test]
fn s18_the_process_runs_one_java_and_the_root_is_in_the_other() {
    let Some(matrix) = Matrix::find() else { return };
    let scene = Scene::set(&matrix);
    crate::jre::compile(scene.folder.path(), "Sleeper");
    let (used, unused) = (scene.installation("a"), scene.installation("b"));
    scene.import(&matrix, "root.pem", &unused.cacerts());
    let server = TlsServer::with_leaf(&scene.pki, "good");
    let jvm = Jvm::start(sleeper(&used.0.join("bin/java"), scene.folder.path(), &[]));
    let port = server.port.to_string();
    let (report, exit) = doctor(&["--pid", &jvm.number(), "localhost", &port]);
    assert_eq!((exit, &report["findings"][0]["code"]), (Some(1), &"root-in-other-store".into()));
    let told = used.sslpoke(&scene.arguments(&[], server.port)).output().unwrap();
    assert_eq!(of_java(&told), of_doctor(&report));
    let stores = report["stores"].as_array().unwrap();
    let rows: Vec<_> = stores
        .iter()
        .map(|row| (row["path"].as_str().unwrap(), row["meant"] == true, row["in_use"] == true))
        .collect();
    let (one, two) = (used.cacerts(), unused.cacerts());
    assert_eq!(rows, [(one.as_str(), true, true), (two.as_str(), false, false)], "{report:#}");
    let told = unused.sslpoke(&scene.arguments(&[], server.port)).output().unwrap();
    assert_eq!(told.status.code(), Some(0), "{told:?}");
}

#[test]
fn s22_s24_s26_s29_what_the_doctor_explains_is_what_java_says() {
    let Some(matrix) = Matrix::find() else { return };
    let scene = Scene::set(&matrix);
    let java = scene.installation("own");
    scene.import(&matrix, "root.pem", &java.cacerts());
    let leaf = |name: &str| TlsServer::with_leaf(&scene.pki, name);
    let (certificate, key) = (scene.pki.path("good.pem"), scene.pki.path("good.key"));
    let old = ["-cert", &certificate, "-key", &key, "-tls1", "-cipher", "ALL:@SECLEVEL=0"];
    let (wrong, old, expired) = (leaf("wrong-name"), TlsServer::start(&old), leaf("expired"));
    let http = plain_server(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", true);
    for (port, code) in [
        (wrong.port, "host-name-mismatch"),
        (old.port, "tls-too-old"),
        (http, "plaintext-protocol"),
        (expired.port, "certificate-expired"),
    ] {
        let told = java.sslpoke(&scene.arguments(&[], port)).output().unwrap();
        let (report, exit) = java.doctor(&["localhost", &port.to_string()]);
        assert_eq!((told.status.code(), exit), (Some(1), Some(1)), "{code}: {report:#}");
        assert_eq!(report["findings"][0]["code"], code, "{report:#}");
        assert_eq!(of_java(&told), of_doctor(&report), "{code}");
    }
}

#[test]
fn s27_on_a_silent_server_java_waits_and_the_doctor_does_not() {
    let Some(matrix) = Matrix::find() else { return };
    let scene = Scene::set(&matrix);
    let java = scene.installation("own");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut line = java.sslpoke(&scene.arguments(&[], port));
    let mut waits = line.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    let (report, exit) = java.doctor(&["--timeout", "2", "localhost", &port.to_string()]);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!((exit, &report["findings"][0]["code"]), (Some(3), &"timeout".into()));
    assert!(waits.try_wait().unwrap().is_none());
    waits.kill().unwrap();
    waits.wait().unwrap();
}
