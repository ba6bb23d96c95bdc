//! The presenters over the built-in catalogue and the sample data.
