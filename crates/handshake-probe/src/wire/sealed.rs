//! The encrypted messages of TLS 1.3, checked as JSSE checks them (RFC 8446, section 4.3 and 4.4).

use pki_types::CertificateDer;

use crate::misbehaviour::{ExtensionFault, MessageFault, Misbehaviour};
use crate::wire::extensions::Extensions;
use crate::wire::hello::{ALPN, MAX_FRAGMENT_LENGTH, SERVER_NAME, STATUS_REQUEST};
use crate::wire::seal::{SHA384_SUITE, Seal};
use crate::wire::{
    CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, Cursor, ENCRYPTED_EXTENSIONS, FINISHED,
    Watch,
};

impl Watch<'_> {
    /// Awaits what may follow a `ServerHello` of TLS 1.3.
    pub(super) fn await_sealed(&mut self) {
        self.awaited = vec![
            ENCRYPTED_EXTENSIONS,
            CERTIFICATE_REQUEST,
            CERTIFICATE,
            CERTIFICATE_VERIFY,
            FINISHED,
        ];
    }

    /// Whether the secret of the peer's records is wanted.
    pub(crate) fn wants_secret(&self) -> bool {
        self.is_sealed() && self.seal.is_none()
    }

    /// Takes the secret of the peer's records (RFC 8446, section 7.1: `server_handshake_traffic_secret`).
    pub(crate) fn unseal(&mut self, secret: &[u8]) {
        self.seal = Seal::new(self.cipher_suite(), secret);
    }

    /// Takes a message; JSSE asks for no order but where one needs another.
    pub(super) fn sealed(&mut self, kind: u8, body: &[u8]) -> Result<(), Misbehaviour> {
        if !self.take_awaited(kind) {
            return Err(Misbehaviour::UnexpectedMessage(kind));
        }
        match kind {
            ENCRYPTED_EXTENSIONS => self.encrypted_extensions(body),
            CERTIFICATE_REQUEST => self.sealed_request(body),
            CERTIFICATE => self.sealed_certificates(body),
            CERTIFICATE_VERIFY => self.certificate_verify(body),
            _ => self.finished(body),
        }
    }

    fn encrypted_extensions(&self, body: &[u8]) -> Result<(), Misbehaviour> {
        if body.len() < 2 {
            return Err(short(ENCRYPTED_EXTENSIONS, body));
        }
        let extensions =
            Extensions::read(ENCRYPTED_EXTENSIONS, &mut Cursor(body), self.judge, |_| Ok(()))?;
        if self.offer.server_name.is_none() {
            extensions.refuse(SERVER_NAME)?;
        }
        extensions.refuse(MAX_FRAGMENT_LENGTH)?;
        extensions.numbers(SUPPORTED_GROUPS)?;
        extensions.refuse(ALPN)
    }

    fn sealed_request(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        if self.awaited.contains(&ENCRYPTED_EXTENSIONS) {
            return Err(Misbehaviour::OutOfOrder(CERTIFICATE_REQUEST));
        }
        self.is_certificate_requested = true;
        let mut cursor = Cursor(body);
        if body.len() < 5 {
            return Err(short(CERTIFICATE_REQUEST, body));
        }
        cursor.vector8().ok_or(Misbehaviour::MessageEnd(CERTIFICATE_REQUEST))?;
        if cursor.0.len() < 4 {
            let fault = MessageFault::ShortExtensions;
            return Err(Misbehaviour::MalformedMessage { kind: CERTIFICATE_REQUEST, fault });
        }
        let extensions =
            Extensions::read(CERTIFICATE_REQUEST, &mut cursor, self.judge, |_| Ok(()))?;
        let absent = || extensions.fault(SIGNATURE_ALGORITHMS, 0, ExtensionFault::Absent);
        self.asked_schemes = extensions.numbers(SIGNATURE_ALGORITHMS)?.ok_or_else(absent)?;
        let apart = extensions.numbers(SIGNATURE_ALGORITHMS_CERT)?;
        self.asked_certificate_schemes = apart.unwrap_or_default();
        self.check_common_scheme(|scheme| {
            is_tls13(scheme) || self.judge.bears(Misbehaviour::SignatureScheme(scheme))
        })?;
        let Some(value) = extensions.value(CERTIFICATE_AUTHORITIES) else { return Ok(()) };
        let fault = |fault| extensions.fault(CERTIFICATE_AUTHORITIES, value.len(), fault);
        if value.len() < 3 {
            return Err(fault(ExtensionFault::Short));
        }
        let list = Cursor(value).vector16();
        let mut list = Cursor(list.ok_or_else(|| fault(ExtensionFault::Beyond))?);
        self.authorities.clear();
        while !list.is_empty() {
            let end = Misbehaviour::MessageEnd(CERTIFICATE_REQUEST);
            self.authorities.push(list.vector16().ok_or(end)?.to_vec());
        }
        self.check_authorities()
    }

    fn sealed_certificates(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        let malformed = |fault| Misbehaviour::MalformedMessage { kind: CERTIFICATE, fault };
        let end = Misbehaviour::MessageEnd(CERTIFICATE);
        if body.len() < 4 {
            return Err(short(CERTIFICATE, body));
        }
        let oddity = Misbehaviour::OutOfOrder(CERTIFICATE);
        if self.awaited.contains(&ENCRYPTED_EXTENSIONS) && !self.judge.bears(oddity) {
            return Err(oddity);
        }
        let mut cursor = Cursor(body);
        cursor.vector8().ok_or(end)?;
        let left = cursor.0.len();
        let length = cursor.u24().ok_or_else(|| malformed(MessageFault::ShortList(left)))?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length != cursor.0.len() {
            return Err(malformed(MessageFault::ListLength(length)));
        }
        self.chain.clear();
        while !cursor.is_empty() {
            let certificate = cursor.vector24().ok_or(end)?;
            if certificate.is_empty() {
                return Err(malformed(MessageFault::EmptyEntry));
            }
            let extensions = Extensions::read(CERTIFICATE, &mut cursor, self.judge, |_| Ok(()))?;
            let status = extensions.value(STATUS_REQUEST);
            if status.is_some_and(|status| status.len() > 1 && is_cut(status)) {
                return Err(end);
            }
            extensions.check(STATUS_REQUEST, response_fault)?;
            if self.chain.is_empty() {
                let response = status.and_then(response);
                self.ocsp_response = response.unwrap_or_default().to_vec();
            }
            self.chain.push(CertificateDer::from(certificate.to_vec()));
        }
        if self.chain.is_empty() {
            return Err(Misbehaviour::NoCertificate);
        }
        self.is_judgement_due = true;
        Ok(())
    }

    fn certificate_verify(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        let oddity = Misbehaviour::OutOfOrder(CERTIFICATE_VERIFY);
        if self.awaited.contains(&CERTIFICATE) && !self.judge.bears(oddity) {
            return Err(oddity);
        }
        if body.len() < 4 {
            return Err(short(CERTIFICATE_VERIFY, body));
        }
        let mut cursor = Cursor(body);
        let scheme = cursor.u16().unwrap_or_default();
        self.scheme = Some(scheme);
        let oddity = Misbehaviour::SignatureScheme(scheme);
        if !self.offer.signature_schemes.contains(&scheme)
            || !(is_tls13(scheme) || self.judge.bears(oddity))
        {
            return Err(oddity);
        }
        if self.chain.is_empty() {
            return Err(Misbehaviour::NoCredentials);
        }
        cursor.vector16().map(|_| ()).ok_or(Misbehaviour::MessageEnd(CERTIFICATE_VERIFY))
    }

    fn finished(&mut self, body: &[u8]) -> Result<(), Misbehaviour> {
        if self.awaited.contains(&CERTIFICATE) || self.awaited.contains(&CERTIFICATE_VERIFY) {
            return Err(Misbehaviour::OutOfOrder(FINISHED));
        }
        let needed = if self.cipher_suite() == SHA384_SUITE { 48 } else { 32 };
        if body.len() != needed {
            let fault = MessageFault::Length { needed, found: body.len() };
            return Err(Misbehaviour::MalformedMessage { kind: FINISHED, fault });
        }
        self.is_flight_done = true;
        Ok(())
    }
}

