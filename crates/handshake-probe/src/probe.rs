//! The stages in their order.

use std::net::SocketAddr;
use std::time::Instant;

use crate::cause::Cause;
use crate::deadline::Deadline;
use crate::engine;
use crate::judge::Judge;
use crate::observation::{Engine, Failure, Observation, Stage, Timings, Withheld};
use crate::request::{ProbeRequest, Route};
use crate::resolve::resolve;
use crate::stream::Stream;

/// Makes the handshake that `request` describes and returns what was seen.
pub fn probe(request: &ProbeRequest, judge: &dyn Judge) -> Observation {
    let mut observation = nothing_seen();
    let deadline = Deadline::after(request.timeouts.total);
    match open(request, deadline, &mut observation) {
        Ok((stream, address)) => {
            let again = || connect(request, address, deadline);
            engine::handshake(request, judge, stream, &again, &mut observation);
        }
        Err(failure) => observation.outcome = Err(failure),
    }
    observation
}

/// Resolves the host and connects to the first of its addresses.
fn open(
    request: &ProbeRequest,
    deadline: Deadline,
    observation: &mut Observation,
) -> Result<(Stream, SocketAddr), Failure> {
    let start = Instant::now();
    let at = |stage| move |cause| Failure { stage, cause };
    observation.addresses = resolve(request, deadline).map_err(at(Stage::Resolve))?;
    observation.timings.resolve = Some(start.elapsed());
    let Some(&address) = observation.addresses.first() else {
        return Err(Failure { stage: Stage::Resolve, cause: Cause::UnknownHost });
    };
    let start = Instant::now();
    let stream = connect(request, address, deadline).map_err(at(Stage::Connect))?;
    observation.timings.connect = Some(start.elapsed());
    observation.peer = Some(address);
    Ok((stream, address))
}

fn connect(
    request: &ProbeRequest,
    address: SocketAddr,
    deadline: Deadline,
) -> Result<Stream, Cause> {
    match request.route {
        Route::Direct => Stream::connect(address, deadline),
    }
}

fn nothing_seen() -> Observation {
    Observation {
        addresses: Vec::new(),
        peer: None,
        chain: Vec::new(),
        ocsp_response: Vec::new(),
        server_hello: None,
        key_agreement: None,
        engine: Engine::Rustls,
        client_certificate_requested: false,
        client_authorities: Vec::new(),
        alert_sent: None,
        withheld: Withheld::default(),
        outcome: Err(Failure { stage: Stage::Resolve, cause: Cause::UnknownHost }),
        first_bytes: Vec::new(),
        received: 0,
        timings: Timings::default(),
    }
}
