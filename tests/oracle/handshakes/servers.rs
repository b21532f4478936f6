//! The servers: version, suite, group, certificate, signature scheme, client certificate, and what else `s_server` can do.

use super::keys::{CLIENTS, Keys};

/// A server: a name, the options of `openssl s_server`, and who pokes it.
pub(super) struct Server {
    pub(super) name: String,
    pub(super) options: String,
    pub(super) pokes: Vec<Poke>,
}

/// One poke: of which host, with which client certificate.
#[derive(Clone, Copy)]
pub(super) struct Poke {
    pub(super) host: &'static str,
    pub(super) client: Option<&'static str>,
    pub(super) policy: Policy,
}

/// What Java is told to disable.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Policy {
    /// What it disables by itself.
    Shipped,
    /// Nothing.
    Lax,
    /// What some systems do besides.
    Hardened,
}

const PLAIN: Poke = Poke { host: "localhost", client: None, policy: Policy::Shipped };
const LAX: Poke = Poke { policy: Policy::Lax, ..PLAIN };
const HARDENED: Poke = Poke { policy: Policy::Hardened, ..PLAIN };

/// Builds the whole matrix.
pub(super) fn all(keys: &Keys) -> Vec<Server> {
    let mut list = List { keys, servers: Vec::new() };
    list.versions();
    list.suites();
    list.groups();
    list.certificates();
    list.primes();
    list.schemes();
    list.clients();
    list.names();
    list.oddities();
    list.servers
}

struct List<'a> {
    keys: &'a Keys,
    servers: Vec<Server>,
}

/// Suites of TLS 1.2 and below by the key that they want.
const SUITES: [(&str, &str); 9] = [
    (
        "rsa2048",
        "ECDHE-RSA-AES256-GCM-SHA384 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-CHACHA20-POLY1305 \
         ECDHE-RSA-AES256-SHA384 ECDHE-RSA-AES128-SHA256 ECDHE-RSA-AES256-SHA ECDHE-RSA-AES128-SHA \
         ECDHE-RSA-CAMELLIA128-SHA256 ECDHE-ARIA128-GCM-SHA256 ECDHE-RSA-NULL-SHA",
    ),
    (
        "rsa2048",
        "DHE-RSA-AES256-GCM-SHA384 DHE-RSA-AES128-GCM-SHA256 DHE-RSA-CHACHA20-POLY1305 \
         DHE-RSA-AES256-SHA256 DHE-RSA-AES128-SHA256 DHE-RSA-AES256-SHA DHE-RSA-AES128-SHA \
         DHE-RSA-AES256-CCM DHE-RSA-CAMELLIA256-SHA",
    ),
    (
        "rsa2048",
        "AES256-GCM-SHA384 AES128-GCM-SHA256 AES256-SHA256 AES128-SHA256 AES256-SHA AES128-SHA \
         AES128-CCM CAMELLIA128-SHA NULL-SHA256 NULL-SHA NULL-MD5",
    ),
    (
        "p256",
        "ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-ECDSA-CHACHA20-POLY1305 \
         ECDHE-ECDSA-AES256-SHA384 ECDHE-ECDSA-AES128-SHA256 ECDHE-ECDSA-AES256-SHA \
         ECDHE-ECDSA-AES128-SHA ECDHE-ECDSA-AES128-CCM ECDHE-ECDSA-AES256-CCM8 ECDHE-ECDSA-NULL-SHA",
    ),
    (
        "dsa2048",
        "DHE-DSS-AES256-GCM-SHA384 DHE-DSS-AES128-GCM-SHA256 DHE-DSS-AES256-SHA256 \
         DHE-DSS-AES128-SHA256 DHE-DSS-AES256-SHA DHE-DSS-AES128-SHA",
    ),
    ("dsa1024", "DHE-DSS-AES128-GCM-SHA256 DHE-DSS-AES128-SHA"),
    ("rsa1024", "ECDHE-RSA-AES128-GCM-SHA256 DHE-RSA-AES128-SHA AES128-SHA"),
    ("pss", "ECDHE-RSA-AES128-GCM-SHA256 DHE-RSA-AES128-SHA AES128-SHA"),
    (
        "",
        "ADH-AES128-GCM-SHA256 ADH-AES256-SHA AECDH-AES128-SHA PSK-AES128-GCM-SHA256 ECDHE-PSK-AES128-CBC-SHA",
    ),
];

