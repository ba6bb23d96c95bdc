//! The presenters over the built-in catalogue and the sample data.

use std::collections::BTreeSet;
use std::path::Path;

use interdict_app::Target;
use interdict_model::Day;

use crate::desk::{Clock, Desk, Places};
use crate::wire::{
    Activity, AppStatus, Context, FindingDetail, FindingMachinesRequest, FindingRequest, FindingsReply,
    FindingsRequest, Overview, RestrictionDetail, RestrictionRequest, RestrictionsReply, SearchRequest, Tier,
    VendorDossier, VendorRequest,
};

const US: [&str; 2] = ["us-federal-contractor", "us-private"];
const TODAY: &str = "2026-11-22";

fn today() -> Day {
    TODAY.parse().expect("a day")
}

struct Sample {
    desk: Desk,
    status: AppStatus,
    _folder: tempfile::TempDir,
}

fn sample() -> Sample {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    let places = Places {
        main: Ok(place("main.db")),
        sample: Ok(place("sample.db")),
        reports: Ok(place("reports")),
        exports: None,
    };
    let clock = Clock { now: || "2026-11-22T12:00:00Z".to_owned(), today };
    let desk = Desk::new(clock, places, Target::ThisComputer);
    let status = desk.sample_open().expect("opens");
    Sample { desk, status, _folder: folder }
}

fn context(profiles: &[&str], as_of: &str) -> Context {
    Context { profiles: profiles.iter().map(|id| (*id).to_owned()).collect(), as_of: as_of.to_owned() }
}

impl Sample {
    fn overview(&self, profiles: &[&str], as_of: &str) -> Overview {
        self.desk.overview_get(&context(profiles, as_of)).expect("answers")
    }

    fn findings(&self, profiles: &[&str], as_of: &str) -> FindingsReply {
        let request = FindingsRequest { context: context(profiles, as_of), machine: None };
        self.desk.findings_list(&request).expect("answers")
    }

    fn finding(&self, profiles: &[&str], as_of: &str, id: &str) -> FindingDetail {
        let request = FindingRequest { context: context(profiles, as_of), id: id.to_owned() };
        self.desk.finding_get(&request).expect("answers")
    }

    fn restrictions(&self, profiles: &[&str], as_of: &str) -> RestrictionsReply {
        self.desk.restrictions_list(&context(profiles, as_of)).expect("answers")
    }

    fn restriction(&self, profiles: &[&str], as_of: &str, id: &str) -> RestrictionDetail {
        let request = RestrictionRequest { context: context(profiles, as_of), id: id.to_owned() };
        self.desk.restriction_get(&request).expect("answers")
    }

    fn vendor(&self, id: &str) -> VendorDossier {
        self.desk.vendor_get(&VendorRequest { context: context(&US, TODAY), id: id.to_owned() }).expect("answers")
    }

    fn kaspersky(&self, profiles: &[&str], as_of: &str) -> VendorDossier {
        let request = VendorRequest { context: context(profiles, as_of), id: "kaspersky".to_owned() };
        self.desk.vendor_get(&request).expect("answers")
    }
}

#[test]
fn the_frame_marks_sample_data_and_knows_every_profile() {
    let status = sample().status;
    assert!(status.database.sample);
    assert_eq!(status.database.machines, 40);
    assert_eq!(status.today, TODAY);
    let research = status.profiles.iter().find(|profile| profile.id == "research").expect("there");
    assert_eq!((research.jurisdiction.as_deref(), research.government.as_str()), (None, "none"));
    assert!(status.effect_dates.iter().any(|tick| tick.date == "2024-07-20"));
    // Ticks are effects: the day of the announcement alone is none.
    assert!(!status.effect_dates.iter().any(|tick| tick.date == "2024-06-20"));
    assert!(status.effect_dates.is_sorted_by(|left, right| left.date < right.date));
}

