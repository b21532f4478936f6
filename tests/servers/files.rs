//! vsftpd: FTP.

use crate::daemon::{Daemon, Place, User, free_port, is_root, judged_by_the_store, program};

#[test]
fn vsftpd_is_judged_after_auth_tls() {
    let Some(vsftpd) = program(&["/usr/sbin/vsftpd"]) else { return };
    if !is_root() {
        eprintln!("skipped: vsftpd wants to be started by root");
        return;
    }
    let place = Place::new();
    let port = free_port();
    std::fs::create_dir(place.path("empty")).unwrap();
    let configuration = place.write(
        "vsftpd.conf",
        &format!(
            "listen=YES\nlisten_port={port}\nlisten_address=127.0.0.1\nbackground=NO\n\
             anonymous_enable=NO\nlocal_enable=YES\nssl_enable=YES\n\
             secure_chroot_dir={}\n\
             rsa_cert_file={}\nrsa_private_key_file={}\nseccomp_sandbox=NO\nxferlog_enable=NO\n",
            place.text("empty"),
            place.text("rsa-chain.pem"),
            place.text("rsa.key"),
        ),
    );
    let _vsftpd = Daemon::start(&vsftpd, &[&configuration], User::Own, "-TERM", &[port]);
    judged_by_the_store(&place, &[&format!("ftp://localhost:{port}")], Some("ftp"));
}
