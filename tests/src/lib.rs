//! What the end-to-end tests share: where the checkout is, what is in it, and a reader of Rust sources.

#![expect(clippy::disallowed_methods, reason = "tests of the whole read the checkout and start the built programs")]

pub mod checkout;
pub mod prepared_root;
pub mod rust_text;
pub mod window;
