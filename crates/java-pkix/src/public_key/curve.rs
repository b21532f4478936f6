//! The elliptic curves that `sun.security.util.CurveDB` knows by name, the same 61 in 8 to 26: only data.

use crate::oid::Oid;

/// An elliptic curve that Java knows by name.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Curve {
    /// The content of its object identifier.
    pub(crate) oid: &'static [u8],
    /// Its name and its aliases, as the disabled-algorithms properties may name it.
    pub(crate) names: &'static [&'static str],
    /// The size of its order in bits: the size of a key.
    pub(crate) bits: u32,
    /// The size of its field in bits.
    pub(crate) field_bits: usize,
    /// Whether the field is a prime one.
    pub(crate) is_prime: bool,
}

impl Curve {
    /// Returns the curve with this object identifier.
    pub(crate) fn with(oid: Oid<'_>) -> Option<&'static Self> {
        CURVES.iter().find(|curve| curve.oid == oid.0)
    }

    /// Writes the curve as `NamedCurve.toString()` does: `secp224r1 [NIST P-224] (1.3.132.0.33)`.
    pub(crate) fn text(&self) -> String {
        let oid = Oid(self.oid);
        match self.names {
            [name, aliases @ ..] if !aliases.is_empty() => {
                format!("{name} [{}] ({oid})", aliases.join(","))
            }
            names => format!("{} ({oid})", names.concat()),
        }
    }
}

const fn curve(
    oid: &'static [u8],
    names: &'static [&'static str],
    bits: u32,
    field_bits: usize,
    is_prime: bool,
) -> Curve {
    Curve { oid, names, bits, field_bits, is_prime }
}

