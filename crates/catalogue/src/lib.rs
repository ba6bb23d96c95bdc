//! Text to catalogue: parse, cross-check, lint; embeds the built-in one.
