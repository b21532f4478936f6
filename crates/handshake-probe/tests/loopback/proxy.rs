//! Proxies: what they are asked, and what they say.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use handshake_probe::{
    Cause, HttpConnect, Names, ProbeRequest, Route, Secret, Socks, SocksVersion, Stage,
    TunnelFault, probe,
};

use crate::server::{ACCEPT, Kind, Server, request, tls};

fn socks(proxy: SocketAddr, version: SocksVersion) -> Route {
    Route::Socks(Socks {
        host: proxy.ip().to_string(),
        port: proxy.port(),
        version,
        names: Names::Here,
        user: b"admin".to_vec(),
        password: Secret::default(),
    })
}

/// Plays a proxy: for each step expects so many bytes and answers; then connects to `server`, if
/// there is one. Returns all that it was sent in those steps.
fn proxy(steps: Vec<(usize, &'static [u8])>, server: Option<SocketAddr>) -> Server<Vec<u8>> {
    Server::start(move |mut client| {
        let mut seen = Vec::new();
        for (length, answer) in steps {
            let mut bytes = vec![0; length];
            client.read_exact(&mut bytes).unwrap();
            seen.extend(bytes);
            client.write_all(answer).unwrap();
        }
        if let Some(server) = server {
            join(client, server);
        }
        seen
    })
}

fn join(mut client: TcpStream, server: SocketAddr) {
    let mut upstream = TcpStream::connect(server).unwrap();
    let (mut from, mut to) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
    let forward = thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
    let _ = std::io::copy(&mut upstream, &mut client);
    let _ = client.shutdown(std::net::Shutdown::Write);
    forward.join().unwrap();
}

fn fault(route: Route, host: Option<&str>) -> (Stage, String) {
    let mut request = request(SocketAddr::from(([127, 0, 0, 1], 443)));
    request.route = route;
    if let Some(host) = host {
        request.host = host.to_owned();
    }
    let failure = probe(&request, &ACCEPT).outcome.unwrap_err();
    (failure.stage, failure.cause.to_string())
}

fn through(route: Route, server: SocketAddr) -> ProbeRequest {
    ProbeRequest { route, ..request(server) }
}

#[test]
fn socks5_gets_the_address_and_then_the_handshake() {
    let (server, certificate) = tls(Kind::default());
    let target = server.address;
    let proxy = proxy(vec![(4, &[5, 0]), (10, &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])], Some(target));
    let address = proxy.address;
    let observation = probe(&through(socks(address, SocksVersion::V5), target), &ACCEPT);
    assert!(observation.outcome.is_ok(), "{:?}", observation.outcome);
    assert_eq!(observation.chain, [certificate]);
    assert_eq!((observation.proxy, observation.peer), (Some(address), Some(target)));
    assert_eq!(observation.first_bytes.first(), Some(&22));
    let [high, low] = target.port().to_be_bytes();
    assert_eq!(proxy.saw(), [5, 2, 0, 2, 5, 1, 0, 1, 127, 0, 0, 1, high, low]);
}

#[test]
fn socks4_and_a_proxy_that_does_not_know_5_get_the_address() {
    for (version, greeting) in [(SocksVersion::V4, 0), (SocksVersion::V5, 4)] {
        let (server, _) = tls(Kind::default());
        let target = server.address;
        let granted: &[u8] = &[0, 90, 0, 0, 0, 0, 0, 0];
        let mut steps = vec![(14, granted)];
        if greeting > 0 {
            steps.insert(0, (greeting, &[0, 91]));
        }
        let proxy = proxy(steps, Some(target));
        let observation = probe(&through(socks(proxy.address, version), target), &ACCEPT);
        assert!(observation.outcome.is_ok(), "{:?}", observation.outcome);
        let [high, low] = target.port().to_be_bytes();
        let asked = proxy.saw().split_off(greeting);
        assert_eq!(asked, [&[4, 1, high, low, 127, 0, 0, 1], b"admin\0".as_slice()].concat());
    }
}

#[test]
fn socks5_gets_a_user_if_it_asks_and_a_name_if_it_has_no_address() {
    let name = b"no-such-host.invalid";
    let proxy = proxy(vec![(4, &[5, 2]), (8, &[1, 0]), (27, &[5, 4, 0, 1])], None);
    let route = socks(proxy.address, SocksVersion::V5);
    let (stage, fault) = fault(route, Some("no-such-host.invalid"));
    assert_eq!(stage, Stage::Tunnel);
    assert_eq!(fault, "the proxy made no tunnel: SOCKS 5 reply 4");
    let expected =
        [&[5, 2, 0, 2, 1, 5], b"admin".as_slice(), &[0, 5, 1, 0, 3, 20], name, &[1, 187]].concat();
    assert_eq!(proxy.saw(), expected);
}

