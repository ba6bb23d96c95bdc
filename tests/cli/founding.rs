//! The founding case, exactly, as the command answers it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::snapshot;
use crate::support::Home;

const ACTIVITIES: [&str; 10] =
    ["buy", "renew", "update", "resell", "embed", "use", "export-to", "deal-with", "remove", "report"];

fn tiers(document: &Value) -> Vec<&str> {
    ACTIVITIES.iter().map(|activity| document["activities"][activity]["tier"].as_str().unwrap()).collect()
}

/// Every day on which something changes for a US person, the day before and the day after.
#[test]
fn a_private_us_organisation_day_by_day() {
    const NONE: [&str; 10] = ["none"; 10];
    let announced = ["watch", "watch", "watch", "watch", "watch", "watch"];
    let first_phase = ["prohibited", "prohibited", "watch", "watch", "watch", "watch"];
    let second_phase = ["prohibited", "prohibited", "prohibited", "prohibited", "prohibited", "restricted"];
    let rest = |export_to, deal_with| [export_to, deal_with, "none", "none"];
    let days = [
        ("2024-06-19", NONE.to_vec()),
        ("2024-06-20", [&announced[..], &rest("watch", "none")].concat()),
        ("2024-06-21", [&announced[..], &rest("watch", "watch")].concat()),
        ("2024-06-23", [&announced[..], &rest("watch", "watch")].concat()),
        ("2024-06-24", [&announced[..], &rest("restricted", "watch")].concat()),
        ("2024-07-19", [&announced[..], &rest("restricted", "watch")].concat()),
        ("2024-07-20", [&first_phase[..], &rest("restricted", "watch")].concat()),
        ("2024-09-28", [&first_phase[..], &rest("restricted", "watch")].concat()),
        ("2024-09-29", [&second_phase[..], &rest("restricted", "watch")].concat()),
        ("2026-11-22", [&second_phase[..], &rest("restricted", "watch")].concat()),
    ];
    let home = Home::new();
    for (day, expected) in days {
        for subject in ["--vendor kaspersky", "--product kaspersky.kes-linux"] {
            let ran = home.line(&format!("assess {subject} --profile us-private --as-of {day} --format json"));
            let document = ran.ended_with(0).json();
            assert_eq!(tiers(&document), expected, "{subject} on {day}");
            assert_eq!(document["headline"]["installed"], document["activities"]["use"]["tier"], "{subject} on {day}");
        }
    }
    assert!(!home.has_data());
}

/// One line per profile of the product's definition: day, activity, tier.
#[test]
fn other_profiles_are_bound_by_other_instruments() {
    let table = [
        ("us-federal-civilian", "2017-09-12", "remove", "none"),
        ("us-federal-civilian", "2017-09-13", "remove", "watch"),
        ("us-federal-civilian", "2017-12-12", "remove", "required"),
        ("us-federal-civilian", "2018-09-30", "use", "watch"),
        ("us-federal-civilian", "2018-10-01", "use", "prohibited"),
        ("us-federal-contractor", "2018-07-15", "report", "watch"),
        ("us-federal-contractor", "2018-07-16", "report", "required"),
        ("us-federal-contractor", "2018-10-01", "use", "restricted"),
        ("ca-federal", "2023-10-30", "use", "restricted"),
        ("au-commonwealth", "2025-02-21", "remove", "required"),
        ("au-commonwealth", "2025-03-31", "use", "watch"),
        ("au-commonwealth", "2025-04-01", "use", "prohibited"),
        ("de-private", "2022-03-14", "use", "none"),
        ("de-private", "2022-03-15", "use", "advisory"),
        ("eu-private", "2022-03-15", "use", "none"),
        ("pl-person", "2022-04-26", "deal-with", "prohibited"),
    ];
    let home = Home::new();
    for (profile, day, activity, tier) in table {
        let call =
            format!("assess --vendor kaspersky --profile {profile} --as-of {day} --activity {activity} --format json");
        let document = home.line(&call).ended_with(0).json();
        let activities = document["activities"].as_object().unwrap();
        assert_eq!(activities.keys().collect::<Vec<_>>(), [activity], "{call}");
        assert_eq!(activities[activity]["tier"], tier, "{call}");
    }
}

#[test]
fn a_duty_says_first_what_sets_it_off() {
    let home = Home::new();
    let call =
        "assess --vendor kaspersky --profile us-federal-contractor --as-of 2019-01-01 --activity report --format json";
    let document = home.line(call).ended_with(0).json();
    let because = document["activities"]["report"]["reasons"][0]["because"].as_str().unwrap();
    assert!(because.to_lowercase().starts_with("if found or notified during"), "{because}");
}

