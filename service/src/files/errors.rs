//! The errors of operations on files.

use crate::verb_error::verb_error;

verb_error! {
    /// Why an upload is not stored or not continued.
    pub enum UploadError {
        /// All contents together would exceed the limit of bytes.
        StorageFull,
    }
}

verb_error! {
    /// Why a stored content gets no file.
    pub enum NameContentError {
        /// The content's row was deleted in spite of the mark.
        ContentLost,
    }
}
