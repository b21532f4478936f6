//! The end of a handshake of TLS 1.3 that rustls gave up although nothing speaks against it: JSSE bears more.

use crate::cause::Cause;
use crate::conversation::Conversation as _;
use crate::engine::rustls::drive::Drive;
use crate::engine::signature;
use crate::engine::spki::PublicKey;
use crate::misbehaviour::Misbehaviour;
use crate::wire::{
    CERTIFICATE_VERIFY, Cursor, FINISHED, HANDSHAKE, Seal, message, transcript_hash, verify_data,
};

impl Drive<'_, '_> {
    /// Whether the handshake can go on without rustls: it is begun, and the peer wants nothing but to be believed.
    pub(super) fn can_go_alone(&self) -> bool {
        !self.server_secret.is_empty()
            && !self.watch.was_retried
            && !self.watch.is_certificate_requested
    }

    /// Verifies what the peer signed and its `Finished`, and answers with ours (RFC 8446, section 4.4).
    ///
    /// No application bytes follow: rustls alone has the secret of those.
    pub(super) fn end_alone(&mut self) -> Result<(), Cause> {
        if self.watch.is_certificate_requested {
            return Err(no_means());
        }
        let suite = self.watch.cipher_suite();
        let mut transcript = self.client_hello.clone();
        for (kind, message) in &self.messages {
            let body = message.get(4..).unwrap_or_default();
            match *kind {
                CERTIFICATE_VERIFY => self.verify(body, &transcript_hash(suite, &transcript))?,
                FINISHED => {
                    let expected = verify_data(suite, &self.server_secret, &transcript);
                    if expected.ok_or_else(no_means)? != body {
                        return Err(Cause::Misbehaved(Misbehaviour::Finished));
                    }
                }
                _ => {}
            }
            transcript.extend_from_slice(message);
        }
        let secret = self.recorder.with(|record| std::mem::take(&mut record.handshake_secret));
        let finished = verify_data(suite, &secret, &transcript).ok_or_else(no_means)?;
        let mut ours = Seal::new(suite, &secret).ok_or_else(no_means)?;
        let record = ours.seal(HANDSHAKE, &message(FINISHED, &finished)).ok_or_else(no_means)?;
        self.stream.say(&record)
    }

    fn verify(&self, body: &[u8], hash: &[u8]) -> Result<(), Cause> {
        let mut cursor = Cursor(body);
        let (scheme, signature) = (cursor.u16(), cursor.vector16());
        let key = self.watch.chain.first().and_then(PublicKey::of);
        let (Some(scheme), Some(signature), Some(key)) = (scheme, signature, key) else {
            return Err(Cause::Undetermined("the certificate has no readable key".to_owned()));
        };
        let signed =
            [&[b' '; 64], b"TLS 1.3, server CertificateVerify\0".as_slice(), hash].concat();
        signature::verify(scheme, &key, &signed, signature).map_err(Cause::from)
    }
}