#[test]
fn research_is_bound_by_nothing_and_sees_everything() {
    let home = Home::new();
    let call = "assess --vendor kaspersky --profile research --as-of 2026-11-22 --format json";
    let document = home.line(call).ended_with(0).json();
    assert_eq!(tiers(&document), ["none"; 10]);
    assert_eq!(document["tier"], "none");
    let others: BTreeSet<&str> = ACTIVITIES
        .iter()
        .flat_map(|activity| document["activities"][activity]["others"].as_array().unwrap())
        .map(|reason| reason["restriction"].as_str().unwrap())
        .collect();
    assert!(others.len() >= 20, "{others:?}");
    assert!(others.contains("us-bis-icts-2024-kaspersky") && others.contains("de-bsi-2022-kaspersky"), "{others:?}");
}

#[test]
fn nobody_said_who_asks() {
    let home = Home::new();
    let ran = home.line("assess --vendor kaspersky --as-of 2026-11-22").ended_with(0);
    let line = ran.stdout.lines().find_map(|line| line.strip_prefix("in force for others: ")).unwrap();
    let (count, advice) = line.split_once(' ').unwrap();
    assert!(count.parse::<usize>().unwrap() >= 20, "{line}");
    assert_eq!(advice, "instruments; say who you are with --profile");
    let ran = home.line("assess --vendor kaspersky --as-of 2026-11-22 --profile research").ended_with(0);
    assert!(!ran.stdout.contains("say who you are"), "{}", ran.shown());
}

#[test]
fn the_whole_answer_for_people() {
    let home = Home::new();
    let ran = home.line("assess --vendor kaspersky --profile us-private --as-of 2024-09-29");
    snapshot!(home, ran, "assess-kaspersky-us-private");
}

#[test]
fn the_chief_executive_is_not_on_the_american_list_and_on_the_polish_one() {
    let home = Home::new();
    let assess = |profile: &str| {
        let arguments = [
            "assess",
            "--party",
            "Eugene Kaspersky",
            "--profile",
            profile,
            "--as-of",
            "2026-11-22",
            "--format",
            "json",
        ];
        home.run(arguments).ended_with(0).json()
    };
    let american = assess("us-private");
    let party = &american["subject"]["party"];
    assert_eq!(american["subject"]["kind"], "party");
    assert_eq!(party["id"], "eugene-kaspersky");
    assert_eq!(party["kind"], "person");
    assert_eq!(party["not_listed_by"], serde_json::json!(["us-ofac-2024-06-kaspersky-leadership"]));
    assert_eq!(party["listed_by"].as_array().unwrap().len(), 1);
    assert_eq!(party["listed_by"][0]["restriction"], "pl-mswia-2022-kaspersky");
    assert_eq!(american["tier"], "none");
    let polish = assess("pl-person");
    assert_eq!(polish["activities"]["deal-with"]["tier"], "prohibited");
    assert_eq!(polish["activities"]["deal-with"]["reasons"][0]["verification"], "secondary");

    let ran = home.run(["assess", "--party", "Eugene Kaspersky", "--profile", "us-private", "--as-of", "2026-11-22"]);
    snapshot!(home, ran, "assess-eugene-kaspersky-us-private");
}

#[test]
fn a_listed_leader_from_the_day_of_listing() {
    let home = Home::new();
    for (name, day, listings) in [
        ("Andrei Tikhonov", "2024-06-20", 0),
        ("Andrei Tikhonov", "2024-06-21", 1),
        ("TIKHONOV, Andrey", "2024-06-21", 1),
    ] {
        let arguments = ["assess", "--party", name, "--profile", "us-private", "--as-of", day, "--format", "json"];
        let document = home.run(arguments).ended_with(0).json();
        let listed_by = document["subject"]["party"]["listed_by"].as_array().unwrap();
        assert_eq!(listed_by.len(), listings, "{name} on {day}");
        for listed in listed_by {
            assert_eq!(listed["restriction"], "us-ofac-2024-06-kaspersky-leadership");
            assert_eq!(listed["from"], "2024-06-21");
            assert!(listed["role"].as_str().unwrap().starts_with("chief operating officer"), "{listed}");
        }
        let expected = if listings == 1 { "prohibited" } else { "none" };
        assert_eq!(document["activities"]["deal-with"]["tier"], expected, "{name} on {day}");
    }
}

#[test]
fn a_name_nobody_bears_is_an_answer_not_an_error() {
    let home = Home::new();
    let arguments = ["assess", "--party", "Kirill Kudryavtsev", "--profile", "us-private", "--as-of", "2026-11-22"];
    let document = home.run(arguments.iter().chain(&["--format", "json"])).ended_with(0).json();
    assert_eq!(document["tier"], "undetermined");
    assert_eq!(document["subject"]["party"]["id"], Value::Null);
    assert_eq!(document["subject"]["party"]["kind"], "unknown");
    assert_eq!(document["subject"]["party"]["name"], "Kirill Kudryavtsev");
    snapshot!(home, home.run(arguments), "assess-nobody");
    home.run(arguments.iter().chain(&["--fail-on", "undetermined"])).ended_with(10);
}
