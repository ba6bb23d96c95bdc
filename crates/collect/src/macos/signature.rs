//! Who signed a program, from the program itself; nothing is verified.

use interdict_formats::code_signature::{CodeSignature, parse_mach_o};
use interdict_model::{Diagnostic, Location, Observation, raw_key};

use crate::collector::Gathering;
use crate::host::Host;

/// How a signature was read: from the file itself, not verified.
const EMBEDDED: &str = "embedded";
/// What lies here is Apple's and sealed; its signatures say nothing that the path does not.
const SEALED: &str = "/System/";

/// Notes who signed a program, and for which processors it is.
pub(super) fn sign(host: &dyn Host, program: &str, observation: &mut Observation, gathering: &mut Gathering) {
    if program.starts_with(SEALED) {
        return;
    }
    let read = |offset, length| host.read_at(program, offset, length).ok();
    let (found, diagnostics) = parse_mach_o(&read);
    let at = |diagnostic: Diagnostic| diagnostic.at(Location::file(program));
    gathering.diagnostics.extend(diagnostics.into_iter().map(at));
    let Some(found) = found else { return };
    if !found.architectures.is_empty() {
        observation.arch = Some(found.architectures.join(","));
    }
    let Some(signer) = found.signature.and_then(signer) else { return };
    observation.signer = Some(signer);
    observation.raw.insert(raw_key::SIGNATURE.to_owned(), EMBEDDED.to_owned());
}

/// Who signed: the developer with the team where the certificate is the developer's own, the team alone where it is
/// Apple's (as on everything from its store), else the certificate's subject. Nobody, where nobody signed.
fn signer(signature: CodeSignature) -> Option<String> {
    if signature.ad_hoc {
        return None;
    }
    match (signature.team_id, signature.signer) {
        (Some(team), Some(name)) if name.contains(&team) => Some(name),
        (Some(team), _) => Some(team),
        (None, name) => signature.subject.or(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_names_the_developer_not_the_store() {
        let of = |team: Option<&str>, name: Option<&str>, subject: Option<&str>, ad_hoc| {
            signer(CodeSignature {
                team_id: team.map(str::to_owned),
                signer: name.map(str::to_owned),
                subject: subject.map(str::to_owned),
                ad_hoc,
                ..CodeSignature::default()
            })
        };
        let developer = "Developer ID Application: Kaspersky Lab UK Limited (2Y8XE5CQ94)";
        let store = "Apple Mac OS Application Signing";
        for (team, name, subject, ad_hoc, expected) in [
            (Some("2Y8XE5CQ94"), Some(developer), None, false, Some(developer)),
            (Some("2Y8XE5CQ94"), Some(store), None, false, Some("2Y8XE5CQ94")),
            (Some("2Y8XE5CQ94"), None, None, false, Some("2Y8XE5CQ94")),
            (
                None,
                Some("Software Signing"),
                Some("CN=Software Signing, O=Apple Inc."),
                false,
                Some("CN=Software Signing, O=Apple Inc."),
            ),
            (None, None, None, true, None),
        ] {
            assert_eq!(of(team, name, subject, ad_hoc).as_deref(), expected);
        }
    }
}
