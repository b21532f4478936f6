//! What keytool loses where we lose nothing: in a crowd, on a full disk, killed. `docs/safe-writing.md` has the figures; when
//! keytool no longer loses, these tests fail, for then the page is wrong.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use java_keystore::{KeyStore, Password};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};

use crate::jre::Matrix;

/// How many roots are added in a crowd, by how many processes at a time.
const ROOTS: usize = 100;
const PROCESSES: usize = 8;

/// A store of 150 roots, and roots to add to it.
struct Shelf(tempfile::TempDir);

impl Shelf {
    fn new(roots: usize) -> Self {
        let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
        let fixture =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores/jdk17/many.jks");
        fs::copy(fixture, folder.path().join("store.jks")).unwrap();
        let key = KeyPair::generate().unwrap();
        for number in 0..roots {
            // Large ones: a store with one more wants another block of the disk.
            let names: Vec<String> = (0..400).map(|n| format!("{n}.example.com")).collect();
            let mut params = CertificateParams::new(names).unwrap();
            params.distinguished_name.push(DnType::CommonName, format!("Root {number}"));
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let pem = params.self_signed(&key).unwrap().pem();
            fs::write(folder.path().join(format!("{number}.pem")), pem).unwrap();
        }
        Self(folder)
    }

    fn store(&self) -> PathBuf {
        self.0.path().join("store.jks")
    }

    fn root(&self, number: usize) -> PathBuf {
        self.0.path().join(format!("{number}.pem"))
    }

    /// The aliases of the store, or none if it cannot be read.
    fn aliases(&self) -> Option<BTreeSet<String>> {
        let bytes = fs::read(self.store()).unwrap();
        let read = KeyStore::read(&bytes, Some(&Password::new("changeit"))).ok()?;
        Some(read.entries().iter().map(|entry| entry.alias.clone()).collect())
    }
}

/// Whose command adds a root.
#[derive(Clone, Copy, Debug)]
enum Tool {
    Keytool(u16),
    Ours,
}

/// Returns the words of a command that adds a root under the alias `root-N`.
fn words(tool: Tool, matrix: &Matrix, root: &Path, store: &Path, alias: &str) -> Vec<String> {
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    match tool {
        Tool::Keytool(feature) => {
            let mut words = vec![text(&matrix.path(&format!("keytool{feature}")))];
            words.extend(
                ["-J-XX:TieredStopAtLevel=1", "-importcert", "-noprompt"].map(str::to_owned),
            );
            words.extend(["-alias", alias, "-storepass", "changeit", "-file"].map(str::to_owned));
            words.extend([text(root), "-keystore".to_owned(), text(store)]);
            words
        }
        Tool::Ours => {
            let mut words = vec![env!("CARGO_BIN_EXE_sslpoke").to_owned()];
            words.extend(["trust", "add", "--alias", alias].map(str::to_owned));
            words.extend([text(root), "--to".to_owned(), text(store)]);
            words
        }
    }
}

fn run(words: &[String]) -> Output {
    let (program, arguments) = words.split_first().unwrap();
    Command::new(program).args(arguments).output().unwrap()
}

/// What became of the roots that were added by several processes at a time.
#[derive(Debug, Default)]
struct Crowd {
    /// Commands that said that they added one.
    said: usize,
    /// Roots that are in the store.
    held: usize,
    /// Entries of before that are gone.
    gone: usize,
}

impl Crowd {
    fn of(tool: Tool, matrix: &Matrix) -> Self {
        let shelf = Shelf::new(ROOTS);
        let before = shelf.aliases().unwrap();
        let (next, said) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _process in 0..PROCESSES {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= ROOTS {
                            break;
                        }
                        let (root, alias) = (shelf.root(number), format!("root-{number}"));
                        let output = run(&words(tool, matrix, &root, &shelf.store(), &alias));
                        said.fetch_add(usize::from(output.status.success()), Ordering::Relaxed);
                    }
                });
            }
        });
        let after = shelf.aliases().unwrap_or_default();
        let held = (0..ROOTS).filter(|number| after.contains(&format!("root-{number}"))).count();
        Self { said: said.into_inner(), held, gone: before.difference(&after).count() }
    }
}

