//! Exim and Dovecot: SMTP, IMAP, POP3 and LMTP.

use std::path::Path;

use crate::daemon::{
    Daemon, Place, User, free_port, has_finding, is_root, judged_by_the_store, poked, program,
    sslpoke,
};

#[test]
fn exim_is_judged_after_starttls_and_at_once() {
    let Some(exim) = program(&["/usr/sbin/exim4"]) else { return };
    let place = Place::new();
    let spool = place.folder("spool");
    let (plain, tls) = (free_port(), free_port());
    let configuration = place.write(
        "exim.conf",
        &format!(
            "primary_hostname = localhost\n\
             local_interfaces = 127.0.0.1\n\
             daemon_smtp_ports = {plain} : {tls}\n\
             tls_on_connect_ports = {tls}\n\
             tls_advertise_hosts = *\n\
             tls_certificate = {}\n\
             tls_privatekey = {}\n\
             spool_directory = {spool}\n\
             log_file_path = {spool}/%slog\n\
             pid_file_path = {spool}/pid\n\
             begin acl\nbegin routers\nbegin transports\nbegin retry\n",
            place.text("chain.pem"),
            place.text("good.key"),
        ),
    );
    std::fs::set_permissions(&spool, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let _exim =
        Daemon::start(&exim, &["-C", &configuration, "-bdf"], User::Own, "-TERM", &[plain, tls]);
    let url = format!("smtp://localhost:{plain}");
    judged_by_the_store(&place, &[&url], Some("smtp"));
    let pair = format!("localhost:{plain}");
    judged_by_the_store(&place, &["--starttls", "smtp", &pair], Some("smtp"));
    judged_by_the_store(&place, &[&format!("smtps://localhost:{tls}")], None);
    // a root is added only if Java then accepts the mail server
    let (root, fresh) = (place.text("root.pem"), place.text("fresh.jks"));
    let words = ["trust", "add", &root, "--to", &fresh, "--create", "--java", "17", "--for", &url];
    let added = sslpoke(&words);
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    // who forgets the dialogue is told what the port speaks
    let (report, code) = poked(&[&pair]);
    assert_eq!(code, Some(1), "{report:#}");
    assert!(has_finding(&report, "plaintext-protocol"), "{report:#}");
    let (report, _) = poked(&["--timeout", "2", &format!("smtp://localhost:{tls}")]);
    assert!(has_finding(&report, "timeout"), "{report:#}");
}

#[test]
fn dovecot_is_judged_after_starttls_and_at_once() {
    let Some(dovecot) = program(&["/usr/sbin/dovecot"]) else { return };
    if !is_root() {
        eprintln!("skipped: dovecot wants to be started by root");
        return;
    }
    let place = Place::new();
    let run = place.text("run");
    let [imap, imaps, pop3, pop3s, lmtp] = [(); 5].map(|()| free_port());
    let configuration = place.write(
        "dovecot.conf",
        &format!(
            "base_dir = {run}\nstate_dir = {run}\nlog_path = {run}.log\n\
             listen = 127.0.0.1\nprotocols = imap pop3 lmtp\n\
             ssl = yes\nssl_cert = <{chain}\nssl_key = <{key}\n\
             mail_location = mbox:{run}/mail\n\
             passdb {{\n driver = static\n args = nopassword=y\n}}\n\
             userdb {{\n driver = static\n args = uid=65534 gid=65534 home={run}\n}}\n\
             service imap-login {{\n inet_listener imap {{\n port = {imap}\n }}\n inet_listener imaps {{\n port = {imaps}\n ssl = yes\n }}\n}}\n\
             service pop3-login {{\n inet_listener pop3 {{\n port = {pop3}\n }}\n inet_listener pop3s {{\n port = {pop3s}\n ssl = yes\n }}\n}}\n\
             service lmtp {{\n inet_listener lmtp {{\n port = {lmtp}\n }}\n}}\n",
            chain = place.text("chain.pem"),
            key = place.text("good.key"),
        ),
    );
    let ports = [imap, imaps, pop3, pop3s, lmtp];
    let _dovecot =
        Daemon::start(&dovecot, &["-F", "-c", &configuration], User::Own, "-TERM", &ports);
    for (url, starttls) in [
        (format!("imap://localhost:{imap}"), Some("imap")),
        (format!("imaps://localhost:{imaps}"), None),
        (format!("pop3+starttls://localhost:{pop3}"), Some("pop3")),
        (format!("pop3s://localhost:{pop3s}"), None),
        (format!("lmtp://localhost:{lmtp}"), Some("lmtp")),
    ] {
        judged_by_the_store(&place, &[&url], starttls);
    }
    let (report, _) = poked(&[&format!("localhost:{imap}")]);
    assert!(has_finding(&report, "plaintext-protocol"), "{report:#}");
    let (report, code) = poked(&["--starttls", "smtp", &format!("localhost:{pop3}")]);
    assert_eq!((report["result"].as_str(), code), (Some("refused"), Some(1)), "{report:#}");
    assert!(has_finding(&report, "starttls-wrong-protocol"), "{report:#}");
    assert!(Path::new(&run).exists());
}
