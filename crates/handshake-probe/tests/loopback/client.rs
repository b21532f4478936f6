//! Client certificates, before `openssl s_server`, which verifies the signature of every kind of key.

use std::sync::Arc;

use handshake_probe::{
    Cause, CertificateRequest, Choice, Credentials, Engine, Identity, ProtocolVersion, SigningKey,
    probe,
};
use pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::openssl::{RSA, is_installed, offer, openssl, start};
use crate::server::{ACCEPT, request};

/// Answers always alike.
#[derive(Debug)]
struct Fixed(Choice);

impl Identity for Fixed {
    fn choose(&self, asked: &CertificateRequest<'_>) -> Choice {
        assert_eq!(asked.types.is_empty(), asked.protocol == ProtocolVersion::Tls13);
        assert_eq!(asked.schemes.is_empty(), asked.protocol < ProtocolVersion::Tls12);
        // What rustls would leave out is there, too.
        assert!(asked.schemes.is_empty() || asked.schemes.contains(&0x0401), "{asked:?}");
        self.0.clone()
    }
}

/// Makes a key and a certificate for it.
fn credentials(kind: &[&str], scheme: u16) -> Credentials {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, certificate) = (file("key.der"), file("certificate.der"));
    let mut make = openssl(&["genpkey"]);
    if kind.first() == Some(&"DSA") {
        let parameters = file("dsa.pem");
        let bits = "dsa_paramgen_bits:2048";
        let made = ["genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", bits, "-out"];
        assert!(openssl(&made).arg(&parameters).status().unwrap().success());
        make.args(["-paramfile", &parameters]);
    } else {
        make.arg("-algorithm").args(kind);
    }
    let pem = file("key.pem");
    assert!(make.args(["-out", &pem]).status().unwrap().success());
    let made = ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in"];
    assert!(openssl(&made).args([&pem, "-out", &key]).status().unwrap().success());
    let made = ["req", "-x509", "-new", "-subj", "/CN=client", "-days", "30", "-outform", "DER"];
    let made = openssl(&made).args(["-key", &pem, "-out", &certificate]).status();
    assert!(made.unwrap().success());
    let (key, certificate) = (std::fs::read(key).unwrap(), std::fs::read(certificate).unwrap());
    let certificate = CertificateDer::from(certificate);
    let key = SigningKey::new(&PrivatePkcs8KeyDer::from(key), &certificate).unwrap();
    assert_eq!(format!("{key:?}"), "SigningKey(..)");
    Credentials { chain: vec![certificate], key: Arc::new(key), scheme }
}

const EC: &str = "ec_param_enc:named_curve";
const WEAK: &str = "ALL:@SECLEVEL=0";
const CBC: &str = "ECDHE-RSA-AES128-SHA:@SECLEVEL=0";

#[test]
fn keys_of_every_kind_sign_in_both_engines() {
    if !is_installed() {
        return;
    }
    let rsa_1024 = &["RSA", "-pkeyopt", "rsa_keygen_bits:1024"][..];
    let pss = &["RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"];
    let p256 = &["EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", EC];
    let p384 = &["EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-pkeyopt", EC];
    let p521 = &["EC", "-pkeyopt", "ec_paramgen_curve:P-521", "-pkeyopt", EC];
    for (kind, scheme, version, ciphers) in [
        (RSA, 0x0804, "-tls1_3", WEAK),
        (RSA, 0x0806, "-tls1_2", WEAK),
        (RSA, 0x0401, "-tls1_2", WEAK),
        (RSA, 0x0201, "-tls1_2", WEAK),
        (RSA, 0x0301, "-tls1_2", WEAK),
        (RSA, 0x0501, "-tls1_2", CBC),
        (RSA, 0, "-tls1_1", WEAK),
        (RSA, 0, "-tls1", WEAK),
        (rsa_1024, 0x0805, "-tls1_3", WEAK),
        (rsa_1024, 0x0601, "-tls1_2", WEAK),
        (pss, 0x0809, "-tls1_3", WEAK),
        (pss, 0x080a, "-tls1_2", CBC),
        (p256, 0x0403, "-tls1_3", WEAK),
        (p256, 0x0203, "-tls1_2", WEAK),
        (p256, 0, "-tls1_1", WEAK),
        (p384, 0x0503, "-tls1_3", WEAK),
        (p384, 0x0303, "-tls1_2", CBC),
        (p521, 0x0603, "-tls1_3", WEAK),
        (p521, 0x0603, "-tls1_2", WEAK),
        (&["ED25519"], 0x0807, "-tls1_3", WEAK),
        (&["ED25519"], 0x0807, "-tls1_2", CBC),
        (&["ED448"], 0x0808, "-tls1_3", WEAK),
        (&["ED448"], 0x0808, "-tls1_2", WEAK),
        (&["DSA"], 0x0402, "-tls1_2", WEAK),
        (&["DSA"], 0x0302, "-tls1_2", CBC),
        (&["DSA"], 0, "-tls1", WEAK),
    ] {
        let peer = start(RSA, &["-Verify", "1", version, "-cipher", ciphers]);
        let mut request = request(peer.address);
        request.offer = offer();
        if ["-tls1_2", "-tls1_3"].contains(&version) {
            // an offer of older versions is not for rustls to greet with
            request.offer.versions.retain(|version| *version >= ProtocolVersion::Tls12);
        }
        request.identity = Some(Arc::new(Fixed(Choice::Credentials(credentials(kind, scheme)))));
        let observation = probe(&request, &ACCEPT);
        let case = format!("{kind:?} {scheme:04x} {version} {ciphers}");
        let session = observation.outcome.unwrap_or_else(|failure| panic!("{case}: {failure:?}"));
        assert_eq!(session.late_alert, None, "{case}");
        assert!(session.client_certificate_requested, "{case}");
        assert!(observation.client_certificate_sent, "{case}");
        let is_new = version == "-tls1_3";
        let engine = if is_new { Engine::Rustls } else { Engine::Classic };
        assert_eq!(observation.engine, engine, "{case}");
    }
}

#[test]
fn a_refusal_is_an_alert_before_anything_else_is_sent() {
    if !is_installed() {
        return;
    }
    for (version, ciphers) in [("-tls1_3", WEAK), ("-tls1_2", WEAK), ("-tls1_2", CBC)] {
        let peer = start(RSA, &["-Verify", "1", version, "-cipher", ciphers]);
        let mut request = request(peer.address);
        request.offer = offer();
        request.identity = Some(Arc::new(Fixed(Choice::Refuse { alert: "internal_error" })));
        let observation = probe(&request, &ACCEPT);
        let failure = observation.outcome.unwrap_err();
        assert!(matches!(failure.cause, Cause::IdentityRefused), "{version}: {failure:?}");
        assert_eq!(observation.alert_sent, Some(80), "{version}");
    }
}

#[test]
fn without_a_certificate_the_answer_is_empty() {
    if !is_installed() {
        return;
    }
    let peer = start(RSA, &["-Verify", "1", "-tls1_3"]);
    let mut request = request(peer.address);
    request.offer = offer();
    request.identity = Some(Arc::new(Fixed(Choice::Nothing)));
    let observation = probe(&request, &ACCEPT);
    assert_eq!(observation.outcome.unwrap().late_alert, Some("certificate_required"));
    assert!(!observation.client_certificate_sent);
}
