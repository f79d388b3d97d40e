//! Managing people.
