//! The outer structure of PKCS12 (RFC 7292, section 4).

use zeroize::Zeroizing;

use super::Safe;
use super::bag::Bag;
use super::mac::Mac;
use super::protection::Protection;
use crate::der::{self, INTEGER, Octets, SEQUENCE, Sequence};
use crate::error::{ReadError, ReadErrorKind};
use crate::oid;
use crate::password::Password;

/// Reads a store's parts and its MAC; with a password the MAC is checked and what is encrypted opened.
pub(super) fn read(
    bytes: &[u8],
    password: Option<&Password>,
) -> Result<(Vec<Safe>, Option<Mac>), ReadError> {
    let mut pfx = Sequence::of_file(bytes).sequence("PFX")?;
    let version = pfx.next(INTEGER, "version")?;
    if der::number(version) != Some(3) {
        let number = der::number(version).and_then(|version| u32::try_from(version).ok());
        let kind = ReadErrorKind::UnknownVersion(number.unwrap_or(u32::MAX));
        return Err(version.error_of(kind));
    }
    let mut content = pfx.sequence("authenticated safe")?;
    if content.identifier("content type")? != oid::DATA {
        return Err(content.error("password integrity"));
    }
    let authenticated = content.next(0xa0, "content")?.values().octets("authenticated safe")?;
    let mut opening = Opening { password, work: 0 };
    let mac = match pfx.optional(SEQUENCE) {
        None => None,
        Some(value) => Some(match (Mac::read(value), password) {
            // Without password Java does not look at it.
            (Err(_), None) => Mac::unknown(),
            (answer, _) => answer?,
        }),
    };
    // Java opens the parts before it checks the MAC.
    let mut safes = Vec::new();
    let mut parts = authenticated.values().sequence("parts")?;
    while !parts.is_at_end() {
        safes.push(opening.safe(parts.next(SEQUENCE, "part")?)?);
    }
    if let Some(mac) = &mac {
        opening.check(mac, &authenticated)?;
    }
    Ok((safes, mac))
}

/// What the parts of a store are opened with, and what that took so far.
struct Opening<'a> {
    password: Option<&'a Password>,
    /// How many iterations were made.
    work: u64,
}

/// Three times what Java allows for one part: a part with keys, one with certificates, the MAC.
const MOST_WORK: u64 = 15_000_000;

impl Opening<'_> {
    fn safe(&mut self, value: der::Value<'_>) -> Result<Safe, ReadError> {
        let mut parts = value.values();
        let kind = parts.identifier("content type")?;
        let mut content = parts.next(0xa0, "content")?.values();
        let found = || der::definite(value.whole).ok_or_else(|| parts.error("part"));
        match kind {
            oid::DATA => {
                let octets = content.octets("safe contents")?;
                let bags = bags(octets.values())?;
                Ok(Safe::found(Protection::none(), found()?, bags))
            }
            oid::ENCRYPTED_DATA => {
                let mut data = content.sequence("encrypted data")?;
                data.next(INTEGER, "version")?;
                let mut info = data.sequence("encrypted content")?;
                info.identifier("content type")?;
                let algorithm = info.next(SEQUENCE, "encryption algorithm")?;
                let sealed = encrypted_content(&mut info)?;
                let Some(password) = self.password else {
                    // Java does not look at what it does not open.
                    let protection = Protection::read(algorithm);
                    let protection = protection.unwrap_or_else(|_| Protection::unknown());
                    return Ok(Safe::closed(protection, found()?));
                };
                let protection = Protection::read(algorithm)?;
                let bags = self.open(&protection, &sealed, password)?;
                drop(sealed);
                Ok(Safe::found(protection, found()?, bags))
            }
            // Public-key encryption, which Java refuses, too.
            _ => {
                let kind = ReadErrorKind::UnsupportedAlgorithm(oid::dotted(kind));
                Err(value.error_of(kind))
            }
        }
    }

    /// Opens an encrypted part. Where the empty password does not fit Java tries a single NUL.
    fn open(
        &mut self,
        protection: &Protection,
        sealed: &Octets<'_>,
        password: &Password,
    ) -> Result<Vec<Bag>, ReadError> {
        let mut attempt = |password: &Password| {
            self.spend(protection.iterations(), sealed)?;
            let opened = Zeroizing::new(protection.open(&sealed.bytes, password)?);
            bags(Sequence::new(&opened, sealed.at)).map_err(|_garbage| failed())
        };
        let answer = match attempt(password) {
            Err(ReadError { kind: ReadErrorKind::DecryptionFailed, .. }) if password.is_empty() => {
                attempt(&Password::new("\0"))
            }
            answer => answer,
        };
        answer.map_err(|error| ReadError { offset: sealed.at.offset(), ..error })
    }

    fn check(&mut self, mac: &Mac, authenticated: &Octets<'_>) -> Result<(), ReadError> {
        let Some(password) = self.password else { return Ok(()) };
        self.spend(mac.iterations(), authenticated)?;
        let mut fits = mac.fits(&authenticated.bytes, password)?;
        if !fits && password.is_empty() {
            self.spend(mac.iterations(), authenticated)?;
            fits = mac.fits(&authenticated.bytes, &Password::new("\0"))?;
        }
        if fits { Ok(()) } else { Err(mac.error_of(ReadErrorKind::DigestMismatch)) }
    }

    /// Counts iterations: a file with many parts must not take any time.
    fn spend(&mut self, iterations: u64, part: &Octets<'_>) -> Result<(), ReadError> {
        self.work = self.work.saturating_add(iterations);
        if self.work <= MOST_WORK {
            return Ok(());
        }
        let kind = ReadErrorKind::TooMuchWork(self.work);
        Err(ReadError { offset: part.at.offset(), kind })
    }
}

fn failed() -> ReadError {
    ReadError { offset: 0, kind: ReadErrorKind::DecryptionFailed }
}

/// Reads the implicitly tagged octet string, whole or in pieces.
fn encrypted_content<'a>(info: &mut Sequence<'a>) -> Result<Octets<'a>, ReadError> {
    let value = info.any("encrypted octets")?;
    Some(value)
        .filter(|value| matches!(value.tag, 0x80 | 0xa0))
        .and_then(der::Value::octets)
        .ok_or_else(|| value.error("encrypted octets"))
}

fn bags(mut contents: Sequence<'_>) -> Result<Vec<Bag>, ReadError> {
    let mut bags = Vec::new();
    let mut values = contents.sequence("safe contents")?;
    while !values.is_at_end() {
        bags.push(Bag::read(values.next(SEQUENCE, "bag")?)?);
    }
    Ok(bags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::Position;

    #[test]
    fn many_parts_do_not_take_any_time() {
        let part = Octets { bytes: [].as_slice().into(), at: Position::At(7) };
        let mut opening = Opening { password: None, work: 0 };
        for _ in 0..3 {
            assert_eq!(opening.spend(5_000_000, &part), Ok(()));
        }
        let kind = ReadErrorKind::TooMuchWork(15_000_001);
        assert_eq!(opening.spend(1, &part), Err(ReadError { offset: 7, kind }));
    }
}
