//! Findings about the certificates that a server sent and Java refuses.

use java_pkix::{EndpointIdentification, Parameters, Verdict, validate};

use super::candidates::Candidate;
use super::near_miss::{Missed, of_chain};
use super::store::{store_name, store_to_change};
use super::{Evidence, Finding, Severity};
use crate::certificates::printable;
use crate::cli::host_port;
use crate::java::OpenedStore;

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    // what is missing in a store that nobody meant is missing in no store
    if evidence.looks.near.as_ref().is_some_and(|near| near.accepts) {
        return Vec::new();
    }
    let store = store_name(evidence);
    let file = store_to_change(evidence);
    let server = server(evidence);
    let missed = missed(evidence, &store, file.as_deref(), &server);
    missed.as_ref().map_or_else(|| unchecked_name(evidence).into_iter().collect(), of_chain)
}

/// Java would refuse the name if the check had not been turned off.
fn unchecked_name(evidence: &Evidence<'_>) -> Option<Finding> {
    let (Some(Verdict::Trusted(_)), Some(parameters), Some(observation), Some(opened)) =
        (evidence.verdict, &evidence.parameters, evidence.observation, evidence.opened)
    else {
        return None;
    };
    if parameters.endpoint_identification != EndpointIdentification::None {
        return None;
    }
    let checked =
        Parameters { endpoint_identification: EndpointIdentification::Https, ..*parameters };
    let verdict = validate(&observation.chain, &opened.anchors, &checked);
    let Verdict::Rejected(rejection) = verdict else { return None };
    let message = rejection.exception.message.unwrap_or_default();
    let what = format!("the name was not checked; who checks it says: {}", printable(&message));
    let finding = Finding::new("host-name-unchecked", Severity::Warning, what).because(
        "the first SSLPoke checked no names, as --hostname-check none does; Java's HTTPS and LDAPS check them",
    );
    Some(finding.repaired_by("use a name that the certificate has, or have it issued for this one"))
}

/// Returns the root that alone is missing in the truststore, if that is what keeps Java from the server.
pub(crate) fn root_to_add(evidence: &Evidence<'_>) -> Option<Candidate> {
    let server = server(evidence);
    let missed = missed(evidence, "", None, &server)?;
    missed.root_to_add()
}

fn missed<'a>(
    evidence: &'a Evidence<'_>,
    store: &'a str,
    store_file: Option<&'a str>,
    server: &'a str,
) -> Option<Missed<'a>> {
    let (Some(Verdict::Rejected(rejection)), Some(observation)) =
        (evidence.verdict, evidence.observation)
    else {
        return None;
    };
    let OpenedStore { anchors, .. } = evidence.opened.filter(|held| !held.anchors.is_empty())?;
    Some(Missed {
        chain: &observation.chain,
        anchors,
        parameters: evidence.parameters.as_ref()?,
        rejection,
        store,
        store_file,
        candidates: evidence.candidates,
        server: Some(server),
    })
}

/// Returns `HOST:PORT` as `trust add --for` takes it.
fn server(evidence: &Evidence<'_>) -> String {
    host_port(evidence.host, evidence.port)
}
