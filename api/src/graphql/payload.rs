//! What the payloads of mutations share.

use super::enums::DeletionItemKind;
use async_graphql::SimpleObject;
use service::memo_deletion::MissingThing;

/// A link that could not be restored, because the object at its other end no longer exists.
#[derive(SimpleObject)]
pub struct MissingLink {
    /// The kind of the link.
    kind: DeletionItemKind,
    /// The former name of that object, or the beginning of its text.
    label: Option<String>,
}

impl From<MissingThing> for MissingLink {
    fn from(missing: MissingThing) -> Self {
        Self { kind: missing.kind.into(), label: missing.label }
    }
}
