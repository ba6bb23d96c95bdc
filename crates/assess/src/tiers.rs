//! Tiers without reasons: of every product and vendor, for some askers, on any day.
//!
//! [`assess`](crate::assess) says why and is asked one question at a time. A [`TierTable`] answers for a fleet: most subjects
//! are reached by the same effects, and between two days on which an effect begins or ends nothing changes, so that few
//! answers have to be worked out and the rest is looking up. It says the same as `assess`, a test sees to that, and knows
//! nothing of parties, which are asked for by name.

use std::collections::{BTreeSet, HashMap};

use interdict_catalogue::Catalogue;
use interdict_model::{
    Activity, Day, Effect, Headline, ProductId, RelationKind, RestrictionId, Subject, Tier, Vendor, VendorId,
};

use crate::circumstances::Circumstances;
use crate::coverage::{Coverage, coverage};
use crate::phase::phase;
use crate::timeline::change_days;
use crate::touch::Touch;
use crate::verdict::relevant;

const ACTIVITIES: usize = Activity::ALL.len();

/// What holds from which day on, ascending; what stands first holds since ever.
type Dated<T> = Vec<(Day, T)>;

/// The tiers of one subject for one asker on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tiers {
    activities: [Tier; ACTIVITIES],
    /// The two short answers.
    pub headline: Headline,
}

impl Tiers {
    /// The tier of an activity.
    #[must_use]
    pub fn of(&self, activity: Activity) -> Tier {
        self.activities.get(activity as usize).copied().unwrap_or(Tier::None)
    }

    /// The worst of all activities.
    #[must_use]
    pub fn worst(&self) -> Tier {
        self.activities.iter().copied().fold(Tier::None, Tier::worst)
    }
}

/// The tiers of every vendor and product of a catalogue, for some askers.
#[derive(Debug, Clone)]
pub struct TierTable {
    /// The group a vendor belongs to: subjects reached by the same effects in the same way.
    vendors: HashMap<VendorId, Dated<usize>>,
    /// The group a product belongs to.
    products: HashMap<ProductId, Dated<usize>>,
    /// For each asker, the course that each group takes.
    courses_of: Vec<Vec<usize>>,
    /// Tiers over time.
    courses: Vec<Dated<Tiers>>,
}

impl TierTable {
    /// Works out what there is to look up. The days of the askers' circumstances do not matter.
    #[must_use]
    pub fn new(catalogue: &Catalogue, askers: &[Circumstances]) -> Self {
        let effects = Effects::of(catalogue);
        let mut groups = Interned::default();
        let mut vendors = HashMap::new();
        let mut products = HashMap::new();
        for vendor in catalogue.vendors() {
            let days = coverage_days(catalogue, vendor);
            let mut groups_of = |subject| {
                dated(days.iter().copied(), |day| groups.position(effects.group(catalogue, vendor, &subject, day)))
            };
            vendors.insert(vendor.id.clone(), groups_of(Subject::Vendor { vendor: vendor.id.clone() }));
            for product in &vendor.products {
                let subject = Subject::Product { vendor: vendor.id.clone(), product: product.id.clone() };
                products.insert(product.id.clone(), groups_of(subject));
            }
        }
        let mut burdens = Interned::default();
        let mut courses_for = |asker| {
            let borne = effects.burdens(asker, &groups.things).into_iter();
            borne.map(|burden| burdens.position(burden)).collect()
        };
        let courses_of = askers.iter().map(&mut courses_for).collect();
        let courses = burdens.things.iter().map(|burden| effects.course(burden)).collect();
        Self { vendors, products, courses_of, courses }
    }

    /// A vendor or product to ask about; nothing for a party and for what the catalogue does not hold.
    #[must_use]
    pub fn subject(&self, subject: &Subject) -> Option<SubjectTiers<'_>> {
        let groups = match subject {
            Subject::Vendor { vendor } => self.vendors.get(vendor)?,
            Subject::Product { product, .. } => self.products.get(product)?,
            Subject::Party { .. } => return None,
        };
        Some(SubjectTiers { table: self, groups })
    }
}

/// One subject in the table.
#[derive(Debug, Clone, Copy)]
pub struct SubjectTiers<'t> {
    table: &'t TierTable,
    groups: &'t [(Day, usize)],
}

impl<'t> SubjectTiers<'t> {
    /// Its tiers for an asker, by position among those the table was made for, on a day.
    #[must_use]
    pub fn on(&self, asker: usize, day: Day) -> Option<&'t Tiers> {
        let group = at(self.groups, day)?;
        let course = *self.table.courses_of.get(asker)?.get(*group)?;
        at(self.table.courses.get(course)?, day)
    }
}

/// What holds on a day.
fn at<T>(dated: &[(Day, T)], day: Day) -> Option<&T> {
    let until = dated.partition_point(|(from, _)| *from <= day);
    dated.get(until.checked_sub(1)?).map(|(_, thing)| thing)
}

