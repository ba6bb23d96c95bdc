//! `interdict/catalogue-diff/v1`.

use std::collections::BTreeMap;
use std::path::Path;

use interdict_app::catalogue::EntryKind;
use interdict_app::{CatalogueChanges, ChangeHere, InventoryChange, MachineChange, ProductChange, ProfileTouch};
use interdict_model::{CatalogueStamp, Day, Origin, Tier};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Catalogue, Date, Word};
use crate::output::Row;

/// What another catalogue changes.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CatalogueDiff {
    #[schemars(extend("const" = "interdict/catalogue-diff/v1"))]
    schema: &'static str,
    /// The day asked for.
    as_of: Date,
    /// The profiles asked with.
    profiles: Vec<String>,
    /// What is compared with.
    old: Compared,
    /// What is compared.
    new: Compared,
    /// How many changes each group has; groups without any are absent.
    counts: BTreeMap<&'static str, usize>,
    changes: Vec<ChangeRow>,
    /// What becomes of the inventory; null where there is none.
    inventory: Option<InventoryOut>,
}

/// One of the two catalogues.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Compared {
    /// What the person called it.
    name: String,
    #[serde(flatten)]
    catalogue: Catalogue,
}

impl Compared {
    fn new(name: &Path, stamp: &CatalogueStamp) -> Self {
        Self { name: name.display().to_string(), catalogue: Catalogue::from(stamp) }
    }
}

impl CatalogueDiff {
    pub(crate) fn new(found: &CatalogueChanges, named: (&Path, &Path), profiles: &[String]) -> Self {
        let mut counts = BTreeMap::new();
        for here in &found.changes {
            *counts.entry(here.change.group().as_str()).or_default() += 1;
        }
        Self {
            schema: "interdict/catalogue-diff/v1",
            as_of: Date(found.as_of),
            profiles: profiles.to_vec(),
            old: Compared::new(named.0, &found.old),
            new: Compared::new(named.1, &found.new),
            counts,
            changes: found.changes.iter().map(ChangeRow::from).collect(),
            inventory: found.inventory.as_ref().map(InventoryOut::from),
        }
    }

    pub(crate) fn into_rows(self) -> Vec<ChangeRow> {
        self.changes
    }
}

/// One change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ChangeRow {
    /// Under which heading it is told, such as `effects-moved`.
    group: &'static str,
    /// `restriction`, `vendor`, `product`, `issuer`, `profile` or `approval`.
    kind: &'static str,
    id: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    jurisdiction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
    /// Whose entry it is: the catalogue's, or the organisation's own.
    origin: Word<Origin>,
    /// The change in words, without the entry's name.
    says: String,
    /// What the effect that it is about says in a whole sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<String>,
    /// From when that effect counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    effect_from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect_until: Option<Date>,
    /// The names behind a count; what went has a `-` before it.
    names: Vec<String>,
    /// The profiles asked with that it touches on that day, and why.
    touches: Vec<TouchOut>,
    /// Of a restriction, every profile that it touches on whatever day.
    touched_profiles: Vec<String>,
    /// Of a restriction, how many machines have something that it speaks of; null without an inventory.
    machines: Option<usize>,
}

/// Why a change touches a profile.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct TouchOut {
    profile: String,
    /// One sentence per effect.
    because: Vec<String>,
}

impl From<&ProfileTouch> for TouchOut {
    fn from(touch: &ProfileTouch) -> Self {
        Self { profile: touch.profile.clone(), because: touch.because.clone() }
    }
}

impl From<&ChangeHere> for ChangeRow {
    fn from(here: &ChangeHere) -> Self {
        let change = &here.change;
        let entry = &change.entry;
        let day = |day: Option<Day>| day.map(Date);
        Self {
            group: change.group().as_str(),
            kind: kind(entry.kind),
            id: entry.id.clone(),
            title: entry.title.clone(),
            jurisdiction: entry.jurisdiction.clone(),
            vendor: entry.vendor.as_ref().map(ToString::to_string),
            origin: Word(entry.origin),
            says: change.says(),
            explanation: change.explanation().map(str::to_owned),
            effect_from: day(change.effect().map(|effect| effect.from)),
            effect_until: day(change.effect().and_then(|effect| effect.until)),
            names: change.names(),
            touches: here.touches.iter().map(TouchOut::from).collect(),
            touched_profiles: here.profiles.iter().map(ToString::to_string).collect(),
            machines: here.machines,
        }
    }
}

const fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Restriction => "restriction",
        EntryKind::Vendor => "vendor",
        EntryKind::Product => "product",
        EntryKind::Issuer => "issuer",
        EntryKind::Profile => "profile",
        EntryKind::Approval => "approval",
    }
}

impl Row for ChangeRow {
    const COLUMNS: &'static [&'static str] = &[
        "group",
        "kind",
        "id",
        "title",
        "jurisdiction",
        "says",
        "effect_from",
        "effect_until",
        "touches",
        "machines",
        "origin",
    ];

    fn values(&self) -> Vec<String> {
        let date = |date: Option<Date>| date.map(|day| day.0.to_string()).unwrap_or_default();
        vec![
            self.group.to_owned(),
            self.kind.to_owned(),
            self.id.clone(),
            self.title.clone(),
            self.jurisdiction.clone().unwrap_or_default(),
            self.says.clone(),
            date(self.effect_from),
            date(self.effect_until),
            self.touches.iter().map(|touch| touch.profile.as_str()).collect::<Vec<_>>().join("; "),
            self.machines.map(|count| count.to_string()).unwrap_or_default(),
            self.origin.0.to_string(),
        ]
    }
}

/// What becomes of the inventory.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct InventoryOut {
    /// How many machines there are.
    machines: usize,
    /// The machines whose worst tier is another, the worst first.
    changed_machines: Vec<MachineOut>,
    /// The products that have another tier for who has them, the worst first.
    changed_products: Vec<ProductOut>,
}

impl From<&InventoryChange> for InventoryOut {
    fn from(change: &InventoryChange) -> Self {
        Self {
            machines: change.machines,
            changed_machines: change.changed_machines.iter().map(MachineOut::from).collect(),
            changed_products: change.changed_products.iter().map(ProductOut::from).collect(),
        }
    }
}

/// A machine whose worst tier is another.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ChangedMachine")]
struct MachineOut {
    id: String,
    hostname: String,
    was: Word<Tier>,
    is: Word<Tier>,
}

impl From<&MachineChange> for MachineOut {
    fn from(change: &MachineChange) -> Self {
        let hostname = change.hostname.clone();
        Self { id: change.id.clone(), hostname, was: Word(change.was), is: Word(change.is) }
    }
}

/// A product that has another tier for who has it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ChangedProduct")]
struct ProductOut {
    /// The product's id, or the vendor's where the product is not known.
    id: String,
    title: String,
    /// On how many machines it is.
    machines: usize,
    /// Null where that catalogue does not know it.
    was: Option<Word<Tier>>,
    is: Option<Word<Tier>>,
}

impl From<&ProductChange> for ProductOut {
    fn from(change: &ProductChange) -> Self {
        Self {
            id: change.id.clone(),
            title: change.title.clone(),
            machines: change.machines,
            was: change.was.map(Word),
            is: change.is.map(Word),
        }
    }
}
