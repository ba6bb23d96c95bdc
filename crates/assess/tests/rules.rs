//! The rules of how a tier comes about, one by one, over small made-up catalogues.

use interdict_assess::{Circumstances, assess};
use interdict_catalogue::{Catalogue, SourceFile, has_errors, parse};
use interdict_model::{Activity, Condition, Day, ProfileId, Subject, Tier, Verdict};

const VENDOR: &str = r#"
id = "acme"
name = "Acme"

[[legal-entity]]
id = "acme-ag"
name = "Acme AG"
confidence = "known"

[[legal-entity]]
id = "acme-inc"
name = "Acme Inc"
confidence = "known"

[[person]]
id = "jane-doe"
name = "Jane Doe"
role = "chief executive"
confidence = "known"

[[person]]
id = "john-roe"
name = "John Roe"
role = "chief operating officer"
confidence = "known"

[[product]]
id = "acme.shield"
name = "Acme Shield"
classes = ["anti-virus", "cybersecurity"]
category = "antivirus"

[[product]]
id = "acme.feed"
name = "Acme Feed"
classes = ["threat-intelligence"]
category = "threat-intelligence"

[[product]]
id = "acme.box"
name = "Acme Box"
classes = ["backup"]
category = "backup"

[[product]]
id = "acme.riddle"
name = "Acme Riddle"
category = "other"
"#;

const HOST: &str = r#"
id = "host"
name = "Host"

[[product]]
id = "host.suite"
name = "Host Suite"
classes = ["anti-virus"]
category = "antivirus"

[[embeds]]
product = "host.suite"
engine-vendor = "acme"
says = "Reported to hold the Acme engine."
confidence = "known"
"#;

const KID: &str = r#"
id = "kid"
name = "Kid"

[[relation]]
kind = "owned-by"
vendor = "acme"
from = 2020-01-01
until = 2022-01-01
says = "Acme owned Kid from 2020 to 2021."
confidence = "known"
"#;

const HEIR: &str = r#"
id = "heir"
name = "Heir"

[[relation]]
kind = "successor-of"
vendor = "acme"
says = "Heir carries on the business of Acme."
confidence = "known"

[[goods]]
kind = "consumer-router"
belongs = true
says = "Heir makes routers."
confidence = "known"

[[goods]]
kind = "foreign-software"
belongs = false
says = "Heir is at home there."
confidence = "known"

[[product]]
id = "heir.router"
name = "Heir Router"
classes = ["other"]
category = "other"
goods = ["consumer-router"]

[[product]]
id = "heir.app"
name = "Heir App"
classes = ["other"]
category = "other"
"#;

/// A catalogue with one restriction: its scope, standing and effects as given.
fn catalogue(head: &str) -> Catalogue {
    let restriction = format!(
        "```toml\nid = \"us-test\"\nissuer = \"us-x\"\ninstrument = \"rule\"\nverification = \"primary\"\n{head}\n```\n# Test\nText.\n"
    );
    let profile = |id: &str, capacities: &str| {
        SourceFile::new(
            format!("profiles/{id}.toml"),
            format!("id = \"{id}\"\ntitle = \"{id}\"\ncapacities = {capacities}\n"),
        )
    };
    let files = [
        SourceFile::new("catalogue.toml", "format = 1\nversion = \"t\"\ndate = 2026-01-01\n"),
        SourceFile::new(
            "issuers/us-x.toml",
            "id = \"us-x\"\nname = \"X\"\nshort-name = \"X\"\njurisdiction = \"us\"\n",
        ),
        SourceFile::new("vendors/acme.toml", VENDOR),
        SourceFile::new("vendors/host.toml", HOST),
        SourceFile::new("vendors/kid.toml", KID),
        SourceFile::new("vendors/heir.toml", HEIR),
        SourceFile::new("restrictions/us/us-test.md", restriction),
        profile("us-private", "[\"us-person\", \"anyone\"]"),
        profile("ca-federal", "[\"ca-federal\", \"anyone\"]"),
        profile("de-private", "[\"eu-person\", \"de-entity\", \"anyone\"]"),
        profile("research", "[]"),
    ];
    let (catalogue, diagnostics) = parse(&files);
    assert!(!has_errors(&diagnostics), "{diagnostics:?}");
    catalogue
}

fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn circumstances(catalogue: &Catalogue, profiles: &[&str], as_of: &str) -> Circumstances {
    let ids: Vec<ProfileId> = profiles.iter().map(|id| ProfileId::from(*id)).collect();
    Circumstances::of_profiles(catalogue, &ids, day(as_of))
}

