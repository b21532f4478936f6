//! `--fix`: adds the CA that is missing, if that is safe, and only if Java then connects.

use std::io::{self, BufRead, IsTerminal, Write};

use super::Visit;
use crate::certificates::{Shown, date, fingerprint, printable};
use crate::cli::{Begins, Format, RuntimeOptions, TrustAddArgs};
use crate::commands::trust;
use crate::diagnosis::{Candidate, Evidence, FoundIn, is_suspected, root_to_add};
use crate::report::{DoctorReport, Exit, Fix};
use crate::settings::TRUST_STORE_PASSWORD;

impl Visit<'_> {
    /// Repairs what can be repaired here, and tells the report.
    pub(super) fn fix(
        &self,
        evidence: &Evidence<'_>,
        report: &mut DoctorReport,
        out: &mut dyn Write,
    ) {
        if report.exit == Exit::Yes {
            return;
        }
        let fix = match root_to_add(evidence) {
            None => Fix::Nothing { why: nothing(report) },
            Some(root) => match self.check(&root, evidence) {
                Err(why) => Fix::Refused { why },
                Ok(store) => match self.ask(&root, &store, report, out) {
                    Ok(()) => self.add(&root, &store),
                    Err(why) => Fix::Refused { why },
                },
            },
        };
        match &fix {
            Fix::Changed { change, .. } if !change.dry_run => {
                report.exit = Exit::Yes;
                report.verdict = format!("repaired: {}", report.verdict);
            }
            Fix::Refused { .. } => report.exit = Exit::NotWritten,
            Fix::Changed { .. } | Fix::Nothing { .. } => {}
        }
        report.fix = Some(fix);
    }

    /// Says why a root is not added, or returns the store that it may go into.
    fn check(&self, root: &Candidate, evidence: &Evidence<'_>) -> Result<String, String> {
        let sha256 = fingerprint(&root.certificate);
        if !Shown::of(&root.certificate).is_some_and(|shown| shown.is_authority()) {
            return Err(format!(
                "the certificate is the server's own, and no CA's: it is never added here; `sslpoke trust add --pin` does that (SHA-256 {sha256})"
            ));
        }
        let named = self.args.sha256.as_deref().map(trust::parse_fingerprint).transpose();
        let is_named = match named {
            Ok(named) => named.as_deref() == Some(sha256.as_str()),
            Err(error) => return Err(error.to_string()),
        };
        if self.args.sha256.is_some() && !is_named {
            return Err(format!("the CA that is missing has another fingerprint: {sha256}"));
        }
        let is_inspected = is_suspected(evidence);
        if is_inspected && !(is_named && self.args.yes) {
            return Err(format!(
                "somebody on the way seems to open TLS; whoever holds that CA's key can read all that Java sends: \
                 if that is meant to be, --yes --sha256 {sha256}"
            ));
        }
        let who = match root.place {
            FoundIn::System | FoundIn::File(_) => None,
            FoundIn::Store(_) => Some("a store that this Java does not use"),
            FoundIn::Sent | FoundIn::Fetched(_) => Some("the server"),
        };
        if let Some(who) = who.filter(|_| !is_named) {
            return Err(format!(
                "nobody but {who} vouches for that CA: ask its owner for the fingerprint, and if it is this one: --sha256 {sha256}"
            ));
        }
        match &self.client.trust_store.found_at {
            Some(path) => Ok(path.display().to_string()),
            None => {
                Err("this Java has no truststore of its own that a CA could be added to".to_owned())
            }
        }
    }

    /// Asks on a terminal, unless the answer was given.
    fn ask(
        &self,
        root: &Candidate,
        store: &str,
        report: &DoctorReport,
        out: &mut dyn Write,
    ) -> Result<(), String> {
        if self.args.yes || self.args.writing.dry_run {
            return Ok(());
        }
        let stdin = io::stdin();
        if self.format != Format::Text || !stdin.is_terminal() {
            return Err("there is nobody to ask: --yes does it without".to_owned());
        }
        let mut answer = String::new();
        let asked =
            question(root, store, report, out).and_then(|()| stdin.lock().take_line(&mut answer));
        match asked {
            Ok(())
                if ["y", "yes", "j", "ja"]
                    .contains(&answer.trim().to_ascii_lowercase().as_str()) =>
            {
                Ok(())
            }
            Ok(()) => Err("the answer was not yes".to_owned()),
            Err(error) => Err(format!("there was no answer: {error}")),
        }
    }

    fn add(&self, root: &Candidate, store: &str) -> Fix {
        match trust::add(&self.add_args(root, store), self.surroundings) {
            Err(error) => Fix::Refused { why: error.to_string() },
            Ok(change) if change.is_disproven() => Fix::Refused {
                why: "with that CA in the store Java would still refuse the server".to_owned(),
            },
            Ok(change) => Fix::Changed { change: Box::new(change), restart: self.restart() },
        }
    }

    /// Says who has to be started anew.
    fn restart(&self) -> String {
        let named = self.started.and_then(|started| {
            let process = started.process.as_ref()?;
            let what = started.product.as_ref().map_or("the program", |held| held.kind.name());
            Some(format!("restart {what} (process {}): ", process.number))
        });
        let named = named.unwrap_or_else(|| "restart what runs on this Java: ".to_owned());
        format!("{named}a JVM keeps the truststore that it read at its first TLS connection")
    }

    /// The very command that the report shows.
    fn add_args(&self, root: &Candidate, store: &str) -> TrustAddArgs {
        let (args, target) = (self.args, self.target);
        let host = if target.host.contains(':') {
            format!("[{}]", target.host)
        } else {
            target.host.clone()
        };
        let server = format!("{host}:{}", target.port);
        let mut wire = args.wire.clone();
        if let Some(Begins::Plain(protocol)) = target.scheme {
            wire.starttls = Some(protocol);
        }
        let (files, from_os, from) = match &root.place {
            FoundIn::System => (Vec::new(), true, None),
            FoundIn::File(path) | FoundIn::Store(path) => (vec![path.into()], false, None),
            FoundIn::Sent | FoundIn::Fetched(_) => (Vec::new(), false, Some(server.clone())),
        };
        TrustAddArgs {
            files,
            to: store.into(),
            from,
            sha256: vec![fingerprint(&root.certificate)],
            from_os,
            targets: vec![server],
            alias: None,
            replace: false,
            pin: false,
            with_intermediates: false,
            even_if_useless: false,
            create: false,
            writing: args.writing.clone(),
            runtime: self.runtime(),
            wire,
            password: args.store.password.clone(),
        }
    }

    /// The runtime that was examined, and no other.
    fn runtime(&self) -> RuntimeOptions {
        let settings = &self.client.settings;
        let home = settings.runtime.home.as_ref();
        let release = settings.runtime.release.value.to_string();
        let is_named = self.args.runtime.java.is_some() || home.is_none();
        let mut properties = self.args.runtime.properties.clone();
        let password = settings.properties.value(TRUST_STORE_PASSWORD);
        properties.extend(password.map(|held| format!("{TRUST_STORE_PASSWORD}={held}")));
        RuntimeOptions {
            java: is_named.then_some(release),
            java_home: home.map(|home| settings.seen.absolute(home.value.path()).into()),
            properties,
        }
    }
}

