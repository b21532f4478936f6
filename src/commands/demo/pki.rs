//! The certificates of the demo, made on the spot: a root, an issuing CA and a server's certificate.

use std::time::{Duration, SystemTime};

use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};
use pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use super::DemoError;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What the demo's server shows, and what the reader is to trust.
pub(super) struct Pki {
    /// The root, in PEM.
    pub(super) root_pem: String,
    /// End entity and issuing CA.
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl Pki {
    /// Makes certificates that are valid around `now`.
    pub(super) fn new(now: SystemTime) -> Result<Self, DemoError> {
        let root_key = KeyPair::generate()?;
        let root_params = authority("Example Corp Root CA", now)?;
        let root = root_params.self_signed(&root_key)?;
        let root_issuer = Issuer::new(root_params, root_key);
        let issuing_key = KeyPair::generate()?;
        let issuing_params = authority("Example Corp Issuing CA 1", now)?;
        let issuing = issuing_params.signed_by(&issuing_key, &root_issuer)?;
        let issuing_issuer = Issuer::new(issuing_params, issuing_key);
        let key = KeyPair::generate()?;
        let end_entity = end_entity(now)?.signed_by(&key, &issuing_issuer)?;
        Ok(Self {
            root_pem: root.pem(),
            chain: vec![end_entity.der().clone(), issuing.der().clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        })
    }
}

/// Makes a `cacerts` that knows other roots only.
pub(super) fn unrelated_store(now: SystemTime, password: &str) -> Result<Vec<u8>, DemoError> {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let created = Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    let mut store = KeyStore::new(Format::Jks);
    for name in ["Unrelated Root A", "Unrelated Root B", "Unrelated Root C"] {
        let root = authority(name, now)?.self_signed(&KeyPair::generate()?)?;
        store.trust(&Alias::new(&name.replace(' ', "-")), root.der(), created)?;
    }
    Ok(store.write(Some(&Password::new(password)))?)
}

fn authority(name: &str, now: SystemTime) -> Result<CertificateParams, DemoError> {
    let mut params = params(name, Vec::new(), now, 3650)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// Java sends no SNI for `localhost`, but checks the name all the same.
fn end_entity(now: SystemTime) -> Result<CertificateParams, DemoError> {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut params = params("localhost", names, now, 90)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

fn params(
    name: &str,
    names: Vec<String>,
    now: SystemTime,
    days: u32,
) -> Result<CertificateParams, DemoError> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = (now - DAY).into();
    params.not_after = (now + DAY * days).into();
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}
