//! The handshake, record by record: what comes is watched, judged and only then answered.

use std::sync::Arc;
use std::time::Instant;

use pki_types::CertificateDer;
use rustls::client::ClientConnection;

use crate::alert::{INTERNAL_ERROR, alert_code, alert_name};
use crate::cause::{Cause, Misbehaviour, Operation};
use crate::engine::rustls::recorder::Recorder;
use crate::engine::rustls::{fault, offer, provider, refusal};
use crate::engine::{agreement, suites};
use crate::judge::{Decision, Judge, PeerCertificates};
use crate::observation::{Failure, Observation, Session, Stage};
use crate::request::{ProbeRequest, ProtocolVersion};
use crate::stream::Stream;
use crate::wire::{Event, Records, Watch};

/// Makes the handshake over `stream` and writes down in `observation` what was seen.
pub(crate) fn handshake(
    request: &ProbeRequest,
    judge: &dyn Judge,
    stream: &mut Stream,
    observation: &mut Observation,
) {
    let start = Instant::now();
    observation.withheld = offer::withheld(&request.offer);
    let mut drive = match Drive::new(request, judge, stream) {
        Ok(drive) => drive,
        Err(cause) => {
            observation.outcome = Err(Failure { stage: Stage::Hello, cause });
            return;
        }
    };
    let ended = drive.run();
    observation.timings.handshake = Some(start.elapsed());
    observation.outcome = match ended.and_then(|()| drive.poke()) {
        Ok(session) => Ok(session),
        Err(cause) => Err(Failure { stage: drive.watch.stage, cause }),
    };
    drive.report(observation);
}

struct Drive<'a> {
    request: &'a ProbeRequest,
    judge: &'a dyn Judge,
    stream: &'a mut Stream,
    records: Records,
    watch: Watch<'a>,
    recorder: Arc<Recorder>,
    connection: ClientConnection,
    is_judged: bool,
    alert_sent: Option<u8>,
}

impl<'a> Drive<'a> {
    fn new(
        request: &'a ProbeRequest,
        judge: &'a dyn Judge,
        stream: &'a mut Stream,
    ) -> Result<Self, Cause> {
        let shares = provider::shares(&request.offer);
        let first = shares.first().copied();
        let recorder = Arc::new(Recorder::new(&request.offer.signature_schemes, first));
        let config = offer::configure(&request.offer, &recorder)?;
        let name = offer::server_name(&request.offer)?;
        let connection = ClientConnection::new(Arc::new(config), name)
            .map_err(|error| Cause::Undetermined(format!("the engine did not start: {error}")))?;
        Ok(Self {
            request,
            judge,
            stream,
            records: Records::default(),
            watch: Watch::new(&request.offer, shares),
            recorder,
            connection,
            is_judged: false,
            alert_sent: None,
        })
    }

    /// Goes on until the handshake is complete.
    fn run(&mut self) -> Result<(), Cause> {
        let result = self.rounds();
        // What broke the connection while something was sent may have been said before.
        match result {
            Err(Cause::Io { operation: Operation::Write, error }) => {
                Err(self.last_words().unwrap_or(Cause::Io { operation: Operation::Write, error }))
            }
            Err(cause) => {
                self.say(&cause);
                Err(cause)
            }
            Ok(()) => Ok(()),
        }
    }

    /// Tells the peer what it did wrong; whether it hears changes nothing.
    fn say(&mut self, cause: &Cause) {
        if matches!(cause, Cause::Refused) {
            // Said already; and what rustls wanted to send must not go out.
        } else if !self.watch.is_plain() {
            let _unheard = self.flush();
        } else if let Some(alert) = cause.answer()
            && self.stream.write_all(&refusal::plain(alert)).is_ok()
        {
            self.alert_sent = Some(alert);
        }
    }

    fn rounds(&mut self) -> Result<(), Cause> {
        while self.connection.is_handshaking() {
            match self.records.take()? {
                Some(mut record) => self.record(&mut record)?,
                None => {
                    self.flush()?;
                    self.records.fill(self.stream)?;
                }
            }
        }
        if self.is_judged {
            Ok(())
        } else {
            Err(Cause::Undetermined("the peer showed no certificates".to_owned()))
        }
    }

