//! One own file: what its path makes it, what it holds, what is wrong with it by itself.

use interdict_model::{Approval, Diagnostic, Location, RestrictionId};

use super::is_broken;
use crate::addition_file::{self, Addition};
use crate::catalogue::Facts;
use crate::cross_check::place_of;
use crate::parse::read_file;
use crate::source_file::SourceFile;
use crate::{approval_file, restriction_file};

/// The jurisdiction of own restrictions that stand in no jurisdiction's folder.
pub(super) const JURISDICTION: &str = "own";

/// A file, what it holds, and whether that is used.
#[derive(Debug)]
pub(super) struct OwnFile<'f> {
    pub(super) file: &'f SourceFile,
    pub(super) facts: Facts,
    pub(super) approval: Option<Approval>,
    pub(super) addition: Option<Addition>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) is_used: bool,
}

impl<'f> OwnFile<'f> {
    /// Reads a file; nothing for text for people.
    pub(super) fn read(file: &'f SourceFile) -> Option<Self> {
        let mut own = Self {
            file,
            facts: Facts::default(),
            approval: None,
            addition: None,
            diagnostics: Vec::new(),
            is_used: true,
        };
        let parts: Vec<&str> = file.path.split('/').collect();
        let extension = file.path.rsplit_once('.').map_or("", |(_, extension)| extension);
        match (parts.as_slice(), extension) {
            (["README.md"], _) => return None,
            (["approvals", _], "toml") => (own.approval, own.diagnostics) = approval_file::read(file),
            (["restrictions", _] | ["restrictions", _, _], "md") => own.restriction(),
            (["vendors", _], "toml") if addition_file::is_addition(file) => {
                let (addition, found) = addition_file::read(file);
                (own.addition, own.diagnostics) = (Some(addition), found);
            }
            (["issuers" | "profiles" | "vendors", _], "toml") => {
                read_file(file, &mut own.facts, &mut own.diagnostics);
            }
            _ => own.diagnostics.push(no_place(file)),
        }
        own.is_used = !is_broken(&own.diagnostics);
        Some(own)
    }

    /// Something is wrong with the file: it is not used.
    pub(super) fn leave_out(&mut self, because: Diagnostic) {
        self.diagnostics.push(because);
        self.is_used = false;
    }

    fn restriction(&mut self) {
        let (restriction, found) = restriction_file::read(self.file);
        self.diagnostics = found;
        let Some(mut restriction) = restriction else { return };
        if self.file.path.matches('/').count() == 1 {
            JURISDICTION.clone_into(&mut restriction.jurisdiction);
        }
        let id = restriction.id.as_str();
        if !id.is_empty() && !id.starts_with(RestrictionId::OWN) {
            let message = format!("the id \"{id}\" of an own rule must begin with \"{}\"", RestrictionId::OWN);
            let hint = format!("call it \"{}{id}\", in the file's name too", RestrictionId::OWN);
            let place = place_of(self.file, id);
            self.diagnostics.push(Diagnostic::error("catalogue/own-id", message).hint(hint).at(place));
        }
        self.facts.restrictions.push(restriction);
    }
}

fn no_place(file: &SourceFile) -> Diagnostic {
    let hint = "a file belongs to restrictions/ (.md), vendors/, approvals/, issuers/ or profiles/ (.toml)";
    Diagnostic::error("catalogue/unknown-file", "this file has no place among own rules")
        .hint(hint)
        .at(Location::file(&file.path))
}
