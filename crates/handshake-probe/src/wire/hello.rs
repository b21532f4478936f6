//! `ServerHello` and `HelloRetryRequest`, checked against the offer.

use crate::judge::Judge;
use crate::misbehaviour::{ExtensionFault, Misbehaviour};
use crate::observation::ServerHello;
use crate::request::{Offer, ProtocolVersion};
use crate::wire::extensions::Extensions;
use crate::wire::key_exchange::check_point;
use crate::wire::{Cursor, SERVER_HELLO};

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
    let truncated = Misbehaviour::TruncatedMessage(SERVER_HELLO);
    let mut cursor = Cursor(body);
    let legacy_version = cursor.u16().ok_or(truncated)?;
    if !(0x0300..=0x0304).contains(&legacy_version) {
        return Err(Misbehaviour::UnknownVersion(legacy_version));
    }
    let random = cursor.take(32).ok_or(truncated)?;
    let end = Misbehaviour::MessageEnd(SERVER_HELLO);
    let session_id = cursor.vector8().ok_or(end)?;
    if session_id.len() > 32 {
        let length = u8::try_from(session_id.len()).unwrap_or(u8::MAX);
        return Err(Misbehaviour::SessionIdentifier(length));
    }
    let cipher_suite = cursor.u16().ok_or(end)?;
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
    let extensions = read?;
    let version = check_version(&hello, &extensions, random, offer)?;
    if version == ProtocolVersion::Tls13 {
        check_tls13(&hello, &extensions)?;
        check_share(&hello, &extensions)?;
        check_group(&hello, offer, shares)?;
    } else if !hello.is_retry {
        check_tls12(&extensions, offer)?;
    }
    if (version == ProtocolVersion::Tls13) != is_tls13_suite(cipher_suite) {
        return Err(Misbehaviour::SuiteOfOtherVersion(cipher_suite));
    }
    Ok((hello, version))
}

/// Reads what follows the cipher suite.
fn read_rest<'a>(
    cursor: &mut Cursor<'a>,
    hello: &mut ServerHello,
    offer: &Offer,
    judge: &dyn Judge,
) -> Result<Extensions<'a>, Misbehaviour> {
    let suite = hello.cipher_suite;
    if suite == RENEGOTIATION_SCSV || !offer.cipher_suites.contains(&suite) {
        return Err(Misbehaviour::SuiteNotOffered(suite));
    }
    hello.compression = cursor.u8().ok_or(Misbehaviour::TruncatedMessage(SERVER_HELLO))?;
    if hello.compression != 0 {
        return Err(Misbehaviour::Compression(hello.compression));
    }
    if cursor.is_empty() {
        return Ok(Extensions::default());
    }
    let is_retry = hello.is_retry;
    let check = |code| if is_retry { Ok(()) } else { check_place(code) };
    let extensions = Extensions::read(SERVER_HELLO, cursor, judge, check)?;
    let number = |code| Cursor(extensions.value(code)?).u16();
    hello.extensions = extensions.codes();
    hello.selected_version = number(SUPPORTED_VERSIONS);
    hello.group = number(KEY_SHARE);
    Ok(extensions)
}

