//! The handshake, record by record: what comes is watched, judged and only then answered.

use std::sync::Arc;

use rustls::client::ClientConnection;

use crate::alert::alert_name;
use crate::cause::{Cause, Operation};
use crate::conversation::Conversation as _;
use crate::engine::rustls::recorder::Recorder;
use crate::engine::rustls::{fault, offer, provider};
use crate::engine::{Handover, agreement, is_for_classic, outcome, suites};
use crate::judge::Judge;
use crate::observation::{Failure, Observation, Session, Stage};
use crate::request::{ProbeRequest, ProtocolVersion};
use crate::stream::Stream;
use crate::wire::{ALERT, CERTIFICATE_REQUEST, Event, Records, Seal, Watch, split};

/// Makes the handshake over `stream` and writes down in `observation` what was seen; unless the peer
/// chose what is for another engine, which can go on from where this one stopped.
pub(crate) fn handshake<'r>(
    request: &'r ProbeRequest,
    judge: &'r dyn Judge,
    stream: &mut Stream,
    observation: &mut Observation,
) -> Option<Handover<'r>> {
    let mut drive = match Drive::new(request, judge, stream) {
        Ok(drive) => drive,
        Err(cause) => {
            observation.outcome = Err(Failure { stage: Stage::Hello, cause });
            return None;
        }
    };
    let made = drive.run();
    if drive.is_for_another {
        return Some(Handover {
            records: drive.records,
            watch: drive.watch,
            client_hello: drive.client_hello,
            messages: drive.messages,
        });
    }
    observation.outcome = match made.and_then(|()| drive.poke()) {
        Ok(session) => Ok(session),
        Err(cause) => Err(Failure { stage: drive.watch.stage, cause }),
    };
    drive.report(observation);
    None
}

pub(super) struct Drive<'r, 's> {
    pub(super) request: &'r ProbeRequest,
    judge: &'r dyn Judge,
    pub(super) stream: &'s mut Stream,
    records: Records,
    pub(super) watch: Watch<'r>,
    pub(super) recorder: Arc<Recorder>,
    connection: ClientConnection,
    pub(super) client_hello: Vec<u8>,
    /// The peer's messages that were taken.
    pub(super) messages: Vec<(u8, Vec<u8>)>,
    /// The secret of the peer's records.
    pub(super) server_secret: Vec<u8>,
    /// Whether rustls gave up, and the handshake goes on without it.
    is_alone: bool,
    is_for_another: bool,
    is_judged: bool,
    alert_sent: Option<u8>,
}

impl<'r, 's> Drive<'r, 's> {
    fn new(
        request: &'r ProbeRequest,
        judge: &'r dyn Judge,
        stream: &'s mut Stream,
    ) -> Result<Self, Cause> {
        let shares = provider::shares(&request.offer);
        let first = shares.first().copied();
        let schemes = &request.offer.signature_schemes;
        let recorder = Arc::new(Recorder::new(schemes, first, request.identity.clone()));
        let config = offer::configure(&request.offer, &recorder)?;
        let name = offer::server_name(&request.offer)?;
        let connection = ClientConnection::new(Arc::new(config), name)
            .map_err(|error| Cause::Undetermined(format!("the engine did not start: {error}")))?;
        Ok(Self {
            request,
            judge,
            stream,
            records: Records::default(),
            watch: Watch::new(&request.offer, shares, judge),
            recorder,
            connection,
            client_hello: Vec::new(),
            messages: Vec::new(),
            server_secret: Vec::new(),
            is_alone: false,
            is_for_another: false,
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
        if matches!(cause, Cause::Refused | Cause::IdentityRefused) {
            // Said already; and what rustls wanted to send must not go out.
        } else if let Some(alert) = cause.answer() {
            self.send_alert(alert);
        } else if !self.is_alone {
            let _unheard = self.flush();
        }
    }

    fn is_complete(&self) -> bool {
        if self.is_alone { self.watch.is_done() } else { !self.connection.is_handshaking() }
    }

    fn rounds(&mut self) -> Result<(), Cause> {
        while !self.is_complete() {
            if self.is_for_another {
                return Ok(());
            }
            match self.records.take()? {
                Some(mut record) => self.record(&mut record)?,
                None => {
                    if !self.is_alone {
                        self.flush()?;
                    }
                    self.records.fill(self.stream)?;
                }
            }
        }
        if self.is_alone {
            return self.end_alone();
        }
        if self.is_judged {
            self.check_identity()
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
                Ok(()) if !self.is_complete() => {}
                Err(alert @ Cause::AlertReceived { .. }) => return Some(alert),
                Ok(()) | Err(_) => return None,
            }
        }
    }

    /// Takes one record from the peer: rustls is given it when there is nothing to say against it.
    fn record(&mut self, record: &mut [u8]) -> Result<(), Cause> {
        if self.watch.is_plain() {
            // A record's version says nothing (RFC 8446, section 5.1), but rustls looks at it.
            record.iter_mut().skip(1).take(2).for_each(|byte| *byte = 3);
        }
        // An odd record is not part of the transcript: rustls need not know of it.
        if outcome::bear(self.watch.record(record), self.judge)? {
            return Ok(());
        }
        while let Some(event) = self.watch.step()? {
            let (kind, message) = match event {
                Event::Message(kind, message) => (kind, message),
                Event::Judge => {
                    self.judge()?;
                    continue;
                }
            };
            self.messages.push((kind, message));
            self.is_for_another = is_for_classic(&self.watch);
            if self.is_for_another {
                return Ok(());
            }
            if kind == CERTIFICATE_REQUEST {
                let schemes = &self.watch.asked_schemes;
                let asked = [schemes, &self.watch.asked_certificate_schemes].map(Vec::clone);
                self.recorder.with(|record| record.asked = asked);
            }
        }
        if self.is_alone {
            return Ok(());
        }
        self.check_group()?;
        match self.feed(record) {
            Err(Cause::Undetermined(_)) if self.can_go_alone() => self.is_alone = true,
            other => other?,
        }
        if self.watch.wants_secret() {
            let secret = self.recorder.with(|record| std::mem::take(&mut record.server_secret));
            self.watch.unseal(&secret);
            self.server_secret = secret;
        }
        Ok(())
    }

    /// Ends where the peer chose a group that could only be offered.
    fn check_group(&self) -> Result<(), Cause> {
        let retried = self.watch.server_hello.as_ref().and_then(|hello| hello.group);
        match self.watch.group.or(retried) {
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
                return Err(
                    signature.map_or_else(|| fault::cause(&error, &self.watch), Cause::from)
                );
            }
        }
        Ok(())
    }

