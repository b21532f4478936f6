//! JKS and JCEKS stores, changed by keytools and in the same way by us at the same time: the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use java_keystore::{Alias, EntryKind, Format, KeyStore, Password, Timestamp};
use pki_types::CertificateDer;
use pki_types::pem::PemObject;

use crate::jre::{Matrix, Question, compile, question};
use crate::pki::Pki;

/// One change.
#[derive(Clone, Debug)]
enum Step {
    Add(String),
    Remove(String),
}

impl Step {
    fn alias(&self) -> &str {
        match self {
            Self::Add(alias) | Self::Remove(alias) => alias,
        }
    }
}

/// From load to store; one change is made by keytool, more or none by the `KeyStore` that keytool uses.
type Session = Vec<Step>;

/// A store and what is done with a copy of it.
struct Case {
    store: PathBuf,
    password: &'static str,
    copy: PathBuf,
    sessions: Vec<Session>,
}

#[test]
fn jks_changed_by_us_is_byte_for_byte_what_keytool_makes() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile(folder.path(), "StoreOracle");
    let root = CertificateDer::from_pem_file(pki.path("root.pem")).unwrap().into_owned();
    let mut count = 0;
    let mut differing = Vec::new();
    for feature in [8, 17, 26] {
        let own = folder.path().join(feature.to_string());
        fs::create_dir(&own).unwrap();
        let cases = cases(&own);
        let questions: Vec<Question> =
            cases.iter().flat_map(|case| case.questions(&pki.path("root.pem"))).collect();
        for (asked, answer) in questions.iter().zip(matrix.ask(feature, folder.path(), &questions))
        {
            assert!(answer == ["done"] || answer == ["stored"], "{asked:?}: {answer:?}");
        }
        for case in &cases {
            let theirs = fs::read(&case.copy).unwrap();
            if case.ours(&root, &theirs) != theirs {
                let store = case.store.display();
                differing.push(format!("keytool{feature}, {store}: {:?}", case.sessions));
            }
            count += 1;
        }
    }
    assert!(differing.is_empty(), "{} of {count}: {differing:#?}", differing.len());
    eprintln!("{count} stores changed by keytool and by us are equal");
}

#[test]
fn jks_changed_by_us_is_what_keytools_own_process_makes() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    let root = CertificateDer::from_pem_file(pki.path("root.pem")).unwrap().into_owned();
    let mut count = 0;
    for feature in [8, 17, 26] {
        let own = folder.path().join(feature.to_string());
        fs::create_dir(&own).unwrap();
        for case in cases(&own) {
            let wanted = [("jdk8", "few.jks"), ("jdk25", "key.jceks")];
            let is_wanted =
                wanted.iter().any(|(jdk, file)| case.store.ends_with(Path::new(jdk).join(file)));
            // the chroot has no locale: arguments are ASCII there
            let is_possible = case.sessions.iter().flatten().all(|step| step.alias().is_ascii());
            let is_keytools = case.sessions.iter().all(|session| session.len() == 1);
            if !is_wanted || !is_possible || !is_keytools {
                continue;
            }
            for asked in case.questions(&pki.path("root.pem")) {
                let words: Vec<&str> = asked.iter().skip(2).map(String::as_str).collect();
                matrix.keytool(feature, &words);
            }
            let theirs = fs::read(&case.copy).unwrap();
            let place = format!("keytool{feature}, {}", case.store.display());
            assert!(case.ours(&root, &theirs) == theirs, "{place}: {:?}", case.sessions);
            count += 1;
        }
    }
    assert!(count >= 24, "only {count}");
}

