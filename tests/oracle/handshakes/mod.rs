//! Servers of every kind that `openssl s_server` can be: under each JRE the same poke ends as ours does.

mod keys;
mod primes;
mod servers;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::jre::{Matrix, compile};
use crate::server::{TlsServer, spawn};
use keys::Keys;
use servers::{Poke, Policy, all};

/// The releases that are compared: the last of each long line, and the newest.
const RELEASES: [u16; 4] = [8, 17, 21, 26];

/// What stays different, by feature and name, and why.
const DIVERGENCES: [(u16, &str, &str); 0] = [];

/// A poke of a server that runs.
struct Aimed {
    name: String,
    port: u16,
    poke: Poke,
}

#[test]
fn every_server_is_reached_or_refused_as_by_java() {
    let Some(matrix) = Matrix::find() else { return };
    let began = Instant::now();
    // the JREs run in a chroot that shares /tmp
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    compile(folder.path(), "PokeOracle");
    let keys = Keys::make(folder.path());
    trust(&keys);
    for policy in [Policy::Lax, Policy::Hardened] {
        let (tls, certpath) = disabled(policy);
        let text = format!(
            "jdk.tls.disabledAlgorithms={tls}\njdk.certpath.disabledAlgorithms={certpath}\n"
        );
        fs::write(security(&keys, policy), text).unwrap();
    }
    let made = began.elapsed();

    let configurations = all(&keys);
    let options: Vec<Vec<&str>> =
        configurations.iter().map(|server| server.options.split_whitespace().collect()).collect();
    // all at once
    let children: Vec<_> = options.iter().map(|options| spawn(options)).collect();
    let running: Vec<TlsServer> = children
        .into_iter()
        .zip(&options)
        .map(|(child, options)| TlsServer::await_port(child, options))
        .collect();
    let started = began.elapsed();
    let mut aimed = Vec::new();
    for (server, running) in configurations.iter().zip(&running) {
        for poke in &server.pokes {
            aimed.push(Aimed { name: called(&server.name, poke), port: running.port, poke: *poke });
        }
    }
    let names: BTreeSet<&str> = aimed.iter().map(|aimed| aimed.name.as_str()).collect();
    assert_eq!(names.len(), aimed.len(), "a name is there twice");

    let told: Vec<Told> = std::thread::scope(|scope| {
        let runs = RELEASES.map(|feature| {
            let (matrix, keys, aimed, classes) = (&matrix, &keys, &aimed, folder.path());
            scope.spawn(move || of_release(matrix, feature, classes, keys, aimed))
        });
        runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
    });
    eprintln!(
        "{} servers, {} pokes by {RELEASES:?}: keys {made:?}, servers {:?}, pokes {:?}",
        running.len(),
        told.len(),
        started.checked_sub(made).unwrap_or_default(),
        began.elapsed().checked_sub(started).unwrap_or_default()
    );
    compare(&told);
}

/// What came of one poke under one release.
struct Told {
    feature: u16,
    name: String,
    java: String,
    ours: String,
}

impl Told {
    /// A server that has refused may have closed before Java was done writing: then which of the two Java hears of is a race.
    fn is_same(&self) -> bool {
        let is_broken = ["Broken pipe", "Connection reset"].iter().any(|it| self.java.contains(it));
        self.java == self.ours || (is_broken && self.ours.contains("Received fatal alert"))
    }
}

fn called(server: &str, poke: &Poke) -> String {
    let mut name = server.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(client) = poke.client {
        write!(name, " by {client}").unwrap();
    }
    if poke.host != "localhost" {
        name.push_str(" by name");
    }
    if poke.policy != Policy::Shipped {
        write!(name, " {:?}", poke.policy).unwrap();
    }
    name
}