#[test]
fn the_overview_counts_what_the_findings_list() {
    let sample = sample();
    for (profiles, as_of) in
        [(&US[..], TODAY), (&["us-federal-civilian"], TODAY), (&["research"], TODAY), (&US, "2024-07-21")]
    {
        let overview = sample.overview(profiles, as_of);
        let findings = sample.findings(profiles, as_of);
        for count in &overview.tiers {
            let rows = findings.rows.iter().filter(|row| row.tier == count.tier).count();
            assert_eq!(count.findings as usize, rows, "{profiles:?} {as_of} {:?}", count.tier);
        }
        assert_eq!(overview.tiers.len(), 7);
        assert_eq!(overview.tiers.iter().map(|count| count.machines).sum::<u32>(), overview.machines);
        let last = overview.history.last().expect("a point");
        let now: Vec<u32> = overview.tiers.iter().map(|count| count.machines).collect();
        assert_eq!(last.tiers.iter().map(|count| count.machines).collect::<Vec<_>>(), now);
        let attention: BTreeSet<_> = findings
            .rows
            .iter()
            .filter(|row| matches!(row.tier, Tier::Prohibited | Tier::Required | Tier::Restricted | Tier::Advisory))
            .map(|row| row.product.clone().unwrap_or_else(|| row.vendor.clone()))
            .collect();
        assert_eq!(overview.attention_products as usize, attention.len());
        assert_eq!(overview.machines_with_findings, overview.machines - machines_of(&overview, Tier::None));
    }
}

fn machines_of(overview: &Overview, tier: Tier) -> u32 {
    overview.tiers.iter().find(|count| count.tier == tier).map_or(0, |count| count.machines)
}

#[test]
fn for_research_everything_binds_others() {
    let sample = sample();
    let findings = sample.findings(&[], TODAY);
    assert!(findings.rows.iter().all(|row| row.tier == Tier::None && row.others > 0 && row.instrument.is_some()));
    assert_eq!((findings.attention, findings.others_only as usize), (0, findings.rows.len()));
    assert_eq!(findings, sample.findings(&["research"], TODAY), "no profile is nobody in particular");
    let overview = sample.overview(&[], TODAY);
    assert_eq!(overview.attention_products, 0);
    assert!(overview.by_vendor.is_empty() && overview.by_machine.is_empty());
    assert!(overview.others_only_products > 0);
}

#[test]
fn another_day_is_set_beside_today() {
    let sample = sample();
    let row = |as_of| {
        let findings = sample.findings(&["us-private"], as_of);
        findings.rows.into_iter().find(|row| row.id == "kaspersky.kes-win:live").expect("there")
    };
    let (then, now) = (row("2024-07-21"), row(TODAY));
    assert_eq!((then.tier, then.tier_today), (Tier::Watch, Tier::Restricted));
    assert_eq!((now.tier, now.tier_today), (Tier::Restricted, Tier::Restricted));
    assert_eq!(then.activities_today, now.activities);
    assert_eq!(now.instrument.as_ref().map(|one| one.short_title.as_str()), Some("ICTS determination"));
    assert_eq!(now.since.as_deref(), Some("2024-09-29"));
    assert_eq!(then.since.as_deref(), Some("2024-06-20"), "announced is since when a watch is said");
}

#[test]
fn a_finding_asks_the_one_fact_and_says_where_it_is() {
    let detail = sample().finding(&US, TODAY, "kaspersky.kes-win:live");
    let question = detail.question.expect("a question");
    assert_eq!(question.condition, "contract:federal");
    assert_eq!(question.if_yes, "Use is prohibited, and what was found has to be reported.");
    assert_eq!(detail.answers.len(), 10);
    assert_eq!(detail.answers[0].activity, Activity::Use);
    let ours: Vec<bool> = detail.instruments.iter().map(|block| block.touches_us).collect();
    assert!(ours.is_sorted_by(|left, right| left >= right), "ours first");
    for block in &detail.instruments {
        let once: BTreeSet<&String> = block.because.iter().collect();
        assert_eq!(once.len(), block.because.len());
        assert!(!block.because.iter().any(|because| because.starts_with(char::is_lowercase)), "{:?}", block.because);
        assert!(!block.urls.is_empty() && !block.citations.is_empty());
    }
    let machine = detail.machines.iter().find(|machine| machine.hostname == "WS-FIN-014").expect("there");
    let labels: BTreeSet<&str> = machine.evidence.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(labels, BTreeSet::from(["Folder", "Process", "Program", "Service"]));
    assert!(machine.evidence.iter().all(|line| !line.matched.is_empty()));
    assert!(!detail.timeline.is_empty() && !detail.next_steps.is_empty());
}

#[test]
fn a_dossier_says_out_loud_who_is_not_listed() {
    let sample = sample();
    let dossier = sample.kaspersky(&US, TODAY);
    assert_eq!(
        dossier.not_listed,
        [
            "Eugene Kaspersky, chief executive and founder, is not on the US list (OFAC); listed by Poland since 26 Apr 2022.",
            "No company of Kaspersky is on the US list (OFAC) either.",
        ]
    );
    assert_eq!(dossier.people[0].id, "eugene-kaspersky", "who is not on the list that holds most comes first");
    assert!(dossier.people[1..].iter().all(|person| person.listed_by.iter().any(|one| one.from == "2024-06-21")));
    // The day before, nobody was on it.
    assert!(sample.kaspersky(&US, "2024-06-20").not_listed.iter().all(|sentence| !sentence.contains("OFAC")));
}

