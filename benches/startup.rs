//! One poke as a whole process, beside a bare client of rustls, `openssl s_client` and Java's SSLPoke; and what each further
//! handshake of one process costs, beside the bare client's: CPU time and instructions.
//!
//! `cargo bench --bench startup`. Figures of one run are comparable with each other only. Where `valgrind` or `java`
//! is missing, their column or row is left out and said so.

#![expect(clippy::unwrap_used, reason = "a failed measurement panics")]
#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::fs;
use std::path::Path;
use std::process::Command;

mod bare;
mod measure;
#[path = "../tests/oracle/pki.rs"]
mod pki;
#[path = "../tests/oracle/server.rs"]
mod server;

use measure::{Contender, RUNS, cpu, instructions};
use pki::Pki;
use server::TlsServer;

/// How many handshakes a loop makes, and one that is compared with it: the difference is without what begins and ends a
/// process.
const LOOPS: [usize; 2] = [50, 350];

fn main() {
    // the bare client is a process of its own, too
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, roots, port, count] = arguments.as_slice()
        && first == "bare"
    {
        let config = bare::configure(Path::new(roots));
        return (0..count.parse().unwrap())
            .for_each(|_| bare::poke(&config, port.parse().unwrap()));
    }
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::make(folder.path());
    let entries = make_stores(&pki);
    println!("one poke, {entries} entries in the store, {RUNS} runs each");
    println!("{:<32} {:>14} {:>18}", "", "CPU ms a run", "instructions");
    for leaf in ["good", "rsa"] {
        let server = TlsServer::with_leaf(&pki, leaf);
        let kind = if leaf == "rsa" { "RSA leaf" } else { "P-256 leaf" };
        for contender in contenders(&pki, folder.path(), server.port) {
            let [milliseconds] = cpu([&contender]);
            let counted = instructions(&contender).map(|count| count.to_string());
            tell(contender.name, kind, milliseconds, counted);
        }
        further_handshakes(&pki, server.port, kind);
    }
}

fn tell(name: &str, kind: &str, milliseconds: f64, instructions: Option<String>) {
    let (name, counted) =
        (format!("{name}, {kind}"), instructions.unwrap_or_else(|| "-".to_owned()));
    println!("{name:<32} {milliseconds:>14.3} {counted:>18}");
}

/// Tells what one handshake more costs in a process that makes many.
fn further_handshakes(pki: &Pki, port: u16, kind: &str) {
    let [short, long] = LOOPS.map(|count| loops(pki, port, count));
    let [(ours, bare), (more_ours, more_bare)] = [&short, &long].map(|[ours, bare]| (ours, bare));
    let [few_of_ours, few_of_bare, ours_of_all, bare_of_all] =
        cpu([ours, bare, more_ours, more_bare]);
    let [few, all] = LOOPS;
    let count = u32::try_from(all - few).unwrap();
    let each = |few: f64, all: f64| (all - few) / f64::from(count);
    let (mine, theirs) = (each(few_of_ours, ours_of_all), each(few_of_bare, bare_of_all));
    let counted = |few: &Contender, all: &Contender| {
        Some(((instructions(all)? - instructions(few)?) / u64::from(count)).to_string())
    };
    tell("sslpoke, one more", kind, mine, counted(ours, more_ours));
    tell("bare rustls, one more", kind, theirs, counted(bare, more_bare));
    println!("{:<32} {:>14.2}", format!("times, {kind}"), mine / theirs);
}

/// Many handshakes in one process.
fn loops(pki: &Pki, port: u16, count: usize) -> [Contender; 2] {
    let mut ours = words(&[env!("CARGO_BIN_EXE_sslpoke"), "poke"]);
    ours.extend(words(&["--truststore", &pki.path("cacerts")]));
    ours.extend((0..count).map(|_| format!("localhost:{port}")));
    [
        Contender { name: "sslpoke, loop", words: ours },
        Contender { name: "bare rustls, loop", words: bare_words(pki, port, count) },
    ]
}

fn bare_words(pki: &Pki, port: u16, count: usize) -> Vec<String> {
    let own = std::env::current_exe().unwrap();
    let (port, count) = (port.to_string(), count.to_string());
    words(&[own.to_str().unwrap(), "bare", &pki.path("roots.pem"), &port, &count])
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Makes `cacerts` and `roots.pem`: the machine's roots and ours; returns how many there are.
fn make_stores(pki: &Pki) -> usize {
    let store = pki.path("cacerts");
    fs::copy("/etc/ssl/certs/java/cacerts", &store).unwrap();
    let added = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["trust", "add", &pki.path("root.pem"), "--to", &store, "--no-backup"])
        .output()
        .unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let mut roots = fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap();
    roots.push_str(&fs::read_to_string(pki.path("root.pem")).unwrap());
    fs::write(pki.path("roots.pem"), &roots).unwrap();
    roots.matches("BEGIN CERTIFICATE").count()
}

fn contenders(pki: &Pki, folder: &Path, port: u16) -> Vec<Contender> {
    let port_text = port.to_string();
    let store = format!("-Djavax.net.ssl.trustStore={}", pki.path("cacerts"));
    let ours = words(&[env!("CARGO_BIN_EXE_sslpoke"), &store, "SSLPoke", "localhost", &port_text]);
    let openssl = words(&[
        "openssl",
        "s_client",
        "-CAfile",
        &pki.path("roots.pem"),
        "-verify_return_error",
        "-verify_hostname",
        "localhost",
        "-connect",
        &format!("localhost:{port}"),
    ]);
    let mut all = vec![
        Contender { name: "sslpoke", words: ours },
        Contender { name: "bare rustls", words: bare_words(pki, port, 1) },
        Contender { name: "openssl s_client", words: openssl },
    ];
    if compile_sslpoke(folder) {
        let classes = folder.to_str().unwrap();
        let java = words(&["java", &store, "-cp", classes, "SSLPoke", "localhost", &port_text]);
        all.push(Contender { name: "java SSLPoke", words: java });
    } else {
        println!("no javac: Java is left out");
    }
    all
}

fn compile_sslpoke(folder: &Path) -> bool {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/SSLPoke.java");
    Command::new("javac").arg("-d").arg(folder).arg(source).status().is_ok_and(|s| s.success())
}
