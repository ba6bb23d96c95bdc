//! A small made-up report as text, hostile texts, and numbers.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Activity, CollectorStatus, Day, Precision, Presence, SourceKind, Standing, Tier, Verification};

use crate::view::{
    AnswerView, AuditReport, CollectorView, CoverageView, EvidenceView, FindingView, FleetView, InstrumentView,
    KnownFact, LineView, LogHeadView, MachineView, MatchedView, NamesView, OtherView, PlaceView, ProfileView,
    RecognisedView, SeenView, SourceView, TellerView, ToldView, UnreadView,
};
use crate::{audit_html, marks};

#[test]
fn a_small_report_as_text() {
    insta::assert_snapshot!(text_of(&audit_html(&example())));
}

#[test]
fn one_machine_without_findings_is_clean_only_when_everything_was_looked_at() {
    let mut report = clean();
    let text = text_of(&audit_html(&report));
    assert!(text.contains("Software audit of ws-fin-814\nNothing needs attention in what was looked at.\n"), "{text}");
    looked_everywhere(&mut report.coverage);
    let text = text_of(&audit_html(&report));
    assert!(text.contains("\nNothing needs attention.\n"), "{text}");
    report.machines.clear();
    report.fleet = FleetView::default();
    assert!(text_of(&audit_html(&report)).contains("No machine has been looked at."));
}

#[test]
fn the_sentence_counts_products_and_machines() {
    let mut report = example();
    let sentence = |report: &AuditReport| {
        let text = text_of(&audit_html(report));
        text.lines().skip_while(|line| !line.starts_with("Software audit")).nth(1).unwrap().to_owned()
    };
    report.findings[0].presence = Presence::Ghost;
    let again = FindingView { id: "acme.shield:live".to_owned(), ..report.findings[0].clone() };
    report.findings.push(again);
    assert_eq!(sentence(&report), "1 product on 2 machines needs attention.");
    report.findings[1].installed = Tier::Undetermined;
    report.findings[1].subject = "acme.other".to_owned();
    assert_eq!(sentence(&report), "1 product on 2 machines needs attention, and 1 cannot be decided yet.");
    report.findings[0].installed = Tier::Watch;
    assert_eq!(sentence(&report), "1 product cannot be decided yet, nothing else needs attention.");
}

#[test]
fn what_is_told_without_a_machine_is_not_silent_and_counts_for_none() {
    let mut report = clean();
    looked_everywhere(&mut report.coverage);
    report.told = vec![ToldView {
        title: "Acme Shield".to_owned(),
        vendor: "Acme <Labs>".to_owned(),
        installed: Tier::Restricted,
        told_as: vec!["Acme Shield 12.1".to_owned(), "Акме".to_owned()],
        tellers: vec![TellerView { name: "intune-aggregate".to_owned(), at: "2026-11-23T08:00:00Z".to_owned() }],
    }];
    let text = text_of(&audit_html(&report));
    for words in [
        "Nothing needs attention in what was looked at.",
        "Tools tell of 1 more product without saying on which machines.",
        "Acme <Labs>",
        "Acme Shield 12.1 and Акме",
        "intune-aggregate, ",
    ] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
}

