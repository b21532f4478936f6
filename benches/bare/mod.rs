//! The least program that does what a poke does: rustls as its documentation shows it, with roots from a PEM file.

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use pki_types::pem::PemObject;
use pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Reads the roots once, as a program that pokes many times would.
pub(crate) fn configure(roots: &Path) -> Arc<ClientConfig> {
    let mut anchors = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(roots).unwrap() {
        anchors.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(anchors)
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Arc::new(config)
}

/// Makes one handshake, sends SSLPoke's byte, and ends the session as a good client does.
pub(crate) fn poke(config: &Arc<ClientConfig>, port: u16) {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::clone(config), name).unwrap();
    let socket = TcpStream::connect(("localhost", port)).unwrap();
    let mut stream = StreamOwned::new(connection, socket);
    stream.write_all(&[1]).unwrap();
    stream.conn.send_close_notify();
    stream.flush().unwrap();
}
