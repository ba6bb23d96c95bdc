//! Hosts and collectors: observations and a status per collector.
