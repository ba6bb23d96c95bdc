//! The list of machines: every machine with the few fields that lists filter and sort by, judged for who asks.
//!
//! A fleet is read once and asked many times: filtering, sorting and counting 50,000 machines in memory takes less than
//! one page of them takes to draw, and any place of the list is there at once. What only a page shows is read per page.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use interdict_assess::Circumstances;
use interdict_model::{Category, Day, Subject, Tier};
use interdict_store::{FoundSubject, ListedMachine, Store, StoreError};

use crate::lacking::{Lack, LackAnswer, Lacking};
use crate::search::folded;
use crate::versions::VersionPlace;
use crate::workbench::Workbench;

/// Every machine and what is found on it, by host name.
#[derive(Debug, Default)]
pub struct Fleet {
    machines: Vec<FleetMachine>,
    subjects: Vec<FoundSubject>,
    by_id: HashMap<String, usize>,
    by_number: HashMap<i64, usize>,
}

/// One machine of the fleet.
#[derive(Debug)]
pub struct FleetMachine {
    /// What is known of it.
    pub listed: ListedMachine,
    /// Its host name as it is looked for: lower case, without accents.
    folded: String,
    /// The place of its system among all, by name and version.
    system: usize,
    /// The place of its first and of its last scan's beginning among all: whole numbers are compared sooner than texts.
    first_seen: usize,
    last_seen: usize,
    /// The places of its subjects.
    subjects: Vec<usize>,
}

/// What the fleet's subjects come to for some profiles and a day.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FleetTiers {
    /// Per machine, in the fleet's order.
    standings: Vec<MachineTiers>,
}

/// What is found on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineTiers {
    /// The worst installed headline.
    pub tier: Tier,
    /// How many findings have which installed headline, worst first.
    pub findings: Vec<(Tier, usize)>,
}

impl MachineTiers {
    /// How many findings there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.findings.iter().map(|(_, count)| count).sum()
    }
}

/// How long ago a machine was last seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seen {
    /// Today or yesterday.
    Day,
    /// In the last seven days.
    Week,
    /// In the last thirty days.
    Month,
    /// Longer ago.
    Older,
}

impl Seen {
    /// All of them, newest first.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Older];

    /// Of an instant, by whole days.
    #[must_use]
    pub fn of(instant: &str, today: Day) -> Self {
        let day = instant.get(..10).and_then(|text| text.parse::<Day>().ok());
        match day.map_or(i64::MAX, |day| today.days_since(day)) {
            ..=1 => Self::Day,
            2..=7 => Self::Week,
            8..=30 => Self::Month,
            _ => Self::Older,
        }
    }

    /// The word by which it is asked for.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Older => "older",
        }
    }
}

/// The teller that is Interdict itself, among the formats of other tools.
pub const OWN_SCAN: &str = "interdict";

/// What the machines are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MachineSort {
    /// Worst first, then by the number of findings.
    #[default]
    Tier,
    /// Host name.
    Name,
    /// Operating system and version.
    System,
    /// Number of findings.
    Findings,
    /// Number of installations.
    Installations,
    /// When the newest scan began.
    LastSeen,
    /// When the oldest scan began.
    FirstSeen,
}

/// Among which machines the others filters choose, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Among {
    /// Among all.
    #[default]
    All,
    /// Among these, in order.
    With(Vec<i64>),
    /// Among all but these, in order.
    Without(Vec<i64>),
}

impl Among {
    fn has(&self, number: i64) -> bool {
        match self {
            Self::All => true,
            Self::With(numbers) => numbers.binary_search(&number).is_ok(),
            Self::Without(numbers) => numbers.binary_search(&number).is_err(),
        }
    }
}

/// Which machines are wanted, in which order. An empty list of values allows every one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineQuery {
    /// Words that all occur in the host name or are the whole id.
    pub text: String,
    /// Operating-system families, by word.
    pub systems: Vec<String>,
    /// Worst installed headlines.
    pub tiers: Vec<Tier>,
    /// How long ago it was seen.
    pub seen: Vec<Seen>,
    /// Who told of it: formats, or [`OWN_SCAN`].
    pub told_by: Vec<String>,
    /// Among which machines.
    pub among: Among,
    /// Only those without any product of these categories; every machine when none is named.
    pub without: Vec<Category>,
    /// How sure it is that they have none.
    pub answers: Vec<LackAnswer>,
    /// By what they are sorted.
    pub sort: MachineSort,
    /// Whether the order is turned around.
    pub is_descending: bool,
}

