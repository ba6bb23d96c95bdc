//! Reads `vendors/<id>.toml` with `extends = "<id>"`: what an organisation adds to a vendor that the catalogue has.
//!
//! An addition adds; it never changes or takes away what the catalogue says of the vendor.

use interdict_model::{Diagnostic, Fingerprint, Product, ProductId, VendorId};

use crate::document::{Document, TableReader};
use crate::source_file::SourceFile;
use crate::vendor_file::{fingerprint, product};

/// What is added to a vendor.
#[derive(Debug, Default)]
pub(crate) struct Addition {
    /// To which vendor.
    pub(crate) vendor: Option<VendorId>,
    /// Words to search by.
    pub(crate) aliases: Vec<String>,
    /// How any product of it is recognised.
    pub(crate) fingerprints: Vec<Fingerprint>,
    /// Products that the catalogue does not have.
    pub(crate) products: Vec<Product>,
    /// Products that the catalogue has, and how else they are recognised.
    pub(crate) product_fingerprints: Vec<(ProductId, Vec<Fingerprint>)>,
}

/// Whether a vendor's file adds to a vendor instead of describing one.
pub(crate) fn is_addition(file: &SourceFile) -> bool {
    Document::new(&file.path, &file.text, 0).parse(&file.text).has("extends")
}

/// An addition, and every complaint about its file.
pub(crate) fn read(file: &SourceFile) -> (Addition, Vec<Diagnostic>) {
    let document = Document::new(&file.path, &file.text, 0);
    let addition = addition(document.parse(&file.text), file);
    (addition, document.into_diagnostics())
}

fn addition(mut table: TableReader<'_, '_>, file: &SourceFile) -> Addition {
    let extends = table.text("extends");
    if !extends.value.is_empty() && extends.value != file.stem() {
        let message = format!("the vendor \"{}\" is not the file's name \"{}\"", extends.value, file.stem());
        table.complain("catalogue/id-is-not-file-name", &extends.span, message);
    }
    let vendor = VendorId::new(extends.value);
    let mut addition = Addition {
        aliases: table.strings("aliases"),
        fingerprints: table.tables("fingerprint").into_iter().map(fingerprint).collect(),
        ..Addition::default()
    };
    for mut entry in table.tables("product") {
        if entry.has("extends") {
            let id = ProductId::new(entry.text("extends").value);
            let fingerprints = entry.tables("fingerprints").into_iter().map(fingerprint).collect();
            entry.finish();
            addition.product_fingerprints.push((id, fingerprints));
        } else {
            addition.products.push(product(entry, &vendor));
        }
    }
    table.finish();
    addition.vendor = (!vendor.as_str().is_empty()).then_some(vendor);
    addition
}
