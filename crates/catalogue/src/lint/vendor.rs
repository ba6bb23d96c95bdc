//! A vendor's names, products and reports on engines; its fingerprints have rules of their own.

use interdict_model::{Confidence, Diagnostic, ScriptName, Vendor};

use super::sheet::Sheet;

/// Looks at one vendor's facts.
pub(super) fn check(sheet: &mut Sheet<'_>, vendor: &Vendor) {
    check_names(sheet, "names", &vendor.names);
    for (at, person) in vendor.people.iter().enumerate() {
        check_names(sheet, &format!("person.{at}.names"), &person.names);
    }
    for (at, product) in vendor.products.iter().enumerate() {
        check_names(sheet, &format!("product.{at}.names"), &product.names);
        if product.classes.is_empty() {
            let message = format!("{} has no classes: instruments that differ by class cannot be decided", product.id);
            let hint = "give classes = [...]; the words are those instruments use for their scope";
            let diagnostic = Diagnostic::warning("lint/no-classes", message).hint(hint);
            sheet.complain(&format!("product.{at}"), diagnostic);
        }
    }
    for (at, embeds) in vendor.embeds.iter().enumerate() {
        if embeds.confidence == Confidence::Seen && embeds.source.is_empty() {
            let message =
                format!("{} is said to be seen with another's engine, and no source says where", embeds.product);
            let hint = "give source = [\"...\"], or confidence = \"known\"";
            let path = format!("embeds.{at}");
            sheet.complain(&path, Diagnostic::error("lint/unsupported-claim", message).hint(hint));
        }
    }
}

fn check_names(sheet: &mut Sheet<'_>, path: &str, names: &[ScriptName]) {
    for (at, name) in names.iter().enumerate() {
        if let (Some(from), Some(until)) = (name.from, name.until)
            && until <= from
        {
            let message = format!("the name \"{}\" ends on {until}, not after it begins on {from}", name.text);
            let hint = "until is the first day on which it no longer holds";
            let path = format!("{path}.{at}.until");
            sheet.complain(&path, Diagnostic::error("lint/span-order", message).hint(hint));
        }
    }
}