#[test]
fn of_a_large_fleet_it_is_said_how_much_is_not_told() {
    let mut report = example();
    report.fleet.machines = 3_000;
    // What a tool told of may have no system.
    (report.machines[0].system, report.machines[0].arch) = (String::new(), String::new());
    let machine = report.machines[0].clone();
    let called = |number: usize| (format!("m{number}"), format!("ws-{number:05}"));
    let row = |(id, hostname)| MachineView { id, hostname, ..machine.clone() };
    report.machines = (500..2_500).map(called).map(row).collect();
    let finding = &mut report.findings[0];
    finding.versions = (0..40).map(|version| format!("1.{version}")).collect();
    finding.machines = 2_500;
    let seen = finding.places[0].machines[0].clone();
    let at = |(machine, hostname)| SeenView { machine, hostname, ..seen.clone() };
    finding.places[0].machines = (400..1_399).map(called).map(at).collect();
    let NamesView { count, first } = &mut report.coverage.unread[0].machines;
    (*count, *first) = (3_000, (0..100).map(|number| called(number).1).collect());
    let html = audit_html(&report);
    assert_eq!(html.matches("<tr id=\"machine-").count(), 2_000);
    assert!(!html.contains("<td class=\"more\">, </td>"), "nothing is no system");
    let text = text_of(&html);
    for words in [
        "Software audit of 3,000 machines",
        "The worst 2,000 of 3,000. All of them: interdict machines --format csv.",
        "999 machines, alike in every trace",
        "It is on 1,500 more machines.",
        "On the machines told above.",
        "1.29 and 10 more",
        "ws-00099 and 2,900 more.",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let targets: BTreeSet<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for link in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(targets.contains(link), "{link} leads nowhere");
    }
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let html = audit_html(&example());
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"));
    for forbidden in [
        "<script",
        "<link",
        "<img",
        "<iframe",
        "<object",
        "<form",
        "src=",
        "url(",
        "@import",
        "@font-face",
        "javascript:",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert_eq!(html.matches("<style>").count(), 1);
    assert_eq!(html.matches("</style>").count(), 1);
}

#[test]
fn hostile_texts_come_out_inert() {
    const ATTACKS: [&str; 8] = [
        "<script>alert(1)</script>",
        "\"onload=\"alert(1)",
        "' autofocus onfocus='alert(1)",
        "</style></title><svg onload=alert(1)>",
        "javascript:alert(1)//\u{202e}exe.cod",
        "\u{2066}isolated\u{2069} \u{200f}mark \u{200b}nothing \u{feff}",
        "line\nbreak\ttab\0null\u{1b}[31mred \u{2028}",
        "&#x202e;&lt;script&gt;",
    ];
    for attack in ATTACKS {
        let calm = tags(&audit_html(&filled("calm")));
        let html = audit_html(&filled(attack));
        // Whatever is put in, the elements and the names of their attributes stay the same: text remains text.
        let shapes = |tags: &[String]| tags.iter().map(|tag| shape(tag)).collect::<Vec<_>>();
        let links =
            |tags: &[String]| tags.iter().filter(|tag| !tag.contains("class=\"url\"")).cloned().collect::<Vec<_>>();
        assert_eq!(shapes(&links(&tags(&html))), shapes(&links(&calm)), "{attack}");
        assert!(!html.contains("href=\"javascript:"), "{attack}");
        let body = html.split_once("<body>").unwrap().1;
        let acting = |c: &char| {
            c.is_control() && *c != '\n'
                || ('\u{200b}'..='\u{200f}').contains(c)
                || ('\u{2028}'..='\u{202e}').contains(c)
                || ('\u{2060}'..='\u{206f}').contains(c)
                || *c == '\u{feff}'
        };
        assert_eq!(body.chars().find(acting), None, "{attack}");
        assert_eq!(body.matches('\n').count(), 1, "{attack}");
    }
}

#[test]
fn only_web_addresses_are_links() {
    for (address, opens) in [
        ("https://example.org/a?b=c&d", true),
        ("HTTP://example.org", true),
        ("javascript:alert(1)", false),
        ("data:text/html,x", false),
        (" https://example.org", false),
        ("file:///etc/passwd", false),
    ] {
        let mut report = example();
        report.findings[0].instruments[0].sources[0].url = address.to_owned();
        assert_eq!(
            audit_html(&report).contains("<a href=\"https://example.org/a?b=c&amp;d\" rel=\"noreferrer noopener\"")
                || audit_html(&report).contains("<a href=\"HTTP://example.org\""),
            opens,
            "{address}"
        );
    }
}

#[test]
fn every_number_comes_from_the_report() {
    let report = example();
    let text = text_of(&audit_html(&report));
    let given = format!("{report:?}");
    let mut known: BTreeSet<String> = numbers(&given);
    // Counted from the report or worked out from it: tiers that nothing has, one product and finding, the confidence in
    // per cent, and the last day before `until`.
    known.extend(["0", "1", "93", "30"].map(str::to_owned));
    // Days as a person reads them have no leading zero.
    known.extend(numbers(&given).iter().map(|number| number.trim_start_matches('0').to_owned()));
    for number in numbers(&text.replace(',', "")) {
        assert!(known.contains(&number), "{number} is not in the report");
    }
}

#[test]
fn anchors_are_stable_unique_and_all_lead_somewhere() {
    let mut report = example();
    report.findings.push(FindingView { id: "acme shield live".to_owned(), ..report.findings[0].clone() });
    let html = audit_html(&report);
    let values = |attribute: &str| -> Vec<String> {
        html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values(" id=\"");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    assert!(
        ids.contains(&"finding-acme-shield-live".to_owned()) && ids.contains(&"finding-acme-shield-live-2".to_owned())
    );
    for target in values("href=\"#").into_iter().chain(values("aria-labelledby=\"")) {
        assert!(ids.contains(&target), "{target}");
    }
}

#[test]
fn headings_go_down_one_step_at_a_time() {
    let html = audit_html(&example());
    let levels: Vec<u32> =
        html.match_indices("<h").filter_map(|(at, _)| html[at + 2..].chars().next()?.to_digit(10)).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert_eq!(html.matches("<th ").count() + html.matches("<th>").count(), html.matches("<th scope=\"").count());
}

#[test]
fn the_colours_are_those_of_the_style() {
    let html = audit_html(&example());
    for tier in Tier::ALL {
        assert!(html.contains(&format!(".{}{{", marks::tint(*tier))), "{tier}");
    }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

/// Two machines, one of them with a restricted product.
fn example() -> AuditReport {
    let machine = |id: &str, hostname: &str, installations, gaps| MachineView {
        id: id.to_owned(),
        hostname: hostname.to_owned(),
        system: "Debian GNU/Linux 12".to_owned(),
        arch: "x86_64".to_owned(),
        last_scan: "2031-03-17T08:12:44.120Z".to_owned(),
        installations,
        findings: 1,
        worst: Tier::Restricted,
        gaps,
    };
    AuditReport {
        made_at: "2031-03-19T14:05:59.001Z".to_owned(),
        tool_version: "0.71.6".to_owned(),
        as_of: day("2031-03-10"),
        catalogue_version: "2031.11".to_owned(),
        catalogue_date: day("2031-03-04"),
        log_head: Some(LogHeadView {
            short: "47:0b8e63f0c1aa".to_owned(),
            hash: "0b8e63f0c1aa5d9e7b7c1a2f3e4d5c6b0b8e63f0c1aa5d9e7b7c1a2f3e4d5c6b".to_owned(),
        }),
        profiles: vec![ProfileView { id: "xx-private".to_owned(), title: "Private organisation in Xanadu".to_owned() }],
        known: vec![KnownFact { question: "Used for a federal contract?".to_owned(), holds: false }],
        fleet: FleetView {
            machines: 2,
            installations: 5125,
            attention: 2,
            by_tier: BTreeMap::from([(Tier::Restricted, 2)]),
        },
        machines: vec![machine("m-1a", "ws-fin-814", 2511, 1), machine("m-2b", "srv-db-77", 2614, 0)],
        findings: vec![finding()],
        told: Vec::new(),
        recognised: vec![RecognisedView {
            title: "Harmless Guard".to_owned(),
            vendor: "Harmless GmbH".to_owned(),
            versions: words(&["4.0.6"]),
            presence: Presence::Dormant,
            machines: 2,
        }],
        coverage: coverage(),
    }
}

fn coverage() -> CoverageView {
    let names = |first: &[&str]| NamesView { count: first.len(), first: words(first) };
    CoverageView {
        collectors: vec![
            CollectorView {
                name: "linux/dpkg".to_owned(),
                looks_at: "Debian package".to_owned(),
                status: CollectorStatus::Complete,
                reason: None,
                count: 9051,
                machines: names(&["ws-fin-814", "srv-db-77"]),
            },
            CollectorView {
                name: "linux/processes".to_owned(),
                looks_at: "Process".to_owned(),
                status: CollectorStatus::Partial,
                reason: Some("47 of 311 processes belong to others".to_owned()),
                count: 264,
                machines: names(&["ws-fin-814"]),
            },
        ],
        unread: vec![UnreadView { classes: words(&["Flatpak", "Snap"]), machines: names(&["ws-fin-814"]) }],
    }
}

/// The first of the two machines without anything that an instrument speaks of.
fn clean() -> AuditReport {
    let mut report = example();
    report.findings.clear();
    report.machines.truncate(1);
    let installations = report.machines[0].installations;
    report.fleet = FleetView { machines: 1, installations, ..FleetView::default() };
    report
}

fn looked_everywhere(coverage: &mut CoverageView) {
    coverage.unread.clear();
    coverage.collectors.iter_mut().for_each(|collector| collector.status = CollectorStatus::Complete);
}

fn finding() -> FindingView {
    let tier = |activity| match activity {
        Activity::Buy | Activity::Renew => Tier::Prohibited,
        Activity::Use => Tier::Restricted,
        Activity::DealWith => Tier::Watch,
        _ => Tier::None,
    };
    FindingView {
        id: "acme.shield:live".to_owned(),
        subject: "acme.shield".to_owned(),
        title: "Acme Shield".to_owned(),
        versions: words(&["12.4", "12.6"]),
        vendor: "Acme <Лаборатория>".to_owned(),
        what: words(&["Anti-virus for a person's computer.", "Product classes: anti-virus."]),
        presence: Presence::Live,
        installed: Tier::Restricted,
        purchase: Tier::Prohibited,
        answers: Activity::ALL
            .iter()
            .map(|activity| AnswerView { activity: *activity, tier: tier(*activity) })
            .collect(),
        instruments: vec![instrument()],
        others: vec![OtherView {
            short_title: "Ruritanian device ban".to_owned(),
            issuer: "Ministry of Ruritania".to_owned(),
            whom: words(&["binds a Ruritanian body"]),
            activities: vec![Activity::Use],
            from: day("2029-08-30"),
            from_precision: Precision::Year,
            standing: Standing::Unconfirmed,
            verification: Verification::Unverified,
            citations: words(&["RD 5/2029"]),
        }],
        next_steps: words(&["Do not buy or renew it; tell procurement."]),
        machines: 2,
        places: vec![place("m-1a", "ws-fin-814", "12.4"), place("m-2b", "srv-db-77", "12.6")],
    }
}

fn instrument() -> InstrumentView {
    let line = |activities: &[Activity], tier, from: &str, because: &str| LineView {
        activities: activities.to_vec(),
        tier,
        from: day(from),
        from_precision: Precision::Day,
        until: None,
        because: because.to_owned(),
        condition: None,
        reading: None,
        not_covered: None,
    };
    let buy = line(
        &[Activity::Buy, Activity::Renew],
        Tier::Prohibited,
        "2030-07-20",
        "Binds you because you are a person in Xanadu: it may not be sold.",
    );
    let usage = line(&[Activity::Use], Tier::Restricted, "2030-12-13", "Binds anyone: use without updates.");
    let deal = line(&[Activity::DealWith], Tier::Watch, "2031-06-21", "Binds anyone. In force from 21 Jun 2031.");
    InstrumentView {
        id: "xx-order-2030-acme".to_owned(),
        title: "Xanadu bars Acme".to_owned(),
        short_title: "Acme order".to_owned(),
        issuer: "Office of Xanadu".to_owned(),
        tier: Tier::Prohibited,
        lines: vec![
            LineView {
                reading: Some("A renewal is a new agreement.".to_owned()),
                until: Some(day("2033-10-31")),
                ..buy
            },
            LineView {
                from_precision: Precision::Month,
                condition: Some("Is it a server?".to_owned()),
                not_covered: Some("Training is left alone.".to_owned()),
                ..usage
            },
            deal,
        ],
        citations: words(&["88 XR 52434", "Case 17"]),
        sources: vec![SourceView {
            kind: SourceKind::Primary,
            url: "https://example.org/orders/88?full=yes&lang=en".to_owned(),
            checked: day("2031-02-28"),
        }],
        verification: Verification::Primary,
        verification_note: Some("Not checked: the hour.".to_owned()),
    }
}

fn place(machine: &str, hostname: &str, version: &str) -> PlaceView {
    PlaceView {
        version: Some(version.to_owned()),
        confidence: 0.93,
        machines: vec![SeenView {
            machine: machine.to_owned(),
            hostname: hostname.to_owned(),
            first_seen: "2030-11-30T10:00:00.000Z".to_owned(),
            last_seen: "2031-03-17T08:12:44.120Z".to_owned(),
        }],
        evidence: vec![EvidenceView {
            kind: "Service".to_owned(),
            title: "acmed.service".to_owned(),
            path: Some("/opt/acme/bin/acmed".to_owned()),
            says: "started by the system, executable exists".to_owned(),
            matched: vec![MatchedView {
                rule: "acme.shield: systemd-unit exact \"acmed\"".to_owned(),
                field: "identifier".to_owned(),
                value: "acmed".to_owned(),
            }],
        }],
    }
}

/// The example with one text in place of every text.
fn filled(text: &str) -> AuditReport {
    let mut report = example();
    let fill = |all: &mut [&mut String]| all.iter_mut().for_each(|one| text.clone_into(one));
    let AuditReport {
        made_at,
        tool_version,
        catalogue_version,
        log_head,
        profiles,
        known,
        machines,
        findings,
        recognised,
        coverage,
        ..
    } = &mut report;
    fill(&mut [made_at, tool_version, catalogue_version]);
    if let Some(one) = log_head {
        fill(&mut [&mut one.short, &mut one.hash]);
    }
    for one in profiles {
        fill(&mut [&mut one.id, &mut one.title]);
    }
    for one in known {
        fill(&mut [&mut one.question]);
    }
    for (number, machine) in machines.iter_mut().enumerate() {
        fill(&mut [&mut machine.hostname, &mut machine.system, &mut machine.arch, &mut machine.last_scan]);
        machine.id = format!("{text}{number}");
    }
    for unread in &mut coverage.unread {
        unread.classes.iter_mut().chain(&mut unread.machines.first).for_each(|one| fill(&mut [one]));
    }
    for collector in &mut coverage.collectors {
        fill(&mut [&mut collector.name, &mut collector.looks_at]);
        collector.reason.iter_mut().chain(&mut collector.machines.first).for_each(|one| fill(&mut [one]));
    }
    for one in recognised {
        fill(&mut [&mut one.title, &mut one.vendor]);
        one.versions.iter_mut().for_each(|one| fill(&mut [one]));
    }
    for finding in findings {
        fill_finding(finding, text);
    }
    report
}

fn fill_finding(finding: &mut FindingView, text: &str) {
    let fill = |all: &mut [&mut String]| all.iter_mut().for_each(|one| text.clone_into(one));
    fill(&mut [&mut finding.id, &mut finding.subject, &mut finding.title, &mut finding.vendor]);
    finding
        .versions
        .iter_mut()
        .chain(&mut finding.what)
        .chain(&mut finding.next_steps)
        .for_each(|one| fill(&mut [one]));
    for instrument in &mut finding.instruments {
        fill(&mut [&mut instrument.id, &mut instrument.title, &mut instrument.short_title, &mut instrument.issuer]);
        instrument.citations.iter_mut().for_each(|one| fill(&mut [one]));
        instrument.sources.iter_mut().for_each(|one| fill(&mut [&mut one.url]));
        instrument.verification_note.iter_mut().for_each(|one| fill(&mut [one]));
        for line in &mut instrument.lines {
            fill(&mut [&mut line.because]);
            [&mut line.condition, &mut line.reading, &mut line.not_covered]
                .into_iter()
                .flatten()
                .for_each(|one| fill(&mut [one]));
        }
    }
    for other in &mut finding.others {
        fill(&mut [&mut other.short_title, &mut other.issuer]);
        other.whom.iter_mut().chain(&mut other.citations).for_each(|one| fill(&mut [one]));
    }
    for (number, place) in finding.places.iter_mut().enumerate() {
        for seen in &mut place.machines {
            fill(&mut [&mut seen.hostname, &mut seen.first_seen, &mut seen.last_seen]);
            seen.machine = format!("{text}{number}");
        }
        place.version.iter_mut().for_each(|one| fill(&mut [one]));
        for evidence in &mut place.evidence {
            fill(&mut [&mut evidence.kind, &mut evidence.title, &mut evidence.says]);
            evidence.path.iter_mut().for_each(|one| fill(&mut [one]));
            evidence.matched.iter_mut().for_each(|one| fill(&mut [&mut one.rule, &mut one.field, &mut one.value]));
        }
    }
}

/// Every tag of a page, as written.
fn tags(html: &str) -> Vec<String> {
    html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).map(str::to_owned).collect()
}

/// A tag's element and the names of its attributes, without their values.
fn shape(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}

/// What a page shows, a line for each block.
fn text_of(html: &str) -> String {
    let body = html.split_once("<body>").expect("a body").1;
    let mut text = String::new();
    for part in body.split('<').skip(1) {
        let (tag, words) = part.split_once('>').unwrap_or((part, ""));
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default();
        match name {
            "td" | "th" if !tag.starts_with('/') => text.push_str(" | "),
            "span" if !tag.starts_with('/') && !text.ends_with(' ') => text.push(' '),
            "a" | "bdi" | "strong" | "code" | "span" | "time" | "svg" | "use" | "td" | "th" => {}
            _ => text.push('\n'),
        }
        text.push_str(words);
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("{}\n", lines.join("\n"))
}

/// Every run of digits.
fn numbers(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).map(str::to_owned).collect()
}
