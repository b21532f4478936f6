//! The messages of TLS 1.0 to 1.2 up to `ServerHelloDone`, checked as JSSE checks them (RFC 5246, section 7.3).

use pki_types::CertificateDer;

use crate::engine::suites::{KeyExchange, suite};
use crate::misbehaviour::{Exchange, MessageFault, Misbehaviour};
use crate::request::ProtocolVersion;
use crate::wire::hello::{SESSION_TICKET, STATUS_REQUEST, STATUS_REQUEST_V2};
use crate::wire::key_exchange::{ServerKeyExchange, Share};
use crate::wire::{
    CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_STATUS, Cursor, FINISHED, NEW_SESSION_TICKET,
    SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE, Watch,
};

impl Watch<'_> {
    /// Awaits what may follow a `ServerHello`.
    pub(super) fn await_flight(&mut self) {
        self.awaited = vec![CERTIFICATE, CERTIFICATE_REQUEST, SERVER_HELLO_DONE];
        if self.exchange() != Some(Exchange::Rsa) {
            self.awaited.push(SERVER_KEY_EXCHANGE);
        }
        let hello = self.server_hello.as_ref();
        let is_promised = |code| hello.is_some_and(|hello| hello.extensions.contains(&code));
        if is_promised(STATUS_REQUEST) || is_promised(STATUS_REQUEST_V2) {
            self.awaited.push(CERTIFICATE_STATUS);
        }
    }

    /// Returns how keys are agreed on, if there are means for the suite.
    fn exchange(&self) -> Option<Exchange> {
        suite(self.cipher_suite()).map(|suite| match suite.exchange {
            KeyExchange::Rsa => Exchange::Rsa,
            KeyExchange::Dhe => Exchange::Dhe,
            KeyExchange::Ecdhe => Exchange::Ecdhe,
        })
    }

    /// Takes a message; its order is that in which JSSE can do without the others.
    pub(super) fn flight(&mut self, kind: u8, body: &[u8]) -> Result<(), Misbehaviour> {
        if !self.take_awaited(kind) {
            let is_early = kind == FINISHED && self.is_flight_done;
            return Err(if is_early {
                Misbehaviour::MissingCipherSpec
            } else {
                Misbehaviour::UnexpectedMessage(kind)
            });
        }
        match kind {
            CERTIFICATE => {
                self.chain = certificates(body)?;
                if self.chain.is_empty() {
                    return Err(Misbehaviour::NoCertificate);
                }
                self.is_judgement_due = true;
                Ok(())
            }
            CERTIFICATE_STATUS if self.chain.is_empty() => Err(Misbehaviour::OutOfOrder(kind)),
            CERTIFICATE_STATUS => {
                self.ocsp_response = status(body)?;
                Ok(())
            }
            SERVER_KEY_EXCHANGE => self.key_exchange(body),
            CERTIFICATE_REQUEST => self.certificate_request(body),
            SERVER_HELLO_DONE => self.hello_done(body),
            _ => ticket(body),
        }
    }

    /// Looks at a `ServerKeyExchange`, in the order in which JSSE does.
    fn key_exchange(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        if self.is_certificate_requested {
            return Err(Misbehaviour::OutOfOrder(SERVER_KEY_EXCHANGE));
        }
        let suite = self.server_hello.as_ref().and_then(|hello| suite(hello.cipher_suite));
        let (Some(suite), Some(version)) = (suite, self.version) else { return Ok(()) };
        let mut cursor = Cursor(body);
        let share = Share::read(&mut cursor, suite.exchange, &self.offer.groups)?;
        self.key_agreement = Some(share.key_agreement());
        self.awaited.retain(|kind| *kind != CERTIFICATE_STATUS);
        if let Share::Curve { group, .. } = share {
            self.group = Some(group);
        }
        if self.chain.is_empty() {
            return Err(Misbehaviour::UnsignedKeyExchange);
        }
        if version == ProtocolVersion::Tls12 {
            self.scheme = cursor.u16();
        }
        match self.scheme {
            Some(scheme) if !self.offer.signature_schemes.contains(&scheme) => {
                return Err(Misbehaviour::SignatureScheme(scheme));
            }
            _ => {}
        }
        ServerKeyExchange::read(body, suite.exchange, version, &self.offer.groups).map(|_| ())
    }

    /// Looks at a `CertificateRequest` (RFC 5246, section 7.4.4); before TLS 1.2 it names no signature schemes.
    fn certificate_request(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        if self.chain.is_empty() {
            return Err(Misbehaviour::OutOfOrder(CERTIFICATE_REQUEST));
        }
        self.is_certificate_requested = true;
        let fault = |fault| Misbehaviour::MalformedMessage { kind: CERTIFICATE_REQUEST, fault };
        let short = fault(MessageFault::Short(body.len()));
        let end = Misbehaviour::MessageEnd(CERTIFICATE_REQUEST);
        let has_schemes = self.version == Some(ProtocolVersion::Tls12);
        if body.len() < if has_schemes { 8 } else { 4 } {
            return Err(short);
        }
        let mut cursor = Cursor(body);
        self.asked_types = cursor.vector8().ok_or(end)?.to_vec();
        if has_schemes {
            if cursor.0.len() < 6 {
                return Err(short);
            }
            let numbers = fault(MessageFault::Numbers);
            let mut list = Cursor(cursor.vector16().ok_or(end)?);
            if list.is_empty() || !list.0.len().is_multiple_of(2) {
                return Err(numbers);
            }
            self.asked_schemes.clear();
            while let Some(scheme) = list.u16() {
                self.asked_schemes.push(scheme);
            }
        }
        if cursor.0.len() < 2 {
            return Err(short);
        }
        let length = usize::from(cursor.u16().ok_or(end)?);
        let beyond = fault(MessageFault::ListLength(length));
        let rest = cursor.0.len().checked_sub(length).ok_or(beyond)?;
        self.authorities.clear();
        while cursor.0.len() > rest {
            self.authorities.push(cursor.vector16().ok_or(end)?.to_vec());
        }
        if has_schemes {
            self.check_common_scheme(|_| true)?;
        }
        let unknown = self.asked_types.iter().find(|kind| !is_certificate_type(**kind));
        if let Some(oddity) = unknown.map(|kind| Misbehaviour::CertificateType(*kind))
            && !self.judge.bears(oddity)
        {
            return Err(oddity);
        }
        self.check_authorities()
    }

    fn hello_done(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        if !body.is_empty() {
            let fault = MessageFault::NotEmpty;
            return Err(Misbehaviour::MalformedMessage { kind: SERVER_HELLO_DONE, fault });
        }
        match self.exchange() {
            Some(exchange @ (Exchange::Ecdhe | Exchange::Dhe)) if self.key_agreement.is_none() => {
                return Err(Misbehaviour::NoKeyExchange(exchange));
            }
            Some(exchange @ Exchange::Rsa) if self.chain.is_empty() => {
                return Err(Misbehaviour::NoKeyExchange(exchange));
            }
            _ => {}
        }
        self.awaited.clear();
        let hello = self.server_hello.as_ref();
        let is_promised = hello.is_some_and(|hello| hello.extensions.contains(&SESSION_TICKET));
        let oddity = Misbehaviour::UnexpectedMessage(NEW_SESSION_TICKET);
        if self.offer.extensions.contains(&SESSION_TICKET)
            && (is_promised || self.judge.bears(oddity))
        {
            self.awaited.push(NEW_SESSION_TICKET);
        }
        self.is_flight_done = true;
        self.is_cipher_spec_awaited = true;
        Ok(())
    }
}

