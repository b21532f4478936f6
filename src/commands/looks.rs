//! Further handshakes, each made only where the first one gives a reason: they show what a guess would only suspect.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use handshake_probe::{
    Cause, Failure, Observation, Offer, ProbeRequest, ProtocolVersion, Route, Stage, alert_name,
    scheme_name,
};
use java_pkix::{Parameters, Reason, Rules, TrustAnchors, Verdict, validate};

use super::asked::PokeError;
use super::client::{Client, Examined, Poked};
use crate::cli::Target;
use crate::diagnosis::{Looks, Named, NearStore, Wide};
use crate::report::Outcome;
use crate::settings::{Settings, SystemProperties, TRUST_STORE, is_address, offer, protocol};

/// More addresses are not tried: each may take its time.
const MOST_ADDRESSES: usize = 4;

/// Takes the further looks that the first one gives reason for.
pub(super) fn take(
    client: &Client<'_>,
    target: &Target,
    examined: &Examined,
) -> Result<Looks, PokeError> {
    let mut looks = Looks { near: near_store(client, target, examined), ..Looks::default() };
    let Some(observation) = &examined.poked.observation else { return Ok(looks) };
    if examined.poked.outcome == Outcome::Connected {
        return Ok(looks);
    }
    looks.named = with_name(client, target, examined, observation)?;
    looks.addresses = other_addresses(client, target, examined, observation)?;
    looks.wide = wide(client, target, examined, observation)?;
    if examined.rejection().is_some_and(|held| held.reason == Reason::AlgorithmDisabled) {
        looks.disabled = client
            .opened()
            .and_then(|opened| {
                let parameters = client.parameters(target, &examined.poked)?;
                let would_do =
                    |rules: &Rules| accepts(observation, &opened.anchors, rules, &parameters);
                Some(client.settings.disabled(&would_do))
            })
            .unwrap_or_default();
    }
    Ok(looks)
}

fn accepts(
    observation: &Observation,
    anchors: &TrustAnchors,
    rules: &Rules,
    parameters: &Parameters<'_>,
) -> bool {
    let parameters = Parameters { rules, ..*parameters };
    matches!(validate(&observation.chain, anchors, &parameters), Verdict::Trusted(_))
}

/// Tells the server the name that Java keeps to itself.
fn with_name(
    client: &Client<'_>,
    target: &Target,
    examined: &Examined,
    observation: &Observation,
) -> Result<Option<Named>, PokeError> {
    let host = target.host.as_str();
    let sends = offer(host, &client.settings.properties, &client.rules)
        .map_or(true, |offer| offer.server_name.is_some());
    let came_to_tls = observation.outcome.as_ref().is_err_and(|failure| {
        failure.stage >= Stage::Hello && !matches!(failure.cause, Cause::TimedOut)
    });
    let name = host.trim_end_matches('.');
    if sends
        || !came_to_tls
        || is_address(host)
        || name.is_empty()
        || client.asked.wiring.options.sni.is_some()
    {
        return Ok(None);
    }
    let poked = client.again(target, &examined.way, &|request| {
        request.offer.server_name = Some(name.to_owned());
        if !request.offer.extensions.contains(&SERVER_NAME) {
            request.offer.extensions.insert(0, SERVER_NAME);
        }
    })?;
    Ok(Some(Named {
        name: name.to_owned(),
        connected: poked.outcome == Outcome::Connected,
        leaf: poked.observation.and_then(|seen| seen.chain.into_iter().next()),
    }))
}

/// Java tries only the first address; others may be alive.
fn other_addresses(
    client: &Client<'_>,
    target: &Target,
    examined: &Examined,
    observation: &Observation,
) -> Result<Vec<(SocketAddr, bool)>, PokeError> {
    let is_unreached = matches!(
        &observation.outcome,
        Err(failure) if failure.stage == Stage::Connect
            && matches!(failure.cause, Cause::Io { .. } | Cause::TimedOut)
    );
    if !is_unreached || examined.way.route != Route::Direct {
        return Ok(Vec::new());
    }
    let others = observation.addresses.iter().skip(1).take(MOST_ADDRESSES);
    others
        .map(|address| {
            let change = |request: &mut ProbeRequest| request.resolved = Some(vec![*address]);
            let poked = client.again(target, &examined.way, &change)?;
            Ok((*address, poked.outcome == Outcome::Connected))
        })
        .collect()
}

