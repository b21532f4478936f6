//! Where the certificates come from that are to be added.

use std::ffi::OsString;
use std::path::Path;

use pki_types::CertificateDer;

use super::fingerprint::parse as parse_fingerprint;
use super::server::Server;
use crate::certificates::{self, Shown, fingerprint};
use crate::cli::TrustAddArgs;
use crate::commands::trust::opening::TrustError;
use crate::commands::trust::releases::Release;
use crate::report::Exit;
use crate::settings::{Surroundings, Wiring};

/// What was handed over, and what is to be said about it.
#[derive(Debug, Default)]
pub(super) struct Input {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) notes: Vec<String>,
}

impl Input {
    /// Reads all that the arguments name; one file that is none of certificates spoils all.
    pub(super) fn gather(
        args: &TrustAddArgs,
        release: &Release,
        wiring: &Wiring<'_>,
        surroundings: &Surroundings,
    ) -> Result<Self, TrustError> {
        let mut input = Self::default();
        let server = args.from.as_deref().map(Server::parse).transpose()?;
        if let (Some(server), []) = (&server, args.sha256.as_slice()) {
            return Err(TrustError::Usage(format!(
                "--from wants --sha256 FINGERPRINT: what a server sends is believed for nothing else; \
                 `sslpoke poke {server} --format json` shows what it sends, and its owner can say \
                 which fingerprint is right"
            )));
        }
        if args.password.storepass_stdin && args.files.iter().any(|file| file == "-") {
            let text = "standard input holds either the password or a certificate, not both";
            return Err(TrustError::Usage(text.to_owned()));
        }
        for file in &args.files {
            input.load(file, surroundings)?;
        }
        if args.from_os {
            input.load_system()?;
        }
        if let Some(server) = &server {
            input.certificates.extend(server.fetch(release, wiring)?);
        }
        input.pick(&args.sha256, server.as_ref())?;
        Ok(input)
    }

    /// Takes the roots that the operating system trusts.
    fn load_system(&mut self) -> Result<(), TrustError> {
        let loaded = rustls_native_certs::load_native_certs();
        if loaded.certs.is_empty() {
            let errors: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
            let why =
                if errors.is_empty() { "there are none".to_owned() } else { errors.join("; ") };
            let text = format!("the certificates of the system could not be read: {why}");
            return Err(TrustError::Peer { text, exit: Exit::Unreadable });
        }
        self.notes.push(format!("the system trusts {} certificates", loaded.certs.len()));
        self.certificates.extend(loaded.certs);
        Ok(())
    }

    /// Leaves only the certificates with these fingerprints, and all of them.
    fn pick(&mut self, wanted: &[String], server: Option<&Server>) -> Result<(), TrustError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let wanted: Vec<String> =
            wanted.iter().map(|text| parse_fingerprint(text)).collect::<Result<_, _>>()?;
        let held: Vec<String> = self.certificates.iter().map(|held| fingerprint(held)).collect();
        let missing: Vec<&str> =
            wanted.iter().filter(|one| !held.contains(one)).map(String::as_str).collect();
        if !missing.is_empty() {
            let mut text = format!("no certificate here has the SHA-256 {}", missing.join(" or "));
            text.push_str(match held.len() {
                0 => "; there is none at all",
                _ => "; there are",
            });
            for (certificate, sha256) in self.certificates.iter().zip(&held).take(MOST_NAMED) {
                let subject =
                    Shown::of(certificate).map_or_else(|| "?".to_owned(), |one| one.subject());
                text.push_str(&format!("\n  {sha256}  {subject}"));
            }
            if let Some(server) = server {
                text.push_str(&self.not_sent(server));
            }
            return Err(TrustError::Refused(text));
        }
        let mut kept = held.iter().map(|sha256| wanted.contains(sha256));
        self.certificates.retain(|_| kept.next().unwrap_or(false));
        Ok(())
    }

    fn load(&mut self, file: &OsString, surroundings: &Surroundings) -> Result<(), TrustError> {
        let is_standard = file == "-";
        let path = if is_standard { file.into() } else { surroundings.absolute(Path::new(file)) };
        let loaded = certificates::load(&path);
        let path = if is_standard { "standard input".into() } else { path };
        let found = match loaded {
            Ok(found) => found,
            Err(error) => return Err(TrustError::Certificates { path, error }),
        };
        let others = found.others.iter();
        self.notes.extend(others.map(|other| format!("{}: {other} is left alone", path.display())));
        self.certificates.extend(found.certificates);
        Ok(())
    }
}

impl Input {
    /// Says where the root is to be had: servers rarely send it.
    fn not_sent(&self, server: &Server) -> String {
        let top = self.certificates.last().and_then(Shown::of).filter(|top| !top.is_self_issued());
        let Some(top) = top else { return String::new() };
        let issuer = top.issuer();
        let place = match top.issuer_url() {
            Some(url) => format!("; the certificate says that it is at {url}"),
            None => String::new(),
        };
        format!(
            "\n{server} did not send the certificate of {issuer}, as is usual for a root: ask its owner \
             for it{place}"
        )
    }
}

/// So many certificates are named where the wanted one is not among them.
const MOST_NAMED: usize = 20;
