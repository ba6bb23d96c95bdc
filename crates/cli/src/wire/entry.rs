//! `interdict/catalogue-entry/v1`: one entry of the catalogue, as it stands there.

use interdict_app::catalogue::{Catalogue as Facts, EntryKind};
use interdict_model::{
    Activity, Condition, Confidence, Effect, Embedded, Fingerprint, FingerprintField, Force, Goods, GoodsClaim, Ground,
    Instrument, Issuer, LegalEntity, MatchKind, Measure, Origin, Platform, Precision, Product, ProductClass,
    ProductStatus, Profile, Relation, RelationKind, Restriction, SourceKind, Standing, Supports, Vendor,
    VendorRelation, Verification,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::assess::ApprovalOut;
use super::words::Bound;
use super::{Catalogue, Date, Word, dates};

/// One entry of the catalogue.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct EntryDocument {
    #[schemars(extend("const" = "interdict/catalogue-entry/v1"))]
    schema: &'static str,
    catalogue: Catalogue,
    /// Whose entry it is: the catalogue's, or the organisation's own.
    origin: Word<Origin>,
    #[serde(flatten)]
    entry: Entry,
}

impl EntryDocument {
    /// The entry with an id, whatever its kind.
    pub(crate) fn find(facts: &Facts, id: &str) -> Option<Self> {
        let approval = || facts.approvals().iter().find(|approval| approval.id == id);
        let (kind, entry) = None
            .or_else(|| {
                let entry = |found| Entry::Restriction(Box::new(RestrictionEntry::from(found)));
                facts.restriction(&id.into()).map(|found| (EntryKind::Restriction, entry(found)))
            })
            .or_else(|| {
                let entry = |found| Entry::Vendor(VendorEntry::new(facts, found));
                facts.vendor(&id.into()).map(|found| (EntryKind::Vendor, entry(found)))
            })
            .or_else(|| {
                let entry = |found| Entry::Product(ProductEntry::new(facts, found));
                facts.product(&id.into()).map(|found| (EntryKind::Product, entry(found)))
            })
            .or_else(|| facts.issuer(&id.into()).map(|found| (EntryKind::Issuer, Entry::Issuer(found.into()))))
            .or_else(|| facts.profile(&id.into()).map(|found| (EntryKind::Profile, Entry::Profile(found.into()))))
            .or_else(|| approval().map(|found| (EntryKind::Approval, Entry::Approval(found.into()))))?;
        let (catalogue, origin) = (Catalogue::from(facts.stamp()), Word(facts.origin(kind, id)));
        Some(Self { schema: "interdict/catalogue-entry/v1", catalogue, origin, entry })
    }

    /// Whether it is the organisation's own entry.
    pub(crate) fn is_own(&self) -> bool {
        self.origin.0 == Origin::Own
    }

    pub(crate) const fn entry(&self) -> &Entry {
        &self.entry
    }
}

/// An entry by its kind.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "kind", content = "entry", rename_all = "lowercase")]
pub(crate) enum Entry {
    /// An instrument of an issuer.
    Restriction(Box<RestrictionEntry>),
    /// A vendor.
    Vendor(VendorEntry),
    /// A product.
    Product(ProductEntry),
    /// An authority.
    Issuer(IssuerEntry),
    /// An answer to "who are we".
    Profile(ProfileEntry),
    /// What an organisation has approved.
    Approval(ApprovalOut),
}

/// An instrument of an issuer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct RestrictionEntry {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) jurisdiction: String,
    pub(crate) title: String,
    pub(crate) short_title: String,
    pub(crate) text: String,
    pub(crate) instrument: Word<Instrument>,
    pub(crate) authority: Vec<String>,
    pub(crate) citations: Vec<String>,
    pub(crate) announced: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<Date>,
    pub(crate) verification: Word<Verification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verification_note: Option<String>,
    pub(crate) grounds: Vec<Word<Ground>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) superseded_by: Option<String>,
    pub(crate) standing: Vec<StandingOut>,
    pub(crate) scope: ScopeOut,
    pub(crate) effects: Vec<EffectOut>,
    /// Who is expressly left alone in what.
    pub(crate) not_bound: Vec<String>,
    /// What is left alone.
    pub(crate) not_covered: Vec<String>,
    pub(crate) sources: Vec<SourceOut>,
}

