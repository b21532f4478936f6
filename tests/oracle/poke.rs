//! SSLPoke under each JRE, and ours in its place: the same stdout, exit code and first line of stderr.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::jre::{FEATURES, Matrix, compile_sslpoke, sslpoke_arguments};
use crate::pki::Pki;
use crate::plain::{closed_port, plain_server};
use crate::server::TlsServer;

/// One line of the matrix: a name, and java's arguments from the `-D`s to the port.
struct Situation {
    name: String,
    arguments: Vec<String>,
}

#[test]
fn sslpoke_and_we_print_the_same_under_every_java() {
    let Some(matrix) = Matrix::find() else { return };
    // the JREs run in a chroot that shares /tmp
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile_sslpoke(folder.path());
    make_stores(&matrix, &pki);

    let servers = Servers::start(&pki);
    let mut differences = String::new();
    let mut runs = 0;
    let situations = situations(&pki, &servers, folder.path());
    for feature in FEATURES {
        let release = matrix.release(feature);
        for Situation { name, arguments } in &situations {
            runs += 1;
            let java = told(&matrix.java(feature, arguments));
            let ours = told(&ours(&release, arguments));
            if java != ours {
                writeln!(differences, "{name}, {release}\n  java {java:?}\n  ours {ours:?}")
                    .unwrap();
            }
        }
    }
    assert!(differences.is_empty(), "{differences}");
    eprintln!("{runs} runs of SSLPoke and of ours agree");
}

#[test]
fn security_files_that_include_what_cannot_be_read_end_as_under_java() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    compile_sslpoke(folder.path());
    fs::create_dir(folder.path().join("folder")).unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let files = [
        ("itself", "include itself".to_owned()),
        ("there", format!("include {}", file("back"))),
        ("back", "include folder/../there".to_owned()),
        ("missing", "include no-such-file".to_owned()),
        ("misplaced", format!("include {}", file("no-such-folder/file"))),
        ("of-a-folder", "include folder".to_owned()),
        ("twice", "include good\ninclude good".to_owned()),
        ("good", "a=b".to_owned()),
    ];
    let port = closed_port().to_string();
    let mut differences = String::new();
    for (name, text) in &files {
        fs::write(file(name), text).unwrap();
    }
    // 24 was the first that includes
    for feature in [21, 25, 26] {
        for (name, _) in &files {
            let mut arguments = vec![format!("-Djava.security.properties={}", file(name))];
            arguments.extend(sslpoke_arguments(folder.path(), &[], &["localhost", &port]));
            let java = lines(&matrix.java(feature, &arguments));
            let ours = lines(&ours(&matrix.release(feature), &arguments));
            if java != ours {
                writeln!(differences, "{name}, {feature}\n  java {java:?}\n  ours {ours:?}")
                    .unwrap();
            }
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

/// The exit code, the exception and its causes.
fn lines(output: &Output) -> (Option<i32>, Vec<String>) {
    let text = String::from_utf8_lossy(&output.stderr);
    let is_told =
        |line: &&str| !line.starts_with(char::is_whitespace) && !line.starts_with("sslpoke: ");
    (output.status.code(), text.lines().filter(is_told).map(str::to_owned).collect())
}

/// What must be equal: exit code, stdout, first line of stderr. Java's frames come after that line.
fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let first = text(&output.stderr).lines().next().unwrap_or_default().to_owned();
    let first = if first.starts_with("sslpoke: ") { String::new() } else { first };
    (output.status.code(), text(&output.stdout), first)
}

fn ours(release: &str, arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["--java", release])
        .args(arguments)
        .output()
        .unwrap()
}

