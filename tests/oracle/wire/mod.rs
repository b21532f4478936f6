//! Every recorded situation of a handshake, played again: what we print is what SSLPoke printed there.

mod altered;
mod peer;
mod relay;
mod situation;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Instant;

use peer::Peer;
use situation::{Situation, Told, divergences, pki, situations};

use crate::jre::compile_sslpoke;
use crate::play::{play, seed_of_today};

/// The names that lead to loopback.
const NAMES: &str = "localhost tls.example.test under_score.example.test single sp.example.test";

/// The builds under which the situations were recorded.
const BUILDS: [(u16, &str); 6] = [
    (8, "8u504"),
    (11, "11.0.33"),
    (17, "17.0.15"),
    (21, "21.0.13"),
    (25, "25.0.5"),
    (26, "26.0.2"),
];

/// Situations whose answer hangs on the machine's resolver, which java asks not when it is given a file of hosts.
const RESOLVED: [&str; 2] = ["tcp_unknown", "proxy_socks_unknown_host"];

/// How many situations are played with the machine's own Java 17 beside it.
const LIVE: usize = 20;

/// How many are played at once.
const THREADS: usize = 8;

#[test]
fn we_print_what_was_recorded() {
    let releases = std::env::var("WIRE_RELEASES").unwrap_or_else(|_| "17".to_owned());
    let (all, known) = (situations(), divergences());
    let lab = Lab::new();
    for (feature, build) in BUILDS {
        if !releases.split(' ').any(|wanted| wanted == feature.to_string()) {
            continue;
        }
        let some: Vec<_> = all.iter().filter(|it| it.recorded(feature).is_some()).collect();
        let differences = play(THREADS, &some, |&situation| {
            let recorded = situation.recorded(feature).unwrap();
            let ours = lab.ours(situation, build);
            let is_known =
                known.iter().any(|it| it.name == situation.name && it.releases.contains(&feature));
            match (alike(recorded) == alike(&ours), is_known) {
                (true, false) | (false, true) => None,
                (true, true) => Some(format!(
                    "{} is listed as a divergence, and does not diverge",
                    situation.name
                )),
                (false, false) => {
                    Some(format!("{}:\n  java {recorded:?}\n  ours {ours:?}", situation.name))
                }
            }
        });
        assert!(differences.is_empty(), "under {build}:\n{differences}");
        let listed = known.iter().filter(|it| it.releases.contains(&feature)).count();
        eprintln!("{} situations under {build}, {listed} listed as divergences", some.len());
    }
}

#[test]
fn the_machines_own_java_17_prints_what_we_print() {
    let version = Command::new("java").arg("-version").output();
    let version = version.map(|it| String::from_utf8(it.stderr).unwrap()).unwrap_or_default();
    let Some(release) = version.split('"').nth(1).filter(|it| it.starts_with("17.")) else {
        assert!(std::env::var_os("CI").is_none(), "no java of 17 on PATH, and this is CI");
        return eprintln!("skipped: `java` is not 17");
    };
    let lab = Lab::new();
    compile_sslpoke(lab.folder.path());
    let seed =
        std::env::var("WIRE_SEED").map_or_else(|_| seed_of_today(), |it| it.parse().unwrap());
    let (all, known) = (situations(), divergences());
    let fit: Vec<_> = all
        .iter()
        .filter(|it| !it.hangs() && !RESOLVED.iter().any(|start| it.name.starts_with(start)))
        .filter(|it| it.arguments.is_none() && !known.iter().any(|known| known.name == it.name))
        .collect();
    let step = fit.len() / LIVE;
    let some: Vec<_> = fit.iter().skip(seed % step).step_by(step).copied().collect();
    let differences = play(THREADS, &some, |&situation| {
        let (java, ours) = (lab.java(situation), lab.ours(situation, release));
        let differ = alike(&java) != alike(&ours);
        differ.then(|| format!("{}:\n  java {java:?}\n  ours {ours:?}", situation.name))
    });
    assert!(differences.is_empty(), "WIRE_SEED={seed}, {release}:\n{differences}");
    eprintln!("WIRE_SEED={seed}: {} situations beside {release}", some.len());
}