/// Makes a copy of every JKS and JCEKS store for everything that is done with it.
fn cases(folder: &Path) -> Vec<Case> {
    let from = match std::env::var_os("SSLPOKE_TESTDATA") {
        Some(all) => Path::new(&all).join("keystores/generated"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores"),
    };
    let mut cases = Vec::new();
    for jdk in ["jdk8", "jdk17", "jdk25"] {
        for entry in fs::read_dir(from.join(jdk)).unwrap() {
            let store = entry.unwrap().path();
            let name = store.file_name().unwrap().to_str().unwrap();
            if !name.ends_with(".jks") && !name.ends_with(".jceks") {
                continue;
            }
            let password =
                if name.starts_with("unipass") { "pässwörd€字" } else { "changeit" };
            for (number, sessions) in changes(&store, password).into_iter().enumerate() {
                let copy = folder.join(format!("{jdk}-{number}-{name}"));
                fs::write(&copy, fs::read(&store).unwrap()).unwrap();
                cases.push(Case { store: store.clone(), password, copy, sessions });
            }
        }
    }
    assert!(cases.len() >= 300, "only {} cases", cases.len());
    cases
}

/// What is done with a store: nothing, an addition, a deletion, a replacement, and many of them around the points where
/// the hash table grows.
fn changes(store: &Path, password: &str) -> Vec<Vec<Session>> {
    let read = KeyStore::read(&fs::read(store).unwrap(), Some(&Password::new(password))).unwrap();
    let trusted: Vec<&str> = read
        .entries()
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::TrustedCertificate(_)))
        .map(|entry| entry.alias.as_str())
        .collect();
    let add = |alias: &str| Step::Add(alias.to_owned());
    let remove = |alias: &&str| Step::Remove((*alias).to_owned());
    let added = |count: u32| (0..count).map(|n| Step::Add(format!("Added-{n} größe")));
    let mut all = vec![
        vec![vec![]],
        vec![vec![add("Corp-Root")]],
        vec![added(1).collect()],
        vec![added(12).collect()],
        added(12).map(|step| vec![step]).collect(),
        vec![added(40).collect(), vec![]],
    ];
    let (Some(first), Some(last)) = (trusted.first(), trusted.last()) else { return all };
    all.extend([
        vec![vec![remove(first)]],
        vec![vec![remove(last)]],
        // replaced: by two runs of keytool, in one session, and in place
        vec![vec![remove(first)], vec![add(first)]],
        vec![vec![remove(last), add(last)]],
        vec![vec![add(first), add(last), add("z")]],
        // removed before others come, which is when the table does not grow
        vec![[vec![remove(last)], added(1).collect()].concat()],
        vec![[vec![remove(last)], added(9).collect(), vec![remove(first)]].concat()],
        vec![trusted.iter().map(remove).collect()],
        vec![trusted.iter().map(remove).chain(added(30)).collect()],
    ]);
    all
}

impl Case {
    fn kind(&self) -> &'static str {
        if self.store.extension().unwrap() == "jks" { "JKS" } else { "JCEKS" }
    }

    fn questions(&self, root: &str) -> Vec<Question> {
        let copy = self.copy.to_str().unwrap();
        let asked = |session: &Session| {
            let place = ["-keystore", copy, "-storetype", self.kind(), "-storepass", self.password];
            match session.as_slice() {
                [Step::Add(alias)] => {
                    let words = ["keytool", "", "-importcert", "-noprompt", "-file", root];
                    question(&[&words[..], &["-alias", alias], &place].concat())
                }
                [Step::Remove(alias)] => {
                    question(&[&["keytool", "", "-delete", "-alias", alias], &place[..]].concat())
                }
                steps => {
                    let mut asked = question(&["edit", copy, self.kind(), self.password, copy]);
                    asked.extend(steps.iter().map(|step| match step {
                        Step::Add(alias) => format!("+{alias}={root}"),
                        Step::Remove(alias) => format!("-{alias}"),
                    }));
                    asked
                }
            }
        };
        self.sessions.iter().map(asked).collect()
    }

    /// Does the same with our library, at the times that keytool put in.
    fn ours(&self, root: &CertificateDer<'static>, theirs: &[u8]) -> Vec<u8> {
        let password = Password::new(self.password);
        let open = |bytes: &[u8]| KeyStore::read(bytes, Some(&password)).unwrap();
        let reference = open(theirs);
        assert_eq!(reference.format(), Format::of(&fs::read(&self.store).unwrap()).unwrap());
        let created = |alias: &Alias| {
            let held = reference.entries().iter().find(|entry| entry.alias == alias.as_str());
            held.and_then(|entry| entry.created).unwrap_or(Timestamp(0))
        };
        let mut bytes = fs::read(&self.store).unwrap();
        for session in &self.sessions {
            let mut store = open(&bytes);
            for step in session {
                match step {
                    Step::Add(alias) => {
                        let alias = Alias::new(alias);
                        store.trust(&alias, root, created(&alias)).unwrap();
                    }
                    // Java does not mind when it is not there
                    Step::Remove(alias) => _ = store.remove(&Alias::new(alias)).unwrap(),
                }
            }
            bytes = store.write(Some(&password)).unwrap();
        }
        bytes
    }
}
