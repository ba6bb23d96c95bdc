//! The founding case, exactly: the table of the product's definition and the lines under it, over the built-in catalogue.

use std::sync::OnceLock;

use interdict_assess::{Circumstances, assess};
use interdict_catalogue::{Catalogue, builtin};
use interdict_model::{Activity, Condition, Day, ProfileId, Standing, Subject, Tier, Verdict, Verification};

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| builtin().0)
}

fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn circumstances(profile: &str, as_of: &str) -> Circumstances {
    let id = ProfileId::from(profile);
    assert!(catalogue().profile(&id).is_some(), "no profile {profile}");
    Circumstances::of_profiles(catalogue(), &[id], day(as_of))
}

fn kaspersky() -> Subject {
    Subject::Vendor { vendor: "kaspersky".into() }
}

fn product(id: &str) -> Subject {
    let product = catalogue().product(&id.into()).unwrap_or_else(|| panic!("no product {id}"));
    Subject::Product { vendor: product.vendor.clone(), product: product.id.clone() }
}

fn ask(subject: &Subject, profile: &str, as_of: &str) -> Verdict {
    assess(catalogue(), subject, &circumstances(profile, as_of))
}

fn tier(verdict: &Verdict, activity: Activity) -> Tier {
    verdict.activities[&activity].tier
}

/// The table, for the vendor and for an anti-virus product of it.
#[test]
fn us_private_table() {
    use Tier::{None, Prohibited, Restricted, Watch};
    // as of, buy and renew, update, resell and embed, use, export-to, deal-with
    let rows = [
        ("2024-06-19", None, None, None, None, None, None),
        ("2024-06-20", Watch, Watch, Watch, Watch, Watch, None),
        ("2024-06-21", Watch, Watch, Watch, Watch, Watch, Watch),
        ("2024-06-23", Watch, Watch, Watch, Watch, Watch, Watch),
        ("2024-06-24", Watch, Watch, Watch, Watch, Restricted, Watch),
        ("2024-07-19", Watch, Watch, Watch, Watch, Restricted, Watch),
        ("2024-07-20", Prohibited, Watch, Watch, Watch, Restricted, Watch),
        ("2024-09-28", Prohibited, Watch, Watch, Watch, Restricted, Watch),
        ("2024-09-29", Prohibited, Prohibited, Prohibited, Restricted, Restricted, Watch),
        ("2026-11-22", Prohibited, Prohibited, Prohibited, Restricted, Restricted, Watch),
    ];
    for subject in [kaspersky(), product("kaspersky.kes-linux"), product("kaspersky.kav")] {
        for (as_of, buy, update, resell, use_, export, deal) in rows {
            let verdict = ask(&subject, "us-private", as_of);
            let expected = [
                (Activity::Buy, buy),
                (Activity::Renew, buy),
                (Activity::Update, update),
                (Activity::Resell, resell),
                (Activity::Embed, resell),
                (Activity::Use, use_),
                (Activity::ExportTo, export),
                (Activity::DealWith, deal),
                (Activity::Remove, None),
                (Activity::Report, None),
            ];
            for (activity, expected) in expected {
                assert_eq!(tier(&verdict, activity), expected, "{activity} as of {as_of}");
            }
        }
    }
}

