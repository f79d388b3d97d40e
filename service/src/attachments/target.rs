//! What files are attached to.

use entity::{file, memo, project, task};
use uuid::Uuid;

/// What files are attached to, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A memo.
    Memo(Uuid),
    /// A task.
    Task(Uuid),
    /// A project.
    Project(Uuid),
}

/// What files are attached to, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetRow {
    /// A memo.
    Memo(Box<memo::Model>),
    /// A task.
    Task(task::Model),
    /// A project.
    Project(project::Model),
}

/// A memo, a task or a project and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The memo, the task or the project.
    pub target: TargetRow,
    /// All its files, the oldest first.
    pub files: Vec<file::Model>,
}
