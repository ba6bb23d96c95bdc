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

/// A list whose titles say nothing, with a row that is none.
const LIST: &str = "Kasten;Was;Stand;Von wem
BUERO-01;Kaspersky Endpoint Security;12.4.0.467;AO Kaspersky Lab
BUERO-02;LibreOffice 24.8;24.8.2.1;The Document Foundation
BUERO-02;7-Zip;24.08;Igor Pavlov;one;more
BUERO-03;GIMP;2.10;The GIMP Team
BUERO-03;Notepad++;8.6;Notepad++ Team
";

fn column(title: &str) -> String {
    format!("//select[@aria-label='Read the column {title} as']")
}

#[tokio::test]
async fn an_export_is_looked_at_mapped_imported_and_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("root");
    std::fs::create_dir_all(&root).expect("the root's folder");
    let list = folder.path().join("liste.csv");
    std::fs::write(&list, LIST).expect("the list");
    let desk = Desk::new(&folder.path().join("home"), &root).looking_at(&list);
    let window = desk.open().await;

    // Nothing is kept, and nothing can be, before somebody says what is what.
    window.wait_for("the file", |text| text.contains("Say which column names the software")).await;
    window.find("//button[normalize-space(.)='Import' and @disabled]").await;
    window.choose(&column("Was"), "name").await;
    window.wait_for("the first records", |text| text.contains("5 records, 4 usable")).await;
    window.wait_for("one machine for all", |text| text.contains("all rows would be on one machine called")).await;
    // A column is first taken for the wrong thing, then for the right one.
    window.choose(&column("Kasten"), "domain").await;
    window.choose(&column("Kasten"), "device_name").await;
    window.choose(&column("Stand"), "version").await;
    window.choose(&column("Von wem"), "publisher").await;
    window.wait_for("all columns", |text| text.contains("4 of 4 read") && !text.contains("all rows would be")).await;
    picture_both(&window, "import-preview").await;

    window.click("//button[normalize-space(.)='Import']").await;
    let text = window.wait_for("the result", |text| text.contains("new installations")).await;
    for said in ["3 new", "it has 6 columns where the titles are 4", "BUERO-02;7-Zip;24.08"] {
        assert!(text.contains(said), "{said} is missing:\n{text}");
    }
    picture_both(&window, "import-result").await;
    window.click(&button("Save as CSV")).await;
    window.wait_for("the rejects' file", |text| text.contains("1 row written")).await;
    window.click("//main//a[normalize-space(.)='Show the findings']").await;
    window.go("/findings?profile=us-private").await;
    window.find(&row("Kaspersky")).await;

    window.go("/imports").await;
    window.click("//a[normalize-space(.)='liste.csv']").await;
    window.click(&button("Undo this import")).await;
    window.wait_for("the exact effect", |text| text.contains("3 machines known from it alone go away")).await;
    window.click(&button("Undo the import")).await;
    window.wait_for("that it is undone", |text| text.contains("nothing it told of counts any more")).await;
    window.go("/findings?profile=us-private").await;
    window.wait_gone(&row("Kaspersky")).await;
    window.close().await;
}

