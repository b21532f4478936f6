//! What rustls complains about, as facts about the peer.

use rustls::{Error, PeerMisbehaved};

use crate::cause::Cause;
use crate::misbehaviour::Misbehaviour;
use crate::wire::Watch;

/// Returns the cause for an error of rustls. What the peer sent was watched and nothing found in it, so what is left may be a
/// limit of rustls.
#[expect(clippy::wildcard_enum_match_arm, reason = "all that is left is undetermined alike")]
pub(crate) fn cause(error: &Error, watch: &Watch<'_>) -> Cause {
    match error {
        // In the handshake, what was not said of an alert before was passed over.
        Error::AlertReceived(description) if watch.is_done() => {
            Cause::AlertReceived { description: u8::from(*description), fatal: true }
        }
        Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare) => {
            Cause::Misbehaved(Misbehaviour::InvalidKeyShare(watch.group.unwrap_or_default()))
        }
        // All records were opened, and all that is left to compare is in `Finished`.
        Error::DecryptError if watch.is_done() => Cause::Misbehaved(Misbehaviour::Finished),
        other => Cause::Undetermined(format!("the engine stopped: {other}")),
    }
}