    /// Judges the certificates before rustls sees them.
    fn judge(&mut self) -> Result<(), Cause> {
        self.is_judged = true;
        let Some(alert) = outcome::judge_certificates(self.judge, &self.watch) else {
            return Ok(());
        };
        self.watch.stage = Stage::Certificate;
        self.send_alert(alert);
        Err(Cause::Refused)
    }

    /// Sends a fatal alert, encrypted if the peer's messages are (RFC 8446, section 6); whether it still reaches the peer changes
    /// nothing.
    pub(super) fn send_alert(&mut self, alert: u8) {
        let record = if self.watch.is_plain() {
            Some(vec![ALERT, 3, 3, 0, 2, FATAL, alert])
        } else {
            let secret = self.recorder.with(|record| std::mem::take(&mut record.handshake_secret));
            let seal = Seal::new(self.watch.cipher_suite(), &secret);
            seal.and_then(|mut seal| seal.seal(ALERT, &[FATAL, alert]))
        };
        if record.is_some_and(|record| self.stream.say(&record).is_ok()) {
            self.alert_sent = Some(alert);
        }
    }

    /// Sends what rustls has to send.
    fn flush(&mut self) -> Result<(), Cause> {
        let mut flight = Vec::new();
        while self.connection.wants_write() {
            if self.connection.write_tls(&mut flight).is_err() {
                break;
            }
        }
        if self.client_hello.is_empty() {
            self.client_hello = split(&flight).map(|(_, hello)| hello.to_vec()).unwrap_or_default();
        }
        self.stream.say(&flight)
    }

    /// Sends the application bytes and listens for what the peer says to the whole handshake.
    fn poke(&mut self) -> Result<Session, Cause> {
        use std::io::Write as _;
        if self.is_alone {
            return Ok(outcome::session(&self.watch));
        }
        if self.connection.writer().write_all(&self.request.poke).is_err() {
            return Err(Cause::Undetermined("the engine takes no application bytes".to_owned()));
        }
        self.take_requested();
        let mut session = outcome::session(&self.watch);
        match self.flush() {
            Ok(()) => {}
            Err(Cause::Io { .. }) if self.is_tls13() => session.ended_by_peer = true,
            Err(cause) => return Err(cause),
        }
        if self.is_tls13() && session.client_certificate_requested {
            self.listen(&mut session)?;
        }
        Ok(session)
    }

    /// Listens for a late alert: in TLS 1.3 the peer speaks about the certificate that it asked for after the end.
    fn listen(&mut self, session: &mut Session) -> Result<(), Cause> {
        let late = self.request.timeouts.late_alert;
        self.stream.narrow(late);
        loop {
            let tickets = self.recorder.with(|record| record.tickets);
            if tickets > 0 {
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

    pub(super) fn is_tls13(&self) -> bool {
        self.watch.version == Some(ProtocolVersion::Tls13)
    }

    /// Takes over what only rustls could read, and writes down what was seen.
    fn report(mut self, observation: &mut Observation) {
        self.take_requested();
        observation.alert_sent = self.alert_sent;
        outcome::tell(self.watch, observation);
    }

    fn take_requested(&mut self) {
        self.recorder.with(|record| {
            self.watch.scheme = self.watch.scheme.or(record.scheme);
            if record.is_certificate_requested {
                self.watch.is_certificate_requested = true;
                self.watch.authorities = std::mem::take(&mut record.authorities);
                record.is_certificate_requested = false;
            }
        });
    }
}

const FATAL: u8 = 2;
