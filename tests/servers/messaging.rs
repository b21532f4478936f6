//! Prosody: XMPP, of clients and of servers.

use crate::daemon::{
    Daemon, Place, User, free_port, has_finding, judged_by_the_store, poked, program,
};

#[test]
fn prosody_is_judged_after_starttls() {
    let Some(prosody) = program(&["/usr/bin/prosody"]) else { return };
    let place = Place::new();
    let (clients, servers) = (free_port(), free_port());
    let data = place.folder("data");
    let configuration = place.write(
        "prosody.cfg.lua",
        &format!(
            "run_as_root = true\npidfile = \"{data}/pid\"\ndata_path = \"{data}\"\n\
             log = {{ error = \"{data}/log\" }}\n\
             interfaces = {{ \"127.0.0.1\" }}\nc2s_ports = {{ {clients} }}\ns2s_ports = {{ {servers} }}\n\
             c2s_direct_tls_ports = {{}}\ns2s_direct_tls_ports = {{}}\nhttp_ports = {{}}\nhttps_ports = {{}}\n\
             modules_enabled = {{ \"tls\", \"saslauth\", \"dialback\" }}\n\
             ssl = {{ certificate = \"{chain}\", key = \"{key}\" }}\n\
             VirtualHost \"localhost\"\n ssl = {{ certificate = \"{chain}\", key = \"{key}\" }}\n",
            chain = place.text("chain.pem"),
            key = place.text("good.key"),
        ),
    );
    let arguments = ["-F", "--config", &configuration];
    let _prosody = Daemon::start(&prosody, &arguments, User::Nobody, "-TERM", &[clients, servers]);
    judged_by_the_store(&place, &[&format!("xmpp://localhost:{clients}")], Some("xmpp"));
    let url = format!("xmpp-server://localhost:{servers}");
    judged_by_the_store(&place, &[&url], Some("xmpp-server"));
    // it serves no such domain
    let (report, code) = poked(&["--starttls", "xmpp", &format!("127.0.0.1:{clients}")]);
    assert_eq!(code, Some(1), "{report:#}");
    assert!(has_finding(&report, "starttls-refused"), "{report:#}");
}