async fn picture_both(window: &Window, name: &str) {
    window.resize(1280, 800).await;
    for theme in ["light", "dark"] {
        window.script(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
        window.picture(&screens_folder().join(format!("{name}-{theme}-1280.png"))).await;
    }
}

/// How many titles there are, in how many versions each, and on how many machines.
const TITLES: usize = 2_000;
const VERSIONS: usize = 100;
const MACHINES: usize = 20;
/// More rows than any window shows at once; beyond it a list would be drawn as a whole.
const DRAWN_AT_MOST: u64 = 150;

fn title(number: usize) -> String {
    format!("Title {number:04}")
}

/// A list of 200,000 titles on 20 machines, none of which the catalogue knows, put into an inventory by the command.
fn import_many_titles(folder: &Path, database: &Path) {
    use std::fmt::Write as _;
    let mut list = String::from("Hostname;Software name;Version;Publisher\n");
    for name in 0..TITLES {
        let (machine, title, publisher) = (name / (TITLES / MACHINES), title(name), name % 7);
        for version in 0..VERSIONS {
            let _ = writeln!(list, "host-{machine:02};{title};{version}.0;=Publisher {publisher}");
        }
    }
    let said = import_list(folder, database, "many.csv", &list);
    assert!(said.contains("200000"), "{said}");
}

/// Puts a list into an inventory by the command, and gives what it says.
fn import_list(folder: &Path, database: &Path, name: &str, list: &str) -> String {
    let file = folder.join(name);
    std::fs::write(&file, list).expect("the list");
    let import = std::process::Command::new(checkout::built("interdict"))
        .args(["import", "--format", "json", "--db"])
        .args([database, &file])
        .output()
        .expect("interdict is built: cargo build -p interdict-cli");
    let said = String::from_utf8_lossy(&import.stdout).into_owned();
    assert!(import.status.success(), "{said}{}", String::from_utf8_lossy(&import.stderr));
    said
}

/// Two devices of one name and different serial numbers are held side by side, and become one machine.
#[tokio::test]
async fn two_machines_of_one_name_are_compared_and_joined() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("two.db");
    for (name, serial, software) in [("first.csv", "S-1", "7-Zip"), ("second.csv", "S-2", "Notepad++")] {
        let list = format!("Computer name;Serial number;Software;Version\nPC-1;{serial};{software};24.08\n");
        import_list(folder.path(), &database, name, &list);
    }
    let desk = Desk::new(&folder.path().join("home"), folder.path()).with(&["--db", &database.display().to_string()]);
    let window = desk.open().await;
    window.wait_for("the app", |text| text.contains("2 machines")).await;
    window.go("/imports/2").await;
    window.click(&button("Compare")).await;
    window.wait_for("both sides", |text| text.contains("S-2") && text.contains("s-1")).await;
    window.click("//input[@value='same']").await;
    window.wait_for("what it would do", |text| text.contains("1 scan or import with 1 installation")).await;
    // What was asked for a moment ago is drawn a moment later.
    tokio::time::sleep(Duration::from_millis(300)).await;
    picture_both(&window, "import-compare").await;
    window.click(&button("Join the two machines")).await;
    window.wait_for("the decision", |text| text.contains("the same, decided")).await;
    window.wait_for("one machine", |text| text.contains("1 machine\n")).await;
    window.close().await;
}

/// The cells of a row of the list by its place, from 0, once it has come.
async fn cells(window: &Window, place: usize) -> Vec<String> {
    window.find(&format!("//tr[@data-place='{place}' and @data-row]")).await;
    let script = format!(
        "return [...document.querySelectorAll('tr[data-place=\"{place}\"] td')].map(cell => cell.innerText.trim())"
    );
    serde_json::from_value(window.script(&script).await).expect("texts")
}

/// Scrolls the list to a part of its height, as with the bar at the side, and says how many rows are drawn then.
async fn scroll(window: &Window, part: f64) -> u64 {
    let script = format!(
        "const list = document.querySelector('[role=grid]').parentElement; list.scrollTop = list.scrollHeight * {part}"
    );
    window.script(&script).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    window.script("return document.querySelectorAll('tr[data-place]').length").await.as_u64().expect("a number")
}

/// The files of a folder that are written to their end.
fn finished(folder: &Path) -> Vec<PathBuf> {
    let is_hidden = |path: &Path| path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    let files = std::fs::read_dir(folder).expect("the exports").flatten().map(|file| file.path());
    files.filter(|path| !is_hidden(path)).collect()
}

/// The rows of the only file there, its titles first; the file is taken away.
fn exported(folder: &Path) -> Vec<String> {
    let [file] = finished(folder).try_into().expect("one file");
    let text = std::fs::read_to_string(&file).expect("the file");
    std::fs::remove_file(file).expect("is taken away");
    text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

/// A row of the window as the file must have it.
fn as_written(cells: &[String]) -> String {
    let inert = |cell: &String| if cell.starts_with('=') { format!("'{cell}") } else { cell.clone() };
    cells.iter().map(inert).collect::<Vec<_>>().join(",")
}

/// Lists of 200,000 rows: scrolled to their end, sorted, filtered, written to files, in the real window.
#[tokio::test]
async fn two_hundred_thousand_titles_are_scrolled_sorted_filtered_and_written_to_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let (database, exports) = (folder.path().join("many.db"), folder.path().join("exports"));
    std::fs::create_dir_all(&exports).expect("the folder of exports");
    import_many_titles(folder.path(), &database);
    let (database, to) = (database.display().to_string(), exports.display().to_string());
    let desk = Desk::new(&folder.path().join("home"), folder.path()).with(&["--db", &database, "--exports", &to]);
    let window = desk.open().await;

    window.wait_for("the app", |text| text.contains("20 machines")).await;
    window.go("/software").await;
    window.wait_for("the titles", |text| text.contains("200,000 of 200,000")).await;
    let all = scrolled_from_end_to_end(&window).await;
    written_to_files(&window, &exports, &all).await;

    window.go("/software/title%3ATitle%200042%09%3DPublisher%200").await;
    window.wait_for("who has it", |text| text.contains("Who has it: 1") && text.contains("host-00")).await;
    window.click(&button("Who has not: 19")).await;
    window.wait_for("who has not", |text| text.contains("host-19") && text.contains("19 of 19")).await;
    window.close().await;
}

