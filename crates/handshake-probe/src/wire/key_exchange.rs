//! `ServerKeyExchange` (RFC 5246, section 7.4.3; RFC 8422, section 5.4).

use crate::cause::Misbehaviour;
use crate::engine::suites::KeyExchange;
use crate::judge::KeyAgreement;
use crate::request::ProtocolVersion;
use crate::wire::Cursor;

/// A `ServerKeyExchange`, taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerKeyExchange<'a> {
    /// What was signed, besides the two random values.
    pub(crate) parameters: &'a [u8],
    /// The peer's half of the agreement.
    pub(crate) share: Share<'a>,
    /// The signature scheme; TLS 1.1 has none.
    pub(crate) scheme: Option<u16>,
    pub(crate) signature: &'a [u8],
}

/// The peer's half of an agreement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Share<'a> {
    Curve { group: u16, point: &'a [u8] },
    Field { prime: &'a [u8], generator: &'a [u8], public: &'a [u8] },
}

impl<'a> ServerKeyExchange<'a> {
    /// Reads the message's body.
    ///
    /// # Errors
    ///
    /// [`Misbehaviour::MalformedMessage`], or [`Misbehaviour::UnexpectedMessage`] if the suite has
    /// no such message.
    pub(crate) fn read(
        body: &'a [u8],
        exchange: KeyExchange,
        version: ProtocolVersion,
    ) -> Result<Self, Misbehaviour> {
        let malformed = Misbehaviour::MalformedMessage(SERVER_KEY_EXCHANGE);
        let mut cursor = Cursor(body);
        let share = match exchange {
            KeyExchange::Rsa => return Err(Misbehaviour::UnexpectedMessage(SERVER_KEY_EXCHANGE)),
            KeyExchange::Dhe => field(&mut cursor),
            KeyExchange::Ecdhe => curve(&mut cursor),
        };
        let share = share.ok_or(malformed)?;
        let length = body.len() - cursor.0.len();
        let parameters = body.get(..length).ok_or(malformed)?;
        let scheme = match version {
            ProtocolVersion::Tls12 => Some(cursor.u16().ok_or(malformed)?),
            ProtocolVersion::Tls10 | ProtocolVersion::Tls11 | ProtocolVersion::Tls13 => None,
        };
        let signature = cursor.vector16().ok_or(malformed)?;
        if !cursor.is_empty() {
            return Err(malformed);
        }
        Ok(Self { parameters, share, scheme, signature })
    }

    /// Returns what a judge is told of it.
    pub(crate) fn key_agreement(&self) -> KeyAgreement {
        match self.share {
            Share::Curve { group, .. } => KeyAgreement::Ecdhe { group },
            Share::Field { prime, .. } => KeyAgreement::Dhe { prime_bits: bits(prime) },
        }
    }
}

/// Returns how many bits a number has.
fn bits(number: &[u8]) -> u32 {
    let significant = number.iter().skip_while(|byte| **byte == 0);
    let leading = significant.clone().next().map_or(0, |first| first.leading_zeros());
    let length = u32::try_from(significant.count()).unwrap_or(u32::MAX);
    length.saturating_mul(8).saturating_sub(leading)
}

fn curve<'a>(cursor: &mut Cursor<'a>) -> Option<Share<'a>> {
    cursor.u8().filter(|kind| *kind == NAMED_CURVE)?;
    Some(Share::Curve { group: cursor.u16()?, point: cursor.vector8()? })
}

fn field<'a>(cursor: &mut Cursor<'a>) -> Option<Share<'a>> {
    Some(Share::Field {
        prime: cursor.vector16()?,
        generator: cursor.vector16()?,
        public: cursor.vector16()?,
    })
}

const SERVER_KEY_EXCHANGE: u8 = 12;
const NAMED_CURVE: u8 = 3;