impl From<&Restriction> for RestrictionEntry {
    fn from(restriction: &Restriction) -> Self {
        Self {
            id: restriction.id.to_string(),
            issuer: restriction.issuer.to_string(),
            jurisdiction: restriction.jurisdiction.clone(),
            title: restriction.title.clone(),
            short_title: restriction.short_title.clone(),
            text: restriction.text.clone(),
            instrument: Word(restriction.instrument),
            authority: restriction.authority.clone(),
            citations: restriction.citations.clone(),
            announced: Date(restriction.announced),
            published: dates(restriction.published),
            verification: Word(restriction.verification),
            verification_note: restriction.verification_note.clone(),
            grounds: words(&restriction.grounds),
            superseded_by: restriction.superseded_by.as_ref().map(ToString::to_string),
            standing: restriction
                .standing
                .iter()
                .map(|span| StandingOut { from: Date(span.from), is: Word(span.is), note: span.note.clone() })
                .collect(),
            scope: ScopeOut::from(restriction),
            effects: restriction.effects.iter().map(EffectOut::from).collect(),
            not_bound: restriction.not_bound.iter().map(|entry| entry.says.clone()).collect(),
            not_covered: restriction.not_covered.iter().map(|entry| entry.says.clone()).collect(),
            sources: restriction
                .sources
                .iter()
                .map(|source| SourceOut {
                    kind: Word(source.kind),
                    url: source.url.clone(),
                    supports: words(&source.supports),
                    checked: Date(source.checked),
                    note: source.note.clone(),
                })
                .collect(),
        }
    }
}

/// Where an instrument stood from a day on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct StandingOut {
    pub(crate) from: Date,
    pub(crate) is: Word<Standing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// Who and what an instrument is about.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ScopeOut {
    vendors: Vec<String>,
    entities: Vec<String>,
    persons: Vec<ListedPersonOut>,
    goods: Vec<Word<Goods>>,
    /// Of a rule: the kinds of lists whose companies' affiliates it reaches as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extends: Vec<Word<Instrument>>,
    /// Of the named vendors only these products; all when empty.
    products: Vec<String>,
    product_classes: Vec<Word<ProductClass>>,
    except_classes: Vec<Word<ProductClass>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embedded: Option<Word<Embedded>>,
}

/// A person an instrument names.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ListedPersonOut {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_id: Option<String>,
}

impl ScopeOut {
    /// Every id it names.
    pub(crate) fn named(&self) -> Vec<&str> {
        let persons = self.persons.iter().map(|person| &person.id);
        let goods = self.goods.iter().map(|goods| goods.0.as_str());
        let extended = self.extends.iter().map(|instrument| instrument.0.as_str());
        let ids = self.vendors.iter().chain(&self.entities).chain(persons).map(String::as_str);
        ids.chain(goods).chain(extended).collect()
    }
}

impl From<&Restriction> for ScopeOut {
    fn from(restriction: &Restriction) -> Self {
        let scope = &restriction.scope;
        let person = |listed: &interdict_model::ListedPerson| ListedPersonOut {
            id: listed.id.to_string(),
            role: listed.role.clone(),
            list_id: listed.list_id.clone(),
        };
        Self {
            vendors: texts(&scope.vendors),
            entities: texts(&scope.entities),
            persons: scope.persons.iter().map(person).collect(),
            goods: words(&scope.goods),
            extends: words(&scope.extends),
            products: texts(&scope.products),
            product_classes: words(&scope.product_classes),
            except_classes: words(&scope.except_classes),
            embedded: scope.embedded.map(Word),
        }
    }
}

/// One dated consequence.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct EffectOut {
    pub(crate) force: Word<Force>,
    pub(crate) activities: Vec<Word<Activity>>,
    pub(crate) from: Date,
    /// How exactly that day is known, where less than to the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from_precision: Option<Word<Precision>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
    /// The event it ends with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until_event: Option<String>,
    /// Whom and what this effect alone is about, where that is less than the whole scope.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) only: Vec<String>,
    pub(crate) binds: Vec<Bound>,
    pub(crate) counterparty: Vec<Bound>,
    pub(crate) addressed: Vec<Bound>,
    pub(crate) when: Vec<Word<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trigger: Option<String>,
    pub(crate) measure: Word<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) says: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reading: Option<String>,
}

impl From<&Effect> for EffectOut {
    fn from(effect: &Effect) -> Self {
        let bound = |capacities: &[interdict_model::Capacity]| capacities.iter().copied().map(Bound).collect();
        Self {
            force: Word(effect.force),
            activities: words(&effect.activities),
            from: Date(effect.from),
            from_precision: (effect.from_precision != Precision::Day).then_some(Word(effect.from_precision)),
            until: dates(effect.until),
            until_event: effect.until_event.clone(),
            only: narrowed_to(effect),
            binds: bound(&effect.binds),
            counterparty: bound(&effect.counterparty),
            addressed: bound(&effect.addressed),
            when: words(&effect.when),
            trigger: effect.trigger.clone(),
            measure: Word(effect.measure),
            says: effect.says.clone(),
            reading: effect.reading.clone(),
        }
    }
}

