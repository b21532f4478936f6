//! A root, an issuing CA and leaves of every kind, as PEM files that `openssl s_server` reads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};

/// A folder of certificates and keys: `root.pem`, `other-root.pem`, `issuing.pem` and its key, and `LEAF.pem`, `LEAF.key` for each leaf.
pub(crate) struct Pki(PathBuf);

/// The leaves: name, subject alternative names, what is odd about it.
const LEAVES: [(&str, &[&str], Oddity); 8] = [
    ("good", &["localhost", "127.0.0.1"], Oddity::Nothing),
    ("rsa", &["localhost", "127.0.0.1"], Oddity::RsaKey),
    ("expired", &["localhost"], Oddity::Expired),
    ("not-yet-valid", &["localhost"], Oddity::NotYetValid),
    ("wrong-name", &["gitlab.example.com"], Oddity::Nothing),
    ("common-name-only", &[], Oddity::Nothing),
    ("client-only", &["localhost"], Oddity::ClientOnly),
    ("name-without-address", &["localhost"], Oddity::Nothing),
];

#[derive(Clone, Copy, Eq, PartialEq)]
enum Oddity {
    Nothing,
    RsaKey,
    Expired,
    NotYetValid,
    ClientOnly,
}

impl Pki {
    /// Makes all of it in `folder`.
    pub(crate) fn make(folder: &Path) -> Self {
        let pki = Self(folder.to_owned());
        let root_key = rsa_key();
        let root = authority("Example Corp Root CA");
        pki.write("root.pem", &root.self_signed(&root_key).unwrap().pem());
        let other_key = KeyPair::generate().unwrap();
        let other = authority("Another Root CA").self_signed(&other_key).unwrap();
        pki.write("other-root.pem", &other.pem());

        let issuing_key = KeyPair::generate().unwrap();
        let issuing = authority("Example Corp Issuing CA 1");
        let by_root = Issuer::from_params(&root, &root_key);
        pki.write("issuing.key", &issuing_key.serialize_pem());
        pki.write("issuing.pem", &issuing.signed_by(&issuing_key, &by_root).unwrap().pem());

        let by_issuing = Issuer::from_params(&issuing, &issuing_key);
        for (name, names, oddity) in LEAVES {
            let key =
                if oddity == Oddity::RsaKey { rsa_key() } else { KeyPair::generate().unwrap() };
            let leaf = leaf(names, oddity).signed_by(&key, &by_issuing).unwrap();
            pki.write(&format!("{name}.pem"), &leaf.pem());
            pki.write(&format!("{name}.key"), &key.serialize_pem());
        }
        pki
    }

    /// Returns the path of one of the files.
    pub(crate) fn path(&self, file: &str) -> String {
        self.0.join(file).to_str().unwrap().to_owned()
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }
}

fn authority(common_name: &str) -> CertificateParams {
    let mut parameters = named(common_name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters
}

fn leaf(names: &[&str], oddity: Oddity) -> CertificateParams {
    let mut parameters = named("localhost");
    parameters.subject_alt_names = names.iter().map(|name| alternative_name(name)).collect();
    parameters.use_authority_key_identifier_extension = true;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![match oddity {
        Oddity::ClientOnly => ExtendedKeyUsagePurpose::ClientAuth,
        Oddity::Nothing | Oddity::RsaKey | Oddity::Expired | Oddity::NotYetValid => {
            ExtendedKeyUsagePurpose::ServerAuth
        }
    }];
    match oddity {
        Oddity::Expired => parameters.not_after = date_time_ymd(2025, 2, 1),
        Oddity::NotYetValid => parameters.not_before = date_time_ymd(2045, 2, 1),
        Oddity::Nothing | Oddity::RsaKey | Oddity::ClientOnly => {}
    }
    parameters
}

fn named(common_name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.not_before = date_time_ymd(2024, 1, 1);
    parameters.not_after = date_time_ymd(2049, 1, 1);
    parameters.distinguished_name.push(DnType::OrganizationName, "Example Corp");
    parameters.distinguished_name.push(DnType::CommonName, common_name);
    parameters
}

fn alternative_name(name: &str) -> SanType {
    match name.parse() {
        Ok(address) => SanType::IpAddress(address),
        Err(_) => SanType::DnsName(name.try_into().unwrap()),
    }
}

/// Makes an RSA key with openssl: ring makes none.
fn rsa_key() -> KeyPair {
    let output = Command::new("openssl")
        .args(["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    KeyPair::from_pem(&String::from_utf8(output.stdout).unwrap()).unwrap()
}
