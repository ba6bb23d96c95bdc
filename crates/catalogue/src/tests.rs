//! Tests of the built-in catalogue and of broken ones.

use interdict_model::Diagnostic;

use crate::{builtin, lint};

fn shown(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

#[test]
fn the_built_in_catalogue_has_no_error() {
    let (catalogue, diagnostics) = builtin();
    assert_eq!(shown(&diagnostics), "");
    let errors: Vec<Diagnostic> =
        lint(&catalogue).into_iter().filter(|found| found.severity == interdict_model::Severity::Error).collect();
    assert_eq!(shown(&errors), "");
}
