//! Servers on loopback that do not speak TLS, and a port where nobody listens.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

/// Starts a server that waits for some bytes if `listens`, answers `greeting` and closes; returns its port.
pub(crate) fn plain_server(greeting: &'static [u8], listens: bool) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                if listens {
                    let _ = stream.read(&mut [0; 4096]);
                }
                let _ = stream.write_all(greeting);
                // reads on, so that closing sends FIN and not RST
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            });
        }
    });
    port
}

/// Returns a port of loopback where nobody listens.
pub(crate) fn closed_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
