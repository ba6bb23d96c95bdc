//! Where those that tell of one machine do not tell the same, side by side.
//!
//! Two tellers disagree when they tell of one software in versions that contradict each other, or when one tells of software
//! that another, which lists everything of that kind, does not. Who is right is not decided here: the ages stand beside
//! what is said. What only one of them could have seen (another user's profile, a source the other does not read) is no
//! disagreement.

use std::collections::{BTreeMap, HashMap};

use interdict_assess::Circumstances;
use interdict_identify::normalise;
use interdict_model::{Day, Observation, ObservationSource, Scope, Tier};
use interdict_store::Teller;

use crate::freshness::Age;
use crate::pairing::name_without_version;
use crate::verdicts::Verdicts;
use crate::versions::{agree, compared, each_version};
use crate::workbench::Workbench;

/// What is disagreed about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DisagreementKind {
    /// Whether it is there at all.
    Presence,
    /// In which version.
    Version,
}

impl DisagreementKind {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Version => "version",
        }
    }
}

/// What one teller says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The name of the format; `interdict` for our own looking.
    pub origin: String,
    /// Whether it tells of the software; if not, it lists everything of that kind and the software is not in it.
    pub is_told: bool,
    /// The versions it tells of.
    pub versions: Vec<String>,
    /// When the machine was as it tells: RFC 3339, UTC.
    pub at: String,
    /// How old that is.
    pub age: Age,
}

/// One thing about which those that tell of a machine disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The software, as the first of them calls it.
    pub title: String,
    /// What is disagreed about.
    pub kind: DisagreementKind,
    /// The product in the catalogue, where it is known.
    pub product: Option<String>,
    /// The vendor in the catalogue, where it is known.
    pub vendor: Option<String>,
    /// The installed headline; undetermined where nobody knows what it is.
    pub tier: Tier,
    /// What each of them says; those that could not have seen it are left out.
    pub sides: Vec<Side>,
}

/// Software that was told of, by whom.
#[derive(Default)]
struct Group<'t> {
    told: Vec<(&'t str, &'t Observation)>,
}

impl Workbench {
    /// Where those that tell of a machine disagree, the worst first.
    #[must_use]
    pub fn disagreements(
        &self,
        told: &[(String, Observation)],
        tellers: &[Teller],
        circumstances: &Circumstances,
    ) -> Vec<Disagreement> {
        if tellers.len() < 2 {
            return Vec::new();
        }
        let mut verdicts = Verdicts::new(self, circumstances);
        let mut found: Vec<Disagreement> = self
            .same_software(told)
            .into_iter()
            .filter_map(|group| {
                let (kind, sides) = disagreement(&group, tellers, circumstances.as_of)?;
                let (_, first) = group.told.first()?;
                let known = group.told.iter().map(|(_, told)| self.identifier().identify(told));
                let known = known.max_by_key(|known| (known.vendor.is_some(), known.product.is_some()))?;
                Some(Disagreement {
                    title: first.title().to_owned(),
                    kind,
                    tier: verdicts.of(known.vendor.as_ref(), known.product.as_ref()).tier,
                    product: known.product.map(|id| id.to_string()),
                    vendor: known.vendor.map(|id| id.to_string()),
                    sides,
                })
            })
            .collect();
        found.sort_by(|left, right| {
            (right.tier.rank(), left.kind, left.title.to_lowercase()).cmp(&(
                left.tier.rank(),
                right.kind,
                right.title.to_lowercase(),
            ))
        });
        found
    }

    /// What is told of as installed, put together where it shares an identifier, a name or the product it is.
    fn same_software<'t>(&self, told: &'t [(String, Observation)]) -> Vec<Group<'t>> {
        let mut parent: Vec<usize> = Vec::new();
        let mut of_key: HashMap<String, usize> = HashMap::new();
        let registered: Vec<(&str, &Observation)> = told
            .iter()
            .filter(|(_, told)| told.source.is_registration())
            .map(|(origin, told)| (origin.as_str(), told))
            .collect();
        for (index, (_, observation)) in registered.iter().enumerate() {
            parent.push(index);
            for key in self.keys(observation) {
                let other = *of_key.entry(key).or_insert(index);
                let (one, other) = (root(&parent, index), root(&parent, other));
                if let Some(slot) = parent.get_mut(one.max(other)) {
                    *slot = one.min(other);
                }
            }
        }
        let mut groups: BTreeMap<usize, Group<'t>> = BTreeMap::new();
        for (index, told) in registered.into_iter().enumerate() {
            groups.entry(root(&parent, index)).or_default().told.push(told);
        }
        groups.into_values().collect()
    }

    fn keys(&self, told: &Observation) -> Vec<String> {
        let identifier = told.identifier.as_deref().map(|id| format!("id:{}", normalise(id)));
        let name = name_without_version(told).map(|name| format!("name:{name}"));
        let product = self.identifier().identify(told).product.map(|product| format!("product:{product}"));
        [identifier, name, product].into_iter().flatten().collect()
    }
}

