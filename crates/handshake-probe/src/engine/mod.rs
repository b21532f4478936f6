//! Which engine makes the handshake: decided here and nowhere else.

mod agreement;
mod rustls;
mod signature;
mod spki;
mod suites;

use crate::judge::Judge;
use crate::observation::Observation;
use crate::request::ProbeRequest;
use crate::stream::Stream;

/// Makes the handshake over `stream` and writes down in `observation` what was seen.
pub(crate) fn handshake(
    request: &ProbeRequest,
    judge: &dyn Judge,
    stream: &mut Stream,
    observation: &mut Observation,
) {
    rustls::handshake(request, judge, stream, observation);
}
