//! Signatures of certificates, verified as a Java runtime would.

mod algorithm;
mod digest;
mod dsa;
mod ecdsa;
mod edwards;
mod ml_dsa;
mod names;
mod pss;
#[cfg(test)]
pub(crate) mod recorded;
mod rsa;

pub(crate) use algorithm::{SignatureAlgorithm, identifier};
pub(crate) use digest::Digest;
pub(crate) use names::{MlDsa, name_of};
pub(crate) use pss::PssParameters;

use crate::exception::JavaException;
use crate::profile::{DerWords, Profile, SignatureSupport};
use crate::public_key::{Material, PublicKey};
use crate::tlv::{self, TlvFault, tag};
use algorithm::Parameters;
use names::Scheme;

/// Verifies `signature` over `message` as `X509CertImpl.verify` does.
///
/// `signature` is the content of the bit string, its unused bits cleared as Java clears them.
///
/// # Errors
/// What `verify` throws: the cause of `signature check failed`.
pub(crate) fn verify(
    algorithm: &SignatureAlgorithm,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
    profile: &Profile,
) -> Result<(), JavaException> {
    let Some(scheme) = algorithm.scheme() else {
        let text = format!("{} Signature not available", algorithm.name());
        return Err(JavaException::new("java.security.NoSuchAlgorithmException", text));
    };
    match (algorithm.parameters(), key.material()) {
        (Parameters::Refused(exception), _) => return Err(exception.clone()),
        (Parameters::Curve(named), Material::Ec { curve, .. }) if named.oid != curve.oid => {
            return Err(invalid_key("Key params does not match signature params"));
        }
        (Parameters::Usual | Parameters::Curve(_), _) => {}
    }
    match (scheme, key.material()) {
        (Scheme::Rsa(digest), Material::Rsa(key)) => {
            rsa::verify_pkcs1(key, digest, message, signature)
        }
        (Scheme::RsaPss, Material::Rsa(key)) => {
            rsa::verify_pss(key, algorithm.pss_parameters(), message, signature, profile)
        }
        (Scheme::Ecdsa(digest), Material::Ec { curve, coordinates }) => {
            ecdsa::verify(curve, coordinates, digest, message, signature, profile)
        }
        (Scheme::Dsa(digest), Material::Dsa(key)) => {
            dsa::verify(key, digest, message, signature, profile)
        }
        (Scheme::Ed25519, Material::Edwards { name: "Ed25519", point }) => {
            edwards::verify_ed25519(point, message, signature, profile)
        }
        (Scheme::Ed448, Material::Edwards { name: "Ed448", point }) => {
            edwards::verify_ed448(point, message, signature, profile)
        }
        (Scheme::MlDsa(wanted), Material::MlDsa { set, key }) if wanted == *set => {
            ml_dsa::verify(wanted, key, message, signature)
        }
        (scheme, _) => Err(unsupported(scheme, key, profile)),
    }
}

/// Returns what Java throws where the key does not fit the algorithm.
fn unsupported(scheme: Scheme, key: &PublicKey, profile: &Profile) -> JavaException {
    match (scheme, key.material()) {
        // 8 has a second provider of these, which takes any key and then refuses it.
        (Scheme::Rsa(Digest::Md2 | Digest::Md5 | Digest::Sha1), _)
            if profile.signatures == SignatureSupport::Unknown =>
        {
            let text = format!("Unsupported algorithm {}", key.algorithm());
            let cause = JavaException::new("java.security.ProviderException", text);
            invalid_key(cause.to_string()).caused_by(cause)
        }
        (Scheme::Ed25519, Material::Edwards { .. }) => invalid_key("Parameters must be Ed25519"),
        (Scheme::Ed448, Material::Edwards { .. }) => invalid_key("Parameters must be Ed448"),
        (Scheme::Ed25519 | Scheme::Ed448, _) => invalid_key("Unsupported key type"),
        (Scheme::MlDsa(_), _) if key.has_parameters() => {
            invalid_key("algorithm identifier has params")
        }
        (Scheme::MlDsa(_), _) => {
            let name = key.parameter_name().unwrap_or_else(|| key.algorithm());
            invalid_key(format!("Unsupported parameter set name: {name}"))
        }
        _ => {
            let class = key.java_class();
            invalid_key(format!("No installed provider supports this key: {class}"))
        }
    }
}

