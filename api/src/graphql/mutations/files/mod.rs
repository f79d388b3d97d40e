//! Attaching and detaching files.

mod attach_files;
mod detach_files;
mod target;

use async_graphql::MergedObject;

/// Attaching and detaching files.
#[derive(MergedObject, Default)]
pub struct FilesMutation(attach_files::AttachFiles, detach_files::DetachFiles);