/// Why nothing can be repaired here.
fn nothing(report: &DoctorReport) -> String {
    match report.findings.first().and_then(|finding| finding.remedy.as_deref()) {
        Some(remedy) => format!("no CA is missing in the truststore; what helps: {remedy}"),
        None => "no CA is missing in the truststore".to_owned(),
    }
}

fn question(
    root: &Candidate,
    store: &str,
    report: &DoctorReport,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = Shown::of(&root.certificate);
    let (subject, until) =
        shown.map(|shown| (shown.subject(), date(shown.validity().1))).unwrap_or_default();
    writeln!(out, "{}", report.verdict)?;
    if let Some(finding) = report.findings.first() {
        writeln!(out, "{}", printable(&finding.what))?;
    }
    writeln!(out, "\nTo be added to {store}, of which a copy is kept:")?;
    writeln!(out, "  {subject}")?;
    writeln!(out, "  SHA-256 {}", fingerprint(&root.certificate))?;
    writeln!(out, "  valid until {until}, found {}", root.place)?;
    write!(out, "\nWith it Java connects. Add it? [y/N] ")?;
    out.flush()
}

/// Reads one line, and no more than an answer can be long.
trait TakeLine {
    fn take_line(self, line: &mut String) -> io::Result<()>;
}

impl TakeLine for io::StdinLock<'_> {
    fn take_line(self, line: &mut String) -> io::Result<()> {
        use std::io::Read;

        self.take(LONGEST_ANSWER).read_line(line).map(|_| ())
    }
}

const LONGEST_ANSWER: u64 = 1024;
