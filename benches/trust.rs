//! `trust list` and `trust add` as whole processes, beside keytool's `-list` and `-importcert`, and on stores of 10,000
//! entries: CPU time, instructions, memory.
//!
//! `cargo bench --bench trust`. Figures of one run are comparable with each other only. Where `valgrind` or `keytool` is
//! missing, their column or rows are left out.

#![expect(clippy::unwrap_used, reason = "a failed measurement panics")]
#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};
use nix::sys::resource::{UsageWho, getrusage};
use pki_types::CertificateDer;
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair};

mod measure;

use measure::{Contender, RUNS, cpu, instructions};

const SSLPOKE: &str = env!("CARGO_BIN_EXE_sslpoke");

/// What a large store holds.
const MANY: u32 = 10_000;

fn main() {
    // a process of its own runs the program whose memory is asked for: the system keeps the peak of all children
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((_, words)) = arguments.split_first().filter(|(first, _)| *first == "peak") {
        return tell_peak(words);
    }
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    fs::write(&root, authority().self_signed(&KeyPair::generate().unwrap()).unwrap().pem())
        .unwrap();
    beside_keytool(folder.path(), &root);
    large_stores(folder.path());
}

/// A store of the usual size: the machine's own, as it is and as an encrypted PKCS12.
fn beside_keytool(folder: &Path, root: &Path) {
    let jks = folder.join("cacerts");
    fs::copy("/etc/ssl/certs/java/cacerts", &jks).unwrap();
    let held = KeyStore::read(&fs::read(&jks).unwrap(), None).unwrap();
    let password = Password::new("changeit");
    let mut sealed = KeyStore::encrypted_pkcs12();
    for (number, entry) in held.entries().iter().enumerate() {
        if let java_keystore::EntryKind::TrustedCertificate(certificate) = &entry.kind {
            sealed.trust(&Alias::new(&format!("{number}")), certificate, Timestamp(0)).unwrap();
        }
    }
    let pkcs12 = folder.join("cacerts.p12");
    fs::write(&pkcs12, sealed.write(Some(&password)).unwrap()).unwrap();
    println!("{} entries, {RUNS} runs each", held.entries().len());
    println!("{:<32} {:>14} {:>16} {:>8}", "", "CPU ms a run", "instructions", "times");
    for (kind, store) in [("JKS", jks), ("PKCS12", pkcs12)] {
        for (ours, theirs) in [listing(&store), adding(&store, root)] {
            let (milliseconds, keytool) = if has_keytool() {
                let [ours, theirs] = cpu([&ours, &theirs]);
                (ours, Some(theirs))
            } else {
                let [ours] = cpu([&ours]);
                (ours, None)
            };
            let counted =
                instructions(&ours).map_or_else(|| "-".to_owned(), |count| count.to_string());
            println!("{:<32} {milliseconds:>14.2} {counted:>16}", format!("{}, {kind}", ours.name));
            if let Some(keytool) = keytool {
                let times = keytool / milliseconds;
                let name = format!("{}, {kind}", theirs.name);
                println!("{name:<32} {keytool:>14.2} {:>16} {times:>8.0}", "-");
            }
        }
    }
}

fn listing(store: &Path) -> (Contender, Contender) {
    let store = store.to_str().unwrap();
    let password = password_file(store);
    let ours = [SSLPOKE, "trust", "list", store, "--storepass-file", &password];
    let theirs = ["keytool", "-list", "-storepass", "changeit", "-keystore", store];
    (contender("trust list", &ours), contender("keytool -list", &theirs))
}

fn adding(store: &Path, root: &Path) -> (Contender, Contender) {
    let (store, root) = (store.to_str().unwrap(), root.to_str().unwrap());
    for number in 0..=RUNS + 1 {
        for who in ["ours", "theirs"] {
            fs::copy(store, format!("{store}-{who}-{number}")).unwrap();
        }
    }
    let (our_copy, their_copy) =
        (format!("{store}-ours-{{run}}"), format!("{store}-theirs-{{run}}"));
    let password = password_file(store);
    let ours = [SSLPOKE, "trust", "add", root, "--to", &our_copy, "--storepass-file", &password];
    let theirs = ["keytool", "-importcert", "-noprompt", "-alias", "added", "-file", root];
    let place = ["-storepass", "changeit", "-keystore", &their_copy];
    (
        contender("trust add", &ours),
        contender("keytool -importcert", &[&theirs[..], &place].concat()),
    )
}

/// Writes the password beside the store.
fn password_file(store: &str) -> String {
    let path = format!("{store}.password");
    fs::write(&path, "changeit").unwrap();
    path
}

fn contender(name: &'static str, words: &[&str]) -> Contender {
    Contender { name, words: words.iter().map(|word| (*word).to_owned()).collect() }
}

fn has_keytool() -> bool {
    Command::new("keytool").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Stores of many entries: how long they take to list, and how much memory of the file's size.
fn large_stores(folder: &Path) {
    let password = Password::new("changeit");
    let certificates = many_certificates();
    println!("\n{MANY} entries, {RUNS} runs each");
    println!("{:<32} {:>14} {:>16} {:>12}", "", "CPU ms a run", "peak KiB", "of the file");
    let stores = [
        ("JKS", KeyStore::new(Format::Jks)),
        ("PKCS12", KeyStore::new(Format::Pkcs12)),
        ("PKCS12, encrypted", KeyStore::encrypted_pkcs12()),
    ];
    for (name, mut store) in stores {
        for (number, certificate) in certificates.iter().enumerate() {
            let alias = Alias::new(&format!("root-{number}"));
            store.trust(&alias, certificate, Timestamp(1_795_348_800_000)).unwrap();
        }
        let path: PathBuf = folder.join(name);
        fs::write(&path, store.write(Some(&password)).unwrap()).unwrap();
        let (ours, _) = listing(&path);
        let [milliseconds] = cpu([&ours]);
        let peak = peak(&ours.words);
        let length = u32::try_from(fs::metadata(&path).unwrap().len() / 1024).unwrap();
        let times = f64::from(peak) / f64::from(length);
        let name = format!("trust list, {name}");
        println!("{name:<32} {milliseconds:>14.2} {peak:>16} {times:>12.1}");
    }
}

fn many_certificates() -> Vec<CertificateDer<'static>> {
    let (key, of_root) = (KeyPair::generate().unwrap(), authority());
    let issuer = Issuer::from_params(&of_root, &key);
    let make = |number: u32| {
        let mut parameters = authority();
        parameters.distinguished_name.push(DnType::CommonName, format!("Root {number}"));
        // as long as the roots of a real store are: 1.1 KB
        let padding = [[0x04, 0x82, 0x02, 0x80].to_vec(), vec![0; 640]].concat();
        let extension = CustomExtension::from_oid_content(&[2, 999, 1], padding);
        parameters.custom_extensions.push(extension);
        parameters.signed_by(&key, &issuer).unwrap().der().clone()
    };
    (0..MANY).map(make).collect()
}

fn authority() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(DnType::OrganizationName, "Example Corporation");
    parameters
}

/// Returns how many KiB a program held at most.
fn peak(words: &[String]) -> u32 {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).arg("peak").args(words).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn tell_peak(words: &[String]) {
    let (program, arguments) = words.split_first().unwrap();
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{words:?}: {status}");
    println!("{}", getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss());
}
