//! `judge --chain`: the verdict on certificates in a file, for a host and a truststore.

use std::path::Path;

use java_pkix::{Rejection, Verdict};
use pki_types::CertificateDer;

use super::case::{Case, Judged};
use super::told::Unopened;
use super::{differences, told};
use crate::certificates::{self, CertificatesError, Found, Shown, fingerprint, time};
use crate::cli::JudgeArgs;
use crate::commands::client::store_path;
use crate::commands::poke_report::runtime_used;
use crate::commands::tree::{Drawn, tree};
use crate::diagnosis::{Candidates, Finding};
use crate::java::{DefaultZone, OpenedStore, StoreTrouble, open_trust_store};
use crate::report::{ChainEntry, Exit, JudgeReport, Report, SCHEMA};
use crate::settings::{Settings, SettingsError, Surroundings, store_password};

/// Why no verdict could be given.
#[derive(Debug, thiserror::Error)]
enum JudgeError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("--host NAME is wanted: Java checks a certificate against the host it connects to")]
    NoHost,
    #[error("--tls {0}: 1.2 or 1.3 is wanted")]
    Protocol(String),
    #[error("{path}: {error}")]
    Chain { path: String, error: CertificatesError },
    #[error(
        "{path}: there is no truststore that can be read; name one with --truststore, or none for Java's own"
    )]
    NoStore { path: String },
    #[error("{path}: the truststore cannot be read; Java would say {exception}")]
    Store { path: String, exception: String },
}

impl JudgeError {
    fn exit(&self) -> Exit {
        match self {
            Self::Settings(SettingsError::Unreadable { .. })
            | Self::Chain { .. }
            | Self::NoStore { .. }
            | Self::Store { .. } => Exit::Unreadable,
            Self::Settings(_) | Self::NoHost | Self::Protocol(_) => Exit::Usage,
        }
    }
}

/// Judges the chain of `--chain`.
pub(super) fn run(args: &JudgeArgs, settings: &Settings, surroundings: &Surroundings) -> Report {
    match judge(args, settings, surroundings) {
        Ok(judged) => Report::Judged(judged),
        Err(error) => Report::unasked(&error, error.exit()),
    }
}

fn judge(
    args: &JudgeArgs,
    settings: &Settings,
    surroundings: &Surroundings,
) -> Result<JudgeReport, JudgeError> {
    let host = args.host.as_deref().filter(|host| !host.is_empty()).ok_or(JudgeError::NoHost)?;
    let now = surroundings.now_or_at(args.at.as_deref())?;
    let protocols = told::protocols(args.tls.as_deref()).map_err(JudgeError::Protocol)?;
    let found = chain(args, surroundings)?;
    let notes: Vec<Finding> = found.others.iter().map(told::other).collect();
    let chain = found.certificates;
    let candidates = Candidates::of_system();
    let password = store_password(&args.store.password, surroundings)?;
    let (mut judged, mut unopened, mut store) = (Vec::new(), Vec::new(), None);
    for settings in releases(args, settings)? {
        let rules = settings.rules();
        let choice = settings.trust_store(&args.store, password.clone(), surroundings);
        let opened = match open_trust_store(&choice, &settings, &rules) {
            Ok(opened) => opened,
            Err(failure) => {
                unopened.push(Unopened { failure, rules, path: store_path(&choice) });
                continue;
            }
        };
        let path = store_path(&choice);
        let case = Case {
            chain: &chain,
            anchors: &opened.anchors,
            host,
            now,
            zone: &DefaultZone::new(&settings, &rules),
            candidates: &candidates,
            properties: &settings.properties,
        };
        judged.extend(case.judge(&rules, &protocols, path.as_deref()));
        store.get_or_insert((opened, path));
    }
    let Some((opened, path)) = store else {
        return Err(unopened.first().map_or(JudgeError::NoHost, Unopened::error));
    };
    let case = Case {
        chain: &chain,
        anchors: &opened.anchors,
        host,
        now,
        zone: &DefaultZone::new(settings, &settings.rules()),
        candidates: &candidates,
        properties: &settings.properties,
    };
    let differences = differences::explain(&case, &judged);
    Ok(JudgeReport {
        schema: SCHEMA,
        verb: "judge",
        host: host.to_owned(),
        at: time(now.div_euclid(1000)),
        runtime: runtime_used(settings),
        truststore: path,
        anchors: opened.anchors.len(),
        chain: chain.iter().enumerate().map(|(n, held)| entry(n, held, &opened)).collect(),
        findings: told::findings(&judged, &unopened, &notes),
        differences,
        tree: tree(&Drawn { chain: &chain, anchors: &opened.anchors, rejected: rejected(&judged) }),
        verdicts: told::verdicts(judged, &unopened, &protocols),
    })
}

/// Returns the first rejection.
fn rejected(judged: &[Judged]) -> Option<&Rejection> {
    judged.iter().find_map(|held| match &held.verdict {
        Verdict::Rejected(rejection) => Some(rejection),
        Verdict::Trusted(_) => None,
    })
}

/// Returns the releases to judge under: the one that was named or found, or with `--java all` every recorded one.
fn releases(args: &JudgeArgs, settings: &Settings) -> Result<Vec<Settings>, SettingsError> {
    if args.runtime.names_all() {
        settings.under_each_release()
    } else {
        Ok(vec![settings.clone()])
    }
}

impl Unopened {
    /// Says what keeps from a verdict, where no release can open the truststore.
    fn error(&self) -> JudgeError {
        let path = self.path.clone().unwrap_or_default();
        if matches!(self.failure.trouble, StoreTrouble::Io(_)) {
            return JudgeError::NoStore { path };
        }
        JudgeError::Store { path, exception: self.exception().to_string() }
    }
}

fn chain(args: &JudgeArgs, surroundings: &Surroundings) -> Result<Found, JudgeError> {
    let file = args.chain.clone().unwrap_or_default();
    let path = if file == "-" { file.into() } else { surroundings.absolute(Path::new(&file)) };
    certificates::load(&path)
        .map_err(|error| JudgeError::Chain { path: path.display().to_string(), error })
}

fn entry(number: usize, certificate: &CertificateDer<'_>, opened: &OpenedStore) -> ChainEntry {
    let shown = Shown::of(certificate);
    let (from, until) = shown.as_ref().map_or((0, 0), Shown::validity);
    let is_self_issued = shown.as_ref().is_some_and(Shown::is_self_issued);
    ChainEntry {
        subject: shown.as_ref().map(Shown::subject).unwrap_or_default(),
        issuer: shown.as_ref().map(Shown::issuer).unwrap_or_default(),
        not_before: time(from),
        not_after: time(until),
        sha256: fingerprint(certificate),
        role: match number {
            0 => "leaf",
            _ if is_self_issued => "root",
            _ => "intermediate",
        },
        in_truststore: opened.anchors.iter().any(|held| held.certificate == *certificate),
    }
}
