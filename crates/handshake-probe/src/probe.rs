//! The stages in their order.

use std::net::IpAddr;
use std::time::Instant;

use crate::cause::{Cause, Operation};
use crate::deadline::Deadline;
use crate::engine;
use crate::judge::Judge;
use crate::observation::{Engine, Failure, Observation, Stage, Timings, Withheld};
use crate::request::{Names, ProbeRequest, Route};
use crate::resolve::{ordered, resolve};
use crate::route::{self, Target, Way};
use crate::starttls;
use crate::stream::Stream;

/// Makes the handshake that `request` describes and returns what was seen.
pub fn probe(request: &ProbeRequest, judge: &dyn Judge) -> Observation {
    let mut observation = nothing_seen();
    let deadline = Deadline::after(request.timeouts.total);
    match open(request, deadline, &mut observation) {
        Ok((stream, way)) => {
            let again = || {
                let mut stream = route::connect(request, &way, deadline)?;
                route::tunnel(request, &way, &mut stream)?;
                prepare(request, &mut stream)?;
                Ok(stream)
            };
            engine::handshake(request, judge, stream, &again, &mut observation);
        }
        Err(failure) => observation.outcome = Err(failure),
    }
    observation
}

/// Resolves the host, connects to the first of its addresses or to the proxy, asks that for a tunnel,
/// and holds the dialogue that leads to TLS.
fn open<'r>(
    request: &'r ProbeRequest,
    deadline: Deadline,
    observation: &mut Observation,
) -> Result<(Stream, Way<'r>), Failure> {
    let at = |stage| move |cause| Failure { stage, cause };
    let start = Instant::now();
    let target = target(request, deadline, observation).map_err(at(Stage::Resolve))?;
    let way = route::find(request, target, deadline).map_err(at(Stage::Resolve))?;
    observation.timings.resolve = Some(start.elapsed());

    let start = Instant::now();
    let mut stream = route::connect(request, &way, deadline).map_err(|cause| {
        let was_made = matches!(cause, Cause::Io { operation: Operation::Write, .. });
        Failure { stage: if was_made { Stage::Hello } else { Stage::Connect }, cause }
    })?;
    observation.timings.connect = Some(start.elapsed());
    if request.route != Route::Direct {
        observation.proxy = Some(way.first_hop);
        let start = Instant::now();
        route::tunnel(request, &way, &mut stream).map_err(at(Stage::Tunnel))?;
        observation.timings.tunnel = Some(start.elapsed());
    }
    if let Target::Address(address) = way.target {
        observation.peer = Some(address);
    }
    let start = Instant::now();
    prepare(request, &mut stream).map_err(at(Stage::StartTls))?;
    observation.timings.starttls = request.starttls.is_some().then(|| start.elapsed());
    Ok((stream, way))
}

/// Holds the plaintext dialogue that leads to TLS, if there is to be one; what came before TLS is forgotten.
fn prepare(request: &ProbeRequest, stream: &mut Stream) -> Result<(), Cause> {
    if let Some(protocol) = request.starttls {
        let name = request.offer.server_name.as_deref().unwrap_or(&request.host);
        starttls::begin(protocol, name, stream)?;
    }
    stream.forget();
    Ok(())
}

/// Returns what to connect to: the first address, or the name if only a proxy may know it.
fn target<'r>(
    request: &'r ProbeRequest,
    deadline: Deadline,
    observation: &mut Observation,
) -> Result<Target<'r>, Cause> {
    let name = Target::Name(&request.host, request.port);
    let is_for_proxy = match &request.route {
        Route::Direct => false,
        Route::Socks(proxy) => {
            proxy.names == Names::AtProxy && request.host.parse::<IpAddr>().is_err()
        }
        Route::HttpConnect(_) => true,
    };
    if is_for_proxy && request.resolved.is_none() {
        return Ok(name);
    }
    let resolved = match &request.resolved {
        Some(addresses) => ordered(addresses.clone(), request.families),
        None => resolve(&request.host, request.port, request.families, deadline),
    };
    observation.addresses = match resolved {
        Err(Cause::UnknownHost) if request.route != Route::Direct => return Ok(name),
        resolved => resolved?,
    };
    let first = observation.addresses.first().copied();
    first.map(Target::Address).ok_or(Cause::UnknownHost)
}

/// Returns what is seen before anything is.
pub(crate) fn nothing_seen() -> Observation {
    Observation {
        addresses: Vec::new(),
        peer: None,
        proxy: None,
        chain: Vec::new(),
        ocsp_response: Vec::new(),
        server_hello: None,
        key_agreement: None,
        signature_scheme: None,
        engine: Engine::Rustls,
        client_certificate_requested: false,
        client_authorities: Vec::new(),
        client_certificate_sent: false,
        alert_sent: None,
        withheld: Withheld::default(),
        outcome: Err(Failure { stage: Stage::Resolve, cause: Cause::UnknownHost }),
        first_bytes: Vec::new(),
        received: 0,
        timings: Timings::default(),
    }
}