fn no_means() -> Cause {
    Cause::Undetermined("no means to end the handshake without rustls".to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    use ring::hmac::{self, HMAC_SHA256};
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

    use crate::cause::Cause;
    use crate::engine::agreement::Agreement;
    use crate::misbehaviour::Misbehaviour;
    use crate::observation::{Engine, Observation};
    use crate::probe::probe;
    use crate::request::{Families, Offer, ProbeRequest, Route, Timeouts};
    use crate::wire::recorded::{self, Anybody, extension, field8, field16, field24, message};
    use crate::wire::{HANDSHAKE, Seal, transcript_hash, verify_data};

    const SUITE: u16 = 0x1301;
    const X25519: u16 = 0x001d;

    /// What the server does wrong.
    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    enum Wrong {
        Nothing,
        Signature,
        Finished,
    }

    fn expand(secret: &[u8], label: &[u8], context: &[u8]) -> Vec<u8> {
        let label = field8(&[b"tls13 ", label].concat());
        let info = [&[0, 32][..], &label, &field8(context), &[1]].concat();
        extract(secret, &info)
    }

    fn extract(salt: &[u8], secret: &[u8]) -> Vec<u8> {
        hmac::sign(&hmac::Key::new(HMAC_SHA256, salt), secret).as_ref().to_vec()
    }

    fn record(stream: &mut TcpStream) -> (u8, Vec<u8>) {
        let mut header = [0; 5];
        stream.read_exact(&mut header).unwrap();
        let mut fragment = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
        stream.read_exact(&mut fragment).unwrap();
        (header[0], fragment)
    }

    /// Serves one handshake of TLS 1.3 with an extension that nobody asked for; returns whether the client's `Finished` is right.
    fn serve(listener: &TcpListener, wrong: Wrong) -> bool {
        let (mut stream, _) = listener.accept().unwrap();
        let (_, hello) = record(&mut stream);
        let asked = recorded::parse(&hello);
        let (_, theirs) = asked.shares.iter().find(|(group, _)| *group == X25519).unwrap();
        let ours = Agreement::start(X25519).unwrap();
        let share = [&X25519.to_be_bytes()[..], &field16(&ours.public)].concat();
        let extensions = [extension(43, &[3, 4]), extension(51, &share)].concat();
        let head = [&[3, 3][..], &[7; 32], &field8(&asked.session_id), &[0x13, 1, 0]].concat();
        let answer = message(2, &[head, field16(&extensions)].concat());
        let mut transcript = [hello, answer.clone()].concat();
        let empty = transcript_hash(SUITE, b"");
        let early = extract(&[0; 32], &[0; 32]);
        let secret = extract(&expand(&early, b"derived", &empty), &ours.complete(theirs).unwrap());
        let hash = transcript_hash(SUITE, &transcript);
        let server = expand(&secret, b"s hs traffic", &hash);
        let client = expand(&secret, b"c hs traffic", &hash);
        let mut seal = Seal::new(SUITE, &server).unwrap();
        let mut flight = [&[HANDSHAKE, 3, 3][..], &field16(&answer)].concat();
        let made = rcgen::generate_simple_self_signed(["server.example.test".to_owned()]).unwrap();
        let key = made.signing_key.serialize_der();
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key, &random).unwrap();
        for kind in [8, 11, 15, 20] {
            let body = match kind {
                8 => field16(&extension(0x1234, b"unasked")),
                11 => {
                    let entry = [field24(made.cert.der()), field16(&[])].concat();
                    [vec![0], field24(&entry)].concat()
                }
                15 => {
                    let hash = transcript_hash(SUITE, &transcript);
                    let label = b"TLS 1.3, server CertificateVerify\0".as_slice();
                    let blank = if wrong == Wrong::Signature { b'x' } else { b' ' };
                    let signed = [&[blank; 64], label, &hash].concat();
                    let signature = key.sign(&random, &signed).unwrap();
                    [&[4, 3][..], &field16(signature.as_ref())].concat()
                }
                _ if wrong == Wrong::Finished => vec![1; 32],
                _ => verify_data(SUITE, &server, &transcript).unwrap(),
            };
            let message = message(kind, &body);
            flight.extend(seal.seal(HANDSHAKE, &message).unwrap());
            transcript.extend(message);
        }
        stream.write_all(&flight).unwrap();
        let mut theirs = Seal::new(SUITE, &client).unwrap();
        let (kind, mut fragment) = record(&mut stream);
        if kind == 20 {
            fragment = record(&mut stream).1;
        }
        let expected = message(20, &verify_data(SUITE, &client, &transcript).unwrap());
        theirs.open(23, &fragment) == Ok((HANDSHAKE, expected))
    }

    fn shake(wrong: Wrong) -> (Observation, bool) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || serve(&listener, wrong));
        let java17 = recorded::all().remove(2).offer;
        let request = ProbeRequest {
            host: "server.example.test".to_owned(),
            port: address.port(),
            resolved: Some(vec![address]),
            families: Families::default(),
            route: Route::Direct,
            starttls: None,
            offer: Offer { server_name: None, ..java17 },
            identity: None,
            poke: vec![1],
            timeouts: Timeouts { total: Some(Duration::from_secs(20)), late_alert: Duration::ZERO },
        };
        let observation = probe(&request, &Anybody);
        (observation, server.join().unwrap())
    }

    #[test]
    fn what_rustls_gives_up_and_java_bears_is_ended() {
        let (observation, is_answered) = shake(Wrong::Nothing);
        assert!(observation.outcome.is_ok(), "{:?}", observation.outcome);
        assert!(is_answered);
        assert_eq!(observation.engine, Engine::Rustls);
        assert_eq!(observation.signature_scheme, Some("ecdsa_secp256r1_sha256"));
        assert_eq!(observation.chain.len(), 1);
    }

    #[test]
    fn who_can_not_prove_itself_is_refused_even_so() {
        for (wrong, expected) in
            [(Wrong::Signature, Misbehaviour::Signature), (Wrong::Finished, Misbehaviour::Finished)]
        {
            let (observation, is_answered) = shake(wrong);
            let cause = observation.outcome.unwrap_err().cause;
            assert!(matches!(cause, Cause::Misbehaved(fault) if fault == expected), "{cause}");
            assert!(!is_answered, "{wrong:?}");
        }
    }
}
