//! The handshake of TLS 1.0 to 1.2, message by message.

use crate::cause::{Cause, Operation};
use crate::conversation::Conversation;
use crate::engine::Handover;
use crate::engine::agreement::{self, Agreement};
use crate::engine::classic::exchange::{self, Secret, fill};
use crate::engine::classic::keys::Prf;
use crate::engine::classic::record::{Protector, plain};
use crate::engine::outcome;
use crate::engine::suites::{Suite, suite};
use crate::judge::{Judge, KeyAgreement};
use crate::observation::{Engine, Failure, Observation, Session, Stage, Withheld};
use crate::request::{ProbeRequest, ProtocolVersion};
use crate::wire::{
    ALERT, APPLICATION_DATA, CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY,
    CHANGE_CIPHER_SPEC, CLIENT_KEY_EXCHANGE, ClientHello, Event, FINISHED, HANDSHAKE, Records,
    SERVER_HELLO, SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE, ServerKeyExchange, Watch, client_hello,
    legacy_version, message, vector24,
};

/// Makes the handshake over `stream` and writes down in `observation` what was seen.
pub(crate) fn handshake(
    request: &ProbeRequest,
    judge: &dyn Judge,
    stream: &mut dyn Conversation,
    observation: &mut Observation,
) {
    let shares = key_shares(request);
    let groups = shares.iter().map(|(group, _)| *group).collect();
    let watch = Watch::new(&request.offer, groups, judge);
    let mut drive = Drive::new(request, judge, stream, Records::default(), watch);
    let made = drive.hello(&shares).and_then(|()| drive.run());
    observation.withheld = Withheld::default();
    drive.report(made, observation);
}

/// Says hello and nothing else; returns the failure if an alert is the answer.
pub(crate) fn refusal(
    request: &ProbeRequest,
    judge: &dyn Judge,
    stream: &mut dyn Conversation,
) -> Option<Failure> {
    let shares = key_shares(request);
    let groups = shares.iter().map(|(group, _)| *group).collect();
    let watch = Watch::new(&request.offer, groups, judge);
    let mut drive = Drive::new(request, judge, stream, Records::default(), watch);
    drive.hello(&shares).ok()?;
    while let Ok(record) = drive.next_record() {
        match drive.watch.record(&record) {
            Ok(()) => {}
            Err(cause @ Cause::AlertReceived { .. }) => {
                return Some(Failure { stage: drive.watch.stage, cause });
            }
            Err(_) => return None,
        }
        if !matches!(drive.watch.step(), Ok(None)) {
            return None;
        }
    }
    None
}

/// Goes on with a handshake that another engine began.
pub(crate) fn take_over(
    handover: Handover<'_>,
    request: &ProbeRequest,
    judge: &dyn Judge,
    stream: &mut dyn Conversation,
    observation: &mut Observation,
) {
    let mut drive = Drive::new(request, judge, stream, handover.records, handover.watch);
    drive.client_random = random_of(&handover.client_hello);
    drive.transcript = handover.client_hello;
    let mut made = Ok(());
    for (kind, message) in handover.messages {
        made = made.and_then(|()| drive.message(kind, &message));
    }
    let made = made.and_then(|()| drive.run());
    drive.report(made, observation);
}

pub(super) struct Drive<'a> {
    request: &'a ProbeRequest,
    pub(super) judge: &'a dyn Judge,
    stream: &'a mut dyn Conversation,
    records: Records,
    pub(super) watch: Watch<'a>,
    pub(super) transcript: Vec<u8>,
    client_random: Vec<u8>,
    server_random: Vec<u8>,
    secret: Option<Secret>,
    /// Whether the peer's first flight is at its end.
    is_answer_due: bool,
    alert_sent: Option<u8>,
}

/// What both sides have when the keys are agreed on.
pub(super) struct Secrets {
    pub(super) prf: Prf,
    pub(super) master: Vec<u8>,
    ours: Protector,
    pub(super) theirs: Protector,
}

impl<'a> Drive<'a> {
    fn new(
        request: &'a ProbeRequest,
        judge: &'a dyn Judge,
        stream: &'a mut dyn Conversation,
        records: Records,
        watch: Watch<'a>,
    ) -> Self {
        Self {
            request,
            judge,
            stream,
            records,
            watch,
            transcript: Vec::new(),
            client_random: Vec::new(),
            server_random: Vec::new(),
            secret: None,
            is_answer_due: false,
            alert_sent: None,
        }
    }

