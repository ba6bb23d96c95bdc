//! `interdict/entries/v1` and `interdict/catalogue-lint/v1`.

use interdict_app::catalogue::{Catalogue as Facts, EntryKind};
use interdict_model::{
    Approval, Day, Diagnostic, Issuer, Origin, Product, Profile, Restriction, Severity, Standing, Vendor, Verification,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Catalogue, Date, Word};
use crate::output::Row;

/// What is in the catalogue.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct EntryList {
    #[schemars(extend("const" = "interdict/entries/v1"))]
    schema: &'static str,
    /// The day whose standing is told.
    as_of: Date,
    catalogue: Catalogue,
    entries: Vec<CatalogueEntry>,
}

impl EntryList {
    pub(crate) fn new(as_of: Day, catalogue: Catalogue, entries: Vec<CatalogueEntry>) -> Self {
        Self { schema: "interdict/entries/v1", as_of: Date(as_of), catalogue, entries }
    }
}

/// One entry of the catalogue.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CatalogueEntry {
    /// `restriction`, `vendor`, `product`, `issuer`, `profile` or `approval`.
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jurisdiction: Option<String>,
    /// Where the instrument stood on that day; absent before it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) standing: Option<Word<Standing>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verification: Option<Word<Verification>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vendor: Option<String>,
    /// Whose entry it is: the catalogue's, or the organisation's own.
    pub(crate) origin: Word<Origin>,
}

impl CatalogueEntry {
    fn new(facts: &Facts, kind: EntryKind, id: &impl ToString, title: &str) -> Self {
        let id = id.to_string();
        let origin = Word(facts.origin(kind, &id));
        let kind = match kind {
            EntryKind::Restriction => "restriction",
            EntryKind::Vendor => "vendor",
            EntryKind::Product => "product",
            EntryKind::Issuer => "issuer",
            EntryKind::Profile => "profile",
            EntryKind::Approval => "approval",
        };
        Self {
            kind,
            id,
            origin,
            title: title.to_owned(),
            jurisdiction: None,
            standing: None,
            verification: None,
            vendor: None,
        }
    }

    pub(crate) fn restriction(facts: &Facts, restriction: &Restriction, as_of: Day) -> Self {
        Self {
            jurisdiction: Some(restriction.jurisdiction.clone()),
            standing: restriction.standing_on(as_of).map(|span| Word(span.is)),
            verification: Some(Word(restriction.verification)),
            ..Self::new(facts, EntryKind::Restriction, &restriction.id, &restriction.title)
        }
    }

    pub(crate) fn vendor(facts: &Facts, vendor: &Vendor) -> Self {
        Self::new(facts, EntryKind::Vendor, &vendor.id, &vendor.name)
    }

    pub(crate) fn product(facts: &Facts, product: &Product) -> Self {
        Self {
            vendor: Some(product.vendor.to_string()),
            ..Self::new(facts, EntryKind::Product, &product.id, &product.name)
        }
    }

    pub(crate) fn issuer(facts: &Facts, issuer: &Issuer) -> Self {
        Self {
            jurisdiction: Some(issuer.jurisdiction.clone()),
            ..Self::new(facts, EntryKind::Issuer, &issuer.id, &issuer.name)
        }
    }

    pub(crate) fn profile(facts: &Facts, profile: &Profile) -> Self {
        Self {
            jurisdiction: profile.jurisdiction.clone(),
            ..Self::new(facts, EntryKind::Profile, &profile.id, &profile.title)
        }
    }

    pub(crate) fn approval(facts: &Facts, approval: &Approval) -> Self {
        let title = format!("{} approved by {}", approval.subject(), approval.by);
        Self {
            vendor: Some(approval.vendor.to_string()),
            ..Self::new(facts, EntryKind::Approval, &approval.id, &title)
        }
    }
}

impl Row for CatalogueEntry {
    const COLUMNS: &'static [&'static str] =
        &["kind", "id", "title", "jurisdiction", "standing", "verification", "vendor", "origin"];

    fn values(&self) -> Vec<String> {
        vec![
            self.kind.to_owned(),
            self.id.clone(),
            self.title.clone(),
            self.jurisdiction.clone().unwrap_or_default(),
            self.standing.map(|word| word.0.to_string()).unwrap_or_default(),
            self.verification.map(|word| word.0.to_string()).unwrap_or_default(),
            self.vendor.clone().unwrap_or_default(),
            self.origin.0.to_string(),
        ]
    }
}

/// Everything that is wrong with a catalogue.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Lint {
    #[schemars(extend("const" = "interdict/catalogue-lint/v1"))]
    schema: &'static str,
    diagnostics: Vec<DiagnosticOut>,
    errors: usize,
    warnings: usize,
}

impl Lint {
    pub(crate) fn new(diagnostics: &[Diagnostic]) -> Self {
        let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
        Self {
            schema: "interdict/catalogue-lint/v1",
            diagnostics: diagnostics.iter().map(DiagnosticOut::from).collect(),
            errors,
            warnings: diagnostics.len() - errors,
        }
    }

    pub(crate) const fn errors(&self) -> usize {
        self.errors
    }

    pub(crate) const fn warnings(&self) -> usize {
        self.warnings
    }

    pub(crate) fn into_rows(self) -> Vec<DiagnosticOut> {
        self.diagnostics
    }
}

/// Something that is wrong, or looks wrong.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct DiagnosticOut {
    /// `error` or `warning`.
    severity: &'static str,
    /// Explained in `docs/errors.md`.
    code: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl From<&Diagnostic> for DiagnosticOut {
    fn from(found: &Diagnostic) -> Self {
        let place = found.location.as_ref();
        Self {
            severity: match found.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            code: found.code.to_string(),
            message: found.message.clone(),
            file: place.map(|place| place.file.clone()),
            line: place.and_then(|place| place.line),
            column: place.and_then(|place| place.column),
            hint: found.hint.clone(),
        }
    }
}

impl Row for DiagnosticOut {
    const COLUMNS: &'static [&'static str] = &["severity", "code", "message", "file", "line", "column", "hint"];

    fn values(&self) -> Vec<String> {
        vec![
            self.severity.to_owned(),
            self.code.clone(),
            self.message.clone(),
            self.file.clone().unwrap_or_default(),
            self.line.map(|line| line.to_string()).unwrap_or_default(),
            self.column.map(|column| column.to_string()).unwrap_or_default(),
            self.hint.clone().unwrap_or_default(),
        ]
    }
}
