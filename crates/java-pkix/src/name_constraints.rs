//! nameConstraints (RFC 5280, section 4.2.1.10) as `NameConstraintsExtension` applies and merges them.

use crate::certificate::Certificate;
use crate::checked_names::names_of;
use crate::der::{self, Value, fault as io, tag};
use crate::distinguished_name::DistinguishedName;
use crate::exception::JavaException;
use crate::general_name::GeneralName;
use crate::name_relation::{Relation, relation};
use crate::profile::{DerWords, Profile};

/// Permitted and excluded subtrees; an absent list constrains nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct NameConstraints<'a> {
    permitted: Option<Vec<Subtree<'a>>>,
    excluded: Option<Vec<Subtree<'a>>>,
}

/// A subtree; distances other than the default are told from it when it is used.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Subtree<'a> {
    name: GeneralName<'a>,
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

impl<'a> Subtree<'a> {
    fn parse_all(value: Value<'a>, profile: &Profile) -> Result<Vec<Self>, JavaException> {
        let mut trees = Vec::new();
        let mut reader = value.reader(profile);
        while !reader.is_at_end() {
            trees.push(Self::parse(reader.value()?, profile)?);
        }
        Ok(trees)
    }

    fn parse(value: Value<'a>, profile: &Profile) -> Result<Self, JavaException> {
        if value.tag != tag::SEQUENCE {
            return Err(io("Invalid encoding for GeneralSubtree."));
        }
        let mut reader = value.reader(profile);
        let name = GeneralName::parse(reader.value()?, true, profile)?;
        let mut tree = Self { name, has_minimum: false, has_maximum: false };
        while !reader.is_at_end() {
            let distance = reader.value()?;
            match distance.tag {
                0x80 => tree.has_minimum = distance.untagged_integer(profile)? != 0,
                0x81 => tree.has_maximum = distance.untagged_integer(profile)? != -1,
                _ => return Err(io("Invalid encoding of GeneralSubtree.")),
            }
        }
        Ok(tree)
    }
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
        let mut constraints = Self { permitted: None, excluded: None };
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
            let trees = Subtree::parse_all(part, profile)?;
            if part.tag == 0xa0 {
                constraints.permitted = Some(trees);
            } else {
                constraints.excluded = Some(trees);
            }
        }
        Ok(constraints)
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
        if self.trees().any(|tree| tree.has_minimum) {
            return unsupported("Non-zero minimum BaseDistance in name constraints not supported");
        }
        if self.trees().any(|tree| tree.has_maximum) {
            return unsupported("Maximum BaseDistance in name constraints not supported");
        }
        if !certificate.subject.is_empty() {
            let subject = GeneralName::Directory(certificate.subject.clone());
            self.check_name(&subject, profile)?;
        }
        certificate.names_were_checked.set(true);
        names_of(certificate, profile).iter().try_for_each(|name| self.check_name(name, profile))
    }

    fn check_name(
        &self,
        name: &GeneralName<'a>,
        profile: &Profile,
    ) -> Result<(), ConstraintsFault> {
        for tree in self.excluded.iter().flatten() {
            match relation(&tree.name, name, profile).map_err(ConstraintsFault::Crash)? {
                Relation::Match | Relation::Narrows | Relation::Overlaps => {
                    return Err(ConstraintsFault::Violated);
                }
                Relation::OtherKind | Relation::Widens | Relation::SameKind => {}
            }
        }
        let mut is_of_kind = false;
        for tree in self.permitted.iter().flatten() {
            match relation(&tree.name, name, profile).map_err(ConstraintsFault::Crash)? {
                Relation::Match | Relation::Narrows => return Ok(()),
                Relation::Widens | Relation::SameKind | Relation::Overlaps => is_of_kind = true,
                Relation::OtherKind => {}
            }
        }
        if is_of_kind { Err(ConstraintsFault::Violated) } else { Ok(()) }
    }

    fn trees(&self) -> impl Iterator<Item = &Subtree<'a>> {
        self.permitted.iter().chain(&self.excluded).flatten()
    }

    /// Narrows the constraints by those of the next certificate.
    ///
    /// # Errors
    /// What Java fails over: permitted trees of a kind that have nothing in common.
    pub(crate) fn merge(&mut self, next: &Self, profile: &Profile) -> Result<(), JavaException> {
        if let Some(excluded) = &next.excluded {
            self.exclude(excluded.clone(), profile)?;
        }
        match (&mut self.permitted, &next.permitted) {
            (_, None) => {}
            (None, Some(permitted)) => self.permitted = Some(permitted.clone()),
            (Some(own), Some(others)) => {
                let emptied = intersect(own, others.clone(), profile)?;
                if !emptied.is_empty() {
                    self.exclude(emptied, profile)?;
                }
            }
        }
        if let (Some(permitted), Some(excluded)) = (&mut self.permitted, &self.excluded) {
            reduce(permitted, excluded, profile)?;
        }
        Ok(())
    }

    fn exclude(&mut self, trees: Vec<Subtree<'a>>, profile: &Profile) -> Result<(), JavaException> {
        match &mut self.excluded {
            None => self.excluded = Some(trees),
            Some(excluded) => {
                excluded.extend(trees);
                minimize(excluded, profile)?;
            }
        }
        Ok(())
    }
}

/// Takes away the trees that lie within another one. Of empty ranges of addresses Java thinks that they hold one another.
fn minimize(trees: &mut Vec<Subtree<'_>>, profile: &Profile) -> Result<(), JavaException> {
    let mut kept: Vec<Subtree<'_>> = Vec::new();
    let mut rest = std::mem::take(trees);
    while !rest.is_empty() {
        let current = rest.remove(0);
        let mut is_covered = false;
        let mut position = 0;
        while let Some(other) = rest.get(position) {
            match relation(&current.name, &other.name, profile)? {
                Relation::Match | Relation::Widens => {
                    is_covered = true;
                    break;
                }
                Relation::Narrows => drop(rest.remove(position)),
                Relation::OtherKind | Relation::SameKind | Relation::Overlaps => position += 1,
            }
        }
        if !is_covered {
            kept.push(current);
        }
    }
    *trees = kept;
    Ok(())
}

