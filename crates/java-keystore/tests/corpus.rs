//! Stores of other projects and odd ones, used in place: what Java 17 loads we load with the same counts, what it refuses
//! we refuse; and reading never holds more than four times the file, however many entries there are.

#![expect(clippy::unwrap_used, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use java_keystore::{Alias, Entry, EntryKind, Format, KeyStore, Password, Timestamp};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// One profiler a process: the tests take turns.
static TURN: Mutex<()> = Mutex::new(());

/// What Java says otherwise than we, with the reason; the test fails when one is no longer true.
const DIVERGENCES: [(&str, &str); 3] = [
    ("pyjks/unknown_sealed_object_sealAlg.jceks", SEALED),
    ("pyjks/unknown_type_inside_sealed_object.jceks", SEALED),
    ("garbagecert.jks", "certificates are kept as bytes here; who judges by them parses them"),
];
const SEALED: &str = "a sealed key is kept as it is, not made an object of";

/// What an error or an empty store takes, whatever the size of the file.
const BASE: usize = 4096;

#[test]
fn loads_what_java_loads_and_refuses_what_java_refuses() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(corpus) = corpus() else { return };
    let (mut count, mut differing) = (0, Vec::new());
    for case in cases(&corpus) {
        let bytes = fs::read(&case.path).unwrap();
        let password = case.password.as_deref().map(Password::new);
        let ours = match case.format {
            Some(format) => KeyStore::read_as(format, &bytes, password.as_ref()),
            None => KeyStore::read(&bytes, password.as_ref()),
        };
        let ours = ours.map_or_else(|_| "EXC".to_owned(), |store| counts(&store));
        if ours != case.expected {
            differing.push((case.line.clone(), ours));
        }
        count += 1;
    }
    assert!(count >= 60, "only {count} cases");
    let unlisted: Vec<_> = differing
        .iter()
        .filter(|(line, _)| !DIVERGENCES.iter().any(|(listed, _)| line.starts_with(listed)))
        .collect();
    assert!(unlisted.is_empty(), "{unlisted:#?}");
    for (listed, reason) in DIVERGENCES {
        assert!(
            differing.iter().any(|(line, _)| line.starts_with(listed)),
            "no longer true, take it off the list: {listed}: {reason}"
        );
    }
}

#[test]
fn reading_holds_at_most_four_times_the_file() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(corpus) = corpus() else { return };
    let cases = cases(&corpus);
    let mut files = Vec::new();
    collect(&corpus, &mut files);
    assert!(files.len() >= 60, "only {} files", files.len());
    let mut beyond = Vec::new();
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let known = cases.iter().find(|case| case.path == path && case.password.is_some());
        let known = known.and_then(|case| case.password.as_deref()).unwrap_or("changeit");
        for password in [None, Some(Password::new(known)), Some(Password::new("wrong"))] {
            let profiler = dhat::Profiler::builder().testing().build();
            let store = KeyStore::read(&bytes, password.as_ref());
            let held = dhat::HeapStats::get().max_bytes;
            drop(store);
            drop(profiler);
            if held > 4 * bytes.len() + BASE {
                beyond.push(format!("{}: {held} for {} bytes", path.display(), bytes.len()));
            }
        }
    }
    assert!(beyond.is_empty(), "{beyond:#?}");
}

#[test]
fn ten_thousand_entries_take_at_most_four_times_the_file() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let password = Password::new("changeit");
    let stores = [
        KeyStore::new(Format::Jks),
        KeyStore::new(Format::Jceks),
        KeyStore::new(Format::Pkcs12),
        KeyStore::encrypted_pkcs12(),
    ];
    for mut store in stores {
        for number in 0..10_000_u32 {
            // a SEQUENCE of some 400 octets, each its own
            let mut certificate = vec![0x30, 0x82, 1, 0x90, 4, 0x82, 1, 0x8c];
            certificate.extend(number.to_be_bytes().repeat(99));
            let alias = Alias::new(&format!("root-{number}"));
            store.trust(&alias, &certificate.into(), Timestamp(1_795_348_800_000)).unwrap();
        }
        let place = format!("{:?}, {}", store.format(), store.protection());
        let bytes = store.write(Some(&password)).unwrap();
        drop(store);
        for password in [Some(&password), None] {
            let profiler = dhat::Profiler::builder().testing().build();
            let store = KeyStore::read(&bytes, password).unwrap();
            let held = dhat::HeapStats::get().max_bytes;
            let count = store.entries().len();
            drop(store);
            drop(profiler);
            assert!(held <= 4 * bytes.len(), "{place}: {held} for {} bytes", bytes.len());
            // an encrypted store stays closed without password
            let is_closed = password.is_none() && place.contains("AES");
            assert_eq!(count, if is_closed { 0 } else { 10_000 }, "{place}");
        }
    }
}