/// The lines under the table, each the day before and on.
#[test]
fn other_profiles() {
    use Tier::{Advisory, None, Prohibited, Required, Restricted, Watch};
    let rows = [
        ("us-federal-civilian", Activity::Remove, "2017-09-12", None),
        ("us-federal-civilian", Activity::Remove, "2017-09-13", Watch),
        ("us-federal-civilian", Activity::Remove, "2017-12-11", Watch),
        ("us-federal-civilian", Activity::Remove, "2017-12-12", Required),
        ("us-federal-civilian", Activity::Remove, "2026-11-22", Required),
        ("us-federal-civilian", Activity::Use, "2018-09-30", Watch),
        ("us-federal-civilian", Activity::Use, "2018-10-01", Prohibited),
        ("us-federal-contractor", Activity::Report, "2018-07-15", Watch),
        ("us-federal-contractor", Activity::Report, "2018-07-16", Required),
        ("us-federal-contractor", Activity::Use, "2018-09-30", Watch),
        ("us-federal-contractor", Activity::Use, "2018-10-01", Restricted),
        ("us-federal-contractor", Activity::Buy, "2018-10-01", Restricted),
        ("us-federal-contractor", Activity::Embed, "2018-10-01", Restricted),
        ("ca-federal", Activity::Use, "2023-10-29", None),
        ("ca-federal", Activity::Use, "2023-10-30", Restricted),
        ("au-commonwealth", Activity::Remove, "2025-02-20", None),
        ("au-commonwealth", Activity::Remove, "2025-02-21", Required),
        ("au-commonwealth", Activity::Use, "2025-02-20", None),
        ("au-commonwealth", Activity::Use, "2025-02-21", Watch),
        ("au-commonwealth", Activity::Use, "2025-03-31", Watch),
        ("au-commonwealth", Activity::Use, "2025-04-01", Prohibited),
        ("de-private", Activity::Use, "2022-03-14", None),
        ("de-private", Activity::Use, "2022-03-15", Advisory),
        ("eu-private", Activity::Use, "2026-11-22", None),
        ("eu-private", Activity::Buy, "2026-11-22", None),
        ("eu-private", Activity::DealWith, "2026-11-22", None),
        ("pl-person", Activity::DealWith, "2022-04-25", None),
        ("pl-person", Activity::DealWith, "2022-04-26", Prohibited),
    ];
    for (profile, activity, as_of, expected) in rows {
        assert_eq!(tier(&ask(&kaspersky(), profile, as_of), activity), expected, "{profile} {activity} {as_of}");
    }
}

#[test]
fn a_known_kind_of_device_decides_in_canada() {
    let on = |condition| {
        let asked = circumstances("ca-federal", "2026-11-22").knowing(condition, true);
        tier(&assess(catalogue(), &kaspersky(), &asked), Activity::Use)
    };
    assert_eq!(on(Condition::DeviceMobile), Tier::Prohibited);
    assert_eq!(on(Condition::DeviceDesktop), Tier::None);
    assert_eq!(on(Condition::DeviceServer), Tier::None);
}

#[test]
fn a_known_contract_decides_for_a_contractor_and_sets_off_the_report() {
    let unknown = circumstances("us-federal-contractor", "2023-12-04");
    let verdict = assess(catalogue(), &kaspersky(), &unknown);
    assert_eq!(verdict.headline.installed, Tier::Restricted, "an unmet trigger does not raise the headline");
    assert_eq!(verdict.activities[&Activity::Use].reasons[0].condition, Some(Condition::ContractFederal));
    let report = &verdict.activities[&Activity::Report];
    assert!(report.reasons.iter().all(|reason| reason.because.starts_with("if found or notified during")));
    let clocks: Vec<&str> = report.reasons.iter().map(|reason| reason.because.as_str()).collect();
    assert!(clocks.iter().any(|text| text.contains("three business days")), "{clocks:?}");
    assert!(clocks.iter().any(|text| text.contains("one business day")), "{clocks:?}");

    let verdict = assess(catalogue(), &kaspersky(), &unknown.knowing(Condition::ContractFederal, true));
    assert_eq!(tier(&verdict, Activity::Use), Tier::Prohibited);
    assert!(matches!(verdict.headline.installed, Tier::Prohibited | Tier::Required));
}

#[test]
fn research_binds_nothing_and_still_shows_all() {
    let verdict = ask(&kaspersky(), "research", "2026-11-22");
    for (activity, answer) in &verdict.activities {
        assert_eq!(answer.tier, Tier::None, "{activity}");
        assert!(answer.reasons.is_empty(), "{activity}");
    }
    let others = |activity| verdict.activities[&activity].others.len();
    assert!(others(Activity::Use) >= 8 && others(Activity::DealWith) >= 2 && others(Activity::Buy) >= 5);
}

