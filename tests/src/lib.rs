//! What the tests of the whole share: where the checkout is, what is in it, a reader of Rust sources, the window's driver,
//! and the scoring of recognition over labelled records.

#![expect(clippy::disallowed_methods, reason = "tests of the whole read the checkout and start the built programs")]

pub mod checkout;
pub mod fleet;
pub mod prepared_macos;
pub mod prepared_root;
pub mod prepared_windows;
pub mod rust_text;
pub mod scenario;
pub mod score;
pub mod test_data;
pub mod window;