/// What holds from each of some ascending days on, without the days on which nothing changes.
fn dated<T: PartialEq>(days: impl IntoIterator<Item = Day>, mut on: impl FnMut(Day) -> T) -> Dated<T> {
    let mut dated: Dated<T> = Vec::new();
    for day in days {
        let thing = on(day);
        if dated.last().is_none_or(|(_, last)| *last != thing) {
            dated.push((day, thing));
        }
    }
    dated
}

/// Things that occur often, each kept once.
struct Interned<T> {
    things: Vec<T>,
    positions: HashMap<T, usize>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { things: Vec::new(), positions: HashMap::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interned<T> {
    fn position(&mut self, thing: T) -> usize {
        *self.positions.entry(thing).or_insert_with_key(|thing| {
            self.things.push(thing.clone());
            self.things.len() - 1
        })
    }
}

/// How an effect reaches a subject, and what that leaves of its tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Reach {
    /// In full.
    Full,
    /// In full, under a condition that is not known to hold.
    Conditional,
    /// Perhaps.
    Undetermined,
    /// Not itself, but something near to it.
    Near,
    /// Not itself, but somebody whom dealings with it may reach.
    NearInDealings,
}

impl Reach {
    fn of(coverage: &Coverage) -> Option<Self> {
        match coverage {
            Coverage::NotAbout | Coverage::NotCovered(_) => None,
            Coverage::Covered { .. } => Some(Self::Full),
            Coverage::Unclear(_) | Coverage::ReportedEmbedded(_) => Some(Self::Undetermined),
            Coverage::Predecessor(_) => Some(Self::Near),
            Coverage::PeopleOnly { .. } | Coverage::OwnersOnly(_) => Some(Self::NearInDealings),
        }
    }

    fn leaves(self, tier: Tier) -> Tier {
        match self {
            Self::Conditional if tier == Tier::Prohibited => Tier::Restricted,
            Self::Full | Self::Conditional => tier,
            Self::Undetermined => Tier::Undetermined,
            Self::Near | Self::NearInDealings => Tier::Watch,
        }
    }
}

/// The effects that reach a subject, by position.
type Group = Vec<(usize, Reach)>;

/// How an effect weighs on an asker whom it touches.
#[derive(Debug, Clone, Copy)]
struct Weight {
    /// What a full reach comes to under the asker's conditions; nothing when one is known not to hold.
    full: Option<Reach>,
    /// Whether it counts for who has the thing: a duty that nothing has set off does not.
    counts_installed: bool,
}

impl Weight {
    fn of(effect: &Effect, asker: &Circumstances) -> Option<Self> {
        Touch::of(effect, &asker.capacities)?;
        let holds = |held: Option<bool>| effect.when.iter().any(|condition| asker.holds(*condition) == held);
        let full = match (holds(Some(false)), holds(None)) {
            (true, _) => None,
            (false, true) => Some(Reach::Conditional),
            (false, false) => Some(Reach::Full),
        };
        Some(Self { full, counts_installed: effect.trigger.is_none() || asker.trigger_is_met() })
    }
}

/// What an asker bears of a group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Burden {
    loads: Vec<Load>,
    /// The activities of the asker's purchase headline.
    purchase: ActivitySet,
}

/// One effect of a burden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Load {
    effect: usize,
    reach: Reach,
    counts_installed: bool,
}

/// Every effect of a catalogue.
struct Effects<'c> {
    list: Vec<EffectOverTime<'c>>,
    /// Where the effects of each restriction begin in the list.
    first_of: HashMap<&'c RestrictionId, usize>,
}

struct EffectOverTime<'c> {
    effect: &'c Effect,
    activities: ActivitySet,
    tiers: Dated<Option<Tier>>,
}

impl<'c> Effects<'c> {
    fn of(catalogue: &'c Catalogue) -> Self {
        let mut effects = Self { list: Vec::new(), first_of: HashMap::new() };
        for restriction in catalogue.restrictions() {
            effects.first_of.insert(&restriction.id, effects.list.len());
            effects.list.extend(restriction.effects.iter().map(|effect| EffectOverTime {
                effect,
                activities: ActivitySet::of(&effect.activities),
                tiers: dated(since_ever(change_days(restriction, effect)), |day| {
                    phase(restriction, effect, day).map(|phase| phase.tier)
                }),
            }));
        }
        effects
    }

    /// The group of a subject on a day.
    fn group(&self, catalogue: &Catalogue, vendor: &Vendor, subject: &Subject, day: Day) -> Group {
        let mut group = Group::new();
        for restriction in relevant(catalogue, vendor, subject, day) {
            let Some(first) = self.first_of.get(&restriction.id) else { continue };
            for (at, effect) in restriction.effects.iter().enumerate() {
                let reach = Reach::of(&coverage(catalogue, restriction, effect, subject, day));
                group.extend(reach.map(|reach| (first + at, reach)));
            }
        }
        group.sort_unstable();
        group
    }

