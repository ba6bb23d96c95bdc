//! The Software screen, a product's page, and lists written to files.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Context, FacetValue, MachineFacets, MachineRow, MachinesQuery, Tier, VendorRef};

/// Which titles are wanted, in which order. What is empty or absent allows every one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SoftwareQuery {
    /// Words of the name or publisher, in any script.
    pub text: String,
    /// Of exactly this publisher.
    pub publisher: Option<String>,
    /// Of this vendor.
    pub vendor: Option<String>,
    /// Read from one of these, by word.
    pub sources: Vec<String>,
    /// Tiers.
    pub tiers: Vec<Tier>,
    /// Whether the vendor is known.
    pub identified: Option<bool>,
    /// `machines`: on known machines; `told`: a tool tells of it without saying on which machines.
    pub whereabouts: Option<String>,
    /// `tier`, `name`, `version`, `publisher`, `vendor`, `machines`.
    pub sort: String,
    /// Whether the order is turned around.
    pub descending: bool,
}

/// A part of the list of software.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SoftwareRequest {
    /// Who asks, for which day.
    pub context: Context,
    /// Which titles.
    pub query: SoftwareQuery,
    /// The place of the first row wanted.
    pub offset: u32,
    /// At most so many rows.
    pub limit: u32,
}

/// A part of the list of software.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SoftwarePage {
    /// The rows from the offset asked for.
    pub rows: Vec<SoftwareRow>,
    /// How many titles the filters choose.
    pub total: u32,
    /// How many there are.
    pub all: u32,
    /// How many machines there are.
    pub machines: u32,
    /// What each value of each filter would choose.
    pub facets: SoftwareFacets,
}

/// One title as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SoftwareRow {
    /// The id of the page of all its versions.
    pub family: String,
    /// Its name.
    pub name: String,
    /// Its version as written.
    pub version: Option<String>,
    /// Its publisher as written.
    pub publisher: Option<String>,
    /// Where it was read, for people.
    pub sources: Vec<String>,
    /// On how many machines it is; none where it is only told of without a machine.
    pub machines: u32,
    /// Who tells of it without saying on which machines, the newest first; not counted in `machines`.
    pub told: Vec<Telling>,
    /// The vendor it was recognised by.
    pub vendor: Option<VendorRef>,
    /// The name of the product it is.
    pub product: Option<String>,
    /// The tier of having it; nothing where it is not recognised.
    pub tier: Option<Tier>,
}

/// That a tool told of something without saying on which machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Telling {
    /// The tool, for people.
    pub tool: String,
    /// The number of the import.
    pub import: u32,
    /// When it was so.
    pub at: String,
    /// On how many machines, as the tool counts; nothing where it does not say.
    pub count: Option<u32>,
    /// How many newer imports of that tool do not tell of it.
    pub newer: u32,
}

/// A title that is told of without a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ToldTitle {
    /// Its name.
    pub name: String,
    /// Its version as written.
    pub version: Option<String>,
    /// Its publisher as written.
    pub publisher: Option<String>,
    /// Who tells of it, the newest first.
    pub told: Vec<Telling>,
}

/// How much is told of a vendor or a product without a machine, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ToldCount {
    /// How many titles.
    pub titles: u32,
    /// The tools that tell of them, the newest first, for people.
    pub tools: Vec<String>,
    /// When the newest of them did.
    pub at: String,
}

/// A title of a vendor that is told of without a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VendorTitle {
    /// The page of all its versions; nothing where the product is not known.
    pub family: Option<String>,
    /// The title, and who tells of it.
    pub title: ToldTitle,
}

/// A product, or a vendor without a known product, that is told of without a machine and some instrument speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ToldFinding {
    /// The product's id, or the vendor's.
    pub id: String,
    /// The page of all its versions; nothing where the product is not known.
    pub family: Option<String>,
    /// The product's name, or what is known instead.
    pub title: String,
    /// Its vendor.
    pub vendor: VendorRef,
    /// The tier of having it.
    pub tier: Tier,
    /// The tools that tell of it, the newest first, for people.
    pub tools: Vec<String>,
    /// When the newest of them did.
    pub at: String,
    /// How many titles are told of.
    pub titles: u32,
    /// On how many machines it is found.
    pub machines: u32,
}

