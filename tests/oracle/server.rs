//! `openssl s_server` on loopback.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::pki::Pki;

/// A running `openssl s_server`; it ends when this is dropped.
pub(crate) struct TlsServer {
    child: Child,
    pub(crate) port: u16,
}

impl TlsServer {
    /// Starts a server with the options of `openssl s_server`.
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::await_port(spawn(options), options)
    }

    /// Waits until a server is there.
    pub(crate) fn await_port(mut child: Child, options: &[&str]) -> Self {
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "s_server {options:?} ended");
            if let Some(address) = line.trim().strip_prefix("ACCEPT ") {
                break address.rsplit(':').next().unwrap().parse().unwrap();
            }
        };
        // what it tells of each connection is read away, so that it never blocks
        thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, port }
    }

    /// Starts a server with one of the leaves of a PKI and its issuing CA.
    pub(crate) fn with_leaf(pki: &Pki, leaf: &str) -> Self {
        let (certificate, key) =
            (pki.path(&format!("{leaf}.pem")), pki.path(&format!("{leaf}.key")));
        let issuing = pki.path("issuing.pem");
        Self::start(&["-cert", &certificate, "-key", &key, "-cert_chain", &issuing])
    }
}

/// Starts a server and does not wait for it.
pub(crate) fn spawn(options: &[&str]) -> Child {
    Command::new("openssl")
        .args(["s_server", "-4", "-accept", "0"])
        .args(options)
        // what the machine's own configuration forbids is not what is tested
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
