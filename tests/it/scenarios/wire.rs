//! S20, S24, S26 and S27: what comes before any certificate.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{examined, finding, first, java_home, screen};
use crate::stage::{GOOD, Server, Stage, http, scripted, sslpoke};

/// An `openssl s_server` that ends with the test; its certificate is of `own.pem`, whose root is `openssl.pem`.
pub(crate) struct OpenSsl(Child, pub(crate) String);

/// Runs openssl; returns whether there is one.
pub(crate) fn openssl(words: &[&str]) -> bool {
    let made = Command::new("openssl").args(words).stderr(Stdio::null()).output();
    let is_there = made.as_ref().is_ok_and(|output| output.status.success());
    assert!(is_there || std::env::var_os("CI").is_none(), "{words:?}: {made:?}");
    is_there
}

impl OpenSsl {
    /// Starts it with more options; none where there is no openssl.
    pub(crate) fn start(stage: &Stage, digest: &str, more: &[&str]) -> Option<Self> {
        let path = |name: &str| stage.path(name);
        let (root, root_key) = (path("openssl.pem"), path("openssl.key"));
        let (own, key, request) = (path("own.pem"), path("own.key"), path("own.csr"));
        let extensions = path("own.ext");
        std::fs::write(&extensions, "subjectAltName=DNS:localhost\n").unwrap();
        let base = ["req", "-newkey", "rsa:2048", "-nodes", "-subj"];
        let signs_itself =
            ["/CN=OpenSSL Root", "-x509", "-days", "30", "-keyout", &root_key, "-out", &root];
        let is_there = (std::path::Path::new(&root).exists()
            || openssl(&[&base[..], &signs_itself].concat()))
            && openssl(
                &[&base[..], &["/CN=localhost", "-keyout", &key, "-out", &request]].concat(),
            )
            && openssl(&[
                "x509",
                "-req",
                digest,
                "-in",
                &request,
                "-CA",
                &root,
                "-CAkey",
                &root_key,
                "-CAcreateserial",
                "-days",
                "30",
                "-extfile",
                &extensions,
                "-out",
                &own,
            ]);
        if !is_there {
            eprintln!("skipped: no openssl");
            return None;
        }
        let port =
            TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let child = Command::new("openssl")
            .args(["s_server", "-quiet", "-cert", &own, "-key", &key, "-accept"])
            .arg(format!("127.0.0.1:{port}"))
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
            assert!(Instant::now() < end, "openssl does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self(child, port))
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn s20_a_proxy_that_wants_basic_is_told_with_the_property_that_forbids_it() {
    let stage = Stage::new();
    let port = stage.serve(GOOD);
    let wants = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n";
    let proxy = format!("http://127.0.0.1:{}", http(wants.as_bytes().to_vec()));
    let store = stage.store();
    let (report, exit) =
        examined(&["--java", "17", "--truststore", &store, "--proxy", &proxy], &port);
    assert_eq!((exit, first(&report)), (Some(3), "proxy-authentication"), "{report:#}");
    let words = "Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 407 Proxy Authentication Required\"";
    assert_eq!(report["exception"][0]["message"], words);
    let told = finding(&report, "proxy-basic-disabled");
    assert!(told.contains("jdk.http.auth.tunneling.disabledSchemes"), "{told}");
}

#[test]
fn s24_what_an_old_server_takes_is_named_with_the_line_that_disables_it() {
    let stage = Stage::new();
    let home = stage.path("jvm");
    java_home(&home, &stage.store());
    let security = format!("{home}/conf/security/java.security");
    let weak = "ALL:@SECLEVEL=0";
    for (more, code, what, why) in [
        (
            &["-tls1", "-cipher", weak][..],
            "tls-too-old",
            "the server takes TLSv1 with ",
            format!("\"TLSv1\" in jdk.tls.disabledAlgorithms ({security}, line 5)"),
        ),
        (
            &["-tls1_1", "-cipher", weak],
            "tls-too-old",
            "the server takes TLSv1.1 with ",
            format!("\"TLSv1.1\" in jdk.tls.disabledAlgorithms ({security}, line 5)"),
        ),
        (
            &["-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"],
            "no-common-suite",
            "TLSv1.2 with TLS_RSA_WITH_AES_128_CBC_SHA",
            format!("\"TLS_RSA_*\" in jdk.tls.disabledAlgorithms ({security}, line 7)"),
        ),
    ] {
        let Some(server) = OpenSsl::start(&stage, "-sha256", more) else { return };
        let (report, exit) = examined(&["--java-home", &home], &server.1);
        assert_eq!((exit, first(&report)), (Some(1), code), "{more:?}: {report:#}");
        let told = finding(&report, code);
        assert!(told.contains(what) && told.contains(&why), "{why}: {told}");
        assert!(report["letter"].as_str().unwrap().contains("localhost"), "{report:#}");
    }
}

#[test]
fn an_algorithm_of_a_certificate_is_named_with_the_line_that_disables_it() {
    let stage = Stage::new();
    let Some(server) = OpenSsl::start(&stage, "-sha256", &[]) else { return };
    let (home, store) = (stage.path("jvm"), stage.path("openssl.jks"));
    let made = sslpoke(&["trust", "add", &stage.path("openssl.pem"), "--to", &store, "--create"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    java_home(&home, &store);
    let security = format!("{home}/conf/security/java.security");
    let text = std::fs::read_to_string(&security).unwrap();
    std::fs::write(&security, text.replace("RSA keySize < 1024", "RSA keySize < 3072")).unwrap();
    let (report, exit) = examined(&["--java-home", &home], &server.1);
    assert_eq!((exit, first(&report)), (Some(1), "algorithm-disabled"), "{report:#}");
    let place =
        format!("\"RSA keySize < 3072\" in jdk.certpath.disabledAlgorithms ({security}, line 4)");
    assert!(finding(&report, "algorithm-disabled").contains(&place), "{report:#}");
}

#[test]
fn s26_a_port_of_plain_http_is_called_that() {
    let stage = Stage::new();
    let port = scripted(b"HTTP/1.1 400 Bad Request\r\n\r\n", true);
    let (report, exit) = examined(&["--java", "17", "--truststore", &stage.store()], &port);
    assert_eq!((exit, first(&report)), (Some(1), "plaintext-protocol"), "{report:#}");
    assert!(finding(&report, "plaintext-protocol").contains("HTTP"), "{report:#}");
    let message = report["exception"][0]["message"].as_str().unwrap();
    assert!(message.contains("Unsupported or unrecognized SSL message"), "{message}");
}

#[test]
fn s27_a_silent_server_does_not_hold_the_doctor() {
    let stage = Stage::new();
    let port = scripted(b"", true);
    let began = Instant::now();
    let store = stage.store();
    let (text, exit) = screen(&["--java", "17", "--truststore", &store, "--timeout", "2"], &port);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!(exit, Some(3), "{text}");
    assert!(text.starts_with("✗ Java 17.0.15 does not reach localhost:"), "{text}");
    assert!(text.contains("takes the connection and then says nothing"), "{text}");
}

#[test]
fn the_first_address_is_dead_and_another_would_do() {
    let stage = Stage::new();
    let (port, store) = (stage.serve(GOOD), stage.store());
    let resolve = format!("localhost:{port}:127.0.0.9,127.0.0.1");
    let words = ["--java", "17", "--truststore", &store, "--resolve", &resolve];
    let (report, exit) = examined(&words, &port);
    assert_eq!((exit, first(&report)), (Some(3), "first-address-dead"), "{report:#}");
    let told = finding(&report, "first-address-dead");
    assert!(told.contains(&format!("127.0.0.1:{port}, where Java would connect")), "{told}");
}

#[test]
fn a_name_without_a_dot_gets_the_default_certificate() {
    let stage = Stage::new();
    let (names, other) = (&["gitlab"], &["default.example.com"]);
    let server = Server { names, ..GOOD };
    let port = stage.serve_by_name(server, Server { names: other, ..GOOD });
    let (resolve, store) = (format!("gitlab:{port}:127.0.0.1"), stage.store());
    let words = ["--java", "17", "--truststore", &store, "--resolve", &resolve];
    let output =
        sslpoke(&[&["doctor", "--format", "json"], &words[..], &["gitlab", &port]].concat());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), first(&report)),
        (Some(1), "server-name-not-sent"),
        "{report:#}"
    );
    assert!(finding(&report, "server-name-not-sent").contains("Java would connect"), "{report:#}");
}
