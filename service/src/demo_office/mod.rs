//! The demonstration office.
