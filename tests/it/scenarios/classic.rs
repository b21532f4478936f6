//! S01, S02 and S03: the line that people know, and what it leaves on disk.

use std::fs;

use crate::stage::{GOOD, Stage, sslpoke, stderr, stdout};

#[test]
fn s01_a_trusted_server_is_told_as_sslpoke_tells_it_and_nothing_is_written() {
    let stage = Stage::new();
    let (port, store) = (stage.serve(GOOD), stage.store());
    let folder = stage.path("");
    let files = || fs::read_dir(&folder).unwrap().count();
    let (before, count) = (fs::read(&store).unwrap(), files());
    let property = format!("-Djavax.net.ssl.trustStore={store}");
    let output = sslpoke(&[&property, "localhost", &port]);
    assert_eq!(stdout(&output), "Successfully connected\n");
    assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(0)));
    assert_eq!((fs::read(&store).unwrap(), files()), (before, count));
}

#[test]
fn s02_an_untrusted_server_is_told_in_the_words_of_each_release() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, store) = (stage.serve(GOOD), other.store());
    let before = fs::read(&store).unwrap();
    let property = format!("-Djavax.net.ssl.trustStore={store}");
    let builder = "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target";
    for (release, alert) in [
        ("8", ""),
        ("11", ""),
        ("17", ""),
        ("21", "(certificate_unknown) "),
        ("25", "(certificate_unknown) "),
        ("26", "(certificate_unknown) "),
    ] {
        let output = sslpoke(&["--java", release, &property, "localhost", &port]);
        assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(1)), "{release}");
        let said = stderr(&output);
        let lines: Vec<&str> =
            said.lines().take_while(|line| !line.starts_with("sslpoke: ")).collect();
        let expected = [
            format!(
                "javax.net.ssl.SSLHandshakeException: {alert}PKIX path building failed: {builder}"
            ),
            format!(
                "Caused by: sun.security.validator.ValidatorException: PKIX path building failed: {builder}"
            ),
            format!("Caused by: {builder}"),
        ];
        assert_eq!(lines, expected, "{release}");
    }
    assert_eq!(fs::read(&store).unwrap(), before);
}

#[test]
fn s03_a_line_that_is_none_gets_the_usage_of_sslpoke_or_that_of_the_verb() {
    for words in [&[][..], &["tls.example.test", "443", "x"], &["java", "SSLPoke", "a"]] {
        let output = sslpoke(words);
        assert_eq!(stdout(&output), "Usage: SSLPoke <host> <port>\n", "{words:?}");
        assert_eq!(output.status.code(), Some(1), "{words:?}");
    }
    for words in [&["poke"][..], &["poke", "tls.example.test"], &["doctor", "tls.example.test"]] {
        let output = sslpoke(words);
        assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(2)), "{words:?}");
        let said = stderr(&output);
        assert!(
            said.contains("a port is wanted") || said.contains("Usage: sslpoke poke"),
            "{said}"
        );
    }
}
