//! Follows a handshake as far as it is plain, and says what the peer did wrong in it.

use pki_types::CertificateDer;

use crate::alert::{CLOSE_NOTIFY, USER_CANCELED};
use crate::cause::{Cause, Misbehaviour};
use crate::engine::suites::{KeyExchange, suite};
use crate::identity::Credentials;
use crate::judge::{Judge, KeyAgreement};
use crate::observation::{ServerHello, Stage};
use crate::request::{Offer, ProtocolVersion};
use crate::wire::key_exchange::{ServerKeyExchange, Share};
use crate::wire::record::{ALERT, CHANGE_CIPHER_SPEC, HANDSHAKE, split};
use crate::wire::{Cursor, hello};

/// What a step of the handshake wants to be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Event {
    /// A handshake message was accepted: its type, and all of it, header included.
    Message(u8, Vec<u8>),
    /// The peer's certificates are complete: they are to be judged before the next step.
    Judge,
}

/// What was seen of a handshake.
pub(crate) struct Watch<'a> {
    offer: &'a Offer,
    judge: &'a dyn Judge,
    shares: Vec<u16>,
    phase: Phase,
    handshake: Vec<u8>,
    is_judgement_due: bool,
    pub(crate) stage: Stage,
    pub(crate) server_hello: Option<ServerHello>,
    pub(crate) was_retried: bool,
    pub(crate) version: Option<ProtocolVersion>,
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) ocsp_response: Vec<u8>,
    pub(crate) is_certificate_requested: bool,
    pub(crate) authorities: Vec<Vec<u8>>,
    /// The types of certificate and the signature schemes that the peer asks for.
    pub(crate) asked_types: Vec<u8>,
    pub(crate) asked_schemes: Vec<u16>,
    /// What is answered to a request for a certificate.
    pub(crate) credentials: Option<Credentials>,
    pub(crate) group: Option<u16>,
    pub(crate) key_agreement: Option<KeyAgreement>,
    /// The scheme of the signature over a key exchange.
    pub(crate) scheme: Option<u16>,
}

/// How far the plain part is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    /// `ServerHello` is awaited.
    Hello,
    /// TLS 1.2 and below: the message last seen, by its place in RFC 5246, section 7.3.
    Flight(u8),
    /// Everything is encrypted now.
    Encrypted,
}

impl<'a> Watch<'a> {
    /// Returns the cipher suite that was chosen; 0, which is none, before.
    pub(crate) fn cipher_suite(&self) -> u16 {
        self.server_hello.as_ref().map_or(0, |hello| hello.cipher_suite)
    }

    /// Returns the stapled OCSP response, unless the offer did not ask for one: rustls always does.
    pub(crate) fn asked_for_response(&self) -> &[u8] {
        if self.offer.extensions.contains(&STATUS_REQUEST) { &self.ocsp_response } else { &[] }
    }

    /// Whether an extension of `ServerHello` came twice, and was borne.
    pub(crate) fn has_duplicates(&self) -> bool {
        let hello = self.server_hello.as_ref();
        let mut extensions = hello.map(|hello| hello.extensions.clone()).unwrap_or_default();
        extensions.sort_unstable();
        extensions.windows(2).any(|pair| pair.first() == pair.last())
    }

    /// Whether the peer sent nothing encrypted yet, so that an alert must be plain.
    pub(crate) fn is_plain(&self) -> bool {
        self.phase != Phase::Encrypted
    }

    /// Follows the answer to a `ClientHello` with key shares of these groups.
    pub(crate) fn new(offer: &'a Offer, shares: Vec<u16>, judge: &'a dyn Judge) -> Self {
        Self {
            offer,
            judge,
            shares,
            phase: Phase::Hello,
            handshake: Vec::new(),
            is_judgement_due: false,
            stage: Stage::Hello,
            server_hello: None,
            was_retried: false,
            version: None,
            chain: Vec::new(),
            ocsp_response: Vec::new(),
            is_certificate_requested: false,
            authorities: Vec::new(),
            asked_types: Vec::new(),
            asked_schemes: Vec::new(),
            credentials: None,
            group: None,
            key_agreement: None,
            scheme: None,
        }
    }

    /// Takes a record as it came; [`Self::step`] looks into it.
    ///
    /// # Errors
    ///
    /// [`Cause::AlertReceived`] or [`Cause::Misbehaved`].
    pub(crate) fn record(&mut self, record: &[u8]) -> Result<(), Cause> {
        let Some((content_type, fragment)) = split(record) else { return Ok(()) };
        if self.phase == Phase::Encrypted {
            return Ok(());
        }
        if content_type != HANDSHAKE && !self.handshake.is_empty() {
            return Err(Cause::Misbehaved(Misbehaviour::InterruptedMessage(content_type)));
        }
        match content_type {
            HANDSHAKE if fragment.is_empty() => {
                return Err(Cause::Misbehaved(Misbehaviour::EmptyRecord(HANDSHAKE)));
            }
            HANDSHAKE => self.handshake.extend_from_slice(fragment),
            ALERT => return alert(fragment),
            CHANGE_CIPHER_SPEC if self.phase != Phase::Hello || self.was_retried => {
                if matches!(self.phase, Phase::Flight(_)) {
                    self.phase = Phase::Encrypted;
                }
            }
            other => return Err(Cause::Misbehaved(Misbehaviour::UnexpectedRecord(other))),
        }
        Ok(())
    }

