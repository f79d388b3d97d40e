//! End-to-end tests: one file a capability.


mod accounting;
mod costs;
mod deletion_rules;
mod holds;
mod permission_table;
mod purge;
mod races;
mod restore;
mod stage;