fn root(parent: &[usize], mut at: usize) -> usize {
    // Each step leads to a lower number, so this ends.
    while let Some(&next) = parent.get(at).filter(|next| **next != at) {
        at = next;
    }
    at
}

/// What is disagreed about, and what each says; nothing where they agree.
fn disagreement(group: &Group<'_>, tellers: &[Teller], as_of: Day) -> Option<(DisagreementKind, Vec<Side>)> {
    let sides: Vec<Side> = tellers.iter().filter_map(|teller| side(group, teller, as_of)).collect();
    if sides.iter().any(|side| !side.is_told) {
        return Some((DisagreementKind::Presence, sides));
    }
    let highest: Vec<&str> = sides.iter().filter_map(|side| highest(&side.versions)).collect();
    let contradict =
        highest.iter().enumerate().any(|(at, one)| highest.iter().skip(at + 1).any(|other| !agree(one, other)));
    contradict.then_some((DisagreementKind::Version, sides))
}

fn highest(versions: &[String]) -> Option<&str> {
    let higher = |best: &'_ str, next: &'_ str| compared(best, next) == Some(std::cmp::Ordering::Less);
    versions.iter().map(String::as_str).reduce(|best, next| if higher(best, next) { next } else { best })
}

/// What a teller says; nothing where it could not have seen it.
fn side(group: &Group<'_>, teller: &Teller, as_of: Day) -> Option<Side> {
    let own: Vec<&Observation> =
        group.told.iter().filter(|(origin, _)| *origin == teller.origin).map(|(_, told)| *told).collect();
    let at = if own.is_empty() {
        let others = group.told.iter().map(|(_, told)| *told);
        others.filter_map(|told| would_have_told(teller, told)).min()?
    } else {
        let of = |source: ObservationSource| teller.sources.iter().find(|told| told.source == source);
        own.iter().filter_map(|told| Some(of(told.source)?.last_told.as_str())).max().unwrap_or(&teller.last_told)
    };
    Some(Side {
        origin: teller.origin.clone(),
        is_told: !own.is_empty(),
        versions: each_version(own.iter().filter_map(|told| told.version.as_deref())),
        at: at.to_owned(),
        age: Age::of(at, teller.keeps_days, as_of),
    })
}

/// When a teller last listed everything of the kind of which somebody else told; nothing where it never did.
fn would_have_told<'t>(teller: &'t Teller, told: &Observation) -> Option<&'t str> {
    // Profiles of users are looked into by few, and by those not always.
    if matches!(told.scope, Some(Scope::User(_))) {
        return None;
    }
    let whole = |source: &'t interdict_store::ToldSource| source.last_whole.as_deref();
    if told.source != ObservationSource::Import {
        return teller.sources.iter().find(|source| source.source == told.source).and_then(whole);
    }
    // Where a tool does not say where it had read it, it may be of any kind: only who lists all kinds would have it.
    let mut registered = teller.sources.iter().filter(|source| source.source.is_registration()).peekable();
    registered.peek()?;
    registered.map(whole).collect::<Option<Vec<_>>>()?.into_iter().min()
}

#[cfg(test)]
mod tests {
    use interdict_store::ToldSource;

    use super::*;
    use crate::freshness::Freshness;

    fn told(origin: &str, source: ObservationSource, name: &str, version: &str) -> (String, Observation) {
        let mut observation = Observation::new(source);
        observation.name = Some(name.to_owned());
        observation.version = Some(version.to_owned());
        (origin.to_owned(), observation)
    }

    fn teller(origin: &str, keeps_days: Option<u32>, sources: &[(ObservationSource, &str, bool)]) -> Teller {
        let instant = |day: &str| format!("2026-11-{day}T08:00:00Z");
        let sources: Vec<ToldSource> = sources
            .iter()
            .map(|(source, day, is_whole)| ToldSource {
                source: *source,
                last_told: instant(day),
                last_whole: is_whole.then(|| instant(day)),
            })
            .collect();
        Teller {
            origin: origin.to_owned(),
            scans: 1,
            last_told: sources.first().map_or_else(|| instant("01"), |source| source.last_told.clone()),
            source_label: origin.to_owned(),
            keeps_days,
            joined: None,
            sources,
        }
    }

