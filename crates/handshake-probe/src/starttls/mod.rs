//! The dialogues that lead from plaintext to TLS (STARTTLS), one protocol a file.

mod answer;
mod fault;
mod ftp;
mod imap;
mod ldap;
mod mysql;
mod pop3;
mod postgres;
mod smtp;
mod xmpp;

use crate::cause::Cause;
use crate::conversation::Conversation;
use crate::request::StartTls;
use answer::Answers;

pub use fault::StartTlsFault;

/// Holds the dialogue of `protocol` until the peer waits for a `ClientHello`.
///
/// What the peer sends behind its go-ahead can be anybody's: TLS has not begun. So it is an error, and
/// never taken for a part of what comes after.
///
/// # Errors
///
/// [`Cause::StartTls`], [`Cause::Closed`], and those of the connection.
pub(crate) fn begin(
    protocol: StartTls,
    host: &str,
    peer: &mut dyn Conversation,
) -> Result<(), Cause> {
    let mut answers = Answers::of(peer);
    match protocol {
        StartTls::Smtp => smtp::begin("EHLO", &mut answers),
        StartTls::Lmtp => smtp::begin("LHLO", &mut answers),
        StartTls::Imap => imap::begin(&mut answers),
        StartTls::Pop3 => pop3::begin(&mut answers),
        StartTls::Ldap => ldap::begin(&mut answers),
        StartTls::Ftp => ftp::begin(&mut answers),
        StartTls::Postgres => postgres::begin(&mut answers),
        StartTls::Mysql => mysql::begin(&mut answers),
        StartTls::Xmpp => xmpp::begin("jabber:client", host, &mut answers),
        StartTls::XmppServer => xmpp::begin("jabber:server", host, &mut answers),
    }?;
    match answers.left() {
        [] => Ok(()),
        more => Err(fault(StartTlsFault::Injected { bytes: more.len() })),
    }
}

fn fault(fault: StartTlsFault) -> Cause {
    Cause::StartTls(fault)
}

/// The peer said no to `asked`.
fn refused(asked: &'static str, answer: &[u8]) -> Cause {
    fault(StartTlsFault::Refused { asked, answer: shown(answer) })
}

/// The peer does not know how to begin TLS; `offered` is what it knows.
fn not_offered(offered: &[u8]) -> Cause {
    fault(StartTlsFault::NotOffered { offered: shown(offered) })
}

/// The answer is not one of the protocol.
fn foreign(answer: &[u8]) -> Cause {
    fault(match answer {
        [ALERT | HANDSHAKE, 3, ..] => StartTlsFault::AlreadyTls,
        _ => StartTlsFault::Foreign { answer: shown(answer) },
    })
}

/// The text of an answer, cut to what a person would read.
fn shown(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer.get(..LONGEST_SHOWN).unwrap_or(answer));
    text.trim().to_owned()
}

const LONGEST_SHOWN: usize = 300;

/// The content types of a TLS record that a peer may send first.
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
