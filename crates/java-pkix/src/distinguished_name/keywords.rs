//! The attribute types for which Java has a keyword.

use crate::oid::Oid;

/// Returns the keyword of an attribute type.
pub(super) fn keyword(oid: Oid<'_>) -> Option<&'static str> {
    KEYWORDS.iter().find(|(held, _)| *held == oid.0).map(|(_, keyword)| *keyword)
}

/// The commonName attribute type.
pub(crate) const COMMON_NAME: &[u8] = &[0x55, 4, 3];
/// The emailAddress attribute type.
pub(crate) const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];

/// The attribute types with a keyword.
const KEYWORDS: [(&[u8], &str); 18] = [
    (COMMON_NAME, "CN"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x55, 4, 12], "T"),
    (&[0x2b, 6, 1, 4, 1, 0x2a, 2, 0x0b, 2, 1], "IP"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x19], "DC"),
    (&[0x55, 4, 0x2e], "DNQ"),
    (&[0x55, 4, 4], "SURNAME"),
    (&[0x55, 4, 0x2a], "GIVENNAME"),
    (&[0x55, 4, 0x2b], "INITIALS"),
    (&[0x55, 4, 0x2c], "GENERATION"),
    (EMAIL_ADDRESS, "EMAILADDRESS"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
    (&[0x55, 4, 5], "SERIALNUMBER"),
];

/// Those that RFC 2253 has.
pub(super) const RFC_2253: [&[u8]; 9] = [
    COMMON_NAME,
    &[0x55, 4, 6],
    &[0x55, 4, 7],
    &[0x55, 4, 8],
    &[0x55, 4, 10],
    &[0x55, 4, 11],
    &[0x55, 4, 9],
    &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x19],
    &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1],
];