    fn asked(told: &[(String, Observation)], tellers: &[Teller]) -> Vec<Disagreement> {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let day = "2026-11-22".parse().expect("a day");
        let circumstances = workbench.circumstances(&["us-private".to_owned()], day).expect("a profile");
        workbench.disagreements(told, tellers, &circumstances)
    }

    fn brief(found: &[Disagreement]) -> Vec<(&str, &str, Vec<String>)> {
        let side = |side: &Side| {
            let says = if side.is_told { side.versions.join(" ") } else { "absent".to_owned() };
            format!("{}: {says}", side.origin)
        };
        let sides = |one: &Disagreement| one.sides.iter().map(side).collect();
        found.iter().map(|one| (one.title.as_str(), one.kind.as_str(), sides(one))).collect()
    }

    const PROGRAMS: ObservationSource = ObservationSource::Programs;
    const IMPORT: ObservationSource = ObservationSource::Import;

    #[test]
    fn versions_and_presence_stand_side_by_side() {
        let own = teller("interdict", None, &[(PROGRAMS, "20", true)]);
        let other = teller("glpi-json", None, &[(PROGRAMS, "02", true)]);
        let all = [
            told("interdict", PROGRAMS, "7-Zip 24.08", "24.08"),
            told("glpi-json", PROGRAMS, "7-Zip 23.01", "23.01"),
            told("interdict", PROGRAMS, "Same", "1.0.0.12"),
            told("glpi-json", PROGRAMS, "SAME", "1.0"),
            told("glpi-json", PROGRAMS, "Kaspersky Endpoint Security for Windows", "12.1"),
        ];
        let found = asked(&all, &[own, other]);
        assert_eq!(
            brief(&found),
            [
                (
                    "Kaspersky Endpoint Security for Windows",
                    "presence",
                    vec!["interdict: absent".to_owned(), "glpi-json: 12.1".to_owned()]
                ),
                ("7-Zip 24.08", "version", vec!["interdict: 24.08".to_owned(), "glpi-json: 23.01".to_owned()]),
            ]
        );
        assert_eq!(found[0].tier, Tier::Restricted);
        let ages: Vec<_> = found[0].sides.iter().map(|side| (side.age.days, side.age.freshness)).collect();
        assert_eq!(ages, [(2, Freshness::Fresh), (20, Freshness::Aging)]);
    }

    #[test]
    fn only_who_would_have_seen_it_contradicts() {
        let whole = |origin| teller(origin, None, &[(PROGRAMS, "20", true)]);
        let part = |origin| teller(origin, None, &[(PROGRAMS, "20", false)]);
        let untold = teller("wazuh", None, &[(IMPORT, "20", false)]);
        let mut of_user = told("interdict", PROGRAMS, "tool", "1");
        of_user.1.scope = Some(Scope::User("ada".to_owned()));
        let one = told("interdict", PROGRAMS, "tool", "1");
        let service = told("interdict", ObservationSource::Services, "tool", "1");
        let import = told("wazuh", IMPORT, "tool", "1");
        for (what, told, tellers, count) in [
            ("whole", &one, [whole("interdict"), whole("glpi-json")], 1),
            ("a part", &one, [whole("interdict"), part("glpi-json")], 0),
            ("another source", &one, [whole("interdict"), untold.clone()], 0),
            ("of a user", &of_user, [whole("interdict"), whole("glpi-json")], 0),
            ("a trace", &service, [whole("interdict"), whole("glpi-json")], 0),
            ("of any source, told whole", &import, [whole("interdict"), untold.clone()], 1),
            ("of any source, told in part", &import, [part("interdict"), untold], 0),
        ] {
            assert_eq!(asked(std::slice::from_ref(told), &tellers).len(), count, "{what}");
        }
        assert!(asked(&[one], &[whole("interdict")]).is_empty(), "nobody to contradict");
    }

    #[test]
    fn other_names_of_one_product_are_one() {
        let own = teller("interdict", None, &[(PROGRAMS, "20", true)]);
        let other = teller("intune-raw", Some(7), &[(IMPORT, "20", false)]);
        let all = [
            told("interdict", PROGRAMS, "Kaspersky Endpoint Security for Windows", "12.1.0.506"),
            told("intune-raw", IMPORT, "kaspersky endpoint security for windows", "11.0"),
            told("intune-raw", IMPORT, "Kaspersky Endpoint Security 12 for Windows", "12.1"),
        ];
        assert_eq!(brief(&asked(&all, &[own, other])), []);
    }
}
