//! Findings about the client's own certificate: who asked for it, what was shown, and what the server said to that.

use handshake_probe::{Cause, Failure, Observation, Session, alert_name};

use super::{Evidence, Finding, Severity};
use crate::certificates::name_of;
use crate::java::{Decision, Unfit};
use crate::settings::KEY_STORE;

/// More names of authorities nobody reads.
const MOST_AUTHORITIES: usize = 8;

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(observation) = evidence.observation else { return Vec::new() };
    let refused = match &observation.outcome {
        Ok(session) => of_session(session, observation, evidence),
        Err(failure) => of_failure(failure, observation, evidence),
    };
    match refused {
        Some(finding) => vec![finding],
        None => shown(observation, evidence).into_iter().collect(),
    }
}

/// Java is done before a TLS 1.3 server has looked at the client's certificate.
fn of_session(
    session: &Session,
    observation: &Observation,
    evidence: &Evidence<'_>,
) -> Option<Finding> {
    let why =
        "Java does not wait for it: SSLPoke says that it connected, and the next request fails";
    let Some(alert) = session.late_alert else {
        let was_left = observation.client_certificate_requested
            && !observation.client_certificate_sent
            && session.ended_by_peer;
        return was_left.then(|| {
            let what = format!(
                "the server asked for a client certificate, was shown none ({}), and closed the connection",
                none_shown(evidence)
            );
            explained(Finding::new("client-certificate-required", Severity::Warning, what), observation, evidence)
        });
    };
    let finding = if observation.client_certificate_sent {
        let what = format!(
            "after the handshake the server refused the client certificate {} with the alert {alert}",
            alias(evidence)
        );
        Finding::new("client-certificate-refused", Severity::Error, what)
    } else {
        let what = format!(
            "the server demands a client certificate, was shown none ({}), and sent the alert {alert} after the handshake",
            none_shown(evidence)
        );
        Finding::new("client-certificate-required", Severity::Error, what)
    };
    Some(explained(finding.because(why), observation, evidence))
}

fn of_failure(
    failure: &Failure,
    observation: &Observation,
    evidence: &Evidence<'_>,
) -> Option<Finding> {
    if let Cause::IdentityRefused = failure.cause {
        return evidence.identity.and_then(unanswerable);
    }
    let ended = match &failure.cause {
        Cause::AlertReceived { description, .. } => {
            format!("refused the handshake with the alert {}", alert_name(*description)?)
        }
        Cause::Closed | Cause::Io { .. } => "ended the connection".to_owned(),
        Cause::UnknownHost
        | Cause::AddressFamily
        | Cause::TimedOut
        | Cause::NotTls
        | Cause::Ssl2
        | Cause::Tunnel(_)
        | Cause::StartTls(_)
        | Cause::Refused
        | Cause::KeyAgreementRefused
        | Cause::IdentityRefused
        | Cause::Misbehaved(_)
        | Cause::NothingToOffer
        | Cause::Undetermined(_) => return None,
    };
    if !observation.client_certificate_requested {
        return None;
    }
    let finding = if observation.client_certificate_sent {
        let what =
            format!("the server was shown the client certificate {} and {ended}", alias(evidence));
        Finding::new("client-certificate-refused", Severity::Error, what)
    } else {
        let what = format!(
            "the server demands a client certificate, was shown none ({}), and {ended}",
            none_shown(evidence)
        );
        Finding::new("client-certificate-required", Severity::Error, what)
    };
    Some(explained(finding, observation, evidence))
}

/// Java has no answer to what the server asked.
fn unanswerable(decision: &Decision) -> Option<Finding> {
    let what = match decision {
        Decision::NoScheme => "the server takes client certificates only with signature schemes that this Java has disabled or does not know".to_owned(),
        Decision::CannotSign { alias, algorithm } => format!("Java chooses the entry {alias:?} for the client certificate before it knows that its {algorithm} key cannot sign with any scheme that the server takes"),
        Decision::NoMeans(alias) => format!("there are no means here to sign with the key of the entry {alias:?}"),
        Decision::Shown(_) | Decision::NothingFits(_) => return None,
    };
    let finding = Finding::new("client-certificate-unsigned", Severity::Error, what);
    let cannot_sign = matches!(decision, Decision::CannotSign { .. });
    let remedy = "a key store with a key of the kind that the server takes, and no other";
    Some(if cannot_sign { finding.repaired_by(remedy) } else { finding })
}

fn shown(observation: &Observation, evidence: &Evidence<'_>) -> Option<Finding> {
    if !observation.client_certificate_requested {
        return None;
    }
    let what = match evidence.identity {
        Some(Decision::Shown(alias)) => {
            format!("the server asked for a client certificate and was shown the entry {alias:?}")
        }
        _ => format!(
            "the server asked for a client certificate and was shown none ({})",
            none_shown(evidence)
        ),
    };
    let finding = Finding::new("client-certificate-asked", Severity::Note, what);
    Some(finding.because(accepted(observation)))
}

fn explained(finding: Finding, observation: &Observation, evidence: &Evidence<'_>) -> Finding {
    let why = [finding.why.clone(), Some(accepted(observation))];
    let finding = finding.because(why.into_iter().flatten().collect::<Vec<_>>().join("\n"));
    match evidence.identity {
        Some(Decision::NothingFits(_)) => finding
            .repaired_by("put a key with a certificate of one of these authorities, and its whole chain, into the key store"),
        Some(_) => finding,
        None => finding.repaired_by(format!("-D{KEY_STORE}=FILE and -Djavax.net.ssl.keyStorePassword=PASSWORD")),
    }
}

fn alias(evidence: &Evidence<'_>) -> String {
    match evidence.identity {
        Some(Decision::Shown(alias)) => format!("{alias:?}"),
        _ => String::new(),
    }
}

/// Says why no certificate was shown.
fn none_shown(evidence: &Evidence<'_>) -> String {
    match evidence.identity {
        Some(Decision::NothingFits(keys)) if keys.is_empty() => {
            "the key store holds no private key".to_owned()
        }
        Some(Decision::NothingFits(keys)) => {
            let keys = keys.iter().map(|(alias, unfit)| format!("{alias:?}: {}", reason(*unfit)));
            keys.collect::<Vec<_>>().join("; ")
        }
        _ if evidence.has_client_keys => "nothing was chosen".to_owned(),
        _ => "Java was told no key store".to_owned(),
    }
}

fn reason(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::KeyType => "the server takes no such key",
        Unfit::Issuer => "not issued by an authority that the server names",
        Unfit::Signature => "signed with what the server does not take",
        Unfit::Sealed => "its key has another password than the store",
    }
}

fn accepted(observation: &Observation) -> String {
    let names = &observation.client_authorities;
    if names.is_empty() {
        return "it names no authority: it may take certificates of any".to_owned();
    }
    let shown: Vec<String> =
        names.iter().take(MOST_AUTHORITIES).map(|name| name_of(name)).collect();
    let more = names.len().saturating_sub(shown.len());
    let rest = if more > 0 { format!("; and of {more} more") } else { String::new() };
    format!("it takes certificates of: {}{rest}", shown.join("; "))
}