#[test]
fn may_we_buy_it_is_answered_with_day_and_citation() {
    let sample = sample();
    let sentence = |profiles: &[&str], as_of| sample.kaspersky(profiles, as_of).purchase_sentence;
    let now = sentence(&US, TODAY);
    assert!(now.starts_with("No: Kaspersky may not enter into new agreements with US persons"), "{now}");
    assert!(now.contains(", since 20 Jul 2024 (89 FR 52434)."), "{now}");
    assert!(now.ends_with("(our reading)."), "{now}");
    let announced = sentence(&["us-private"], "2024-07-01");
    assert!(announced.starts_with("Not barred by this on that day, to be watched: "), "{announced}");
    assert!(announced.contains(", from 20 Jul 2024"), "{announced}");
    let nobody = sentence(&["research"], TODAY);
    assert!(nobody.starts_with("No known restriction for you on 22 Nov 2026; "), "{nobody}");
    for text in [now, announced, nobody] {
        assert!(!text.contains("illegal") && !text.contains("banned"), "{text}");
    }
}

#[test]
fn the_matrix_holds_ours_and_each_jurisdiction_that_speaks() {
    let dossier = sample().kaspersky(&US, TODAY);
    let ids: Vec<Option<&str>> = dossier.matrix.iter().map(|row| row.profile.as_deref()).collect();
    assert_eq!(ids[0], None);
    assert!(ids.len() <= 14);
    for expected in [
        "us-private",
        "us-federal-contractor",
        "us-federal-civilian",
        "ca-federal",
        "au-commonwealth",
        "de-private",
        "eu-private",
        "pl-person",
        "research",
    ] {
        assert!(ids.contains(&Some(expected)), "{expected}: {ids:?}");
    }
    assert_eq!(ids.last(), Some(&Some("research")));
    assert!(!ids.iter().flatten().any(|id| id.starts_with("us-state-")));
    let research = dossier.matrix.last().expect("a row");
    assert!(research.activities.iter().all(|one| one.tier == Tier::None));
}

#[test]
fn families_answer_per_instrument() {
    let dossier = sample().kaspersky(&US, TODAY);
    assert!((1..=6).contains(&dossier.family_columns.len()));
    let icts = dossier.family_columns.iter().position(|one| one.id == "us-bis-icts-2024-kaspersky").expect("a column");
    assert!(!dossier.family_columns.iter().any(|one| one.id.starts_with("us-ofac") || one.id.starts_with("us-bis-el")));
    let answer = |title: &str| {
        let family = dossier.families.iter().find(|family| family.title == title).expect("a family");
        assert_eq!(family.coverage.len(), dossier.family_columns.len());
        family.coverage[icts].answer.as_str()
    };
    assert_eq!(answer("Anti-virus, endpoint, EDR"), "covered");
    assert_eq!(answer("Training and consulting"), "carved-out");
    let products: usize = dossier.families.iter().map(|family| family.products.len()).sum();
    assert_eq!(products, dossier.row.products as usize, "each product stands in one family");
}

#[test]
fn only_addresses_of_sources_are_opened() {
    let sample = sample();
    let check = |url: &str| sample.desk.check_source(&crate::wire::SourceOpenRequest { url: url.to_owned() });
    let dossier = sample.kaspersky(&US, TODAY);
    for source in dossier.sources.iter().flat_map(|source| &source.urls) {
        assert!(check(source).is_ok(), "{source}");
    }
    for wrong in ["https://example.org/", "file:///etc/passwd", "AFP news report of 21 June 2024", ""] {
        assert_eq!(check(wrong).expect_err("refused").code, "desktop/unknown-source");
    }
}

#[test]
fn search_leads_somewhere_each_once() {
    let sample = sample();
    let find =
        |query: &str| sample.desk.search_find(&SearchRequest { query: query.to_owned() }).expect("answers").items;
    let kaspersky = find("Касперск");
    assert_eq!((kaspersky[0].kind.as_str(), kaspersky[0].id.as_str()), ("vendor", "kaspersky"));
    let keys: BTreeSet<_> = kaspersky.iter().map(|item| (&item.kind, &item.id)).collect();
    assert_eq!(keys.len(), kaspersky.len());
    assert!(find("a").len() <= 20);
    assert_eq!(find("ws-東京")[0].kind, "machine");
    let company = find("OOO Kaspersky Group");
    assert_eq!((company[0].kind.as_str(), company[0].id.as_str()), ("vendor", "kaspersky"));
}

