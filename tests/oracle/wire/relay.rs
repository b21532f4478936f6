//! Somebody between client and server who alters what the server says.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;

use super::situation::Tamper;

/// Passes everything on, altered.
pub(super) fn pass(client: &TcpStream, server: SocketAddr, tamper: Tamper) {
    let upstream = TcpStream::connect(server).unwrap();
    let (mut from, mut to) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
    let up = thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let _ = down(upstream, client, tamper);
    let _ = client.shutdown(Shutdown::Write);
    let _ = up.join();
}

fn down(mut server: TcpStream, mut client: &TcpStream, tamper: Tamper) -> std::io::Result<()> {
    let mut seen = Seen::default();
    if matches!(tamper, Tamper::WarningFirst) {
        client.write_all(&[21, 3, 3, 0, 2, 1, 112])?;
    }
    loop {
        let mut header = [0; 5];
        server.read_exact(&mut header)?;
        let [.., high, low] = header;
        let mut fragment = vec![0; usize::from(u16::from_be_bytes([high, low]))];
        server.read_exact(&mut fragment)?;
        let mut record = [header.as_slice(), &fragment].concat();
        alter(&mut record, tamper, &mut seen);
        client.write_all(&record)?;
    }
}

/// How far the server is.
#[derive(Default)]
struct Seen {
    change_cipher_spec: bool,
    is_done: bool,
}

fn alter(record: &mut [u8], tamper: Tamper, seen: &mut Seen) {
    let content_type = record.first().copied();
    let at = match (tamper, content_type) {
        (Tamper::FirstEncrypted, Some(23)) => Some(record.len() - 1),
        (Tamper::Finished, Some(22)) if seen.change_cipher_spec => Some(record.len() - 1),
        (Tamper::KeyExchangeSignature, Some(22)) => end_of_key_exchange(record),
        _ => None,
    };
    seen.change_cipher_spec |= content_type == Some(20);
    if let Some(byte) = at.filter(|_| !seen.is_done).and_then(|at| record.get_mut(at)) {
        *byte ^= 1;
        seen.is_done = true;
    }
}

/// Returns where the last byte of a `ServerKeyExchange` is.
fn end_of_key_exchange(record: &[u8]) -> Option<usize> {
    let mut at = 5;
    while let Some(&[kind, high, middle, low]) = record.get(at..).and_then(<[u8]>::first_chunk) {
        let length = u32::from_be_bytes([0, high, middle, low]);
        let end = at + 4 + usize::try_from(length).unwrap();
        if kind == 12 {
            return Some(end - 1);
        }
        at = end;
    }
    None
}