#[test]
fn threat_intelligence_is_carved_out_by_name() {
    let verdict = ask(&product("kaspersky.kdl"), "us-private", "2026-11-22");
    for activity in [Activity::Use, Activity::Buy, Activity::Renew, Activity::Update] {
        let answer = &verdict.activities[&activity];
        assert_eq!(answer.tier, Tier::None, "{activity}");
        let named = answer.reasons.iter().filter_map(|reason| reason.not_covered.as_deref());
        assert!(named.into_iter().any(|text| text.contains("threat intelligence is carved out")), "{activity}");
    }
}

#[test]
fn a_lawful_holder_is_never_called_prohibited() {
    for as_of in ["2024-07-20", "2024-09-29", "2026-11-22"] {
        let verdict = ask(&kaspersky(), "us-private", as_of);
        assert!(verdict.headline.installed.rank() <= Tier::Restricted.rank(), "{as_of}");
        assert_eq!(verdict.headline.purchase, Tier::Prohibited);
    }
    let verdict = ask(&kaspersky(), "us-private", "2026-11-22");
    let use_ = &verdict.activities[&Activity::Use];
    assert!(
        use_.reasons
            .iter()
            .any(|reason| reason.not_covered.as_deref().is_some_and(|text| text.contains("not penalised")))
    );
}

#[test]
fn a_reseller_counts_resale_in_its_purchase_headline() {
    let plain = ask(&kaspersky(), "us-private", "2026-11-22");
    let reseller = ask(&kaspersky(), "us-reseller", "2026-11-22");
    assert_eq!(plain.headline.purchase, reseller.headline.purchase);
    assert_eq!(tier(&reseller, Activity::Resell), Tier::Prohibited);
}

#[test]
fn officers_are_listed_and_the_company_and_its_chief_are_not() {
    let verdict = ask(&kaspersky(), "us-private", "2026-11-22");
    let reason = &verdict.activities[&Activity::DealWith].reasons[0];
    assert_eq!(reason.tier, Tier::Watch);
    assert!(reason.because.contains("12 people of Kaspersky"), "{}", reason.because);
    assert!(reason.because.contains("the company is not"), "{}", reason.because);
    assert!(reason.because.contains("Eugene Kaspersky"), "{}", reason.because);
}

#[test]
fn acronis_binds_the_intelligence_community_and_its_contractors_only() {
    let acronis = Subject::Vendor { vendor: "acronis".into() };
    let rows = [
        ("us-private", Activity::Use, Tier::None),
        ("us-dod", Activity::Use, Tier::None),
        ("us-federal-civilian", Activity::Use, Tier::None),
        ("us-intelligence", Activity::Use, Tier::Prohibited),
        ("us-intelligence", Activity::Remove, Tier::Required),
        ("us-federal-contractor", Activity::Use, Tier::Restricted),
    ];
    for (profile, activity, expected) in rows {
        assert_eq!(tier(&ask(&acronis, profile, "2026-11-22"), activity), expected, "{profile} {activity}");
    }
    let before = ask(&acronis, "us-intelligence", "2025-07-10");
    assert_eq!(before.tier, Tier::None);
    let since = ask(&acronis, "us-intelligence", "2025-07-11");
    assert_eq!(tier(&since, Activity::Use), Tier::Prohibited);
    assert!(since.activities[&Activity::Use].reasons[0].because.contains("Public since 15 Sep 2025"));
    let contractor = ask(&acronis, "us-federal-contractor", "2026-11-22");
    let conditions: Vec<_> =
        contractor.activities[&Activity::Use].reasons.iter().filter_map(|reason| reason.condition).collect();
    assert!(conditions.contains(&Condition::ContractIntelligence) && conditions.contains(&Condition::SystemClassified));
}

#[test]
fn positive_technologies_is_blocked_for_us_persons() {
    let vendor = Subject::Vendor { vendor: "ptsecurity".into() };
    assert_eq!(tier(&ask(&vendor, "us-private", "2021-04-14"), Activity::Buy), Tier::None);
    let verdict = ask(&vendor, "us-private", "2021-04-15");
    assert_eq!(tier(&verdict, Activity::Buy), Tier::Prohibited);
    assert_eq!(tier(&verdict, Activity::DealWith), Tier::Prohibited);
    assert_eq!(tier(&verdict, Activity::Use), Tier::Restricted);
}