    /// Looks at the next whole handshake message, if there is one.
    ///
    /// # Errors
    ///
    /// [`Cause::Misbehaved`].
    pub(crate) fn step(&mut self) -> Result<Option<Event>, Cause> {
        if self.phase == Phase::Encrypted {
            return Ok(None);
        }
        if self.is_judgement_due && !self.awaits_status() {
            return Ok(Some(self.judgement()));
        }
        let Some(length) = self.whole_message()? else { return Ok(None) };
        if self.is_judgement_due && !self.is_next(CERTIFICATE_STATUS) {
            return Ok(Some(self.judgement()));
        }
        let message: Vec<u8> = self.handshake.drain(..length).collect();
        let (header, body) = message.split_at_checked(4).unwrap_or_default();
        let kind = header.first().copied().unwrap_or_default();
        self.message(kind, body).map_err(Cause::Misbehaved)?;
        Ok(Some(Event::Message(kind, message)))
    }

    fn judgement(&mut self) -> Event {
        self.is_judgement_due = false;
        self.stage = Stage::Finished;
        Event::Judge
    }

    /// Whether a stapled OCSP response was announced and can still come.
    fn awaits_status(&self) -> bool {
        self.ocsp_response.is_empty()
            && self.server_hello.as_ref().is_some_and(|h| h.extensions.contains(&STATUS_REQUEST))
    }

    fn is_next(&self, kind: u8) -> bool {
        self.handshake.first() == Some(&kind)
    }

    /// Returns the length of the message that comes next, if all of it is there.
    fn whole_message(&self) -> Result<Option<usize>, Cause> {
        let Some(&[kind, high, middle, low]) = self.handshake.first_chunk() else {
            return Ok(None);
        };
        if !is_known(kind) {
            return Err(Cause::Misbehaved(Misbehaviour::UnknownMessage(kind)));
        }
        let length = u32::from_be_bytes([0, high, middle, low]);
        if length > MAXIMUM_MESSAGE {
            return Err(Cause::Misbehaved(Misbehaviour::OversizedMessage(length)));
        }
        let end = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(4);
        Ok((self.handshake.len() >= end).then_some(end))
    }

    fn message(&mut self, kind: u8, body: &[u8]) -> Result<(), Misbehaviour> {
        match self.phase {
            Phase::Hello if kind == SERVER_HELLO => self.server_hello(body),
            Phase::Hello | Phase::Encrypted => Err(Misbehaviour::UnexpectedMessage(kind)),
            Phase::Flight(last) => {
                let place = FLIGHT.iter().zip(1..).find(|(known, _)| **known == kind);
                let Some((_, place)) = place.filter(|(_, place)| *place > last) else {
                    return Err(Misbehaviour::UnexpectedMessage(kind));
                };
                self.phase = Phase::Flight(place);
                self.flight(kind, body)
            }
        }
    }

    fn server_hello(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        let (hello, version) =
            hello::read(body, self.offer, &self.shares, self.judge, &mut self.server_hello)?;
        if hello.is_retry {
            if self.was_retried || version != ProtocolVersion::Tls13 {
                return Err(Misbehaviour::UnexpectedMessage(SERVER_HELLO));
            }
            self.was_retried = true;
            self.shares = hello.group.map_or_else(|| self.shares.clone(), |group| vec![group]);
            return Ok(());
        }
        self.version = Some(version);
        self.group = hello.group;
        if suite(hello.cipher_suite).is_some_and(|suite| suite.exchange == KeyExchange::Rsa) {
            self.key_agreement = Some(KeyAgreement::Rsa);
        }
        self.stage = Stage::Certificate;
        self.phase = match version {
            ProtocolVersion::Tls13 => Phase::Encrypted,
            ProtocolVersion::Tls10 | ProtocolVersion::Tls11 | ProtocolVersion::Tls12 => {
                Phase::Flight(0)
            }
        };
        Ok(())
    }

