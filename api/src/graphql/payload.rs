//! What the payloads of mutations share.

use super::{
    enums::DeletionItemKind,
    error::ApiResult,
    loaders::{UserById, loaders},
};
use async_graphql::{Context, SimpleObject};
use service::memo_deletion::MissingThing;
use uuid::Uuid;

/// Who can act on a memo instead of its author, as a sentence: its recipient, or once they have
/// left an administrator, who passes their memos on.
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

/// A link that a restore could not make again, because its other end is gone.
#[derive(SimpleObject)]
pub struct MissingLink {
    /// Its kind.
    kind: DeletionItemKind,
    /// The name of its other end, or the beginning of the thing's text, as it was.
    label: Option<String>,
}

impl From<MissingThing> for MissingLink {
    fn from(missing: MissingThing) -> Self {
        Self { kind: missing.kind.into(), label: missing.label }
    }
}