/// The machines that a query chooses.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct MachineSelection {
    /// Places in the fleet, in the order asked for.
    pub places: Vec<usize>,
    /// Who lacks what was asked for; nothing where no category was named.
    pub lacking: Option<Lacking>,
    /// How many machines each value of each filter would choose, the other filters being as they are.
    pub facets: MachineFacets,
}

/// Machines by the values of each filter.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct MachineFacets {
    /// By operating-system family.
    pub systems: BTreeMap<&'static str, usize>,
    /// By worst installed headline.
    pub tiers: BTreeMap<Tier, usize>,
    /// By how long ago they were seen.
    pub seen: BTreeMap<Seen, usize>,
    /// By who told of them; a machine counts for each.
    pub told_by: BTreeMap<String, usize>,
    /// Of those without some categories, by how sure that is.
    pub answers: BTreeMap<LackAnswer, usize>,
}

impl MachineSelection {
    /// What is known of a machine that lacks what was asked for; nothing where no category was named.
    #[must_use]
    pub fn lack(&self, listed: &ListedMachine) -> Option<Lack> {
        self.lacking.as_ref()?.of(listed.number, listed.machine.os.family)
    }
}

impl Fleet {
    /// Reads every machine and what is found on it.
    pub fn read(store: &Store) -> Result<Self, StoreError> {
        let mut machines: Vec<FleetMachine> = store
            .listed_machines()?
            .into_iter()
            .map(|listed| {
                let folded = folded(&listed.machine.hostname);
                FleetMachine { listed, folded, system: 0, first_seen: 0, last_seen: 0, subjects: Vec::new() }
            })
            .collect();
        machines.sort_by(|left, right| {
            (&left.folded, &left.listed.machine.id).cmp(&(&right.folded, &right.listed.machine.id))
        });
        rank_systems(&mut machines);
        rank_instants(&mut machines);
        let place = |(place, machine): (usize, &FleetMachine)| (machine.listed.number, place);
        let by_number: HashMap<i64, usize> = machines.iter().enumerate().map(place).collect();
        let by_id =
            machines.iter().enumerate().map(|(place, machine)| (machine.listed.machine.id.clone(), place)).collect();
        let mut subjects = Vec::new();
        for found in store.subjects()? {
            for number in found.machines.iter() {
                if let Some(machine) = by_number.get(&number).and_then(|place| machines.get_mut(*place)) {
                    machine.subjects.push(subjects.len());
                }
            }
            let (vendor, product, presence) = (found.vendor, found.product, found.presence);
            subjects.push(FoundSubject { vendor, product, presence });
        }
        Ok(Self { machines, subjects, by_id, by_number })
    }

