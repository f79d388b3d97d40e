use super::{EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[Guarded {
    field: "Query.notifications",
    document: "{ notifications { nodes { id } } }",
    allowed: EVERYBODY,
    refused: &[],
}];
