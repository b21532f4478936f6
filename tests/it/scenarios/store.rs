//! S06, S08, S09 and S18: the truststore is not the one that was meant, or does not open.

use std::fs;

use super::{examined, finding, first, java_home, screen};
use crate::stage::{GOOD, Stage, sslpoke, stderr, stdout};

/// Returns the path of a store that keytool 17 made.
fn fixture(name: &str) -> String {
    format!("{}/fixtures/keystores/jdk17/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn s06_a_mistyped_path_is_named_with_the_one_that_was_meant() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, home) = (stage.serve(GOOD), stage.path("jvm"));
    java_home(&home, &other.store());
    let told = stage.path("stor.jks");
    let property = format!("-Djavax.net.ssl.trustStore={told}");
    let base = ["--java-home", &home, &property];
    let (report, exit) = examined(&base, &port);
    assert_eq!((exit, first(&report)), (Some(1), "truststore-fallback"), "{report:#}");
    assert_eq!(report["truststore"]["fallback_from"], told.as_str());
    let fallback = finding(&report, "truststore-fallback");
    for said in [
        &told,
        "there is no such file",
        &format!("{home}/lib/security/cacerts"),
        "by it Java would trust this server",
        &format!("-Djavax.net.ssl.trustStore={}", stage.store()),
    ] {
        assert!(fallback.contains(said), "{said}: {fallback}");
    }
    // the line that proves the repair is one to copy
    let proof = report["proof"].as_str().unwrap();
    let words: Vec<&str> = proof.split(' ').skip(1).collect();
    let output = sslpoke(&words);
    assert_eq!(stdout(&output), "Successfully connected\n", "{proof}: {output:?}");
    // where the fallback serves, it is a warning
    java_home(&home, &stage.store());
    let (report, exit) = examined(&base, &port);
    assert_eq!((exit, report["result"].as_str()), (Some(0), Some("connected")), "{report:#}");
    assert_eq!(report["findings"][0]["severity"], "warning");
    // and without a target it is a problem
    let output = sslpoke(&["doctor", "--java-home", &home, &property]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(stdout(&output).contains("there is no such file"), "{output:?}");
}

#[test]
fn a_root_in_the_cacerts_that_is_not_used_is_found_there() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, home) = (stage.serve(GOOD), stage.path("jvm"));
    java_home(&home, &stage.store());
    let property = format!("-Djavax.net.ssl.trustStore={}", other.store());
    let (report, exit) = examined(&["--java-home", &home, &property], &port);
    assert_eq!((exit, first(&report)), (Some(1), "root-in-other-store"), "{report:#}");
    let told = finding(&report, "root-in-other-store");
    assert!(told.contains("CN=Stage Root CA") && told.contains("lib/security/cacerts"), "{told}");
    assert!(told.contains(&other.store()), "{told}");
    // the remedy is a command that does it
    let remedy = report["findings"][0]["remedy"].as_str().unwrap();
    let words: Vec<&str> = remedy.split(' ').skip(1).collect();
    let output = sslpoke(&words);
    assert_eq!(output.status.code(), Some(0), "{remedy}: {output:?}");
    let (report, exit) = examined(&["--java-home", &home, &property], &port);
    assert_eq!((exit, report["result"].as_str()), (Some(0), Some("connected")), "{report:#}");
}

#[test]
fn s18_a_root_that_went_into_another_java_is_found_there() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, used, unused) = (stage.serve(GOOD), stage.path("jvm/a"), stage.path("jvm/b"));
    java_home(&used, &other.store());
    java_home(&unused, &stage.store());
    let (report, exit) = examined(&["--java-home", &used], &port);
    assert_eq!((exit, first(&report)), (Some(1), "root-in-other-store"), "{report:#}");
    let told = finding(&report, "root-in-other-store");
    for said in [
        format!("CN=Stage Root CA is in {unused}/lib/security/cacerts"),
        format!("not in {used}/lib/security/cacerts, which Java uses"),
        stage.root_sha256(),
    ] {
        assert!(told.contains(&said), "{said}: {told}");
    }
    // the store that is used, and where the root went
    let stores = report["stores"].as_array().unwrap();
    let told: Vec<_> = stores.iter().map(|held| (&held["meant"], &held["holds"])).collect();
    assert_eq!(told, [(&true.into(), &false.into()), (&false.into(), &true.into())], "{report:#}");
    let (text, _) = screen(&["--java-home", &used], &port);
    for line in [
        format!("\n  → {used}/lib/security/cacerts  lacks the root, this Java uses it\n"),
        format!("\n    {unused}/lib/security/cacerts  has the root, no running JVM uses it\n"),
    ] {
        assert!(text.contains(&line), "{line}: {text}");
    }
    // that somebody put it into a store is no reason to trust it
    let before = fs::read(format!("{used}/lib/security/cacerts")).unwrap();
    let fix = ["--java-home", &used, "--fix", "--yes"];
    let (report, exit) = examined(&fix, &port);
    assert_eq!((exit, &report["fix"]["outcome"]), (Some(5), &"refused".into()), "{report:#}");
    assert!(report["fix"]["why"].as_str().unwrap().ends_with(&stage.root_sha256()), "{report:#}");
    assert_eq!(fs::read(format!("{used}/lib/security/cacerts")).unwrap(), before);
    let (report, exit) = examined(&[&fix[..], &["--sha256", &stage.root_sha256()]].concat(), &port);
    assert_eq!((exit, &report["fix"]["outcome"]), (Some(0), &"changed".into()), "{report:#}");
    let (report, exit) = examined(&["--java-home", &used], &port);
    assert_eq!((exit, report["result"].as_str()), (Some(0), Some("connected")), "{report:#}");
}

#[test]
fn s08_s09_a_store_that_does_not_open_is_explained_and_no_password_is_told() {
    let stage = Stage::new();
    let (port, store, pkcs12) = (stage.serve(GOOD), stage.store(), fixture("few.p12"));
    let cut = stage.path("cut.jks");
    let bytes = fs::read(&store).unwrap();
    fs::write(&cut, bytes.split_at(bytes.len() / 2).0).unwrap();
    let wrong = "-Djavax.net.ssl.trustStorePassword=s3cretW0rd";
    let well_formed = "well-formed JKS v2, 1 entry";
    for (file, more, code, said, java) in [
        (
            &pkcs12,
            &[][..],
            "pkcs12-without-password",
            "8 encrypted certificates",
            "trustAnchors parameter must be non-empty",
        ),
        (
            &store,
            &[wrong],
            "store-password-wrong",
            well_formed,
            "Error constructing implementation",
        ),
        (
            &pkcs12,
            &[wrong],
            "store-password-wrong",
            "well-formed PKCS12",
            "Error constructing implementation",
        ),
        (&cut, &[], "store-damaged", "damaged at byte", "Error constructing implementation"),
    ] {
        let words = [&["--java", "17", "--truststore", file], more].concat();
        let (report, exit) = examined(&words, &port);
        assert_eq!((exit, first(&report)), (Some(4), code), "{report:#}");
        assert!(finding(&report, code).contains(said), "{report:#}");
        let (text, exit) = screen(&words, &port);
        assert_eq!(exit, Some(4));
        assert!(text.contains(java) && text.starts_with("✗ "), "{text}");
        for format in ["text", "json", "md", "html"] {
            for verbose in [&[][..], &["-v"]] {
                let all = [&["doctor", "--format", format], verbose, &words, &["localhost", &port]];
                let output = sslpoke(&all.concat());
                let told = stdout(&output) + &stderr(&output);
                assert!(!told.contains("s3cretW0rd"), "{format}: {told}");
            }
        }
    }
}
