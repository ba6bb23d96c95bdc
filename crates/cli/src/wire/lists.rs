//! `interdict/machines/v1`, `interdict/software/v1`, `interdict/findings/v1`, `interdict/vendors/v1`.

use interdict_app::store::{ListedMachine, Store, Telling, ToldTitle};
use interdict_app::{
    AppError, FleetFinding, Lack, LackReason, MachineFreshness, MachineTiers, ShownTitle, Teller, TitleIdentity,
    ToldFinding, ToldVendor, VendorStanding,
};
use interdict_model::{Category, ObservationSource, ProductId, Tier};
use schemars::JsonSchema;
use serde::Serialize;

use super::assess::{Activities, HeadlineOut, activities};
use super::audit::{ByTier, Finding, by_tier};
use super::machine::ToldBy;
use super::scan::OsOut;
use super::{Question, Word};
use crate::asked::Asked;
use crate::output::Row;

macro_rules! list {
    ($(#[$meta:meta])* $name:ident, $schema:literal, $field:ident: $row:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Serialize, JsonSchema)]
        pub(crate) struct $name {
            #[schemars(extend("const" = $schema))]
            schema: &'static str,
            #[serde(flatten)]
            question: Question,
            $field: Vec<$row>,
        }

        impl $name {
            pub(crate) fn new(asked: &Asked, $field: Vec<$row>) -> Self {
                Self { schema: $schema, question: Question::from(asked), $field }
            }
        }
    };
}

list!(
    /// The machines of the inventory.
    MachineList, "interdict/machines/v1", machines: MachineRow
);
list!(
    /// The installed software of the inventory.
    SoftwareList, "interdict/software/v1", software: SoftwareRow
);

/// What some instrument speaks of, across all machines, worst first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FindingList {
    #[schemars(extend("const" = "interdict/findings/v1"))]
    schema: &'static str,
    #[serde(flatten)]
    question: Question,
    findings: Vec<FindingRow>,
    /// What some instrument speaks of and tools tell of without saying on which machines, worst first. It counts for no
    /// machine, and is listed as a whole whatever part of the findings is.
    without_machine: Vec<WithoutMachineOut>,
}

impl FindingList {
    pub(crate) fn new(asked: &Asked, findings: Vec<FindingRow>, without_machine: Vec<WithoutMachineOut>) -> Self {
        Self { schema: "interdict/findings/v1", question: Question::from(asked), findings, without_machine }
    }
}

/// The vendors of which something is here.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct VendorList {
    #[schemars(extend("const" = "interdict/vendors/v1"))]
    schema: &'static str,
    #[serde(flatten)]
    question: Question,
    vendors: Vec<VendorRow>,
    /// The vendors of which tools tell without saying on which machines, worst first. They count for no machine, and are
    /// listed as a whole whatever part of the vendors is.
    without_machine: Vec<VendorToldOut>,
}

impl VendorList {
    pub(crate) fn new(asked: &Asked, vendors: Vec<VendorRow>, without_machine: Vec<VendorToldOut>) -> Self {
        Self { schema: "interdict/vendors/v1", question: Question::from(asked), vendors, without_machine }
    }
}

/// A machine.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MachineRow {
    pub(crate) id: String,
    pub(crate) hostname: String,
    pub(crate) os: OsOut,
    /// When its newest scan began: RFC 3339, UTC.
    pub(crate) last_seen: String,
    /// The worst tier of its findings.
    pub(crate) tier: Word<Tier>,
    /// How many findings have each tier.
    pub(crate) findings: ByTier,
    /// As good as the best of those that tell of it: `fresh`, `aging` or `stale`.
    pub(crate) freshness: &'static str,
    /// Whole days since anybody told of it.
    pub(crate) age_days: i64,
    /// Who tells of it: Interdict's own looking first, then the newest.
    pub(crate) told_by: Vec<ToldBy>,
    /// How sure it is that it has nothing of the categories of `--without-category`; missing where none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lack: Option<LackOut>,
}

/// What is known of a machine that has nothing of some categories.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct LackOut {
    /// `nothing-there`: everything that would show it was read lately; `not-looked-at`: it was not.
    pub(crate) answer: &'static str,
    /// Why it is not known.
    pub(crate) reasons: Vec<LackReasonOut>,
}

/// Why it is not known whether a machine has something.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct LackReasonOut {
    /// `never-read`, `stale`, `unidentified-product` or `unknown-system`.
    reason: &'static str,
    /// The sources that it is about: any one of them would do.
    sources: Vec<Word<ObservationSource>>,
}

