//! Which engine makes the handshake: decided here and nowhere else.

mod again;
mod agreement;
mod classic;
mod outcome;
mod rustls;
mod signature;
mod signing_key;
mod spki;
pub(crate) mod suites;

pub use signing_key::SigningKey;
pub use suites::scheme_name;

use std::time::Instant;

use crate::cause::Cause;
#[cfg(feature = "fuzzing")]
use crate::conversation::Conversation;
use crate::judge::Judge;
use crate::observation::{Engine, Failure, Observation, Stage};
use crate::request::{ProbeRequest, ProtocolVersion};
use crate::stream::Stream;
use crate::wire::{Records, Watch};

/// A handshake as far as it came: `ClientHello` is out, and nothing since.
pub(crate) struct Handover<'a> {
    pub(crate) records: Records,
    pub(crate) watch: Watch<'a>,
    /// The `ClientHello` that was sent, header included.
    pub(crate) client_hello: Vec<u8>,
    /// The peer's messages that came, with their types.
    pub(crate) messages: Vec<(u8, Vec<u8>)>,
}

/// Makes the handshake over `stream` and writes down in `observation` what was seen; `connect` makes another stream.
///
/// rustls says hello, if it can offer all that is to be offered, TLS 1.3 among it. Where the peer chooses an older version, the
/// classic engine goes on over the same connection: before TLS 1.3 a `ClientHello` holds no secret.
///
/// Else the classic engine says hello, which offers anything. Only if the peer then chooses TLS 1.3, rustls greets it again.
///
/// Where the answer could be owed to what rustls's hello lacks, or to the haste of ours, the peer is asked again.
pub(crate) fn handshake(
    request: &ProbeRequest,
    judge: &dyn Judge,
    mut stream: Stream,
    connect: &dyn Fn() -> Result<Stream, Cause>,
    observation: &mut Observation,
) {
    let start = Instant::now();
    let is_rustls = rustls::can_offer(&request.offer);
    if !is_rustls {
        classic::handshake(request, judge, &mut stream, observation);
        if has_chosen_tls13(observation) {
            match connect() {
                Ok(second) => {
                    stream = second;
                    observation.engine = Engine::Rustls;
                    observation.withheld = rustls::withheld(&request.offer);
                    let _nothing_to_hand_over =
                        rustls::handshake(request, judge, &mut stream, observation);
                }
                Err(cause) => {
                    observation.outcome = Err(Failure { stage: Stage::Connect, cause });
                }
            }
        }
    } else if let Some(handover) = rustls::handshake(request, judge, &mut stream, observation) {
        classic::take_over(handover, request, judge, &mut stream, observation);
    }
    observation.timings.handshake = Some(start.elapsed());
    observation.received = stream.received;
    observation.first_bytes = stream.first_bytes.clone();
    // Some peers serve one connection after the other.
    drop(stream);
    again::ask(request, judge, connect, is_rustls, observation);
}

/// Goes on with the classic engine as if a hello with this random value had been sent.
#[cfg(feature = "fuzzing")]
pub(crate) fn go_on(
    request: &ProbeRequest,
    judge: &dyn Judge,
    random: &[u8; 32],
    stream: &mut dyn Conversation,
    observation: &mut Observation,
) {
    let handover = Handover {
        records: Records::default(),
        watch: Watch::new(&request.offer, Vec::new(), judge),
        client_hello: [&[0; 6], random.as_slice()].concat(),
        messages: Vec::new(),
    };
    classic::take_over(handover, request, judge, stream, observation);
}

/// Whether the peer answered a hello of the classic engine with TLS 1.3, and rustls could go on.
fn has_chosen_tls13(observation: &Observation) -> bool {
    let selected = observation.server_hello.as_ref().and_then(|hello| hello.selected_version);
    selected == Some(ProtocolVersion::Tls13.code())
        && matches!(observation.outcome, Err(Failure { cause: Cause::Undetermined(_), .. }))
}

/// Whether what the peer chose is for the classic engine.
fn is_for_classic(watch: &Watch<'_>) -> bool {
    watch.version.is_some_and(|version| version < ProtocolVersion::Tls13)
}