#[test]
fn a_report_is_written_beside_the_data() {
    let sample = sample();
    let written = sample.desk.report_write(&context(&US, TODAY)).expect("writes");
    let path = Path::new(&written.path);
    assert!(path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("interdict-sample-2026-11-22T")));
    let text = std::fs::read_to_string(path).expect("there");
    assert!(text.contains("Kaspersky Endpoint Security for Windows"));
}

const DETERMINATION: &str = "us-bis-icts-2024-kaspersky";

#[test]
fn every_restriction_is_listed_once_and_can_be_read() {
    let sample = sample();
    let rows = sample.restrictions(&US, TODAY).rows;
    assert_eq!(rows.len(), usize::try_from(sample.status.catalogue.restrictions).expect("a count"));
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), rows.len());
    for row in &rows {
        let detail = sample.restriction(&US, TODAY, &row.id);
        assert_eq!(&detail.row, row);
        let is_unverified = row.verification == crate::wire::Verification::Unverified;
        assert!(!detail.text.is_empty() && (is_unverified || !detail.sources.is_empty()), "{}", row.id);
        let names_nothing = row.vendors.is_empty() && row.goods.is_empty() && row.extends.is_empty();
        assert!(!names_nothing, "{} is about nothing", row.id);
        // What is shown as a link can be opened.
        for source in &detail.sources {
            let request = crate::wire::SourceOpenRequest { url: source.url.clone() };
            assert!(
                !source.url.starts_with("https://") || sample.desk.check_source(&request).is_ok(),
                "{}",
                source.url
            );
        }
    }
}

#[test]
fn the_determination_is_announced_the_day_before_and_prohibits_on_the_day() {
    let sample = sample();
    let said = |as_of| {
        let detail = sample.restriction(&["us-private"], as_of, DETERMINATION);
        (detail.row.standing, detail.row.tier, detail.row.tier_today)
    };
    assert_eq!(said("2024-06-19"), ("not-public".to_owned(), Tier::None, Tier::Prohibited));
    assert_eq!(said("2024-07-19"), ("announced".to_owned(), Tier::Watch, Tier::Prohibited));
    assert_eq!(said("2024-07-20"), ("in-force".to_owned(), Tier::Prohibited, Tier::Prohibited));
}

#[test]
fn an_effect_says_who_of_us_it_means_and_a_list_who_is_not_on_it() {
    let sample = sample();
    let detail = sample.restriction(&["us-private"], TODAY, DETERMINATION);
    let buy = detail.effects.iter().find(|effect| effect.activities.contains(&Activity::Buy)).expect("buys");
    assert!(buy.counterparty.iter().any(|capacity| capacity.word == "us-person" && capacity.ours));
    assert!(buy.binds.iter().all(|capacity| !capacity.ours), "the vendor must obey, not we");
    assert!(buy.reading.is_some() && !buy.bars.is_empty());

    let leaders = sample.restriction(&["us-private"], TODAY, "us-ofac-2024-06-kaspersky-leadership");
    let spared: Vec<&str> = leaders.scope.persons_not_listed.iter().map(|person| person.name.as_str()).collect();
    assert!(spared.contains(&"Eugene Kaspersky"), "{spared:?}");
    assert!(leaders.scope.persons.iter().all(|person| !spared.contains(&person.name.as_str())));
}

#[test]
fn what_a_restriction_reaches_here_is_what_the_findings_say_of_it() {
    let sample = sample();
    for as_of in [TODAY, "2024-07-21"] {
        let findings = sample.findings(&US, as_of);
        for row in sample.restrictions(&US, as_of).rows {
            let found = sample.restriction(&US, as_of, &row.id).found;
            let here: BTreeSet<&str> = found.iter().map(|each| each.finding.as_str()).collect();
            let filtered = findings.rows.iter().filter(|finding| finding.restrictions.contains(&row.id));
            assert_eq!(filtered.map(|finding| finding.id.as_str()).collect::<BTreeSet<_>>(), here, "{}", row.id);
            assert_eq!(row.machines == 0, here.is_empty(), "{}", row.id);
        }
    }
}

#[test]
fn an_unknown_restriction_is_an_error_with_the_nearest() {
    let sample = sample();
    let request = RestrictionRequest { context: context(&US, TODAY), id: "us-bis-icts-2024-kasperski".to_owned() };
    let error = sample.desk.restriction_get(&request).expect_err("there is none");
    assert_eq!(error.code, "app/unknown-id");
    assert!(error.hint.is_some_and(|hint| hint.contains(DETERMINATION)));
}