/// Sorts by name, looks at the beginning, the middle and the end, turns the order round; gives the first and the last row.
async fn scrolled_from_end_to_end(window: &Window) -> [Vec<String>; 2] {
    window.click("//th//button[normalize-space(.)='Name']").await;
    window.find("//th[@aria-sort='ascending' and contains(., 'Name')]").await;
    window.find(&row(&title(0))).await;
    let count = TITLES * VERSIONS;
    assert!(scroll(window, 0.0).await < DRAWN_AT_MOST, "only what is in view is in the page");
    let first = cells(window, 0).await;
    assert_eq!(first[1], title(0));
    assert!(scroll(window, 0.5).await < DRAWN_AT_MOST, "in the middle, too");
    assert_eq!(cells(window, count / 2).await[1], title(TITLES / 2));
    picture_both(window, "software-200000").await;
    assert!(scroll(window, 1.0).await < DRAWN_AT_MOST, "and at the end");
    let last = cells(window, count - 1).await;
    assert_eq!(last[1], title(TITLES - 1));
    window.click("//th//button[normalize-space(.)='Name']").await;
    window.find("//th[@aria-sort='descending' and contains(., 'Name')]").await;
    // Another order begins at its top.
    window.find(&format!("//tr[@data-place='0' and contains(., '{}')]", title(TITLES - 1))).await;
    window.click("//th//button[normalize-space(.)='Name']").await;
    window.find(&format!("//tr[@data-place='0' and contains(., '{}')]", title(0))).await;
    [first, last]
}

/// Writes all, then a part in another order, as CSV; then all as a workbook.
async fn written_to_files(window: &Window, exports: &Path, [first, last]: &[Vec<String>; 2]) {
    write(window, exports, "CSV, for spreadsheets", "200,000 rows written").await;
    let lines = exported(exports);
    assert_eq!(lines.len(), 1 + TITLES * VERSIONS, "the titles of the columns and every row");
    assert_eq!(lines[0], "Tier,Name,Version,Publisher,Vendor,Machines");
    assert_eq!([&lines[1], &lines[TITLES * VERSIONS]], [&as_written(first), &as_written(last)]);
    assert!(lines[1].contains(",'=Publisher"), "no value is a formula: {}", lines[1]);

    window.type_into("//input[@data-search-field]", "title 0042").await;
    window.wait_for("the filter", |text| text.contains("100 of 200,000")).await;
    window.click("//th//button[normalize-space(.)='Version']").await;
    window.find("//th[@aria-sort='ascending' and contains(., 'Version')]").await;
    window.find("//tr[@data-place='99' and @data-row]").await;
    write(window, exports, "CSV, for spreadsheets", "100 rows written").await;
    let lines = exported(exports);
    assert_eq!(lines.len(), 101, "what is shown, and nothing else");
    assert_eq!([&lines[1], &lines[100]], [&as_written(&cells(window, 0).await), &as_written(&cells(window, 99).await)]);

    window.click(&button("Clear filters")).await;
    window.wait_for("all of them", |text| text.contains("200,000 of 200,000")).await;
    write(window, exports, "Excel workbook", "200,000 rows written").await;
    let [written] = finished(exports).try_into().expect("one file");
    assert!(std::fs::read(&written).expect("the file").starts_with(b"PK"), "{}", written.display());
}

/// Writes the list to a file, and waits until it is there and the window says so.
async fn write(window: &Window, exports: &Path, format: &str, said: &str) {
    window.click(&button("Export")).await;
    window.click(&button(format)).await;
    let begun = Instant::now();
    while finished(exports).is_empty() {
        assert!(begun.elapsed() < PATIENCE, "no file came; the window says:\n{}", window.text().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    window.wait_for("what was written", |text| text.contains(said)).await;
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
            ("machines", "/machines", "after filters"),
            ("machine", "/machines/WS-FIN-007", "Installed software"),
            ("software", "/software", "after filters"),
            ("software-unknown", "/software?known=no&sort=-machines", "after filters"),
            ("family", "/software/product%3Akaspersky.kes-win", "Who has it"),
            ("family-without", "/software/product%3Akaspersky.kes-win?has=no", "Who has it"),
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
            ("import-new", "/imports/new", "What can be opened"),
            ("imports", "/imports", "Nothing was imported yet"),
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
