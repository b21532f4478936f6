//! Dante and tinyproxy: SOCKS 4 and 5, and CONNECT.

use crate::daemon::{
    Daemon, Place, User, free_port, has_finding, judged_by_the_store, poked, program, sslpoke,
};
use crate::server::TlsServer;

#[test]
fn a_server_is_judged_through_socks() {
    let Some(danted) = program(&["/usr/sbin/danted"]) else { return };
    let place = Place::new();
    let port = free_port();
    let configuration = place.write(
        "danted.conf",
        &format!(
            "logoutput: {}\ninternal: 127.0.0.1 port = {port}\nexternal: 127.0.0.1\n\
             clientmethod: none\nsocksmethod: none\nuser.unprivileged: nobody\n\
             client pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}\n\
             socks pass {{ from: 127.0.0.0/8 to: 127.0.0.0/8 }}\n",
            place.text("danted.log"),
        ),
    );
    let _danted = Daemon::start(&danted, &["-f", &configuration], User::Own, "-TERM", &[port]);
    let server = TlsServer::with_leaf(&place.pki, "good");
    let target = format!("localhost:{}", server.port);
    // Dante takes SOCKS 4a for 4
    for scheme in ["socks4", "socks5", "socks5h"] {
        let url = format!("{scheme}://127.0.0.1:{port}");
        judged_by_the_store(&place, &["--proxy", &url, &target], None);
    }
    let properties = [
        "-DsocksProxyHost=127.0.0.1",
        &format!("-DsocksProxyPort={port}"),
        "-DsocksNonProxyHosts=",
    ];
    for version in ["4", "5"] {
        let version = format!("-DsocksProxyVersion={version}");
        let words = [&properties[..], &[&version, &target]].concat();
        judged_by_the_store(&place, &words, None);
        let (report, _) = poked(&words);
        assert!(has_finding(&report, "socks-proxy"), "{report:#}");
    }
    // beyond the rule, and where nobody listens
    let closed = format!("localhost:{}", free_port());
    let (report, code) = poked(&["--proxy", &format!("socks5://127.0.0.1:{port}"), &closed]);
    assert_eq!((report["result"].as_str(), code), (Some("unreachable"), Some(3)), "{report:#}");
    assert_eq!(report["exception"][0]["message"], "SOCKS: Connection refused", "{report:#}");
}

#[test]
fn a_server_is_judged_through_connect_and_the_password_stays_unseen() {
    let Some(tinyproxy) = program(&["/usr/bin/tinyproxy"]) else { return };
    let place = Place::new();
    let (open, closed) = (free_port(), free_port());
    let server = TlsServer::with_leaf(&place.pki, "good");
    let start = |name: &str, port: u16, more: &str| {
        let text = format!(
            "Port {port}\nListen 127.0.0.1\nTimeout 20\nMaxClients 20\nAllow 127.0.0.1\n\
             LogFile \"{}\"\nConnectPort {}\n{more}\n",
            place.text(&format!("{name}.log")),
            server.port,
        );
        place.write(&format!("{name}.log"), "");
        place.give_away(&format!("{name}.log"), 0o600);
        let configuration = place.write(name, &text);
        Daemon::start(&tinyproxy, &["-d", "-c", &configuration], User::Nobody, "-TERM", &[port])
    };
    let _open = start("open.conf", open, "");
    let _closed = start("closed.conf", closed, "BasicAuth jira s3cret-Pa55");
    let target = format!("localhost:{}", server.port);
    let url = format!("http://127.0.0.1:{open}");
    judged_by_the_store(&place, &["--proxy", &url, &target], None);
    judged_by_the_store(&place, &["--proxy", &url, &format!("https://{target}")], None);

    // the password of an own option goes to the proxy and nowhere else
    let url = format!("http://jira@127.0.0.1:{closed}");
    let secret = ["--proxy-pass-env", "PROXY_PASSWORD"];
    let words = [&["--proxy", &url], &secret[..], &[&target]].concat();
    judged_by_the_store(&place, &words, None);
    let (report, _) = poked(&words);
    assert!(has_finding(&report, "proxy-basic-disabled"), "{report:#}");
    let output = sslpoke(&[&["poke", "-v"], &words[..]].concat());
    let told = [output.stdout, output.stderr].concat();
    assert!(!String::from_utf8(told).unwrap().contains("s3cret"));

    // refusals: without a password, and to a port that the proxy does not allow
    let (report, code) = poked(&["--proxy", &format!("http://127.0.0.1:{closed}"), &target]);
    assert_eq!((report["result"].as_str(), code), (Some("unreachable"), Some(3)), "{report:#}");
    assert!(has_finding(&report, "proxy-authentication"), "{report:#}");
    assert!(has_finding(&report, "proxy-basic-disabled"), "{report:#}");
    let message = report["exception"][0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("Unable to tunnel through proxy. Proxy returns \"HTTP/1."),
        "{message}"
    );
    let elsewhere = format!("localhost:{}", free_port());
    let (report, _) = poked(&["--proxy", &format!("http://127.0.0.1:{open}"), &elsewhere]);
    assert!(has_finding(&report, "proxy-refused"), "{report:#}");
}

