//! A TCP connection whose every read and write ends by the deadline.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::cause::{Cause, Operation};
use crate::conversation::Conversation;
use crate::deadline::Deadline;

/// A connection, and a memory of what came in at first.
#[derive(Debug)]
pub(crate) struct Stream {
    socket: TcpStream,
    deadline: Deadline,
    /// The first bytes that came, at most [`FIRST_BYTES`].
    pub(crate) first_bytes: Vec<u8>,
    /// How many bytes came.
    pub(crate) received: u64,
}

impl Stream {
    /// Connects to `address`.
    ///
    /// # Errors
    ///
    /// [`Cause::Io`] or [`Cause::TimedOut`]. A connection that was made and reset at once counts as one that cannot be
    /// written to.
    pub(crate) fn connect(address: SocketAddr, deadline: Deadline) -> Result<Self, Cause> {
        let connected = match deadline.remaining()? {
            Some(left) => TcpStream::connect_timeout(&address, left),
            None => TcpStream::connect(address),
        };
        let socket = connected.map_err(|error| failed(Operation::Connect, error))?;
        // One flight is one write here; waiting to fill a segment would only cost time.
        socket.set_nodelay(true).map_err(|error| failed(Operation::Connect, error))?;
        Ok(Self { socket, deadline, first_bytes: Vec::new(), received: 0 })
    }

    /// Makes the deadline no later than `time` from now.
    pub(crate) fn narrow(&mut self, time: Duration) {
        self.deadline = self.deadline.within(time);
    }

    /// Forgets what came: TLS begins.
    pub(crate) fn forget(&mut self) {
        self.first_bytes.clear();
        self.received = 0;
    }

    fn read_once(&mut self, buffer: &mut [u8]) -> Result<usize, Cause> {
        loop {
            let left = self.deadline.remaining()?;
            self.socket.set_read_timeout(left).map_err(|error| failed(Operation::Read, error))?;
            match self.socket.read(buffer) {
                Ok(count) => return Ok(count),
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(failed(Operation::Read, error)),
            }
        }
    }
}

/// Every error is [`Cause::Io`] or [`Cause::TimedOut`].
impl Conversation for Stream {
    fn listen(&mut self, buffer: &mut [u8]) -> Result<usize, Cause> {
        let count = self.read_once(buffer)?;
        let wanted = FIRST_BYTES.saturating_sub(self.first_bytes.len());
        self.first_bytes.extend(buffer.iter().take(count).take(wanted));
        self.received = self.received.saturating_add(count.try_into().unwrap_or(u64::MAX));
        Ok(count)
    }

    fn say(&mut self, mut bytes: &[u8]) -> Result<(), Cause> {
        while !bytes.is_empty() {
            let left = self.deadline.remaining()?;
            self.socket.set_write_timeout(left).map_err(|error| failed(Operation::Write, error))?;
            match self.socket.write(bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(failed(Operation::Write, error)),
            }
        }
        Ok(())
    }
}

fn failed(operation: Operation, error: io::Error) -> Cause {
    match (operation, error.kind(), error.raw_os_error()) {
        // `connect_timeout` reports its own end without an operating system's number.
        (Operation::Connect, ErrorKind::TimedOut, None) => Cause::TimedOut,
        (Operation::Connect, ErrorKind::ConnectionReset, _) => {
            Cause::Io { operation: Operation::Write, error }
        }
        (operation, _, _) => Cause::Io { operation, error },
    }
}

/// Whether the call may be made again: the loop around it looks at the deadline first.
fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
        // Windows says so when a socket's timeout runs out.
        || (cfg!(windows) && error.kind() == ErrorKind::TimedOut)
}

/// Enough to name a plaintext protocol.
const FIRST_BYTES: usize = 64;
