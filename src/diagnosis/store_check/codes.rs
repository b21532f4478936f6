//! What `trust check` may find, in one table; `docs/findings.md` is made of it.

use crate::diagnosis::{Finding, Severity};

/// A finding's stable name, how much it matters, and what it means in a line.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) name: &'static str,
    pub(crate) severity: Severity,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for docs/findings.md, which a test holds to it")
    )]
    pub(crate) meaning: &'static str,
}

impl Code {
    /// Makes a finding of this kind.
    pub(super) fn finding(&self, what: impl Into<String>) -> Finding {
        Finding::new(self.name, self.severity, what)
    }
}

/// Makes a constant of every line, and the table of all of them.
macro_rules! codes {
    ($($constant:ident: $name:literal, $severity:ident, $meaning:literal;)*) => {
        $(pub(super) const $constant: Code =
            Code { name: $name, severity: Severity::$severity, meaning: $meaning };)*

        /// All of them, what matters most first.
        #[cfg(test)]
        pub(super) const ALL: &[Code] = &[$($constant),*];
    };
}

codes! {
    CERTIFICATE_UNREADABLE: "certificate-unreadable", Error, "Java cannot read a certificate, and then does not read the store at all";
    STORE_NOT_OPENED: "store-not-opened", Error, "this Java, told what it is told, cannot open the store";
    TYPE_MISMATCH: "type-mismatch", Error, "the store is of another type than this Java is told, or takes it for where it is told none";
    PASSWORD_MISSING: "password-missing", Error, "the certificates are encrypted, and Java is told no password: it sees none of them, and does not say so";
    NO_ANCHORS: "no-anchors", Error, "the store holds no certificate that Java trusts";
    STORE_TOO_NEW: "store-too-new", Error, "the store is protected in a way that this Java does not read: PBMAC1 before 25.0.5, PBES2 and MACs of SHA-2 before 8u301 and 11.0.12";
    PASSWORD_NOT_ASCII: "password-not-ascii", Error, "the password of a PKCS12 store is not ASCII, which this Java refuses";
    ALIAS_NOT_FOUND: "alias-not-found", Error, "the alias has upper-case letters: Java lists the entry, but does not find it, and does not trust it";
    ALIAS_DISPLACED: "alias-displaced", Error, "several entries have the same alias: Java has only the last, and the next write with keytool drops the others";
    CERTIFICATE_UNSEEN: "certificate-unseen", Error, "a certificate without the attribute trustedKeyUsage: Java does not see it, and the next write with keytool deletes it";
    CA_WITHOUT_KEY_CERT_SIGN: "ca-without-key-cert-sign", Error, "a CA certificate whose keyUsage does not let it sign certificates: Java refuses every chain under it";
    KEY_REFUSED: "key-refused", Error, "a key that this Java's settings forbid, or that it does not know: it refuses every chain under it";
    CERTIFICATE_BLOCKED: "certificate-blocked", Error, "the certificate is on the block list of this Java (blocked.certs)";
    FILE_UNREADABLE_TO_USER: "file-unreadable-to-user", Error, "the user that the service runs as may not read the file: Java then silently uses cacerts instead";
    CACERTS_HIDDEN: "cacerts-hidden", Error, "a jssecacerts beside this cacerts: Java reads that one, and not this store";
    CERTIFICATE_EXPIRED: "certificate-expired", Warning, "the certificate has expired";
    CERTIFICATE_EXPIRES_SOON: "certificate-expires-soon", Warning, "the certificate expires within --days";
    CERTIFICATE_NOT_YET_VALID: "certificate-not-yet-valid", Warning, "the certificate is not valid yet: a wrong clock, or a root for later";
    LEAF_PINNED: "leaf-pinned", Warning, "the certificate is no CA's: Java trusts that very one alone, and no longer when the server renews it";
    SAME_SUBJECT_OTHER_KEY: "same-subject-other-key", Warning, "two certificates with one name and different keys: a renewed root beside the old one";
    PRIVATE_KEY_INSIDE: "private-key-inside", Warning, "a private key in a truststore: whoever may read the store has it, and its own certificate is trusted";
    PASSWORD_NEEDED: "password-needed", Warning, "the certificates are encrypted: each JVM must be told the password, or sees none of them";
    CACERTS_HIDING: "cacerts-hiding", Warning, "this jssecacerts hides the cacerts beside it: the two are not merged";
    FILE_WRITABLE_BY_ALL: "file-writable-by-all", Warning, "any user of the machine may change whom Java trusts";
    CERTIFICATE_TWICE: "certificate-twice", Warning, "the same certificate under several aliases: removing one of them does not end the trust";
    PUBLIC_ROOT_EXPIRED: "public-root-expired", Note, "a public root in the store has expired; vendors keep such roots for a while";
    PUBLIC_ROOT_DISTRUSTED: "public-root-distrusted", Note, "Java distrusts a public root by name, wholly or for certificates issued of late (jdk.security.caDistrustPolicies)";
    KEY_SHORT: "key-short", Note, "an RSA or DSA key of less than 2048 bits, which this Java still accepts";
    INTERMEDIATE_TRUSTED: "intermediate-trusted", Note, "an intermediate CA certificate is trusted for itself: Java takes it, but it goes out of use before its root does";
    VERSION_1_ROOT: "version-1-root", Note, "a certificate of version 1 or 2: it cannot say that it is a CA's, and Java takes it for one";
    PASSWORD_USUAL: "password-usual", Note, "the store's password is the usual one, changeit; a truststore holds no secrets";
    PASSWORD_OTHER: "password-other", Note, "the store's password is not the usual one: keytool and scripts that use changeit fail";
    FILE_NOT_FOR_ALL: "file-not-for-all", Note, "not every user may read the file: a service that may not silently uses cacerts instead";
    STORE_VERSION_1: "store-version-1", Note, "JKS version 1, as Java 1.1 wrote it; every Java reads it, and the next write makes it version 2";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_page_of_findings_is_the_table() {
        let mut page = String::new();
        for code in ALL {
            let severity = format!("{:?}", code.severity).to_lowercase();
            page.push_str(&format!("| `{}` | {severity} | {} |\n", code.name, code.meaning));
        }
        let held = include_str!("../../../docs/findings.md");
        assert!(held.contains(&page), "docs/findings.md should have this table:\n{page}");
    }

    #[test]
    fn every_code_is_kebab_case_and_stands_once() {
        let names: HashSet<&str> = ALL.iter().map(|code| code.name).collect();
        assert_eq!(names.len(), ALL.len());
        let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(names.iter().all(|name| name.chars().all(is_kebab)));
        assert!(ALL.is_sorted_by_key(|code| std::cmp::Reverse(code.severity)));
    }
}
