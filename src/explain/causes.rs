//! What a text in a log stands for: a stable code, what is wrong, the remedy and the next command; only data.

use java_pkix::Reason;

use crate::diagnosis::{Severity, in_words};

/// What is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cause {
    /// Java does not trust the chain; the codes are those of `judge`.
    Chain(Reason),
    HostNameIllegal,
    RevocationUnknown,
    CertificateRevoked,
    StoreNotOpened,
    StorePasswordWrong,
    StoreDamaged,
    StoreIsPem,
    StoreFormatUnknown,
    StoreTypeUnknown,
    StoreTypeMismatch,
    StoreProviderUnknown,
    StoreEmptyFile,
    StoreUnreadable,
    KeyStoreWithoutPassword,
    KeySealed,
    TlsNotAvailable,
    TlsTooOld,
    NoCommonSuite,
    ServerNameRefused,
    ClientCertificateRequired,
    CertificateRefusedByPeer,
    AlertReceived,
    HandshakeEnded,
    PlaintextProtocol,
    NothingToOffer,
    ProtocolNameUnknown,
    WeakKeyAgreement,
    SignatureSchemeDisabled,
    DowngradeSuspected,
    ServerMisbehaves,
    HandshakeFailed,
    HostUnknown,
    HostIsUrl,
    ConnectionRefused,
    ConnectionReset,
    ConnectionForbidden,
    HostUnreachable,
    Timeout,
    ProxyAuthentication,
    ProxyRefused,
    NoTunnel,
    PortInvalid,
    JvmNotStarted,
    SslPokeUsage,
    SslPokeConnected,
    DvcsNoAccess,
    DvcsTokenUrl,
    DvcsToken,
    SessionToken,
    DvcsCredentials,
    GitlabScope,
    GitlabScopeAsked,
    GitlabGone,
    DvcsSyncFailed,
    MergeRequestsForbidden,
    RepositoryForbidden,
    IssuesForbidden,
    HooksForbidden,
    GitlabForbidden,
    HttpStatus,
    GitlabIsClient,
    TlsDirection,
    DvcsRefresh,
    WebhookLogs,
    KeytoolNoCertificate,
    KeytoolAliasExists,
    KeytoolNotAdded,
    /// The other end went away in the middle of an answer: no failure of ours.
    Unrelated,
}

/// A cause in the administrator's words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InWords {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) what: &'static str,
    pub(crate) remedy: &'static str,
    pub(crate) next: Next,
}

/// The command that goes on from here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// The doctor, on the host that the text has.
    Doctor,
    /// A command that names no host.
    Command(&'static str),
    /// There is none: it is not about TLS.
    Nothing,
}

const FIND_STORE: &str = "sslpoke trust check STORE";
const MISBEHAVED: &str = "what the server sends breaks the rules of TLS";

