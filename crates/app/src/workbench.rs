//! The catalogue in use and everything that is asked of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use interdict_assess::{Circumstances, listings};
use interdict_catalogue::{Catalogue, EntryKind, Layered, has_errors, layer, nearest_all, parse};
use interdict_identify::{Identifier, find_parties};
use interdict_model::{Day, Diagnostic, Origin, Party, PartyKind, ProfileId, Severity, Subject, VendorId, Verdict};

use crate::catalogue_source::read_catalogue_files;
use crate::error::AppError;
use crate::own_rules::{OwnFiles, read_own_files};

/// A catalogue, and the identifier compiled from it when first needed.
pub struct Workbench {
    catalogue: Catalogue,
    identifier: OnceLock<Identifier>,
    own_rules: OwnRules,
}

/// How the organisation's own rules fared.
#[derive(Debug, Clone, Default)]
pub struct OwnRules {
    /// How many own files are used.
    pub used: usize,
    /// How many are not.
    pub left_out: usize,
    /// What is wrong with own files; the place is the file below the folder.
    pub problems: Vec<Diagnostic>,
    /// The SHA-256 of every own file, by path below the folder.
    pub digests: BTreeMap<String, String>,
}

impl Workbench {
    /// Over the built-in catalogue.
    pub fn builtin() -> Result<Self, AppError> {
        let (catalogue, diagnostics) = interdict_catalogue::builtin();
        Self::checked(catalogue, diagnostics, PathBuf::from("built-in catalogue"))
    }

    /// Over the catalogue in a folder or file, or the built-in one.
    pub fn open(path: Option<&Path>) -> Result<Self, AppError> {
        let Some(path) = path else { return Self::builtin() };
        let files = read_catalogue_files(path)?;
        let (catalogue, diagnostics) = parse(&files);
        Self::checked(catalogue, diagnostics, path.to_owned())
    }

    /// Over a catalogue that has no errors.
    #[must_use]
    pub fn of(catalogue: Catalogue) -> Self {
        Self { catalogue, identifier: OnceLock::new(), own_rules: OwnRules::default() }
    }

    fn checked(catalogue: Catalogue, diagnostics: Vec<Diagnostic>, path: PathBuf) -> Result<Self, AppError> {
        if has_errors(&diagnostics) {
            let errors = diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect();
            return Err(AppError::Catalogue { path, diagnostics: errors });
        }
        Ok(Self::of(catalogue))
    }

    /// The same with the organisation's own rules of a folder over it. A rule that cannot be used keeps nothing else out.
    #[must_use]
    pub fn with_own_rules(self, folder: &Path) -> Self {
        let OwnFiles { files, mut problems, digests } = read_own_files(folder);
        if files.is_empty() && problems.is_empty() {
            return self;
        }
        let unread = problems.len();
        let Layered { catalogue, diagnostics, used, left_out } = layer(self.catalogue, &files);
        problems.extend(diagnostics);
        let own_rules = OwnRules { used: used.len(), left_out: left_out.len() + unread, problems, digests };
        Self { catalogue, identifier: OnceLock::new(), own_rules }
    }

    /// How the organisation's own rules fared.
    pub fn own_rules(&self) -> &OwnRules {
        &self.own_rules
    }

    /// The catalogue alone.
    #[must_use]
    pub fn into_catalogue(self) -> Catalogue {
        self.catalogue
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The identifier over it.
    pub fn identifier(&self) -> &Identifier {
        self.identifier.get_or_init(|| Identifier::new(&self.catalogue))
    }

    /// Who asks, for which day; an unknown profile is an error that names the nearest.
    pub fn circumstances(&self, profiles: &[String], as_of: Day) -> Result<Circumstances, AppError> {
        let known = || self.catalogue.profiles().iter().map(|profile| profile.id.as_str());
        let ids: Vec<ProfileId> = profiles.iter().map(|id| ProfileId::new(id.as_str())).collect();
        for id in &ids {
            if self.catalogue.profile(id).is_none() {
                return Err(unknown("profile", id.as_str(), known()));
            }
        }
        Ok(Circumstances::of_profiles(&self.catalogue, &ids, as_of))
    }

    /// A vendor as a subject.
    pub fn vendor(&self, id: &str) -> Result<Subject, AppError> {
        let known = || self.catalogue.vendors().iter().map(|vendor| vendor.id.as_str());
        match self.catalogue.vendor(&id.into()) {
            Some(vendor) => Ok(Subject::Vendor { vendor: vendor.id.clone() }),
            None => Err(unknown("vendor", id, known())),
        }
    }

    /// A product as a subject.
    pub fn product(&self, id: &str) -> Result<Subject, AppError> {
        match self.catalogue.product(&id.into()) {
            Some(product) => Ok(Subject::Product { vendor: product.vendor.clone(), product: product.id.clone() }),
            None => Err(unknown("product", id, self.catalogue.products().map(|product| product.id.as_str()))),
        }
    }

    /// A person or company as a subject, by exact name. A name nobody bears, or several do, is an unknown party.
    #[must_use]
    pub fn party(&self, name: &str, as_of: Day) -> Subject {
        let mut found = find_parties(&self.catalogue, name);
        // Somebody of the same name in an own file must not make a known party unknown.
        let is_known = |party: &Party| {
            let of_vendor = |vendor: &VendorId| self.catalogue.origin(EntryKind::Vendor, vendor.as_str());
            party.vendor.as_ref().map(of_vendor) == Some(Origin::Catalogue)
        };
        if found.iter().any(is_known) {
            found.retain(is_known);
        }
        let party = match (found.pop(), found.is_empty()) {
            (Some(mut party), true) => {
                if let Some(id) = &party.id {
                    party.listed_by = listings(&self.catalogue, party.kind, id, as_of);
                }
                party
            }
            (several, _) => Party {
                id: None,
                name: name.to_owned(),
                kind: PartyKind::Unknown,
                roles: several.into_iter().chain(found).flat_map(|party| party.roles).collect(),
                vendor: None,
                listed_by: Vec::new(),
            },
        };
        Subject::Party { party }
    }

    /// The verdict for a subject.
    #[must_use]
    pub fn assess(&self, subject: &Subject, circumstances: &Circumstances) -> Verdict {
        interdict_assess::assess(&self.catalogue, subject, circumstances)
    }
}

/// An id that is not known, with the nearest that are.
pub(crate) fn unknown<'k>(kind: &'static str, id: &str, known: impl IntoIterator<Item = &'k str>) -> AppError {
    let nearest = nearest_all(id, known).into_iter().map(str::to_owned).collect();
    AppError::UnknownId { kind, id: id.to_owned(), nearest }
}