    /// How many machines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.machines.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.machines.is_empty()
    }

    /// The machine at a place.
    #[must_use]
    pub fn machine(&self, place: usize) -> Option<&ListedMachine> {
        self.machines.get(place).map(|machine| &machine.listed)
    }

    /// The place of a machine, by the id of its scans.
    #[must_use]
    pub fn place_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The place of a machine, by its number in the database.
    #[must_use]
    pub fn place_of_number(&self, number: i64) -> Option<usize> {
        self.by_number.get(&number).copied()
    }

    /// The machines that a query chooses, in its order. Who lacks what has to be told where the query asks for it.
    #[must_use]
    pub fn select(
        &self,
        tiers: &FleetTiers,
        query: &MachineQuery,
        lacking: Option<Lacking>,
        today: Day,
    ) -> MachineSelection {
        let words: Vec<String> = folded(&query.text).split_whitespace().map(str::to_owned).collect();
        let mut selection = MachineSelection { lacking, ..MachineSelection::default() };
        for (place, (machine, standing)) in self.machines.iter().zip(&tiers.standings).enumerate() {
            let is_asked = words.iter().all(|word| machine.folded.contains(word.as_str()))
                || machine.listed.machine.id == query.text.trim();
            if is_asked && query.among.has(machine.listed.number) {
                let lack = selection.lack(&machine.listed).map(|lack| lack.answer);
                if selection.lacking.is_some() && lack.is_none() {
                    continue;
                }
                let values = Values::of(machine, standing, lack, today);
                if values.count(query, &mut selection.facets) {
                    selection.places.push(place);
                }
            }
        }
        self.sort(tiers, query, &mut selection.places);
        selection
    }

    /// Places come in the order of host names, and stay in it where the values are equal.
    fn sort(&self, tiers: &FleetTiers, query: &MachineQuery, places: &mut [usize]) {
        let order = |left: usize, right: usize| {
            let listed = |place: usize| &self.machines[place].listed;
            let standing = |place: usize| &tiers.standings[place];
            let weight = |place: usize| (standing(place).tier.rank(), standing(place).count());
            match query.sort {
                MachineSort::Name => left.cmp(&right),
                MachineSort::Tier => weight(right).cmp(&weight(left)),
                MachineSort::System => self.machines[left].system.cmp(&self.machines[right].system),
                MachineSort::Findings => standing(left).count().cmp(&standing(right).count()),
                MachineSort::Installations => listed(left).installations.cmp(&listed(right).installations),
                MachineSort::LastSeen => self.machines[left].last_seen.cmp(&self.machines[right].last_seen),
                MachineSort::FirstSeen => self.machines[left].first_seen.cmp(&self.machines[right].first_seen),
            }
        };
        let turned = |ordering: Ordering| if query.is_descending { ordering.reverse() } else { ordering };
        places.sort_by(|left, right| turned(order(*left, *right)));
    }
}

/// Says of each machine where its system stands among all: numbers go by value, Windows 7 comes before Windows 10.
fn rank_systems(machines: &mut [FleetMachine]) {
    let system = |machine: &FleetMachine| {
        let os = &machine.listed.machine.os;
        (os.name.clone(), os.version.clone())
    };
    let distinct: HashSet<(String, String)> = machines.iter().map(system).collect();
    let mut distinct: Vec<(String, String)> = distinct.into_iter().collect();
    distinct.sort_by_cached_key(|(name, version)| (VersionPlace::of(name), VersionPlace::of(version)));
    let ranks: HashMap<(String, String), usize> = distinct.into_iter().zip(0..).collect();
    for machine in machines {
        machine.system = ranks.get(&system(machine)).copied().unwrap_or(usize::MAX);
    }
}

/// Says of each machine where the beginnings of its first and its newest scan stand among those of all.
fn rank_instants(machines: &mut [FleetMachine]) {
    let instants = |machine: &FleetMachine| [machine.listed.first_seen.clone(), machine.listed.last_seen.clone()];
    let distinct: BTreeSet<String> = machines.iter().flat_map(instants).collect();
    let ranks: HashMap<String, usize> = distinct.into_iter().zip(0..).collect();
    let rank = |instant: &String| ranks.get(instant).copied().unwrap_or(usize::MAX);
    for machine in machines {
        machine.first_seen = rank(&machine.listed.first_seen);
        machine.last_seen = rank(&machine.listed.last_seen);
    }
}

/// What a machine has to be filtered by.
struct Values<'m> {
    system: &'static str,
    tier: Tier,
    seen: Seen,
    is_own: bool,
    told_by: &'m [String],
    lack: Option<LackAnswer>,
}

impl<'m> Values<'m> {
    fn of(machine: &'m FleetMachine, standing: &MachineTiers, lack: Option<LackAnswer>, today: Day) -> Self {
        Self {
            system: machine.listed.machine.os.family.as_str(),
            tier: standing.tier,
            seen: Seen::of(&machine.listed.last_seen, today),
            is_own: machine.listed.is_own,
            told_by: &machine.listed.told_by,
            lack,
        }
    }

    fn tellers(&self) -> impl Iterator<Item = &str> {
        self.is_own.then_some(OWN_SCAN).into_iter().chain(self.told_by.iter().map(String::as_str))
    }

