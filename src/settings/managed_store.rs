//! Stores that the distribution's own tools write: what becomes of a change there, and the way that lasts.

use std::fmt;
use std::path::Path;

/// Whose tools write a store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ManagedStore {
    /// `ca-certificates-java` of Debian and Ubuntu.
    ///
    /// Tried with 20230710 on Debian 12: an entry made by hand outlives `update-ca-certificates` with a root more and a root
    /// less, `--fresh`, `dpkg-reconfigure` and an upgrade of the package. Its hook adds and replaces `debian:` entries in the
    /// store; the rare fresh run (the package removed and installed again) removes those `debian:` entries alone that have no
    /// file. Only when the store is gone (the package purged, another image) all is made anew, without that entry.
    Debian,
    /// `update-ca-trust` of Fedora and RHEL: the README beside the store says that edits are lost whenever it runs. Tried
    /// with `trust extract` of p11-kit 0.24.1, by which it makes the store: a new file takes its place, the entry is gone.
    RedHat,
    /// `update-ca-certificates` of SUSE, which generates the store from what p11-kit knows (README of its ca-certificates).
    Suse,
}

impl ManagedStore {
    /// Tells by where a store lies, symbolic links followed, whether the distribution's tools write it.
    ///
    /// `is_there` looks for a file: in Debian's folder other distributions have stores, too, which Debian's hook does not write.
    pub(crate) fn of(resolved: &Path, is_there: impl Fn(&Path) -> bool) -> Option<Self> {
        if resolved.starts_with("/etc/pki/ca-trust/extracted") {
            return Some(Self::RedHat);
        }
        if resolved == Path::new("/var/lib/ca-certificates/java-cacerts") {
            return Some(Self::Suse);
        }
        let is_debian = resolved == Path::new("/etc/ssl/certs/java/cacerts")
            && is_there(Path::new("/etc/ca-certificates/update.d/jks-keystore"));
        is_debian.then_some(Self::Debian)
    }

    /// Returns whether a change is lost when those tools run next.
    pub(crate) fn is_written_anew(self) -> bool {
        match self {
            Self::Debian => false,
            Self::RedHat | Self::Suse => true,
        }
    }

    fn what_happens(self) -> &'static str {
        match self {
            Self::Debian => {
                "update-ca-certificates keeps this store and leaves entries made by hand alone, but they are lost when the \
                 package is purged or the image is built anew"
            }
            Self::RedHat => {
                "update-ca-trust makes this store anew whenever it runs, and whatever was added by hand is lost then"
            }
            Self::Suse => {
                "update-ca-certificates makes this store anew whenever it runs, and whatever was added by hand is lost then"
            }
        }
    }

    /// Returns the commands by which the distribution itself adds a root: for all programs, and for good.
    fn own_way(self) -> [&'static str; 2] {
        match self {
            Self::Debian => [
                "install -m 644 ROOT.pem /usr/local/share/ca-certificates/ROOT.crt",
                "update-ca-certificates",
            ],
            Self::RedHat => {
                ["install -m 644 ROOT.pem /etc/pki/ca-trust/source/anchors/", "update-ca-trust"]
            }
            Self::Suse => {
                ["install -m 644 ROOT.pem /etc/pki/trust/anchors/", "update-ca-certificates"]
            }
        }
    }
}

impl fmt::Display for ManagedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [place, update] = self.own_way();
        write!(f, "{}; what lasts is `{place}` and `{update}`", self.what_happens())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_managed_by_where_it_lies() {
        use ManagedStore::{Debian, RedHat, Suse};
        for (path, has_hook, expected) in [
            ("/etc/ssl/certs/java/cacerts", true, Some(Debian)),
            ("/etc/ssl/certs/java/cacerts", false, None),
            ("/etc/ssl/certs/java/cacerts.bak-20261124T102400Z", true, None),
            ("/etc/ssl/certs/javascript/cacerts", true, None),
            ("/etc/pki/ca-trust/extracted/java/cacerts", false, Some(RedHat)),
            ("/etc/pki/ca-trust/extracted-by-hand/cacerts", false, None),
            ("/var/lib/ca-certificates/java-cacerts", false, Some(Suse)),
            ("/opt/atlassian/jira/jre/lib/security/cacerts", true, None),
            ("/srv/etc/pki/ca-trust/extracted/java/cacerts", true, None),
        ] {
            assert_eq!(ManagedStore::of(Path::new(path), |_hook| has_hook), expected, "{path}");
        }
    }

    #[test]
    fn what_would_be_lost_is_told_with_what_lasts() {
        for (store, is_written_anew, place, update) in [
            (
                ManagedStore::Debian,
                false,
                "/usr/local/share/ca-certificates/",
                "update-ca-certificates",
            ),
            (ManagedStore::RedHat, true, "/etc/pki/ca-trust/source/anchors/", "update-ca-trust"),
            (ManagedStore::Suse, true, "/etc/pki/trust/anchors/", "update-ca-certificates"),
        ] {
            let told = store.to_string();
            assert_eq!(store.is_written_anew(), is_written_anew);
            assert!(told.contains(place) && told.ends_with(&format!("`{update}`")), "{told}");
        }
    }
}
