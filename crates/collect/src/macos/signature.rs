//! Who signed a program, from the program itself; nothing is verified.

use interdict_formats::code_signature::{CodeSignature, parse_mach_o};
use interdict_model::{Diagnostic, Location, Observation, raw_key};

use crate::collector::Gathering;
use crate::host::Host;

/// How a signature was read: from the file itself, not verified.
const EMBEDDED: &str = "embedded, not checked";
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
    let Some(signer) = found.signature.as_ref().and_then(CodeSignature::signed_by) else { return };
    observation.signer = Some(signer.to_owned());
    observation.raw.insert(raw_key::SIGNATURE.to_owned(), EMBEDDED.to_owned());
}
