//! Certificates of every kind of key that `openssl` makes, and of every kind of signature.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of `NAME.pem` and `NAME.key`: authorities, leaves, client certificates, and what else a server wants.
pub(crate) struct Keys(PathBuf);

/// Kinds of key: name, arguments of `openssl genpkey`. DSA keys are made apart, from parameters.
const KINDS: [(&str, &str); 18] = [
    ("rsa1024", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024"),
    ("rsa1536", "-algorithm RSA -pkeyopt rsa_keygen_bits:1536"),
    ("rsa2048", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
    ("rsa3072", "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"),
    ("rsa4096", "-algorithm RSA -pkeyopt rsa_keygen_bits:4096"),
    ("rsa512", "-algorithm RSA -pkeyopt rsa_keygen_bits:512"),
    ("rsa768", "-algorithm RSA -pkeyopt rsa_keygen_bits:768"),
    ("pss", "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048"),
    (
        "pss-sha256",
        "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 \
         -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32",
    ),
    (
        "pss-sha512",
        "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha512 \
         -pkeyopt rsa_pss_keygen_mgf1_md:sha512 -pkeyopt rsa_pss_keygen_saltlen:64",
    ),
    ("p224", "-algorithm EC -pkeyopt ec_paramgen_curve:secp224r1"),
    ("p256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
    ("p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"),
    ("p521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"),
    ("k256", "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"),
    ("brainpool", "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1"),
    ("ed25519", "-algorithm ED25519"),
    ("ed448", "-algorithm ED448"),
];

const DSA: [&str; 2] = ["1024", "2048"];

/// Who signs, all of them trusted but `stranger`.
const AUTHORITIES: [(&str, &str); 6] = [
    ("root", "rsa2048"),
    ("root-p521", "p521"),
    ("root-pss", "pss"),
    ("root-ed25519", "ed25519"),
    ("root-dsa", "dsa2048"),
    ("stranger", "rsa2048"),
];

/// Leaves with an ordinary key: name, kind of key, who signs, more arguments.
const LEAVES: [(&str, &str, &str, &str); 20] = [
    ("signed-md5", "rsa2048", "root", "-md5"),
    ("signed-sha1", "rsa2048", "root", "-sha1"),
    ("signed-sha224", "rsa2048", "root", "-sha224"),
    ("signed-sha384", "rsa2048", "root", "-sha384"),
    ("signed-sha512", "rsa2048", "root", "-sha512"),
    ("signed-sha3", "rsa2048", "root", "-sha3-256"),
    ("signed-pss", "rsa2048", "root", "-sha256 -sigopt rsa_padding_mode:pss"),
    ("signed-pss-sha512", "rsa2048", "root", "-sha512 -sigopt rsa_padding_mode:pss"),
    ("of-p521", "p256", "root-p521", "-sha512"),
    ("of-p521-sha1", "p256", "root-p521", "-sha1"),
    ("of-pss", "rsa2048", "root-pss", "-sha256"),
    ("of-ed25519", "p256", "root-ed25519", ""),
    ("of-dsa", "rsa2048", "root-dsa", "-sha256"),
    ("of-stranger", "rsa2048", "stranger", "-sha256"),
    ("no-name", "rsa2048", "root", "-sha256 NAME=other.example.test"),
    ("for-encipherment", "rsa2048", "root", "-sha256 USAGE=keyEncipherment"),
    ("for-signatures", "rsa2048", "root", "-sha256 USAGE=digitalSignature"),
    ("for-agreement", "p256", "root", "-sha256 USAGE=keyAgreement"),
    ("for-clients", "rsa2048", "root", "-sha256 PURPOSE=clientAuth"),
    ("for-virtual-host", "p256", "root", "-sha256 NAME=tls.example.test"),
];

/// Client certificates, each in a PKCS #12 store of its own.
pub(crate) const CLIENTS: [(&str, &str, &str); 6] = [
    ("client-rsa", "rsa2048", "root"),
    ("client-p256", "p256", "root"),
    ("client-p521", "p521", "root"),
    ("client-ed25519", "ed25519", "root"),
    ("client-dsa", "dsa2048", "root"),
    ("client-stranger", "rsa2048", "stranger"),
];

/// How many certificates the longest chain has under its root: one more than Java takes.
const LONGEST: usize = 11;

impl Keys {
    /// Makes all of it in `folder`.
    pub(crate) fn make(folder: &Path) -> Self {
        let keys = Self(folder.to_owned());
        keys.generate();
        for (name, kind) in AUTHORITIES {
            let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign";
            keys.sign(name, kind, None, "", extensions);
        }
        for kind in KINDS.iter().map(|(kind, _)| *kind).chain(["dsa1024", "dsa2048"]) {
            keys.leaf(kind, kind, "root", "-sha256");
        }
        for (name, kind, by, more) in LEAVES {
            keys.leaf(name, kind, by, more);
        }
        for (name, kind, by) in CLIENTS {
            keys.leaf(name, kind, by, "-sha256 PURPOSE=clientAuth");
            let (certificate, key) = (keys.path(&format!("{name}.pem")), keys.key(kind));
            let store = keys.path(&format!("{name}.p12"));
            openssl(&format!(
                "pkcs12 -export -in {certificate} -inkey {key} -name {name} -out {store} -passout pass:changeit \
                 -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"
            ));
        }
        keys.chains();
        keys
    }

    /// Returns the path of a file.
    pub(crate) fn path(&self, file: &str) -> String {
        self.0.join(file).to_str().unwrap().to_owned()
    }

    /// Returns the certificates that are trusted.
    pub(crate) fn roots(&self) -> Vec<String> {
        let trusted = AUTHORITIES.iter().filter(|(name, _)| *name != "stranger");
        trusted.map(|(name, _)| self.path(&format!("{name}.pem"))).collect()
    }

    /// Returns where the key of a leaf is.
    pub(crate) fn key_of(&self, leaf: &str) -> String {
        let held = LEAVES.iter().find(|(name, ..)| *name == leaf);
        let kind = if leaf.starts_with("chain-") { "rsa2048" } else { leaf };
        self.key(held.map_or(kind, |(_, kind, ..)| kind))
    }

    fn key(&self, kind: &str) -> String {
        self.path(&format!("{kind}.key"))
    }

    fn generate(&self) {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for bits in DSA {
                    let parameters = self.path("dsa.parameters");
                    openssl(&format!(
                        "genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:{bits} -out {parameters}"
                    ));
                    let key = self.key(&format!("dsa{bits}"));
                    openssl(&format!("genpkey -paramfile {parameters} -out {key}"));
                }
            });
            for (kind, arguments) in KINDS {
                openssl(&format!("genpkey {arguments} -out {}", self.key(kind)));
            }
        });
    }

    /// Makes a leaf; `more` may name a host with `NAME=`, a key usage with `USAGE=` and an extended one with `PURPOSE=`.
    fn leaf(&self, name: &str, kind: &str, by: &str, more: &str) {
        let (options, told): (Vec<&str>, Vec<&str>) =
            more.split_whitespace().partition(|word| !word.contains('=') || word.contains(':'));
        let told = |start: &str| told.iter().find_map(|word| word.strip_prefix(start));
        let names = told("NAME=").map_or_else(
            || "DNS:localhost,DNS:tls.example.test,IP:127.0.0.1".to_owned(),
            |name| format!("DNS:{name}"),
        );
        let usage = told("USAGE=").unwrap_or("digitalSignature,keyEncipherment,keyAgreement");
        let purpose = told("PURPOSE=").unwrap_or("serverAuth");
        let extensions = format!(
            "subjectAltName={names}\nkeyUsage={usage}\nextendedKeyUsage={purpose}\nbasicConstraints=CA:FALSE"
        );
        self.sign(name, kind, Some((by, self.authority_key(by))), &options.join(" "), &extensions);
    }

    fn authority_key(&self, name: &str) -> String {
        let held = AUTHORITIES.iter().find(|(authority, _)| *authority == name);
        self.key(held.map_or("rsa2048", |(_, kind)| kind))
    }

    /// Makes a certificate; one that nobody signs signs itself.
    fn sign(
        &self,
        name: &str,
        kind: &str,
        by: Option<(&str, String)>,
        options: &str,
        extensions: &str,
    ) {
        let configuration = self.path("request.cnf");
        let text = format!(
            "[req]\ndistinguished_name=dn\nx509_extensions=v3\nprompt=no\n[dn]\nO=Example Corp\nCN={name}\n[v3]\n{extensions}\n"
        );
        fs::write(&configuration, text).unwrap();
        let issuer = by.map_or(String::new(), |(issuer, key)| {
            format!("-CA {} -CAkey {key}", self.path(&format!("{issuer}.pem")))
        });
        let (key, out) = (self.key(kind), self.path(&format!("{name}.pem")));
        openssl(&format!(
            "req -new -x509 -config {configuration} -key {key} {issuer} {options} -days 300 -out {out}"
        ));
    }

    /// Makes `chain-N.pem`: leaves under N - 1 intermediates, and the intermediates alone in `chain-N.above`.
    fn chains(&self) {
        let authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign";
        let mut above = Vec::new();
        let mut last = "root".to_owned();
        for depth in 2..=LONGEST {
            let name = format!("intermediate-{depth}");
            let key = if depth == 2 { self.authority_key("root") } else { self.key("p256") };
            self.sign(&name, "p256", Some((&last, key)), "", authority);
            above.insert(0, fs::read_to_string(self.path(&format!("{name}.pem"))).unwrap());
            last = name;
            let name = format!("chain-{depth}");
            let extensions = "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE";
            self.sign(&name, "rsa2048", Some((&last, self.key("p256"))), "", extensions);
            fs::write(self.path(&format!("{name}.above")), above.concat()).unwrap();
            if depth == 2 {
                let mut turned = above.concat();
                turned.push_str(&fs::read_to_string(self.path("root.pem")).unwrap());
                fs::write(self.path("chain-2.with-root"), turned).unwrap();
            }
        }
    }
}

pub(super) fn openssl(line: &str) {
    let output = Command::new("openssl").args(line.split_whitespace()).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {line}: {error}");
}