/// Every id and class that narrows an effect.
fn narrowed_to(effect: &Effect) -> Vec<String> {
    let ids = texts(&effect.vendors).into_iter().chain(texts(&effect.entities)).chain(texts(&effect.persons));
    let ids = ids.chain(texts(&effect.products));
    let goods = effect.goods.iter().map(|goods| goods.as_str().to_owned());
    let classes = effect.product_classes.iter().map(|class| class.as_str().to_owned());
    ids.chain(goods).chain(classes).collect()
}

/// Where something stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct SourceOut {
    pub(crate) kind: Word<SourceKind>,
    pub(crate) url: String,
    /// Which parts of the entry stand there.
    pub(crate) supports: Vec<Word<Supports>>,
    pub(crate) checked: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// A vendor.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct VendorEntry {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) website: Option<String>,
    /// ISO 3166 country code of its head office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    /// What it was, came from and belonged to.
    pub(crate) relations: Vec<RelationOut>,
    /// The classes of goods it makes or is said not to make.
    pub(crate) goods: Vec<GoodsOut>,
    pub(crate) entities: Vec<EntityOut>,
    pub(crate) people: Vec<PersonOut>,
    pub(crate) products: Vec<NamedOut>,
    /// How any product of it is recognised.
    pub(crate) identifiers: Vec<IdentifierOut>,
    /// The restrictions that speak of it, of its companies or of its people, by day of announcement.
    pub(crate) restrictions: Vec<String>,
}

/// An id and a name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct NamedOut {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A company in law.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct EntityOut {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) country: Option<String>,
    pub(crate) aliases: Vec<String>,
    /// Who says so; general knowledge when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
}

/// How a vendor stands to another company.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct RelationOut {
    pub(crate) kind: Word<RelationKind>,
    /// The other's id, or its name where it has no entry.
    pub(crate) other: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
    pub(crate) says: String,
    /// Who says so; general knowledge when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
}

impl From<&VendorRelation> for RelationOut {
    fn from(relation: &VendorRelation) -> Self {
        let other = relation.vendor.as_ref().map(ToString::to_string).or_else(|| relation.name.clone());
        Self {
            kind: Word(relation.kind),
            other: other.unwrap_or_default(),
            from: dates(relation.from),
            until: dates(relation.until),
            says: relation.says.clone(),
            source: relation.source.clone(),
        }
    }
}

/// Whether a vendor belongs to a class of goods.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct GoodsOut {
    pub(crate) kind: Word<Goods>,
    pub(crate) belongs: bool,
    pub(crate) says: String,
    /// Who says so; general knowledge when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
}

impl From<&GoodsClaim> for GoodsOut {
    fn from(claim: &GoodsClaim) -> Self {
        Self { kind: Word(claim.kind), belongs: claim.belongs, says: claim.says.clone(), source: claim.source.clone() }
    }
}

/// A person of a vendor, without any claim of being listed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PersonOut {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: String,
    /// Who says so; general knowledge when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
}

impl From<&LegalEntity> for EntityOut {
    fn from(entity: &LegalEntity) -> Self {
        Self {
            id: entity.id.to_string(),
            name: entity.name.clone(),
            country: entity.country.clone(),
            aliases: entity.aliases.iter().chain(&entity.former_names).cloned().collect(),
            source: entity.source.clone(),
        }
    }
}

impl VendorEntry {
    fn new(facts: &Facts, vendor: &Vendor) -> Self {
        let named = |id: String, name: &str| NamedOut { id, name: name.to_owned() };
        Self {
            id: vendor.id.to_string(),
            name: vendor.name.clone(),
            names: vendor.names.iter().map(|name| name.text.clone()).collect(),
            website: vendor.website.clone(),
            country: vendor.headquarters.as_ref().map(|place| place.country.clone()),
            parent: vendor.parent.as_ref().map(ToString::to_string),
            note: vendor.note.clone(),
            relations: vendor.relations.iter().map(RelationOut::from).collect(),
            goods: vendor.goods.iter().map(GoodsOut::from).collect(),
            entities: vendor.entities.iter().map(EntityOut::from).collect(),
            people: vendor
                .people
                .iter()
                .map(|person| PersonOut {
                    id: person.id.to_string(),
                    name: person.name.clone(),
                    role: person.role.clone(),
                    source: person.source.clone(),
                })
                .collect(),
            products: vendor.products.iter().map(|product| named(product.id.to_string(), &product.name)).collect(),
            identifiers: identifiers(facts, vendor, None),
            restrictions: facts.restrictions_of(&vendor.id).map(|restriction| restriction.id.to_string()).collect(),
        }
    }
}

