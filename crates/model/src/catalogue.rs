//! Vendors, products, people, issuers and profiles, as the catalogue's files give them.

use serde::{Deserialize, Serialize};

use crate::capacity::Capacity;
use crate::day::Day;
use crate::ids::{EntityId, IssuerId, PersonId, ProductId, ProfileId, RestrictionId, VendorId};
use crate::vocabulary::{
    Activity, Category, Condition, Confidence, Figure, FingerprintField, Goods, MatchKind, Platform, ProductClass,
    ProductStatus, Relation, RelationKind, Script, Side, SourceKind,
};

/// Which catalogue, and of which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueStamp {
    /// Its version.
    pub version: String,
    /// The day of its facts.
    pub date: Day,
}

/// A name in some script, for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptName {
    /// The name.
    pub text: String,
    /// Its script.
    pub script: Script,
    /// From when, where known.
    pub from: Option<Day>,
    /// Until when, where it is over.
    pub until: Option<Day>,
}

/// Where a vendor's head office is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headquarters {
    /// City, where a source says so.
    pub city: Option<String>,
    /// ISO 3166 country code.
    pub country: String,
    /// Who says so; general knowledge when absent.
    pub source: Option<String>,
}

/// A company in law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalEntity {
    /// Its id.
    pub id: EntityId,
    /// Its name.
    pub name: String,
    /// ISO 3166 country code, where known.
    pub country: Option<String>,
    /// Other names of this very company.
    pub aliases: Vec<String>,
    /// Names it no longer has.
    pub former_names: Vec<String>,
    /// Who says so; general knowledge when absent.
    pub source: Option<String>,
    /// What else a reader should know.
    pub note: Option<String>,
}

/// A person of a vendor, without any claim of being listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person's id.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The name in other scripts.
    pub names: Vec<ScriptName>,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// What the person does at the vendor.
    pub role: String,
    /// Who says so; general knowledge when absent.
    pub source: Option<String>,
    /// What else a reader should know.
    pub note: Option<String>,
}

/// How big a vendor is, in the words of whoever says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footprint {
    /// Which figure.
    pub figure: Figure,
    /// The figure as given, such as `more than 400 million`.
    pub value: String,
    /// Of which day.
    pub as_of: Option<Day>,
    /// Who says so.
    pub says: String,
    /// Where.
    pub source: String,
}

/// What somebody said about a restriction or a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Which side speaks.
    pub side: Side,
    /// Who speaks.
    pub by: String,
    /// When.
    pub date: Option<Day>,
    /// The exact words.
    pub quote: Option<String>,
    /// A summary in the catalogue's words.
    pub says: Option<String>,
    /// The restriction it is about.
    pub about: Option<RestrictionId>,
    /// Where it stands.
    pub source: String,
    /// What kind of source that is.
    pub kind: SourceKind,
}

/// One literal or pattern by which software is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// What it is compared with.
    pub field: FingerprintField,
    /// How it is compared.
    pub kind: MatchKind,
    /// The literal or pattern.
    pub value: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it was seen.
    pub source: Vec<String>,
    /// Never decides alone.
    pub ambiguous: bool,
    /// Vendors or products that carry the same identifier.
    pub shared_with: Vec<String>,
    /// What else a reader should know.
    pub note: Option<String>,
}

/// How a vendor stands to another company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorRelation {
    /// How.
    pub kind: RelationKind,
    /// The other, where it has a file.
    pub vendor: Option<VendorId>,
    /// The other's name, where it has none.
    pub name: Option<String>,
    /// From when, where known.
    pub from: Option<Day>,
    /// Until when, where it is over.
    pub until: Option<Day>,
    /// How much of it the other holds, as the source gives it.
    pub share: Option<String>,
    /// The same in one sentence.
    pub says: String,
    /// Who says so; general knowledge when absent.
    pub source: Option<String>,
}

impl VendorRelation {
    /// Whether it held on a day, as far as its days are known.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// Whether a vendor belongs to a class of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsClaim {
    /// Which class.
    pub kind: Goods,
    /// Whether it does.
    pub belongs: bool,
    /// The same in one sentence.
    pub says: String,
    /// Who says so; general knowledge when absent.
    pub source: Option<String>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Who makes it.
    pub vendor: VendorId,
    /// Its name.
    pub name: String,
    /// Its name in other scripts.
    pub names: Vec<ScriptName>,
    /// What it is, in the words instruments use; empty when that is not known.
    pub classes: Vec<ProductClass>,
    /// What it does.
    pub category: Category,
    /// Where it runs.
    pub platforms: Vec<Platform>,
    /// Whether it is still made.
    pub status: ProductStatus,
    /// The classes of goods it is.
    pub goods: Vec<Goods>,
    /// The vendor whose product this is an integration for; it is never that product.
    pub made_for: Option<VendorId>,
    /// What else a reader should know.
    pub note: Option<String>,
    /// How it is recognised.
    pub fingerprints: Vec<Fingerprint>,
}