#[test]
fn the_properties_of_a_proxy_act_as_on_javas_http_client_and_both_ways_are_compared() {
    let Some(tinyproxy) = program(&["/usr/bin/tinyproxy"]) else { return };
    let place = Place::new();
    let port = free_port();
    place.write("proxy.log", "");
    place.give_away("proxy.log", 0o600);
    let text = format!(
        "Port {port}\nListen 127.0.0.1\nTimeout 20\nMaxClients 20\nLogFile \"{}\"\n",
        place.text("proxy.log")
    );
    let configuration = place.write("proxy.conf", &text);
    let arguments = ["-d", "-c", &configuration];
    let _proxy = Daemon::start(&tinyproxy, &arguments, User::Nobody, "-TERM", &[port]);
    let server = TlsServer::with_leaf(&place.pki, "good");
    let (port, target) =
        (format!("-Dhttps.proxyPort={port}"), format!("localhost:{}", server.port));
    let store = place.text("trusting.jks");
    let words = ["--truststore", &store, "-Dhttps.proxyHost=127.0.0.1", &port];
    let ask = |more: &[&str]| poked(&[&words[..], more, &[&target]].concat()).0;

    let through = ask(&["-Dhttp.nonProxyHosts="]);
    assert!(through["connection"]["proxy"].as_str().unwrap().starts_with("http://"), "{through:#}");
    assert_eq!(through["compared"]["connected"], true, "{through:#}");
    assert!(has_finding(&through, "ways-agree"), "{through:#}");
    for more in
        [&[][..], &["-Dhttp.nonProxyHosts=*.test"], &["-Dhttp.nonProxyHosts=", "--no-proxy"]]
    {
        let straight = ask(more);
        assert!(straight["connection"]["proxy"].is_null(), "{more:?}: {straight:#}");
        assert!(straight["compared"].is_null(), "{more:?}: {straight:#}");
    }
    // SSLPoke itself goes straight, and the diagnosis says what the proxy shows
    let property = format!("-Djavax.net.ssl.trustStore={store}");
    let [host, number] = ["localhost", &server.port.to_string()].map(str::to_owned);
    let line =
        ["java", &property, words[2], &port, "-Dhttp.nonProxyHosts=", "SSLPoke", &host, &number];
    let output = sslpoke(&[&["--java", "17.0.15", "--format", "json"], &line[..]].concat());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["connection"]["proxy"].is_null(), "{report:#}");
    assert!(has_finding(&report, "proxy-ignored"), "{report:#}");
    assert_eq!(report["compared"]["connected"], true, "{report:#}");
}