/// Makes the stores with real keytools: JKS and PKCS12 of 8, 17 and 25, and a copy of the machine's own `cacerts`.
fn make_stores(matrix: &Matrix, pki: &Pki) {
    let root = pki.path("root.pem");
    let import = |keytool: u16, store: &str, kind: &[&str]| {
        let store = pki.path(store);
        let mut arguments = vec!["-importcert", "-noprompt", "-alias", "corp-root", "-file", &root];
        arguments.extend(["-keystore", &store, "-storepass", "changeit"]);
        arguments.extend(kind);
        matrix.keytool(keytool, &arguments);
    };
    for keytool in [8, 17, 25] {
        import(keytool, &format!("keytool{keytool}.jks"), &["-storetype", "JKS"]);
        import(keytool, &format!("keytool{keytool}.p12"), &["-storetype", "PKCS12"]);
    }
    let cacerts = ["/etc/ssl/certs/java/cacerts", "/etc/pki/java/cacerts"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .unwrap();
    fs::copy(cacerts, pki.path("cacerts")).unwrap();
    import(17, "cacerts", &[]);
}

/// The servers that the situations need; they run until all is over.
struct Servers {
    tls: Vec<(&'static str, TlsServer)>,
    http: u16,
    ssh: u16,
}

impl Servers {
    fn start(pki: &Pki) -> Self {
        let tls = |leaf: &str, options: &[&str]| {
            let (certificate, key) =
                (pki.path(&format!("{leaf}.pem")), pki.path(&format!("{leaf}.key")));
            let mut all = vec!["-cert", &certificate, "-key", &key];
            let issuing = pki.path("issuing.pem");
            if !options.contains(&"alone") {
                all.extend(["-cert_chain", &issuing]);
            }
            all.extend(options.iter().filter(|option| **option != "alone"));
            TlsServer::start(&all)
        };
        let weak = ["-tls1", "-cipher", "ALL:@SECLEVEL=0"];
        let mut servers = vec![
            ("tls12", tls("good", &["-tls1_2"])),
            ("tls10", tls("good", &weak)),
            ("alone", tls("good", &["alone"])),
        ];
        for leaf in [
            "good",
            "rsa",
            "expired",
            "not-yet-valid",
            "wrong-name",
            "common-name-only",
            "client-only",
            "name-without-address",
        ] {
            servers.push((leaf, tls(leaf, &[])));
        }
        let http = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Self {
            tls: servers,
            http: plain_server(http, true),
            ssh: plain_server(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", false),
        }
    }

    fn port(&self, name: &str) -> u16 {
        self.tls.iter().find(|(held, _)| *held == name).unwrap().1.port
    }
}

fn situations(pki: &Pki, servers: &Servers, classes: &Path) -> Vec<Situation> {
    let mut all = Vec::new();
    let mut add = |name: &str, properties: &[(&str, &str)], target: &[&str]| {
        let arguments = sslpoke_arguments(classes, properties, target);
        all.push(Situation { name: name.to_owned(), arguments });
    };
    let store = |file: &str| pki.path(file);
    let jks = store("keytool8.jks");
    let trusting = [("trustStore", jks.as_str()), ("trustStorePassword", "changeit")];

    for file in ["keytool8.jks", "keytool17.jks", "keytool25.jks", "cacerts"] {
        let path = store(file);
        let good = servers.port("good").to_string();
        add(&format!("trusted by {file}"), &[("trustStore", &path)], &["localhost", &good]);
    }
    for file in ["keytool8.p12", "keytool17.p12", "keytool25.p12"] {
        let (path, good) = (store(file), servers.port("good").to_string());
        let target = ["localhost", good.as_str()];
        add(&format!("{file} without password"), &[("trustStore", &path)], &target);
        let password = [("trustStore", path.as_str()), ("trustStorePassword", "changeit")];
        add(&format!("{file} with password"), &password, &target);
        let wrong = [("trustStore", path.as_str()), ("trustStorePassword", "changeme")];
        add(&format!("{file} with a wrong password"), &wrong, &target);
    }
    for server in servers.tls.iter().map(|(name, _)| *name) {
        let port = servers.port(server).to_string();
        add(server, &trusting, &["localhost", &port]);
    }
    for server in ["good", "name-without-address", "common-name-only"] {
        let port = servers.port(server).to_string();
        add(&format!("{server} by address"), &trusting, &["127.0.0.1", &port]);
    }
    let good = servers.port("good").to_string();
    let target = ["localhost", good.as_str()];
    add("untrusted by the default store", &[], &target);
    add("wrong password", &[("trustStore", &jks), ("trustStorePassword", "changeme")], &target);
    add("PEM as store", &[("trustStore", &store("root.pem"))], &target);
    add("missing store", &[("trustStore", &store("no-such-store"))], &target);
    add("no store", &[("trustStore", "NONE")], &target);
    add("connection refused", &trusting, &["localhost", &closed_port().to_string()]);
    add("unknown host", &trusting, &["no-such-host.invalid", "443"]);
    add("plain HTTP", &trusting, &["localhost", &servers.http.to_string()]);
    add("SSH", &trusting, &["localhost", &servers.ssh.to_string()]);
    add("no arguments", &trusting, &[]);
    add("one argument", &trusting, &["localhost"]);
    add("three arguments", &trusting, &["localhost", "443", "x"]);
    add("port https", &trusting, &["localhost", "https"]);
    add("port 65536", &trusting, &["localhost", "65536"]);
    add("a URL as host", &trusting, &["https://localhost", &good]);
    all
}
