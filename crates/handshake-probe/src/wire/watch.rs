//! Follows a handshake from `ServerHello` to the end of what can be read, and says what the peer did wrong in it.

use pki_types::CertificateDer;

use crate::alert::{CLOSE_NOTIFY, USER_CANCELED};
use crate::cause::Cause;
use crate::engine::suites::{KeyExchange, suite};
use crate::identity::Credentials;
use crate::judge::{Judge, KeyAgreement};
use crate::misbehaviour::{MessageFault, Misbehaviour};
use crate::observation::{ServerHello, Stage};
use crate::request::{Offer, ProtocolVersion};
use crate::wire::hello::{self, STATUS_REQUEST};
use crate::wire::record::split;
use crate::wire::seal::Seal;
use crate::wire::{
    ALERT, CERTIFICATE_REQUEST, CERTIFICATE_STATUS, CHANGE_CIPHER_SPEC, HANDSHAKE, HELLO_REQUEST,
    SERVER_HELLO,
};

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
    pub(super) offer: &'a Offer,
    pub(super) judge: &'a dyn Judge,
    shares: Vec<u16>,
    phase: Phase,
    handshake: Vec<u8>,
    /// The messages that may come next, each once.
    pub(super) awaited: Vec<u8>,
    pub(super) is_cipher_spec_awaited: bool,
    /// Whether the peer's messages are at their end: `ServerHelloDone`, or `Finished` of TLS 1.3.
    pub(super) is_flight_done: bool,
    /// Opens the peer's records of TLS 1.3.
    pub(super) seal: Option<Seal>,
    pub(super) is_judgement_due: bool,
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
    /// For certificates, where TLS 1.3 names them apart.
    pub(crate) asked_certificate_schemes: Vec<u16>,
    /// What is answered to a request for a certificate.
    pub(crate) credentials: Option<Credentials>,
    pub(crate) group: Option<u16>,
    pub(crate) key_agreement: Option<KeyAgreement>,
    /// The scheme of the signature over a key exchange, or over the handshake.
    pub(crate) scheme: Option<u16>,
}

