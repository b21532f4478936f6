//! The sessions in `docs/sessions`: what an administrator types and what the terminal shows, played again.
//!
//! `docs/sessions/record` writes them anew. Ports, folders and fingerprints differ from run to run and are given the same
//! names each time; all else has to be what the files say.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ring::digest::{SHA256, digest};

use crate::stage::{GOOD, Server, Stage, sslpoke};

/// A machine with nothing on it but what a session needs. Paths of a session begin at its root.
struct Machine {
    folder: tempfile::TempDir,
    /// What stands for a port in the file.
    port: Option<(String, &'static str)>,
}

/// The port of GitLab's server.
const PORT: &str = "8443";

impl Machine {
    fn new() -> Self {
        // lines are broken by the length of paths, whatever TMPDIR says
        let machine = Self { folder: tempfile::tempdir_in("/tmp").unwrap(), port: None };
        fs::create_dir(machine.path("bin")).unwrap();
        symlink(env!("CARGO_BIN_EXE_sslpoke"), machine.path("bin/sslpoke")).unwrap();
        for program in ["sh", "sed", "cat"] {
            symlink(Path::new("/bin").join(program), machine.path("bin").join(program)).unwrap();
        }
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name.trim_start_matches('/'))
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    fn copy(&self, from: &str, name: &str) {
        self.write(name, fs::read(from).unwrap());
    }

    fn serves(&mut self, port: String) {
        self.port = Some((port, PORT));
    }

    /// Types lines into a terminal of 80 columns, and returns what it shows.
    fn session(&self, lines: &[&str]) -> String {
        let mut shown = String::new();
        for line in lines {
            let told = self.typed(line);
            shown.push_str(&format!("$ {line}\n{}", self.named(&told)));
        }
        shown
    }

    fn typed(&self, line: &str) -> String {
        let root = self.folder.path().to_str().unwrap();
        let mut line = line.replace(" /", &format!(" {root}/")).replace("|/", &format!("|{root}/"));
        if let Some((port, name)) = &self.port {
            line = line.replace(name, port);
        }
        let output = Command::new("/usr/bin/script")
            .args(["-qec", &line, "/dev/null"])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("SHELL", "/bin/sh")
            .env("NO_COLOR", "1")
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n").replace("^D\u{8}\u{8}", "")
    }

    /// Gives names to what differs from run to run.
    fn named(&self, told: &str) -> String {
        let mut named = told.replace(self.folder.path().to_str().unwrap(), "");
        if let Some((port, name)) = &self.port {
            named = named.replace(port, name);
        }
        with_times_named(&with_fingerprints_named(&named))
    }
}

/// Gives each fingerprint that of its number.
fn with_fingerprints_named(text: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
    let (mut named, mut seen) = (text.to_owned(), Vec::new());
    for word in text.split(|c| !is_digit(c)).filter(|word| word.len() == 64) {
        if !seen.contains(&word) {
            seen.push(word);
            let number = seen.len().to_string();
            let digest = digest(&SHA256, number.as_bytes());
            let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
            named = named.replace(word, &hex);
        }
    }
    named
}

/// Gives backups the same time.
fn with_times_named(text: &str) -> String {
    let mut parts = text.split(".bak-");
    let mut named = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(part.len());
        named.push_str(".bak-20260601T080000Z");
        named.push_str(part.split_at(end).1);
    }
    named
}

/// Holds a session to its file, or writes the file.
fn holds(name: &str, title: &str, shown: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sessions");
    let text = format!("# {title}\n\n```console\n{shown}```\n");
    let file = folder.join(format!("{name}.md"));
    if std::env::var_os("SSLPOKE_RECORD").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let held = fs::read_to_string(&file).unwrap_or_default();
    assert!(held == text, "{} should be (docs/sessions/record):\n{text}", file.display());
}

#[test]
fn the_root_is_added_and_proven() {
    let (stage, mut machine) = (Stage::named("Example Corp"), Machine::new());
    machine.serves(stage.serve(GOOD));
    machine.copy(&Stage::named("Public").store(), "cacerts");
    machine.copy(&stage.path("root.pem"), "root.pem");
    let shown = machine.session(&[
        "sslpoke poke --java 17.0.15 --truststore cacerts localhost 8443",
        "sslpoke trust add root.pem --to cacerts --for localhost:8443",
        "sslpoke poke --java 17.0.15 --truststore cacerts localhost 8443",
    ]);
    assert!(shown.ends_with("Successfully connected\n"), "{shown}");
    holds("add-and-prove", "The organisation's root is not in the truststore", &shown);
}

#[test]
fn the_missing_intermediate_is_named() {
    let (stage, mut machine) = (Stage::named("Example Corp"), Machine::new());
    machine.serves(stage.serve(Server { sends_issuing: false, ..GOOD }));
    machine.copy(&stage.store(), "cacerts");
    let shown = machine
        .session(&["sslpoke doctor --java 17.0.15 --truststore cacerts https://localhost:8443"]);
    assert!(shown.contains("Example Corp Issuing CA"), "{shown}");
    holds("missing-intermediate", "The server does not send its intermediate", &shown);
}

