//! What rustls is told to call back: it writes everything down and decides nothing.

use std::sync::{Arc, Mutex, PoisonError};

use pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{
    ClientSessionStore, ResolvesClientCert, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::sign::{CertifiedKey, Signer};
use rustls::{
    DigitallySignedStruct, Error, KeyLog, NamedGroup, SignatureAlgorithm, SignatureScheme,
};

use crate::engine::SigningKey;
use crate::engine::signature::{self, Fault};
use crate::engine::spki::PublicKey;
use crate::identity::{CertificateRequest, Choice, Credentials, Identity};
use crate::request::ProtocolVersion;

/// All that rustls said during one handshake.
///
/// The certificates are accepted here and judged outside, before rustls sees them: so the judge needs no locks, and nothing goes out
/// too early.
#[derive(Debug)]
pub(crate) struct Recorder {
    schemes: Vec<SignatureScheme>,
    /// The group of the first key share.
    first_share: Option<NamedGroup>,
    identity: Option<Arc<dyn Identity>>,
    record: Mutex<Record>,
}

/// The state of a [`Recorder`].
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// What was wrong with the signature over the handshake.
    pub(crate) signature: Option<Fault>,
    /// Whether the peer asked for a client certificate.
    pub(crate) is_certificate_requested: bool,
    /// The names of the authorities that the peer then named.
    pub(crate) authorities: Vec<Vec<u8>>,
    /// The signature schemes that the peer asks of a client certificate, and those of its chain where it names them apart.
    pub(crate) asked: [Vec<u16>; 2],
    /// What is answered to a request for a certificate.
    pub(crate) chosen: Option<Choice>,
    /// The scheme of the peer's signature.
    pub(crate) scheme: Option<u16>,
    /// How many session tickets came.
    pub(crate) tickets: usize,
    /// The client's handshake traffic secret: to encrypt the alert of a refusal.
    pub(crate) handshake_secret: Vec<u8>,
    /// The server's: to read what it asks of the client.
    pub(crate) server_secret: Vec<u8>,
}

impl Recorder {
    pub(crate) fn new(
        schemes: &[u16],
        first_share: Option<u16>,
        identity: Option<Arc<dyn Identity>>,
    ) -> Self {
        Self {
            identity,
            first_share: first_share.map(NamedGroup::from),
            schemes: schemes.iter().copied().map(SignatureScheme::from).collect(),
            record: Mutex::default(),
        }
    }

    /// Looks at the record, or changes it.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Record) -> T) -> T {
        look(&mut self.record.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn verified(&self, result: Result<(), Fault>) -> Result<HandshakeSignatureValid, Error> {
        match result {
            Ok(()) => Ok(HandshakeSignatureValid::assertion()),
            Err(fault) => {
                self.with(|record| record.signature = Some(fault));
                Err(Error::General("the signature was not accepted".to_owned()))
            }
        }
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("rustls makes no handshakes of TLS 1.2".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.with(|record| record.scheme = Some(signed.scheme.into()));
        self.verified(verify(message, certificate, signed))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

fn verify(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> Result<(), Fault> {
    let code = u16::from(signed.scheme);
    let key = PublicKey::of(certificate).ok_or(Fault::Unverifiable(code))?;
    signature::verify(code, &key, message, signed.signature())
}

impl ResolvesClientCert for Recorder {
    fn resolve(
        &self,
        authorities: &[&[u8]],
        _schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        let authorities: Vec<Vec<u8>> = authorities.iter().map(|name| name.to_vec()).collect();
        let chosen = self.with(|record| record.chosen.take());
        let chosen = chosen.or_else(|| self.choose(&authorities));
        self.with(|record| {
            record.is_certificate_requested = true;
            record.authorities = authorities;
            record.chosen.clone_from(&chosen);
        });
        let Some(Choice::Credentials(Credentials { chain, key, scheme })) = chosen else {
            return None;
        };
        Some(Arc::new(CertifiedKey::new(chain, Arc::new(Ours { key, scheme }))))
    }

    fn has_certs(&self) -> bool {
        self.identity.is_some()
    }
}

impl Recorder {
    /// Asks who the client is. Before TLS 1.3 that was done when the request was seen in the clear.
    fn choose(&self, authorities: &[Vec<u8>]) -> Option<Choice> {
        let [schemes, certificate_schemes] = self.with(|record| std::mem::take(&mut record.asked));
        Some(self.identity.as_ref()?.choose(&CertificateRequest {
            protocol: ProtocolVersion::Tls13,
            types: &[],
            schemes: &schemes,
            certificate_schemes: &certificate_schemes,
            authorities,
        }))
    }
}

/// The client's key with the scheme that was chosen: rustls is left no choice.
#[derive(Clone, Debug)]
struct Ours {
    key: Arc<SigningKey>,
    scheme: u16,
}

impl rustls::sign::SigningKey for Ours {
    fn choose_scheme(&self, _offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        Some(Box::new(self.clone()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        // Servers alone are asked.
        SignatureAlgorithm::Anonymous
    }
}

impl Signer for Ours {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature = self.key.sign(self.scheme, message);
        signature.ok_or_else(|| Error::General("no means to sign".to_owned()))
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::from(self.scheme)
    }
}

impl KeyLog for Recorder {
    fn log(&self, label: &str, _client_random: &[u8], secret: &[u8]) {
        self.with(|record| match label {
            CLIENT_SECRET => record.handshake_secret = secret.to_vec(),
            SERVER_SECRET => record.server_secret = secret.to_vec(),
            _ => {}
        });
    }

    fn will_log(&self, label: &str) -> bool {
        matches!(label, CLIENT_SECRET | SERVER_SECRET)
    }
}

/// Nothing is resumed: tickets are counted and thrown away.
impl ClientSessionStore for Recorder {
    fn set_kx_hint(&self, _server_name: ServerName<'static>, _group: NamedGroup) {}

    fn kx_hint(&self, _server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.first_share
    }

    fn set_tls12_session(&self, _name: ServerName<'static>, _value: Tls12ClientSessionValue) {}

    fn tls12_session(&self, _name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        None
    }

    fn remove_tls12_session(&self, _name: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _name: ServerName<'static>, _value: Tls13ClientSessionValue) {
        self.with(|record| record.tickets = record.tickets.saturating_add(1));
    }

    fn take_tls13_ticket(&self, _name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        None
    }
}

const CLIENT_SECRET: &str = "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
const SERVER_SECRET: &str = "SERVER_HANDSHAKE_TRAFFIC_SECRET";
