//! Archives: what is in them, and what comes back from them.
//!
//! Besides these tests, every office that closes is exported, imported and exported again.

mod columns;
mod living;
mod moving;
mod refused_archives;
mod refused_places;
mod sheet;
mod tars;