    fn hello(&mut self, shares: &[(u16, Vec<u8>)]) -> Result<(), Cause> {
        let offer = &self.request.offer;
        if offer.versions.is_empty() || offer.cipher_suites.is_empty() {
            return Err(Cause::NothingToOffer);
        }
        let (mut random, mut session_id) = ([0; 32], [0; 32]);
        fill(&mut random)?;
        fill(&mut session_id)?;
        // RFC 8446, appendix D.4: a session identifier makes TLS 1.3 look like a resumption.
        let has_tls13 = offer.versions.contains(&ProtocolVersion::Tls13);
        let session_id = if has_tls13 { session_id.as_slice() } else { &[] };
        let hello = client_hello(offer, &ClientHello { random, session_id, shares });
        let version = ProtocolVersion::from_code(legacy_version(offer));
        let record = plain(HANDSHAKE, version.unwrap_or(ProtocolVersion::Tls12), &hello);
        self.client_random = random.to_vec();
        self.transcript = hello;
        self.stream.say(&record)
    }

    fn run(&mut self) -> Result<Session, Cause> {
        while !self.flight()? {
            let record = self.next_record()?;
            outcome::bear(self.watch.record(&record), self.judge)?;
        }
        let suite = self.suite()?;
        let mut secrets = self.answer(suite)?;
        self.finish(&mut secrets)?;
        let poke = secrets.ours.seal(APPLICATION_DATA, &self.request.poke).ok_or_else(no_cipher)?;
        self.stream.say(&poke)?;
        Ok(outcome::session(&self.watch))
    }

    fn report(mut self, made: Result<Session, Cause>, observation: &mut Observation) {
        observation.engine = Engine::Classic;
        observation.outcome = made.map_err(|cause| {
            self.say(&cause);
            Failure { stage: self.watch.stage, cause }
        });
        observation.alert_sent = self.alert_sent;
        outcome::tell(self.watch, observation);
    }

    pub(super) fn next_record(&mut self) -> Result<Vec<u8>, Cause> {
        loop {
            if let Some(record) = self.records.take()? {
                return Ok(record);
            }
            self.records.fill(self.stream)?;
        }
    }

