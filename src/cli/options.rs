//! Options that several verbs share.

use std::ffi::OsString;

use handshake_probe::StartTls;

use super::protocol::starttls;

/// Whose behaviour is wanted.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct RuntimeOptions {
    /// Release to imitate: 17, 17.0.15, 8u504; `all` asks six releases (poke, doctor, judge)
    #[arg(long, value_name = "RELEASE")]
    pub(crate) java: Option<String>,
    /// Java installation to imitate
    #[arg(long, value_name = "DIR")]
    pub(crate) java_home: Option<OsString>,
    /// System property, as java takes it
    #[arg(short = 'D', value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) properties: Vec<String>,
}

impl RuntimeOptions {
    /// Returns whether `--java all` was said: every recorded release is asked.
    pub(crate) fn names_all(&self) -> bool {
        self.java.as_deref().is_some_and(|java| java.eq_ignore_ascii_case("all"))
    }

    /// Returns the options of the runtime itself: without `--java all`.
    pub(crate) fn of_one(&self) -> Self {
        let java = self.java.clone().filter(|_| !self.names_all());
        Self { java, ..self.clone() }
    }
}

/// Which JVM of this machine is meant, or of an image.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct MachineOptions {
    /// The JVM that runs as process N; `auto`: Jira's, else another Atlassian product's, else the only one
    #[arg(long, value_name = "N|auto", conflicts_with = "java_home")]
    pub(crate) pid: Option<String>,
    /// The folder of an Atlassian product: how it runs, or would be started
    #[arg(long, value_name = "DIR", conflicts_with_all = ["pid", "java_home"])]
    pub(crate) jira: Option<OsString>,
    /// The root of an image or of a mounted disk, in which the product is looked for
    #[arg(long, value_name = "DIR", conflicts_with_all = ["pid", "java_home"])]
    pub(crate) root: Option<OsString>,
    /// File with the options of a JVM: its command line, one option a line, or Tomcat's log
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pid", "jira", "root"])]
    pub(crate) jvm_args: Option<OsString>,
}

/// Which store is used, and its password.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct StoreOptions {
    /// Truststore to use instead of the runtime's
    #[arg(long, value_name = "FILE")]
    pub(crate) truststore: Option<OsString>,
    /// Type that Java is told the store has: JKS, PKCS12, JCEKS
    #[arg(long, value_name = "TYPE")]
    pub(crate) storetype: Option<String>,
    #[command(flatten)]
    pub(crate) password: PasswordOptions,
}

/// Where the store's password is to be had.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct PasswordOptions {
    /// File whose first line is the store's password
    #[arg(long, value_name = "FILE", group = "password")]
    pub(crate) storepass_file: Option<OsString>,
    /// Environment variable that holds the store's password
    #[arg(long, value_name = "NAME", group = "password")]
    pub(crate) storepass_env: Option<String>,
    /// Read the store's password from standard input
    #[arg(long, group = "password")]
    pub(crate) storepass_stdin: bool,
}

/// How the handshake is made.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct WireOptions {
    /// Give up after this many seconds; 0 waits for ever, as Java does
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) timeout: u64,
    /// Address to use for a host and port, instead of asking the resolver
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub(crate) resolve: Vec<String>,
    /// Use IPv4 addresses only
    #[arg(short = '4', conflicts_with = "ipv6")]
    pub(crate) ipv4: bool,
    /// Use IPv6 addresses only
    #[arg(short = '6')]
    pub(crate) ipv6: bool,
    /// Plaintext protocol that leads to TLS: smtp, imap, pop3, ldap, ftp, postgres, mysql, xmpp, lmtp
    #[arg(long, value_name = "PROTO", value_parser = starttls)]
    pub(crate) starttls: Option<StartTls>,
    #[command(flatten)]
    pub(crate) proxy: ProxyOptions,
    /// Name to send in SNI instead of the one Java would send; `none` sends none
    #[arg(long, value_name = "NAME|none")]
    pub(crate) sni: Option<String>,
    /// How the host is checked against the certificate: https, ldaps or none
    #[arg(long, value_name = "HOW", default_value = "https")]
    pub(crate) hostname_check: String,
    /// Judge at this time instead of now (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

/// Which proxy is used, and what it is told.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ProxyOptions {
    /// Proxy to go through.
    #[arg(
        help = "Proxy to go through: http://, socks5://, socks5h://, socks4:// or socks4a://[USER@]HOST[:PORT]",
        long,
        value_name = "URL",
        conflicts_with = "no_proxy"
    )]
    pub(crate) proxy: Option<String>,
    /// Go straight to the host, whatever proxy Java's properties name
    #[arg(long)]
    pub(crate) no_proxy: bool,
    /// User for the proxy
    #[arg(long, value_name = "NAME")]
    pub(crate) proxy_user: Option<String>,
    /// File whose first line is the password for the proxy
    #[arg(long, value_name = "FILE", group = "proxy_password")]
    pub(crate) proxy_pass_file: Option<OsString>,
    /// Environment variable that holds the password for the proxy
    #[arg(long, value_name = "NAME", group = "proxy_password")]
    pub(crate) proxy_pass_env: Option<String>,
    /// Read the password for the proxy from standard input
    #[arg(long, group = "proxy_password")]
    pub(crate) proxy_pass_stdin: bool,
}

impl Default for WireOptions {
    fn default() -> Self {
        Self {
            timeout: 30,
            resolve: Vec::new(),
            ipv4: false,
            ipv6: false,
            starttls: None,
            proxy: ProxyOptions::default(),
            sni: None,
            hostname_check: "https".to_owned(),
            at: None,
        }
    }
}
