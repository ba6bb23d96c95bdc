//! Reads the short files: `catalogue.toml`, `issuers/<id>.toml`, `profiles/<id>.toml`.

use interdict_model::{Capacity, CatalogueStamp, Diagnostic, Issuer, IssuerId, Profile, ProfileId, Relation};

use crate::document::{Document, Placed, TableReader};
use crate::source_file::SourceFile;

/// The only format this parser reads.
const FORMAT: i64 = 1;

pub(crate) fn read_stamp(file: &SourceFile) -> (Option<CatalogueStamp>, Vec<Diagnostic>) {
    let document = Document::new(&file.path, &file.text, 0);
    let mut table = document.parse(&file.text);
    if let Some(format) = table.number("format")
        && format != FORMAT
    {
        let message = format!("format {format} is not known: this version reads format {FORMAT}");
        table.complain("catalogue/format", &table.span.clone(), message);
    }
    let version = table.text("version").value;
    let date = table.day("date").map(|day| day.value);
    table.finish();
    (date.map(|date| CatalogueStamp { version, date }), document.into_diagnostics())
}

pub(crate) fn read_issuer(file: &SourceFile) -> (Option<Issuer>, Vec<Diagnostic>) {
    let document = Document::new(&file.path, &file.text, 0);
    let mut table = document.parse(&file.text);
    let id = id_as_file_name(&mut table, file);
    let issuer = Issuer {
        id: IssuerId::new(id),
        name: table.text("name").value,
        short_name: table.text("short-name").value,
        jurisdiction: table.text("jurisdiction").value,
        website: table.optional_string("website"),
    };
    table.finish();
    let issuer = (!issuer.id.as_str().is_empty()).then_some(issuer);
    (issuer, document.into_diagnostics())
}

fn id_as_file_name(table: &mut TableReader<'_, '_>, file: &SourceFile) -> String {
    let id = table.text("id");
    if !id.value.is_empty() && id.value != file.stem() {
        let message = format!("the id \"{}\" is not the file's name \"{}\"", id.value, file.stem());
        table.complain("catalogue/id-is-not-file-name", &id.span, message);
    }
    id.value
}

/// The profiles of a file: one, or one per state where the id holds `XX`.
pub(crate) fn read_profiles(file: &SourceFile) -> (Vec<Profile>, Vec<Diagnostic>) {
    let document = Document::new(&file.path, &file.text, 0);
    let mut table = document.parse(&file.text);
    let id = id_as_file_name(&mut table, file);
    let title = table.text("title").value;
    let jurisdiction = table.optional_string("jurisdiction");
    let capacities = table.texts("capacities");
    let government = table.optional_word("government").unwrap_or(Relation::None);
    let purchase_activities = table.words("purchase-activities");
    let asks = table.words("asks");
    let states = table.texts("states");
    let fill = |state: &str| Profile {
        id: ProfileId::new(id.replace("XX", state)),
        title: title.replace("XX", &state.to_uppercase()),
        jurisdiction: jurisdiction.clone(),
        capacities: fill_capacities(&table, &capacities, state),
        government,
        purchase_activities: purchase_activities.clone(),
        asks: asks.clone(),
    };
    let profiles = match (id.is_empty(), id.contains("XX")) {
        (true, _) => Vec::new(),
        (false, false) => vec![fill("")],
        (false, true) => states.iter().map(|state| fill(&state.value)).collect(),
    };
    table.finish();
    (profiles, document.into_diagnostics())
}

fn fill_capacities(table: &TableReader<'_, '_>, capacities: &[Placed<String>], state: &str) -> Vec<Capacity> {
    capacities
        .iter()
        .filter_map(|text| {
            let word = text.value.replace("XX", state);
            word.parse()
                .map_err(|error: interdict_model::UnknownWord| {
                    table.complain("catalogue/unknown-word", &text.span, error.to_string());
                })
                .ok()
        })
        .collect()
}