fn compare(told: &[Told]) {
    let is_listed = |told: &Told| {
        DIVERGENCES.iter().any(|(feature, name, _)| *feature == told.feature && *name == told.name)
    };
    let mut wrong = String::new();
    for each in told {
        match (each.is_same(), is_listed(each)) {
            (true, false) | (false, true) => {}
            (false, false) => writeln!(
                wrong,
                "{}, {}\n  java {}\n  ours {}",
                each.name, each.feature, each.java, each.ours
            )
            .unwrap(),
            (true, true) => {
                writeln!(wrong, "{}, {}: listed, but equal now", each.name, each.feature).unwrap();
            }
        }
    }
    for (feature, name, _) in DIVERGENCES {
        let is_run = told.iter().any(|told| told.feature == feature && told.name == name);
        assert!(is_run, "{name}, {feature}: listed, but there is no such poke");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Makes the store that all trust: `trust.jks`.
fn trust(keys: &Keys) {
    let made = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["trust", "add", "--create", "--even-if-useless", "--to", &keys.path("trust.jks")])
        .args(keys.roots())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn of_release(
    matrix: &Matrix,
    feature: u16,
    classes: &Path,
    keys: &Keys,
    aimed: &[Aimed],
) -> Vec<Told> {
    let release = matrix.release(feature);
    let mut told = Vec::new();
    for policy in policies(feature).iter().copied() {
        // Java 8 has no Ed25519: it makes no context of a store with such a key
        let is_asked = |aimed: &&Aimed| {
            aimed.poke.policy == policy
                && (feature > 8 || aimed.poke.client != Some("client-ed25519"))
        };
        let pokes: Vec<&Aimed> = aimed.iter().filter(is_asked).collect();
        let java = by_java(matrix, feature, classes, keys, &pokes, policy);
        let ours = by_us(&release, keys, &pokes, policy);
        told.extend(
            pokes.into_iter().zip(java.into_iter().zip(ours)).map(|(aimed, (java, ours))| Told {
                feature,
                name: aimed.name.clone(),
                java,
                ours,
            }),
        );
    }
    told
}

/// The policies that a release is run under: 21 has no more than 26 that could be disabled.
fn policies(feature: u16) -> &'static [Policy] {
    match feature {
        8 => &[Policy::Shipped, Policy::Lax],
        21 => &[Policy::Shipped],
        _ => &[Policy::Shipped, Policy::Lax, Policy::Hardened],
    }
}

/// The two properties of disabled algorithms, for TLS and for certificates.
fn disabled(policy: Policy) -> (&'static str, &'static str) {
    match policy {
        Policy::Shipped | Policy::Lax => ("", ""),
        Policy::Hardened => (
            "DH keySize < 2048, EC keySize < 256, TLSv1.1, TLSv1, SSLv3, DHE_DSS, anon, NULL, ECDH, 3DES_EDE_CBC, \
             DES, RC4, RC2, HmacMD5, TLS_RSA_*",
            "MD2, MD5, SHA1, DSA, RSA keySize < 2048",
        ),
    }
}

fn security(keys: &Keys, policy: Policy) -> String {
    keys.path(&format!("{policy:?}.security"))
}

fn properties(keys: &Keys, policy: Policy) -> Vec<String> {
    let mut properties = vec![format!("-Djavax.net.ssl.trustStore={}", keys.path("trust.jks"))];
    if policy != Policy::Shipped {
        properties.push(format!("-Djava.security.properties={}", security(keys, policy)));
    }
    properties
}

fn by_java(
    matrix: &Matrix,
    feature: u16,
    classes: &Path,
    keys: &Keys,
    pokes: &[&Aimed],
    policy: Policy,
) -> Vec<String> {
    let questions: String = pokes
        .iter()
        .map(|aimed| {
            let store = aimed.poke.client.map(|client| keys.path(&format!("{client}.p12")));
            format!("{}\t{}\t{}\n", aimed.poke.host, aimed.port, store.as_deref().unwrap_or("-"))
        })
        .collect();
    let file = keys.path(&format!("questions-{feature}-{policy:?}"));
    fs::write(&file, questions).unwrap();
    let mut arguments = properties(keys, policy);
    arguments.extend(["-cp", classes.to_str().unwrap(), "PokeOracle", &file].map(str::to_owned));
    let output = matrix.java(feature, &arguments);
    let told = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(told.lines().count(), pokes.len(), "java{feature}: {error}");
    told.lines().map(str::to_owned).collect()
}

/// Pokes as many at once as the same settings serve; returns the answers in the order of the questions.
fn by_us(release: &str, keys: &Keys, pokes: &[&Aimed], policy: Policy) -> Vec<String> {
    let clients: BTreeSet<Option<&str>> = pokes.iter().map(|aimed| aimed.poke.client).collect();
    let mut answers = vec![String::new(); pokes.len()];
    for client in clients {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sslpoke"));
        command.args(["poke", "--java", release, "--format", "json", "--timeout", "20"]);
        command.args(properties(keys, policy));
        if let Some(client) = client {
            let store = keys.path(&format!("{client}.p12"));
            command.arg(format!("-Djavax.net.ssl.keyStore={store}"));
            command.args([
                "-Djavax.net.ssl.keyStoreType=PKCS12",
                "-Djavax.net.ssl.keyStorePassword=changeit",
            ]);
        }
        let mut asked = Vec::new();
        for (number, aimed) in pokes.iter().enumerate() {
            if aimed.poke.client == client {
                let (host, port) = (aimed.poke.host, aimed.port);
                command.args(["--resolve", &format!("{host}:{port}:127.0.0.1")]);
                command.arg(format!("{host}:{port}"));
                asked.push(number);
            }
        }
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(told.lines().count(), asked.len(), "{error}");
        for (number, line) in asked.into_iter().zip(told.lines()) {
            *answers.get_mut(number).unwrap() = answer(line);
        }
    }
    answers
}

/// Reads what we say of one poke as `PokeOracle` would say it.
fn answer(line: &str) -> String {
    let told: serde_json::Value = serde_json::from_str(line).unwrap();
    let field = |of: &serde_json::Value, name: &str| of.get(name).cloned().unwrap();
    let lines: Vec<String> = field(&told, "exception")
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let class = field(line, "class").as_str().unwrap().to_owned();
            field(line, "message")
                .as_str()
                .map_or_else(|| class.clone(), |text| format!("{class}: {text}"))
        })
        .collect();
    match field(&told, "result").as_str().unwrap() {
        "connected" => "connected".to_owned(),
        _ if !lines.is_empty() => lines.join(" <- "),
        other => format!("{other} {}", field(&told, "findings")),
    }
}