#[test]
fn every_vendor_has_a_dossier_and_one_without_restriction_says_what_was_compared() {
    let sample = sample();
    let vendors = sample.desk.vendors_list(&context(&US, TODAY)).expect("answers").rows;
    let mut unrestricted = 0;
    for row in &vendors {
        let dossier = sample.vendor(&row.id);
        let touched = dossier.timeline.iter().any(|lane| lane.touches_us);
        assert_eq!(dossier.checked.is_some(), dossier.naming == 0 && !touched, "{}", row.id);
        let named: usize = dossier.families.iter().map(|family| family.products.len()).sum();
        assert_eq!(named, usize::try_from(row.products).expect("a count"), "{}", row.id);
        for relation in dossier.relations.iter().chain(&dossier.related) {
            assert!(!relation.name.is_empty(), "{}", row.id);
        }
        unrestricted += usize::from(dossier.checked.is_some());
    }
    assert!(unrestricted > vendors.len() / 2, "most vendors are under no restriction: {unrestricted}");
}

#[test]
fn a_relation_is_told_on_both_sides() {
    let sample = sample();
    let avast = sample.vendor("avast");
    let owner = avast.owners.first().expect("Avast has an owner");
    assert!(avast.relations.iter().any(|relation| relation.kind == "owned-by" && relation.holds));
    let related = sample.vendor(&owner.id).related;
    assert!(related.iter().any(|relation| relation.name == avast.row.name), "{related:?}");
}

#[test]
fn another_catalogue_is_compared_for_us() {
    let sample = sample();
    let folder = tempfile::tempdir().expect("a folder");
    let name = format!("restrictions/us/{DETERMINATION}.md");
    let files = interdict_app::catalogue::builtin_files();
    let file = files.iter().find(|file| file.path == name).expect("is there");
    let path = folder.path().join(&name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("makes it");
    std::fs::write(&path, file.text.replace("2024-09-29", "2024-10-15")).expect("writes");
    let compare = |as_of| sample.desk.catalogue_compare(&context(&["us-private"], as_of), &path).expect("compares");
    let changes = compare("2024-10-01");
    assert_eq!(changes.groups.iter().map(|group| group.word.as_str()).collect::<Vec<_>>(), ["effects-moved"]);
    assert!(changes.affecting > 0 && !changes.changed_products.is_empty(), "{changes:?}");
    assert!(compare(TODAY).changed_products.is_empty(), "today both say the same of what is installed");
    let missing = sample.desk.catalogue_compare(&context(&US, TODAY), &folder.path().join("none"));
    assert!(missing.is_err_and(|error| error.code.starts_with("app/")));
}

#[test]
fn what_is_on_a_machine_and_where_a_finding_is_are_told_for_the_asking() {
    let sample = sample();
    let overview = sample.desk.overview_get(&context(&US, TODAY)).expect("answers");
    let worst = overview.by_machine.first().expect("there is one");
    let request = FindingsRequest { context: context(&US, TODAY), machine: Some(worst.id.clone()) };
    let reply = sample.desk.findings_list(&request).expect("answers");
    assert_eq!(reply.rows, sample.findings(&US, TODAY).rows);
    let on_machine = reply.on_machine.expect("it is known");
    assert_eq!((&on_machine.id, &on_machine.hostname), (&worst.id, &worst.hostname));
    assert!(worst.findings.iter().all(|finding| on_machine.findings.contains(finding)));
    let unknown = FindingsRequest { machine: Some("nobody".to_owned()), ..request };
    assert_eq!(sample.desk.findings_list(&unknown).expect("answers").on_machine, None);

    let row = reply.rows.iter().max_by_key(|row| row.machines).expect("there is one");
    let detail = sample.desk.finding_get(&FindingRequest { context: context(&US, TODAY), id: row.id.clone() });
    let detail = detail.expect("answers");
    assert_eq!(&detail.row, row);
    let mut paged = Vec::new();
    for offset in 0..row.machines {
        let request = FindingMachinesRequest { context: context(&US, TODAY), id: row.id.clone(), offset, limit: 1 };
        let part = sample.desk.finding_machines(&request).expect("answers");
        assert_eq!((part.total, part.machines.len()), (row.machines, 1));
        paged.extend(part.machines);
    }
    // The first of them come with the finding.
    assert_eq!(detail.machines.as_slice(), paged.get(..25).unwrap_or(&paged));
}
