//! What identifying a million records costs.

fn main() {}