    /// Counts the machine for each filter that it would pass if that one were not set; whether it passes all.
    fn count(&self, query: &MachineQuery, facets: &mut MachineFacets) -> bool {
        let told = |wanted: &String| self.tellers().any(|teller| teller == wanted);
        let passes = [
            query.systems.is_empty() || query.systems.iter().any(|system| system == self.system),
            query.tiers.is_empty() || query.tiers.contains(&self.tier),
            query.seen.is_empty() || query.seen.contains(&self.seen),
            query.told_by.is_empty() || query.told_by.iter().any(told),
            self.lack.is_none_or(|answer| query.answers.is_empty() || query.answers.contains(&answer)),
        ];
        let failed = passes.iter().filter(|passes| !**passes).count();
        let counts = |filter: usize| failed == 0 || (failed == 1 && !passes[filter]);
        if counts(0) {
            *facets.systems.entry(self.system).or_default() += 1;
        }
        if counts(1) {
            *facets.tiers.entry(self.tier).or_default() += 1;
        }
        if counts(2) {
            *facets.seen.entry(self.seen).or_default() += 1;
        }
        if counts(3) {
            for teller in self.tellers() {
                *facets.told_by.entry(teller.to_owned()).or_default() += 1;
            }
        }
        if let Some(answer) = self.lack.filter(|_| counts(4)) {
            *facets.answers.entry(answer).or_default() += 1;
        }
        failed == 0
    }
}

impl FleetTiers {
    /// What is found on the machine at a place.
    #[must_use]
    pub fn of(&self, place: usize) -> Option<&MachineTiers> {
        self.standings.get(place)
    }
}

impl Workbench {
    /// Judges what is found in the fleet: each subject once.
    #[must_use]
    pub fn judge_fleet(&self, fleet: &Fleet, circumstances: &Circumstances) -> FleetTiers {
        let tiers: Vec<Option<Tier>> =
            fleet.subjects.iter().map(|found| self.spoken_tier(found, circumstances)).collect();
        let standing = |machine: &FleetMachine| {
            let mut counts: BTreeMap<Tier, usize> = BTreeMap::new();
            for tier in machine.subjects.iter().filter_map(|subject| tiers[*subject]) {
                *counts.entry(tier).or_default() += 1;
            }
            let mut findings: Vec<(Tier, usize)> = counts.into_iter().collect();
            findings.sort_by_key(|(tier, _)| std::cmp::Reverse(tier.rank()));
            MachineTiers { tier: findings.iter().fold(Tier::None, |worst, (tier, _)| worst.worst(*tier)), findings }
        };
        FleetTiers { standings: fleet.machines.iter().map(standing).collect() }
    }