    /// Looks for an alert in what the peer sent before the connection broke.
    fn last_words(&mut self) -> Option<Cause> {
        loop {
            let ended = match self.records.take() {
                Ok(Some(mut record)) => self.record(&mut record),
                Ok(None) => self.records.fill(self.stream),
                Err(_) => return None,
            };
            match ended {
                Ok(()) if self.connection.is_handshaking() => {}
                Err(alert @ Cause::AlertReceived { .. }) => return Some(alert),
                Ok(()) | Err(_) => return None,
            }
        }
    }

    /// Takes one record from the peer.
    fn record(&mut self, record: &mut [u8]) -> Result<(), Cause> {
        if self.watch.is_plain() {
            // A record's version says nothing (RFC 8446, section 5.1), but rustls looks at it.
            record.iter_mut().skip(1).take(2).for_each(|byte| *byte = 3);
        }
        match self.watch.record(record) {
            // It is not part of the handshake's transcript: rustls need not know of it.
            Err(Cause::Misbehaved(oddity @ Misbehaviour::EmptyRecord(_)))
                if self.judge.bears(oddity) =>
            {
                return Ok(());
            }
            other => other?,
        }
        while let Some(Event::Judge) = self.watch.step()? {
            self.judge_plain()?;
        }
        self.check_bait()?;
        let processed = self.feed(record);
        let presented = self.recorder.with(|record| record.presented.take());
        if let Some((chain, ocsp_response)) = presented.filter(|_| !self.is_judged) {
            self.judge_encrypted(chain, ocsp_response)?;
        }
        processed
    }

    /// Ends where the peer chose what could only be offered.
    fn check_bait(&self) -> Result<(), Cause> {
        let Some(hello) = &self.watch.server_hello else { return Ok(()) };
        if !provider::is_real_suite(hello.cipher_suite) {
            let name = suites::suite_name(hello.cipher_suite).unwrap_or("a cipher suite");
            return Err(Cause::Undetermined(format!("the peer chose {name}")));
        }
        match self.watch.group.or(hello.group) {
            Some(group) if !agreement::is_possible(group) => {
                let name = suites::group_name(group).unwrap_or("a group");
                Err(Cause::Undetermined(format!("the peer chose {name}")))
            }
            _ => Ok(()),
        }
    }

    fn feed(&mut self, mut record: &[u8]) -> Result<(), Cause> {
        while !record.is_empty() {
            match self.connection.read_tls(&mut record) {
                // After `close_notify` rustls reads no more.
                Ok(0) => return Err(Cause::Closed),
                Ok(_) => {}
                Err(error) => {
                    return Err(Cause::Undetermined(format!("the engine reads no more: {error}")));
                }
            }
            if let Err(error) = self.connection.process_new_packets() {
                let signature = self.recorder.with(|record| record.signature);
                return Err(signature.map_or_else(|| fault::cause(&error), Cause::from));
            }
        }
        Ok(())
    }

    /// Judges the certificates of TLS 1.2 when they have come, as JSSE does: rustls itself would
    /// ask only at `ServerHelloDone`.
    fn judge_plain(&mut self) -> Result<(), Cause> {
        let Some(alert) = self.ask() else { return Ok(()) };
        self.refuse(alert, &refusal::plain(alert))
    }

    /// Judges the certificates of TLS 1.3, before rustls's answer to them is sent.
    fn judge_encrypted(
        &mut self,
        chain: Vec<CertificateDer<'static>>,
        ocsp_response: Vec<u8>,
    ) -> Result<(), Cause> {
        self.watch.chain = chain;
        self.watch.ocsp_response = ocsp_response;
        let refused = self.ask();
        self.watch.stage = Stage::Finished;
        let Some(alert) = refused else { return Ok(()) };
        let secret = self.recorder.with(|record| std::mem::take(&mut record.handshake_secret));
        let sealed = refusal::encrypted(alert, self.cipher_suite(), &secret);
        self.refuse(alert, &sealed.unwrap_or_default())
    }