#[test]
fn what_a_socks_proxy_refuses_is_told() {
    type Case = (SocksVersion, Vec<(usize, &'static [u8])>, &'static str);
    let cases: [Case; 6] = [
        (SocksVersion::V5, vec![(4, &[5, 0xff])], "no method of authentication suits it"),
        (SocksVersion::V5, vec![(4, &[5, 2]), (8, &[1, 1])], "authentication failed"),
        (SocksVersion::V5, vec![(4, &[5, 0]), (10, &[5, 2, 0, 1])], "SOCKS 5 reply 2"),
        (SocksVersion::V5, vec![(4, &[5])], "the answer is malformed"),
        (SocksVersion::V4, vec![(14, &[0, 91, 0, 0, 0, 0, 0, 0])], "SOCKS 4 reply 91"),
        (SocksVersion::V4, vec![(14, b"HTTP/1.1")], "the answer is of no known version"),
    ];
    for (version, steps, expected) in cases {
        let proxy = proxy(steps, None);
        let (stage, fault) = fault(socks(proxy.address, version), None);
        assert_eq!(stage, Stage::Tunnel);
        assert_eq!(fault, format!("the proxy made no tunnel: {expected}"));
    }
    let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
    let (stage, unreachable) = fault(socks(nobody, SocksVersion::V5), None);
    assert_eq!(stage, Stage::Connect);
    assert!(
        unreachable.starts_with("the proxy made no tunnel: 127.0.0.1 cannot be reached: connect: ")
    );
}

#[test]
fn an_http_proxy_gets_the_name_and_its_refusal_is_told() {
    let (server, _) = tls(Kind::default());
    let target = server.address;
    let headers = vec![("Proxy-Authorization", Secret::new(b"Basic YTpi".to_vec()))];
    let route = |proxy: SocketAddr| {
        let host = proxy.ip().to_string();
        Route::HttpConnect(HttpConnect { host, port: proxy.port(), headers: headers.clone() })
    };
    let head = format!(
        "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nProxy-Authorization: Basic YTpi\r\n\r\n"
    );
    let accepts = proxy(vec![(head.len(), b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n")], Some(target));
    let observation = probe(&through(route(accepts.address), target), &ACCEPT);
    assert!(observation.outcome.is_ok(), "{:?}", observation.outcome);
    assert_eq!(String::from_utf8(accepts.saw()).unwrap(), head);

    for (answer, expected) in [
        (
            &b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"[..],
            "HTTP/1.1 407 Proxy Authentication Required",
        ),
        (b"HTTP/1.1 201 Created\r\n\r\n", "HTTP/1.1 201 Created"),
        (b"HTTP/2 200 OK\r\n\r\n", "the answer is not one of HTTP: \"HTTP/2 \""),
        (b"SSH-2.0-x\r\n", "the answer is not one of HTTP: \"SSH-2.0\""),
        (b"HTTP/1.1 x y\r\n\r\n", "the answer is not one of HTTP: \"HTTP/1.1 x y\""),
        (b"HTTP/1.", "it closed the connection"),
        (b"", "it closed the connection"),
    ] {
        // all of the question is read, so that the end is FIN and not RST
        let length = head.len() - 2 * (target.to_string().len() - "127.0.0.1:443".len());
        let refuses = proxy(vec![(length, answer)], None);
        let (_, fault) = fault(route(refuses.address), None);
        assert_eq!(fault, format!("the proxy made no tunnel: {expected}"));
    }
}

#[test]
fn an_http_proxy_without_an_end_is_left_and_its_schemes_are_told() {
    let route = |proxy: SocketAddr| {
        let host = proxy.ip().to_string();
        Route::HttpConnect(HttpConnect { host, port: proxy.port(), headers: Vec::new() })
    };
    let endless = Server::start(|mut client| {
        let _ = client.write_all(b"HTTP/1.1 200 OK\r\n");
        while client.write_all(&b"X-Header: value\r\n".repeat(100)).is_ok() {}
    });
    let (_, fault) = fault(route(endless.address), None);
    assert!(fault.ends_with("the answer has no end"), "{fault}");

    let answer = b"HTTP/1.1 407 No\r\nproxy-authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n";
    let wants = proxy(vec![(10, answer)], None);
    let mut request = request(SocketAddr::from(([127, 0, 0, 1], 443)));
    request.route = route(wants.address);
    let cause = probe(&request, &ACCEPT).outcome.unwrap_err().cause;
    let Cause::Tunnel(TunnelFault::Http { schemes, .. }) = cause else { panic!("{cause}") };
    assert_eq!(schemes, ["Negotiate", "Basic"]);
}

#[test]
fn names_for_the_proxy_are_never_looked_up_here() {
    let http = |proxy: SocketAddr| {
        let host = proxy.ip().to_string();
        Route::HttpConnect(HttpConnect { host, port: proxy.port(), headers: Vec::new() })
    };
    let named = |proxy: SocketAddr, version| {
        let Route::Socks(proxy) = socks(proxy, version) else { panic!("no SOCKS") };
        Route::Socks(Socks { names: Names::AtProxy, ..proxy })
    };
    // SOCKS 4a, SOCKS 5 with a name, and an address of IPv6 in its brackets
    let proxy4a = proxy(vec![(24, &[0, 91, 0, 0, 0, 0, 0, 0])], None);
    fault(named(proxy4a.address, SocksVersion::V4), Some("localhost"));
    assert_eq!(
        proxy4a.saw(),
        [&[4, 1, 1, 187, 0, 0, 0, 1], b"admin\0localhost\0".as_slice()].concat()
    );
    let proxy5 = proxy(vec![(4, &[5, 0]), (16, &[5, 4, 0, 1])], None);
    fault(named(proxy5.address, SocksVersion::V5), Some("localhost"));
    assert_eq!(
        proxy5.saw().split_off(4),
        [&[5, 1, 0, 3, 9], b"localhost".as_slice(), &[1, 187]].concat()
    );
    let of_http = proxy(vec![(19, b"HTTP/1.1 403 No\r\n\r\n")], None);
    fault(http(of_http.address), Some("::1"));
    assert_eq!(of_http.saw(), b"CONNECT [::1]:443 H");
}
