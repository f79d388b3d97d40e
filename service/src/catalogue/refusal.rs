//! Why the catalogue stays as it is.

/// Why something of the catalogue is not created, changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueRefusal {
    /// There is none with that id.
    NotFound,
    /// Another one has the name, in this spelling.
    NameTaken(String),
    /// So many memos use it.
    InUse(u64),
}
