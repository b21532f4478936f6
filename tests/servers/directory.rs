//! OpenLDAP's slapd: LDAP.

use crate::daemon::{
    Daemon, Place, User, free_port, has_finding, judged_by_the_store, poked, program,
};

#[test]
fn slapd_is_judged_after_starttls_and_at_once() {
    let Some(slapd) = program(&["/usr/sbin/slapd"]) else { return };
    let place = Place::new();
    let (plain, tls, bare) = (free_port(), free_port(), free_port());
    let configuration = |name: &str, tls: &str| {
        place.write(name, &format!("pidfile {}\n{tls}", place.text(&format!("{name}.pid"))))
    };
    let with = configuration(
        "slapd.conf",
        &format!(
            "TLSCertificateFile {}\nTLSCertificateKeyFile {}\n",
            place.text("chain.pem"),
            place.text("good.key")
        ),
    );
    let urls = format!("ldap://127.0.0.1:{plain}/ ldaps://127.0.0.1:{tls}/");
    let arguments = ["-d", "0", "-f", &with, "-h", &urls];
    let _slapd = Daemon::start(&slapd, &arguments, User::Own, "-TERM", &[plain, tls]);
    judged_by_the_store(&place, &[&format!("ldap://localhost:{plain}")], Some("ldap"));
    judged_by_the_store(&place, &[&format!("ldap+starttls://localhost:{plain}")], Some("ldap"));
    judged_by_the_store(&place, &[&format!("ldaps://localhost:{tls}")], None);
    let (report, _) = poked(&[&format!("ldap://localhost:{tls}")]);
    assert!(
        has_finding(&report, "tls-at-once") || has_finding(&report, "starttls-refused"),
        "{report:#}"
    );

    // a directory without a certificate says no
    let without = configuration("bare.conf", "");
    let url = format!("ldap://127.0.0.1:{bare}/");
    let arguments = ["-d", "0", "-f", &without, "-h", &url];
    let _bare = Daemon::start(&slapd, &arguments, User::Own, "-TERM", &[bare]);
    let (report, code) = poked(&[&format!("ldap://localhost:{bare}")]);
    assert_eq!((report["result"].as_str(), code), (Some("refused"), Some(1)), "{report:#}");
    assert!(has_finding(&report, "starttls-refused"), "{report:#}");
    let what = report["findings"][0]["what"].as_str().unwrap();
    assert!(what.contains("protocolError (2)") || what.contains("unavailable (52)"), "{what}");
}
