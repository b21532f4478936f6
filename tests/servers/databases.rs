//! PostgreSQL and MariaDB.

use std::fs;
use std::path::Path;

use crate::daemon::{
    Daemon, Place, User, free_port, has_finding, judged_by_the_store, poked, program, run,
};

/// Returns the folder with the programs of the newest PostgreSQL.
fn postgres_programs() -> Option<String> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|entry| entry.path()).max();
    let folder = newest.unwrap_or_else(|| "/usr/lib/postgresql/none".into()).join("bin");
    let postgres = folder.join("postgres");
    program(&[postgres.to_str().unwrap()]).map(|_| folder.to_str().unwrap().to_owned())
}

#[test]
fn postgres_is_judged_after_its_request_for_tls() {
    let Some(programs) = postgres_programs() else { return };
    let place = Place::new();
    let (folder, port) = (place.folder("postgres"), free_port());
    let data = format!("{folder}/data");
    let (initdb, postgres) = (format!("{programs}/initdb"), format!("{programs}/postgres"));
    let arguments = ["-D", &data, "-U", "postgres", "-A", "trust", "--no-sync", "--no-locale"];
    run(Path::new(&initdb), &arguments, User::Nobody);
    fs::copy(place.path("good.key"), place.path("postgres/server.key")).unwrap();
    place.give_away("postgres/server.key", 0o600);
    let start = |ssl: &str| {
        let (text, chain) = (port.to_string(), place.text("chain.pem"));
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("unix_socket_directories={folder}"),
            format!("ssl={ssl}"),
            format!("ssl_cert_file={chain}"),
            format!("ssl_key_file={folder}/server.key"),
            "fsync=off".to_owned(),
        ];
        let mut arguments = vec!["-D", data.as_str(), "-p", &text];
        for setting in &settings {
            arguments.extend(["-c", setting]);
        }
        // SIGINT is its fast shutdown
        Daemon::start(Path::new(&postgres), &arguments, User::Nobody, "-INT", &[port])
    };
    let with = start("on");
    let url = format!("jdbc:postgresql://localhost:{port}/jira");
    judged_by_the_store(&place, &[&url], Some("postgres"));
    let pair = format!("localhost:{port}");
    judged_by_the_store(&place, &["--starttls", "postgres", &pair], Some("postgres"));
    drop(with);

    let _without = start("off");
    let (report, code) = poked(&[&url]);
    assert_eq!((report["result"].as_str(), code), (Some("refused"), Some(1)), "{report:#}");
    assert!(has_finding(&report, "starttls-not-offered"), "{report:#}");
}

#[test]
fn mariadb_is_judged_after_its_greeting() {
    let Some(mariadbd) = program(&["/usr/sbin/mariadbd"]) else { return };
    let place = Place::new();
    let port = free_port();
    let data = place.folder("data");
    let options = [
        format!("--datadir={data}"),
        format!("--socket={data}/socket"),
        format!("--pid-file={data}/pid"),
        format!("--port={port}"),
        format!("--ssl-cert={}", place.text("chain.pem")),
        format!("--ssl-key={}", place.text("good.key")),
    ];
    let mut arguments = vec!["--no-defaults", "--bind-address=127.0.0.1", "--skip-grant-tables"];
    arguments.extend([
        "--skip-networking=0",
        "--innodb-buffer-pool-size=8M",
        "--innodb-log-file-size=4M",
    ]);
    arguments.extend(options.iter().map(String::as_str));
    let _mariadb = Daemon::start(&mariadbd, &arguments, User::Nobody, "-TERM", &[port]);
    let url = format!("jdbc:mysql://localhost:{port}/jira?useSSL=true");
    judged_by_the_store(&place, &[&url], Some("mysql"));
    let (report, _) = poked(&[&format!("localhost:{port}")]);
    assert!(has_finding(&report, "plaintext-protocol"), "{report:#}");
}