/// A line of what Java said.
struct Case {
    line: String,
    path: PathBuf,
    /// Without: Java was asked to probe.
    format: Option<Format>,
    /// Without: `null`.
    password: Option<String>,
    /// `EXC`, or how many trusted certificates, keys, other entries and anchors.
    expected: String,
}

fn cases(corpus: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for (folder, list) in
        [(corpus.to_owned(), "EXPECTED-java17.txt"), (corpus.join("odd"), "EXPECTED-java17.txt")]
    {
        for line in fs::read_to_string(folder.join(list)).unwrap().lines() {
            let Some((asked, answer)) = line.split_once(" => ") else { continue };
            let words: Vec<&str> = asked.split(' ').collect();
            let (Some(file), Some(password)) = (words.first(), words.last()) else { continue };
            let kind = words.iter().rev().nth(1).unwrap();
            let password = unescaped(password.strip_prefix("pw=").unwrap());
            let format = match *kind {
                "JKS" => Some(Format::Jks),
                "JCEKS" => Some(Format::Jceks),
                "PKCS12" => Some(Format::Pkcs12),
                _ => None,
            };
            let path = folder.join(file);
            // Java's JKS and PKCS12 are dual: each also reads the other
            let dual = [Format::Jks, Format::Pkcs12];
            let of_file = Format::of(&fs::read(&path).unwrap());
            let is_dual = |format| dual.contains(&format);
            let format = match (format, of_file) {
                (Some(asked), Some(found)) if is_dual(asked) && is_dual(found) => Some(found),
                (Some(Format::Jceks), Some(found)) if answer.starts_with("OK") => Some(found),
                (asked, _) => asked,
            };
            let expected = match answer.strip_prefix("OK ") {
                Some(told) => told.split(' ').skip(1).take(4).collect::<Vec<_>>().join(" "),
                None => "EXC".to_owned(),
            };
            let password = (password != "-null").then_some(password);
            cases.push(Case { line: line.to_owned(), path, format, password, expected });
        }
    }
    cases
}

fn counts(store: &KeyStore) -> String {
    let is_certificate = |entry: &&Entry| matches!(entry.kind, EntryKind::TrustedCertificate(_));
    let entries = store.entries();
    // Java finds no entry under an alias that is not in lower case
    let found = |entry: &&Entry| {
        store.format() == Format::Pkcs12 || entry.alias == entry.alias.to_lowercase()
    };
    let seen: Vec<&Entry> = entries.iter().filter(found).collect();
    let trusted = seen.iter().filter(|entry| is_certificate(entry)).count();
    let keys = seen.len() - trusted;
    let other = entries.len() - seen.len();
    let anchors: HashSet<&[u8]> =
        entries.iter().filter(|entry| entry.trusted).filter_map(first).collect();
    let anchors = anchors.len();
    format!("trusted={trusted} key={keys} other={other} anchors={anchors}")
}

fn first(entry: &Entry) -> Option<&[u8]> {
    match &entry.kind {
        EntryKind::TrustedCertificate(certificate) => Some(certificate),
        EntryKind::PrivateKey(chain) => chain.first().map(AsRef::as_ref),
        EntryKind::SecretKey => None,
    }
}

fn corpus() -> Option<PathBuf> {
    let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
        eprintln!("SSLPOKE_TESTDATA is not set: skipped");
        return None;
    };
    Some(Path::new(&data).join("keystores/corpus"))
}

/// All files below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Undoes `\u10DA`.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut all = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(4);
        all.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        all.push_str(rest);
    }
    all
}
