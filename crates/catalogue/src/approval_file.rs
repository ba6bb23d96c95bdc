//! Reads `approvals/<id>.toml`: what an organisation has approved for itself.

use interdict_model::{Approval, Diagnostic, ProductId, VendorId};

use crate::document::Document;
use crate::source_file::SourceFile;

/// An approval, as far as it could be read, and every complaint about its file.
pub(crate) fn read(file: &SourceFile) -> (Option<Approval>, Vec<Diagnostic>) {
    let document = Document::new(&file.path, &file.text, 0);
    let mut table = document.parse(&file.text);
    let subject = table.text("subject").value;
    let by = table.text("by").value;
    let from = table.day("from");
    let until = table.optional_day("until");
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value <= from.value
    {
        let message = format!("until {} is not after from {}", until.value, from.value);
        table.complain("catalogue/span-order", &until.span, message);
    }
    let note = table.optional_string("note");
    table.finish();
    let vendor = subject.split('.').next().unwrap_or_default();
    let approval = from.map(|from| Approval {
        id: file.stem().to_owned(),
        vendor: VendorId::new(vendor),
        product: subject.contains('.').then(|| ProductId::new(subject.as_str())),
        by,
        from: from.value,
        until: until.map(|until| until.value),
        note,
    });
    (approval, document.into_diagnostics())
}
