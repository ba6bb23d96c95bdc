//! Observation to product and vendor, with the rule and field that matched.
