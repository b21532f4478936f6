//! The client certificate in a handshake of rustls: asked for, answered, refused.

use crate::alert::{INTERNAL_ERROR, alert_code};
use crate::cause::Cause;
use crate::engine::rustls::drive::Drive;
use crate::identity::Choice;

impl Drive<'_, '_> {
    /// Ends a handshake of TLS 1.3 before our side of it is sent, if there is no answer to a request for a certificate.
    pub(super) fn check_identity(&mut self) -> Result<(), Cause> {
        match self.recorder.with(|record| record.chosen.take()) {
            Some(Choice::Refuse { alert }) => {
                let alert = alert_code(alert).unwrap_or(INTERNAL_ERROR);
                self.send_alert(alert);
                Err(Cause::IdentityRefused)
            }
            Some(Choice::Credentials(credentials)) => {
                self.watch.credentials = Some(credentials);
                Ok(())
            }
            Some(Choice::Nothing) | None => Ok(()),
        }
    }
}
