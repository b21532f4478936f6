//! The protocols that can be named: in a URL's scheme and behind `--starttls`.

use handshake_probe::StartTls;

/// A scheme, the port that goes with it, and the plaintext dialogue by which it begins TLS, if it has one.
pub(super) struct Scheme {
    name: &'static str,
    pub(super) port: &'static str,
    pub(super) starttls: Option<StartTls>,
}

const fn tls(name: &'static str, port: &'static str) -> Scheme {
    Scheme { name, port, starttls: None }
}

const fn plain(name: &'static str, port: &'static str, starttls: StartTls) -> Scheme {
    Scheme { name, port, starttls: Some(starttls) }
}

const SCHEMES: [Scheme; 24] = [
    tls("https", "443"),
    tls("wss", "443"),
    tls("ldaps", "636"),
    tls("smtps", "465"),
    tls("submissions", "465"),
    tls("imaps", "993"),
    tls("pop3s", "995"),
    tls("ftps", "990"),
    tls("xmpps", "5223"),
    plain("smtp", "25", StartTls::Smtp),
    plain("submission", "587", StartTls::Smtp),
    plain("lmtp", "24", StartTls::Lmtp),
    plain("imap", "143", StartTls::Imap),
    plain("pop3", "110", StartTls::Pop3),
    plain("pop", "110", StartTls::Pop3),
    plain("ldap", "389", StartTls::Ldap),
    plain("ftp", "21", StartTls::Ftp),
    plain("postgres", "5432", StartTls::Postgres),
    plain("postgresql", "5432", StartTls::Postgres),
    plain("mysql", "3306", StartTls::Mysql),
    plain("mariadb", "3306", StartTls::Mysql),
    plain("xmpp", "5222", StartTls::Xmpp),
    plain("xmpp-client", "5222", StartTls::Xmpp),
    plain("xmpp-server", "5269", StartTls::XmppServer),
];

/// Finds a scheme in lower case: `smtp`, `smtp+starttls` and `jdbc:postgresql`, too.
pub(super) fn scheme(name: &str) -> Option<&'static Scheme> {
    let find = |name: &str| SCHEMES.iter().find(|scheme| scheme.name == name);
    match name.strip_suffix("+starttls") {
        Some(name) => find(name).filter(|scheme| scheme.starttls.is_some()),
        None => find(name.strip_prefix("jdbc:").unwrap_or(name)),
    }
}

/// Lists the schemes, for those who named another one.
pub(super) fn known_schemes() -> String {
    SCHEMES.map(|scheme| scheme.name).join(", ")
}

/// Reads `--starttls`.
pub(super) fn starttls(name: &str) -> Result<StartTls, String> {
    let found = scheme(&name.to_ascii_lowercase()).and_then(|scheme| scheme.starttls);
    found.ok_or_else(|| {
        let known: Vec<&str> =
            SCHEMES.iter().filter(|s| s.starttls.is_some()).map(|s| s.name).collect();
        format!("known are {}", known.join(", "))
    })
}

/// Returns the dialogue of the protocol whose port this is: `--starttls` is asked for there.
pub(crate) fn starttls_of_port(port: u16) -> Option<StartTls> {
    let port = port.to_string();
    SCHEMES.iter().find(|scheme| scheme.port == port).and_then(|scheme| scheme.starttls)
}

/// Returns whether this port is known for TLS without HTTP: 465, 636, 993, 995, …
pub(crate) fn is_port_of_mail_or_directory(port: u16) -> bool {
    let port = port.to_string();
    SCHEMES.iter().any(|scheme| scheme.port == port && scheme.port != "443")
}

/// Returns the word for `--starttls`, and the protocol's name.
pub(crate) fn starttls_names(protocol: StartTls) -> (&'static str, &'static str) {
    match protocol {
        StartTls::Smtp => ("smtp", "SMTP"),
        StartTls::Lmtp => ("lmtp", "LMTP"),
        StartTls::Imap => ("imap", "IMAP"),
        StartTls::Pop3 => ("pop3", "POP3"),
        StartTls::Ldap => ("ldap", "LDAP"),
        StartTls::Ftp => ("ftp", "FTP"),
        StartTls::Postgres => ("postgres", "PostgreSQL"),
        StartTls::Mysql => ("mysql", "MySQL"),
        StartTls::Xmpp => ("xmpp", "XMPP"),
        StartTls::XmppServer => ("xmpp-server", "XMPP"),
    }
}
