//! `SubjectPublicKeyInfo`, read as `sun.security.x509.X509Key` and the key factories do.

use std::borrow::Cow;

use crate::certificate::without_unused;
use crate::der::{self, Reader};
use crate::exception::JavaException;
use crate::profile::{DerWords, Profile, SignatureSupport};
use crate::public_key::{Curve, DsaKey, Material, PublicKey, RsaKey, bit_length};
use crate::signature::{MlDsa, PssParameters, identifier, name_of};
use crate::tlv::{self, Tlv, TlvFault, tag, trimmed, words};

/// Reads a `SubjectPublicKeyInfo` with its header.
///
/// # Errors
/// The `java.io.IOException` that `X509Key.parse` throws.
pub(super) fn public_key(encoded: &[u8], profile: &Profile) -> Result<PublicKey, JavaException> {
    let corrupt = || io("corrupt subject key");
    let value =
        tlv::read_only(encoded).filter(|value| value.tag == tag::SEQUENCE).ok_or_else(corrupt)?;
    let mut parts = Reader::new(value.content, profile);
    let (oid, parameters) = identifier(parts.value()?.encoded(), profile)?;
    let oid_text = oid.text();
    let name = name_of(&oid_text, profile);
    let key = Key { parameters, profile, bits: &[] };
    // The parameters are read before the key is looked at.
    let read = key.read_parameters(name)?;
    let (unused, octets) = parts.key_bits()?;
    let bits = without_unused(unused, octets);
    let material = Key { bits: &bits, ..key }
        .material(name, read)
        .map_err(refused)?
        .unwrap_or_else(|| Material::Opaque(name.map_or(Cow::Owned(oid_text), Cow::Borrowed)));
    if !parts.is_at_end() {
        return Err(io("excess subject key"));
    }
    Ok(PublicKey { material, has_parameters: parameters.is_some() })
}

/// What a key is read from.
#[derive(Clone, Copy)]
struct Key<'a, 'p> {
    parameters: Option<Tlv<'a>>,
    profile: &'p Profile,
    bits: &'a [u8],
}