    /// Asks the judge; returns the alert of a refusal.
    fn ask(&mut self) -> Option<u8> {
        self.is_judged = true;
        let decision = self.judge.judge(&PeerCertificates {
            chain: &self.watch.chain,
            protocol: self.watch.version.unwrap_or(ProtocolVersion::Tls13),
            cipher_suite: self.cipher_suite(),
            ocsp_response: &self.watch.ocsp_response,
        });
        match decision {
            Decision::Accept => None,
            Decision::Refuse { alert } => Some(alert_code(alert).unwrap_or(INTERNAL_ERROR)),
        }
    }

    /// Sends the alert instead of what rustls wanted to send.
    fn refuse(&mut self, alert: u8, record: &[u8]) -> Result<(), Cause> {
        self.watch.stage = Stage::Certificate;
        // Whether it still reaches the peer changes nothing about the refusal.
        if !record.is_empty() && self.stream.write_all(record).is_ok() {
            self.alert_sent = Some(alert);
        }
        Err(Cause::Refused)
    }

    /// Sends what rustls has to send.
    fn flush(&mut self) -> Result<(), Cause> {
        let mut flight = Vec::new();
        while self.connection.wants_write() {
            if self.connection.write_tls(&mut flight).is_err() {
                break;
            }
        }
        self.stream.write_all(&flight)
    }

    /// Sends the application bytes and listens for what the peer says to the whole handshake.
    fn poke(&mut self) -> Result<Session, Cause> {
        use std::io::Write as _;
        if self.connection.writer().write_all(&self.request.poke).is_err() {
            return Err(Cause::Undetermined("the engine takes no application bytes".to_owned()));
        }
        let mut session = self.session();
        match self.flush() {
            Ok(()) => {}
            Err(Cause::Io { .. }) if self.is_tls13() => session.ended_by_peer = true,
            Err(cause) => return Err(cause),
        }
        if self.is_tls13() {
            self.listen(&mut session)?;
        }
        Ok(session)
    }

    /// Listens for a late alert: in TLS 1.3 the peer speaks about our certificate after the end.
    fn listen(&mut self, session: &mut Session) -> Result<(), Cause> {
        let late = self.request.timeouts.late_alert;
        self.stream.narrow(late);
        loop {
            let tickets = self.recorder.with(|record| record.tickets);
            if tickets > 0 {
                if !session.client_certificate_requested {
                    return Ok(());
                }
                self.stream.narrow(late / 10);
            }
            let step = match self.records.take() {
                Ok(Some(record)) => self.feed(&record),
                Ok(None) => self.records.fill(self.stream),
                Err(cause) => Err(cause),
            };
            match step {
                Ok(()) => {}
                Err(Cause::AlertReceived { description, .. }) => {
                    session.late_alert = Some(alert_name(description).unwrap_or("unknown"));
                    return Ok(());
                }
                Err(Cause::Closed | Cause::Io { .. }) => {
                    session.ended_by_peer = true;
                    return Ok(());
                }
                Err(_) => return Ok(()),
            }
        }
    }

    fn session(&self) -> Session {
        let suite = self.cipher_suite();
        Session {
            protocol: self.watch.version.unwrap_or(ProtocolVersion::Tls12),
            cipher_suite: suites::suite_name(suite).unwrap_or("unknown"),
            group: self.watch.group.and_then(suites::group_name),
            hello_retry_request: self.watch.was_retried,
            client_certificate_requested: self.is_certificate_requested(),
            late_alert: None,
            ended_by_peer: false,
        }
    }

    fn is_tls13(&self) -> bool {
        self.watch.version == Some(ProtocolVersion::Tls13)
    }

    fn is_certificate_requested(&self) -> bool {
        self.watch.is_certificate_requested
            || self.recorder.with(|record| record.is_certificate_requested)
    }

    fn cipher_suite(&self) -> u16 {
        self.watch.server_hello.as_ref().map_or(0, |hello| hello.cipher_suite)
    }

    fn report(self, observation: &mut Observation) {
        observation.client_certificate_requested = self.is_certificate_requested();
        observation.client_authorities = if self.watch.authorities.is_empty() {
            self.recorder.with(|record| std::mem::take(&mut record.authorities))
        } else {
            self.watch.authorities
        };
        observation.chain = self.watch.chain;
        observation.ocsp_response = self.watch.ocsp_response;
        observation.server_hello = self.watch.server_hello;
        observation.alert_sent = self.alert_sent;
    }
}