/// How far the handshake is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    /// `ServerHello` is awaited.
    Hello,
    /// TLS 1.2 and below, up to `ChangeCipherSpec`.
    Flight,
    /// TLS 1.3, up to `Finished`.
    Sealed,
    /// What comes now is for an engine to open.
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

    /// Whether the peer sent nothing encrypted yet, so that an alert must be plain.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.phase, Phase::Hello | Phase::Flight)
    }

    /// Whether the peer's messages are at their end, as far as they can be read here.
    pub(crate) fn is_done(&self) -> bool {
        self.is_flight_done
    }

    pub(super) fn is_sealed(&self) -> bool {
        self.phase == Phase::Sealed
    }

    /// Follows the answer to a `ClientHello` with key shares of these groups.
    pub(crate) fn new(offer: &'a Offer, shares: Vec<u16>, judge: &'a dyn Judge) -> Self {
        Self {
            offer,
            judge,
            shares,
            phase: Phase::Hello,
            handshake: Vec::new(),
            awaited: vec![SERVER_HELLO],
            is_cipher_spec_awaited: false,
            is_flight_done: false,
            seal: None,
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
            asked_certificate_schemes: Vec::new(),
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
        match self.phase {
            Phase::Encrypted => Ok(()),
            Phase::Sealed if content_type != CHANGE_CIPHER_SPEC => {
                let Some(seal) = &mut self.seal else { return Ok(()) };
                if let (ALERT, &[level, description]) = (content_type, fragment) {
                    let fault = Misbehaviour::PlainAlert { level, description };
                    return Err(Cause::Misbehaved(fault));
                }
                let opened = seal.open(content_type, fragment);
                let (content_type, content) = opened.map_err(Cause::Misbehaved)?;
                if content.is_empty() && !self.judge.bears(Misbehaviour::NoContentType) {
                    return Err(Cause::Misbehaved(Misbehaviour::NoContentType));
                }
                if content.is_empty() && content_type == HANDSHAKE {
                    return Ok(());
                }
                self.content(content_type, &content)
            }
            Phase::Hello | Phase::Flight | Phase::Sealed => self.content(content_type, fragment),
        }
    }

    fn content(&mut self, content_type: u8, fragment: &[u8]) -> Result<(), Cause> {
        if content_type != HANDSHAKE && !self.handshake.is_empty() {
            return Err(Cause::Misbehaved(Misbehaviour::InterruptedMessage(content_type)));
        }
        match content_type {
            HANDSHAKE if fragment.is_empty() => {
                Err(Cause::Misbehaved(Misbehaviour::EmptyRecord(HANDSHAKE)))
            }
            HANDSHAKE => {
                self.handshake.extend_from_slice(fragment);
                Ok(())
            }
            ALERT => alert(fragment),
            CHANGE_CIPHER_SPEC if std::mem::take(&mut self.is_cipher_spec_awaited) => {
                if fragment != [1] {
                    return Err(Cause::Misbehaved(Misbehaviour::MalformedCipherSpec));
                }
                if self.phase == Phase::Flight {
                    self.phase = Phase::Encrypted;
                }
                Ok(())
            }
            other => Err(Cause::Misbehaved(Misbehaviour::UnexpectedRecord(other))),
        }
    }

    /// Looks at the next whole handshake message, if there is one.
    ///
    /// # Errors
    ///
    /// [`Cause::Misbehaved`].
    pub(crate) fn step(&mut self) -> Result<Option<Event>, Cause> {
        loop {
            if self.phase == Phase::Encrypted {
                return Ok(None);
            }
            if self.is_judgement_due && !self.awaits_status() {
                return Ok(Some(self.judgement()));
            }
            let Some(length) = whole_message(&self.handshake)? else { return Ok(None) };
            if self.is_judgement_due && self.handshake.first() != Some(&CERTIFICATE_STATUS) {
                return Ok(Some(self.judgement()));
            }
            let message: Vec<u8> = self.handshake.drain(..length).collect();
            let (header, body) = message.split_at_checked(4).unwrap_or_default();
            let kind = header.first().copied().unwrap_or_default();
            // Who is in a handshake need not begin another: `HelloRequest` is no part of it.
            if kind != HELLO_REQUEST || self.phase != Phase::Flight {
                self.message(kind, body).map_err(Cause::Misbehaved)?;
                return Ok(Some(Event::Message(kind, message)));
            }
        }
    }

    fn judgement(&mut self) -> Event {
        self.is_judgement_due = false;
        self.stage = Stage::Finished;
        Event::Judge
    }

    /// Whether a stapled OCSP response was announced and can still come.
    fn awaits_status(&self) -> bool {
        self.phase == Phase::Flight && self.awaited.contains(&CERTIFICATE_STATUS)
    }

    fn message(&mut self, kind: u8, body: &[u8]) -> Result<(), Misbehaviour> {
        match self.phase {
            Phase::Hello if kind == SERVER_HELLO => self.server_hello(body),
            Phase::Hello | Phase::Encrypted => Err(Misbehaviour::UnexpectedMessage(kind)),
            Phase::Flight => self.flight(kind, body),
            Phase::Sealed => {
                self.sealed(kind, body)?;
                if self.is_flight_done {
                    self.phase = Phase::Encrypted;
                }
                Ok(())
            }
        }
    }

    /// Returns whether a message was awaited; it is not any more.
    pub(crate) fn take_awaited(&mut self, kind: u8) -> bool {
        let place = self.awaited.iter().position(|awaited| *awaited == kind);
        place.is_some_and(|place| {
            self.awaited.swap_remove(place);
            true
        })
    }

    fn server_hello(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        let (hello, version) =
            hello::read(body, self.offer, &self.shares, self.judge, &mut self.server_hello)?;
        if hello.is_retry {
            self.was_retried = true;
            self.is_cipher_spec_awaited = true;
            self.shares = hello.group.map_or_else(|| self.shares.clone(), |group| vec![group]);
            return Ok(());
        }
        self.version = Some(version);
        self.group = hello.group;
        if suite(hello.cipher_suite).is_some_and(|suite| suite.exchange == KeyExchange::Rsa) {
            self.key_agreement = Some(KeyAgreement::Rsa);
        }
        self.stage = Stage::Certificate;
        if version == ProtocolVersion::Tls13 {
            self.phase = Phase::Sealed;
            self.is_cipher_spec_awaited = true;
            self.await_sealed();
        } else {
            self.phase = Phase::Flight;
            self.await_flight();
        }
        Ok(())
    }

    /// Checks that the peer takes one of the signature schemes that were offered.
    pub(super) fn check_common_scheme(
        &self,
        is_for_version: impl Fn(u16) -> bool,
    ) -> Result<(), Misbehaviour> {
        let is_common = |scheme: &&u16| self.offer.signature_schemes.contains(scheme);
        let mut common = self.asked_schemes.iter().filter(is_common);
        let is_any = common.any(|scheme| is_for_version(*scheme));
        let is_borne = is_any || self.judge.bears(Misbehaviour::NoCommonScheme);
        if is_borne { Ok(()) } else { Err(Misbehaviour::NoCommonScheme) }
    }

    /// Checks that the authorities that the peer names have names.
    pub(super) fn check_authorities(&self) -> Result<(), Misbehaviour> {
        let fault = MessageFault::Name;
        let malformed = Misbehaviour::MalformedMessage { kind: CERTIFICATE_REQUEST, fault };
        let is_name = |name: &Vec<u8>| match name.first() {
            Some(first) => *first == SEQUENCE,
            None => self.judge.bears(malformed),
        };
        if self.authorities.iter().all(is_name) { Ok(()) } else { Err(malformed) }
    }
}