    /// Takes the peer's messages that have come; returns whether its flight is at the end.
    pub(super) fn flight(&mut self) -> Result<bool, Cause> {
        let was_due = self.is_answer_due;
        while let Some(event) = self.watch.step()? {
            match event {
                Event::Judge => self.judge_certificates()?,
                Event::Message(kind, message) => {
                    self.message(kind, &message)?;
                    if self.is_answer_due && !was_due {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(self.is_answer_due)
    }

    fn message(&mut self, kind: u8, message: &[u8]) -> Result<(), Cause> {
        self.transcript.extend_from_slice(message);
        let body = message.get(4..).unwrap_or_default();
        match kind {
            SERVER_HELLO => self.server_hello(body),
            SERVER_KEY_EXCHANGE => self.key_exchange(body),
            CERTIFICATE_REQUEST => self.choose_identity(),
            SERVER_HELLO_DONE => {
                self.is_answer_due = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn judge_certificates(&mut self) -> Result<(), Cause> {
        match outcome::judge_certificates(self.judge, &self.watch) {
            None => Ok(()),
            Some(alert) => {
                self.watch.stage = Stage::Certificate;
                self.send_alert(alert);
                Err(Cause::Refused)
            }
        }
    }

    fn choose_identity(&mut self) -> Result<(), Cause> {
        match outcome::choose(self.request, &mut self.watch) {
            None => Ok(()),
            Some(alert) => {
                self.send_alert(alert);
                Err(Cause::IdentityRefused)
            }
        }
    }

    fn server_hello(&mut self, body: &[u8]) -> Result<(), Cause> {
        if self.watch.version == Some(ProtocolVersion::Tls13) || self.watch.was_retried {
            return Err(Cause::Undetermined("the peer chose another version before".to_owned()));
        }
        self.server_random = body.get(2..34).unwrap_or_default().to_vec();
        Ok(())
    }

    fn suite(&self) -> Result<&'static Suite, Cause> {
        let code = self.watch.cipher_suite();
        suite(code).ok_or_else(|| Cause::Undetermined(format!("no means for suite {code:#06x}")))
    }

    fn key_exchange(&mut self, body: &[u8]) -> Result<(), Cause> {
        let version = self.watch.version.unwrap_or(ProtocolVersion::Tls12);
        let exchange = ServerKeyExchange::read(
            body,
            self.suite()?.exchange,
            version,
            &self.request.offer.groups,
        )
        .map_err(Cause::Misbehaved)?;
        let signed =
            [self.client_random.as_slice(), &self.server_random, exchange.parameters].concat();
        exchange::verify(&exchange, self.watch.chain.first(), &signed)?;
        let agreement = exchange.key_agreement();
        if let Some(alert) = outcome::alert_of(self.judge.judge_key_agreement(agreement)) {
            self.send_alert(alert);
            return Err(Cause::KeyAgreementRefused);
        }
        self.secret = Some(exchange::agree(&exchange.share)?);
        Ok(())
    }

    /// Sends our side: from `Certificate`, if one was asked for, to `Finished`.
    fn answer(&mut self, suite: &Suite) -> Result<Secrets, Cause> {
        if self.watch.key_agreement == Some(KeyAgreement::Rsa) {
            let version = legacy_version(&self.request.offer);
            self.secret = Some(exchange::encrypt(self.watch.chain.first(), version)?);
        }
        let secret = self.secret.take();
        let secret =
            secret.ok_or_else(|| Cause::Undetermined("no keys were agreed on".to_owned()))?;
        let version = self.watch.version.unwrap_or(ProtocolVersion::Tls12);
        let mut messages = Vec::new();
        if self.watch.is_certificate_requested {
            messages.extend(message(CERTIFICATE, &self.our_certificates()));
        }
        messages.extend(message(CLIENT_KEY_EXCHANGE, &secret.our_half));
        self.transcript.extend_from_slice(&messages);
        // RFC 7627, section 3: the session hash ends with `ClientKeyExchange`.
        let mut secrets = self.secrets(&secret.premaster, suite, version)?;
        if let Some(credentials) = &self.watch.credentials {
            let proof = exchange::prove(credentials, version, &self.transcript)?;
            let proof = message(CERTIFICATE_VERIFY, &proof);
            self.transcript.extend_from_slice(&proof);
            messages.extend(proof);
        }
        let verify_data =
            secrets.prf.verify_data(&secrets.master, "client finished", &self.transcript);
        let finished = message(FINISHED, &verify_data);
        let mut flight = plain(HANDSHAKE, version, &messages);
        flight.extend(plain(CHANGE_CIPHER_SPEC, version, &[1]));
        flight.extend(secrets.ours.seal(HANDSHAKE, &finished).ok_or_else(no_cipher)?);
        self.transcript.extend(finished);
        match self.stream.say(&flight) {
            // What broke the connection may have been said before.
            Err(Cause::Io { operation: Operation::Write, error }) => {
                match self.finish(&mut secrets) {
                    Err(alert @ Cause::AlertReceived { .. }) => Err(alert),
                    Ok(()) | Err(_) => Err(Cause::Io { operation: Operation::Write, error }),
                }
            }
            written => written.map(|()| secrets),
        }
    }

    /// Returns the body of our `Certificate`, which is empty where there is none.
    fn our_certificates(&self) -> Vec<u8> {
        let chain = self.watch.credentials.iter().flat_map(|credentials| &credentials.chain);
        vector24(&chain.flat_map(|certificate| vector24(certificate)).collect::<Vec<u8>>())
    }

    fn secrets(
        &self,
        premaster: &[u8],
        suite: &Suite,
        version: ProtocolVersion,
    ) -> Result<Secrets, Cause> {
        let prf = Prf::of(suite, version);
        let hello = self.watch.server_hello.as_ref();
        let master = if hello.is_some_and(|hello| hello.extensions.contains(&EXTENDED_MASTER)) {
            let session_hash = prf.transcript_hash(&self.transcript);
            prf.derive(premaster, "extended master secret", &session_hash, MASTER)
        } else {
            let randoms = [self.client_random.as_slice(), &self.server_random].concat();
            prf.derive(premaster, "master secret", &randoms, MASTER)
        };
        let randoms = [self.server_random.as_slice(), &self.client_random].concat();
        let (ours, theirs) = prf.keys(&master, &randoms, suite.protection).ok_or_else(no_cipher)?;
        Ok(Secrets {
            prf,
            master,
            ours: Protector::new(suite.protection, version, ours),
            theirs: Protector::new(suite.protection, version, theirs),
        })
    }

    /// Tells the peer what it did wrong, as long as the connection is plain.
    fn say(&mut self, cause: &Cause) {
        if let Some(alert) = cause.answer().filter(|_| self.watch.is_plain()) {
            self.send_alert(alert);
        }
    }

    /// Sends a fatal alert; whether the peer hears it changes nothing.
    fn send_alert(&mut self, description: u8) {
        let version = self.watch.version.unwrap_or(ProtocolVersion::Tls12);
        if self.stream.say(&plain(ALERT, version, &[FATAL, description])).is_ok() {
            self.alert_sent = Some(description);
        }
    }
}

/// Draws the TLS 1.3 key shares that the offer wants; nothing is ever agreed on with them here.
fn key_shares(request: &ProbeRequest) -> Vec<(u16, Vec<u8>)> {
    let groups = request.offer.key_shares.iter().filter(|group| agreement::is_possible(**group));
    groups.filter_map(|group| Some((*group, Agreement::start(*group)?.public))).collect()
}

fn no_cipher() -> Cause {
    Cause::Undetermined("the cipher did not take its keys".to_owned())
}

/// Returns the random value in a `ClientHello`.
fn random_of(hello: &[u8]) -> Vec<u8> {
    hello.get(6..38).unwrap_or_default().to_vec()
}

const EXTENDED_MASTER: u16 = 23;
const MASTER: usize = 48;
const FATAL: u8 = 2;
