//! The servers, the judges and the request that the tests start from.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use handshake_probe::{
    Decision, Families, Judge, Offer, PeerCertificates, ProbeRequest, Route, Timeouts,
};
use pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion};

/// A judge that always says the same.
pub(crate) struct Always(pub(crate) Decision);

impl Judge for Always {
    fn judge(&self, _peer: &PeerCertificates<'_>) -> Decision {
        self.0
    }
}

/// A judge that accepts.
pub(crate) const ACCEPT: Always = Always(Decision::Accept);

/// A server that serves one connection.
pub(crate) struct Server<T> {
    pub(crate) address: SocketAddr,
    served: JoinHandle<T>,
}

impl<T: Send + 'static> Server<T> {
    pub(crate) fn start(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = thread::spawn(move || serve(listener.accept().unwrap().0));
        Self { address, served }
    }

    /// Waits for the end and returns what the server saw.
    pub(crate) fn saw(self) -> T {
        self.served.join().unwrap()
    }
}

/// What a TLS server saw of its client.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) server_name: Option<String>,
    pub(crate) application_bytes: Vec<u8>,
    pub(crate) error: Option<String>,
}

/// How a TLS server differs from the plainest one.
#[derive(Clone, Copy, Default)]
pub(crate) struct Kind {
    pub(crate) version: Option<&'static SupportedProtocolVersion>,
    pub(crate) demands_certificate: bool,
}

/// Starts a TLS server and returns it with its certificate.
pub(crate) fn tls(kind: Kind) -> (Server<Client>, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["server.example.test".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = kind.version.map_or_else(|| rustls::ALL_VERSIONS.to_vec(), |one| vec![one]);
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&versions)
        .unwrap();
    let builder = if kind.demands_certificate {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    let config = builder.with_single_cert(vec![certificate.clone()], key).unwrap();
    (Server::start(move |socket| serve_tls(config, socket)), certificate)
}

fn serve_tls(config: ServerConfig, mut socket: TcpStream) -> Client {
    let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
    let mut client = Client::default();
    let mut buffer = [0; 64];
    loop {
        let mut stream = rustls::Stream::new(&mut connection, &mut socket);
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => client.application_bytes.extend(buffer.iter().take(count)),
            Err(error) => {
                client.error = Some(error.to_string());
                break;
            }
        }
    }
    client.server_name = connection.server_name().map(str::to_owned);
    client
}

/// Starts a server that sends `before`, waits for some bytes, sends `after`, and then reads on
/// until the client goes.
pub(crate) fn scripted(before: &'static [u8], after: Vec<u8>) -> Server<Vec<u8>> {
    Server::start(move |mut socket| {
        socket.write_all(before).unwrap();
        let mut seen = vec![0; 4096];
        let count = socket.read(&mut seen).unwrap();
        seen.truncate(count);
        let _ = socket.write_all(&after);
        let _ = socket.shutdown(std::net::Shutdown::Write);
        let _ = socket.read_to_end(&mut seen);
        seen
    })
}

/// Returns a record with this fragment.
pub(crate) fn record_of(content_type: u8, fragment: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(fragment.len()).unwrap().to_be_bytes();
    [&[content_type, 3, 3, high, low], fragment].concat()
}

/// A probe of `address` with the default offer, ten seconds at most.
pub(crate) fn request(address: SocketAddr) -> ProbeRequest {
    ProbeRequest {
        host: address.ip().to_string(),
        port: address.port(),
        resolved: None,
        families: Families::Ipv4First,
        route: Route::Direct,
        starttls: None,
        offer: Offer { server_name: Some("Server.example.test".to_owned()), ..Offer::default() },
        identity: None,
        poke: vec![1],
        timeouts: Timeouts {
            total: Some(Duration::from_secs(10)),
            late_alert: Duration::from_secs(1),
        },
    }
}
