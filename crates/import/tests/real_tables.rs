//! Tables that other tools' makers publish as samples, where they are at hand: every row is used.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test reads the data it is about, and says when there is none"
)]

mod support;

use std::fs;
use std::path::PathBuf;

use support::{Gathered, gather};

/// A file of the real data, which lies beside the workspace (or where `INTERDICT_TEST_DATA` says) and is not part of it;
/// without it a test says so and passes.
fn read(below: &str) -> Option<Gathered> {
    let base = std::env::var_os("INTERDICT_TEST_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = base.join(below);
    if !path.exists() {
        println!("skipped: no test data at {}", path.display());
        return None;
    }
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    Some(gather(&fs::read(&path).expect("readable"), &name).unwrap_or_else(|error| panic!("{below}: {error}")))
}

#[test]
fn snipe_it_assets_are_things_by_model_and_maker() {
    let Some(gathered) = read("other-tools-exports/assets-sample.csv") else { return };
    assert_eq!(gathered.imported.format, "snipe-it");
    assert_eq!(gathered.rejects, []);
    println!("{} things, for example {:?}", gathered.titles.len(), gathered.titles.first());
    assert_eq!((gathered.titles.len(), gathered.devices.len()), (22, 0));
    assert_eq!(gathered.titles[0].name.as_deref(), Some("Macbook Pro 13\""));
    assert_eq!(gathered.titles[0].publisher.as_deref(), Some("Berge Inc"));
}

#[test]
fn snipe_it_licences_are_products_and_their_notes_run_over_lines() {
    let Some(gathered) = read("other-tools-exports/licenses-sample.csv") else { return };
    assert_eq!(gathered.imported.format, "snipe-it");
    assert_eq!(gathered.rejects, []);
    assert_eq!((gathered.titles.len(), gathered.devices.len()), (50, 0));
    assert_eq!(gathered.titles[1].name.as_deref(), Some("Mirtazapine"));
    assert!(gathered.titles.iter().all(|title| title.scope.is_none() && title.identifier.is_none()), "nobody is read");
}
