//! The whole way in the real window: first run, audit, findings, another day, another profile, and all again after a
//! restart. Then every screen is pictured in both themes at two sizes, into `target/screens/`.

#![expect(clippy::disallowed_methods, reason = "a test of the whole prepares folders and starts the built app")]
#![expect(clippy::expect_used, reason = "its helpers stop the test at the first thing that fails")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interdict_tests::window::{Desk, PATIENCE, Window};
use interdict_tests::{checkout, prepared_root};

const KESL: &str = "Kaspersky Endpoint Security for Linux";
const AGENT: &str = "Kaspersky Security Center Network Agent";

fn button(text: &str) -> String {
    format!("//button[contains(normalize-space(.), \"{text}\")]")
}

fn row(text: &str) -> String {
    format!("//tr[contains(., \"{text}\")]")
}

/// What the flyout's grid says, as `activity tier` lines.
async fn answers(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[role=dialog] ul li')]\
        .filter(item => item.querySelector('[data-tier]'))\
        .map(item => item.querySelector('span').textContent.trim() + ' ' + item.querySelector('[data-tier]').textContent.trim())\
        .join('\\n')";
    let text = window.script(script).await;
    text.as_str().unwrap_or_default().lines().map(str::to_lowercase).collect()
}

/// Waits until the grid says all of these.
async fn expect_answers(window: &Window, day: &str, expected: &[&str]) {
    let begun = Instant::now();
    let mut last = Vec::new();
    while begun.elapsed() < PATIENCE {
        last = answers(window).await;
        if expected.iter().all(|line| last.iter().any(|found| found == line)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("as of {day} the grid should say {expected:?}, and says {last:?}\n{}", window.text().await);
}

async fn ask_for_day(window: &Window, day: &str) {
    window.click("//button[contains(@aria-label, 'change the day')]").await;
    window.type_into("//form//input[@autocomplete='off']", day).await;
    window.click(&button("Apply")).await;
}

#[tokio::test]
async fn from_the_first_run_to_the_second_visit() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("root");
    std::fs::create_dir_all(&root).expect("the root's folder");
    prepared_root::write(&root).expect("the prepared system");
    let desk = Desk::new(&folder.path().join("home"), &root);
    let window = desk.open().await;

    first_run(&window).await;
    findings(&window).await;
    other_days(&window).await;
    restrictions(&window).await;
    other_profile(&window).await;
    window.close().await;

    // The second visit: no first run, everything found again from the file.
    let window = desk.open().await;
    window
        .wait_for("the overview", |text| text.contains("attention") || text.contains("restriction that touches"))
        .await;
    assert!(!window.has(&button("Audit this computer")).await, "the doors are for the first run");
    window.go("/findings").await;
    window.find(&row(KESL)).await;
    window.find(&row(AGENT)).await;
    window.close().await;
}

async fn first_run(window: &Window) {
    window.find(&button("Audit this computer")).await;
    window.click(&button("United States")).await;
    window.click(&button("Private organisation")).await;
    window.wait_for("the derived profile", |text| text.contains("us-private")).await;
    window.click(&button("Audit this computer")).await;
    let text =
        window.wait_for("the result", |text| text.contains("need attention") || text.contains("needs attention")).await;
    assert!(text.contains("2 products"), "{text}");
    assert!(text.contains(prepared_root::HOSTNAME), "{text}");
}

async fn findings(window: &Window) {
    window.go("/findings").await;
    window.find(&row(KESL)).await;
    let kesl = window.find(&row(KESL)).await.text().await.expect("the row's text");
    assert!(kesl.contains("Restricted") && kesl.contains("Live"), "{kesl}");
    let agent = window.find(&row(AGENT)).await.text().await.expect("the row's text");
    assert!(agent.contains("Restricted") && agent.contains("Residue"), "{agent}");
    assert!(!window.has(&row("Wazuh")).await, "no instrument speaks of Wazuh");
    assert!(!window.has(&row("ClamAV")).await, "no instrument speaks of ClamAV");

    window.click(&format!("{}//*[contains(., \"Kaspersky\")]", row(KESL))).await;
    let text = window.wait_for("the flyout", |text| text.contains("89 FR 52434")).await;
    assert!(text.contains("/opt/kaspersky/kesl"), "{text}");
    expect_answers(window, "today", &["use restricted", "buy prohibited", "update prohibited", "remove none"]).await;
}

async fn other_days(window: &Window) {
    ask_for_day(window, "2024-07-19").await;
    expect_answers(window, "2024-07-19", &["use watch", "buy watch", "renew watch", "update watch"]).await;
    ask_for_day(window, "2024-07-20").await;
    expect_answers(window, "2024-07-20", &["use watch", "buy prohibited", "renew prohibited", "update watch"]).await;
    ask_for_day(window, "2024-09-29").await;
    expect_answers(
        window,
        "2024-09-29",
        &["use restricted", "buy prohibited", "update prohibited", "resell prohibited"],
    )
    .await;
    window.click(&button("Back to today")).await;
    expect_answers(window, "today", &["use restricted", "update prohibited"]).await;
}

/// The catalogue: filtered by issuer, one restriction read, the day before it was in force, and from there to the vendor.
async fn restrictions(window: &Window) {
    const DETERMINATION: &str = "ICTS determination";
    window.go("/restrictions").await;
    window.find(&row(DETERMINATION)).await;
    window.find(&row("BSI warning")).await;
    window.click("//button[starts-with(normalize-space(.), 'Issuer')]").await;
    window.click("//label[.//span[normalize-space(.)='BIS']]").await;
    window.wait_gone(&row("BSI warning")).await;
    let listed = window.find(&row(DETERMINATION)).await.text().await.expect("the row's text");
    assert!(listed.contains("Prohibited") && listed.contains("in force"), "{listed}");

    window.click(&format!("{}//span[normalize-space(.)=\"{DETERMINATION}\"]", row(DETERMINATION))).await;
    let text = window.wait_for("the restriction", |text| text.contains("89 FR 52434")).await;
    for said in ["That is you: a US person", "from 20 Jul 2024", "from 29 Sep 2024", "Our reading:", "Found here"] {
        assert!(text.contains(said), "{said} is missing:\n{text}");
    }
    assert!(text.contains(KESL), "it is found here:\n{text}");
    let address = window.script("return location.pathname + location.search").await;
    assert_eq!(address, "/restrictions/us-bis-icts-2024-kaspersky?issuer=us-bis", "filters stay in the address");

    ask_for_day(window, "2024-07-19").await;
    window.wait_for("the day before", |text| text.contains("On 19 Jul 2024. Today it is")).await;
    let before = window.find(&row(DETERMINATION)).await.text().await.expect("the row's text");
    assert!(before.contains("Watch") && before.contains("announced"), "{before}");
    window.click(&button("Back to today")).await;
    window.wait_for("today", |text| !text.contains("Today it is")).await;

    window.click("//div[@role='dialog']//a[normalize-space(.)='Kaspersky']").await;
    window.wait_for("the dossier", |text| text.contains("May we buy it?")).await;
    window.go("/findings").await;
    window.click(&format!("{}//*[contains(., \"Kaspersky\")]", row(KESL))).await;
    expect_answers(window, "today", &["use restricted", "update prohibited"]).await;
}

async fn other_profile(window: &Window) {
    window.click("//button[@aria-label='Remove us-private']").await;
    window.click("//button[@aria-label='Add a profile']").await;
    window.click("//label[.//span[normalize-space(.)='de-private']]").await;
    window
        .script("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))")
        .await;
    expect_answers(window, "de-private", &["use advisory", "update none", "deal with none"]).await;
}

/// Pictures of every screen over the sample data, in both themes at two sizes, and of the first run and a single audited
/// machine. The test fails when a screen shows an error or cannot be reached; how it looks is for people to judge.
#[tokio::test]
async fn every_screen_is_pictured_in_both_themes_at_two_sizes() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("root");
    std::fs::create_dir_all(&root).expect("the root's folder");
    prepared_root::write(&root).expect("the prepared system");
    let desk = Desk::new(&folder.path().join("home"), &root);
    let window = desk.open().await;
    window.find(&button("Audit this computer")).await;
    picture_all(&window, &[("first-run", "/", "Audit this computer")]).await;
    window.click(&button("United States")).await;
    window.click(&button("Contractor or supplier")).await;
    window.click(&button("Explore sample data")).await;
    window.wait_for("the sample", |text| text.contains("Sample data")).await;
    picture_all(
        &window,
        &[
            ("overview", "/overview", "attention"),
            ("findings", "/findings", "Kaspersky"),
            ("finding", "/findings/kaspersky.kes-win%3Alive", "89 FR 52434"),
            ("findings-as-of", "/findings?as_of=2024-07-21", "Back to today"),
            ("vendors", "/vendors", "Positive Technologies"),
            ("vendor", "/vendors/kaspersky", "Лаборатория Касперского"),
            ("vendor-plain", "/vendors/eset", "No known restriction"),
            ("vendor-chinese", "/vendors/qianxin", "奇安信"),
            ("vendor-relations", "/vendors/avast", "What it was"),
            ("restrictions", "/restrictions", "ICTS determination"),
            ("restriction", "/restrictions/us-bis-icts-2024-kaspersky", "89 FR 52434"),
            ("restriction-list", "/restrictions/us-ofac-2024-06-kaspersky-leadership", "Eugene Kaspersky"),
            ("restriction-reported", "/restrictions/cn-2026-01-us-israeli-cyber", "Sources and verification"),
            ("restrictions-as-of", "/restrictions/us-bis-icts-2024-kaspersky?as_of=2024-07-19", "Today it is"),
            ("settings", "/settings", "not legal advice"),
        ],
    )
    .await;
    window.close().await;
}

async fn picture_all(window: &Window, screens: &[(&str, &str, &str)]) {
    for theme in ["light", "dark"] {
        window.script(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
        for (width, height) in [(1280, 800), (1920, 1080)] {
            window.resize(width, height).await;
            for (name, path, expected) in screens {
                window.go(path).await;
                let text = window.wait_for(name, |text| text.contains(expected)).await;
                assert!(!text.contains("Try again"), "{name} shows an error:\n{text}");
                window.picture(&screens_folder().join(format!("{name}-{theme}-{width}.png"))).await;
            }
        }
    }
}

fn screens_folder() -> PathBuf {
    Path::new(&checkout::root()).join("target/screens")
}
