//! Attaching and detaching files.
