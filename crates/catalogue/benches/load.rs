//! What loading the built-in catalogue costs: from its compiled form, as every start does, and from its text.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench reads the clock and prints figures")]

mod figures;

use std::process::ExitCode;
use std::time::Duration;

use figures::Figures;
use interdict_catalogue::{builtin, builtin_files, parse};

const LIMIT: Duration = Duration::from_millis(30);

fn main() -> ExitCode {
    let mut figures = Figures::new("loading the built-in catalogue, processor time of one core");
    let (catalogue, complaints) =
        figures.measure("from the compiled form, first time in a process", 1, Some(LIMIT), builtin);
    figures.measure("from the compiled form, median of 21", 21, Some(LIMIT), builtin);
    let files = builtin_files();
    figures.measure("from its text, median of 3", 3, None, || parse(&files));
    figures.check("it is compiled: the parser has nothing to complain of", complaints.is_empty());
    let fingerprints: usize = catalogue
        .vendors()
        .iter()
        .map(|vendor| {
            let of_products = vendor.products.iter().map(|product| product.fingerprints.len());
            vendor.fingerprints.len() + of_products.sum::<usize>()
        })
        .sum();
    println!(
        "  {} files, {} KB of text: {} vendors, {} products, {fingerprints} fingerprints, {} restrictions, {} profiles",
        files.len(),
        files.iter().map(|file| file.text.len()).sum::<usize>() / 1000,
        catalogue.vendors().len(),
        catalogue.products().count(),
        catalogue.restrictions().len(),
        catalogue.profiles().len(),
    );
    figures.end()
}