#[test]
fn keytool_loses_entries_in_a_crowd_and_we_do_not() {
    let Some(matrix) = Matrix::find() else { return };
    let crowd = Crowd::of(Tool::Keytool(17), &matrix);
    eprintln!("{ROOTS} roots by {PROCESSES} processes, keytool17: {crowd:?}");
    assert!(crowd.held < crowd.said, "keytool loses nothing any more");
    let crowd = Crowd::of(Tool::Ours, &matrix);
    eprintln!("{ROOTS} roots by {PROCESSES} processes, sslpoke: {crowd:?}");
    assert_eq!((crowd.said, crowd.held, crowd.gone), (ROOTS, ROOTS, 0));
}

/// A root that was added while something went wrong.
#[derive(Debug)]
struct Mishap {
    /// Whether the command said that it added the root.
    said: bool,
    /// How many entries can be read afterwards; none if the store cannot be.
    entries: Option<usize>,
    /// How long the store is afterwards.
    bytes: u64,
}

impl Mishap {
    /// Adds a root by `script`, where `"$@"` is the command, `$STORE` the store and `$DISK` a folder to put it into first.
    fn of(tool: Tool, matrix: &Matrix, script: &str) -> Self {
        let shelf = Shelf::new(1);
        let disk = shelf.0.path().join("disk");
        fs::create_dir(&disk).unwrap();
        let output = Command::new("unshare")
            .args(["-m", "sh", "-c", script, "sh"])
            .args(words(tool, matrix, &shelf.root(0), &disk.join("store.jks"), "root-0"))
            .env("STORE", shelf.store())
            .env("DISK", &disk)
            .output()
            .unwrap();
        let told = [&output.stdout[..], &output.stderr[..]].concat();
        let told = String::from_utf8_lossy(&told);
        assert!(!told.contains("mount:"), "{told}");
        Self {
            said: told.contains("Certificate was added to keystore") || told.contains("added: "),
            entries: shelf.aliases().map(|aliases| aliases.len()),
            bytes: fs::metadata(shelf.store()).unwrap().len(),
        }
    }
}

/// Room for the store and no more.
const FULL_DISK: &str = r#"
    mount -t tmpfs -o size=72k none "$DISK"
    cp "$STORE" "$DISK/store.jks"
    cat /dev/zero > "$DISK/filler" 2> /dev/null
    "$@"
    cat "$DISK/store.jks" > "$STORE"
"#;

/// keytool writes the store by one system call, we write beside it.
const KILLED: &str = r#"
    cp "$STORE" "$DISK/store.jks"
    case "$1" in
    *keytool*) set -- strace -f -qq -o /dev/null -P "$DISK/store.jks" -e inject=write:signal=SIGKILL:when=1 "$@" ;;
    *) set -- strace -f -qq -o /dev/null -e inject=write:signal=SIGKILL:when=1 "$@" ;;
    esac
    "$@"
    cat "$DISK/store.jks" > "$STORE"
"#;

#[test]
fn keytool_loses_the_store_on_a_full_disk_or_when_killed_and_we_do_not() {
    let Some(matrix) = Matrix::find() else { return };
    if !may_mount_and_trace() {
        assert!(std::env::var_os("CI").is_none(), "no mounts or no strace, and this is CI");
        eprintln!("skipped: mounts need root, and strace must be there");
        return;
    }
    let before = Shelf::new(0);
    let (entries, bytes) =
        (before.aliases().unwrap().len(), fs::metadata(before.store()).unwrap().len());
    for (what, script) in [("a full disk", FULL_DISK), ("kill -9 at its write", KILLED)] {
        let keytool = Mishap::of(Tool::Keytool(17), &matrix, script);
        let ours = Mishap::of(Tool::Ours, &matrix, script);
        eprintln!(
            "{what}, of {entries} entries in {bytes} bytes: keytool17 {keytool:?}, sslpoke {ours:?}"
        );
        assert_eq!(keytool.entries, None, "{what}: keytool loses nothing any more");
        // It says so before it writes.
        assert!(keytool.said, "{what}");
        assert_eq!((ours.said, ours.entries, ours.bytes), (false, Some(entries), bytes), "{what}");
    }
}

fn may_mount_and_trace() -> bool {
    let is_fine = |words: &[&str]| {
        run(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>()).status.success()
    };
    is_fine(&["unshare", "-m", "true"]) && is_fine(&["sh", "-c", "command -v strace"])
}
