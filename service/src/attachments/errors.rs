//! The errors of attaching and detaching files.

use crate::{
    memos::policy::{EditDenial, ParticipantDenial},
    verb_error::verb_error,
    work::WorkDenial,
};

verb_error! {
    /// Why files are not attached.
    pub enum AttachFilesError {
        /// There is no such memo, task or project for this person.
        NoSuchTarget,
        /// The rules of memos forbid it.
        Denied from ParticipantDenial,
        /// The rules of work forbid it.
        WorkDenied from WorkDenial,
        /// A file does not exist for this person, or somebody else uploaded it.
        NoSuchFile,
        /// There would be more than [`MAX_FILES`](super::MAX_FILES).
        TooMany,
    }
}

verb_error! {
    /// Why files are not detached.
    pub enum DetachFilesError {
        /// There is no such memo, task or project for this person.
        NoSuchTarget,
        /// The rules of memos forbid it.
        Denied from EditDenial,
        /// The rules of work forbid it.
        WorkDenied from WorkDenial,
    }
}
