//! Atlassian's products: how a JVM shows that it runs one, and how a folder that it is one.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::settings::{Root, SystemProperties};

/// A product, and where it is installed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Product {
    pub(crate) kind: ProductKind,
    /// The folder that it is installed in, if that is known.
    pub(crate) folder: Option<PathBuf>,
}

/// The products, in the order in which one is more likely to be meant than another.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum ProductKind {
    Jira,
    Confluence,
    Bitbucket,
    Bamboo,
    Crowd,
}

impl ProductKind {
    pub(crate) const ALL: [Self; 5] =
        [Self::Jira, Self::Confluence, Self::Bitbucket, Self::Bamboo, Self::Crowd];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Jira => "Jira",
            Self::Confluence => "Confluence",
            Self::Bitbucket => "Bitbucket",
            Self::Bamboo => "Bamboo",
            Self::Crowd => "Crowd",
        }
    }

    /// The name in lower case, as folders and users have it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Jira => "jira",
            Self::Confluence => "confluence",
            Self::Bitbucket => "bitbucket",
            Self::Bamboo => "bamboo",
            Self::Crowd => "crowd",
        }
    }

    /// What lies in the folder of the installation, and in that of no other product.
    fn mark(self) -> &'static str {
        match self {
            Self::Jira => "atlassian-jira/WEB-INF",
            Self::Confluence => "confluence/WEB-INF",
            Self::Bitbucket => "bin/_start-webapp.sh",
            Self::Bamboo => "atlassian-bamboo/WEB-INF",
            Self::Crowd => "crowd-webapp/WEB-INF",
        }
    }

    /// A property that only a JVM of the product is given.
    fn property(self) -> &'static str {
        match self {
            Self::Jira => "jira.home",
            Self::Confluence => "confluence.context.path",
            Self::Bitbucket => "bitbucket.home",
            Self::Bamboo => "bamboo.home",
            Self::Crowd => "crowd.home",
        }
    }

    /// Returns which product is installed in a folder.
    pub(crate) fn in_folder(root: &Root, folder: &Path) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| root.outside(&folder.join(kind.mark())).exists())
    }
}

impl fmt::Display for ProductKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Product {
    /// Recognises the product that a JVM runs by the properties that its scripts give it, or by where its Tomcat lies.
    pub(super) fn of(
        properties: &SystemProperties,
        class: Option<&str>,
        root: &Root,
    ) -> Option<Self> {
        let folder = ["bitbucket.install", "catalina.home"]
            .into_iter()
            .find_map(|name| properties.non_empty(name))
            .map(PathBuf::from);
        // Crowd has its Tomcat in a folder of its own
        let tomcat = folder.filter(|_| !is_agent(class));
        let folders =
            [tomcat.clone(), tomcat.as_deref().and_then(Path::parent).map(Path::to_owned)];
        let in_folder = folders
            .into_iter()
            .flatten()
            .find_map(|folder| ProductKind::in_folder(root, &folder).map(|kind| (kind, folder)));
        let standalone = properties.value("atlassian.standalone").unwrap_or_default();
        let named = ProductKind::ALL.into_iter().find(|kind| {
            kind.word().eq_ignore_ascii_case(standalone)
                || properties.value(kind.property()).is_some()
        });
        match (named, in_folder) {
            (None, Some((kind, folder))) => Some(Self { kind, folder: Some(folder) }),
            (Some(kind), Some((_, folder))) => Some(Self { kind, folder: Some(folder) }),
            (Some(kind), None) => Some(Self { kind, folder: tomcat }),
            (None, None) => None,
        }
    }
}

/// A remote agent of Bamboo has no Tomcat.
fn is_agent(class: Option<&str>) -> bool {
    class.is_some_and(|class| class.contains("bamboo-agent"))
}
