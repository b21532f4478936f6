//! One handshake as a Java runtime would make it: what it asks for, and how it ends.

use std::time::Duration;

use handshake_probe::{
    Cause, KeyAgreement, Observation, Offer, ProbeRequest, Stage, StartTls, Timeouts,
};
use java_pkix::{EndpointIdentification, JavaException, Rules, Verdict};

use crate::cli::{Begins, Target, WireOptions};
use crate::java::{Attempt, of_failure};
use crate::report::Outcome;
use crate::settings::{Settings, SettingsError, Way, families, offer_to, resolved};

/// How long an alert is awaited after a TLS 1.3 handshake.
const LATE_ALERT: Duration = Duration::from_secs(1);

/// Where a handshake leads, and how it begins.
pub(super) struct Endpoint<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) starttls: Option<StartTls>,
}

/// Returns the plaintext dialogue with which a target begins: its scheme's, or where it has none that of `--starttls`.
pub(super) fn starttls(target: &Target, wire: &WireOptions) -> Option<StartTls> {
    match target.scheme {
        Some(Begins::Plain(protocol)) => Some(protocol),
        Some(Begins::WithTls | Begins::WithTlsForHttp) => None,
        None => wire.starttls,
    }
}

/// Returns what a runtime that was so told, and that offers this to anybody, would try on this way.
pub(super) fn request(
    endpoint: &Endpoint<'_>,
    way: &Way,
    poke: Vec<u8>,
    settings: &Settings,
    offer: Offer,
    wire: &WireOptions,
) -> Result<ProbeRequest, SettingsError> {
    let (host, port) = (endpoint.host, endpoint.port);
    let mut offer = offer_to(host, offer, &settings.properties);
    match wire.sni.as_deref() {
        Some("none") => offer.server_name = None,
        Some(name) => offer.server_name = Some(name.to_owned()),
        None => {}
    }
    Ok(ProbeRequest {
        host: host.to_owned(),
        port,
        resolved: resolved(wire, host, port)?,
        families: families(wire, settings),
        route: way.route.clone(),
        starttls: endpoint.starttls,
        offer,
        identity: None,
        poke,
        timeouts: Timeouts {
            total: (wire.timeout > 0).then(|| Duration::from_secs(wire.timeout)),
            late_alert: LATE_ALERT,
        },
    })
}

/// What Java would say of what was seen.
pub(super) fn outcome(
    observation: &Observation,
    verdict: Option<&Verdict>,
    host: &str,
    offer: &Offer,
    rules: &Rules,
) -> (Outcome, Option<JavaException>) {
    let Err(failure) = &observation.outcome else {
        return (Outcome::Connected, None);
    };
    if let (Cause::Refused, Some(Verdict::Rejected(rejection))) = (&failure.cause, verdict) {
        return (Outcome::Refused, Some(rejection.exception.clone()));
    }
    let attempt = Attempt {
        host,
        versions: &offer.versions,
        cipher_suite: observation.server_hello.as_ref().map(|hello| hello.cipher_suite),
        prime_bits: observation.key_agreement.and_then(prime_bits),
        rules,
    };
    let exception = of_failure(failure, &attempt);
    let outcome = match (&failure.cause, &exception) {
        (Cause::TimedOut, _) => Outcome::Unreachable,
        // what Java throws depends on the library that holds the dialogue
        _ if failure.stage == Stage::StartTls => return (Outcome::Refused, None),
        (_, None) => Outcome::Undetermined,
        (_, Some(_)) if failure.stage < Stage::StartTls => Outcome::Unreachable,
        (_, Some(_)) => Outcome::Refused,
    };
    (outcome, exception)
}

fn prime_bits(agreement: KeyAgreement) -> Option<u32> {
    match agreement {
        KeyAgreement::Dhe { prime_bits } => Some(prime_bits),
        KeyAgreement::Rsa | KeyAgreement::Ecdhe { .. } => None,
    }
}

/// Reads `--hostname-check`.
pub(super) fn endpoint_identification(text: &str) -> Result<EndpointIdentification, SettingsError> {
    match text {
        "https" => Ok(EndpointIdentification::Https),
        "ldaps" => Ok(EndpointIdentification::Ldaps),
        "none" => Ok(EndpointIdentification::None),
        _ => Err(SettingsError::OptionValue {
            option: "--hostname-check",
            value: text.to_owned(),
            expected: "https, ldaps or none",
        }),
    }
}
