//! `judge --chain`: the verdict on certificates in a file, for a host and a truststore.

use std::path::Path;

use java_pkix::{
    AuthType, EndpointIdentification, Parameters, Protocol, Rules, Trusted, Verdict, validate,
};
use pki_types::CertificateDer;

use crate::certificates::{self, CertificatesError, Shown, fingerprint, time};
use crate::cli::JudgeArgs;
use crate::java::{DefaultZone, OpenedStore, of_trust_store, open_trust_store};
use crate::report::{
    ChainEntry, ExceptionLine, Exit, JudgeReport, Outcome, Report, RuntimeUsed, SCHEMA,
};
use crate::settings::{Settings, SettingsError, StoreFile, Surroundings};

/// Why no verdict could be given.
#[derive(Debug, thiserror::Error)]
enum JudgeError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("--host NAME is wanted: Java checks a certificate against the host it connects to")]
    NoHost,
    #[error("{path}: {error}")]
    Chain { path: String, error: CertificatesError },
    #[error("{path}: the truststore cannot be read; Java would say {exception}")]
    Store { path: String, exception: String },
}

impl JudgeError {
    fn exit(&self) -> Exit {
        match self {
            Self::Settings(SettingsError::Unreadable { .. })
            | Self::Chain { .. }
            | Self::Store { .. } => Exit::Unreadable,
            Self::Settings(_) | Self::NoHost => Exit::Usage,
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
    let host = args.host.as_deref().ok_or(JudgeError::NoHost)?;
    let now = surroundings.now_or_at(args.at.as_deref())?;
    let rules = settings.rules();
    let chain = chain(args, surroundings)?;
    let (opened, store) = open(args, settings, &rules, surroundings)?;
    let zone = DefaultZone::new(settings, &rules, surroundings);
    let parameters = Parameters {
        rules: &rules,
        host,
        endpoint_identification: EndpointIdentification::Https,
        protocol: Protocol::Tls13,
        auth_type: AuthType::Unknown,
        now,
        zone: &zone,
    };
    let verdict = validate(&chain, &opened.anchors, &parameters);
    let (result, exception, reason) = match &verdict {
        Verdict::Trusted(_) => (Outcome::Connected, Vec::new(), None),
        Verdict::Rejected(rejection) if rejection.trace.is_exhausted => {
            (Outcome::Undetermined, Vec::new(), Some(rejection.reason.code()))
        }
        Verdict::Rejected(rejection) => {
            let lines = rejection.exception.chain().map(|held| ExceptionLine {
                class: held.class.to_string(),
                message: held.message.clone(),
            });
            (Outcome::Refused, lines.collect(), Some(rejection.reason.code()))
        }
    };
    let runtime = &settings.runtime;
    Ok(JudgeReport {
        schema: SCHEMA,
        verb: "judge",
        host: host.to_owned(),
        runtime: RuntimeUsed {
            release: runtime.release.value.to_string(),
            java_home: runtime.home.as_ref().map(|home| home.value.path().display().to_string()),
            source: runtime.release.source.to_string(),
        },
        truststore: store,
        verdict: if result == Outcome::Connected { "accept" } else { "reject" },
        result,
        exception,
        reason,
        path: if let Verdict::Trusted(trusted) = &verdict {
            path(&chain, trusted)
        } else {
            Vec::new()
        },
        chain: chain.iter().enumerate().map(|(n, held)| entry(n, held, &opened)).collect(),
    })
}

fn chain(
    args: &JudgeArgs,
    surroundings: &Surroundings,
) -> Result<Vec<CertificateDer<'static>>, JudgeError> {
    let file = args.chain.clone().unwrap_or_default();
    let path = if file == "-" { file.into() } else { surroundings.absolute(Path::new(&file)) };
    certificates::load(&path)
        .map(|found| found.certificates)
        .map_err(|error| JudgeError::Chain { path: path.display().to_string(), error })
}

/// Opens the truststore as Java would, and names it.
fn open(
    args: &JudgeArgs,
    settings: &Settings,
    rules: &Rules,
    surroundings: &Surroundings,
) -> Result<(OpenedStore, Option<String>), JudgeError> {
    let choice = settings.trust_store(&args.store, surroundings)?;
    let path = match &choice.store.value {
        StoreFile::File(path) => Some(path.display().to_string()),
        StoreFile::Empty | StoreFile::Absent | StoreFile::Mozilla => None,
    };
    match open_trust_store(&choice, settings, rules, surroundings) {
        Ok(opened) => Ok((opened, path)),
        Err(failure) => Err(JudgeError::Store {
            path: path.unwrap_or_default(),
            exception: of_trust_store(&failure, rules).to_string(),
        }),
    }
}

/// Names the certificates that Java's path leads through, end entity first, the anchor last.
fn path(chain: &[CertificateDer<'_>], trusted: &Trusted) -> Vec<String> {
    let sent = trusted.path.iter().filter_map(|index| chain.get(*index));
    let anchor = &trusted.anchor.certificate;
    sent.chain([anchor])
        .map(|held| Shown::of(held).map_or_else(|| fingerprint(held), |shown| shown.subject()))
        .collect()
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
