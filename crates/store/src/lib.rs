//! The inventory in SQLite.