#[test]
fn a_vendor_without_restrictions_has_none_everywhere() {
    for vendor in ["microsoft", "eset", "sophos", "malwarebytes", "crowdstrike", "bitdefender", "wazuh"] {
        // Two profiles are told about whole classes: tools of states called unfriendly, security software from abroad.
        let told_of_classes = ["ru-critical", "cn-operator"];
        for profile in catalogue().profiles().iter().filter(|profile| !told_of_classes.contains(&profile.id.as_str())) {
            let verdict = ask(&Subject::Vendor { vendor: vendor.into() }, profile.id.as_str(), "2026-11-22");
            assert_eq!(verdict.tier, Tier::None, "{vendor} {}", profile.id);
        }
    }
}

#[test]
fn what_the_catalogue_does_not_hold_is_undetermined() {
    let verdict = ask(&Subject::Vendor { vendor: "nobody".into() }, "us-private", "2026-11-22");
    assert_eq!(verdict.tier, Tier::Undetermined);
    assert_eq!(verdict.headline.installed, Tier::Undetermined);
}

/// Every effect of every restriction: nothing of it the day before it was public, its full force on its first certain day.
#[test]
fn every_effect_the_day_before_on_and_after() {
    for restriction in catalogue().restrictions() {
        for effect in &restriction.effects {
            let public = effect.announced.unwrap_or(restriction.announced).min(effect.from);
            let before = interdict_assess::phase(restriction, effect, public.previous());
            let is_month = effect.from_precision != interdict_model::Precision::Day;
            assert!(before.is_none() || is_month, "{} speaks before it was public", restriction.id);
            let first = effect.from.certain_from(effect.from_precision);
            let in_force = match effect.force {
                interdict_model::Force::Forbids => Tier::Prohibited,
                interdict_model::Force::Requires => Tier::Required,
                interdict_model::Force::Limits => Tier::Restricted,
                interdict_model::Force::Warns => Tier::Advisory,
            };
            let unverified = restriction.verification == Verification::Unverified
                || effect.verification == Some(Verification::Unverified);
            let expected = |on: Day| match restriction.standing_on(on).map(|span| span.is) {
                Some(Standing::NotListed | Standing::Superseded | Standing::Ended) => None,
                Some(Standing::InForce) if !unverified => Some(in_force),
                _ => Some(Tier::Watch),
            };
            let tier = |on: Day| interdict_assess::phase(restriction, effect, on).map(|phase| phase.tier);
            let over = effect.until.map(|until| until.certain_from(effect.until_precision));
            for on in [first, first.next()].into_iter().filter(|on| over.is_none_or(|over| *on < over)) {
                assert_eq!(tier(on), expected(on), "{} on {on}", restriction.id);
            }
            if let (Some(until), Some(over)) = (effect.until, over) {
                let last = until.possible_from(effect.until_precision).previous();
                assert_eq!(tier(last), expected(last), "{} the day before {until}", restriction.id);
                assert_eq!(tier(over), None, "{} on {over}", restriction.id);
            }
        }
    }
}

/// Every restriction touches at least one profile, unless it is meant for somebody no profile stands for, and leaves
/// `research` alone.
#[test]
fn every_effect_binds_some_profile_and_not_all() {
    for restriction in catalogue().restrictions() {
        for effect in &restriction.effects {
            let wanted: Vec<_> =
                effect.binds.iter().chain(&effect.counterparty).chain(&effect.addressed).copied().collect();
            let holders = catalogue()
                .profiles()
                .iter()
                .filter(|profile| profile.capacities.iter().any(|capacity| wanted.contains(capacity)));
            let holders = holders.count();
            assert!(holders < catalogue().profiles().len(), "{}", restriction.id);
            let nobodys =
                ["eu-institution", "it-person", "cz-critical", "uk-telecom-provider", "ca-person", "us-investor"];
            let for_nobody_here = wanted.iter().all(|capacity| nobodys.contains(&capacity.to_string().as_str()));
            assert!(holders > 0 || for_nobody_here, "{} binds nobody a profile stands for", restriction.id);
        }
    }
}
