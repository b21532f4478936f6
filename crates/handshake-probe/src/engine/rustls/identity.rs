//! The client certificate in a handshake of rustls: asked for, answered, refused.

use crate::alert::{INTERNAL_ERROR, alert_code};
use crate::cause::Cause;
use crate::engine::outcome;
use crate::engine::rustls::drive::Drive;
use crate::engine::rustls::refusal;
use crate::engine::rustls::unsealed::Unsealed;
use crate::identity::Choice;

impl Drive<'_, '_> {
    /// Asks who the client is when the request comes in the clear; rustls is told afterwards.
    pub(super) fn choose_identity(&mut self) -> Result<(), Cause> {
        if let Some(alert) = outcome::choose(self.request, &mut self.watch) {
            self.send_alert(alert, &refusal::plain(alert));
            return Err(Cause::IdentityRefused);
        }
        let chosen = self.watch.credentials.clone().map_or(Choice::Nothing, Choice::Credentials);
        self.recorder.with(|record| record.chosen = Some(chosen));
        Ok(())
    }

    /// Ends a handshake of TLS 1.3 before our side of it is sent, if there is no answer to a request for a certificate.
    pub(super) fn check_identity(&mut self) -> Result<(), Cause> {
        match self.recorder.with(|record| record.chosen.take()) {
            Some(Choice::Refuse { alert }) => {
                let alert = alert_code(alert).unwrap_or(INTERNAL_ERROR);
                let secret =
                    self.recorder.with(|record| std::mem::take(&mut record.handshake_secret));
                let sealed = refusal::encrypted(alert, self.watch.cipher_suite(), &secret);
                self.send_alert(alert, &sealed.unwrap_or_default());
                Err(Cause::IdentityRefused)
            }
            Some(Choice::Credentials(credentials)) => {
                self.watch.credentials = Some(credentials);
                Ok(())
            }
            Some(Choice::Nothing) | None => Ok(()),
        }
    }

    /// Reads what a TLS 1.3 peer asks of a client certificate, before rustls does.
    pub(super) fn look_into(&mut self, record: &[u8]) {
        if self.request.identity.is_none() || !self.is_tls13() {
            return;
        }
        if self.unsealed.is_none() {
            let secret = self.recorder.with(|record| std::mem::take(&mut record.server_secret));
            if !secret.is_empty() {
                self.unsealed = Unsealed::new(self.watch.cipher_suite(), &secret);
            }
        }
        let asked = self.unsealed.as_mut().and_then(|unsealed| unsealed.record(record));
        if asked.is_some() {
            self.recorder.with(|record| record.asked = asked);
        }
    }
}
