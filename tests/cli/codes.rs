//! Every code of every crate: once, and explained in `docs/errors.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use interdict_tests::checkout::{self, SourceFile};
use interdict_tests::rust_text;

/// Areas of codes, and the crate whose they are.
const AREAS: &[(&str, &str)] = &[
    ("app", "crates/app/"),
    ("catalogue", "crates/catalogue/"),
    ("cli", "crates/cli/"),
    ("collect", "crates/collect/"),
    ("desktop", "src-tauri/"),
    ("formats", "crates/formats/"),
    ("import", "crates/import/"),
    ("lint", "crates/catalogue/"),
    ("report", "crates/report/"),
    ("screening", "crates/screening/"),
    ("store", "crates/store/"),
];

#[test]
fn every_code_belongs_to_one_crate_and_is_explained() {
    let is_rust = |path: &str| Path::new(path).extension().is_some_and(|extension| extension == "rs");
    let is_product = |path: &str| is_rust(path) && path.contains("/src/") && !path.starts_with("xtask/");
    let sources = rust_text::without_test_files(checkout::read(is_product));
    let found = codes(&sources);
    assert!(found.len() > 60, "{found:?}");
    for (code, files) in &found {
        let area = code.split('/').next().unwrap_or_default();
        let (_, owner) = AREAS.iter().find(|(known, _)| *known == area).unwrap();
        assert!(files.iter().any(|file| file.starts_with(owner)), "{code} is not {owner}'s: {files:?}");
    }
    let listed =
        interdict_app::ERROR_CODES.iter().chain(interdict_app::collect::DIAGNOSTIC_CODES).map(|(code, _)| *code);
    let listed: Vec<&str> = listed.chain(interdict_app::store::StoreError::CODES.iter().copied()).collect();
    let unique: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(unique.len(), listed.len(), "a code stands twice: {listed:?}");

    let page = &checkout::read(|path| path == "docs/errors.md")[0].text;
    let explained: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | ")).map(|(code, _)| code).collect();
    let explained_once: BTreeSet<&str> = explained.iter().copied().collect();
    assert_eq!(explained_once.len(), explained.len(), "a code is explained twice in docs/errors.md");
    let exist: BTreeSet<&str> = found.keys().map(String::as_str).chain(unique).collect();
    let missing: Vec<_> = exist.difference(&explained_once).collect();
    let left_over: Vec<_> = explained_once.difference(&exist).collect();
    assert!(missing.is_empty(), "docs/errors.md does not explain {missing:?}");
    assert!(left_over.is_empty(), "docs/errors.md explains {left_over:?}, which no crate has");
}

/// Every literal of the product's code that is a code, and the files that hold it.
fn codes(sources: &[SourceFile]) -> BTreeMap<String, Vec<String>> {
    let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources {
        let code = rust_text::product_code(&file.text).with_strings;
        for literal in code.split('"').filter(|literal| is_code(literal)) {
            codes.entry(literal.to_owned()).or_default().push(file.path.clone());
        }
    }
    codes
}

fn is_code(literal: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    literal.split_once('/').is_some_and(|(area, word)| AREAS.iter().any(|(known, _)| *known == area) && is_word(word))
}
