//! Names, looked up by the operating system, which may take its time.

use std::cell::RefCell;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc::{self, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use crate::cause::Cause;
use crate::deadline::Deadline;

/// Returns the addresses of a name; with a deadline another thread waits for them.
///
/// # Errors
///
/// [`Cause::UnknownHost`] or [`Cause::TimedOut`].
pub(crate) fn look_up(name: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, Cause> {
    let Some(left) = deadline.remaining()? else {
        return ask(name, port).ok_or(Cause::UnknownHost);
    };
    RESOLVER.with_borrow_mut(|held| {
        let mut resolver = held.take().map_or_else(Resolver::start, Ok)?;
        let answer = match resolver.known(name, port) {
            Some(known) => Some(known),
            None => resolver.ask(name, port, left)?,
        };
        *held = Some(resolver);
        answer.ok_or(Cause::UnknownHost)
    })
}

thread_local! {
    /// Whoever makes many handshakes one after the other starts one thread for all their names.
    static RESOLVER: RefCell<Option<Resolver>> = const { RefCell::new(None) };
}

/// A thread that asks the operating system. Nobody joins it: the system cannot be interrupted, so a resolver that has not
/// answered in time is left behind, and ends when it has its answer.
struct Resolver {
    questions: Sender<Question>,
    /// The name that was asked for last, its addresses, and how long they are taken for true.
    last: Option<(String, Vec<SocketAddr>, Deadline)>,
}

/// How long a name keeps its addresses.
const MEMORY: Duration = Duration::from_secs(10);

struct Question {
    name: String,
    port: u16,
    answer: SyncSender<Option<Vec<SocketAddr>>>,
}

impl Resolver {
    fn start() -> Result<Self, Cause> {
        let (questions, asked) = mpsc::channel::<Question>();
        let answer = move || {
            for Question { name, port, answer } in asked {
                // Whoever asked may have gone; then the answer interests nobody.
                let _gone = answer.send(ask(&name, port));
            }
        };
        match thread::Builder::new().name("resolve".to_owned()).spawn(answer) {
            Ok(_thread) => Ok(Self { questions, last: None }),
            Err(error) => Err(Cause::Undetermined(format!("no thread for the resolver: {error}"))),
        }
    }

    /// Returns what is known of the name that was asked for last.
    fn known(&self, name: &str, port: u16) -> Option<Vec<SocketAddr>> {
        let (known, addresses, until) = self.last.as_ref()?;
        let is_true = known == name && until.remaining().is_ok();
        is_true.then(|| addresses.iter().map(|held| with_port(*held, port)).collect())
    }

    /// Returns the addresses; none if there is no such name.
    fn ask(
        &mut self,
        name: &str,
        port: u16,
        left: Duration,
    ) -> Result<Option<Vec<SocketAddr>>, Cause> {
        let (answer, receiver) = mpsc::sync_channel(1);
        let question = Question { name: name.to_owned(), port, answer };
        if self.questions.send(question).is_err() {
            return Ok(None);
        }
        match receiver.recv_timeout(left) {
            Ok(addresses) => {
                let until = Deadline::after(Some(MEMORY));
                self.last = addresses.clone().map(|held| (name.to_owned(), held, until));
                Ok(addresses)
            }
            Err(RecvTimeoutError::Timeout) => Err(Cause::TimedOut),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
        }
    }
}

fn ask(name: &str, port: u16) -> Option<Vec<SocketAddr>> {
    Some((name, port).to_socket_addrs().ok()?.collect())
}

fn with_port(mut address: SocketAddr, port: u16) -> SocketAddr {
    address.set_port(port);
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thread_asks_for_one_name_after_the_other() {
        let deadline = Deadline::after(Some(Duration::from_secs(30)));
        for (name, port) in [("localhost", 1), ("127.0.0.1", 2), ("localhost", 3), ("localhost", 4)]
        {
            let addresses = look_up(name, port, deadline).unwrap();
            assert!(addresses.iter().all(|held| held.ip().is_loopback() && held.port() == port));
        }
        assert!(matches!(look_up("no.such.host.invalid", 1, deadline), Err(Cause::UnknownHost)));
        assert!(look_up("localhost", 5, deadline).is_ok());
    }

    #[test]
    fn what_was_answered_last_is_known_for_a_while() {
        let mut resolver = Resolver::start().unwrap();
        assert_eq!(resolver.known("localhost", 1), None);
        let asked = resolver.ask("localhost", 1, Duration::from_secs(30)).unwrap().unwrap();
        assert_eq!(resolver.known("localhost", 1), Some(asked));
        assert_eq!(resolver.known("elsewhere", 1), None);
        resolver.last.as_mut().unwrap().2 = Deadline::after(Some(Duration::ZERO));
        assert_eq!(resolver.known("localhost", 1), None);
    }
}
