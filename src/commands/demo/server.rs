//! The demo's TLS server: on loopback, in a thread that ends with the program.

use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::DemoError;
use super::pki::Pki;

/// A client that says nothing for so long is left alone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Starts the server and returns its port.
pub(super) fn start(pki: Pki) -> Result<u16, DemoError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(pki.chain, pki.key)?;
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that refuses the certificate ends the connection: that is the story.
            let _refused = serve(stream, Arc::clone(&config));
        }
    });
    Ok(port)
}

/// Shakes hands and reads until the client closes.
fn serve(stream: TcpStream, config: Arc<ServerConfig>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut bytes = [0; 64];
    while stream.read(&mut bytes)? > 0 {}
    Ok(())
}