/// Looks at a `NewSessionTicket` (RFC 5077, section 3.3).
fn ticket(body: &[u8]) -> Result<(), Misbehaviour> {
    let kind = NEW_SESSION_TICKET;
    if body.len() < 6 {
        let fault = MessageFault::Short(body.len());
        return Err(Misbehaviour::MalformedMessage { kind, fault });
    }
    let mut cursor = Cursor(body.get(4..).unwrap_or_default());
    cursor.vector16().map(|_| ()).ok_or(Misbehaviour::MessageEnd(kind))
}

/// Reads a list of certificates (RFC 5246, section 7.4.2); JSSE passes over what follows it.
fn certificates(body: &[u8]) -> Result<Vec<CertificateDer<'static>>, Misbehaviour> {
    let end = Misbehaviour::MessageEnd(CERTIFICATE);
    let mut cursor = Cursor(body);
    let length = usize::try_from(cursor.u24().ok_or(end)?).unwrap_or(usize::MAX);
    let fault = MessageFault::ListLength(length);
    let rest = cursor.0.len().checked_sub(length);
    let rest = rest.ok_or(Misbehaviour::MalformedMessage { kind: CERTIFICATE, fault })?;
    let mut chain = Vec::new();
    while cursor.0.len() > rest {
        chain.push(CertificateDer::from(cursor.vector24().ok_or(end)?.to_vec()));
    }
    Ok(chain)
}