    /// What an asker bears of each group.
    fn burdens(&self, asker: &Circumstances, groups: &[Group]) -> Vec<Burden> {
        let weights: Vec<Option<Weight>> = self.list.iter().map(|over| Weight::of(over.effect, asker)).collect();
        let load = |(effect, reach): &(usize, Reach)| {
            let weight = (*weights.get(*effect)?)?;
            let reach = if *reach == Reach::Full { weight.full? } else { *reach };
            Some(Load { effect: *effect, reach, counts_installed: weight.counts_installed })
        };
        let purchase = [Activity::Buy, Activity::Renew, Activity::DealWith];
        let purchase = ActivitySet::of(purchase.iter().chain(&asker.purchase_activities));
        groups.iter().map(|group| Burden { loads: group.iter().filter_map(load).collect(), purchase }).collect()
    }

    /// The tiers of a burden over time.
    fn course(&self, burden: &Burden) -> Dated<Tiers> {
        let loads = || burden.loads.iter().filter_map(|load| Some((load, self.list.get(load.effect)?)));
        let changes = loads().flat_map(|(_, over)| over.tiers.iter().map(|(from, _)| *from));
        dated(since_ever(changes.collect()), |day| {
            let mut all = ByTier::default();
            let mut installed = ByTier::default();
            for (load, over) in loads() {
                let Some(tier) = at(&over.tiers, day).copied().flatten() else { continue };
                let tier = load.reach.leaves(tier);
                let activities = match load.reach {
                    Reach::NearInDealings => over.activities.and(ActivitySet::of(&[Activity::DealWith])),
                    Reach::Full | Reach::Conditional | Reach::Undetermined | Reach::Near => over.activities,
                };
                all.add(tier, activities);
                if load.counts_installed {
                    installed.add(tier, activities);
                }
            }
            Tiers {
                activities: std::array::from_fn(|at| all.worst_among(ActivitySet::of(Activity::ALL.get(at)))),
                headline: Headline {
                    installed: installed.worst_among(ActivitySet::of(&[
                        Activity::Use,
                        Activity::Remove,
                        Activity::Report,
                    ])),
                    purchase: all.worst_among(burden.purchase),
                },
            }
        })
    }
}

/// A set of activities, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
struct ActivitySet(u16);

impl ActivitySet {
    fn of<'a>(activities: impl IntoIterator<Item = &'a Activity>) -> Self {
        Self(activities.into_iter().fold(0, |bits, activity| bits | 1 << *activity as u16))
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Which activities have which tiers.
#[derive(Default)]
struct ByTier([ActivitySet; Tier::ALL.len()]);

impl ByTier {
    fn add(&mut self, tier: Tier, activities: ActivitySet) {
        if let Some(set) = self.0.get_mut(tier as usize) {
            set.0 |= activities.0;
        }
    }

    /// The worst tier of any of the activities. The vocabulary of tiers has the worst first.
    fn worst_among(&self, activities: ActivitySet) -> Tier {
        let has = |tier: &&Tier| self.0.get(**tier as usize).is_some_and(|set| set.and(activities).0 != 0);
        Tier::ALL.iter().find(has).copied().unwrap_or(Tier::None)
    }
}

/// The days from which on an effect may reach a vendor or its products that did not before: owners come and go, of the
/// vendor and of those whose business or engine it has, and lists whose affiliates a rule reaches begin and end.
fn coverage_days(catalogue: &Catalogue, vendor: &Vendor) -> BTreeSet<Day> {
    let mut days = BTreeSet::new();
    let mut near: Vec<&Vendor> = vec![vendor];
    let mut looked_at = 0;
    while let Some(member) = near.get(looked_at).copied() {
        looked_at += 1;
        let owned = member.relations.iter().filter(|relation| relation.kind == RelationKind::OwnedBy);
        days.extend(owned.clone().flat_map(|relation| relation.from.into_iter().chain(relation.until)));
        let owners = member.parent.iter().chain(owned.filter_map(|relation| relation.vendor.as_ref()));
        let predecessors = member.predecessors().map(|(predecessor, _)| predecessor);
        let engines = member.embeds.iter().map(|embeds| &embeds.engine_vendor);
        for other in owners.chain(predecessors).chain(engines).filter_map(|id| catalogue.vendor(id)) {
            if !near.iter().any(|known| known.id == other.id) {
                near.push(other);
            }
        }
    }
    let extends = || catalogue.restrictions_on_classes().flat_map(|restriction| &restriction.scope.extends);
    for other in near {
        let lists = catalogue.restrictions_of(&other.id).filter(|list| extends().any(|kind| *kind == list.instrument));
        days.extend(lists.flat_map(|list| list.effects.iter().flat_map(|effect| change_days(list, effect))));
    }
    since_ever(days)
}

/// The days with the beginning of time before them.
fn since_ever(mut days: BTreeSet<Day>) -> BTreeSet<Day> {
    days.insert(Day::UNKNOWN);
    days
}