const GROUPS: [&str; 13] = [
    "X25519",
    "X448",
    "P-256",
    "P-384",
    "P-521",
    "ffdhe2048",
    "ffdhe3072",
    "ffdhe4096",
    "ffdhe8192",
    "brainpoolP256r1",
    "secp256k1",
    "secp224r1",
    "sect283r1",
];

/// Kinds of leaf that are shown in TLS 1.2 and 1.3 alike.
const LEAVES: [&str; 40] = [
    "rsa512",
    "rsa768",
    "rsa1024",
    "rsa1536",
    "rsa2048",
    "rsa3072",
    "rsa4096",
    "pss",
    "pss-sha256",
    "pss-sha512",
    "p224",
    "p256",
    "p384",
    "p521",
    "k256",
    "brainpool",
    "ed25519",
    "ed448",
    "dsa1024",
    "dsa2048",
    "signed-md5",
    "signed-sha1",
    "signed-sha224",
    "signed-sha384",
    "signed-sha512",
    "signed-sha3",
    "signed-pss",
    "signed-pss-sha512",
    "of-p521",
    "of-p521-sha1",
    "of-pss",
    "of-ed25519",
    "of-dsa",
    "of-stranger",
    "no-name",
    "for-encipherment",
    "for-signatures",
    "for-agreement",
    "for-clients",
    "for-virtual-host",
];

/// Leaves that Java takes if it is told to disable nothing, or else might.
const WEAK: [&str; 12] = [
    "rsa512",
    "rsa768",
    "rsa1024",
    "rsa1536",
    "rsa2048",
    "p224",
    "k256",
    "brainpool",
    "dsa1024",
    "signed-md5",
    "signed-sha1",
    "of-p521-sha1",
];