impl Cause {
    /// All causes, in the order in which the documentation has them.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Self> {
        let mut all: Vec<Self> = Reason::ALL.into_iter().map(Self::Chain).collect();
        all.extend(OTHERS);
        all
    }

    /// Says what it means, and what to do.
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub(crate) fn in_words(self) -> InWords {
        let (code, what, remedy, next) = match self {
            Self::Chain(reason) => {
                let words = in_words(reason);
                (reason.code(), words.meaning, words.remedy, Next::Doctor)
            }
            Self::HostNameIllegal => (
                "host-name-illegal",
                "Java takes this for no host name: an underscore, a blank, or a hyphen at an end",
                "give the host a name of letters, digits and hyphens, and use that",
                Next::Nothing,
            ),
            Self::RevocationUnknown => (
                "revocation-unknown",
                "Java was told to check revocation (com.sun.net.ssl.checkRevocation) and reached neither CRL nor OCSP",
                "let this machine reach the addresses in the certificate, or take the flag out",
                Next::Doctor,
            ),
            Self::CertificateRevoked => (
                "certificate-revoked",
                "a certificate of the chain has been revoked by its CA",
                "have the server's certificate issued anew",
                Next::Doctor,
            ),
            Self::StoreNotOpened => (
                "store-not-opened",
                "Java cannot open the truststore or key store that it is told to use; since 17 it does not say why",
                "check the password, the type and the file: sslpoke says which of them it is",
                Next::Command(FIND_STORE),
            ),
            Self::StorePasswordWrong => (
                "store-password-wrong",
                "the password does not match the truststore or key store, or the file is damaged",
                "-Djavax.net.ssl.trustStorePassword=PASSWORD (keytool's usual one is changeit)",
                Next::Command(FIND_STORE),
            ),
            Self::StoreDamaged => (
                "store-damaged",
                "the store was changed or cut off after it was written: its integrity check fails",
                "restore it from a backup",
                Next::Command(FIND_STORE),
            ),
            Self::StoreIsPem => (
                "store-is-pem",
                "the truststore is a PEM file; Java reads no PEM as trust store",
                "sslpoke trust add FILE --to STORE --create, and name that store",
                Next::Command(FIND_STORE),
            ),
            Self::StoreFormatUnknown => (
                "store-format-unknown",
                "the file is no store of the type that Java takes it for",
                "set -Djavax.net.ssl.trustStoreType to what the file is, or make a store of it",
                Next::Command(FIND_STORE),
            ),
            Self::StoreTypeUnknown => (
                "store-type-unknown",
                "Java knows no store type of that name",
                "leave -Djavax.net.ssl.trustStoreType out, or set it to JKS or PKCS12",
                Next::Command(FIND_STORE),
            ),
            Self::StoreTypeMismatch => (
                "store-type-mismatch",
                "the file is a JKS store, and Java was told PKCS12",
                "-Djavax.net.ssl.trustStoreType=JKS",
                Next::Command(FIND_STORE),
            ),
            Self::StoreProviderUnknown => (
                "store-provider-unknown",
                "Java knows no security provider of that name",
                "leave -Djavax.net.ssl.trustStoreProvider out",
                Next::Command(FIND_STORE),
            ),
            Self::StoreEmptyFile => (
                "store-empty-file",
                "the store ends too early: a disk that was full, or a write that was cut off",
                "restore it from a backup",
                Next::Command(FIND_STORE),
            ),
            Self::StoreUnreadable => (
                "store-unreadable",
                "the key store is not there, or may not be read",
                "correct -Djavax.net.ssl.keyStore, or let the service's user read the file",
                Next::Command(FIND_STORE),
            ),
            Self::KeyStoreWithoutPassword => (
                "key-store-without-password",
                "the key store holds private keys, and Java was told no password",
                "-Djavax.net.ssl.keyStorePassword=PASSWORD",
                Next::Command(FIND_STORE),
            ),
            Self::KeySealed => (
                "key-sealed",
                "a private key of the key store has another password than the store",
                "keytool -keypasswd, with the password of the store as the new one",
                Next::Command(FIND_STORE),
            ),
            Self::TlsNotAvailable => (
                "tls-not-available",
                "this Java has no TLS: its list of security providers lacks SunJSSE",
                "restore security.provider.N in the java.security of this Java",
                Next::Command("sslpoke runtimes"),
            ),
            Self::TlsTooOld => (
                "tls-too-old",
                "the server takes none of the protocol versions that Java offers, or chose one that is disabled: TLS 1.0 and 1.1 have been since 2021",
                "let the server speak TLS 1.2 or 1.3",
                Next::Doctor,
            ),
            Self::NoCommonSuite => (
                "no-common-suite",
                "the server found nothing in common with what Java offers: cipher suites, groups or signature schemes; a server that demands a client certificate or a server name may say the same",
                "let the server take ECDHE with AES-GCM; after an update of Java see whether it only had TLS_RSA_* suites",
                Next::Doctor,
            ),
            Self::ServerNameRefused => (
                "server-name-refused",
                "the server does not know the name that it was asked for, or was sent none: Java sends none for a host without a dot",
                "use the full name, and let the server know it (ServerName, server_name)",
                Next::Doctor,
            ),
            Self::ClientCertificateRequired => (
                "client-certificate-required",
                "the server demands a client certificate and was shown none",
                "-Djavax.net.ssl.keyStore=FILE and -Djavax.net.ssl.keyStorePassword=PASSWORD",
                Next::Doctor,
            ),
            Self::CertificateRefusedByPeer => (
                "certificate-refused-by-peer",
                "the other side does not accept the certificate that it was shown: the client certificate, or, where this Java is the server, its own",
                "where Java is the client, check the key store; where it is the server, let the other side trust its CA",
                Next::Doctor,
            ),
            Self::AlertReceived => (
                "alert-received",
                "the server ended the handshake with an alert",
                "the server's log says why",
                Next::Doctor,
            ),
            Self::HandshakeEnded => (
                "handshake-ended",
                "the server, or something in between, closed the connection in the middle of the handshake",
                "look at firewalls and load balancers on the way, at the server name, and at the server's log",
                Next::Doctor,
            ),
            Self::PlaintextProtocol => (
                "plaintext-protocol",
                "what answers on that port does not speak TLS",
                "use the TLS port, or let the protocol begin TLS (STARTTLS)",
                Next::Doctor,
            ),
            Self::NothingToOffer => (
                "nothing-to-offer",
                "the protocol versions that Java was told to use are disabled in this release",
                "take -Djdk.tls.client.protocols or -Dhttps.protocols out, or name TLSv1.2,TLSv1.3",
                Next::Doctor,
            ),
            Self::ProtocolNameUnknown => (
                "protocol-name-unknown",
                "-Djdk.tls.client.protocols has a name that Java does not know",
                "the names are TLSv1.2 and TLSv1.3",
                Next::Doctor,
            ),
            Self::WeakKeyAgreement => (
                "weak-key-agreement",
                "the server's key agreement is too weak for Java, or invalid",
                "let the server use a Diffie-Hellman group of 2048 bits or more, or elliptic curves",
                Next::Doctor,
            ),
            Self::SignatureSchemeDisabled => (
                "signature-scheme-disabled",
                "the server signs the handshake with a scheme that this Java has disabled, SHA-1 most often",
                "let the server sign with SHA-256; an update of Java brought this (jdk.tls.disabledAlgorithms)",
                Next::Doctor,
            ),
            Self::DowngradeSuspected => (
                "downgrade-suspected",
                "the server says that it was made to take an older version than both speak",
                "look for a device between the two that opens TLS",
                Next::Doctor,
            ),
            Self::ServerMisbehaves => (
                "server-misbehaves",
                MISBEHAVED,
                "update the server, or look for a device in between that opens TLS",
                Next::Doctor,
            ),
            Self::HandshakeFailed => (
                "handshake-failed",
                "the handshake failed with a message that is not in this list",
                "Java's words are quoted; the doctor makes the handshake and looks closer",
                Next::Doctor,
            ),
            Self::HostUnknown => (
                "host-unknown",
                "the resolver knows no address of the host",
                "correct the name, or the DNS and /etc/hosts of this machine",
                Next::Doctor,
            ),
            Self::HostIsUrl => (
                "host-is-url",
                "a URL, or a name with a port or a path, was given where a host name is wanted",
                "give the host alone",
                Next::Doctor,
            ),
            Self::ConnectionRefused => (
                "connection-refused",
                "nothing listens at that address and port; Java tries the first address of a name only",
                "start the service, or correct the port; where the name has several addresses, repair the first",
                Next::Doctor,
            ),
            Self::ConnectionReset => (
                "connection-reset",
                "the connection was cut off",
                "look at firewalls, proxies and load balancers on the way, and at the server's log",
                Next::Doctor,
            ),
            Self::ConnectionForbidden => (
                "connection-forbidden",
                "this machine's own rules forbid the connection",
                "let its firewall or its container allow it",
                Next::Doctor,
            ),
            Self::HostUnreachable => (
                "host-unreachable",
                "no route leads to the address, or this machine lacks that family of addresses",
                "look at the routes; -Djava.net.preferIPv6Addresses and -Djava.net.preferIPv4Stack choose the family",
                Next::Doctor,
            ),
            Self::Timeout => (
                "timeout",
                "the connection or the answer did not come about in time",
                "a firewall may be dropping the packets, or a proxy is needed",
                Next::Doctor,
            ),
            Self::ProxyAuthentication => (
                "proxy-authentication",
                "the proxy wants a user and a password; Java sends none by Basic for a tunnel unless jdk.http.auth.tunneling.disabledSchemes is emptied",
                "-Djdk.http.auth.tunneling.disabledSchemes= (empty), or a proxy that lets this machine through by its address",
                Next::Doctor,
            ),
            Self::ProxyRefused => (
                "proxy-refused",
                "the proxy does not let the connection through",
                "let its rules allow CONNECT to this host and port; many allow port 443 only",
                Next::Doctor,
            ),
            Self::NoTunnel => (
                "no-tunnel",
                "the proxy made no connection to the host",
                "check -Dhttps.proxyHost, -DsocksProxyHost and their ports, and the proxy's log",
                Next::Doctor,
            ),
            Self::PortInvalid => (
                "port-invalid",
                "SSLPoke was given a port that is no number from 0 to 65535",
                "SSLPoke HOST PORT: 443 for https",
                Next::Doctor,
            ),
            Self::JvmNotStarted => (
                "jvm-not-started",
                "Java did not start: an option that it does not know, or a class that it does not find",
                "correct the line; SSLPoke.class is looked for in the folder of -classpath",
                Next::Doctor,
            ),
            Self::SslPokeUsage => (
                "sslpoke-usage",
                "SSLPoke was given something else than a host and a port",
                "SSLPoke HOST PORT; options of Java stand before the class name",
                Next::Doctor,
            ),
            Self::SslPokeConnected => (
                "sslpoke-connected",
                "a handshake came about: of this Java, with these flags, straight to the host; a proxy of https.proxyHost was not asked",
                "if the application fails all the same, it runs with other flags, another Java or through a proxy",
                Next::Doctor,
            ),
            Self::DvcsNoAccess => (
                "dvcs-no-access",
                "Jira is the client here, and any failure ends in this message: the name, the connection, the proxy, TLS, or a status of 400 and above from POST /oauth/token; Jira does not log which",
                "see which stage fails with the Java, the truststore and the proxy that Jira runs with",
                Next::Doctor,
            ),
            Self::DvcsTokenUrl => (
                "dvcs-token-url",
                "Jira could not ask for an access token: the host URL of the account is malformed",
                "correct the host URL in DVCS accounts: https:// and the host, without a path of a project",
                Next::Nothing,
            ),
            Self::DvcsToken => (
                "dvcs-token",
                "GitLab answered, and gave no access token: TLS is not at fault",
                "compare the application's ID, secret and redirect URI in GitLab with the account in Jira, and allow the access when the browser asks",
                Next::Nothing,
            ),
            Self::SessionToken => (
                "jira-session-token",
                "OAuth tokens of GitLab 15.0 and later expire after two hours, and some releases of Jira do not renew them (JSWSERVER-21389)",
                "update Jira: the page names 8.20.11 and later, or 9.1.0 and later, and yet lists 8.22.3, 8.22.4, 9.4.6 and 9.4.14 as affected; --jira-version says what holds for one",
                Next::Command("sslpoke explain --jira-version VERSION FILE"),
            ),
            Self::DvcsCredentials => (
                "dvcs-credentials",
                "the other side does not take Jira's token (401): if it fails every 8 hours, it is a GitHub user-to-server token (ghu_) and no OAuth token (gho_); if some 2 hours after each authorisation, an expired one of GitLab",
                "authorise the account again (DVCS accounts > Reset OAuth settings); for GitHub with an OAuth App, not a GitHub App",
                Next::Nothing,
            ),
            Self::GitlabScope => (
                "gitlab-scope",
                "GitLab does not know the scope that Jira asks for; this is between browser and GitLab, and no fault of TLS",
                "see that the URL in the browser has scope=api; if not, tick api under Scopes of the GitLab application; the host type in Jira has to be GitLab",
                Next::Nothing,
            ),
            Self::GitlabScopeAsked => (
                "gitlab-scope-asked",
                "the URL asks for scope=api, as it should",
                "if GitLab does not know the scope all the same, tick api under Scopes of the GitLab application; redirect_uri has to be Jira's base URL",
                Next::Nothing,
            ),
            Self::GitlabGone => (
                "gitlab-410-gone",
                "the account was made as GitHub Enterprise, whose API (/api/v3) GitLab does not serve (any more)",
                "remove the account and add it with the host GitLab or GitLab Self-Managed (Jira 8.14 and later)",
                Next::Nothing,
            ),
            Self::DvcsSyncFailed => (
                "dvcs-sync-failed",
                "the synchronization of a repository failed; the connector's log has the request that did",
                "look for `Failed to execute request` beside it, and explain that",
                Next::Nothing,
            ),
            Self::MergeRequestsForbidden => (
                "gitlab-merge-requests-forbidden",
                "GitLab refuses the merge requests of a project: they are switched off there, or the account may not see them",
                "Settings > General > Visibility, project features, permissions: switch merge requests on",
                Next::Nothing,
            ),
            Self::RepositoryForbidden => (
                "gitlab-repository-forbidden",
                "GitLab refuses branches or commits of a project: its repository is switched off, or the account may not see it",
                "Settings > General > Visibility, project features, permissions: switch the repository on, or give the account the role Reporter",
                Next::Nothing,
            ),
            Self::IssuesForbidden => (
                "gitlab-issues-forbidden",
                "GitLab refuses the issues or notes of a project: they are switched off, or the account may not see them",
                "Settings > General > Visibility, project features, permissions: switch issues on",
                Next::Nothing,
            ),
            Self::HooksForbidden => (
                "gitlab-hooks-forbidden",
                "GitLab refuses the webhooks of a project: Jira's account needs the role Maintainer for them",
                "give the account the role Maintainer, or do without webhooks: Jira asks every 60 minutes",
                Next::Nothing,
            ),
            Self::GitlabForbidden => (
                "gitlab-forbidden",
                "GitLab refuses a request (403): the feature is switched off in the project, or the account's role does not suffice",
                "the path of the request names the feature: Settings > General > Visibility, project features, permissions; else look at the account's role",
                Next::Nothing,
            ),
            Self::HttpStatus => (
                "http-status",
                "the server was reached and answered with an error of HTTP: TLS is not at fault",
                "look at the status and the path, and at the server's log",
                Next::Nothing,
            ),
            Self::GitlabIsClient => (
                "gitlab-is-client",
                "here GitLab is the client (OpenSSL's words, not Java's), and it does not trust Jira's certificate",
                "put the root into /etc/gitlab/trusted-certs on the GitLab server and run gitlab-ctl reconfigure; Java's truststore does not matter",
                Next::Nothing,
            ),
            Self::TlsDirection => (
                "tls-direction",
                "which side is the client decides: for the issues integration GitLab connects to Jira, for the development panel (DVCS) Jira connects to GitLab",
                "GitLab as client: /etc/gitlab/trusted-certs there; Jira as client: the truststore of Jira's Java, which an upgrade of Java replaces",
                Next::Doctor,
            ),
            Self::DvcsRefresh => (
                "dvcs-refresh",
                "Jira shows what is no more, deleted branches say: it asks GitLab every 60 minutes",
                "DVCS accounts > Refresh repositories; beside Last activity the sync icon (soft), or Shift and the sync icon (full)",
                Next::Nothing,
            ),
            Self::WebhookLogs => (
                "webhook-logs",
                "GitLab keeps what it sent to Jira, and is the client there",
                "in the project Settings > Webhooks > Project hooks > Edit > Recent events (role Maintainer); if it refuses a local address: Admin > Settings > Network > Outbound requests",
                Next::Nothing,
            ),
            Self::KeytoolNoCertificate => (
                "keytool-no-certificate",
                "keytool could not read the file as a certificate: PKCS #7, UTF-16, bare base64, a login page",
                "sslpoke trust add reads all of these but the page, and says what a file is",
                Next::Command("sslpoke trust add FILE --to STORE --dry-run"),
            ),
            Self::KeytoolAliasExists => (
                "keytool-alias-exists",
                "keytool did not import: the alias is taken, perhaps by the same certificate",
                "sslpoke trust add is idempotent: the same certificate is left as it is",
                Next::Command("sslpoke trust add FILE --to STORE --dry-run"),
            ),
            Self::KeytoolNotAdded => (
                "keytool-not-added",
                "keytool asked whether to trust, nobody answered, and nothing was added (exit code 0 all the same)",
                "with keytool -noprompt, or sslpoke trust add",
                Next::Command("sslpoke trust add FILE --to STORE --dry-run"),
            ),
            Self::Unrelated => ("unrelated", "", "", Next::Nothing),
        };
        InWords { code, severity: self.severity(), what, remedy, next }
    }

    /// Text of a page, or of a success, is no failure.
    fn severity(self) -> Severity {
        let is_note = matches!(
            self,
            Self::SslPokeConnected
                | Self::GitlabScopeAsked
                | Self::TlsDirection
                | Self::DvcsRefresh
                | Self::WebhookLogs
                | Self::Unrelated
        );
        let is_warning = matches!(
            self,
            Self::HttpStatus | Self::ConnectionReset | Self::DvcsSyncFailed | Self::SslPokeUsage
        );
        match (is_note, is_warning) {
            (true, _) => Severity::Note,
            (false, true) => Severity::Warning,
            (false, false) => Severity::Error,
        }
    }

    /// Whether Jira's version says more about it.
    pub(crate) fn is_of_connector(self) -> bool {
        matches!(
            self,
            Self::SessionToken
                | Self::DvcsCredentials
                | Self::DvcsNoAccess
                | Self::DvcsToken
                | Self::DvcsSyncFailed
        )
    }
}

