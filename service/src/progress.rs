//! How far a long operation of the command line is. Whoever starts the operation shows it.

/// Hears how far an operation is. An operation has steps, one after the other.
pub trait Progress: Send + Sync {
    /// A step begins; the one before it has ended. `total` is how much it has to do, if that is
    /// known.
    fn begin(&self, step: &str, total: Option<u64>, unit: Unit);

    /// The step has done that much more.
    fn advance(&self, count: u64);

    /// The last step has ended.
    fn end(&self);
}

/// What a step counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Rows of tables, and whatever else has no unit.
    Rows,
    /// Files.
    Files,
    /// Bytes.
    Bytes,
}

/// Shows nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: Option<u64>, _: Unit) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}
