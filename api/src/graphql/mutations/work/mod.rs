//! Tasks and projects.