#[cfg(test)]
const OTHERS: [Cause; 67] = [
    Cause::HostNameIllegal,
    Cause::RevocationUnknown,
    Cause::CertificateRevoked,
    Cause::StoreNotOpened,
    Cause::StorePasswordWrong,
    Cause::StoreDamaged,
    Cause::StoreIsPem,
    Cause::StoreFormatUnknown,
    Cause::StoreTypeUnknown,
    Cause::StoreTypeMismatch,
    Cause::StoreProviderUnknown,
    Cause::StoreEmptyFile,
    Cause::StoreUnreadable,
    Cause::KeyStoreWithoutPassword,
    Cause::KeySealed,
    Cause::TlsNotAvailable,
    Cause::TlsTooOld,
    Cause::NoCommonSuite,
    Cause::ServerNameRefused,
    Cause::ClientCertificateRequired,
    Cause::CertificateRefusedByPeer,
    Cause::AlertReceived,
    Cause::HandshakeEnded,
    Cause::PlaintextProtocol,
    Cause::NothingToOffer,
    Cause::ProtocolNameUnknown,
    Cause::WeakKeyAgreement,
    Cause::SignatureSchemeDisabled,
    Cause::DowngradeSuspected,
    Cause::ServerMisbehaves,
    Cause::HandshakeFailed,
    Cause::HostUnknown,
    Cause::HostIsUrl,
    Cause::ConnectionRefused,
    Cause::ConnectionReset,
    Cause::ConnectionForbidden,
    Cause::HostUnreachable,
    Cause::Timeout,
    Cause::ProxyAuthentication,
    Cause::ProxyRefused,
    Cause::NoTunnel,
    Cause::PortInvalid,
    Cause::JvmNotStarted,
    Cause::SslPokeUsage,
    Cause::SslPokeConnected,
    Cause::DvcsNoAccess,
    Cause::DvcsTokenUrl,
    Cause::DvcsToken,
    Cause::SessionToken,
    Cause::DvcsCredentials,
    Cause::GitlabScope,
    Cause::GitlabScopeAsked,
    Cause::GitlabGone,
    Cause::DvcsSyncFailed,
    Cause::MergeRequestsForbidden,
    Cause::RepositoryForbidden,
    Cause::IssuesForbidden,
    Cause::HooksForbidden,
    Cause::GitlabForbidden,
    Cause::HttpStatus,
    Cause::GitlabIsClient,
    Cause::TlsDirection,
    Cause::DvcsRefresh,
    Cause::WebhookLogs,
    Cause::KeytoolNoCertificate,
    Cause::KeytoolAliasExists,
    Cause::KeytoolNotAdded,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::phrases::PHRASES;
    use super::*;

    #[test]
    fn the_page_of_causes_is_the_table() {
        let row = |cause: &Cause| {
            let words = cause.in_words();
            format!("| `{}` | {} | {} |\n", words.code, words.what, words.remedy)
        };
        let chain: usize = Reason::ALL.len();
        let rows: String = Cause::all().iter().skip(chain).map(row).collect();
        let held = include_str!("../../docs/explain.md");
        assert!(held.contains(&rows), "docs/explain.md should have this table:\n{rows}");
    }

    #[test]
    fn every_cause_has_a_code_of_its_own_and_a_text_that_stands_for_it() {
        let all = Cause::all();
        let codes: HashSet<&str> = all.iter().map(|cause| cause.in_words().code).collect();
        assert_eq!(codes.len(), all.len());
        for phrase in PHRASES.iter().filter(|phrase| phrase.cause != Cause::Unrelated) {
            assert!(all.contains(&phrase.cause), "{:?} is not listed", phrase.cause);
        }
        // those that the rest of a line decides, and what shows before any certificate is looked at
        let by_line = [
            Cause::GitlabScopeAsked,
            Cause::MergeRequestsForbidden,
            Cause::RepositoryForbidden,
            Cause::IssuesForbidden,
            Cause::HooksForbidden,
            Cause::Chain(Reason::NoCertificates),
        ];
        for cause in all.iter().filter(|cause| !by_line.contains(cause)) {
            assert!(PHRASES.iter().any(|phrase| phrase.cause == *cause), "{cause:?} has no text");
        }
    }
}
