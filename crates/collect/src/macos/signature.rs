//! Who signed a program, from the program itself; nothing is verified.

use interdict_formats::code_signature::{CodeSignature, parse_mach_o};
use interdict_model::{Diagnostic, Location, Observation, raw_key};

use crate::collector::Gathering;
use crate::host::Host;

/// How a signature was read: from the file itself, not verified.
const EMBEDDED: &str = "embedded, not checked";
/// What lies here is Apple's and sealed; its signatures say nothing that the path does not.
const SEALED: &[&str] = &["/System/", "/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/libexec/"];

/// Notes who signed a program, and for which processors it is.
pub(super) fn sign(host: &dyn Host, program: &str, observation: &mut Observation, gathering: &mut Gathering) {
    if SEALED.iter().any(|folder| program.starts_with(folder)) {
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
    let Some(signer) = found.signature.as_ref().and_then(CodeSignature::signed_by) else { return };
    observation.signer = Some(signer.to_owned());
    observation.raw.insert(raw_key::SIGNATURE.to_owned(), EMBEDDED.to_owned());
}

#[cfg(test)]
mod tests {
    use interdict_model::Probes;

    use crate::collector::{Collected, Collector, Request};
    use crate::executable_encoder::{MachPart, mach_o};
    use crate::macos::applications::Applications;
    use crate::macos::launchd::Launchd;
    use crate::macos::system_extensions::SystemExtensions;
    use crate::signature_encoder::{Certificate, Signed};
    use crate::testing::{fixture, rows};

    /// A program for arm64, signed by a developer of this team under this name, or by nobody.
    fn program(team: Option<&str>, name: Option<&str>) -> Vec<u8> {
        let flags = if team.is_some() { 0 } else { 2 };
        let part = MachPart { cpu: 0x0100_000c, wide: true, swapped: true, identifier: "com.example.a", team, flags };
        mach_o(&part, name.map(|name| Signed::by(&Certificate::of(name, "Example")).encode()).as_deref())
    }

    fn signers(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let of = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
            format!("{} | {} | {}", of(&one.signer), of(&one.arch), of(&one.publisher))
        })
    }

    #[test]
    fn an_application_is_its_signers_before_it_is_its_copyright_holders() {
        let developer = "Developer ID Application: Example (ABCDE12345)";
        let path = "/Applications/Kaspersky Internet Security for Mac.app/Contents/MacOS/kav_app";
        let store = "Apple Mac OS Application Signing";
        for (team, name, expected) in [
            (Some("ABCDE12345"), Some(developer), format!("{developer} | arm64 | -")),
            (Some("ABCDE12345"), Some(store), "ABCDE12345 | arm64 | -".to_owned()),
            (None, None, "- | arm64 | AO Kaspersky Lab".to_owned()),
        ] {
            let host = fixture("macos/whole-system", "kaspersky").file(path, program(team, name));
            assert_eq!(signers(&Applications.collect(&host, &Request::of(&Probes::default()))), [expected]);
        }
    }

    #[test]
    fn extensions_and_helpers_are_signed_too() {
        let developer = "Developer ID Application: Example (ABCDE12345)";
        let signed = program(Some("ABCDE12345"), Some(developer));
        let copy = "/Library/SystemExtensions/U1/com.example.on.systemextension/Contents/MacOS/com.example.on";
        let host = fixture("macos/system-extensions", "states").file(copy, signed.clone());
        let collected = SystemExtensions.collect(&host, &Request::of(&Probes::default()));
        // The others' programs are no Mach-O; their team stands in the database.
        let expected = [format!("{developer} | arm64 | -"), "AAAAAAAAAA | - | -".to_owned()];
        assert_eq!(signers(&collected)[..2], expected);
        let helper = "/Library/PrivilegedHelperTools/com.example.left";
        let host = fixture("macos/launchd", "helper-left").file(helper, signed);
        let collected = Launchd.collect(&host, &Request::of(&Probes::default()));
        assert_eq!(signers(&collected)[1], format!("{developer} | arm64 | -"));
    }
}