static CURVES: [Curve; 61] = [
    curve(
        &[42, 134, 72, 206, 61, 3, 1, 7],
        &["secp256r1", "NIST P-256", "X9.62 prime256v1"],
        256,
        256,
        true,
    ),
    curve(&[43, 129, 4, 0, 34], &["secp384r1", "NIST P-384"], 384, 384, true),
    curve(&[43, 129, 4, 0, 35], &["secp521r1", "NIST P-521"], 521, 521, true),
    curve(&[43, 129, 4, 0, 6], &["secp112r1"], 112, 112, true),
    curve(&[43, 129, 4, 0, 7], &["secp112r2"], 110, 112, true),
    curve(&[43, 129, 4, 0, 28], &["secp128r1"], 128, 128, true),
    curve(&[43, 129, 4, 0, 29], &["secp128r2"], 126, 128, true),
    curve(&[43, 129, 4, 0, 9], &["secp160k1"], 161, 160, true),
    curve(&[43, 129, 4, 0, 8], &["secp160r1"], 161, 160, true),
    curve(&[43, 129, 4, 0, 30], &["secp160r2"], 161, 160, true),
    curve(&[43, 129, 4, 0, 31], &["secp192k1"], 192, 192, true),
    curve(
        &[42, 134, 72, 206, 61, 3, 1, 1],
        &["secp192r1", "NIST P-192", "X9.62 prime192v1"],
        192,
        192,
        true,
    ),
    curve(&[43, 129, 4, 0, 32], &["secp224k1"], 225, 224, true),
    curve(&[43, 129, 4, 0, 33], &["secp224r1", "NIST P-224"], 224, 224, true),
    curve(&[43, 129, 4, 0, 10], &["secp256k1"], 256, 256, true),
    curve(&[42, 134, 72, 206, 61, 3, 1, 2], &["X9.62 prime192v2"], 192, 192, true),
    curve(&[42, 134, 72, 206, 61, 3, 1, 3], &["X9.62 prime192v3"], 192, 192, true),
    curve(&[42, 134, 72, 206, 61, 3, 1, 4], &["X9.62 prime239v1"], 239, 239, true),
    curve(&[42, 134, 72, 206, 61, 3, 1, 5], &["X9.62 prime239v2"], 239, 239, true),
    curve(&[42, 134, 72, 206, 61, 3, 1, 6], &["X9.62 prime239v3"], 239, 239, true),
    curve(&[43, 129, 4, 0, 4], &["sect113r1"], 113, 113, false),
    curve(&[43, 129, 4, 0, 5], &["sect113r2"], 113, 113, false),
    curve(&[43, 129, 4, 0, 22], &["sect131r1"], 131, 131, false),
    curve(&[43, 129, 4, 0, 23], &["sect131r2"], 131, 131, false),
    curve(&[43, 129, 4, 0, 1], &["sect163k1", "NIST K-163"], 163, 163, false),
    curve(&[43, 129, 4, 0, 2], &["sect163r1"], 162, 163, false),
    curve(&[43, 129, 4, 0, 15], &["sect163r2", "NIST B-163"], 163, 163, false),
    curve(&[43, 129, 4, 0, 24], &["sect193r1"], 193, 193, false),
    curve(&[43, 129, 4, 0, 25], &["sect193r2"], 193, 193, false),
    curve(&[43, 129, 4, 0, 26], &["sect233k1", "NIST K-233"], 232, 233, false),
    curve(&[43, 129, 4, 0, 27], &["sect233r1", "NIST B-233"], 233, 233, false),
    curve(&[43, 129, 4, 0, 3], &["sect239k1"], 238, 239, false),
    curve(&[43, 129, 4, 0, 16], &["sect283k1", "NIST K-283"], 281, 283, false),
    curve(&[43, 129, 4, 0, 17], &["sect283r1", "NIST B-283"], 282, 283, false),
    curve(&[43, 129, 4, 0, 36], &["sect409k1", "NIST K-409"], 407, 409, false),
    curve(&[43, 129, 4, 0, 37], &["sect409r1", "NIST B-409"], 409, 409, false),
    curve(&[43, 129, 4, 0, 38], &["sect571k1", "NIST K-571"], 570, 571, false),
    curve(&[43, 129, 4, 0, 39], &["sect571r1", "NIST B-571"], 570, 571, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 5], &["X9.62 c2tnb191v1"], 191, 191, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 6], &["X9.62 c2tnb191v2"], 190, 191, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 7], &["X9.62 c2tnb191v3"], 189, 191, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 11], &["X9.62 c2tnb239v1"], 238, 239, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 12], &["X9.62 c2tnb239v2"], 237, 239, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 13], &["X9.62 c2tnb239v3"], 236, 239, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 18], &["X9.62 c2tnb359v1"], 353, 359, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 20], &["X9.62 c2tnb431r1"], 418, 431, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 1], &["X9.62 c2pnb163v1"], 163, 163, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 2], &["X9.62 c2pnb163v2"], 162, 163, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 3], &["X9.62 c2pnb163v3"], 162, 163, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 4], &["X9.62 c2pnb176w1"], 161, 176, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 10], &["X9.62 c2pnb208w1"], 193, 208, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 16], &["X9.62 c2pnb272w1"], 257, 272, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 17], &["X9.62 c2pnb304w1"], 289, 304, false),
    curve(&[42, 134, 72, 206, 61, 3, 0, 19], &["X9.62 c2pnb368w1"], 353, 368, false),
    curve(&[43, 36, 3, 3, 2, 8, 1, 1, 1], &["brainpoolP160r1"], 160, 160, true),
    curve(&[43, 36, 3, 3, 2, 8, 1, 1, 3], &["brainpoolP192r1"], 192, 192, true),
    curve(&[43, 36, 3, 3, 2, 8, 1, 1, 5], &["brainpoolP224r1"], 224, 224, true),
    curve(&[43, 36, 3, 3, 2, 8, 1, 1, 7], &["brainpoolP256r1"], 256, 256, true),
    curve(&[43, 36, 3, 3, 2, 8, 1, 1, 9], &["brainpoolP320r1"], 320, 320, true),
    curve(&[43, 36, 3, 3, 2, 8, 1, 1, 11], &["brainpoolP384r1"], 384, 384, true),
    curve(&[43, 36, 3, 3, 2, 8, 1, 1, 13], &["brainpoolP512r1"], 512, 512, true),
];
