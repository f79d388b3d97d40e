//! Tables of the rules, computed by the rules themselves. After a change of a rule, they run in
//! seconds.
//!
//! The end-to-end tests ask the same through HTTP and compare with the same snapshots.

mod action_cases;
mod actions;
mod deletion;
mod deletion_cases;
mod erasure;
mod erasure_cases;
mod person_erasure;
mod person_erasure_cases;
mod selection;
mod selection_cases;
mod snapshots;
mod states;