/// Offers all that this release knows, whatever it disables, and sees what the server takes.
fn wide(
    client: &Client<'_>,
    target: &Target,
    examined: &Examined,
    observation: &Observation,
) -> Result<Option<Wide>, PokeError> {
    let is_about_offer = observation.outcome.as_ref().is_err_and(is_about_offer);
    let Settings { properties, .. } = &client.settings;
    let nothing = client.rules.clone().with_security_properties(&|_| Some(String::new()));
    if !is_about_offer || observation.client_certificate_requested {
        return Ok(None);
    }
    let Ok(all) = offer(&target.host, &SystemProperties::default(), &nothing) else {
        return Ok(None);
    };
    let change = |request: &mut ProbeRequest| {
        let name = request.offer.server_name.clone();
        request.offer = Offer { server_name: name, ..all.clone() };
    };
    let Poked { observation, .. } = client.again(target, &examined.way, &change)?;
    let Some(seen) = observation else { return Ok(None) };
    let Some(hello) = &seen.server_hello else { return Ok(None) };
    let Some(version) = version(hello.selected_version.unwrap_or(hello.legacy_version)) else {
        return Ok(None);
    };
    let suite = hello.cipher_suite;
    let takes = |scheme: &'static str, offer: &Offer| {
        offer.signature_schemes.iter().any(|code| scheme_name(*code) == Some(scheme))
    };
    let would_do = |rules: &Rules| {
        offer(&target.host, properties, rules).is_ok_and(|offer| {
            offer.versions.contains(&version)
                && offer.cipher_suites.contains(&suite)
                && seen.signature_scheme.is_none_or(|scheme| takes(scheme, &offer))
        })
    };
    let own = offer(&target.host, properties, &client.rules).ok();
    let is_taken = |scheme| own.as_ref().is_none_or(|own| takes(scheme, own));
    Ok(Some(Wide {
        protocol: protocol(version).java_name(),
        cipher_suite: crate::java::suite_name(suite),
        signature_scheme: seen.signature_scheme.filter(|scheme| !is_taken(scheme)),
        disabled: client.settings.disabled(&would_do),
    }))
}

/// Whether the handshake ended because of what was offered.
fn is_about_offer(failure: &Failure) -> bool {
    let is_said = matches!(
        failure.cause,
        Cause::AlertReceived { description, .. } if matches!(
            alert_name(description),
            Some("protocol_version" | "handshake_failure" | "insufficient_security")
        )
    );
    let is_closed = matches!(failure.cause, Cause::Closed) && failure.stage == Stage::Hello;
    is_said || is_closed || matches!(failure.cause, Cause::Misbehaved(_) | Cause::NothingToOffer)
}

fn version(number: u16) -> Option<ProtocolVersion> {
    match number {
        0x0301 => Some(ProtocolVersion::Tls10),
        0x0302 => Some(ProtocolVersion::Tls11),
        0x0303 => Some(ProtocolVersion::Tls12),
        0x0304 => Some(ProtocolVersion::Tls13),
        _ => None,
    }
}

/// Looks for the store that a mistyped path meant: in the same folder, nearly of that name, and one that Java opens.
fn near_store(client: &Client<'_>, target: &Target, examined: &Examined) -> Option<NearStore> {
    let told = Path::new(&client.trust_store.passed_over.as_ref()?.path);
    let mut near: Vec<(usize, PathBuf)> = near_names(&client.settings, told);
    near.sort();
    let opened = near.into_iter().take(MOST_STORES).filter_map(|(_, path)| {
        let mut settings = client.settings.clone();
        let definition = format!("{TRUST_STORE}={}", path.display());
        settings.properties.define(&definition, crate::settings::Source::CommandLine);
        let other = Client::new(settings, client.asked).ok()?;
        let is_used = other.trust_store.passed_over.is_none();
        let anchors =
            &other.opened().filter(|opened| is_used && !opened.anchors.is_empty())?.anchors;
        let accepts = examined.poked.observation.as_ref().is_some_and(|seen| {
            let parameters = client.parameters(target, &examined.poked);
            parameters.is_some_and(|held| accepts(seen, anchors, &client.rules, &held))
        });
        Some(NearStore { path, accepts })
    });
    let mut opened: Vec<NearStore> = opened.collect();
    opened.sort_by_key(|near| !near.accepts);
    opened.into_iter().next()
}

/// Returns the files whose name is nearly the one that was told, each with how far it is from it.
fn near_names(settings: &Settings, told: &Path) -> Vec<(usize, PathBuf)> {
    let trimmed = told.to_string_lossy().trim().trim_matches(['"', '\'']).to_owned();
    let told = Path::new(&trimmed);
    let (Some(name), Some(folder)) = (told.file_name(), told.parent()) else { return Vec::new() };
    let (name, seen) = (name.to_string_lossy().to_lowercase(), &settings.seen);
    let stem = name.split('.').next().unwrap_or_default();
    let held = std::fs::read_dir(seen.absolute(folder)).into_iter().flatten().flatten();
    held.take(MOST_FILES)
        .filter_map(|entry| {
            let other = entry.file_name();
            let lower = other.to_string_lossy().to_lowercase();
            let distance = strsim::damerau_levenshtein(&name, &lower);
            let is_kin = lower.split('.').next() == Some(stem) && !lower.contains(".bak");
            (distance <= MOST_TYPOS || is_kin).then(|| (distance, folder.join(&other)))
        })
        .collect()
}

const SERVER_NAME: u16 = 0;
const MOST_TYPOS: usize = 2;
const MOST_STORES: usize = 5;
const MOST_FILES: usize = 10_000;