fn acme() -> Subject {
    Subject::Vendor { vendor: "acme".into() }
}

fn product(id: &str) -> Subject {
    let vendor = id.split('.').next().unwrap_or_default();
    Subject::Product { vendor: vendor.into(), product: id.into() }
}

fn use_tier(catalogue: &Catalogue, subject: &Subject, profile: &str, as_of: &str) -> Tier {
    verdict(catalogue, subject, profile, as_of).activities[&Activity::Use].tier
}

fn verdict(catalogue: &Catalogue, subject: &Subject, profile: &str, as_of: &str) -> Verdict {
    assess(catalogue, subject, &circumstances(catalogue, &[profile], as_of))
}

const STANDS: &str =
    "announced = 2024-01-10\n[[standing]]\nfrom = 2024-01-10\nis = \"in-force\"\n[scope]\nvendors = [\"acme\"]\n";

fn effect(force: &str, more: &str) -> String {
    format!(
        "[[effect]]\nforce = \"{force}\"\nactivities = [\"use\"]\nfrom = 2024-02-01\nmeasure = \"no-government-use\"\n{more}\n"
    )
}

const US: &str = "binds = [\"us-person\"]";

#[test]
fn rule_1_watch_when_announced_full_from_its_day_history_after() {
    for (force, full) in [("forbids", Tier::Prohibited), ("limits", Tier::Restricted)] {
        let catalogue = catalogue(&format!("{STANDS}{}", effect(force, &format!("{US}\nuntil = 2025-02-01"))));
        for (as_of, expected) in [
            ("2024-01-09", Tier::None),
            ("2024-01-10", Tier::Watch),
            ("2024-01-31", Tier::Watch),
            ("2024-02-01", full),
            ("2025-01-31", full),
            ("2025-02-01", Tier::None),
        ] {
            assert_eq!(use_tier(&catalogue, &acme(), "us-private", as_of), expected, "{force} {as_of}");
        }
    }
    let warning = "activities = [\"use\"]\nfrom = 2024-02-01\nmeasure = \"warning\"\naddressed = [\"de-entity\"]\n";
    let catalogue = catalogue(&format!("{STANDS}[[effect]]\nforce = \"warns\"\n{warning}"));
    assert_eq!(use_tier(&catalogue, &acme(), "de-private", "2024-02-01"), Tier::Advisory);
    assert_eq!(use_tier(&catalogue, &acme(), "us-private", "2024-02-01"), Tier::None);
}

#[test]
fn rule_1_an_order_made_public_later_counts_from_its_day_and_says_so() {
    let head = "announced = 2024-03-01\nannounced-note = \"made public later\"\n[[standing]]\nfrom = 2024-02-01\nis = \"in-force\"\n[scope]\nvendors = [\"acme\"]\n";
    let catalogue = catalogue(&format!("{head}{}", effect("forbids", US)));
    assert_eq!(use_tier(&catalogue, &acme(), "us-private", "2024-01-31"), Tier::None);
    let verdict = verdict(&catalogue, &acme(), "us-private", "2024-02-01");
    assert_eq!(verdict.activities[&Activity::Use].tier, Tier::Prohibited);
    assert!(verdict.activities[&Activity::Use].reasons[0].because.contains("Public since 1 Mar 2024"));
}

#[test]
fn rule_2_an_uncertain_span_is_watch() {
    let catalogue = catalogue(&format!("{STANDS}{}", effect("forbids", &format!("{US}\nfrom-precision = \"month\""))));
    for (as_of, expected) in
        [("2024-02-01", Tier::Watch), ("2024-02-29", Tier::Watch), ("2024-03-01", Tier::Prohibited)]
    {
        assert_eq!(use_tier(&catalogue, &acme(), "us-private", as_of), expected, "{as_of}");
    }
    let verdict = verdict(&catalogue, &acme(), "us-private", "2024-02-15");
    let because = &verdict.activities[&Activity::Use].reasons[0].because;
    assert!(because.contains("some day in Feb 2024"), "{because}");
}

