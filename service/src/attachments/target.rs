//! The targets to which files are attached.

use entity::{file, memo, project, task};
use uuid::Uuid;

/// The id of a target to which files are attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A memo.
    Memo(Uuid),
    /// A task.
    Task(Uuid),
    /// A project.
    Project(Uuid),
}

/// The current row of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetRow {
    /// A memo.
    Memo(Box<memo::Model>),
    /// A task.
    Task(task::Model),
    /// A project.
    Project(project::Model),
}

/// A memo, task or project with its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The memo, task or project.
    pub target: TargetRow,
    /// All its files, the oldest first.
    pub files: Vec<file::Model>,
}
