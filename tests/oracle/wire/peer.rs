//! The servers of the situations, on loopback.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::relay;
use super::situation::{End, Script, Server, pki};
use crate::plain::closed_port;
use crate::server::TlsServer;

/// A server that runs; `openssl` ends when this is dropped.
pub(super) struct Peer {
    pub(super) port: u16,
    _openssl: Option<TlsServer>,
}

impl Peer {
    pub(super) fn start(server: &Server) -> Self {
        match server {
            Server::None => Self { port: closed_port(), _openssl: None },
            Server::Script(script) => {
                let script = script.clone();
                Self { port: serve(move |socket| play(&script, socket)), _openssl: None }
            }
            Server::Openssl { certificate, options, tamper } => {
                let openssl = openssl(certificate, options);
                let upstream = SocketAddr::from((Ipv4Addr::LOCALHOST, openssl.port));
                let port = match *tamper {
                    Some(tamper) => serve(move |socket| relay::pass(&socket, upstream, tamper)),
                    None => openssl.port,
                };
                Self { port, _openssl: Some(openssl) }
            }
        }
    }
}

fn openssl(certificate: &str, options: &[String]) -> TlsServer {
    let file = |ending| pki().join(format!("{certificate}.{ending}"));
    let path = |ending| file(ending).to_str().unwrap().to_owned();
    let mut all = vec!["-cert".to_owned(), path("pem"), "-key".to_owned(), path("key")];
    if file("chain").exists() {
        all.extend(["-cert_chain".to_owned(), path("chain")]);
    }
    let folder = pki();
    all.extend(options.iter().map(|option| option.replace("{pki}", folder.to_str().unwrap())));
    TlsServer::start(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Serves every connection in a thread of its own, for as long as the test runs; returns the port.
pub(super) fn serve(connection: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let connection = connection.clone();
            thread::spawn(move || connection(socket.unwrap()));
        }
    });
    port
}

/// Plays a script; what the client no longer takes is of no importance.
fn play(script: &Script, mut socket: TcpStream) {
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let _ = socket.write_all(&bytes(&script.before, script, &[]));
    let hello = if script.waits { first_record(&mut socket) } else { Vec::new() };
    let _ = socket.write_all(&bytes(&script.reply, script, &hello));
    match script.end {
        End::Rst => {
            rustix::net::sockopt::set_socket_linger(&socket, Some(Duration::ZERO)).unwrap();
            return;
        }
        End::Fin => {
            let _ = socket.shutdown(Shutdown::Write);
        }
        End::Hang => {}
    }
    let _ = std::io::copy(&mut socket, &mut std::io::sink());
}

/// Reads a whole record, or what comes instead.
fn first_record(socket: &mut TcpStream) -> Vec<u8> {
    let mut came = Vec::new();
    let mut some = [0; 4096];
    loop {
        match socket.read(&mut some) {
            Ok(0) | Err(_) => return came,
            Ok(count) => came.extend(some.iter().take(count)),
        }
        let is_whole = match came.first_chunk() {
            Some(&[22, _, _, high, low]) => {
                came.len() >= 5 + usize::from(u16::from_be_bytes([high, low]))
            }
            Some(_) => true,
            None => false,
        };
        if is_whole {
            return came;
        }
    }
}

/// Returns what is to be sent to a client that said `hello`.
fn bytes(text: &str, script: &Script, hello: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in text.split_inclusive(['{', '}']) {
        match part.strip_suffix('}') {
            None => all.extend(hex(part.trim_end_matches('{'))),
            Some("hello") => all.extend(hello),
            Some("session-id") => all.extend(hello.iter().skip(44).take(32)),
            Some("signature") => all.extend(signature(script, hello)),
            Some("wrong-signature") => {
                let mut signature = signature(script, hello);
                *signature.last_mut().unwrap() ^= 1;
                all.extend(signature);
            }
            Some(repeated) => {
                let (byte, count) = repeated.split_once('*').unwrap();
                all.extend(hex(byte).repeat(count.parse().unwrap()));
            }
        }
    }
    all
}

/// Signs the client's random value and what the script says, with the key of `leaf`.
fn signature(script: &Script, hello: &[u8]) -> Vec<u8> {
    let mut openssl = Command::new("openssl")
        .args(["dgst", &format!("-{}", script.digest), "-sign"])
        .arg(pki().join("leaf.key"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let random = hello.iter().skip(11).take(32).copied();
    let signed: Vec<u8> = random.chain(hex(&script.signed)).collect();
    openssl.stdin.take().unwrap().write_all(&signed).unwrap();
    openssl.wait_with_output().unwrap().stdout
}

fn hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}