#[test]
fn rule_3_what_does_not_simply_stand_is_never_more_than_watch() {
    for standing in ["proposed", "reported", "contested", "suspended", "unconfirmed"] {
        let head = format!(
            "announced = 2024-01-10\n[[standing]]\nfrom = 2024-01-10\nis = \"in-force\"\n[[standing]]\nfrom = 2024-06-01\nis = \"{standing}\"\n[scope]\nvendors = [\"acme\"]\n"
        );
        let catalogue = catalogue(&format!("{head}{}", effect("forbids", US)));
        assert_eq!(use_tier(&catalogue, &acme(), "us-private", "2024-05-31"), Tier::Prohibited, "{standing}");
        assert_eq!(use_tier(&catalogue, &acme(), "us-private", "2024-06-01"), Tier::Watch, "{standing}");
    }
    for standing in ["superseded", "ended"] {
        let head = format!(
            "announced = 2024-01-10\n[[standing]]\nfrom = 2024-01-10\nis = \"in-force\"\n[[standing]]\nfrom = 2024-06-01\nis = \"{standing}\"\n[scope]\nvendors = [\"acme\"]\n"
        );
        let catalogue = catalogue(&format!("{head}{}", effect("forbids", US)));
        assert_eq!(use_tier(&catalogue, &acme(), "us-private", "2024-05-31"), Tier::Prohibited, "{standing}");
        assert_eq!(use_tier(&catalogue, &acme(), "us-private", "2024-06-01"), Tier::None, "{standing}");
    }
    let unverified =
        catalogue(&format!("{STANDS}{}", effect("forbids", &format!("{US}\nverification = \"unverified\""))));
    let verdict = verdict(&unverified, &acme(), "us-private", "2024-06-01");
    assert_eq!(verdict.activities[&Activity::Use].tier, Tier::Watch);
    assert!(verdict.activities[&Activity::Use].reasons[0].because.starts_with("Reported, not verified by us."));
}

#[test]
fn rule_4_conditions_known_denied_and_unknown() {
    let more = "binds = [\"ca-federal\"]\nwhen = [\"device:mobile\"]";
    let forbids = catalogue(&format!("{STANDS}{}", effect("forbids", more)));
    let asked = circumstances(&forbids, &["ca-federal"], "2024-06-01");
    let tier = |asked: &Circumstances| assess(&forbids, &acme(), asked).activities[&Activity::Use].tier;
    assert_eq!(tier(&asked), Tier::Restricted);
    assert_eq!(tier(&asked.clone().knowing(Condition::DeviceMobile, true)), Tier::Prohibited);
    assert_eq!(tier(&asked.clone().knowing(Condition::DeviceMobile, false)), Tier::None);
    let on_server = assess(&forbids, &acme(), &asked.knowing(Condition::DeviceServer, true));
    let reason = &on_server.activities[&Activity::Use].reasons[0];
    assert_eq!(reason.tier, Tier::None);
    assert_eq!(reason.not_covered.as_deref(), Some("Not covered: it applies only on mobile devices."));
}

#[test]
fn rule_4_a_triggered_duty_stands_beside_the_headline() {
    let duty = "[[effect]]\nforce = \"requires\"\nactivities = [\"report\"]\nfrom = 2024-02-01\nbinds = [\"us-person\"]\ntrigger = \"if found during a contract\"\nmeasure = \"report-when-found\"\n";
    let catalogue = catalogue(&format!("{STANDS}{duty}"));
    let verdict = verdict(&catalogue, &acme(), "us-private", "2024-06-01");
    assert_eq!(verdict.activities[&Activity::Report].tier, Tier::Required);
    assert_eq!(verdict.headline.installed, Tier::None);
    let met = circumstances(&catalogue, &["us-private"], "2024-06-01").knowing(Condition::ContractFederal, true);
    assert_eq!(assess(&catalogue, &acme(), &met).headline.installed, Tier::Required);
}

