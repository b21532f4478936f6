//! The peers that rustls cannot be: `openssl s_server`, where it is installed.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use handshake_probe::{
    Cause, Decision, Engine, Judge, KeyAgreement, Offer, PeerCertificates, ProtocolVersion, probe,
};

use crate::mutated::tamper;
use crate::server::{ACCEPT, Server, request};

/// A running `openssl s_server`, which ends with the test.
pub(crate) struct Peer {
    process: Child,
    pub(crate) address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn openssl(arguments: &[&str]) -> Command {
    let mut command = Command::new("openssl");
    command.args(arguments).env("OPENSSL_CONF", "/dev/null");
    command.stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::piped());
    command
}

pub(crate) fn is_installed() -> bool {
    let version = openssl(&["version"]).output();
    let is_there = version.is_ok_and(|version| version.stdout.starts_with(b"OpenSSL 3"));
    if !is_there {
        eprintln_once();
    }
    is_there
}

/// Says why nothing was tested.
#[expect(clippy::print_stderr, reason = "whoever reads the test's output is to know")]
fn eprintln_once() {
    eprintln!("not tested: there is no OpenSSL 3 here");
}

/// Starts a server with a key of its own; `key` are the arguments of `openssl genpkey`.
pub(crate) fn start(key: &[&str], arguments: &[&str]) -> Peer {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key_file, certificate) = (file("key.pem"), file("certificate.pem"));
    if key.first() == Some(&"DSA") {
        let parameters = file("dsa.pem");
        let bits = "dsa_paramgen_bits:1024";
        let made = ["genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", bits, "-out"];
        assert!(openssl(&made).arg(&parameters).status().unwrap().success());
        let made = openssl(&["genpkey", "-paramfile", &parameters, "-out", &key_file]).status();
        assert!(made.unwrap().success());
    } else {
        let made = openssl(&["genpkey", "-algorithm"]).args(key).args(["-out", &key_file]).status();
        assert!(made.unwrap().success());
    }
    let made = ["req", "-x509", "-new", "-subj", "/CN=server.example.test", "-days", "30", "-key"];
    let made = openssl(&made).args([&key_file, "-out", &certificate]).status();
    assert!(made.unwrap().success());

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let accept = format!("127.0.0.1:{port}");
    let mut process = openssl(&["s_server", "-accept", &accept, "-cert", &certificate, "-key"])
        .arg(&key_file)
        .args(arguments)
        .spawn()
        .unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("ACCEPT") {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "the server did not start");
    }
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    Peer { process, address: accept.parse().unwrap(), _folder: folder }
}

/// All that some Java offers.
pub(crate) fn offer() -> Offer {
    Offer {
        versions: vec![
            ProtocolVersion::Tls13,
            ProtocolVersion::Tls12,
            ProtocolVersion::Tls11,
            ProtocolVersion::Tls10,
        ],
        cipher_suites: vec![
            0x1302, 0x1301, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xcca8, 0xc02f, 0x009f, 0xccaa,
            0x00a3, 0x009e, 0x00a2, 0xc024, 0xc028, 0xc023, 0xc027, 0x006b, 0x006a, 0x0067, 0x0040,
            0xc00a, 0xc014, 0xc009, 0xc013, 0x0039, 0x0038, 0x0033, 0x0032, 0x009d, 0x009c, 0x003d,
            0x003c, 0x0035, 0x002f, 0x00ff,
        ],
        groups: vec![0x1d, 0x17, 0x18, 0x19, 0x1e, 0x100, 0x101, 0x102, 0x103, 0x104],
        key_shares: vec![0x1d, 0x17],
        signature_schemes: vec![
            0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b,
            0x0401, 0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202,
        ],
        server_name: None,
        ..Offer::default()
    }
}

/// Probes a server; returns the session's version, suite and group, or why there is none.
fn shake(key: &[&str], arguments: &[&str]) -> (Engine, String) {
    let peer = start(key, arguments);
    let mut request = request(peer.address);
    request.offer = offer();
    let observation = probe(&request, &ACCEPT);
    let told = match &observation.outcome {
        Ok(_) => {
            let (version, suite) =
                (observation.protocol().unwrap(), observation.cipher_suite().unwrap());
            format!("{version:?} {suite} {}", observation.group().unwrap_or("-"))
        }
        Err(failure) => format!("{:?}: {}", failure.stage, failure.cause),
    };
    (observation.engine, told)
}

pub(crate) const RSA: &[&str] = &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const P256: &[&str] = &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