/// The values of the filters of the software.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SoftwareFacets {
    /// Publishers, those of most titles first.
    pub publishers: Vec<FacetValue>,
    /// How many publishers there are; only the first are listed.
    pub publisher_count: u32,
    /// Vendors, by name.
    pub vendors: Vec<FacetValue>,
    /// Sources.
    pub sources: Vec<FacetValue>,
    /// Tiers.
    pub tiers: Vec<FacetValue>,
    /// Titles of which the vendor is known.
    pub identified: u32,
    /// Titles of which it is not.
    pub unidentified: u32,
    /// Titles on known machines.
    pub on_machines: u32,
    /// Titles of which a tool tells without saying on which machines.
    pub told: u32,
}

/// The page of all versions of a product or title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FamilyRequest {
    /// Who asks, for which day.
    pub context: Context,
    /// Its id.
    pub id: String,
}

/// All versions of a product, or of a title that is not recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FamilyPage {
    /// Its id.
    pub id: String,
    /// The product's name, or the title's.
    pub name: String,
    /// The vendor it was recognised by.
    pub vendor: Option<VendorRef>,
    /// The tier of having it; nothing where it is not recognised.
    pub tier: Option<Tier>,
    /// The names it goes by, each once.
    pub names: Vec<String>,
    /// The publishers written there, each once.
    pub publishers: Vec<String>,
    /// Where it was read, for people.
    pub sources: Vec<String>,
    /// Its versions on machines, the lowest first.
    pub versions: Vec<VersionCount>,
    /// What is told of without a machine, by name and version.
    pub told: Vec<ToldTitle>,
    /// How many machines have any of them.
    pub machines_with: u32,
    /// How many have none.
    pub machines_without: u32,
}

/// A version and how many have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VersionCount {
    /// As written; empty where none is.
    pub version: String,
    /// On how many machines it is.
    pub machines: u32,
}

/// Who has a product or title, or who has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HoldersQuery {
    /// The id of the product or title.
    pub family: String,
    /// These versions; empty for any.
    pub versions: Vec<String>,
    /// Those who have it, else those who have not.
    pub has: bool,
    /// Which of these machines.
    pub machines: MachinesQuery,
}

/// A part of the list of those who have something, or have not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HoldersRequest {
    /// Who asks, for which day.
    pub context: Context,
    /// Who is wanted.
    pub query: HoldersQuery,
    /// The place of the first row wanted.
    pub offset: u32,
    /// At most so many rows.
    pub limit: u32,
}

/// A part of the list of those who have something, or have not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HoldersPage {
    /// The rows from the offset asked for.
    pub rows: Vec<HolderRow>,
    /// How many machines the filters choose.
    pub total: u32,
    /// How many have it, or have not.
    pub all: u32,
    /// What each value of each filter would choose.
    pub facets: MachineFacets,
}

/// A machine and the versions it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HolderRow {
    /// The machine.
    pub machine: MachineRow,
    /// The versions on it; none of a machine that has it not.
    pub versions: Vec<String>,
}

/// A list to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", content = "query", rename_all = "kebab-case")]
pub enum ExportedList {
    /// Machines.
    Machines(MachinesQuery),
    /// Titles.
    Software(SoftwareQuery),
    /// Those who have something, or have not.
    Holders(HoldersQuery),
}

/// A request to write a list to a file, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportRequest {
    /// By which it can be cancelled.
    pub id: String,
    /// Who asks, for which day.
    pub context: Context,
    /// Which list.
    pub list: ExportedList,
    /// `csv` or `xlsx`.
    pub format: String,
    /// The name of the list, for the file and the sheet.
    pub title: String,
    /// The columns that are shown, in their order.
    pub columns: Vec<ExportColumn>,
    /// What values are called on the screen, such as tiers.
    pub words: Vec<ExportWord>,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportColumn {
    /// Which one.
    pub id: String,
    /// Its head.
    pub header: String,
}

/// What a value is called on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportWord {
    /// The value.
    pub value: String,
    /// What it is called.
    pub label: String,
}

/// How far the writing of a list is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportProgress {
    /// Rows written.
    pub written: u32,
    /// Rows to write.
    pub of: u32,
}

/// A written list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// How many rows it has.
    pub rows: u32,
    /// It was cancelled, and there is no file.
    pub cancelled: bool,
}

/// An export to cancel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportCancelRequest {
    /// The id it was started with.
    pub id: String,
}

/// A file that was written, to be shown in its folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderShowRequest {
    /// The file.
    pub path: String,
}

/// A set of filters with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedView {
    /// `machines` or `software`.
    pub list: String,
    /// Its name.
    pub name: String,
    /// The part of the address after the `?`.
    pub search: String,
}

/// The saved views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedViews {
    /// All of them, in the order of their names.
    pub views: Vec<SavedView>,
}