#[test]
fn rule_5_classes_carve_outs_and_named_companies() {
    let head = "announced = 2024-01-10\n[[standing]]\nfrom = 2024-01-10\nis = \"in-force\"\n[scope]\nvendors = [\"acme\"]\nproduct-classes = [\"anti-virus\", \"cybersecurity\"]\nexcept-classes = [\"threat-intelligence\"]\n";
    let classes = catalogue(&format!("{head}{}", effect("forbids", US)));
    for (subject, expected) in [
        (acme(), Tier::Prohibited),
        (product("acme.shield"), Tier::Prohibited),
        (product("acme.feed"), Tier::None),
        (product("acme.box"), Tier::None),
        (product("acme.riddle"), Tier::Undetermined),
    ] {
        assert_eq!(use_tier(&classes, &subject, "us-private", "2024-06-01"), expected, "{subject:?}");
    }
    let whole = verdict(&classes, &acme(), "us-private", "2024-06-01");
    let left_alone = whole.activities[&Activity::Use].reasons[0].not_covered.clone().unwrap_or_default();
    assert!(left_alone.contains("threat intelligence"), "{left_alone}");

    let head = "announced = 2024-01-10\n[[standing]]\nfrom = 2024-01-10\nis = \"in-force\"\n[scope]\nentities = [\"acme-ag\"]\n";
    let named = catalogue(&format!("{head}{}", effect("forbids", US)));
    let verdict = verdict(&named, &acme(), "us-private", "2024-06-01");
    assert_eq!(verdict.activities[&Activity::Use].tier, Tier::Prohibited);
    let says = verdict.activities[&Activity::Use].reasons[0].not_covered.clone().unwrap_or_default();
    assert!(says.contains("Acme AG only") && says.contains("not named: Acme Inc"), "{says}");
}

#[test]
fn rule_6_listed_people_are_watch_on_deal_with_for_those_they_touch() {
    let head = "announced = 2024-01-10\n[[standing]]\nfrom = 2024-01-10\nis = \"in-force\"\n[scope]\npersons = [{ id = \"john-roe\" }]\n";
    let deal = "[[effect]]\nforce = \"forbids\"\nactivities = [\"deal-with\"]\nfrom = 2024-02-01\nbinds = [\"us-person\"]\nmeasure = \"blocking-of-person\"\n";
    let catalogue = catalogue(&format!("{head}{deal}"));
    let ours = verdict(&catalogue, &acme(), "us-private", "2024-06-01");
    assert_eq!(ours.activities[&Activity::DealWith].tier, Tier::Watch);
    assert!(ours.activities[&Activity::DealWith].reasons[0].because.contains("Jane Doe"));
    let foreign = verdict(&catalogue, &acme(), "de-private", "2024-06-01");
    assert_eq!(foreign.activities[&Activity::DealWith].tier, Tier::None);
    assert_eq!(foreign.activities[&Activity::DealWith].others.len(), 1);
}

#[test]
fn rule_7_several_profiles_are_the_union_of_their_capacities() {
    let two = format!(
        "{STANDS}{}{}",
        effect("limits", US),
        effect("forbids", "binds = [\"ca-federal\"]").replace("\"use\"", "\"buy\"")
    );
    let catalogue = catalogue(&two);
    let both = assess(&catalogue, &acme(), &circumstances(&catalogue, &["us-private", "ca-federal"], "2024-06-01"));
    assert_eq!(both.activities[&Activity::Use].tier, Tier::Restricted);
    assert_eq!(both.activities[&Activity::Buy].tier, Tier::Prohibited);
    let via = |activity: Activity| both.activities[&activity].reasons[0].via.map(|capacity| capacity.to_string());
    assert_eq!(via(Activity::Use).as_deref(), Some("us-person"));
    assert_eq!(via(Activity::Buy).as_deref(), Some("ca-federal"));
    let nobody = verdict(&catalogue, &acme(), "research", "2024-06-01");
    assert_eq!(nobody.tier, Tier::None);
    assert_eq!(nobody.activities[&Activity::Use].others.len(), 1);
}

#[test]
fn a_reported_embedded_engine_is_answered_per_instrument() {
    for (answer, expected) in [("covered", Tier::Undetermined), ("not-covered", Tier::None), ("silent", Tier::None)] {
        let catalogue = catalogue(&format!("{STANDS}embedded = \"{answer}\"\n{}", effect("forbids", US)));
        let verdict = verdict(&catalogue, &product("host.suite"), "us-private", "2024-06-01");
        let answered = &verdict.activities[&Activity::Use];
        assert_eq!(answered.tier, expected, "{answer}");
        let says = answered.reasons[0].not_covered.clone().unwrap_or_default();
        assert!(says.contains("Reported to hold the Acme engine."), "{says}");
    }
}

fn vendor(id: &str) -> Subject {
    Subject::Vendor { vendor: id.into() }
}

fn blocking(scope: &str) -> Catalogue {
    let effects = "[[effect]]\nforce = \"forbids\"\nactivities = [\"use\", \"deal-with\"]\nfrom = 2020-06-01\nbinds = [\"us-person\"]\nmeasure = \"blocking\"\nsays = \"S.\"\n";
    catalogue(&format!(
        "announced = 2020-06-01\n[[standing]]\nfrom = 2020-06-01\nis = \"in-force\"\n[scope]\n{scope}\n{effects}"
    ))
}