fn check_version(
    hello: &ServerHello,
    extensions: &Extensions<'_>,
    random: &[u8],
    offer: &Offer,
) -> Result<ProtocolVersion, Misbehaviour> {
    extensions
        .check(SUPPORTED_VERSIONS, |value| (value.len() != 2).then_some(ExtensionFault::Short))?;
    let code = hello.selected_version.unwrap_or(hello.legacy_version);
    let version = ProtocolVersion::from_code(code)
        .filter(|version| offer.versions.contains(version))
        .ok_or(Misbehaviour::VersionNotOffered(code))?;
    if hello.is_retry && version < ProtocolVersion::Tls13 {
        return Err(Misbehaviour::RetryOfOldVersion(code));
    }
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

/// Checks what the extensions of TLS 1.3 hold.
fn check_tls13(hello: &ServerHello, extensions: &Extensions<'_>) -> Result<(), Misbehaviour> {
    if hello.is_retry {
        extensions
            .check(KEY_SHARE, |value| (value.len() != 2).then_some(ExtensionFault::OtherLength))?;
        let Some(value) = extensions.value(COOKIE) else { return Ok(()) };
        return match Cursor(value).vector16() {
            Some([_, ..]) => Ok(()),
            None if value.len() > 2 => Err(Misbehaviour::MessageEnd(SERVER_HELLO)),
            Some([]) | None => Err(extensions.fault(COOKIE, value.len(), ExtensionFault::Short)),
        };
    }
    if let Some(value) = extensions.value(KEY_SHARE) {
        let mut cursor = Cursor(value);
        let fault = |fault| extensions.fault(KEY_SHARE, value.len(), fault);
        if value.len() < 5 {
            return Err(fault(ExtensionFault::Short));
        }
        cursor.u16();
        cursor.vector16().ok_or(Misbehaviour::MessageEnd(SERVER_HELLO))?;
        if !cursor.is_empty() {
            return Err(fault(ExtensionFault::Long));
        }
    }
    extensions.refuse(PRE_SHARED_KEY)
}

/// Checks what the extensions of TLS 1.2 hold, in the order of JSSE's enumeration.
fn check_tls12(extensions: &Extensions<'_>, offer: &Offer) -> Result<(), Misbehaviour> {
    if offer.server_name.is_none() {
        extensions.refuse(SERVER_NAME)?;
    }
    let must_be_empty = |value: &[u8]| (!value.is_empty()).then_some(ExtensionFault::Long);
    extensions.refuse(MAX_FRAGMENT_LENGTH)?;
    if !offer.extensions.contains(&STATUS_REQUEST) {
        extensions.refuse(STATUS_REQUEST)?;
    }
    extensions.check(STATUS_REQUEST, must_be_empty)?;
    if let Some(value) = extensions.value(POINT_FORMATS) {
        let fault = |fault| extensions.fault(POINT_FORMATS, value.len(), fault);
        match Cursor(value).vector8() {
            None if value.is_empty() => return Err(fault(ExtensionFault::Short)),
            None => return Err(Misbehaviour::MessageEnd(SERVER_HELLO)),
            Some(formats) if !formats.contains(&0) => {
                return Err(fault(ExtensionFault::Mandatory));
            }
            Some(_) => {}
        }
    }
    extensions.refuse(ALPN)?;
    if !offer.extensions.contains(&STATUS_REQUEST_V2) {
        extensions.refuse(STATUS_REQUEST_V2)?;
    }
    extensions.check(STATUS_REQUEST_V2, must_be_empty)?;
    extensions.check(EXTENDED_MASTER_SECRET, must_be_empty)?;
    let Some(value) = extensions.value(RENEGOTIATION_INFO) else { return Ok(()) };
    match Cursor(value).vector8() {
        None if value.is_empty() => {
            Err(extensions.fault(RENEGOTIATION_INFO, 0, ExtensionFault::Short))
        }
        None => Err(Misbehaviour::MessageEnd(SERVER_HELLO)),
        Some([]) => Ok(()),
        Some(_) => Err(extensions.fault(RENEGOTIATION_INFO, value.len(), ExtensionFault::Long)),
    }
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

/// Checks how the key share is written.
fn check_share(hello: &ServerHello, extensions: &Extensions<'_>) -> Result<(), Misbehaviour> {
    let share = extensions.value(KEY_SHARE).and_then(|value| value.get(4..));
    match (hello.group, share) {
        (Some(group), Some(share)) if !hello.is_retry => check_point(group, share),
        _ => Ok(()),
    }
}

/// Checks that an extension may be in a `ServerHello`; one that JSSE does not read is none of its concern.
fn check_place(code: u16) -> Result<(), Misbehaviour> {
    match code {
        13 | COOKIE | 45 | 47 | 50 => Err(Misbehaviour::MisplacedExtension(code)),
        _ => Ok(()),
    }
}

/// The suites of RFC 8446, appendix B.4.
fn is_tls13_suite(code: u16) -> bool {
    code >> 8 == 0x13
}

pub(crate) const SERVER_NAME: u16 = 0;
pub(crate) const MAX_FRAGMENT_LENGTH: u16 = 1;
pub(crate) const STATUS_REQUEST: u16 = 5;
pub(crate) const SESSION_TICKET: u16 = 35;
const POINT_FORMATS: u16 = 11;
pub(crate) const ALPN: u16 = 16;
pub(crate) const STATUS_REQUEST_V2: u16 = 17;
const EXTENDED_MASTER_SECRET: u16 = 23;
const PRE_SHARED_KEY: u16 = 41;
const SUPPORTED_VERSIONS: u16 = 43;
const COOKIE: u16 = 44;
const KEY_SHARE: u16 = 51;
const RENEGOTIATION_INFO: u16 = 0xff01;

/// Stands in the list of suites and is none (RFC 5746, section 3.3).
const RENEGOTIATION_SCSV: u16 = 0x00ff;

/// The random value of a `HelloRetryRequest` (RFC 8446, section 4.1.3).
const HELLO_RETRY_REQUEST: &[u8] = &[
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// How a random value ends that warns of a downgrade (RFC 8446, section 4.1.3).
const DOWNGRADES: &[&[u8]] = &[b"DOWNGRD\x01", b"DOWNGRD\x00"];