/// Returns the length of the handshake message that comes next, if all of it is there.
///
/// # Errors
///
/// [`Misbehaviour::UnknownMessage`] or [`Misbehaviour::OversizedMessage`].
pub(crate) fn whole_message(received: &[u8]) -> Result<Option<usize>, Cause> {
    let Some(&[kind, high, middle, low]) = received.first_chunk() else { return Ok(None) };
    if !is_known(kind) {
        return Err(Cause::Misbehaved(Misbehaviour::UnknownMessage(kind)));
    }
    let length = u32::from_be_bytes([0, high, middle, low]);
    if length > MAXIMUM_MESSAGE {
        return Err(Cause::Misbehaved(Misbehaviour::OversizedMessage(length)));
    }
    let end = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(4);
    Ok((received.len() >= end).then_some(end))
}

/// Reads an alert. A warning lets the handshake go on only if it is not about the handshake.
pub(crate) fn alert(fragment: &[u8]) -> Result<(), Cause> {
    let &[level, description] = fragment else {
        return Err(Cause::Misbehaved(Misbehaviour::ShortAlert));
    };
    let fatal = level != WARNING;
    if !fatal && is_passed_over(description) {
        return Ok(());
    }
    Err(Cause::AlertReceived { description, fatal: fatal && description != CLOSE_NOTIFY })
}

/// The warnings that JSSE passes over: those of its alerts that are not for handshakes alone.
fn is_passed_over(description: u8) -> bool {
    matches!(description, 10 | 20..=22 | 30 | 80 | 86 | USER_CANCELED)
}

/// Whether a registry knows the handshake message.
fn is_known(kind: u8) -> bool {
    matches!(kind, 0..=5 | 8 | 11..=16 | 20..=24 | 254)
}

const WARNING: u8 = 1;
const SEQUENCE: u8 = 0x30;

/// The longest handshake message that is read: JSSE's limit, and room for every real one.
const MAXIMUM_MESSAGE: u32 = 32_768;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_that_are_not_about_the_handshake_are_passed_over() {
        let passed: Vec<u8> = (0..=u8::MAX).filter(|code| alert(&[1, *code]).is_ok()).collect();
        assert_eq!(passed, [10, 20, 21, 22, 30, 80, 86, 90]);
        for description in 0..=u8::MAX {
            let fatal = description != CLOSE_NOTIFY;
            assert!(matches!(
                alert(&[2, description]),
                Err(Cause::AlertReceived { description: seen, fatal: is_fatal })
                    if seen == description && is_fatal == fatal
            ));
        }
        for fragment in [&[][..], &[2], &[2, 40, 0]] {
            let short = Misbehaviour::ShortAlert;
            assert!(matches!(alert(fragment), Err(Cause::Misbehaved(fault)) if fault == short));
        }
    }
}
