//! The names of a certificate that name constraints are held against.

use std::borrow::Cow;

use crate::certificate::Certificate;
use crate::distinguished_name::{COMMON_NAME, EMAIL_ADDRESS};
use crate::general_name::{GeneralName, is_dns_name};
use crate::host_name::literal;
use crate::profile::{DnsNameWords, Profile};

/// Returns the names by which a certificate is checked: its subject, its alternative names, and where they lack the kind
/// the e-mail addresses and the most specific commonName of the subject.
pub(crate) fn names_of<'a>(
    certificate: &Certificate<'a>,
    profile: &Profile,
) -> Vec<GeneralName<'a>> {
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
    alternatives.extend(common_name_among(&alternatives, certificate, profile));
    alternatives
}

/// Returns the most specific commonName as the address or host name that it is, if none of that kind is among `names`.
pub(crate) fn common_name_among<'a>(
    names: &[GeneralName<'a>],
    certificate: &Certificate<'a>,
    profile: &Profile,
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
            let plain = match profile.dns_name_words {
                DnsNameWords::Components => Cow::Borrowed(name.as_str()),
                DnsNameWords::Labels => Cow::Owned(name.replace('*', "z")),
            };
            (!has_one && is_dns_name(&plain, profile)).then_some(GeneralName::Dns(name))
        }
    }
}