#[test]
fn the_mistyped_store_is_found_in_setenv() {
    let (stage, mut machine) = (Stage::named("Example Corp"), Machine::new());
    machine.serves(stage.serve(GOOD));
    let home = "/var/atlassian/application-data/jira";
    machine.copy(&stage.store(), &format!("{home}/cacerts"));
    let jira = "/opt/atlassian/jira";
    let root = machine.folder.path().to_str().unwrap();
    machine.write(
        &format!("{jira}/bin/setenv.sh"),
        format!("JVM_SUPPORT_RECOMMENDED_ARGS=\"-Djavax.net.ssl.trustStore={root}{home}/cacrets\"\nJAVA_OPTS=\"$JVM_SUPPORT_RECOMMENDED_ARGS\"\nexport JAVA_OPTS\n"),
    );
    machine.write(&format!("{jira}/atlassian-jira/WEB-INF/web.xml"), "");
    machine.write(&format!("{jira}/jre/release"), "JAVA_VERSION=\"17.0.15\"\n");
    machine.write(&format!("{jira}/jre/conf/security/java.security"), "");
    machine.write(&format!("{jira}/jre/bin/java"), "");
    let cacerts = format!("{jira}/jre/lib/security/cacerts");
    machine.copy(&Stage::named("Public").store(), &cacerts);
    let shown = machine.session(&[
        "sslpoke doctor --jira /opt/atlassian/jira https://localhost:8443",
        "sed -i '1s|/var/atlassian/application-data/jira/cacrets|/var/atlassian/application-data/jira/cacerts|' /opt/atlassian/jira/bin/setenv.sh",
        "sslpoke doctor --jira /opt/atlassian/jira https://localhost:8443",
    ]);
    // what is typed is what was told
    assert_eq!(shown.matches("sed -i '1s|/var/").count(), 2, "{shown}");
    holds("mistyped-truststore", "A slip in setenv.sh", &shown);
}

#[test]
fn an_upgrade_took_the_root_away() {
    let (own, vendor, machine) =
        (Stage::named("Example Corp"), Stage::named("Public"), Machine::new());
    let (store, root) = (vendor.path("vendor"), vendor.path("root.pem"));
    let alias = ["--alias", "public root [jdk]", "--create"];
    let made = sslpoke(&[&["trust", "add", &root, "--to", &store], &alias[..]].concat());
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    machine.copy(&store, "/opt/jira-10/jre/lib/security/cacerts");
    machine.copy(&store, "/opt/jira-11/jre/lib/security/cacerts");
    let old = machine.path("/opt/jira-10/jre/lib/security/cacerts");
    let alias = ["--alias", "example-corp", "--no-backup"];
    let old = old.to_str().unwrap();
    let made =
        sslpoke(&[&["trust", "add", &own.path("root.pem"), "--to", old], &alias[..]].concat());
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let stores =
        "--old /opt/jira-10/jre/lib/security/cacerts --new /opt/jira-11/jre/lib/security/cacerts";
    let (check, migrate) =
        (format!("sslpoke upgrade check {stores}"), format!("sslpoke upgrade migrate {stores}"));
    let shown = machine.session(&[&check, &migrate, &check]);
    holds("upgrade", "An upgrade of Java took the organisation's root away", &shown);
}

#[test]
fn an_upgrade_is_tried_on_an_endpoint_before_it_is_made() {
    let (own, vendor, mut machine) =
        (Stage::named("Example Corp"), Stage::named("Public"), Machine::new());
    machine.serves(own.serve(GOOD));
    for (jira, release, store) in [("jira-10", "17.0.15", &own), ("jira-11", "21.0.13", &vendor)] {
        let home = format!("/opt/{jira}/jre");
        machine.write(&format!("{home}/release"), format!("JAVA_VERSION=\"{release}\"\n"));
        machine.write(&format!("{home}/conf/security/java.security"), "");
        machine.copy(&store.store(), &format!("{home}/lib/security/cacerts"));
    }
    let check = "sslpoke upgrade check --from /opt/jira-10/jre --to /opt/jira-11/jre https://localhost:8443";
    let migrate = "sslpoke upgrade migrate --include-ambiguous --old /opt/jira-10/jre/lib/security/cacerts --new /opt/jira-11/jre/lib/security/cacerts";
    let shown = machine.session(&[check, migrate, check]);
    assert!(shown.contains("\u{2713} the endpoint works after"), "{shown}");
    holds("before-an-upgrade", "What an upgrade of Java will break", &shown);
}

/// What Jira wrote.
const LOG: &str = "\
2026-06-01 08:12:01,299+0000 Caesium-1-2 WARN ServiceRunner [c.a.j.p.dvcs.Client] Could not reach https://gitlab.example.com/api/v4/projects
javax.net.ssl.SSLHandshakeException: (certificate_unknown) PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target
\tat java.base/sun.security.ssl.Alert.createSSLException(Alert.java:130)
Caused by: sun.security.validator.ValidatorException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target
\t... 17 more
2026-06-01 08:13:00,000+0000 http-nio-8080-exec-3 INFO admin 1x2x1 abc 10.0.0.1 /secure/x [c.a.j.x.Y] nothing of note
2026-06-02 10:00:00,000+0000 Caesium-1-1 WARN ServiceRunner [c.a.j.p.dvcs.Client] Failed to execute request [https://gitlab.example.com/api/v4/projects/7/merge_requests?page=1 GET https://gitlab.example.com/api/v4/projects/7/merge_requests?page=1 returned a response status of 403 Forbidden] errors:
{\"message\":\"403 Forbidden\"}
2026-06-02 12:00:00,000+0000 Caesium-1-1 WARN ServiceRunner [c.a.j.p.dvcs.Client] Token is expired. You can either do re-authorization or token refresh.
";

#[test]
fn a_log_is_explained() {
    let machine = Machine::new();
    machine.write("/var/atlassian/application-data/jira/log/atlassian-jira.log", LOG);
    let shown = machine.session(&[
        "sslpoke explain /var/atlassian/application-data/jira/log/atlassian-jira.log --jira-version 9.4.6",
    ]);
    holds("explain", "What the log says", &shown);
}
