//! Certificates, servers on loopback, and the program in an environment without Java.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CustomExtension, DnType, IsCa, Issuer,
    KeyPair, date_time_ymd,
};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};

/// The variables by which the machine could have a say.
const ALIEN: [&str; 4] = ["JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"];

/// Prepares `program` with no Java to be found.
pub(crate) fn without_java(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", "/nonexistent");
    for name in ALIEN {
        command.env_remove(name);
    }
    command
}

/// Runs the program with no Java to be found.
pub(crate) fn sslpoke(words: &[&str]) -> Output {
    without_java(Path::new(env!("CARGO_BIN_EXE_sslpoke"))).args(words).output().unwrap()
}

/// Copies the program to where other users may run it. A process of its own does so: a file that is still open for writing in
/// a child of another thread cannot be run.
pub(crate) fn copy_program(to: &Path) {
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_sslpoke")).arg(to).status().unwrap();
    assert!(copied.success());
}

/// Returns what a run wrote to standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Returns what a run wrote to standard output.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// An authority that issues an authority that issues leaves.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    root: Signed,
    issuing: Signed,
}

/// A certificate and what is needed to sign with it.
struct Signed {
    certificate: Certificate,
    params: CertificateParams,
    key: KeyPair,
}

impl Signed {
    fn issuer(&self) -> Issuer<'_, &KeyPair> {
        Issuer::from_params(&self.params, &self.key)
    }
}

/// What a TLS server presents and wants.
#[derive(Clone, Copy)]
pub(crate) struct Server {
    pub(crate) names: &'static [&'static str],
    pub(crate) last_year: i32,
    pub(crate) sends_issuing: bool,
    pub(crate) wants_client: bool,
    /// The port of loopback where the certificate says that its issuer's is.
    pub(crate) issuer_port: Option<u16>,
}

/// A server that Java trusts by the root.
pub(crate) const GOOD: Server = Server {
    names: &["localhost"],
    last_year: 2049,
    sends_issuing: true,
    wants_client: false,
    issuer_port: None,
};

impl Stage {
    /// Makes the authorities, and `root.pem` and `store.jks` with the root.
    pub(crate) fn new() -> Self {
        Self::named("Stage")
    }

    /// The same, with authorities of another name.
    pub(crate) fn named(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root_name = format!("{name} Root CA");
        let (params, key) = (authority(&root_name), KeyPair::generate().unwrap());
        let root = Signed { certificate: params.self_signed(&key).unwrap(), params, key };
        let issuing_name = format!("{name} Issuing CA");
        let (params, key) = (authority(&issuing_name), KeyPair::generate().unwrap());
        let certificate = params.signed_by(&key, &root.issuer()).unwrap();
        let issuing = Signed { certificate, params, key };
        let stage = Self { folder, root, issuing };
        fs::write(stage.path("root.pem"), stage.root.certificate.pem()).unwrap();
        let (root, store) = (stage.path("root.pem"), stage.store());
        let made = sslpoke(&["trust", "add", &root, "--to", &store, "--create"]);
        assert_eq!(made.status.code(), Some(0), "{made:?}");
        stage
    }

    /// Returns the path of a file of this stage.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Returns the path of the store that holds the root.
    pub(crate) fn store(&self) -> String {
        self.path("store.jks")
    }

    /// Returns the certificate of the issuing authority, which is no root.
    pub(crate) fn issuing(&self) -> Vec<u8> {
        self.issuing.certificate.der().to_vec()
    }

