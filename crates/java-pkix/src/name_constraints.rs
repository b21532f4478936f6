//! nameConstraints (RFC 5280, section 4.2.1.10) as `NameConstraintsExtension` applies and merges them.

use crate::certificate::Certificate;
use crate::der::{Value, fault as io, tag};
use crate::distinguished_name::{COMMON_NAME, EMAIL_ADDRESS};
use crate::exception::JavaException;
use crate::general_name::{GeneralName, is_dns_name};
use crate::host_name::literal;
use crate::name_relation::{Relation, relation};
use crate::profile::Profile;

/// Permitted and excluded subtrees; an absent list constrains nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct NameConstraints<'a> {
    permitted: Option<Vec<GeneralName<'a>>>,
    excluded: Option<Vec<GeneralName<'a>>>,
    has_minimum: bool,
    has_maximum: bool,
}

/// Why a certificate is rejected, or why Java fails over its constraints.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum ConstraintsFault {
    /// A name is excluded or not permitted.
    Violated,
    /// An `IOException`.
    Unsupported(JavaException),
    /// A `RuntimeException`, which ends the whole check.
    Crash(JavaException),
}

impl<'a> NameConstraints<'a> {
    /// Reads the extension.
    ///
    /// # Errors
    /// The `java.io.IOException` that `NameConstraintsExtension` throws.
    pub(crate) fn parse(value: Value<'a>, profile: &Profile) -> Result<Self, JavaException> {
        if value.tag != tag::SEQUENCE {
            return Err(io("Invalid encoding for NameConstraintsExtension."));
        }
        let mut constraints =
            Self { permitted: None, excluded: None, has_minimum: false, has_maximum: false };
        let mut reader = value.reader(profile);
        while !reader.is_at_end() {
            let part = reader.value()?;
            let (is_twice, what) = match part.tag {
                0xa0 => (constraints.permitted.is_some(), "permitted"),
                0xa1 => (constraints.excluded.is_some(), "excluded"),
                _ => return Err(io("Invalid encoding of NameConstraintsExtension.")),
            };
            if is_twice {
                return Err(io(format!(
                    "Duplicate {what} GeneralSubtrees in NameConstraintsExtension."
                )));
            }
            let trees = constraints.subtrees(part, profile)?;
            if part.tag == 0xa0 {
                constraints.permitted = Some(trees);
            } else {
                constraints.excluded = Some(trees);
            }
        }
        Ok(constraints)
    }

    fn subtrees(
        &mut self,
        value: Value<'a>,
        profile: &Profile,
    ) -> Result<Vec<GeneralName<'a>>, JavaException> {
        let mut trees = Vec::new();
        let mut reader = value.reader(profile);
        while !reader.is_at_end() {
            let tree = reader.value()?;
            if tree.tag != tag::SEQUENCE {
                return Err(io("Invalid encoding for GeneralSubtree."));
            }
            let mut inner = tree.reader(profile);
            trees.push(GeneralName::parse(inner.value()?, true, profile)?);
            while !inner.is_at_end() {
                let distance = inner.value()?;
                match distance.tag {
                    0x80 => self.has_minimum |= distance.untagged_integer(profile)? != 0,
                    0x81 => self.has_maximum |= distance.untagged_integer(profile)? != -1,
                    _ => return Err(io("Invalid encoding of GeneralSubtree.")),
                }
            }
        }
        Ok(trees)
    }

    /// Checks every name of a certificate.
    ///
    /// # Errors
    /// The first name that is not allowed, or what Java fails over.
    pub(crate) fn check(
        &self,
        certificate: &Certificate<'a>,
        profile: &Profile,
    ) -> Result<(), ConstraintsFault> {
        let unsupported = |text: &str| Err(ConstraintsFault::Unsupported(io(text)));
        if self.has_minimum {
            return unsupported("Non-zero minimum BaseDistance in name constraints not supported");
        }
        if self.has_maximum {
            return unsupported("Maximum BaseDistance in name constraints not supported");
        }
        if !certificate.subject.is_empty() {
            let subject = GeneralName::Directory(certificate.subject.clone());
            self.check_name(&subject, profile)?;
        }
        certificate.names_were_checked.set(true);
        names_of(certificate).iter().try_for_each(|name| self.check_name(name, profile))
    }

    fn check_name(
        &self,
        name: &GeneralName<'a>,
        profile: &Profile,
    ) -> Result<(), ConstraintsFault> {
        for tree in self.excluded.iter().flatten() {
            match relation(tree, name, profile).map_err(ConstraintsFault::Crash)? {
                Relation::Match | Relation::Narrows => return Err(ConstraintsFault::Violated),
                Relation::OtherKind | Relation::Widens | Relation::SameKind => {}
                Relation::Overlaps => return Err(ConstraintsFault::Violated),
            }
        }
        let mut is_of_kind = false;
        for tree in self.permitted.iter().flatten() {
            match relation(tree, name, profile).map_err(ConstraintsFault::Crash)? {
                Relation::Match | Relation::Narrows => return Ok(()),
                Relation::Widens | Relation::SameKind | Relation::Overlaps => is_of_kind = true,
                Relation::OtherKind => {}
            }
        }
        if is_of_kind { Err(ConstraintsFault::Violated) } else { Ok(()) }
    }

    /// Narrows the constraints by those of the next certificate.
    ///
    /// # Errors
    /// What Java fails over: permitted trees of a kind that have nothing in common.
    pub(crate) fn merge(&mut self, next: &Self, profile: &Profile) -> Result<(), JavaException> {
        self.has_minimum |= next.has_minimum;
        self.has_maximum |= next.has_maximum;
        if let Some(excluded) = &next.excluded {
            self.exclude(excluded.iter().cloned());
        }
        match (&mut self.permitted, &next.permitted) {
            (_, None) => {}
            (None, Some(permitted)) => self.permitted = Some(permitted.clone()),
            (Some(own), Some(others)) => {
                let emptied = intersect(own, others, profile)?;
                self.exclude(emptied);
            }
        }
        Ok(())
    }

    fn exclude(&mut self, names: impl IntoIterator<Item = GeneralName<'a>>) {
        let mut names = names.into_iter().peekable();
        if names.peek().is_some() {
            self.excluded.get_or_insert_default().extend(names);
        }
    }
}

