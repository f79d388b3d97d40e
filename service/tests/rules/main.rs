//! The tables of the rules, asked of the rules themselves: in seconds after a change of one.
//!
//! The end-to-end tests ask the same through HTTP and compare with the same snapshots.

mod action_cases;
mod actions;
mod deletion;
mod deletion_cases;
mod snapshots;
mod states;
