//! A store with a certificate that Java cannot read is read by no JRE, and PBMAC1 by new ones: each says why as we do.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};
use pki_types::CertificateDer;
use pki_types::pem::PemObject;

use crate::jre::{FEATURES, Matrix, compile_sslpoke, sslpoke_arguments};
use crate::pki::Pki;
use crate::plain::closed_port;

#[test]
fn a_store_with_an_unreadable_certificate_fails_as_in_java() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile_sslpoke(folder.path());
    let port = closed_port().to_string();
    let mut runs = 0;
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keystores/jdk25/pbmac1.p12");
    let too_new = pki.path("pbmac1.p12");
    fs::copy(fixture, &too_new).unwrap();
    for store in stores(&pki).into_iter().chain([too_new]) {
        for feature in FEATURES {
            let properties = [("trustStore", store.as_str()), ("trustStorePassword", "changeit")];
            let arguments = sslpoke_arguments(folder.path(), &properties, &["localhost", &port]);
            let java = matrix.java(feature, &arguments);
            let ours = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
                .args(["--quiet", "--java", &matrix.release(feature)])
                .args(&arguments)
                .output()
                .unwrap();
            assert_eq!(causes(&ours), causes(&java), "{store}, Java {feature}");
            runs += 1;
        }
    }
    eprintln!("{runs} runs of SSLPoke and of ours agree");
}

/// Makes a store for each way of breaking a certificate: JKS, where the entry is even one that Java does not trust by, and
/// PKCS12 without password. The last one is not broken: what follows a certificate is passed over.
fn stores(pki: &Pki) -> Vec<String> {
    let good = CertificateDer::from_pem_file(pki.path("root.pem")).unwrap();
    let with_bad_date = {
        let mut bytes = good.to_vec();
        let date = bytes.windows(2).position(|tag| tag == [0x17, 13]).unwrap();
        bytes.splice(date + 2..date + 4, *b"xx");
        bytes
    };
    let mut stores = Vec::new();
    for (name, bytes) in [
        ("number", vec![0x30, 3, 2, 1, 1]),
        ("text", b"this is no certificate".to_vec()),
        ("cut", good.split_last_chunk::<20>().unwrap().0.to_vec()),
        ("date", with_bad_date),
        ("followed", [&good[..], b"xx"].concat()),
    ] {
        for (format, extension) in [(Format::Jks, "jks"), (Format::Pkcs12, "p12")] {
            let mut store = KeyStore::new(format);
            store.trust(&Alias::new("good"), &good, Timestamp(0)).unwrap();
            store.trust(&Alias::new("odd"), &bytes.clone().into(), Timestamp(0)).unwrap();
            let path = pki.path(&format!("{name}.{extension}"));
            fs::write(Path::new(&path), store.write(Some(&Password::new("changeit"))).unwrap())
                .unwrap();
            stores.push(path);
        }
    }
    stores
}

/// The exception and its causes, without frames.
fn causes(output: &Output) -> Vec<String> {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let is_frame = |line: &str| line.starts_with('\t');
    told.lines().filter(|line| !is_frame(line)).map(str::to_owned).collect()
}
