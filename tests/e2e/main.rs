//! End-to-end tests: one file a capability.


mod deletion_rules;
