//! What refuses the verbs of the catalogue.

use crate::verb_error::verb_error;

verb_error! {
    /// Why no tag or resolution is created.
    pub enum CreateNamedError {
        /// Another one has the name, in this spelling.
        NameTaken(String),
    }
}

verb_error! {
    /// Why a tag or a resolution keeps its name.
    pub enum RenameError {
        /// There is none with that id.
        NotFound,
        /// Another one has the name, in this spelling.
        NameTaken(String),
    }
}

verb_error! {
    /// Why a deal stays as it is.
    pub enum UpdateDealError {
        /// There is none with that id.
        NotFound,
    }
}

verb_error! {
    /// Why a deal, a tag or a resolution is not deleted.
    pub enum DeleteEntryError {
        /// There is none with that id.
        NotFound,
        /// So many memos use it.
        InUse(u64),
    }
}