/// A product.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ProductEntry {
    pub(crate) id: String,
    pub(crate) vendor: String,
    pub(crate) name: String,
    pub(crate) category: Word<interdict_model::Category>,
    pub(crate) classes: Vec<Word<ProductClass>>,
    pub(crate) platforms: Vec<Word<Platform>>,
    pub(crate) status: Word<ProductStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    /// The classes of goods it is.
    pub(crate) goods: Vec<Word<Goods>>,
    /// The vendor whose product this is an integration for; it is never that product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) made_for: Option<String>,
    /// How it is recognised, as `field match "value"`.
    pub(crate) fingerprints: Vec<String>,
    /// The same in parts, with where each was seen.
    pub(crate) identifiers: Vec<IdentifierOut>,
}

/// One literal or pattern by which software is recognised.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct IdentifierOut {
    field: Word<FingerprintField>,
    #[serde(rename = "match")]
    kind: Word<MatchKind>,
    value: String,
    confidence: Word<Confidence>,
    /// Where it was seen; general knowledge when empty.
    source: Vec<String>,
    /// It never decides alone.
    ambiguous: bool,
    shared_with: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Whose it is: the catalogue's, or the organisation's own.
    origin: Word<Origin>,
}

/// How a vendor, or one of its products, is recognised.
fn identifiers(facts: &Facts, vendor: &Vendor, product: Option<&Product>) -> Vec<IdentifierOut> {
    let prints = product.map_or(&vendor.fingerprints, |product| &product.fingerprints);
    let origin = |print: &Fingerprint| facts.fingerprint_origin(vendor, product, print);
    prints.iter().map(|print| IdentifierOut::new(print, origin(print))).collect()
}

impl IdentifierOut {
    fn new(fingerprint: &Fingerprint, origin: Origin) -> Self {
        Self {
            origin: Word(origin),
            field: Word(fingerprint.field),
            kind: Word(fingerprint.kind),
            value: fingerprint.value.clone(),
            confidence: Word(fingerprint.confidence),
            source: fingerprint.source.clone(),
            ambiguous: fingerprint.ambiguous,
            shared_with: fingerprint.shared_with.clone(),
            note: fingerprint.note.clone(),
        }
    }
}

impl ProductEntry {
    fn new(facts: &Facts, product: &Product) -> Self {
        let identifiers =
            facts.vendor(&product.vendor).map(|vendor| identifiers(facts, vendor, Some(product))).unwrap_or_default();
        let fingerprint = |print: &IdentifierOut| {
            let ambiguous = if print.ambiguous { ", never alone" } else { "" };
            let own = if print.origin.0 == Origin::Own { " (own)" } else { "" };
            format!("{} {} \"{}\"{ambiguous}{own}", print.field.0, print.kind.0, print.value)
        };
        Self {
            id: product.id.to_string(),
            vendor: product.vendor.to_string(),
            name: product.name.clone(),
            category: Word(product.category),
            classes: words(&product.classes),
            platforms: words(&product.platforms),
            status: Word(product.status),
            note: product.note.clone(),
            goods: words(&product.goods),
            made_for: product.made_for.as_ref().map(ToString::to_string),
            fingerprints: identifiers.iter().map(fingerprint).collect(),
            identifiers,
        }
    }
}

/// An authority.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct IssuerEntry {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) short_name: String,
    pub(crate) jurisdiction: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) website: Option<String>,
}

impl From<&Issuer> for IssuerEntry {
    fn from(issuer: &Issuer) -> Self {
        Self {
            id: issuer.id.to_string(),
            name: issuer.name.clone(),
            short_name: issuer.short_name.clone(),
            jurisdiction: issuer.jurisdiction.clone(),
            website: issuer.website.clone(),
        }
    }
}

/// An answer to "who are we".
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ProfileEntry {
    pub(crate) id: String,
    pub(crate) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jurisdiction: Option<String>,
    pub(crate) capacities: Vec<Bound>,
    pub(crate) government: Word<Relation>,
    pub(crate) purchase_activities: Vec<Word<Activity>>,
    pub(crate) asks: Vec<Word<Condition>>,
}

impl From<&Profile> for ProfileEntry {
    fn from(profile: &Profile) -> Self {
        Self {
            id: profile.id.to_string(),
            title: profile.title.clone(),
            jurisdiction: profile.jurisdiction.clone(),
            capacities: profile.capacities.iter().copied().map(Bound).collect(),
            government: Word(profile.government),
            purchase_activities: words(&profile.purchase_activities),
            asks: words(&profile.asks),
        }
    }
}

fn words<T: Copy>(words: &[T]) -> Vec<Word<T>> {
    words.iter().copied().map(Word).collect()
}

fn texts(ids: &[impl ToString]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
