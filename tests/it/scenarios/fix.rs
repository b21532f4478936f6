//! `--fix`: what is added, and what never is.

use std::fs;

use super::{examined, first, screen};
use crate::stage::{GOOD, Stage, sslpoke, stdout};

#[test]
fn a_root_that_was_named_is_added_and_proven_and_a_copy_is_kept() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, store, folder) = (stage.serve(GOOD), other.store(), stage.path("."));
    let before = fs::read(&store).unwrap();
    let base = ["--java", "17", "--truststore", &store, "--candidates", &folder];
    // nobody to ask, nothing done
    let (report, exit) = examined(&[&base[..], &["--fix"]].concat(), &port);
    assert_eq!((exit, &report["fix"]["outcome"]), (Some(5), &"refused".into()), "{report:#}");
    assert_eq!(fs::read(&store).unwrap(), before);
    // said and not done
    let (text, exit) = screen(&[&base[..], &["--fix", "--dry-run"]].concat(), &port);
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("Would add") && text.contains(&stage.root_sha256()), "{text}");
    assert_eq!(fs::read(&store).unwrap(), before);
    let (text, exit) = screen(&[&base[..], &["--fix", "--yes"]].concat(), &port);
    assert_eq!(exit, Some(0), "{text}");
    assert!(text.starts_with("✓ repaired: Java 17.0.15 refuses localhost:"), "{text}");
    for said in ["Added", "CN=Stage Root CA", &stage.root_sha256(), "Proven", "Backup", "Restart"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let listed = stdout(&sslpoke(&["trust", "list", &store]));
    assert!(listed.contains("stage-root-ca") && listed.contains("other-root-ca"), "{listed}");
    let (report, exit) = examined(&[&base[..], &["--fix", "--yes"]].concat(), &port);
    assert_eq!((exit, report["fix"].is_null()), (Some(0), true), "{report:#}");
    let rolled = sslpoke(&["trust", "rollback", &store]);
    assert_eq!(rolled.status.code(), Some(0), "{rolled:?}");
    assert_eq!(fs::read(&store).unwrap(), before);
}

#[test]
fn what_only_the_server_vouches_for_is_added_only_by_its_fingerprint() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, store) = (stage.serve_with_root(GOOD), other.store());
    let before = fs::read(&store).unwrap();
    let base = ["--java", "17", "--truststore", &store, "--fix", "--yes"];
    let (report, exit) = examined(&base, &port);
    assert_eq!((exit, first(&report)), (Some(5), "root-not-trusted"), "{report:#}");
    let why = report["fix"]["why"].as_str().unwrap();
    assert!(why.contains(&stage.root_sha256()), "{why}");
    let (report, exit) =
        examined(&[&base[..], &["--sha256", &other.root_sha256()]].concat(), &port);
    assert_eq!((exit, &report["fix"]["outcome"]), (Some(5), &"refused".into()), "{report:#}");
    assert_eq!(fs::read(&store).unwrap(), before);
    let (report, exit) =
        examined(&[&base[..], &["--sha256", &stage.root_sha256()]].concat(), &port);
    assert_eq!((exit, &report["fix"]["outcome"]), (Some(0), &"changed".into()), "{report:#}");
    assert_ne!(fs::read(&store).unwrap(), before);
}

#[test]
fn a_server_s_own_certificate_is_never_added() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, store) = (stage.serve_self_signed(), other.store());
    let before = fs::read(&store).unwrap();
    let words = ["--java", "17", "--truststore", &store, "--fix", "--yes"];
    let (report, exit) = examined(&words, &port);
    assert_eq!((exit, first(&report)), (Some(5), "self-signed"), "{report:#}");
    assert_eq!(fs::read(&store).unwrap(), before);
}
