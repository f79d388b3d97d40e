//! The errors of operations on the catalogue.

use crate::verb_error::verb_error;

verb_error! {
    /// Why no tag or resolution is created.
    pub enum CreateNamedError {
        /// Another one has the name. Contains its spelling.
        NameTaken(String),
    }
}

verb_error! {
    /// Why a tag or a resolution is not renamed.
    pub enum RenameError {
        /// There is no entry with this id.
        NotFound,
        /// Another one has the name. Contains its spelling.
        NameTaken(String),
    }
}

verb_error! {
    /// Why a deal is not changed.
    pub enum UpdateDealError {
        /// There is no deal with this id.
        NotFound,
    }
}

verb_error! {
    /// Why a deal, a tag or a resolution is not deleted.
    pub enum DeleteEntryError {
        /// There is no entry with this id.
        NotFound,
        /// Memos use it. Contains their number.
        InUse(u64),
    }
}