#[test]
fn below_tls13_every_key_exchange_is_followed() {
    if !is_installed() {
        return;
    }
    for (version, name) in [("-tls1", "Tls10"), ("-tls1_1", "Tls11"), ("-tls1_2", "Tls12")] {
        for (key, cipher, expected) in [
            (RSA, "AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA -"),
            (RSA, "DHE-RSA-AES256-SHA", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA -"),
            (RSA, "ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA x25519"),
            (P256, "ECDHE-ECDSA-AES256-SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA x25519"),
            (&["DSA"], "DHE-DSS-AES128-SHA", "TLS_DHE_DSS_WITH_AES_128_CBC_SHA -"),
        ] {
            let cipher = format!("{cipher}:@SECLEVEL=0");
            let (engine, told) = shake(key, &[version, "-cipher", &cipher]);
            assert_eq!((engine, told), (Engine::Classic, format!("{name} {expected}")));
        }
    }
}

#[test]
fn in_tls12_every_cipher_and_key_is_followed() {
    if !is_installed() {
        return;
    }
    let pss: &[&str] = &["RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"];
    for (key, cipher, expected) in [
        (RSA, "AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384 -"),
        (RSA, "AES128-SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA256 -"),
        (RSA, "DHE-RSA-CHACHA20-POLY1305", "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 -"),
        (RSA, "ECDHE-RSA-AES256-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 x25519"),
        (pss, "ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 x25519"),
        (&["ED448"], "ECDHE+AESGCM", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 x25519"),
    ] {
        let cipher = format!("{cipher}:@SECLEVEL=0");
        let (engine, told) = shake(key, &["-tls1_2", "-cipher", &cipher]);
        assert_eq!((engine, told), (Engine::Classic, format!("Tls12 {expected}")));
    }
}

#[test]
fn in_tls13_every_group_and_key_is_followed() {
    if !is_installed() {
        return;
    }
    for group in ["P-256", "P-384", "P-521", "X25519", "X448", "ffdhe2048", "ffdhe3072"] {
        let (engine, told) = shake(P256, &["-tls1_3", "-groups", group]);
        assert_eq!(engine, Engine::Rustls);
        assert!(told.starts_with("Tls13 TLS_AES_256_GCM_SHA384 "), "{group}: {told}");
    }
    let pss: &[&str] = &["RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"];
    let p521: &[&str] = &["EC", "-pkeyopt", "ec_paramgen_curve:P-521"];
    let short: &[&str] = &["RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
    for key in [pss, p521, short, &["ED25519"], &["ED448"]] {
        let (_, told) = shake(key, &["-tls1_3", "-cipher", "ALL:@SECLEVEL=0"]);
        assert_eq!(told, "Tls13 TLS_AES_256_GCM_SHA384 x25519");
    }
}

#[test]
fn every_tampered_handshake_of_the_classic_engine_ends() {
    if !is_installed() {
        return;
    }
    for cipher in ["AES128-SHA", "DHE-RSA-AES256-SHA256", "ECDHE-RSA-AES128-SHA"] {
        let peer = start(RSA, &["-tls1_2", "-cipher", cipher]);
        let address = peer.address;
        for seed in 1..20 {
            let between = Server::start(move |client| tamper(client, address, seed * 0x9e37_79b9));
            let mut request = request(between.address);
            request.offer = offer();
            request.timeouts.total = Some(Duration::from_secs(2));
            let start = Instant::now();
            let _observation = probe(&request, &ACCEPT);
            assert!(start.elapsed() < Duration::from_secs(4), "{cipher}, seed {seed}");
        }
    }
}

#[test]
fn a_refused_key_agreement_sends_its_alert() {
    struct Picky;
    impl Judge for Picky {
        fn judge(&self, _peer: &PeerCertificates<'_>) -> Decision {
            Decision::Accept
        }
        fn judge_key_agreement(&self, agreement: KeyAgreement) -> Decision {
            match agreement {
                KeyAgreement::Dhe { prime_bits: 2048 } | KeyAgreement::Ecdhe { .. } => {
                    Decision::Refuse { alert: "insufficient_security" }
                }
                KeyAgreement::Dhe { .. } | KeyAgreement::Rsa => Decision::Accept,
            }
        }
    }
    if !is_installed() {
        return;
    }
    for cipher in ["DHE-RSA-AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256"] {
        let peer = start(RSA, &["-tls1_2", "-cipher", cipher]);
        let mut request = request(peer.address);
        request.offer = offer();
        let observation = probe(&request, &Picky);
        let cause = observation.outcome.unwrap_err().cause;
        assert!(matches!(cause, Cause::KeyAgreementRefused), "{cipher}: {cause}");
        assert_eq!(observation.alert_sent, Some(71));
    }
}
