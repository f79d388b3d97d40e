//! What refuses the verbs of files.

use crate::verb_error::verb_error;

verb_error! {
    /// Why an upload is not stored, or goes no further.
    pub enum UploadError {
        /// The stored contents together would have more bytes than they may.
        StorageFull,
    }
}
