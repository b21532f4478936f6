//! What rustls complains about, as facts about the peer.

use rustls::{Error, InvalidMessage, PeerMisbehaved};

use crate::cause::{Cause, Misbehaviour};

#[expect(clippy::wildcard_enum_match_arm, reason = "all that is left is undetermined alike")]
/// Returns the cause for an error of rustls; what may be a limit of rustls is not the peer's fault.
/// `group` is the one that was chosen.
pub(crate) fn cause(error: &Error, group: Option<u16>) -> Cause {
    use Misbehaviour as Fault;
    let fault = match error {
        Error::AlertReceived(description) => {
            return Cause::AlertReceived { description: u8::from(*description), fatal: true };
        }
        Error::DecryptError => Fault::Decryption,
        Error::NoCertificatesPresented => Fault::NoCertificate,
        Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare) => {
            Fault::InvalidKeyShare(group.unwrap_or_default())
        }
        Error::InappropriateHandshakeMessage { got_type, .. } => {
            Fault::UnexpectedMessage(u8::from(*got_type))
        }
        Error::InappropriateMessage { got_type, .. } => {
            Fault::UnexpectedRecord(u8::from(*got_type))
        }
        Error::InvalidMessage(InvalidMessage::HandshakePayloadTooLarge) => {
            Fault::OversizedMessage(u32::MAX)
        }
        other => return Cause::Undetermined(format!("the engine stopped: {other}")),
    };
    Cause::Misbehaved(fault)
}
