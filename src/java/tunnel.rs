//! What Java throws for what a proxy did; recorded from all six releases: SOCKS from SSLPoke, HTTP from `HttpsURLConnection`.

use handshake_probe::{Cause, ProxyKind, TunnelFault};
use java_pkix::JavaException;

use super::exception::{Attempt, SOCKET_EXCEPTION, of_system};

/// Returns what Java throws when there is no tunnel.
pub(super) fn exception(fault: &TunnelFault, attempt: &Attempt<'_>) -> Option<JavaException> {
    let message = match fault {
        TunnelFault::Unreachable { host, kind: ProxyKind::Socks, cause } => {
            return unreachable(host, cause, attempt);
        }
        TunnelFault::Unreachable { host, kind: ProxyKind::Http, cause } => {
            return http_unreachable(host, cause, attempt);
        }
        TunnelFault::Http { line, .. } => return Some(no_tunnel(line)),
        TunnelFault::HttpClosed => "Unexpected end of file from server",
        TunnelFault::NotHttp(line) => return Some(not_http(line)),
        TunnelFault::NameFor4 { name, port } => return Some(unresolved(name, *port, attempt)),
        TunnelFault::Refused5(code) => of_reply5(*code)?,
        TunnelFault::Refused4(91) => "SOCKS request rejected",
        TunnelFault::Refused4(92) => "SOCKS server couldn't reach destination",
        TunnelFault::Refused4(93) => "SOCKS authentication failed",
        TunnelFault::Refused4(_) => "Reply from SOCKS server contains bad status",
        TunnelFault::NoMethod => "SOCKS : No acceptable methods",
        TunnelFault::Authentication => "SOCKS : authentication failed",
        TunnelFault::Ipv6For4 => "SOCKS V4 requires IPv4 only addresses",
        TunnelFault::UnknownVersion => "Reply from SOCKS server has bad version",
        TunnelFault::UnknownAddressType => "Reply from SOCKS server contains wrong code",
        TunnelFault::Malformed => "Malformed reply from SOCKS server",
        TunnelFault::LongName | TunnelFault::HttpTooLong => return None,
    };
    Some(JavaException::new(SOCKET_EXCEPTION, message))
}

fn of_reply5(code: u8) -> Option<&'static str> {
    Some(match code {
        1 => "SOCKS server general failure",
        2 => "SOCKS: Connection not allowed by ruleset",
        3 => "SOCKS: Network unreachable",
        4 => "SOCKS: Host unreachable",
        5 => "SOCKS: Connection refused",
        6 => "SOCKS: TTL expired",
        7 => "SOCKS: Command not supported",
        8 => "SOCKS: address type not supported",
        _ => return None,
    })
}

/// The proxy's own trouble, behind a head of its own.
fn unreachable(host: &str, cause: &Cause, attempt: &Attempt<'_>) -> Option<JavaException> {
    let held = if let Cause::Io { operation, error } = cause {
        of_system(*operation, error, attempt.rules)?.message?
    } else {
        host.to_owned()
    };
    let message = format!("Can't connect to SOCKS proxy:{held}");
    Some(JavaException::new(SOCKET_EXCEPTION, message))
}

/// The HTTP client says of its proxy what a socket would.
fn http_unreachable(host: &str, cause: &Cause, attempt: &Attempt<'_>) -> Option<JavaException> {
    if let Cause::Io { operation, error } = cause {
        return of_system(*operation, error, attempt.rules);
    }
    Some(JavaException::new("java.net.UnknownHostException", host))
}

fn no_tunnel(line: &str) -> JavaException {
    let message = format!("Unable to tunnel through proxy. Proxy returns \"{line}\"");
    JavaException::new("java.io.IOException", message)
}

/// What splits the status line finds no second word, or one that is no number.
fn not_http(line: &str) -> JavaException {
    let mut words = line.split_ascii_whitespace();
    let is_http = words.next().is_some_and(|word| word.starts_with("HTTP/1."));
    let cause = match words.next().filter(|_| is_http) {
        Some(word) => {
            let message = format!("For input string: \"{word}\"");
            JavaException::new("java.lang.NumberFormatException", message)
        }
        None => JavaException::bare("java.util.NoSuchElementException"),
    };
    JavaException::new("java.lang.RuntimeException", cause.to_string()).caused_by(cause)
}

/// SOCKS 4 wants an address; how the name without one is written changed twice.
fn unresolved(name: &str, port: u16, attempt: &Attempt<'_>) -> JavaException {
    let message = match attempt.rules.recorded_as().feature {
        ..17 => format!("{name}:{port}"),
        17..25 => format!("{name}/<unresolved>:{port}"),
        25.. => String::new(),
    };
    JavaException::new("java.net.UnknownHostException", message)
}

#[cfg(test)]
mod tests {
    use java_pkix::Rules;

    use super::*;

    #[test]
    fn the_words_are_those_of_the_releases() {
        let name = || TunnelFault::NameFor4 { name: "h".to_owned(), port: 443 };
        let refused = || std::io::ErrorKind::ConnectionRefused.into();
        for (release, unresolved, closed) in [
            ("8u504", "UnknownHostException: h:443", "refused (Connection refused)"),
            ("17.0.15", "UnknownHostException: h/<unresolved>:443", "Connection refused"),
            ("25.0.5", "UnknownHostException: ", "Connection refused"),
        ] {
            let rules = Rules::built_in(release.parse().unwrap());
            let attempt = Attempt {
                host: "h",
                versions: &[],
                cipher_suite: None,
                prime_bits: None,
                rules: &rules,
            };
            let told = |fault: &TunnelFault| exception(fault, &attempt).unwrap().to_string();
            assert_eq!(told(&name()), format!("java.net.{unresolved}"));
            let operation = handshake_probe::Operation::Connect;
            let cause = Box::new(Cause::Io { operation, error: refused() });
            let fault =
                TunnelFault::Unreachable { host: "p".to_owned(), kind: ProxyKind::Socks, cause };
            assert!(told(&fault).ends_with(closed), "{}", told(&fault));
            let code = TunnelFault::Refused5(4);
            assert_eq!(told(&code), "java.net.SocketException: SOCKS: Host unreachable");
        }
    }
}