    /// The installed headline of a subject that some instrument speaks of.
    fn spoken_tier(&self, found: &FoundSubject, circumstances: &Circumstances) -> Option<Tier> {
        self.catalogue().vendor(&found.vendor)?;
        let known = found.product.as_ref().filter(|product| self.catalogue().product(product).is_some());
        let subject = match known {
            Some(product) => Subject::Product { vendor: found.vendor.clone(), product: product.clone() },
            None => Subject::Vendor { vendor: found.vendor.clone() },
        };
        let verdict = self.assess(&subject, circumstances);
        crate::findings::is_spoken_of(&verdict).then_some(verdict.headline.installed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-11-22";

    fn sample() -> (Workbench, Store, Circumstances) {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
        let day = TODAY.parse().expect("a day");
        let circumstances = workbench.circumstances(&["us-private".to_owned()], day).expect("a profile");
        (workbench, store, circumstances)
    }

    fn today() -> Day {
        TODAY.parse().expect("a day")
    }

    #[test]
    fn the_list_agrees_with_the_inventory() {
        let (workbench, store, circumstances) = sample();
        let fleet = Fleet::read(&store).expect("reads");
        let tiers = workbench.judge_fleet(&fleet, &circumstances);
        let inventory = workbench.inventory(&store, &circumstances).expect("reads");
        assert_eq!(fleet.len(), inventory.machines.len());
        for standing in inventory.machine_standings() {
            let place = fleet.place_of(&standing.machine.machine.id).expect("is listed");
            let listed = fleet.machine(place).expect("is there");
            assert_eq!(listed.last_seen, standing.machine.last_seen);
            assert_eq!(listed.installations, standing.machine.installations);
            let judged = tiers.of(place).expect("is judged");
            assert_eq!(
                (judged.tier, judged.count()),
                (standing.tier, standing.findings.len()),
                "{}",
                listed.machine.hostname
            );
        }
    }

    #[test]
    fn filters_narrow_together_and_each_counts_what_it_would_choose() {
        let (workbench, store, circumstances) = sample();
        let fleet = Fleet::read(&store).expect("reads");
        let tiers = workbench.judge_fleet(&fleet, &circumstances);
        let ask = |query: &MachineQuery| fleet.select(&tiers, query, None, today());
        let all = ask(&MachineQuery::default());
        assert_eq!(all.places.len(), fleet.len());
        assert_eq!(all.facets.systems.values().sum::<usize>(), fleet.len());
        let linux = ask(&MachineQuery { systems: vec!["linux".to_owned()], ..MachineQuery::default() });
        assert_eq!(Some(linux.places.len()), all.facets.systems.get("linux").copied());
        assert_eq!(linux.facets.systems, all.facets.systems, "its own choice does not change what a filter counts");
        let restricted = *linux.facets.tiers.get(&Tier::Restricted).expect("some");
        let both = ask(&MachineQuery {
            systems: vec!["linux".to_owned()],
            tiers: vec![Tier::Restricted],
            ..MachineQuery::default()
        });
        assert_eq!(both.places.len(), restricted);
        let named = ask(&MachineQuery { text: "ws FIN".to_owned(), ..MachineQuery::default() });
        assert!(!named.places.is_empty());
        assert!(
            named.places.iter().all(|place| fleet
                .machine(*place)
                .expect("is there")
                .machine
                .hostname
                .starts_with("WS-FIN"))
        );
    }

    #[test]
    fn who_has_and_who_has_not_are_everybody() {
        let (workbench, store, circumstances) = sample();
        let fleet = Fleet::read(&store).expect("reads");
        let tiers = workbench.judge_fleet(&fleet, &circumstances);
        let mut some: Vec<i64> =
            (0..fleet.len()).step_by(3).map(|place| fleet.machine(place).expect("is there").number).collect();
        some.sort_unstable();
        let among =
            |among: Among| fleet.select(&tiers, &MachineQuery { among, ..MachineQuery::default() }, None, today());
        let (with, without) = (among(Among::With(some.clone())), among(Among::Without(some.clone())));
        assert_eq!(with.places.len(), some.len());
        let mut both: Vec<usize> = with.places.into_iter().chain(without.places).collect();
        both.sort_unstable();
        assert_eq!(both, (0..fleet.len()).collect::<Vec<_>>());
    }

    #[test]
    fn sorting_is_by_what_is_shown_and_then_by_name() {
        let (workbench, store, circumstances) = sample();
        let fleet = Fleet::read(&store).expect("reads");
        let tiers = workbench.judge_fleet(&fleet, &circumstances);
        let sorted = |sort, is_descending| {
            fleet.select(&tiers, &MachineQuery { sort, is_descending, ..MachineQuery::default() }, None, today()).places
        };
        let seen = |places: Vec<usize>| -> Vec<String> {
            places.into_iter().map(|place| fleet.machine(place).expect("is there").last_seen.clone()).collect()
        };
        assert!(seen(sorted(MachineSort::LastSeen, true)).is_sorted_by(|left, right| left >= right));
        assert!(seen(sorted(MachineSort::LastSeen, false)).is_sorted());
        assert!(sorted(MachineSort::Name, false).is_sorted());
        let ranks: Vec<u8> = sorted(MachineSort::Tier, false)
            .into_iter()
            .map(|place| tiers.of(place).expect("is judged").tier.rank())
            .collect();
        assert!(ranks.is_sorted_by(|left, right| left >= right), "worst first");
    }

    #[test]
    fn how_long_ago_goes_by_whole_days() {
        for (instant, expected) in [
            ("2026-11-22T23:59:59Z", Seen::Day),
            ("2026-11-23T08:00:00Z", Seen::Day),
            ("2026-11-21T00:00:00Z", Seen::Day),
            ("2026-11-20T23:00:00Z", Seen::Week),
            ("2026-11-15T23:00:00Z", Seen::Week),
            ("2026-11-14T23:00:00Z", Seen::Month),
            ("2026-10-23T00:00:00Z", Seen::Month),
            ("2026-10-22T00:00:00Z", Seen::Older),
            ("not an instant", Seen::Older),
        ] {
            assert_eq!(Seen::of(instant, today()), expected, "{instant}");
        }
    }
}
