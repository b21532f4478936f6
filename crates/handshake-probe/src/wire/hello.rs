//! `ServerHello` and `HelloRetryRequest`, checked against the offer.

use crate::cause::Misbehaviour;
use crate::judge::Judge;
use crate::observation::ServerHello;
use crate::request::{Offer, ProtocolVersion};
use crate::wire::Cursor;

/// Reads a `ServerHello` message's body; what was read is kept in `seen` even if it is refused.
/// `shares` are the groups of which a key share was sent last.
///
/// # Errors
///
/// The first rule that the message breaks, in the order in which JSSE looks.
pub(crate) fn read(
    body: &[u8],
    offer: &Offer,
    shares: &[u16],
    judge: &dyn Judge,
    seen: &mut Option<ServerHello>,
) -> Result<(ServerHello, ProtocolVersion), Misbehaviour> {
    let truncated = Misbehaviour::TruncatedMessage(2);
    let mut cursor = Cursor(body);
    let legacy_version = cursor.u16().ok_or(truncated)?;
    if !(0x0300..=0x0304).contains(&legacy_version) {
        return Err(Misbehaviour::UnknownVersion(legacy_version));
    }
    let random = cursor.take(32).ok_or(truncated)?;
    let session_id = cursor.vector8().ok_or(truncated)?;
    if session_id.len() > 32 {
        return Err(Misbehaviour::MalformedMessage(2));
    }
    let cipher_suite = cursor.u16().ok_or(truncated)?;
    let mut hello = ServerHello {
        is_retry: random == HELLO_RETRY_REQUEST,
        legacy_version,
        selected_version: None,
        cipher_suite,
        compression: 0,
        group: None,
        extensions: Vec::new(),
    };
    let read = read_rest(&mut cursor, &mut hello, offer, judge);
    *seen = Some(hello.clone());
    read?;
    let version = check_version(&hello, random, offer)?;
    if version == ProtocolVersion::Tls13 {
        check_group(&hello, offer, shares)?;
    }
    if (version == ProtocolVersion::Tls13) != is_tls13_suite(cipher_suite) {
        return Err(Misbehaviour::SuiteOfOtherVersion(cipher_suite));
    }
    Ok((hello, version))
}

/// Reads what follows the cipher suite.
fn read_rest(
    cursor: &mut Cursor<'_>,
    hello: &mut ServerHello,
    offer: &Offer,
    judge: &dyn Judge,
) -> Result<(), Misbehaviour> {
    if !offer.cipher_suites.contains(&hello.cipher_suite) {
        return Err(Misbehaviour::SuiteNotOffered(hello.cipher_suite));
    }
    hello.compression = cursor.u8().ok_or(Misbehaviour::TruncatedMessage(2))?;
    if hello.compression != 0 {
        return Err(Misbehaviour::Compression(hello.compression));
    }
    if cursor.is_empty() {
        return Ok(());
    }
    let length = usize::from(cursor.u16().ok_or(Misbehaviour::TruncatedMessage(2))?);
    // JSSE lets an extension reach beyond the list, and more bytes follow it.
    let end = cursor.0.len().checked_sub(length).ok_or(Misbehaviour::ExtensionsLength)?;
    while cursor.0.len() > end {
        read_extension(cursor, hello, offer, judge)?;
    }
    Ok(())
}

fn read_extension(
    extensions: &mut Cursor<'_>,
    hello: &mut ServerHello,
    offer: &Offer,
    judge: &dyn Judge,
) -> Result<(), Misbehaviour> {
    let kind = extensions.u16().ok_or(Misbehaviour::ExtensionsLength)?;
    let value = extensions.vector16().ok_or(Misbehaviour::ExtensionLength(kind))?;
    let mut value = Cursor(value);
    let oddity = Misbehaviour::DuplicateExtension(kind);
    if hello.extensions.contains(&kind) && !judge.bears(oddity) {
        return Err(oddity);
    }
    if !hello.is_retry {
        check_solicited(kind, offer)?;
    }
    hello.extensions.push(kind);
    match kind {
        SUPPORTED_VERSIONS => {
            hello.selected_version = Some(value.u16().ok_or(Misbehaviour::MalformedMessage(2))?);
        }
        KEY_SHARE => {
            hello.group = Some(value.u16().ok_or(Misbehaviour::MalformedMessage(2))?);
        }
        _ => {}
    }
    Ok(())
}

fn check_version(
    hello: &ServerHello,
    random: &[u8],
    offer: &Offer,
) -> Result<ProtocolVersion, Misbehaviour> {
    let code = hello.selected_version.unwrap_or(hello.legacy_version);
    let version = ProtocolVersion::from_code(code)
        .filter(|version| offer.versions.contains(version))
        .ok_or(Misbehaviour::VersionNotOffered(code))?;
    if offer.versions.contains(&ProtocolVersion::Tls13)
        && version < ProtocolVersion::Tls13
        && DOWNGRADES.iter().any(|mark| random.ends_with(mark))
    {
        return Err(Misbehaviour::Downgrade);
    }
    if version == ProtocolVersion::Tls13 && hello.legacy_version != 0x0303 {
        return Err(Misbehaviour::LegacyVersion(hello.legacy_version));
    }
    Ok(version)
}

fn check_group(hello: &ServerHello, offer: &Offer, shares: &[u16]) -> Result<(), Misbehaviour> {
    let Some(group) = hello.group else {
        return if hello.is_retry { Ok(()) } else { Err(Misbehaviour::KeyShareMissing) };
    };
    match (hello.is_retry, shares.contains(&group)) {
        (false, true) => Ok(()),
        (false, false) => Err(Misbehaviour::KeyShareGroup(group)),
        (true, true) => Err(Misbehaviour::RetryGroupShared(group)),
        (true, false) if offer.groups.contains(&group) => Ok(()),
        (true, false) => Err(Misbehaviour::RetryGroupNotOffered(group)),
    }
}

/// Checks that an extension may be in a `ServerHello` and answers what was sent; one that JSSE does
/// not read is none of its concern.
fn check_solicited(kind: u16, offer: &Offer) -> Result<(), Misbehaviour> {
    match kind {
        SERVER_NAME if offer.server_name.is_some() => Ok(()),
        SERVER_NAME | 1 | 16 | 41 => Err(Misbehaviour::UnsolicitedExtension(kind)),
        13 | 42 | 44 | 45 | 47 | 50 => Err(Misbehaviour::MisplacedExtension(kind)),
        _ => Ok(()),
    }
}

/// The suites of RFC 8446, appendix B.4.
fn is_tls13_suite(code: u16) -> bool {
    code >> 8 == 0x13
}

const SERVER_NAME: u16 = 0;
const SUPPORTED_VERSIONS: u16 = 43;
const KEY_SHARE: u16 = 51;

/// The random value of a `HelloRetryRequest` (RFC 8446, section 4.1.3).
const HELLO_RETRY_REQUEST: &[u8] = &[
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// How a random value ends that warns of a downgrade (RFC 8446, section 4.1.3).
const DOWNGRADES: &[&[u8]] = &[b"DOWNGRD\x01", b"DOWNGRD\x00"];
