//! Use cases: audit, assess, query; owns clock, folders, progress, cancel.
