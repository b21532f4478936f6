//! A subject public key as Java reads it.

mod curve;
mod parse;

use std::borrow::Cow;

pub(crate) use curve::Curve;
pub(crate) use parse::curve_of;

use crate::exception::JavaException;
use crate::profile::Profile;
use crate::signature::{MlDsa, PssParameters};

/// A subject public key as Java reads it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PublicKey {
    material: Material,
    has_parameters: bool,
}

/// What a key consists of. Numbers are unsigned, without leading zeros.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Material {
    /// An RSA key, `rsaEncryption` or `id-RSASSA-PSS`.
    Rsa(RsaKey),
    /// A point of a curve.
    Ec {
        /// The curve.
        curve: &'static Curve,
        /// The two coordinates, each as long as the field.
        coordinates: Vec<u8>,
    },
    /// A DSA key.
    Dsa(DsaKey),
    /// An Ed25519 or Ed448 key.
    Edwards {
        /// `Ed25519` or `Ed448`.
        name: &'static str,
        /// The encoded point.
        point: Vec<u8>,
    },
    /// An X25519 or X448 key.
    Montgomery {
        /// `X25519` or `X448`.
        name: &'static str,
    },
    /// An ML-DSA key.
    MlDsa {
        /// The parameter set.
        set: MlDsa,
        /// The encoded key.
        key: Vec<u8>,
    },
    /// A Diffie-Hellman key.
    DiffieHellman {
        /// The size of the modulus.
        bits: u32,
    },
    /// A key that nothing is known of but the name of its algorithm.
    Opaque(Cow<'static, str>),
}

/// An RSA key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RsaKey {
    /// The modulus.
    pub(crate) modulus: Vec<u8>,
    /// The public exponent.
    pub(crate) exponent: Vec<u8>,
    /// Whether its identifier is `id-RSASSA-PSS`.
    pub(crate) is_pss: bool,
    /// What it is restricted to.
    pub(crate) restriction: Option<PssParameters>,
}

/// A DSA key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct DsaKey {
    /// The public value.
    pub(crate) y: Vec<u8>,
    /// p, q and g; a key may inherit them, and Java then has none.
    pub(crate) domain: Option<[Vec<u8>; 3]>,
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` with its header.
    ///
    /// # Errors
    /// The `java.io.IOException` that `X509Key.parse` throws; it makes the whole certificate unreadable.
    pub(crate) fn parse(encoded: &[u8], profile: &Profile) -> Result<Self, JavaException> {
        parse::public_key(encoded, profile)
    }

    /// Returns `Key.getAlgorithm()`: `RSA`, `RSASSA-PSS`, `EC`, `DSA`, `EdDSA` or an object identifier.
    pub(crate) fn algorithm(&self) -> &str {
        match &self.material {
            Material::Rsa(RsaKey { is_pss: false, .. }) => "RSA",
            Material::Rsa(RsaKey { is_pss: true, .. }) => "RSASSA-PSS",
            Material::Ec { .. } => "EC",
            Material::Dsa(_) => "DSA",
            Material::Edwards { .. } => "EdDSA",
            Material::Montgomery { .. } => "XDH",
            Material::MlDsa { .. } => "ML-DSA",
            Material::DiffieHellman { .. } => "DH",
            Material::Opaque(name) => name,
        }
    }

    /// Returns the size in bits as `KeyUtil.getKeySize` counts it; Java prints -1 for none.
    pub(crate) fn bits(&self) -> Option<u32> {
        match &self.material {
            Material::Rsa(key) => Some(bit_length(&key.modulus)),
            Material::Ec { curve, .. } => Some(curve.bits),
            Material::Dsa(key) => key.domain.as_ref().map(|[p, ..]| bit_length(p)),
            Material::Edwards { name: "Ed25519", .. } | Material::Montgomery { name: "X25519" } => {
                Some(255)
            }
            Material::Edwards { .. } | Material::Montgomery { .. } => Some(448),
            Material::DiffieHellman { bits } => Some(*bits),
            Material::MlDsa { .. } | Material::Opaque(_) => None,
        }
    }

    /// Returns whether it is a DSA key that is to take its parameters from the key above.
    pub(crate) fn lacks_parameters(&self) -> bool {
        matches!(&self.material, Material::Dsa(DsaKey { domain: None, .. }))
    }

    /// Returns the key as it counts below `issuer`: a DSA key without parameters takes those of the key above.
    ///
    /// # Errors
    /// What `AlgorithmChecker` says where there is nothing to take.
    pub(crate) fn below<'a>(&'a self, issuer: &Self) -> Result<Cow<'a, Self>, &'static str> {
        let (Material::Dsa(own), true) = (&self.material, self.lacks_parameters()) else {
            return Ok(Cow::Borrowed(self));
        };
        let Material::Dsa(above) = &issuer.material else {
            return Err("Input key is not of a appropriate type for inheriting parameters");
        };
        if above.domain.is_none() {
            return Err("Key parameters missing from public key.");
        }
        let key = DsaKey { y: own.y.clone(), domain: above.domain.clone() };
        Ok(Cow::Owned(Self { material: Material::Dsa(key), has_parameters: true }))
    }

    /// Returns what the key consists of.
    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// Returns whether the identifier of its algorithm has parameters (`NULL` counts as none).
    pub(crate) fn has_parameters(&self) -> bool {
        self.has_parameters
    }

    /// Returns the names of the curve of an elliptic curve key, the first one being the usual one.
    pub(crate) fn curve_names(&self) -> Option<&'static [&'static str]> {
        match &self.material {
            Material::Ec { curve, .. } => Some(curve.names),
            Material::Rsa(_)
            | Material::Dsa(_)
            | Material::Edwards { .. }
            | Material::Montgomery { .. }
            | Material::MlDsa { .. }
            | Material::DiffieHellman { .. }
            | Material::Opaque(_) => None,
        }
    }

    /// Returns the name of the parameters of a key that has them by name: `Ed25519`, `X448`, `ML-DSA-65`.
    pub(crate) fn parameter_name(&self) -> Option<&'static str> {
        match &self.material {
            Material::Edwards { name, .. } | Material::Montgomery { name } => Some(name),
            Material::MlDsa { set, .. } => Some(set.name()),
            Material::Rsa(_)
            | Material::Ec { .. }
            | Material::Dsa(_)
            | Material::DiffieHellman { .. }
            | Material::Opaque(_) => None,
        }
    }

    /// Returns the class of the key, as messages name it.
    pub(crate) fn java_class(&self) -> &'static str {
        match &self.material {
            Material::Rsa(_) => "sun.security.rsa.RSAPublicKeyImpl",
            Material::Ec { .. } => "sun.security.ec.ECPublicKeyImpl",
            Material::Dsa(_) => "sun.security.provider.DSAPublicKeyImpl",
            Material::Edwards { .. } => "sun.security.ec.ed.EdDSAPublicKeyImpl",
            Material::Montgomery { .. } => "sun.security.ec.XDHPublicKeyImpl",
            Material::MlDsa { .. } => "sun.security.x509.NamedX509Key",
            Material::DiffieHellman { .. } => "com.sun.crypto.provider.DHPublicKey",
            Material::Opaque(_) => "sun.security.x509.X509Key",
        }
    }
}

/// Returns how many bits an unsigned number without leading zeros has.
fn bit_length(number: &[u8]) -> u32 {
    let Some((first, rest)) = number.split_first() else { return 0 };
    let octets = u32::try_from(rest.len()).unwrap_or(u32::MAX / 8);
    octets.saturating_mul(8).saturating_add(8 - first.leading_zeros())
}
