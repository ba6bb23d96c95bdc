//! The form in which the built-in catalogue is embedded: what the parser makes of the text, written down at build time.
//!
//! The build script writes it and the program reads it at every start, which takes a hundredth of the time the text takes.
//! It is no format for files: it says nothing of its version and is read only by the program it was built into.

use std::collections::BTreeMap;

use interdict_model::{CatalogueStamp, Day, Issuer, Profile, Restriction, RestrictionId, Vendor};

use crate::catalogue::{Beside, Catalogue, Facts};

/// All facts of a catalogue that gives no reason to complain, as they are written down.
pub(crate) type Compiled =
    (CatalogueStamp, Vec<Issuer>, Vec<Profile>, Vec<Restriction>, Vec<Vendor>, BTreeMap<RestrictionId, Day>);

/// The catalogue that was written down; nothing when the bytes are not one, as where the text gives reason to complain.
pub(crate) fn read(bytes: &[u8]) -> Option<Catalogue> {
    let (stamp, issuers, profiles, restrictions, vendors, withdrawn): Compiled = postcard::from_bytes(bytes).ok()?;
    let facts = Facts { stamp: None, issuers, profiles, restrictions, vendors };
    Some(Catalogue::new(facts, stamp).beside(Beside { withdrawn, ..Beside::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::{COMPILED, builtin_files};
    use crate::parse::parse;

    /// A fact that is lost or changed on the way would be missing at the customer's and in no other test.
    #[test]
    fn what_is_embedded_is_what_the_text_says() {
        let (parsed, diagnostics) = parse(&builtin_files());
        let Some(read) = read(COMPILED) else {
            assert!(!diagnostics.is_empty(), "nothing is wrong with the text, and it was not compiled");
            return;
        };
        assert!(diagnostics.is_empty(), "text with errors was compiled");
        assert_eq!(read.stamp(), parsed.stamp());
        assert!(read.issuers().eq(parsed.issuers()));
        assert_eq!(read.profiles(), parsed.profiles());
        assert_eq!(read.restrictions(), parsed.restrictions());
        assert_eq!(read.vendors(), parsed.vendors());
        assert_eq!(read.withdrawn(), parsed.withdrawn());
    }

    #[test]
    fn other_bytes_are_not_a_catalogue() {
        assert!(read(&[]).is_none());
        assert!(read(b"id = \"kaspersky\"\n").is_none());
        assert!(read(COMPILED.get(..COMPILED.len() / 2).unwrap_or_default()).is_none());
    }
}
