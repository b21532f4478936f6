//! `ServerKeyExchange` (RFC 5246, section 7.4.3; RFC 8422, section 5.4).

use crate::engine::suites::KeyExchange;
use crate::judge::KeyAgreement;
use crate::misbehaviour::{Misbehaviour, PointFault, ValueFault};
use crate::request::ProtocolVersion;
use crate::wire::{Cursor, SERVER_KEY_EXCHANGE};

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
    /// Reads the message's body, which may be followed by more; `groups` were offered.
    ///
    /// # Errors
    ///
    /// What JSSE would find wrong first.
    pub(crate) fn read(
        body: &'a [u8],
        exchange: KeyExchange,
        version: ProtocolVersion,
        groups: &[u16],
    ) -> Result<Self, Misbehaviour> {
        let end = Misbehaviour::MessageEnd(SERVER_KEY_EXCHANGE);
        let mut cursor = Cursor(body);
        let share = Share::read(&mut cursor, exchange, groups)?;
        let parameters = body.len().checked_sub(cursor.0.len()).and_then(|end| body.get(..end));
        let parameters = parameters.unwrap_or_default();
        let scheme = match version {
            ProtocolVersion::Tls12 => Some(cursor.u16().ok_or(end)?),
            ProtocolVersion::Tls10 | ProtocolVersion::Tls11 | ProtocolVersion::Tls13 => None,
        };
        Ok(Self { parameters, share, scheme, signature: cursor.vector16().ok_or(end)? })
    }

    /// Returns what a judge is told of it.
    pub(crate) fn key_agreement(&self) -> KeyAgreement {
        self.share.key_agreement()
    }
}

impl<'a> Share<'a> {
    /// Reads the first part of the message.
    ///
    /// # Errors
    ///
    /// What JSSE would find wrong first.
    pub(crate) fn read(
        cursor: &mut Cursor<'a>,
        exchange: KeyExchange,
        groups: &[u16],
    ) -> Result<Self, Misbehaviour> {
        let end = Misbehaviour::MessageEnd(SERVER_KEY_EXCHANGE);
        match exchange {
            KeyExchange::Rsa => Err(Misbehaviour::UnexpectedMessage(SERVER_KEY_EXCHANGE)),
            KeyExchange::Dhe => {
                let prime = cursor.vector16().ok_or(end)?;
                let generator = cursor.vector16().ok_or(end)?;
                let public = cursor.vector16().ok_or(end)?;
                check_public(public, prime)?;
                Ok(Self::Field { prime, generator, public })
            }
            KeyExchange::Ecdhe => {
                let kind = cursor.u8().ok_or(end)?;
                if kind != NAMED_CURVE {
                    return Err(Misbehaviour::CurveType(kind));
                }
                let group = cursor.u16().ok_or(end)?;
                if !groups.contains(&group) {
                    return Err(Misbehaviour::KeyExchangeGroup(group));
                }
                let point = cursor.vector8().ok_or(end)?;
                check_point(group, point)?;
                Ok(Self::Curve { group, point })
            }
        }
    }

    /// Returns what a judge is told of it.
    pub(crate) fn key_agreement(&self) -> KeyAgreement {
        match *self {
            Self::Curve { group, .. } => KeyAgreement::Ecdhe { group },
            Self::Field { prime, .. } => KeyAgreement::Dhe { prime_bits: bits(prime) },
        }
    }
}

/// Checks how a point is written (SEC 1, section 2.3.3); whether it is on the curve is seen later.
///
/// # Errors
///
/// [`Misbehaviour::Point`].
pub(crate) fn check_point(group: u16, point: &[u8]) -> Result<(), Misbehaviour> {
    let fault = match (point.first(), coordinate(group)) {
        (None, _) => PointFault::Empty,
        // JSSE halves what follows the first byte, and passes over an odd one
        (Some(4), Some(length)) if (point.len() - 1) / 2 != length => PointFault::Length,
        (Some(4), Some(_)) | (Some(_), None) => return Ok(()),
        (Some(_), Some(_)) => PointFault::Compressed,
    };
    Err(Misbehaviour::Point(group, fault))
}

/// Checks that a number can be a public value: 1 < `public` < `prime` - 1.
fn check_public(public: &[u8], prime: &[u8]) -> Result<(), Misbehaviour> {
    let (public, prime) = (significant(public), significant(prime));
    if matches!(public, [] | [1]) {
        return Err(Misbehaviour::PublicValue(ValueFault::Small));
    }
    let mut next = public.to_vec();
    let zeros = next.iter().rev().take_while(|byte| **byte == u8::MAX).count();
    let place = next.len().checked_sub(zeros + 1);
    next.iter_mut().rev().take(zeros).for_each(|byte| *byte = 0);
    match place.and_then(|place| next.get_mut(place)) {
        Some(byte) => *byte = byte.wrapping_add(1),
        None => next.insert(0, 1),
    }
    let is_less = (next.len(), next.as_slice()) < (prime.len(), prime);
    if is_less { Ok(()) } else { Err(Misbehaviour::PublicValue(ValueFault::Large)) }
}

/// Returns a number without leading zeros.
pub(crate) fn significant(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// Returns how many bytes a coordinate has, on the curves whose points have two.
fn coordinate(group: u16) -> Option<usize> {
    match group {
        0x0017 => Some(32),
        0x0018 => Some(48),
        0x0019 => Some(66),
        _ => None,
    }
}

/// Returns how many bits a number has.
fn bits(number: &[u8]) -> u32 {
    let number = significant(number);
    let leading = number.first().map_or(0, |first| first.leading_zeros());
    let length = u32::try_from(number.len()).unwrap_or(u32::MAX);
    length.saturating_mul(8).saturating_sub(leading)
}

const NAMED_CURVE: u8 = 3;