/// What must be equal. How the padding of a block that was altered is wrong depends on the session's keys.
fn alike(told: &Told) -> Told {
    let exceptions = told.exceptions.iter().map(|line| {
        let padding = ["Invalid Padding length", "Invalid TLS padding data"];
        let cut = padding.iter().find_map(|words| line.split_once(words));
        cut.map_or_else(|| line.clone(), |(before, _)| format!("{before}wrong padding"))
    });
    Told { exceptions: exceptions.collect(), ..told.clone() }
}

/// The files that the situations need.
struct Lab {
    folder: tempfile::TempDir,
    hosts: PathBuf,
}

impl Lab {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("sslpoke-wire").tempdir_in("/tmp").unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write(
            "argfile",
            &format!(
                "# comment\n-Djavax.net.ssl.trustStore=\"{}/ts.jks\"\n-Djavax.net.ssl.trustStorePassword=changeit\n",
                pki().display()
            ),
        );
        let nothing = "jdk.tls.disabledAlgorithms=\njdk.certpath.disabledAlgorithms=\n";
        write("nodisabled.security", nothing);
        write("hosts", &format!("127.0.0.1 {NAMES}\n"));
        let hosts = folder.path().join("hosts");
        Self { folder, hosts }
    }

    fn path(&self, text: &str) -> String {
        text.replace("{pki}", pki().to_str().unwrap())
            .replace("{props}", self.folder.path().to_str().unwrap())
    }

    /// Runs ours as that release.
    fn ours(&self, situation: &Situation, release: &str) -> Told {
        let peer = Peer::start(&situation.server);
        let options = ["--java", release, "--timeout", "1"];
        let options = if situation.hangs() { &options[..] } else { &options[..2] };
        let mut command = self.our_line(options, situation, peer.port);
        let began = Instant::now();
        let mut told = self.told(command.output().unwrap());
        if situation.hangs() && told.exit == Some(1) && began.elapsed().as_secs() >= 1 {
            told.exit = None;
        }
        told
    }

    /// Returns the line that runs ours with options of its own, against a port where the situation's server is.
    fn our_line(&self, options: &[&str], situation: &Situation, peer: u16) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sslpoke"));
        command.args(options);
        let port = match &situation.arguments {
            Some(arguments) => arguments.get(1).and_then(|port| port.parse::<u16>().ok()),
            None => Some(peer),
        };
        if let Some(port) = port
            .filter(|_| NAMES.split(' ').any(|name| name == situation.host.trim_end_matches('.')))
        {
            let place = format!("{}:{port}:127.0.0.1", situation.host);
            command.args(["--resolve", &place]);
        }
        self.tell(&mut command, situation, peer);
        command
    }

    /// Runs the machine's Java.
    fn java(&self, situation: &Situation) -> Told {
        let peer = Peer::start(&situation.server);
        let mut command = Command::new("java");
        // The first two make it start sooner.
        command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]);
        command.arg(format!("-Djdk.net.hosts.file={}", self.hosts.display()));
        self.tell(&mut command, situation, peer.port);
        self.told(command.output().unwrap())
    }

    /// Adds what both are told. The folder has no `pki` in it, as some situations want it.
    fn tell(&self, command: &mut Command, situation: &Situation, port: u16) {
        command.args(situation.java.iter().map(|word| self.path(word)));
        command.arg("-classpath").arg(self.folder.path()).arg("SSLPoke");
        let usual = [situation.host.clone(), port.to_string()];
        command.args(situation.arguments.as_deref().unwrap_or(&usual));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.envs([("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC")]);
        command.envs(situation.environment.iter().map(|(name, it)| (name, self.path(it))));
        command.current_dir(self.folder.path());
    }

    fn told(&self, output: Output) -> Told {
        let text = String::from_utf8(output.stderr).unwrap();
        let text = text.replace(pki().to_str().unwrap(), "{pki}");
        let frames = |line: &str| line.starts_with(char::is_whitespace) || line.is_empty();
        let exceptions = text
            .lines()
            .filter(|line| !frames(line) && !line.starts_with("sslpoke: "))
            .map(|line| line.strip_prefix("Caused by: ").unwrap_or(line).to_owned());
        Told {
            exit: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap().trim().to_owned(),
            exceptions: exceptions.collect(),
        }
    }
}
