//! A server process with a folder of its own, and what `sslpoke` says of it.

use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::pki::Pki;

/// The user that servers run as which refuse to run as root.
const NOBODY: u32 = 65534;

/// A folder with certificates, stores and what a server wants to keep.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    pub(crate) pki: Pki,
}

impl Place {
    /// Makes the folder, `chain.pem` (with `good.key`) and `rsa-chain.pem` (with `rsa.key`), which every user may read.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pki = Pki::make(folder.path());
        let place = Self { folder, pki };
        for (chain, leaf) in [("chain.pem", "good.pem"), ("rsa-chain.pem", "rsa.pem")] {
            let read = |name: &str| fs::read_to_string(place.path(name)).unwrap();
            fs::write(place.path(chain), read(leaf) + &read("issuing.pem")).unwrap();
        }
        fs::set_permissions(place.folder.path(), Permissions::from_mode(0o755)).unwrap();
        for (root, store) in [("root.pem", "trusting.jks"), ("other-root.pem", "other.jks")] {
            let words = ["trust", "add", &place.text(root), "--to", &place.text(store), "--create"];
            let made = sslpoke(&words);
            assert!(made.status.success(), "{made:?}");
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.text(name)
    }

    /// Makes a folder in it that belongs to the user that runs servers which refuse root.
    pub(crate) fn folder(&self, name: &str) -> String {
        fs::create_dir(self.path(name)).unwrap();
        self.give_away(name, 0o700);
        self.text(name)
    }

    /// Gives a file to that user.
    pub(crate) fn give_away(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
        if is_root() {
            chown(self.path(name), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
}

/// A running server; it ends when this is dropped.
pub(crate) struct Daemon {
    child: Child,
    /// The signal by which it ends its own children, too.
    signal: &'static str,
}

/// How a server is run.
#[derive(Clone, Copy)]
pub(crate) enum User {
    /// As whoever runs the tests: it drops what it does not need itself.
    Own,
    /// As nobody: it refuses to run as root.
    Nobody,
}

impl Daemon {
    /// Starts a program and waits until it takes connections on all `ports`.
    pub(crate) fn start(
        program: &Path,
        arguments: &[&str],
        user: User,
        signal: &'static str,
        ports: &[u16],
    ) -> Self {
        let mut command = Command::new(program);
        command.args(arguments).current_dir("/").stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        as_user(&mut command, user);
        let mut daemon = Self { child: command.spawn().unwrap(), signal };
        let began = Instant::now();
        for port in ports {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_err() {
                let ended = daemon.child.try_wait().unwrap();
                if ended.is_some() || began.elapsed() > Duration::from_secs(60) {
                    let mut text = String::new();
                    let mut stderr = daemon.child.stderr.take().unwrap();
                    let _ = daemon.child.kill();
                    let _ = std::io::Read::read_to_string(&mut stderr, &mut text);
                    panic!("{} {ended:?}: {text}", program.display());
                }
                sleep(Duration::from_millis(30));
            }
        }
        // what it writes is read away, so that it never blocks
        let mut stderr = daemon.child.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args([self.signal, &pid]).status();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(5) {
            if self.child.try_wait().unwrap().is_some() {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end as a user; it must succeed.
pub(crate) fn run(program: &Path, arguments: &[&str], user: User) {
    let mut command = Command::new(program);
    command.args(arguments).current_dir("/");
    as_user(&mut command, user);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}: {output:?}", program.display());
}

fn as_user(command: &mut Command, user: User) {
    match user {
        User::Nobody if is_root() => {
            command.uid(NOBODY).gid(NOBODY);
        }
        User::Nobody | User::Own => {}
    }
}

pub(crate) fn is_root() -> bool {
    nix::unistd::Uid::effective().is_root()
}

/// Finds a program of these names; says so where there is none.
pub(crate) fn program(names: &[&str]) -> Option<PathBuf> {
    let found = names.iter().map(Path::new).find(|path| path.exists()).map(Path::to_owned);
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{names:?} is not installed, and this is CI");
        eprintln!("skipped: {names:?} is not installed");
    }
    found
}

/// Returns a port of loopback where nobody listens.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Runs the program.
pub(crate) fn sslpoke(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sslpoke"));
    command.env("PATH", "/nonexistent").env("PROXY_PASSWORD", "s3cret-Pa55");
    for name in ["JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"] {
        command.env_remove(name);
    }
    command.args(words).output().unwrap()
}

/// Pokes and returns what the JSON says, and the exit code.
pub(crate) fn poked(words: &[&str]) -> (Value, Option<i32>) {
    let output = sslpoke(&[&["poke", "--java", "17.0.15", "--format", "json"], words].concat());
    let report = serde_json::from_slice(&output.stdout);
    (report.unwrap_or_else(|error| panic!("{error}: {output:?}")), output.status.code())
}

/// Returns whether there is a finding with this code.
pub(crate) fn has_finding(report: &Value, code: &str) -> bool {
    let findings = report.pointer("/findings").and_then(Value::as_array).unwrap();
    findings.iter().any(|held| held.pointer("/code").is_some_and(|held| held == code))
}

/// Java's verdict must be the truststore's, whatever the way to TLS: connected with the root, refused without it.
pub(crate) fn judged_by_the_store(place: &Place, words: &[&str], starttls: Option<&str>) {
    let (trusting, other) = (place.text("trusting.jks"), place.text("other.jks"));
    let text = |report: &Value, path: &str| {
        report.pointer(path).and_then(Value::as_str).map(str::to_owned)
    };
    let (report, code) = poked(&[&["--truststore", &trusting], words].concat());
    assert_eq!(
        (text(&report, "/result").as_deref(), code),
        (Some("connected"), Some(0)),
        "{report:#}"
    );
    assert_eq!(text(&report, "/connection/starttls").as_deref(), starttls, "{report:#}");
    assert_eq!(has_finding(&report, "starttls"), starttls.is_some(), "{report:#}");
    assert!(report.pointer("/chain/1").is_some(), "{report:#}");
    let (report, code) = poked(&[&["--truststore", &other], words].concat());
    assert_eq!(
        (text(&report, "/result").as_deref(), code),
        (Some("refused"), Some(1)),
        "{report:#}"
    );
    assert_eq!(text(&report, "/reason").as_deref(), Some("pkix-no-path"), "{report:#}");
}