impl List<'_> {
    /// Adds a server with a leaf, or without any.
    fn add(&mut self, name: String, leaf: &str, options: &str, pokes: &[Poke]) {
        let mut all = if leaf.is_empty() {
            "-nocert".to_owned()
        } else {
            let certificate = self.keys.path(&format!("{leaf}.pem"));
            format!("-cert {certificate} -key {}", self.keys.key_of(leaf))
        };
        if !options.contains("-cipher ") {
            all.push_str(" -cipher ALL:@SECLEVEL=0");
        }
        all.push(' ');
        all.push_str(options);
        self.servers.push(Server { name, options: all, pokes: pokes.to_vec() });
    }

    fn versions(&mut self) {
        for version in ["tls1", "tls1_1", "tls1_2", "tls1_3"] {
            for (leaf, suites) in [
                ("rsa2048", "ECDHE+aRSA"),
                ("rsa2048", "DHE+aRSA"),
                ("rsa2048", "kRSA"),
                ("p256", "ALL"),
                ("dsa2048", "ALL"),
            ] {
                let name = format!("version {version} {leaf} {suites}");
                let options = format!("-{version} -cipher {suites}:@SECLEVEL=0");
                self.add(name, leaf, &options, &[PLAIN, LAX, HARDENED]);
            }
        }
        for range in [
            "-no_tls1_3",
            "-no_tls1_3 -no_tls1_2",
            "-no_tls1_2 -no_tls1_1 -no_tls1",
            "-no_tls1_2",
            "-no_tls1_3 -no_tls1_1",
        ] {
            self.add(format!("version {range}"), "rsa2048", range, &[PLAIN, LAX]);
        }
    }

    fn suites(&mut self) {
        for (leaf, suites) in SUITES {
            for suite in suites.split_whitespace() {
                let psk = if suite.contains("PSK") { "-psk 0102" } else { "" };
                let options = format!("-tls1_2 {psk} -cipher {suite}:@SECLEVEL=0");
                let name = format!("suite {suite} {leaf}");
                let is_weak = suite.contains("NULL") || !suite.contains("DHE-");
                self.add(name, leaf, &options, if is_weak { &[PLAIN, LAX] } else { &[PLAIN] });
            }
        }
        for version in ["tls1", "tls1_1"] {
            for (leaf, suite) in [
                ("rsa2048", "ECDHE-RSA-AES128-SHA"),
                ("rsa2048", "DHE-RSA-AES256-SHA"),
                ("rsa2048", "AES128-SHA"),
                ("p256", "ECDHE-ECDSA-AES256-SHA"),
                ("p521", "ECDHE-ECDSA-AES128-SHA"),
                ("dsa1024", "DHE-DSS-AES128-SHA"),
                ("rsa1024", "ECDHE-RSA-AES256-SHA"),
            ] {
                let options = format!("-{version} -cipher {suite}:@SECLEVEL=0");
                self.add(format!("suite {version} {suite} {leaf}"), leaf, &options, &[LAX]);
            }
        }
        for suite in ["AES_256_GCM_SHA384", "AES_128_GCM_SHA256", "CHACHA20_POLY1305_SHA256"]
            .into_iter()
            .chain(["AES_128_CCM_SHA256", "AES_128_CCM_8_SHA256"])
        {
            let options = format!("-tls1_3 -ciphersuites TLS_{suite}");
            self.add(format!("suite TLS_{suite}"), "rsa2048", &options, &[PLAIN]);
        }
    }

    fn groups(&mut self) {
        for group in GROUPS {
            for version in ["tls1_2", "tls1_3"] {
                if version == "tls1_2" && group.starts_with("ffdhe") {
                    continue;
                }
                // OpenSSL has no curve but those of TLS 1.3 there
                if version == "tls1_3" && (group.starts_with("sec") || group.starts_with("brain")) {
                    continue;
                }
                let options = format!("-{version} -groups {group}");
                let is_odd = group.starts_with("sec") || group.starts_with("brain");
                let pokes = if is_odd { &[PLAIN, LAX][..] } else { &[PLAIN] };
                self.add(format!("group {version} {group}"), "rsa2048", &options, pokes);
            }
        }
        for groups in ["X448:P-521", "P-521:P-384", "ffdhe3072:X25519", "brainpoolP256r1:P-256"] {
            self.add(format!("group {groups}"), "p256", &format!("-groups {groups}"), &[PLAIN]);
        }
        self.add("group P-256 for p384".into(), "p384", "-tls1_2 -groups P-256", &[PLAIN]);
        self.add("group P-521 for p521".into(), "p521", "-tls1_2 -groups P-521", &[PLAIN]);
    }

    fn certificates(&mut self) {
        for leaf in LEAVES {
            for version in ["tls1_2", "tls1_3"] {
                if version == "tls1_3" && leaf.starts_with("dsa") {
                    continue;
                }
                let name = format!("certificate {version} {leaf}");
                let is_weak = WEAK.contains(&leaf);
                let pokes = if is_weak { &[PLAIN, LAX, HARDENED][..] } else { &[PLAIN] };
                self.add(name, leaf, &format!("-{version}"), pokes);
            }
        }
        for leaf in ["for-encipherment", "for-signatures", "rsa768", "rsa4096"] {
            let options = "-tls1_2 -cipher kRSA:@SECLEVEL=0";
            self.add(format!("certificate kRSA {leaf}"), leaf, options, &[PLAIN]);
        }
        for (leaf, version) in [("ed25519", "tls1_2"), ("p384", "tls1_2"), ("ed448", "tls1_3")] {
            let second = format!(
                "-{version} -dcert {} -dkey {}",
                self.keys.path("rsa2048.pem"),
                self.keys.key_of("rsa2048")
            );
            self.add(format!("certificates {version} {leaf} rsa2048"), leaf, &second, &[PLAIN]);
        }
        for depth in [2, 5, 9, 10, 11] {
            let chain = self.keys.path(&format!("chain-{depth}.above"));
            let leaf = format!("chain-{depth}");
            self.chain(&leaf, &leaf, &format!("-cert_chain {chain}"));
        }
        self.chain("chain without its intermediate", "chain-2", "");
        let turned = self.keys.path("chain-2.with-root");
        self.chain("chain with its root", "chain-2", &format!("-cert_chain {turned}"));
    }

    fn chain(&mut self, name: &str, leaf: &str, options: &str) {
        self.add(name.to_owned(), leaf, &format!("-tls1_2 {options}"), &[PLAIN]);
        self.add(format!("{name} tls1_3"), leaf, &format!("-tls1_3 {options}"), &[PLAIN]);
    }

    fn primes(&mut self) {
        for parameters in super::primes::ALL {
            let file = parameters.file(self.keys);
            let options = format!("-tls1_2 -dhparam {file} -cipher DHE-RSA-AES128-SHA:@SECLEVEL=0");
            self.add(format!("prime {}", parameters.name), "rsa2048", &options, &[PLAIN, HARDENED]);
        }
    }

    fn schemes(&mut self) {
        for (leaf, schemes) in [
            ("rsa2048", "RSA+SHA1 RSA+SHA224 RSA+SHA256 RSA+SHA384 RSA+SHA512"),
            ("rsa2048", "rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pss_rsae_sha512"),
            ("rsa1024", "rsa_pss_rsae_sha512 rsa_pss_rsae_sha384 RSA+SHA512"),
            ("pss", "rsa_pss_pss_sha256 rsa_pss_pss_sha384 rsa_pss_pss_sha512"),
            ("p256", "ECDSA+SHA1 ECDSA+SHA224 ECDSA+SHA256 ECDSA+SHA384 ECDSA+SHA512"),
            ("p384", "ECDSA+SHA256 ECDSA+SHA384"),
            ("p521", "ECDSA+SHA256 ECDSA+SHA512"),
            ("dsa2048", "DSA+SHA1 DSA+SHA224 DSA+SHA256 DSA+SHA384"),
            ("dsa1024", "DSA+SHA1"),
        ] {
            for scheme in schemes.split_whitespace() {
                let options = format!("-tls1_2 -sigalgs {scheme}");
                let name = format!("scheme tls1_2 {scheme} {leaf}");
                let is_weak = scheme.ends_with("SHA1");
                let pokes = if is_weak { &[PLAIN, LAX, HARDENED][..] } else { &[PLAIN] };
                self.add(name, leaf, &options, pokes);
            }
        }
        for (leaf, scheme) in [
            ("rsa2048", "rsa_pss_rsae_sha256"),
            ("rsa2048", "rsa_pss_rsae_sha384"),
            ("rsa2048", "rsa_pss_rsae_sha512"),
            ("rsa2048", "RSA+SHA256"),
            ("p256", "ECDSA+SHA256"),
            ("p256", "ECDSA+SHA384"),
            ("p384", "ECDSA+SHA384"),
            ("p521", "ECDSA+SHA512"),
            ("pss", "rsa_pss_pss_sha512"),
            ("ed25519", "ed25519"),
            ("ed448", "ed448"),
            ("rsa2048", "ed25519"),
        ] {
            let options = format!("-tls1_3 -sigalgs {scheme}");
            self.add(format!("scheme tls1_3 {scheme} {leaf}"), leaf, &options, &[PLAIN]);
        }
    }

    fn clients(&mut self) {
        let by = |client| Poke { client: Some(client), ..PLAIN };
        let everybody: Vec<Poke> =
            [PLAIN].into_iter().chain(CLIENTS.iter().map(|(client, ..)| by(*client))).collect();
        let few = [PLAIN, by("client-rsa"), by("client-stranger")];
        let root = self.keys.path("root.pem");
        for version in ["tls1_2", "tls1_3"] {
            for demand in ["-verify", "-Verify", "-verify_return_error -Verify"] {
                for suites in ["ALL", "kRSA", "DHE", "ECDHE"] {
                    if suites != "ALL" && (version == "tls1_3" || demand != "-Verify") {
                        continue;
                    }
                    let cipher = format!("-cipher {suites}:@SECLEVEL=0");
                    let options = format!("-{version} {demand} 3 -CAfile {root} {cipher}");
                    let name = format!("client {version} {demand} {suites}");
                    let pokes = if suites == "ALL" { &everybody[..] } else { &few };
                    self.add(name, "rsa2048", &options, pokes);
                }
            }
            for schemes in [
                "RSA+SHA256",
                "rsa_pss_rsae_sha512:rsa_pss_pss_sha256",
                "ECDSA+SHA256",
                "ECDSA+SHA512:ECDSA+SHA384",
                "RSA+SHA1:ECDSA+SHA1",
                "ed25519",
                "ed448",
            ] {
                if version == "tls1_3" && schemes.contains("SHA1:") {
                    continue;
                }
                let options = format!(
                    "-{version} -Verify 3 -verify_return_error -CAfile {root} -client_sigalgs {schemes}"
                );
                let pokes = [by("client-rsa"), by("client-p256"), by("client-p521")];
                self.add(format!("client {version} {schemes}"), "p256", &options, &pokes);
            }
            let options = format!("-{version} -Verify 3");
            self.add(format!("client {version} of any"), "p256", &options, &everybody);
        }
        for version in ["tls1", "tls1_1"] {
            let options = format!("-{version} -Verify 3 -CAfile {root}");
            let pokes = ["client-rsa", "client-p256", "client-dsa"]
                .map(|client| Poke { client: Some(client), ..LAX });
            self.add(format!("client {version}"), "rsa2048", &options, &pokes);
        }
    }

    fn names(&mut self) {
        let named = Poke { host: "tls.example.test", ..PLAIN };
        let second = format!(
            "-servername tls.example.test -cert2 {} -key2 {}",
            self.keys.path("for-virtual-host.pem"),
            self.keys.key_of("for-virtual-host")
        );
        for version in ["tls1_2", "tls1_3"] {
            for fatal in ["", "-servername_fatal"] {
                let options = format!("-{version} {second} {fatal}");
                let name = format!("name {version} {fatal}");
                self.add(name, "no-name", &options, &[PLAIN, named]);
                let options = options.replace("-servername tls.", "-servername other.");
                let name = format!("other name {version} {fatal}");
                self.add(name, "rsa2048", &options, &[PLAIN, named]);
            }
        }
    }

    fn oddities(&mut self) {
        for options in [
            "-no_etm -tls1_2 -cipher AES128-SHA",
            "-no_ticket -tls1_2",
            "-no_ticket",
            "-num_tickets 0",
            "-num_tickets 5",
            "-stateless",
            "-comp -tls1_2",
            "-bugs",
            "-serverpref",
            "-prioritize_chacha",
            "-no_middlebox",
            "-record_padding 512",
            "-max_send_frag 512",
            "-max_send_frag 512 -tls1_2",
            "-alpn h2,http/1.1",
            "-early_data",
            "-no_renegotiation",
            "-legacy_renegotiation",
            "-no_dhe -tls1_2 -cipher DHE",
            "-strict",
            "-www",
            "-rev",
        ] {
            let seclevel = if options.contains("-cipher ") { ":@SECLEVEL=0" } else { "" };
            let name = format!("oddity {options}");
            self.add(name, "rsa2048", &format!("{options}{seclevel}"), &[PLAIN]);
        }
    }
}