fn short(kind: u8, body: &[u8]) -> Misbehaviour {
    Misbehaviour::MalformedMessage { kind, fault: MessageFault::Short(body.len()) }
}

/// Returns the OCSP response of an extension of a certificate (RFC 8446, section 4.4.2.1).
fn response(value: &[u8]) -> Option<&[u8]> {
    let mut cursor = Cursor(value);
    cursor.u8().filter(|kind| *kind == OCSP)?;
    cursor.vector24()
}

/// Whether an extension of a certificate ends within its response.
fn is_cut(status: &[u8]) -> bool {
    status.first() == Some(&OCSP) && response(status).is_none()
}

fn response_fault(value: &[u8]) -> Option<ExtensionFault> {
    if value.len() < 2 {
        return Some(ExtensionFault::Short);
    }
    match response(value)? {
        [] => Some(ExtensionFault::EmptyResponse),
        // An OCSPResponse is a sequence that begins with an enumerated status (RFC 6960, section 4.2.1).
        [0x30, _, 0x0a, 1, ..] | [0x30, 0x81, _, 0x0a, 1, ..] | [0x30, 0x82, _, _, 0x0a, 1, ..] => {
            None
        }
        _ => Some(ExtensionFault::NoResponse),
    }
}

/// Whether a scheme is one that TLS 1.3 has for handshakes (RFC 8446, section 4.2.3).
fn is_tls13(scheme: u16) -> bool {
    matches!(scheme, 0x0403 | 0x0503 | 0x0603 | 0x0804..=0x080b)
}