/// Reads the two unsigned numbers of a DSA or ECDSA signature, strictly as DER, without leading zeros.
///
/// # Errors
/// The `java.io.IOException` that the reader throws.
fn numbers<'a>(signature: &'a [u8], profile: &Profile) -> Result<[&'a [u8]; 2], JavaException> {
    let fail = |text: &str| JavaException::new("java.io.IOException", text);
    let unreadable = |input: &[u8], fault: TlvFault| match (fault, profile.der_words) {
        (TlvFault::NoHeader, DerWords::Legacy) => fail("Encoding bytes too short"),
        (TlvFault::ContentTooShort, _) => {
            JavaException::new(tlv::end_class(profile), tlv::words(fault, profile))
        }
        (TlvFault::BadLength, DerWords::Legacy) if input.get(1) == Some(&0x80) => {
            fail("Indefinite length BER encoding found")
        }
        (TlvFault::BadLength, DerWords::Current) if input.get(1) == Some(&0x80) => {
            fail("Indefinite length encoding not supported with DER")
        }
        (TlvFault::NoHeader | TlvFault::BadLength, _) => fail(tlv::words(fault, profile)),
    };
    let invalid = || fail("Invalid encoding for signature");
    let (sequence, after) = tlv::read(signature).map_err(|fault| unreadable(signature, fault))?;
    if sequence.tag != tag::SEQUENCE {
        return Err(fail(tlv::not_a_sequence(profile)));
    }
    let mut values = Vec::with_capacity(2);
    let mut rest = sequence.content;
    while !rest.is_empty() {
        let (value, following) =
            tlv::read(rest).map_err(|fault| match (fault, profile.der_words) {
                (TlvFault::ContentTooShort, DerWords::Legacy) => {
                    JavaException::bare("java.io.EOFException")
                }
                (fault, _) => unreadable(rest, fault),
            })?;
        values.push(value);
        rest = following;
    }
    let ([r, s], []) = (values.as_slice(), after) else { return Err(invalid()) };
    let number = |value: &tlv::Tlv<'a>| match value.content {
        _ if value.tag != tag::INTEGER => Err(fail(&tlv::not_an_integer(value.tag, profile))),
        [] => Err(fail("Invalid encoding: zero length Int value")),
        [0, second, ..] if *second < 0x80 => Err(fail("Invalid encoding: redundant leading 0s")),
        content => Ok(tlv::trimmed(content)),
    };
    Ok([number(r)?, number(s)?])
}

fn does_not_match() -> JavaException {
    signature_fault("Signature does not match.")
}

fn signature_fault(text: impl Into<String>) -> JavaException {
    JavaException::new("java.security.SignatureException", text)
}

fn invalid_key(text: impl Into<String>) -> JavaException {
    JavaException::new("java.security.InvalidKeyException", text)
}

#[cfg(test)]
mod tests {
    use super::recorded::{Parts, parts};
    use super::*;
    use crate::release::JavaRelease;
    use std::collections::BTreeMap;

    const CERTIFICATES: &str = include_str!("../../../../fixtures/signatures/self-signed.txt");
    const ANSWERS: &str = include_str!("../../../../fixtures/signatures/java.txt");
    const RELEASES: [(&str, u16, u16); 6] = [
        ("8", 8, 504),
        ("11", 11, 33),
        ("17", 17, 19),
        ("21", 21, 13),
        ("25", 25, 5),
        ("26", 26, 2),
    ];

    fn certificates() -> BTreeMap<&'static str, Parts> {
        CERTIFICATES
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(name, text)| (name, parts(text)))
            .collect()
    }

    fn said(exception: &JavaException) -> String {
        exception.chain().map(ToString::to_string).collect::<Vec<_>>().join(" <- ")
    }

    fn answer(
        certificates: &BTreeMap<&str, Parts>,
        name: &str,
        question: &str,
        profile: &Profile,
    ) -> String {
        let certificate = &certificates[name];
        let algorithm = SignatureAlgorithm::parse(&certificate.algorithm, profile).unwrap();
        let signer = question.strip_prefix("by ").unwrap_or(name);
        let key = PublicKey::parse(&certificates[signer].key, profile).unwrap();
        if question == "names" {
            return format!("{} {}", algorithm.name(), key.algorithm());
        }
        let mut signature = certificate.signature.clone();
        match question {
            "flipped" => *signature.last_mut().unwrap() ^= 1,
            "first" => signature[0] ^= 1,
            "second" => signature[1] ^= 1,
            "short" => signature.truncate(signature.len() - 1),
            "long" => signature.push(0),
            "empty" => signature.clear(),
            _ => {}
        }
        match verify(&algorithm, &key, &certificate.signed, &signature, profile) {
            Ok(()) => "ok".to_owned(),
            Err(exception) => said(&exception),
        }
    }

    /// Curves that 8 and 11 compute with, once their properties allow it; see `ecdsa.rs`.
    const LEGACY_CURVES: [(&str, &str); 9] = [
        ("8", "ecP-224-sha256 own"),
        ("11", "ecP-224-sha256 own"),
        ("8", "ecsecp256k1-sha256 own"),
        ("11", "ecsecp256k1-sha256 own"),
        ("8", "ecsect283r1-sha256 own"),
        ("11", "ecsect283r1-sha256 own"),
        ("8", "ecbrainpoolP256r1-sha256 own"),
        ("8", "ecbrainpoolP256r1-sha256 flipped"),
        ("11", "ecbrainpoolP256r1-sha256 own"),
    ];

    #[test]
    fn every_signature_gets_the_answer_of_each_java() {
        let certificates = certificates();
        let mut wrong = Vec::new();
        for line in ANSWERS.lines() {
            let [case, releases, expected] = line.split(" | ").collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            let (name, question) = case.split_once(' ').unwrap();
            for (release, feature, update) in RELEASES {
                if releases.split(',').any(|listed| listed == release) {
                    let profile = Profile::nearest(JavaRelease { feature, update });
                    let actual = answer(&certificates, name, question, profile);
                    let differs = LEGACY_CURVES.contains(&(release, case));
                    if (actual == expected) == differs {
                        wrong.push(format!(
                            "{release} {case}\n  expected {expected}\n  but got  {actual}"
                        ));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    }
}
