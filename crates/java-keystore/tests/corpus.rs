//! Stores that others made: every one is answered, with any password, without panic.

#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::path::Path;

use java_keystore::{KeyStore, Password};

#[test]
fn every_store_of_the_corpus_is_answered_without_panic() {
    let Some(testdata) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
        eprintln!("SSLPOKE_TESTDATA is not set: the corpus is not read");
        return;
    };
    let corpus = Path::new(&testdata).join("keystores/corpus");
    let passwords = ["changeit", "12345678", "store_password", "", "ლ(ಠ益ಠლ)"].map(Password::new);
    let mut count = 0;
    for folder in ["pyjks", "p12-keystore", "cacerts", "odd"] {
        for entry in fs::read_dir(corpus.join(folder)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            let _ = KeyStore::read(&bytes, None);
            for password in &passwords {
                let _ = KeyStore::read(&bytes, Some(password));
            }
            count += 1;
        }
    }
    assert!(count >= 70, "only {count} files");
}