const OCSP: u8 = 1;
const SUPPORTED_GROUPS: u16 = 10;
const SIGNATURE_ALGORITHMS: u16 = 13;
const CERTIFICATE_AUTHORITIES: u16 = 47;
const SIGNATURE_ALGORITHMS_CERT: u16 = 50;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::Cause;
    use crate::wire::recorded::{
        self, Anybody, extension, field8, field16, field24, message, server_hello,
    };
    use crate::wire::{APPLICATION_DATA, Event, HANDSHAKE, SERVER_HELLO};

    const SECRET: [u8; 32] = [5; 32];

    /// Sends records, each of a content type and its content, to who said Java 17's hello.
    fn send(records: &[(u8, Vec<u8>)]) -> Result<Vec<u8>, Misbehaviour> {
        let hello = recorded::all().remove(2);
        let shares: Vec<u16> = hello.shares.iter().map(|(group, _)| *group).collect();
        let share = [shares[0].to_be_bytes().as_slice(), &field16(&[4; 65])].concat();
        let extensions = [extension(43, &[3, 4]), extension(51, &share)].concat();
        let mut watch = Watch::new(&hello.offer, shares, &Anybody);
        let answer = message(SERVER_HELLO, &server_hello(0x1301, &extensions));
        watch.record(&[&[HANDSHAKE, 3, 3][..], &field16(&answer)].concat()).unwrap();
        assert!(matches!(watch.step(), Ok(Some(Event::Message(SERVER_HELLO, _)))));
        assert!(watch.wants_secret());
        watch.unseal(&SECRET);
        let mut theirs = Seal::new(0x1301, &SECRET).unwrap();
        let misbehaved = |cause| {
            let Cause::Misbehaved(misbehaviour) = cause else { panic!("{cause}") };
            misbehaviour
        };
        let mut taken = Vec::new();
        for (kind, content) in records {
            watch.record(&theirs.seal(*kind, content).unwrap()).map_err(misbehaved)?;
            while let Some(event) = watch.step().map_err(misbehaved)? {
                if let Event::Message(kind, _) = event {
                    taken.push(kind);
                }
            }
        }
        Ok(taken)
    }

    fn take(messages: &[(u8, Vec<u8>)]) -> Result<Vec<u8>, Misbehaviour> {
        let records: Vec<_> =
            messages.iter().map(|(kind, body)| (HANDSHAKE, message(*kind, body))).collect();
        send(&records)
    }

    fn list(kind: u8, context: &[u8], extensions: &[u8]) -> (u8, Vec<u8>) {
        (kind, [context, &field16(extensions)].concat())
    }

    fn certificate(entries: &[u8]) -> (u8, Vec<u8>) {
        (CERTIFICATE, [&[0][..], &field24(entries)].concat())
    }

    fn entry(extensions: &[u8]) -> Vec<u8> {
        [field24(b"any"), field16(extensions)].concat()
    }

    fn verify() -> (u8, Vec<u8>) {
        (CERTIFICATE_VERIFY, [&[4, 3][..], &field16(b"any")].concat())
    }

    fn schemes(list: &[u8]) -> Vec<u8> {
        extension(SIGNATURE_ALGORITHMS, &field16(list))
    }

    #[test]
    fn what_java_17_takes_is_taken() {
        let none = list(ENCRYPTED_EXTENSIONS, &[], &[]);
        let any = list(ENCRYPTED_EXTENSIONS, &[], &extension(0x1234, b"x"));
        let finished = (FINISHED, vec![0; 32]);
        let asked = list(CERTIFICATE_REQUEST, &field8(b"abc"), &schemes(&[4, 3]));
        let plain = entry(&[]);
        let odd = entry(&[extension(18, &[0, 0]), extension(5, &[2, 0])].concat());
        for (messages, expected) in [
            (vec![none, certificate(&plain), verify(), finished.clone()], vec![8, 11, 15, 20]),
            (
                vec![any, asked.clone(), certificate(&odd), verify(), finished.clone()],
                vec![8, 13, 11, 15, 20],
            ),
            (vec![certificate(&plain), verify(), finished], vec![11, 15, 20]),
        ] {
            assert_eq!(take(&messages), Ok(expected), "{messages:02x?}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn what_java_17_refuses_is_refused_for_its_reason() {
        use Misbehaviour as Is;
        let none = || list(ENCRYPTED_EXTENSIONS, &[], &[]);
        let malformed = |kind, fault| Is::MalformedMessage { kind, fault };
        let extensions = |extensions: &[u8]| vec![list(ENCRYPTED_EXTENSIONS, &[], extensions)];
        let asked =
            |extensions: &[u8]| vec![none(), list(CERTIFICATE_REQUEST, &field8(b""), extensions)];
        let bad = |kind, code, length, fault| Is::Extension { kind, code, length, fault };
        let unsolicited = |code| Is::UnsolicitedExtension { kind: ENCRYPTED_EXTENSIONS, code };
        let with = |message: (u8, Vec<u8>)| vec![none(), message];
        let after = |message: (u8, Vec<u8>)| vec![none(), certificate(&entry(&[])), message];
        for (messages, expected) in [
            (vec![none(), none()], Is::UnexpectedMessage(8)),
            (with((1, vec![3, 3])), Is::UnexpectedMessage(1)),
            (with((98, vec![])), Is::UnknownMessage(98)),
            (
                vec![(ENCRYPTED_EXTENSIONS, vec![0])],
                malformed(ENCRYPTED_EXTENSIONS, MessageFault::Short(1)),
            ),
            (vec![(ENCRYPTED_EXTENSIONS, vec![0, 9])], Is::ExtensionsLength),
            (extensions(&extension(1, &[1])), unsolicited(1)),
            (extensions(&extension(16, &[0, 0])), unsolicited(16)),
            (extensions(&extension(10, &[])), bad(8, 10, 0, ExtensionFault::Short)),
            (extensions(&extension(10, &[0, 3, 0, 29, 0])), bad(8, 10, 5, ExtensionFault::List)),
            (
                vec![list(CERTIFICATE_REQUEST, &[0], &schemes(&[4, 3]))],
                Is::OutOfOrder(CERTIFICATE_REQUEST),
            ),
            (
                with((CERTIFICATE_REQUEST, vec![0; 4])),
                malformed(CERTIFICATE_REQUEST, MessageFault::Short(4)),
            ),
            (asked(&extension(47, &[0, 0])), bad(13, 13, 0, ExtensionFault::Absent)),
            (asked(&schemes(&[])), bad(13, 13, 2, ExtensionFault::List)),
            (asked(&schemes(&[10, 10])), Is::NoCommonScheme),
            (asked(&extension(13, &[0, 2, 4, 3, 0])), bad(13, 13, 5, ExtensionFault::Long)),
            (asked(&extension(13, &[0, 8, 4, 3])), Is::MessageEnd(13)),
            (
                with((CERTIFICATE_REQUEST, vec![2, 1, 1, 0, 0, 0])),
                malformed(13, MessageFault::ShortExtensions),
            ),
            (
                asked(&[schemes(&[4, 3]), extension(47, &[0, 0])].concat()),
                bad(13, 47, 2, ExtensionFault::Short),
            ),
            (
                asked(&[schemes(&[4, 3]), extension(47, &field16(&field16(b"abc")))].concat()),
                malformed(CERTIFICATE_REQUEST, MessageFault::Name),
            ),
            (
                asked(&[schemes(&[4, 3]), extension(47, &[0, 9, 1, 1])].concat()),
                bad(13, 47, 4, ExtensionFault::Beyond),
            ),
            (
                with((CERTIFICATE, vec![2, 1, 1, 0, 0])),
                malformed(CERTIFICATE, MessageFault::ShortList(2)),
            ),
            (
                with(certificate(&entry(&extension(5, &[1, 0, 0, 2, 0x30, 0])))),
                bad(11, 5, 6, ExtensionFault::NoResponse),
            ),
            (with(certificate(&entry(&extension(5, &[1, 0, 0, 9])))), Is::MessageEnd(11)),
            (with(certificate(&[])), Is::NoCertificate),
            (with((CERTIFICATE, vec![0])), malformed(CERTIFICATE, MessageFault::Short(1))),
            (
                with((CERTIFICATE, vec![0, 0, 39, 15, 0])),
                malformed(CERTIFICATE, MessageFault::ListLength(9999)),
            ),
            (with(certificate(&[0; 5])), malformed(CERTIFICATE, MessageFault::EmptyEntry)),
            (with(certificate(&field24(b"any"))), Is::NoExtensions),
            (with(certificate(&[0, 39, 15])), Is::MessageEnd(CERTIFICATE)),
            (with(certificate(&entry(&extension(5, &[])))), bad(11, 5, 0, ExtensionFault::Short)),
            (
                with(certificate(&entry(&extension(5, &[1, 0, 0, 0])))),
                bad(11, 5, 4, ExtensionFault::EmptyResponse),
            ),
            (with(verify()), Is::NoCredentials),
            (after((CERTIFICATE_VERIFY, vec![4])), malformed(15, MessageFault::Short(1))),
            (after((CERTIFICATE_VERIFY, vec![10, 10, 0, 0])), Is::SignatureScheme(0x0a0a)),
            (after((CERTIFICATE_VERIFY, vec![4, 3, 0, 9])), Is::MessageEnd(15)),
            (after((FINISHED, vec![0; 32])), Is::OutOfOrder(FINISHED)),
            (
                [after(verify()), vec![(FINISHED, vec![0; 31])]].concat(),
                malformed(FINISHED, MessageFault::Length { needed: 32, found: 31 }),
            ),
        ] {
            assert_eq!(take(&messages), Err(expected), "{messages:02x?}");
        }
    }

    #[test]
    fn records_of_tls_13_are_opened_as_java_17_opens_them() {
        use Misbehaviour as Is;
        for (kind, content, expected) in [
            (APPLICATION_DATA, b"x".as_slice(), Is::UnexpectedRecord(APPLICATION_DATA)),
            (20, &[1, 2], Is::MalformedCipherSpec),
            (99, b"x", Is::UnknownContentType(99)),
            (HANDSHAKE, b"", Is::NoContentType),
            (0, &[0; 8], Is::NoContentType),
            (21, &[2], Is::ShortAlert),
            (21, &[2, 40, 0], Is::ShortAlert),
        ] {
            assert_eq!(send(&[(kind, content.to_vec())]), Err(expected), "{kind} {content:?}");
        }
        let started = message(CERTIFICATE, &[0; 9])[..5].to_vec();
        let interrupted = [(HANDSHAKE, started), (21, vec![2, 40])];
        assert_eq!(send(&interrupted), Err(Is::InterruptedMessage(21)));
        let mut seal = Seal::new(0x1301, &SECRET).unwrap();
        let short = Is::ShortRecord { length: 16, nonce: 0 };
        assert_eq!(seal.open(APPLICATION_DATA, &[0; 16]), Err(short));
        assert_eq!(seal.open(APPLICATION_DATA, &[0; 17]), Err(Is::Decryption));
    }
}