/// Parameters of a key that Java reads on their own.
enum Parameters<'a> {
    None,
    Curve(&'static Curve),
    Pss(PssParameters),
    Dsa([&'a [u8]; 3]),
    DiffieHellman(&'a [u8]),
}

/// Why a key can't be read: an `InvalidKeyException` and perhaps its cause.
struct Refusal {
    text: String,
    cause: Option<JavaException>,
}

impl<'a> Key<'a, '_> {
    /// Reads the parameters where the algorithm has an `AlgorithmParameters` of its own.
    fn read_parameters(self, name: Option<&str>) -> Result<Parameters<'a>, JavaException> {
        let Some(parameters) = self.parameters else { return Ok(Parameters::None) };
        match name {
            Some("EC") => {
                if parameters.tag == tag::OBJECT_IDENTIFIER {
                    der::whole(parameters.whole, self.profile)?.oid()?;
                }
                curve_of(parameters).map(Parameters::Curve)
            }
            Some("RSASSA-PSS") => {
                PssParameters::parse(parameters, self.profile).map(Parameters::Pss)
            }
            Some("DSA") => {
                let [p, q, g] =
                    integers::<3>(parameters.content).ok_or_else(|| io("DSA AlgID parse error"))?;
                Ok(Parameters::Dsa([p, q, g]))
            }
            Some("DiffieHellman") => {
                let [p, _g] = first_integers(parameters.content)
                    .ok_or_else(|| io("DH params parsing error"))?;
                Ok(Parameters::DiffieHellman(p))
            }
            Some(_) | None => Ok(Parameters::None),
        }
    }

    /// Reads the key itself; none where Java has no key factory for it.
    fn material(
        self,
        name: Option<&'static str>,
        parameters: Parameters<'a>,
    ) -> Result<Option<Material>, Refusal> {
        let modern = self.profile.signatures;
        let material = match (name, parameters) {
            (Some("RSA"), _) => Material::Rsa(self.rsa(false, None)?),
            (Some("RSASSA-PSS"), Parameters::Pss(pss)) => Material::Rsa(self.rsa(true, Some(pss))?),
            (Some("RSASSA-PSS"), _) => Material::Rsa(self.rsa(true, None)?),
            (Some("EC"), Parameters::Curve(curve)) => self.ec(curve)?,
            (Some("EC"), _) => {
                let text = "EC domain parameters must be encoded in the algorithm identifier";
                return Err(Refusal { text: text.to_owned(), cause: None });
            }
            (Some("DSA"), Parameters::Dsa(domain)) => Material::Dsa(self.dsa(Some(domain))?),
            (Some("DSA"), _) => Material::Dsa(self.dsa(None)?),
            (Some("DiffieHellman"), Parameters::DiffieHellman(p)) => {
                Material::DiffieHellman { bits: bit_length(p) }
            }
            (Some(name @ ("Ed25519" | "Ed448")), _) if modern == SignatureSupport::Available => {
                self.check_length(if name == "Ed25519" { 32 } else { 57 })?;
                Material::Edwards { name, point: self.bits.to_vec() }
            }
            (Some(name @ ("X25519" | "X448")), _) if modern != SignatureSupport::Unknown => {
                self.check_length(if name == "X25519" { 32 } else { 56 })?;
                Material::Montgomery { name }
            }
            (Some(name), _) => match MlDsa::named(name) {
                Some(set) => Material::MlDsa { set, key: self.bits.to_vec() },
                None => return Ok(None),
            },
            (None, _) => return Ok(None),
        };
        Ok(Some(material))
    }

    /// Reads an `RSAPublicKey` (RFC 8017, appendix A.1.1) within Java's limits.
    fn rsa(self, is_pss: bool, restriction: Option<PssParameters>) -> Result<RsaKey, Refusal> {
        let invalid = |text: &str| Refusal {
            text: "Invalid RSA public key".to_owned(),
            cause: Some(io(text)),
        };
        let in_8 = self.profile.signatures == SignatureSupport::Unknown;
        let (sequence, _) = tlv::read(self.bits).map_err(|fault| {
            let is_short = in_8 && fault == TlvFault::NoHeader;
            invalid(if is_short { "Encoding bytes too short" } else { words(fault, self.profile) })
        })?;
        if sequence.tag != tag::SEQUENCE {
            return Err(invalid("Not a SEQUENCE"));
        }
        let (modulus, rest) = self.integer(sequence.content).map_err(|text| invalid(&text))?;
        let (exponent, rest) = self.integer(rest).map_err(|text| invalid(&text))?;
        if !rest.is_empty() {
            return Err(invalid("Extra data available"));
        }
        check_rsa(modulus, exponent)?;
        let (modulus, exponent) = (modulus.to_vec(), exponent.to_vec());
        Ok(RsaKey { modulus, exponent, is_pss, restriction })
    }

    /// Reads an unsigned number, whatever its sign bit, and returns what follows.
    fn integer(self, input: &'a [u8]) -> Result<(&'a [u8], &'a [u8]), String> {
        let legacy = self.profile.der_words == DerWords::Legacy;
        let (value, rest) = match tlv::read(input) {
            Ok(read) => read,
            Err(_) if legacy && input.is_empty() => {
                return Err("DER input, Integer tag error".to_owned());
            }
            Err(fault) => return Err(words(fault, self.profile).to_owned()),
        };
        match value.content {
            _ if value.tag != tag::INTEGER && legacy => {
                Err("DER input, Integer tag error".to_owned())
            }
            _ if value.tag != tag::INTEGER => {
                Err(format!("DerValue.getBigIntegerInternal, not expected {}", value.tag))
            }
            [] => Err("Invalid encoding: zero length Int value".to_owned()),
            content => Ok((trimmed(content), rest)),
        }
    }

    /// Reads an uncompressed point; whether it lies on the curve is asked when a signature is verified.
    fn ec(self, curve: &'static Curve) -> Result<Material, Refusal> {
        let invalid =
            |text: &str| Refusal { text: "Invalid EC key".to_owned(), cause: Some(io(text)) };
        let Some((4, coordinates)) = self.bits.split_first() else {
            return Err(invalid("Only uncompressed point format supported"));
        };
        let size = curve.field_bits.div_ceil(8);
        if coordinates.len() / 2 != size {
            return Err(invalid("Point does not match field size"));
        }
        let coordinates = coordinates.get(..size * 2).unwrap_or(coordinates).to_vec();
        Ok(Material::Ec { curve, coordinates })
    }

    /// Reads the public value of a DSA key.
    fn dsa(self, domain: Option<[&'a [u8]; 3]>) -> Result<DsaKey, Refusal> {
        let (y, _) = self.integer(self.bits).map_err(|text| Refusal {
            text: format!("Invalid key: y value\n{text}"),
            cause: None,
        })?;
        let domain = domain.map(|domain| domain.map(<[u8]>::to_vec));
        Ok(DsaKey { y: y.to_vec(), domain })
    }

    fn check_length(self, length: usize) -> Result<(), Refusal> {
        if self.bits.len() == length {
            return Ok(());
        }
        Err(Refusal { text: format!("key length must be {length}"), cause: None })
    }
}

/// Checks an RSA key as `RSAKeyFactory` and `RSAPublicKeyImpl` do.
fn check_rsa(modulus: &[u8], exponent: &[u8]) -> Result<(), Refusal> {
    let refuse = |text: &str| Err(Refusal { text: text.to_owned(), cause: None });
    // The lower limit is on the size rounded up to octets.
    let (size, bits) = (bit_length(modulus).div_ceil(8) * 8, bit_length(exponent));
    if size < 512 {
        return refuse("RSA keys must be at least 512 bits long");
    }
    if size > 16_384 {
        return refuse("RSA keys must be no longer than 16384 bits");
    }
    if size > 3072 && bits > 64 {
        return refuse(
            "RSA exponents can be no longer than 64 bits  if modulus is greater than 3072 bits",
        );
    }
    if (exponent.len(), exponent) >= (modulus.len(), modulus) {
        return refuse("exponent is larger than modulus");
    }
    if matches!(exponent, [] | [0..=2]) {
        return refuse("exponent is smaller than 3");
    }
    Ok(())
}

/// Reads the parameters of an elliptic curve key, which must name the curve.
pub(crate) fn curve_of(parameters: Tlv<'_>) -> Result<&'static Curve, JavaException> {
    if parameters.tag != tag::OBJECT_IDENTIFIER {
        return Err(io("Only named ECParameters supported"));
    }
    let oid = crate::oid::Oid(parameters.content);
    Curve::with(oid).ok_or_else(|| io(&format!("Unknown named curve: {oid}")))
}

/// Reads exactly `N` integers.
fn integers<const N: usize>(content: &[u8]) -> Option<[&[u8]; N]> {
    let mut rest = content;
    let mut numbers = Vec::with_capacity(N);
    while !rest.is_empty() {
        let (value, after) = tlv::read(rest).ok()?;
        (value.tag == tag::INTEGER).then_some(())?;
        numbers.push(trimmed(value.content));
        rest = after;
    }
    numbers.try_into().ok()
}

/// Reads two integers and passes over what follows.
fn first_integers(content: &[u8]) -> Option<[&[u8]; 2]> {
    let (first, rest) = tlv::read(content).ok()?;
    let (second, _) = tlv::read(rest).ok()?;
    (first.tag == tag::INTEGER && second.tag == tag::INTEGER)
        .then(|| [trimmed(first.content), trimmed(second.content)])
}

fn io(text: &str) -> JavaException {
    JavaException::new("java.io.IOException", text)
}

/// Wraps what a key factory throws as `X509Key.parse` does.
fn refused(refusal: Refusal) -> JavaException {
    let Refusal { text, cause } = refusal;
    let inner = JavaException::new("java.security.InvalidKeyException", text);
    let inner = match cause {
        Some(cause) => inner.caused_by(cause),
        None => inner,
    };
    let said = inner.to_string();
    let specification =
        JavaException::new("java.security.spec.InvalidKeySpecException", said.clone())
            .caused_by(inner);
    let key = JavaException::new("java.security.InvalidKeyException", said.clone());
    io(&format!("subject key, {said}")).caused_by(key.caused_by(specification))
}
