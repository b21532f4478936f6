//! What each of Java's reasons means, and what to do; `docs/reasons.md` is made of it.

use java_pkix::Reason;

/// A reason in the administrator's words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InWords {
    pub(crate) meaning: &'static str,
    pub(crate) remedy: &'static str,
}

/// Says what a reason means, and what to do.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn in_words(reason: Reason) -> InWords {
    let (meaning, remedy) = match reason {
        Reason::NoTrustAnchors => (
            "the truststore holds no certificate that Java trusts",
            "check the path, the type and the password of the truststore: `sslpoke trust check`",
        ),
        Reason::NoCertificates => ("no certificate was sent", "let the server send its chain"),
        Reason::TooManyCertificates => (
            "the chain is longer than Java takes, 10 certificates",
            "send the server's certificate and its intermediates, and nothing else",
        ),
        Reason::MessageTooLarge => (
            "the certificates are larger than Java takes, 32,768 bytes together",
            "send fewer certificates, or have one issued with fewer names",
        ),
        Reason::Unreadable => (
            "Java cannot read a certificate of the chain",
            "have the certificate issued anew; its encoding is broken, whatever other programs take",
        ),
        Reason::NoPath => (
            "no path leads from the certificate to one in the truststore",
            "let the server send its intermediates, and add the root to the truststore",
        ),
        Reason::NotChained => (
            "the truststore has a CA of the issuer's name, but not the one that the certificate speaks of",
            "add the issuer's current certificate to the truststore",
        ),
        Reason::Blocked => (
            "a certificate is on the block list of this Java (blocked.certs)",
            "have the certificate issued by another CA",
        ),
        Reason::AlgorithmDisabled => (
            "an algorithm or a key size is disabled in this Java's java.security",
            "have the certificate issued anew with SHA-256 and RSA of 2048 bits or more, or an elliptic curve; do not loosen the property",
        ),
        Reason::CaKeyUsage => (
            "the keyUsage of an intermediate does not let it sign certificates",
            "have the intermediate issued anew with keyCertSign",
        ),
        Reason::EmptyKeyUsage => (
            "a certificate has a keyUsage without a bit that counts",
            "have the certificate issued anew",
        ),
        Reason::NotCa => (
            "an intermediate does not say that it is a CA's (basicConstraints)",
            "have the intermediate issued anew with CA:TRUE, or trust the certificate below it for itself",
        ),
        Reason::PathTooLong => (
            "there are more intermediates than a pathLenConstraint allows",
            "have the certificate issued higher up, or the CA above with a larger pathLenConstraint",
        ),
        Reason::NameConstraints => (
            "a name lies outside what the CA above may issue for (nameConstraints)",
            "ask for a certificate with names that the CA may issue, or take another CA",
        ),
        Reason::Policy => (
            "a CA demands a certificate policy that the chain does not keep up",
            "have the certificates issued with the policy, or trust the CA below for itself",
        ),
        Reason::Expired => (
            "a certificate has expired",
            "install the renewed certificate; if it is an intermediate, the server has to send the new one",
        ),
        Reason::NotYetValid => {
            ("a certificate is not valid yet", "check the clock of the machine with Java, or wait")
        }
        Reason::SignatureMismatch => (
            "a signature does not match the key of the CA with that name",
            "the CA was renewed with another key, or the certificate is damaged: add the CA's current certificate to the truststore, and send the intermediate that belongs to it",
        ),
        Reason::SignatureUnsupported => (
            "this Java cannot verify a signature: an algorithm or a curve that it does not know",
            "have the certificate issued with RSA or P-256, or take a newer Java",
        ),
        Reason::CriticalExtension => (
            "a certificate has a critical extension that Java does not know",
            "have the certificate issued without it, or with it not critical",
        ),
        Reason::AnchorNotCa => (
            "the certificate in the truststore that the chain ends at is no CA's",
            "add the issuing CA, or exactly the certificate that the server sends",
        ),
        Reason::AnchorKeyUsage => (
            "the CA in the truststore may not sign certificates (keyUsage)",
            "add the right CA of that name, or have it issued anew with keyCertSign",
        ),
        Reason::KeyUsage => (
            "the certificate's keyUsage does not fit what a TLS server does",
            "have the certificate issued anew with digitalSignature",
        ),
        Reason::ExtendedKeyUsage => (
            "the certificate is not for TLS servers (extKeyUsage)",
            "have the certificate issued anew with serverAuth",
        ),
        Reason::NetscapeType => (
            "the certificate is not for TLS servers (Netscape's certificate type)",
            "have the certificate issued anew without that extension",
        ),
        Reason::Distrusted => (
            "this Java distrusts the CA (jdk.security.caDistrustPolicies)",
            "have the certificate issued by another CA",
        ),
        Reason::HostName => (
            "the certificate is not for this host",
            "use a name that the certificate has, or have it issued for this one",
        ),
        Reason::Crash => (
            "Java itself fails over a certificate",
            "the CA has to change what is odd in it: most often its name constraints",
        ),
    };
    InWords { meaning, remedy }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_page_of_reasons_is_the_table() {
        let rows: String = Reason::ALL
            .iter()
            .map(|reason| (reason.code(), in_words(*reason)))
            .map(|(code, words)| format!("| `{code}` | {} | {} |\n", words.meaning, words.remedy))
            .collect();
        let held = include_str!("../../docs/reasons.md");
        assert!(held.contains(&rows), "docs/reasons.md should have this table:\n{rows}");
    }

    #[test]
    fn every_reason_has_a_code_of_its_own() {
        let codes: HashSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
    }
}
