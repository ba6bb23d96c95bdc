//! Views to HTML.