/// Takes away the permitted trees that are excluded: where none is left, all is permitted.
fn reduce<'a>(
    permitted: &mut Vec<Subtree<'a>>,
    excluded: &[Subtree<'a>],
    profile: &Profile,
) -> Result<(), JavaException> {
    for tree in excluded {
        let mut kept = Vec::new();
        for own in permitted.drain(..) {
            let relation = relation(&tree.name, &own.name, profile)?;
            if !matches!(relation, Relation::Match | Relation::Narrows) {
                kept.push(own);
            }
        }
        *permitted = kept;
    }
    Ok(())
}

/// Intersects `own` with `others`; returns what is to be excluded for kinds that became empty.
fn intersect<'a>(
    own: &mut Vec<Subtree<'a>>,
    mut others: Vec<Subtree<'a>>,
    profile: &Profile,
) -> Result<Vec<Subtree<'a>>, JavaException> {
    let mut excluded = Vec::new();
    if own.is_empty() {
        own.extend(others);
        minimize(own, profile)?;
        return Ok(excluded);
    }
    minimize(own, profile)?;
    minimize(&mut others, profile)?;
    let mut narrowed = Vec::new();
    let mut position = 0;
    while let Some(tree) = own.get(position) {
        match fate(&tree.name, &others, profile)? {
            Fate::Kept => {
                position += 1;
                continue;
            }
            Fate::Narrowed(by) => narrowed.push(by.clone()),
            Fate::Dropped if meets(own, &others, &tree.name, profile)? => {}
            Fate::Dropped => {
                let widest = widest(&tree.name, profile)?;
                if !excluded.contains(&widest) {
                    excluded.push(widest);
                }
            }
        }
        own.remove(position);
    }
    if !narrowed.is_empty() {
        own.extend(narrowed);
        minimize(own, profile)?;
    }
    for other in others {
        let mut is_new = false;
        for tree in own.iter() {
            is_new = relation(&tree.name, &other.name, profile)? == Relation::OtherKind;
            if !is_new {
                break;
            }
        }
        if is_new {
            own.push(other);
        }
    }
    Ok(excluded)
}

/// What becomes of a tree among others.
enum Fate<'t, 'a> {
    Kept,
    Narrowed(&'t Subtree<'a>),
    /// All others of its kind lie elsewhere.
    Dropped,
}

fn fate<'t, 'a>(
    tree: &GeneralName<'a>,
    others: &'t [Subtree<'a>],
    profile: &Profile,
) -> Result<Fate<'t, 'a>, JavaException> {
    let mut fate = Fate::Kept;
    for other in others {
        match relation(tree, &other.name, profile)? {
            Relation::Narrows => return Ok(Fate::Narrowed(other)),
            Relation::Match | Relation::Widens | Relation::Overlaps => return Ok(Fate::Kept),
            Relation::SameKind => fate = Fate::Dropped,
            Relation::OtherKind => {}
        }
    }
    Ok(fate)
}

/// Returns whether any tree of `tree`'s kind has something in common with the others.
fn meets<'a>(
    own: &[Subtree<'a>],
    others: &[Subtree<'a>],
    tree: &GeneralName<'a>,
    profile: &Profile,
) -> Result<bool, JavaException> {
    let is_of_kind =
        |one: &&Subtree<'a>| std::mem::discriminant(&one.name) == std::mem::discriminant(tree);
    for one in own.iter().filter(is_of_kind) {
        for other in others {
            match relation(&one.name, &other.name, profile)? {
                Relation::Match | Relation::Widens | Relation::Narrows => return Ok(true),
                Relation::OtherKind | Relation::SameKind | Relation::Overlaps => {}
            }
        }
    }
    Ok(false)
}

/// Makes the tree that holds every name of a kind; Java has none for most kinds and fails.
fn widest<'a>(tree: &GeneralName<'a>, profile: &Profile) -> Result<Subtree<'a>, JavaException> {
    const EMPTY: &[u8] = &[tag::SEQUENCE, 0];
    let unexpected = |cause: JavaException| {
        JavaException::new("java.lang.RuntimeException", format!("Unexpected error: {cause}"))
            .caused_by(cause)
    };
    let name = match tree {
        GeneralName::Dns(_) => Err(unexpected(io("DNSName must not be null or empty"))),
        GeneralName::Rfc822(_) => Err(unexpected(io("RFC822Name may not be null or empty"))),
        GeneralName::Uri { .. } => Err(unexpected(io("URI name must include scheme:"))),
        GeneralName::Address(_) => Err(no_address(profile)),
        GeneralName::Directory(_) => der::whole(EMPTY, profile)
            .and_then(|name| DistinguishedName::parse(name, profile))
            .map(GeneralName::Directory),
        GeneralName::Other(..)
        | GeneralName::X400(_)
        | GeneralName::EdiParty(_)
        | GeneralName::Registered(_) => Ok(tree.clone()),
    }?;
    Ok(Subtree { name, has_minimum: false, has_maximum: false })
}

fn no_address(profile: &Profile) -> JavaException {
    let class = "java.lang.NullPointerException";
    match profile.der_words {
        DerWords::Legacy => JavaException::bare(class),
        DerWords::Current => {
            let text = "Cannot read the array length because \"address\" is null";
            JavaException::new(class, text)
        }
    }
}