/// A report that a product holds another vendor's engine; a lead, never proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embeds {
    /// The product.
    pub product: ProductId,
    /// Whose engine.
    pub engine_vendor: VendorId,
    /// What is reported, in one sentence.
    pub says: String,
    /// How sure.
    pub confidence: Confidence,
    /// Where.
    pub source: Vec<String>,
}

/// A vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vendor {
    /// Its id.
    pub id: VendorId,
    /// Its name as its owners write it.
    pub name: String,
    /// Its name in other scripts and times.
    pub names: Vec<ScriptName>,
    /// Words to search by, never matched against software.
    pub aliases: Vec<String>,
    /// Its domain.
    pub website: Option<String>,
    /// Where its head office is.
    pub headquarters: Option<Headquarters>,
    /// The vendor that owns it today; the days stand in `relations`, where known.
    pub parent: Option<VendorId>,
    /// What it was, came from and belonged to.
    pub relations: Vec<VendorRelation>,
    /// The classes of goods it makes or is said not to make.
    pub goods: Vec<GoodsClaim>,
    /// What else a reader should know.
    pub note: Option<String>,
    /// Its companies.
    pub entities: Vec<LegalEntity>,
    /// Its people.
    pub people: Vec<Person>,
    /// How big it is.
    pub footprint: Vec<Footprint>,
    /// What both sides say.
    pub statements: Vec<Statement>,
    /// How any product of it is recognised.
    pub fingerprints: Vec<Fingerprint>,
    /// Its products.
    pub products: Vec<Product>,
    /// Engines of others that its products were reported to hold.
    pub embeds: Vec<Embeds>,
}

impl Vendor {
    /// The vendors that own it on a day. Ownership without days counts on every day.
    pub fn owners_on(&self, day: Day) -> impl Iterator<Item = &VendorId> {
        let dated = self.relations.iter().filter(|relation| relation.kind == RelationKind::OwnedBy);
        let has_no_days = |id: &&VendorId| !dated.clone().any(|relation| relation.vendor.as_ref() == Some(*id));
        let parent = self.parent.as_ref().filter(has_no_days);
        let held = dated.filter(move |relation| relation.holds_on(day));
        parent.into_iter().chain(held.filter_map(|relation| relation.vendor.as_ref()))
    }

    /// The vendors it carries on or is a new name of, as far as they have files.
    pub fn predecessors(&self) -> impl Iterator<Item = (&VendorId, &VendorRelation)> {
        let carries_on = |kind: RelationKind| matches!(kind, RelationKind::SuccessorOf | RelationKind::RenamedFrom);
        let relations = self.relations.iter().filter(move |relation| carries_on(relation.kind));
        relations.filter_map(|relation| relation.vendor.as_ref().map(|vendor| (vendor, relation)))
    }
}

/// An authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// Its id.
    pub id: IssuerId,
    /// Its full name.
    pub name: String,
    /// Its name for narrow places.
    pub short_name: String,
    /// Its jurisdiction: a lower-case country code, or `eu`.
    pub jurisdiction: String,
    /// Its website.
    pub website: Option<String>,
}

/// An answer to "who are we".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Its id.
    pub id: ProfileId,
    /// What it stands for.
    pub title: String,
    /// Its jurisdiction: a lower-case country code, `eu`, or nothing for `research`.
    pub jurisdiction: Option<String>,
    /// How it is bound.
    pub capacities: Vec<Capacity>,
    /// What it is to a government.
    pub government: Relation,
    /// Activities counted in its purchase headline besides buy, renew and deal-with.
    pub purchase_activities: Vec<Activity>,
    /// Conditions worth asking it about.
    pub asks: Vec<Condition>,
}

/// What an organisation has approved for itself. It stands beside a verdict and never changes a tier: nobody can allow
/// what an instrument forbids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Its id: the file's name.
    pub id: String,
    /// The vendor, or the vendor of the product.
    pub vendor: VendorId,
    /// The product; all of the vendor's when absent.
    pub product: Option<ProductId>,
    /// In which role somebody approved it.
    pub by: String,
    /// From which day.
    pub from: Day,
    /// Until the day before this one; without an end when absent.
    pub until: Option<Day>,
    /// What a reader should know.
    pub note: Option<String>,
}

impl Approval {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The id of what is approved.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.product.as_ref().map_or(self.vendor.as_str(), |product| product.as_str())
    }
}