impl From<Lack> for LackOut {
    fn from(lack: Lack) -> Self {
        let reason = |reason: LackReason| LackReasonOut {
            reason: reason.as_str(),
            sources: reason.sources().iter().copied().map(Word).collect(),
        };
        Self { answer: lack.answer.as_str(), reasons: lack.reasons.into_iter().map(reason).collect() }
    }
}

impl LackOut {
    /// For people: `nothing there`, or what is missing.
    pub(crate) fn in_words(&self) -> String {
        let word = |reason: &LackReasonOut| {
            let sources = reason.sources.iter().map(|source| source.0.as_str()).collect::<Vec<_>>().join(" or ");
            let reason = reason.reason.replace('-', " ");
            if sources.is_empty() { reason } else { format!("{reason}: {sources}") }
        };
        let reasons: Vec<String> = self.reasons.iter().map(word).collect();
        let answer = self.answer.replace('-', " ");
        if reasons.is_empty() { answer } else { format!("{answer}, {}", reasons.join(", ")) }
    }
}

impl MachineRow {
    pub(crate) fn new(
        row: &ListedMachine,
        tiers: &MachineTiers,
        freshness: &MachineFreshness,
        lack: Option<Lack>,
    ) -> Self {
        let each = |(tier, count): &(Tier, usize)| std::iter::repeat_n(*tier, *count);
        Self {
            id: row.machine.id.clone(),
            hostname: row.machine.hostname.clone(),
            os: OsOut::from(&row.machine.os),
            last_seen: row.last_seen.clone(),
            tier: Word(tiers.tier),
            findings: by_tier(tiers.findings.iter().flat_map(each)),
            freshness: freshness.freshness.as_str(),
            age_days: freshness.days,
            told_by: freshness.origins.iter().map(ToldBy::from).collect(),
            lack: lack.map(LackOut::from),
        }
    }

    /// How many findings there are.
    pub(crate) fn count(&self) -> usize {
        self.findings.values().sum()
    }
}

impl Row for MachineRow {
    const COLUMNS: &'static [&'static str] =
        &["id", "hostname", "os", "last_seen", "tier", "findings", "freshness", "age_days", "told_by", "lack"];

    fn values(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.hostname.clone(),
            self.os.title(),
            self.last_seen.clone(),
            self.tier.0.to_string(),
            self.count().to_string(),
            self.freshness.to_owned(),
            self.age_days.to_string(),
            self.told_by.iter().map(|told| told.origin.as_str()).collect::<Vec<_>>().join(" "),
            self.lack.as_ref().map(LackOut::in_words).unwrap_or_default(),
        ]
    }
}

/// Software of one name, version and publisher.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct SoftwareRow {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) publisher: Option<String>,
    /// Null where the catalogue does not know it.
    pub(crate) vendor: Option<String>,
    pub(crate) product: Option<String>,
    pub(crate) category: Option<Word<Category>>,
    /// On how many machines it is; 0 where it is only told of without a machine.
    pub(crate) machines: usize,
    /// The installed headline; undetermined where nobody knows what it is.
    pub(crate) tier: Word<Tier>,
    /// Who tells of it without saying on which machines, the newest first; missing where nobody does. It is not counted in
    /// `machines`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) told_without_machine: Vec<ToldOut>,
}

/// That a tool told of something without saying on which machines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ToldOut {
    /// The name of the format.
    pub(crate) origin: String,
    /// The number of the import.
    import: i64,
    /// The file's name.
    file: String,
    /// When it was so: when the file's data was made, else when it was imported. RFC 3339, UTC.
    pub(crate) at: String,
    /// On how many machines, as the tool counts; null where it does not say. It is the tool's count, not ours.
    pub(crate) counted_by_tool: Option<u64>,
    /// How many newer imports of that tool tell of things without a machine, but not of this.
    newer_imports: usize,
}

impl From<&Telling> for ToldOut {
    fn from(telling: &Telling) -> Self {
        Self {
            origin: telling.origin.clone(),
            import: telling.batch,
            file: telling.file.clone(),
            at: telling.at.clone(),
            counted_by_tool: telling.devices,
            newer_imports: telling.newer,
        }
    }
}

impl ToldOut {
    /// For people: `intune-aggregate on 2026-11-20: 14 by its count`.
    pub(crate) fn in_words(&self) -> String {
        let day = self.at.get(..10).unwrap_or(&self.at);
        let count = match self.counted_by_tool {
            Some(count) => format!(": {count} by its count"),
            None => String::new(),
        };
        format!("{} on {day}{count}{}", self.origin, newer_in_words(self.newer_imports))
    }
}

