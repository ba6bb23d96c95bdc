//! The `interdict` command.
