//! The end of a handshake of TLS 1.0 to 1.2: what the peer says encrypted.

use super::drive::{Drive, Secrets};
use crate::cause::Cause;
use crate::engine::outcome;
use crate::misbehaviour::{MessageFault, Misbehaviour};
use crate::wire::{
    ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, FINISHED, HANDSHAKE, HELLO_REQUEST,
    NEW_SESSION_TICKET, alert, message, split, whole_message,
};

impl Drive<'_> {
    /// Waits for the peer's `Finished` and compares it with the handshake.
    pub(super) fn finish(&mut self, secrets: &mut Secrets) -> Result<(), Cause> {
        let mut received = Vec::new();
        loop {
            let record = self.next_record()?;
            if self.watch.is_plain() {
                outcome::bear(self.watch.record(&record), self.judge)?;
                self.flight()?;
                continue;
            }
            let Some((content_type, fragment)) = split(&record) else { continue };
            let opened = secrets.theirs.open(content_type, fragment).map_err(Cause::Misbehaved)?;
            if content_type != HANDSHAKE && !received.is_empty() {
                return Err(Cause::Misbehaved(Misbehaviour::InterruptedMessage(content_type)));
            }
            match content_type {
                HANDSHAKE => received.extend(opened),
                ALERT => alert(&opened)?,
                other @ (CHANGE_CIPHER_SPEC | APPLICATION_DATA) => {
                    return Err(Cause::Misbehaved(Misbehaviour::UnexpectedRecord(other)));
                }
                other => return Err(Cause::Misbehaved(Misbehaviour::UnknownContentType(other))),
            }
            while let Some(length) = whole_message(&received)? {
                let message: Vec<u8> = received.drain(..length).collect();
                match message.first() {
                    Some(&FINISHED) => return self.compare(&message, secrets),
                    Some(&HELLO_REQUEST) | None => {}
                    Some(&NEW_SESSION_TICKET) if self.watch.take_awaited(NEW_SESSION_TICKET) => {
                        self.transcript.extend(message);
                    }
                    Some(&kind) => {
                        return Err(Cause::Misbehaved(Misbehaviour::UnexpectedMessage(kind)));
                    }
                }
            }
        }
    }

    fn compare(&self, finished: &[u8], secrets: &Secrets) -> Result<(), Cause> {
        let verify_data =
            secrets.prf.verify_data(&secrets.master, "server finished", &self.transcript);
        let (needed, found) = (verify_data.len(), finished.len().saturating_sub(4));
        if needed != found {
            let fault = MessageFault::Length { needed, found };
            return Err(Cause::Misbehaved(Misbehaviour::MalformedMessage {
                kind: FINISHED,
                fault,
            }));
        }
        if finished == message(FINISHED, &verify_data) {
            Ok(())
        } else {
            Err(Cause::Misbehaved(Misbehaviour::Finished))
        }
    }
}