    fn flight(&mut self, kind: u8, body: &[u8]) -> Result<(), Misbehaviour> {
        let malformed = Misbehaviour::MalformedMessage(kind);
        match kind {
            CERTIFICATE => {
                self.chain = certificates(body).ok_or(malformed)?;
                if self.chain.is_empty() {
                    return Err(Misbehaviour::NoCertificate);
                }
                self.is_judgement_due = true;
            }
            CERTIFICATE_STATUS => {
                self.ocsp_response = status(body).ok_or(malformed)?;
            }
            SERVER_KEY_EXCHANGE => return self.key_exchange(body),
            CERTIFICATE_REQUEST => {
                self.is_certificate_requested = true;
                let has_schemes = self.version == Some(ProtocolVersion::Tls12);
                let asked = CertificateAsked::read(body, has_schemes).ok_or(malformed)?;
                (self.asked_types, self.asked_schemes) = (asked.types, asked.schemes);
                self.authorities = asked.authorities;
            }
            _ => {}
        }
        Ok(())
    }

    /// Looks at a `ServerKeyExchange`, in the order in which JSSE does.
    fn key_exchange(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        let suite = self.server_hello.as_ref().and_then(|hello| suite(hello.cipher_suite));
        let (Some(suite), Some(version)) = (suite, self.version) else { return Ok(()) };
        let exchange = ServerKeyExchange::read(body, suite.exchange, version)?;
        self.key_agreement = Some(exchange.key_agreement());
        if let Share::Curve { group, .. } = exchange.share {
            self.group = Some(group);
            if !self.offer.groups.contains(&group) {
                return Err(Misbehaviour::KeyExchangeGroup(group));
            }
        }
        self.scheme = exchange.scheme;
        match exchange.scheme {
            Some(scheme) if !self.offer.signature_schemes.contains(&scheme) => {
                Err(Misbehaviour::SignatureScheme(scheme))
            }
            _ => Ok(()),
        }
    }
}

/// Reads an alert that is not encrypted. Only the warning `user_canceled` lets the handshake go on.
pub(crate) fn alert(fragment: &[u8]) -> Result<(), Cause> {
    let Some(&[level, description]) = fragment.first_chunk() else {
        return Err(Cause::Misbehaved(Misbehaviour::ShortAlert));
    };
    let fatal = level != WARNING;
    if !fatal && description == USER_CANCELED {
        return Ok(());
    }
    Err(Cause::AlertReceived { description, fatal: fatal && description != CLOSE_NOTIFY })
}

/// Reads a list of certificates (RFC 5246, section 7.4.2).
fn certificates(body: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let mut cursor = Cursor(body);
    let mut list = Cursor(cursor.vector24()?);
    let mut chain = Vec::new();
    while !list.is_empty() {
        chain.push(CertificateDer::from(list.vector24()?.to_vec()));
    }
    cursor.is_empty().then_some(chain)
}

/// Reads a `CertificateStatus` (RFC 6066, section 8).
fn status(body: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor(body);
    cursor.u8().filter(|kind| *kind == OCSP)?;
    Some(cursor.vector24()?.to_vec())
}

/// A `CertificateRequest`, taken apart.
struct CertificateAsked {
    types: Vec<u8>,
    schemes: Vec<u16>,
    authorities: Vec<Vec<u8>>,
}

impl CertificateAsked {
    /// Reads the message (RFC 5246, section 7.4.4); before TLS 1.2 it names no signature schemes.
    fn read(body: &[u8], has_schemes: bool) -> Option<Self> {
        let mut cursor = Cursor(body);
        let types = cursor.vector8()?.to_vec();
        let schemes = if has_schemes { cursor.numbers16()? } else { Vec::new() };
        let mut list = Cursor(cursor.vector16()?);
        let mut authorities = Vec::new();
        while !list.is_empty() {
            authorities.push(list.vector16()?.to_vec());
        }
        Some(Self { types, schemes, authorities })
    }
}

/// Whether a registry knows the handshake message.
fn is_known(kind: u8) -> bool {
    matches!(kind, 0..=5 | 8 | 11..=16 | 20..=24 | 254)
}

pub(crate) const SERVER_HELLO: u8 = 2;
const NEW_SESSION_TICKET: u8 = 4;
const CERTIFICATE: u8 = 11;
pub(crate) const SERVER_KEY_EXCHANGE: u8 = 12;
pub(crate) const CERTIFICATE_REQUEST: u8 = 13;
pub(crate) const SERVER_HELLO_DONE: u8 = 14;
const CERTIFICATE_STATUS: u8 = 22;

/// The order of a server's messages before its `ChangeCipherSpec` (RFC 5246, section 7.3).
const FLIGHT: &[u8] = &[
    CERTIFICATE,
    CERTIFICATE_STATUS,
    SERVER_KEY_EXCHANGE,
    CERTIFICATE_REQUEST,
    SERVER_HELLO_DONE,
    NEW_SESSION_TICKET,
];

const STATUS_REQUEST: u16 = 5;
const OCSP: u8 = 1;
const WARNING: u8 = 1;

/// The longest handshake message that is read: JSSE's limit, and room for every real one.
const MAXIMUM_MESSAGE: u32 = 32_768;