    /// Returns the fingerprint of the root.
    pub(crate) fn root_sha256(&self) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, self.root.certificate.der());
        digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// Starts a TLS server; returns its port.
    pub(crate) fn serve(&self, server: Server) -> String {
        let (chain, key) = self.issue(server);
        self.present(server, chain, key)
    }

    /// The same, and the root is sent, too.
    pub(crate) fn serve_with_root(&self, server: Server) -> String {
        let (mut chain, key) = self.issue(server);
        chain.push(self.root.certificate.der().clone());
        self.present(server, chain, key)
    }

    /// Starts a TLS server with a certificate that it signed itself.
    pub(crate) fn serve_self_signed(&self) -> String {
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        let chain = vec![params.self_signed(&key).unwrap().der().clone()];
        self.present(GOOD, chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into())
    }

    /// Starts a TLS server that presents itself as `named` to who names it, and as `default` to all others.
    pub(crate) fn serve_by_name(&self, named: Server, default: Server) -> String {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = |server: Server| {
            let (chain, key) = self.issue(server);
            let key = provider.key_provider.load_private_key(key).unwrap();
            Arc::new(rustls::sign::CertifiedKey::new(chain, key))
        };
        let by_name =
            ByName { name: named.names.first().unwrap(), named: key(named), default: key(default) };
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(by_name));
        speak(config)
    }

    fn issue(&self, server: Server) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let names: Vec<String> = server.names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, "Stage Leaf");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(server.last_year, 1, 1);
        params.custom_extensions.extend(server.issuer_port.map(issuer_at));
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &self.issuing.issuer()).unwrap();
        let mut chain = vec![leaf.der().clone()];
        if server.sends_issuing {
            chain.push(self.issuing.certificate.der().clone());
        }
        (chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into())
    }

    fn present(
        &self,
        server: Server,
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> String {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let config = if server.wants_client {
            let mut roots = RootCertStore::empty();
            roots.add(self.root.certificate.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            config.with_no_client_auth()
        };
        speak(config.with_single_cert(chain, key).unwrap())
    }
}

/// One certificate for who names it, and another for all others.
#[derive(Debug)]
struct ByName {
    name: &'static str,
    named: Arc<rustls::sign::CertifiedKey>,
    default: Arc<rustls::sign::CertifiedKey>,
}

impl rustls::server::ResolvesServerCert for ByName {
    fn resolve(
        &self,
        hello: rustls::server::ClientHello<'_>,
    ) -> Option<Arc<rustls::sign::CertifiedKey>> {
        let is_named = hello.server_name() == Some(self.name);
        Some(Arc::clone(if is_named { &self.named } else { &self.default }))
    }
}

fn speak(config: ServerConfig) -> String {
    let config = Arc::new(config);
    listen(move |mut stream| {
        let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
        while session.complete_io(&mut stream).is_ok_and(|(read, _)| read > 0) {}
        read_away(stream);
    })
}

/// Starts a server that waits for some bytes if `listens`, answers `greeting` and says no more; returns its port.
pub(crate) fn scripted(greeting: &'static [u8], listens: bool) -> String {
    listen(move |mut stream| {
        if listens {
            let _ = stream.read(&mut [0; 4096]);
        }
        let _ = stream.write_all(greeting);
        if greeting.is_empty() {
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        } else {
            read_away(stream);
        }
    })
}

/// Starts a server that answers every request with this; returns its port.
pub(crate) fn http(answer: Vec<u8>) -> u16 {
    let port = listen(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(&answer);
        read_away(stream);
    });
    port.parse().unwrap()
}

/// Says where the issuer's certificate is (RFC 5280, section 4.2.2.1).
fn issuer_at(port: u16) -> CustomExtension {
    let url = format!("http://127.0.0.1:{port}/issuer.der");
    let method = [6, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2];
    let mut place = vec![0x86, u8::try_from(url.len()).unwrap()];
    place.extend(url.as_bytes());
    let inner = [&method[..], &place].concat();
    let one = [&[0x30, u8::try_from(inner.len()).unwrap()], &inner[..]].concat();
    let all = [&[0x30, u8::try_from(one.len()).unwrap()], &one[..]].concat();
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], all)
}

/// Returns a port where nobody listens.
pub(crate) fn closed_port() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port().to_string()
}

fn listen(answer: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, answer) = (stream.unwrap(), Arc::clone(&answer));
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            thread::spawn(move || answer(stream));
        }
    });
    port
}

/// Ends the conversation with FIN; unread bytes would make it RST.
fn read_away(mut stream: TcpStream) {
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 1, 1);
    params
}
