//! When a peer is asked again, as its answer could be owed to how it was asked.

use std::io::ErrorKind;
use std::time::Duration;

use crate::cause::{Cause, Operation};
use crate::conversation::Conversation as _;
use crate::engine::signature::Scheme;
use crate::engine::{classic, spki};
use crate::judge::Judge;
use crate::observation::{Engine, Failure, Observation, Stage};
use crate::request::{Offer, ProbeRequest};
use crate::stream::Stream;

/// Asks the peer again if there is a reason; what is then seen replaces what was seen, if it says more.
///
/// `is_rustls` tells whether rustls said hello. It cannot send `signature_algorithms_cert`, and there are peers that choose
/// their certificate by that, or refuse to show one.
pub(super) fn ask(
    request: &ProbeRequest,
    judge: &dyn Judge,
    connect: &dyn Fn() -> Result<Stream, Cause>,
    is_rustls: bool,
    observation: &mut Observation,
) {
    let lacks_schemes = is_rustls && names_certificate_schemes(&request.offer);
    if is_reset_at_hello(observation) {
        if let Some(cause) = reset_before_hello(connect) {
            observation.outcome = Err(Failure { stage: Stage::Hello, cause });
        }
    } else if lacks_schemes && is_refused_at_hello(observation) {
        if let Ok(mut stream) = connect() {
            greet_exactly(request, judge, &mut stream, observation);
        }
    } else if lacks_schemes
        && is_signed_otherwise(&request.offer, observation)
        && let Ok(mut stream) = connect()
        && let Some(refusal) = classic::refusal(request, judge, &mut stream)
    {
        // What it showed before tells why.
        observation.outcome = Err(refusal);
        observation.server_hello = None;
        observation.alert_sent = None;
    }
}

/// Whether the peer sent nothing but a reset.
fn is_reset_at_hello(observation: &Observation) -> bool {
    let Err(Failure { stage: Stage::Hello, cause }) = &observation.outcome else { return false };
    observation.received == 0 && is_reset(cause)
}

fn is_reset(cause: &Cause) -> bool {
    matches!(cause, Cause::Io { operation: Operation::Read, error }
        if error.kind() == ErrorKind::ConnectionReset)
}

/// Looks whether the peer resets a connection even if nothing is said. Java would find out when it sends its hello, which
/// takes it some time, and we only when we wait for the answer.
fn reset_before_hello(connect: &dyn Fn() -> Result<Stream, Cause>) -> Option<Cause> {
    let cause = match connect() {
        Ok(mut stream) => {
            stream.narrow(PAUSE);
            stream.listen_on(&mut Vec::new()).err()?
        }
        Err(cause) => cause,
    };
    let Cause::Io { operation: Operation::Read | Operation::Write, error } = cause else {
        return None;
    };
    let is_reset = error.kind() == ErrorKind::ConnectionReset;
    is_reset.then_some(Cause::Io { operation: Operation::Write, error })
}

fn names_certificate_schemes(offer: &Offer) -> bool {
    offer.extensions.contains(&SIGNATURE_ALGORITHMS_CERT)
        && !offer.certificate_signature_schemes.is_empty()
}

/// Whether the peer answered the hello with an alert.
fn is_refused_at_hello(observation: &Observation) -> bool {
    observation.server_hello.is_none()
        && matches!(
            observation.outcome,
            Err(Failure { stage: Stage::Hello, cause: Cause::AlertReceived { .. } })
        )
}

/// Whether the peer's certificate is signed by a scheme that the offer does not name for certificates.
fn is_signed_otherwise(offer: &Offer, observation: &Observation) -> bool {
    let Some(leaf) = observation.chain.first() else { return false };
    let scheme = spki::signature_scheme(leaf);
    let named = &offer.certificate_signature_schemes;
    !named.iter().any(|code| scheme.is_some() && Scheme::from_code(*code) == scheme)
}

/// Makes the handshake with the hello that was wanted, to the byte; keeps what was seen before if the peer does not answer.
fn greet_exactly(
    request: &ProbeRequest,
    judge: &dyn Judge,
    stream: &mut Stream,
    observation: &mut Observation,
) {
    let nothing = Err(Failure { stage: Stage::Hello, cause: Cause::Closed });
    let before = std::mem::replace(&mut observation.outcome, nothing);
    let withheld = std::mem::take(&mut observation.withheld);
    classic::handshake(request, judge, stream, observation);
    if observation.server_hello.is_some() || is_refused_at_hello(observation) {
        observation.received = stream.received;
        observation.first_bytes = std::mem::take(&mut stream.first_bytes);
    } else {
        observation.outcome = before;
        observation.withheld = withheld;
        observation.engine = Engine::Rustls;
        observation.alert_sent = None;
    }
}

const SIGNATURE_ALGORITHMS_CERT: u16 = 50;

/// What Java takes at least from its connection to its hello.
const PAUSE: Duration = Duration::from_millis(100);