/// That newer imports of a tool do not have something, for people; empty where there are none.
fn newer_in_words(newer: usize) -> String {
    match newer {
        0 => String::new(),
        1 => ", not in its newer import".to_owned(),
        newer => format!(", not in its {newer} newer imports"),
    }
}

/// Something of a restricted vendor that tools tell of without saying on which machines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct WithoutMachineOut {
    /// Null where only the vendor is known.
    product: Option<String>,
    vendor: String,
    /// The product's name, or what is known instead.
    name: String,
    /// The installed headline of having it.
    tier: Word<Tier>,
    headline: HeadlineOut,
    activities: Activities,
    /// On how many machines it is found, whoever told of these; it is a finding there.
    machines_found: usize,
    /// What is told, by name and version.
    titles: Vec<ToldTitleOut>,
}

/// Software of one name, version and publisher that is told of without a machine.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ToldTitleOut {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    publisher: Option<String>,
    /// Who tells of it, the newest first.
    told_by: Vec<ToldOut>,
}

impl ToldTitleOut {
    /// Who tells of it, for people.
    pub(crate) fn told_in_words(&self) -> String {
        self.told_by.iter().map(ToldOut::in_words).collect::<Vec<_>>().join("; ")
    }
}

impl From<&ToldTitle> for ToldTitleOut {
    fn from(title: &ToldTitle) -> Self {
        Self {
            name: title.name.clone(),
            version: title.version.clone(),
            publisher: title.publisher.clone(),
            told_by: title.tellings.iter().map(ToldOut::from).collect(),
        }
    }
}

impl WithoutMachineOut {
    pub(crate) fn new(told: &ToldFinding, machines_found: usize) -> Self {
        Self {
            product: told.product.as_ref().map(|product| product.id.to_string()),
            vendor: told.vendor.id.to_string(),
            name: told.title(),
            tier: Word(told.tier()),
            headline: HeadlineOut::from(told.verdict.headline),
            activities: activities(&told.verdict),
            machines_found,
            titles: told.titles.iter().map(ToldTitleOut::from).collect(),
        }
    }
}

impl SoftwareRow {
    pub(crate) fn new(title: ShownTitle, found: &TitleIdentity, category: Option<Category>, tier: Tier) -> Self {
        let row = title.software;
        let mut told: Vec<ToldOut> = title.told.iter().flat_map(|told| &told.tellings).map(ToldOut::from).collect();
        told.sort_by(|left, right| right.at.cmp(&left.at));
        Self {
            name: row.name,
            version: row.version,
            publisher: row.publisher,
            vendor: found.vendor.as_ref().map(ToString::to_string),
            product: found.product.as_ref().map(ToString::to_string),
            category: category.map(Word),
            machines: row.machines,
            tier: Word(tier),
            told_without_machine: told,
        }
    }

    /// Who tells of it without a machine, for people.
    pub(crate) fn told_in_words(&self) -> String {
        self.told_without_machine.iter().map(ToldOut::in_words).collect::<Vec<_>>().join("; ")
    }
}

impl Row for SoftwareRow {
    const COLUMNS: &'static [&'static str] =
        &["name", "version", "publisher", "vendor", "product", "category", "machines", "tier", "told_without_machine"];

    fn values(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.version.clone().unwrap_or_default(),
            self.publisher.clone().unwrap_or_default(),
            self.vendor.clone().unwrap_or_default(),
            self.product.clone().unwrap_or_default(),
            self.category.map(|category| category.0.to_string()).unwrap_or_default(),
            self.machines.to_string(),
            self.tier.0.to_string(),
            self.told_in_words(),
        ]
    }
}

/// A finding across machines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FindingRow {
    pub(crate) id: String,
    /// `open`.
    pub(crate) state: &'static str,
    /// On how many machines it is.
    pub(crate) machines: usize,
    #[serde(flatten)]
    finding: Finding,
}

impl FindingRow {
    pub(crate) fn of_fleet(finding: &FleetFinding, store: &Store) -> Result<Self, AppError> {
        Ok(Self {
            id: finding.id.clone(),
            state: "open",
            machines: finding.machine_count(),
            finding: Finding::of_fleet(finding, store)?,
        })
    }
}

impl Row for FindingRow {
    const COLUMNS: &'static [&'static str] = &{
        let mut columns = ["id", "state", "machines", "", "", "", "", "", "", "", "", ""];
        let mut at = 0;
        while at < Finding::COLUMNS.len() {
            columns[at + 3] = Finding::COLUMNS[at];
            at += 1;
        }
        columns
    };

    fn values(&self) -> Vec<String> {
        let mut values = vec![self.id.clone(), self.state.to_owned(), self.machines.to_string()];
        values.extend(self.finding.cells());
        values
    }
}

