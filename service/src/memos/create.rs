//! Writing a memo: as a draft, or sent at once.

use super::{
    fields::MemoField,
    flaws::{Flaw, Place, Problem},
    links::{distinct, insert_files, insert_subscribers, insert_tags},
    references::{self, References, missing},
    send::deliver,
    write::insert,
};
use crate::{Result, Services, Viewer, database::in_transaction, events, files, ids, text};
use chrono::NaiveDate;
use entity::{MemoEventKind, MemoStage, memo};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// A memo to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMemo {
    /// Its title.
    pub name: String,
    /// What the author writes.
    pub description: Option<String>,
    /// To whom; to its author if nobody is named.
    pub recipient_id: Option<Uuid>,
    /// Not sent yet.
    pub draft: bool,
    /// The day on which the recipient should look at it.
    pub review_date: Option<NaiveDate>,
    /// Who reads it along. Author and recipient, who read it anyway, are left out.
    pub subscriber_ids: Vec<Uuid>,
    /// Its tags.
    pub tag_ids: Vec<Uuid>,
    /// The deal that it is about.
    pub deal_id: Option<Uuid>,
    /// What its author wants it for.
    pub resolution_id: Option<Uuid>,
    /// Files to attach: some that the author has uploaded or sees.
    pub file_ids: Vec<Uuid>,
}

/// Writes the memo, and sends it unless it is to be a draft.
///
/// # Errors
/// What the database answers; nothing is written then.
pub async fn create(
    services: &Services,
    viewer: Viewer,
    new: &NewMemo,
) -> Result<Result<memo::Model, Vec<Flaw>>> {
    let mut flaws = Vec::new();
    let mut checked = |field: MemoField, text: Result<String, text::TextProblem>| {
        text.unwrap_or_else(|problem| {
            flaws.push(Place::Field(field).has(Problem::Text(problem)));
            String::new()
        })
    };
    let name = checked(MemoField::Name, text::name(&new.name));
    let description = text::optional(new.description.as_deref(), text::MAX_DESCRIPTION);
    let description = checked(MemoField::Description, description.map(Option::unwrap_or_default));
    if !new.file_ids.is_empty() {
        // Before the transaction, which must not wait for a second connection. Whether they are still there, it looks itself.
        let seen: Vec<Uuid> =
            files::by_ids(services, viewer, &new.file_ids).await?.iter().map(|file| file.id).collect();
        flaws.extend(missing(&new.file_ids, &seen, Place::File));
    }
    in_transaction!(services.database, |transaction| create_in(
        services,
        transaction,
        viewer,
        new,
        (name.clone(), description.clone()),
        flaws.clone()
    )
    .await)
}

async fn create_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    new: &NewMemo,
    (name, description): (String, String),
    mut flaws: Vec<Flaw>,
) -> Result<Result<memo::Model, Vec<Flaw>>> {
    let recipient_id = new.recipient_id.unwrap_or(viewer.id);
    let references = References {
        recipient: Some(recipient_id),
        subscribers: &new.subscriber_ids,
        tags: &new.tag_ids,
        deal: new.deal_id,
        resolution: new.resolution_id,
        files: &new.file_ids,
    };
    for flaw in references::flaws(transaction, references).await? {
        if !flaws.contains(&flaw) {
            flaws.push(flaw);
        }
    }
    if !flaws.is_empty() {
        return Ok(Err(flaws));
    }
    let memo = memo::Model {
        name,
        description,
        recipient_id,
        draft: new.draft,
        sent_at: (!new.draft).then(|| services.now()),
        review_date: new.review_date,
        deal_id: new.deal_id,
        resolution_id: new.resolution_id,
        ..blank(services, viewer)
    };
    let memo = insert(transaction, memo).await?;
    let subscribers = distinct(&new.subscriber_ids, &[viewer.id, recipient_id]);
    insert_subscribers(services, transaction, memo.id, &subscribers).await?;
    insert_tags(transaction, memo.id, &distinct(&new.tag_ids, &[])).await?;
    let files = files::for_memo(services, transaction, viewer, &distinct(&new.file_ids, &[])).await?;
    insert_files(services, transaction, memo.id, &files).await?;
    if memo.draft {
        events::record(services, transaction, viewer.id, memo.id, MemoEventKind::Updated).await?;
    } else {
        deliver(services, transaction, viewer, &memo, &subscribers).await?;
    }
    tracing::info!(memo_id = %ids::memo(memo.id), person = %ids::user(viewer.id), draft = memo.draft, "memo written");
    Ok(Ok(memo))
}

/// A new draft of the viewer to themselves that says nothing yet.
pub(super) fn blank(services: &Services, viewer: Viewer) -> memo::Model {
    let now = services.now();
    memo::Model {
        id: services.new_id(),
        name: String::new(),
        description: String::new(),
        note: None,
        author_id: viewer.id,
        recipient_id: viewer.id,
        stage: MemoStage::Pending,
        draft: true,
        review_date: None,
        deal_id: None,
        task_id: None,
        project_id: None,
        resolution_id: None,
        sent_at: None,
        acted_at: None,
        acted_stage: None,
        created_at: now,
        updated_at: now,
        version: 1,
        revision: 1,
        on_hold: false,
        comment_count: 0,
        author_comment_count: 0,
        recipient_comment_count: 0,
    }
}
