//! The command built for Windows, run under Wine: what it reads of a registry, services and files that a test laid out.
//!
//! `cargo xtask test --only windows-build windows-tests` builds what is run here and says where it is. Without that every
//! test says that it was skipped. What Wine does not have (Security Center, signatures that Windows vouches for, the
//! filtering platform) is tried with recorded answers, beside the collectors.

#![expect(clippy::disallowed_methods, reason = "a test of the whole prepares folders and starts the built command")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be prepared fails")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

#[path = "wine/machine.rs"]
mod machine;

use machine::Machine;

#[test]
fn the_command_starts_and_says_what_it_looked_at() {
    let Some(machine) = Machine::new() else { return };
    let ran = machine.interdict(["scan"]);
    let header = &ran.ended_with(0).lines()[0];
    assert_eq!(header["schema"], "interdict/scan/v1");
    assert_eq!(header["machine"]["os"]["family"], "windows");
}
