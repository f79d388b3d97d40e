//! What the payloads of mutations share.

use super::{
    enums::DeletionItemKind,
    error::ApiResult,
    loaders::{UserById, loaders},
};
use async_graphql::{Context, SimpleObject};
use service::memo_deletion::MissingThing;
use uuid::Uuid;

/// A sentence that says whom to ask instead of the author. This is the recipient, or, if they are
/// inactive, an administrator, who can pass their memos on.
///
/// # Errors
/// What went wrong inside.
pub async fn whom_to_ask(ctx: &Context<'_>, recipient: Uuid) -> ApiResult<String> {
    let recipient = loaders(ctx)?.load(UserById(recipient)).await?;
    Ok(match recipient.filter(|person| !person.active) {
        Some(person) => format!(
            "{} is not active any more: ask an administrator to pass their memos on.",
            person.full_name
        ),
        None => "Ask the recipient.".to_owned(),
    })
}

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
