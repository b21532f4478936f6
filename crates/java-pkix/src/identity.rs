//! Endpoint identification: the certificate's names, handed to the host check in the form it wants.

use crate::certificate::Certificate;
use crate::checked_names::common_name_among;
use crate::distinguished_name::COMMON_NAME;
use crate::exception::{JavaException, Refusal};
use crate::general_name::GeneralName;
use crate::host_name::{self, CommonName, PresentedNames};
use crate::parameters::{EndpointIdentification, Parameters};
use crate::profile::Profile;

/// Checks that the end entity stands for the host that was asked for.
pub(crate) fn check(
    end_entity: &Certificate<'_>,
    jdk_ca: bool,
    parameters: &Parameters<'_>,
) -> Result<(), Refusal> {
    match parameters.endpoint_identification {
        EndpointIdentification::None => return Ok(()),
        EndpointIdentification::Https | EndpointIdentification::Ldaps => {}
    }
    let (profile, extensions) = (parameters.rules.profile(), &end_entity.extensions);
    let fault = extensions.alternative_names_fault.as_ref();
    let unreadable = fault.filter(|_| profile.strict_alternative_names).map(|fault| {
        let class = "java.security.cert.CertificateParsingException";
        JavaException::new(class, fault.message.clone().unwrap_or_default())
    });
    let mut names = extensions.alternative_names.clone().unwrap_or_default();
    if end_entity.names_were_checked.get() && extensions.alternative_names.is_some() {
        names.extend(common_name_among(&names, end_entity, profile));
    }
    let dns: Vec<&str> = names
        .iter()
        .filter_map(
            |name| if let GeneralName::Dns(name) = name { Some(name.as_str()) } else { None },
        )
        .collect();
    let addresses: Vec<&[u8]> = names
        .iter()
        .filter_map(|name| {
            if let GeneralName::Address(octets) = name { Some(octets.as_slice()) } else { None }
        })
        .collect();
    let value = end_entity.subject.most_specific(COMMON_NAME);
    let text = value.map(|value| end_entity.subject.text_of(value));
    let common_name = match &text {
        None => CommonName::Absent,
        Some(Some(text)) => CommonName::Text(text),
        Some(None) => CommonName::Unreadable,
    };
    let presented = PresentedNames {
        unreadable: unreadable.as_ref(),
        has_alternative_names: extensions.alternative_names.is_some(),
        dns: &dns,
        addresses: &addresses,
        common_name,
    };
    let in_any_label = profile.wildcard_in_any_label
        && parameters.endpoint_identification == EndpointIdentification::Https;
    let profile = Profile { wildcard_in_any_label: in_any_label, ..*profile };
    host_name::check(parameters.host, &presented, jdk_ca, &profile).map_err(|fault| {
        if fault.crashed {
            Refusal::crash(fault.exception)
        } else {
            Refusal::of_host(fault.exception)
        }
    })
}