/// Intersects `own` with `others`; returns what is to be excluded for kinds that became empty.
fn intersect<'a>(
    own: &mut Vec<GeneralName<'a>>,
    others: &[GeneralName<'a>],
    profile: &Profile,
) -> Result<Vec<GeneralName<'a>>, JavaException> {
    let mut kept: Vec<GeneralName<'a>> = Vec::new();
    let mut narrowed: Vec<GeneralName<'a>> = Vec::new();
    let mut excluded = Vec::new();
    for tree in own.iter() {
        let mut is_of_kind = false;
        let mut fate = Relation::OtherKind;
        for other in others {
            fate = relation(tree, other, profile)?;
            match fate {
                Relation::SameKind => is_of_kind = true,
                Relation::Narrows => narrowed.push(other.clone()),
                Relation::OtherKind => continue,
                Relation::Match | Relation::Widens | Relation::Overlaps => {}
            }
            if fate != Relation::SameKind {
                is_of_kind = false;
                break;
            }
        }
        if is_of_kind {
            if !meets(own, others, tree, profile)? {
                excluded.push(widest(tree)?);
            }
        } else if fate != Relation::Narrows {
            kept.push(tree.clone());
        }
    }
    kept.extend(narrowed);
    for other in others {
        let mut is_new = false;
        for tree in &kept {
            if relation(tree, other, profile)? == Relation::OtherKind {
                is_new = true;
            } else {
                is_new = false;
                break;
            }
        }
        if is_new {
            kept.push(other.clone());
        }
    }
    *own = kept;
    Ok(excluded)
}

/// Returns whether any tree of `tree`'s kind has something in common with the others.
fn meets<'a>(
    own: &[GeneralName<'a>],
    others: &[GeneralName<'a>],
    tree: &GeneralName<'a>,
    profile: &Profile,
) -> Result<bool, JavaException> {
    let is_of_kind =
        |name: &&GeneralName<'a>| std::mem::discriminant(*name) == std::mem::discriminant(tree);
    for one in own.iter().filter(is_of_kind) {
        for other in others {
            let is_common = match relation(one, other, profile)? {
                Relation::Match | Relation::Widens | Relation::Narrows => true,
                Relation::OtherKind | Relation::SameKind | Relation::Overlaps => false,
            };
            if is_common {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Makes the tree that holds every name of a kind; Java has none for most kinds and fails.
fn widest<'a>(tree: &GeneralName<'a>) -> Result<GeneralName<'a>, JavaException> {
    let unexpected = |cause: JavaException| {
        JavaException::new("java.lang.RuntimeException", format!("Unexpected error: {cause}"))
            .caused_by(cause)
    };
    match tree {
        GeneralName::Dns(_) => Err(unexpected(io("DNSName must not be null or empty"))),
        GeneralName::Rfc822(_) => Err(unexpected(io("RFC822Name may not be null or empty"))),
        GeneralName::Uri { .. } => Err(unexpected(io("URI name must include scheme:"))),
        GeneralName::Address(_) => Err(JavaException::bare("java.lang.NullPointerException")),
        GeneralName::Other(..)
        | GeneralName::X400(_)
        | GeneralName::Directory(_)
        | GeneralName::EdiParty(_)
        | GeneralName::Registered(_) => Ok(tree.clone()),
    }
}

/// Returns the names by which a certificate is checked: its subject, its alternative names, and where they lack the kind
/// the e-mail addresses and the most specific commonName of the subject.
fn names_of<'a>(certificate: &Certificate<'a>) -> Vec<GeneralName<'a>> {
    let subject = &certificate.subject;
    let mut alternatives = match &certificate.extensions.alternative_names {
        Some(names) => names.clone(),
        None => subject
            .attributes()
            .filter(|attribute| attribute.oid.0 == EMAIL_ADDRESS)
            .filter_map(|attribute| subject.text_of(attribute.value))
            .filter(|address| !address.is_empty() && !address.ends_with('@'))
            .map(GeneralName::Rfc822)
            .collect(),
    };
    alternatives.extend(common_name_among(&alternatives, certificate));
    alternatives
}

/// Returns the most specific commonName as the address or host name that it is, if none of that kind is among `names`.
pub(crate) fn common_name_among<'a>(
    names: &[GeneralName<'a>],
    certificate: &Certificate<'a>,
) -> Option<GeneralName<'a>> {
    let subject = &certificate.subject;
    let name = subject.most_specific(COMMON_NAME).and_then(|value| subject.text_of(value))?;
    match literal(&name) {
        Some(octets) => {
            let has_one = names.iter().any(|name| matches!(name, GeneralName::Address(_)));
            // A number alone is a literal, too, but Java makes no address of it.
            (!has_one && name.contains(['.', ':'])).then_some(GeneralName::Address(octets))
        }
        None => {
            let has_one = names.iter().any(|name| matches!(name, GeneralName::Dns(_)));
            (!has_one && is_dns_name(&name)).then_some(GeneralName::Dns(name))
        }
    }
}