fn tiers(catalogue: &Catalogue, subject: &Subject, as_of: &str) -> (Tier, Tier) {
    let verdict = verdict(catalogue, subject, "us-private", as_of);
    (verdict.activities[&Activity::Use].tier, verdict.activities[&Activity::DealWith].tier)
}

#[test]
fn a_group_is_what_belongs_to_it_on_the_day() {
    let group = blocking("vendors = [\"acme\"]");
    for (as_of, expected) in [("2021-06-01", Tier::Prohibited), ("2022-01-01", Tier::None), ("2026-01-01", Tier::None)]
    {
        assert_eq!(tiers(&group, &vendor("kid"), as_of), (expected, expected), "{as_of}");
    }
    // Of a listed company only the owner is known here: that is watch, and only in dealing with it.
    let company = blocking("entities = [\"acme-ag\"]");
    assert_eq!(tiers(&company, &vendor("kid"), "2021-06-01"), (Tier::None, Tier::Watch));
    assert_eq!(tiers(&company, &vendor("kid"), "2022-06-01"), (Tier::None, Tier::None));
}

#[test]
fn a_successor_is_watch() {
    let group = blocking("vendors = [\"acme\"]");
    assert_eq!(tiers(&group, &vendor("heir"), "2021-06-01"), (Tier::Watch, Tier::Watch));
    let verdict = verdict(&group, &vendor("heir"), "us-private", "2021-06-01");
    let reason = &verdict.activities[&Activity::Use].reasons[0];
    assert!(reason.because.starts_with("Heir carries on the business of Acme."), "{}", reason.because);
}

#[test]
fn goods_reach_those_that_are_said_to_make_them() {
    let equipment = blocking("goods = [\"consumer-router\"]");
    let expected = [
        (vendor("heir"), Tier::Prohibited),
        (product("heir.router"), Tier::Prohibited),
        (product("heir.app"), Tier::None),
        (vendor("kid"), Tier::None),
        (product("acme.shield"), Tier::None),
    ];
    for (subject, tier) in expected {
        assert_eq!(tiers(&equipment, &subject, "2021-06-01").0, tier, "{subject:?}");
    }
    let app = verdict(&equipment, &product("heir.app"), "us-private", "2021-06-01");
    assert_eq!(
        app.activities[&Activity::Use].reasons[0].not_covered.as_deref(),
        Some("Not covered: reaches consumer routers produced abroad only, and Heir App is software.")
    );
}

#[test]
fn a_class_of_software_is_undetermined_where_nothing_is_stated() {
    let software = blocking("goods = [\"foreign-software\"]");
    assert_eq!(tiers(&software, &vendor("heir"), "2021-06-01").0, Tier::None, "said not to belong");
    assert_eq!(tiers(&software, &vendor("acme"), "2021-06-01").0, Tier::Undetermined, "nothing is said");
    let others = verdict(&software, &vendor("acme"), "ca-federal", "2021-06-01");
    assert!(others.activities[&Activity::Use].others.is_empty(), "and nobody else is told of it");
}

#[test]
fn an_effect_may_be_about_some_vendors_alone() {
    let narrowed = catalogue(
        "announced = 2020-06-01\n[[standing]]\nfrom = 2020-06-01\nis = \"in-force\"\n[scope]\nvendors = [\"acme\", \"host\"]\n\
         [[effect]]\nforce = \"forbids\"\nactivities = [\"use\"]\nfrom = 2020-06-01\nbinds = [\"us-person\"]\nmeasure = \"blocking\"\nvendors = [\"host\"]\n",
    );
    assert_eq!(tiers(&narrowed, &vendor("host"), "2021-06-01").0, Tier::Prohibited);
    assert_eq!(tiers(&narrowed, &vendor("acme"), "2021-06-01").0, Tier::None);
}

#[test]
fn tiers_rank_as_promised() {
    let order = [Tier::None, Tier::Undetermined, Tier::Watch, Tier::Advisory, Tier::Restricted, Tier::Required];
    assert!(order.is_sorted_by_key(|tier| tier.rank()));
    assert_eq!(Tier::Prohibited.rank(), Tier::Required.rank());
    assert_eq!(Tier::Required.worst(Tier::Prohibited), Tier::Prohibited);
    assert_eq!(Tier::Prohibited.worst(Tier::Required), Tier::Prohibited);
}