/// A vendor of which something is here.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct VendorRow {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Distinct products found here.
    pub(crate) products: usize,
    pub(crate) machines: usize,
    /// The vendor's own: the worst of all activities.
    pub(crate) tier: Word<Tier>,
    /// The worst installed headline of what is here.
    pub(crate) installed: Word<Tier>,
}

impl VendorRow {
    pub(crate) fn new(standing: &VendorStanding, name: &str) -> Self {
        Self {
            id: standing.vendor.to_string(),
            name: name.to_owned(),
            products: standing.products_here,
            machines: standing.machines,
            tier: Word(standing.verdict.tier),
            installed: Word(standing.installed),
        }
    }
}

impl Row for VendorRow {
    const COLUMNS: &'static [&'static str] = &["id", "name", "products", "machines", "tier", "installed"];

    fn values(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.name.clone(),
            self.products.to_string(),
            self.machines.to_string(),
            self.tier.0.to_string(),
            self.installed.0.to_string(),
        ]
    }
}

/// A vendor of which tools tell without saying on which machines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct VendorToldOut {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The vendor's own: the worst of all activities.
    pub(crate) tier: Word<Tier>,
    /// Distinct products that are told of.
    products: usize,
    /// On how many machines something of it is found, whoever told of these: it is a vendor of which something is here.
    pub(crate) machines_found: usize,
    /// Who tells of it, the newest first.
    pub(crate) told_by: Vec<TellerOut>,
    /// What is told, by product, name and version.
    pub(crate) titles: Vec<VendorTitleOut>,
}

/// The newest word of a tool on a vendor.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct TellerOut {
    /// The name of the format.
    origin: String,
    /// When it was so: when the file's data was made, else when it was imported. RFC 3339, UTC.
    at: String,
    /// Of how many titles of the vendor that import tells.
    titles: usize,
    /// On how many machines a title is, as the tool counts; null where it does not say. It is the tool's count, not ours,
    /// and machines that have several titles are in several counts.
    counted_by_tool: Option<CountedOut>,
    /// How many newer imports of that tool tell of things without a machine, but of nothing of the vendor.
    newer_imports: usize,
}

/// What a tool counts of several titles.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
struct CountedOut {
    /// The least of a title.
    least: u64,
    /// The most of a title.
    most: u64,
}

/// A title of a vendor that is told of without a machine.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct VendorTitleOut {
    /// Null where only the vendor is known.
    pub(crate) product: Option<String>,
    #[serde(flatten)]
    pub(crate) title: ToldTitleOut,
}

impl VendorToldOut {
    pub(crate) fn new(standing: &VendorStanding, name: &str, told: &ToldVendor) -> Self {
        let title = |(product, title): &(Option<ProductId>, ToldTitle)| VendorTitleOut {
            product: product.as_ref().map(ToString::to_string),
            title: ToldTitleOut::from(title),
        };
        Self {
            id: standing.vendor.to_string(),
            name: name.to_owned(),
            tier: Word(standing.verdict.tier),
            products: told.products(),
            machines_found: standing.machines,
            told_by: told.tellers().into_iter().map(TellerOut::from).collect(),
            titles: told.titles.iter().map(title).collect(),
        }
    }

    /// Who tells of it, for people.
    pub(crate) fn told_in_words(&self) -> String {
        self.told_by.iter().map(TellerOut::in_words).collect::<Vec<_>>().join("; ")
    }
}

impl From<Teller> for TellerOut {
    fn from(teller: Teller) -> Self {
        Self {
            origin: teller.origin,
            at: teller.at,
            titles: teller.titles,
            counted_by_tool: teller.counted.map(|(least, most)| CountedOut { least, most }),
            newer_imports: teller.newer,
        }
    }
}

impl TellerOut {
    /// For people: `intune-aggregate on 2026-11-20: 3 to 17 a title by its count`.
    fn in_words(&self) -> String {
        let day = self.at.get(..10).unwrap_or(&self.at);
        let count = match self.counted_by_tool {
            Some(CountedOut { most, .. }) if self.titles == 1 => format!(": {most} by its count"),
            Some(CountedOut { least, most }) if least == most => format!(": {most} a title by its count"),
            Some(CountedOut { least, most }) => format!(": {least} to {most} a title by its count"),
            None => String::new(),
        };
        format!("{} on {day}{count}{}", self.origin, newer_in_words(self.newer_imports))
    }
}