/// Reads a `CertificateStatus` (RFC 6066, section 8; RFC 6961, section 2.2).
fn status(body: &[u8]) -> Result<Vec<u8>, Misbehaviour> {
    let end = Misbehaviour::MessageEnd(CERTIFICATE_STATUS);
    let malformed = |fault| Misbehaviour::MalformedMessage { kind: CERTIFICATE_STATUS, fault };
    let mut cursor = Cursor(body);
    let kind = cursor.u8().ok_or(end)?;
    let response = match kind {
        OCSP => cursor.vector24().ok_or(end)?,
        OCSP_MULTI => {
            let mut list = Cursor(cursor.vector24().ok_or(end)?);
            if list.is_empty() { &[] } else { list.vector24().ok_or(end)? }
        }
        other => return Err(malformed(MessageFault::Type(other))),
    };
    if response.is_empty() && kind == OCSP {
        return Err(malformed(MessageFault::EmptyResponse));
    }
    Ok(response.to_vec())
}

/// The types of RFC 5246, section 7.4.4, and of those before and after it.
fn is_certificate_type(kind: u8) -> bool {
    matches!(kind, 1..=6 | 20 | 64..=66)
}

const OCSP: u8 = 1;
const OCSP_MULTI: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::Cause;
    use crate::misbehaviour::PointFault;
    use crate::wire::recorded::{
        self, Anybody, extension, field8, field16, field24, message, server_hello,
    };
    use crate::wire::{ENCRYPTED_EXTENSIONS, Event, HANDSHAKE, HELLO_REQUEST, SERVER_HELLO};

    type Message = (u8, Vec<u8>);

    /// Sends messages to who said Java 17's hello; returns the types that were taken, or what was wrong.
    fn take(messages: &[Message]) -> Result<Vec<u8>, Misbehaviour> {
        let hello = recorded::all().remove(2);
        let shares = hello.shares.iter().map(|(group, _)| *group).collect();
        let mut watch = Watch::new(&hello.offer, shares, &Anybody);
        let mut taken = Vec::new();
        let misbehaved = |cause| {
            let Cause::Misbehaved(misbehaviour) = cause else { panic!("{cause}") };
            misbehaviour
        };
        for (kind, body) in messages {
            let message = message(*kind, body);
            let record = [&[HANDSHAKE, 3, 3][..], &field16(&message)].concat();
            watch.record(&record).map_err(misbehaved)?;
            while let Some(event) = watch.step().map_err(misbehaved)? {
                match event {
                    Event::Message(kind, _) => taken.push(kind),
                    Event::Judge => {}
                }
            }
        }
        Ok(taken)
    }

    fn hello() -> Message {
        (SERVER_HELLO, server_hello(0xc02b, &extension(0xff01, &[0])))
    }

    fn certificate() -> Message {
        (CERTIFICATE, field24(&field24(b"any")))
    }

    fn exchange(parameters: &[u8]) -> Message {
        (SERVER_KEY_EXCHANGE, [parameters, &[4, 3], &field16(b"any")].concat())
    }

    fn on_curve() -> Vec<u8> {
        [&[3, 0, 23][..], &field8(&[&[4][..], &[1; 64]].concat())].concat()
    }

    /// A `CertificateRequest` for these types and schemes, by these authorities.
    fn request(types: &[u8], schemes: &[u8], authorities: &[u8]) -> Message {
        (CERTIFICATE_REQUEST, [field8(types), field16(schemes), field16(authorities)].concat())
    }

    fn done() -> Message {
        (SERVER_HELLO_DONE, Vec::new())
    }

    #[test]
    fn what_java_17_takes_is_taken() {
        let taken = |messages: &[Message]| take(messages).unwrap();
        let again: Message = (HELLO_REQUEST, Vec::new());
        let all = [hello(), again.clone(), certificate(), exchange(&on_curve()), again, done()];
        assert_eq!(taken(&all), [2, 11, 12, 14]);
        let with_more = |(kind, body): Message| (kind, [body, vec![0]].concat());
        let request = request(&[1], &[4, 3], &field16(&[0x30, 0]));
        assert_eq!(
            taken(&[
                hello(),
                with_more(certificate()),
                with_more(exchange(&on_curve())),
                with_more(request),
                done(),
                (NEW_SESSION_TICKET, vec![0; 6]),
            ]),
            [2, 11, 12, 13, 14, 4]
        );
        let announced = [extension(0xff01, &[0]), extension(STATUS_REQUEST, &[])].concat();
        let announced = (SERVER_HELLO, server_hello(0xc02b, &announced));
        let multi = (CERTIFICATE_STATUS, [&[2][..], &field24(&field24(b"any"))].concat());
        assert_eq!(taken(&[announced, certificate(), multi]), [2, 11, 22]);
    }

    #[test]
    fn a_public_value_lies_between_1_and_the_prime_less_1() {
        use crate::misbehaviour::ValueFault::{Large, Small};
        let to = |public: &[u8]| {
            let field = [field16(&[0, 23]), field16(&[5]), field16(public)].concat();
            let hello = (SERVER_HELLO, server_hello(0x009e, &[]));
            take(&[
                hello,
                certificate(),
                (SERVER_KEY_EXCHANGE, [&field[..], &[4, 1, 0, 0]].concat()),
            ])
        };
        for (public, expected) in [
            (&[0, 0][..], Err(Small)),
            (&[], Err(Small)),
            (&[0, 1], Err(Small)),
            (&[2], Ok(())),
            (&[0, 21], Ok(())),
            (&[22], Err(Large)),
            (&[23], Err(Large)),
            (&[255], Err(Large)),
            (&[1, 0], Err(Large)),
        ] {
            let expected = expected.map(|()| vec![2, 11, 12]).map_err(Misbehaviour::PublicValue);
            assert_eq!(to(public), expected, "{public:?}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn what_java_17_refuses_is_refused_for_its_reason() {
        use Misbehaviour as Is;
        let malformed = |kind, fault| Is::MalformedMessage { kind, fault };
        let short = |length| malformed(CERTIFICATE_REQUEST, MessageFault::Short(length));
        let to_exchange = |parameters: &[u8]| vec![hello(), certificate(), exchange(parameters)];
        let to_request =
            |request: Message| vec![hello(), certificate(), exchange(&on_curve()), request];
        let point = |point: &[u8]| [&[3, 0, 23][..], &field8(point)].concat();
        for (messages, expected) in [
            (vec![hello(), hello()], Is::UnexpectedMessage(SERVER_HELLO)),
            (vec![hello(), (ENCRYPTED_EXTENSIONS, vec![0, 0])], Is::UnexpectedMessage(8)),
            (vec![hello(), (CERTIFICATE_STATUS, vec![])], Is::UnexpectedMessage(22)),
            (vec![hello(), (NEW_SESSION_TICKET, vec![])], Is::UnexpectedMessage(4)),
            (vec![hello(), certificate(), certificate()], Is::UnexpectedMessage(11)),
            (vec![hello(), (99, vec![])], Is::UnknownMessage(99)),
            (vec![hello(), (CERTIFICATE, vec![0; 3])], Is::NoCertificate),
            (vec![hello(), (CERTIFICATE, vec![0])], Is::MessageEnd(CERTIFICATE)),
            (
                vec![hello(), (CERTIFICATE, vec![0, 39, 15, 0, 0, 1])],
                malformed(CERTIFICATE, MessageFault::ListLength(9999)),
            ),
            (vec![hello(), (CERTIFICATE, field24(&[0, 39, 15, 0]))], Is::MessageEnd(CERTIFICATE)),
            (vec![hello(), exchange(&on_curve())], Is::UnsignedKeyExchange),
            (vec![hello(), request(&[1], &[4, 3], &[])], Is::OutOfOrder(CERTIFICATE_REQUEST)),
            (vec![hello(), certificate(), done()], Is::NoKeyExchange(Exchange::Ecdhe)),
            (to_exchange(&[1, 0, 0]), Is::CurveType(1)),
            (to_exchange(&[3, 10, 10, 0]), Is::KeyExchangeGroup(0x0a0a)),
            (to_exchange(&point(b"")), Is::Point(23, PointFault::Empty)),
            (to_exchange(&point(&[2; 33])), Is::Point(23, PointFault::Compressed)),
            (to_exchange(&point(&[4; 64])), Is::Point(23, PointFault::Length)),
            (to_exchange(&[3, 0]), Is::KeyExchangeGroup(4)),
            (
                vec![hello(), certificate(), (SERVER_KEY_EXCHANGE, on_curve())],
                Is::MessageEnd(SERVER_KEY_EXCHANGE),
            ),
            (
                vec![
                    hello(),
                    certificate(),
                    (SERVER_KEY_EXCHANGE, [on_curve(), vec![10, 10, 0, 0]].concat()),
                ],
                Is::SignatureScheme(0x0a0a),
            ),
            (to_request((CERTIFICATE_REQUEST, vec![0; 7])), short(7)),
            (to_request((CERTIFICATE_REQUEST, vec![3, 1, 1, 1, 0, 2, 4, 3])), short(8)),
            (
                to_request(request(&[1], &[], &field16(&[0x30, 0]))),
                malformed(CERTIFICATE_REQUEST, MessageFault::Numbers),
            ),
            (to_request(request(&[1], &[10, 10], &[])), Is::NoCommonScheme),
            (
                to_request(request(&[1], &[4, 3], &field16(b"abc"))),
                malformed(CERTIFICATE_REQUEST, MessageFault::Name),
            ),
            (
                vec![hello(), certificate(), request(&[1], &[4, 3], &[]), exchange(&on_curve())],
                Is::OutOfOrder(SERVER_KEY_EXCHANGE),
            ),
            (
                to_request((SERVER_HELLO_DONE, vec![0])),
                malformed(SERVER_HELLO_DONE, MessageFault::NotEmpty),
            ),
            (
                [to_request(done()), vec![(NEW_SESSION_TICKET, vec![0])]].concat(),
                malformed(NEW_SESSION_TICKET, MessageFault::Short(1)),
            ),
            ([to_request(done()), vec![(FINISHED, vec![0; 12])]].concat(), Is::MissingCipherSpec),
        ] {
            assert_eq!(take(&messages), Err(expected), "{messages:02x?}");
        }
    }
}
