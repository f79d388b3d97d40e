//! Creating memos: written, as a draft or sent immediately, or copied from another memo.

use super::{
    by_ids,
    errors::{CopyMemoError, CreateMemoError, FieldPath, Invalid},
    fields::MemoField,
    links::{
        distinct, file_ids, insert_files, insert_subscribers, insert_tags, subscriber_ids, tag_ids,
    },
    problems::{InputProblem, Reference},
    references::{missing, not_among, people},
    send::deliver,
    write::{insert, lock},
};
use crate::{
    Services, Viewer, events, files,
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids, text,
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{MemoEventKind, MemoStage, deal, file, memo, resolution, tag};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// The content of a new memo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMemo {
    /// Its title.
    pub name: String,
    /// The author's text.
    pub description: Option<String>,
    /// The recipient. `None`: the author.
    pub recipient_id: Option<Uuid>,
    /// Whether it is not sent yet.
    pub draft: bool,
    /// The day on which the recipient should look at it.
    pub review_date: Option<NaiveDate>,
    /// The subscribers. Author and recipient are left out, since they see the memo anyway.
    pub subscriber_ids: Vec<Uuid>,
    /// Its tags.
    pub tag_ids: Vec<Uuid>,
    /// The deal that it is about.
    pub deal_id: Option<Uuid>,
    /// The resolution: what the author wants from the recipient.
    pub resolution_id: Option<Uuid>,
    /// Files to attach. The author has uploaded them or sees them.
    pub file_ids: Vec<Uuid>,
}

/// Writes the memo, once for each key. Also sends it unless it is a draft.
///
/// # Errors
/// Returns the reason why nothing was written.
pub async fn create(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    new: &NewMemo,
) -> Result<Created<memo::Model>, CreateError<CreateMemoError>> {
    let mut invalid = Vec::new();
    let mut checked = |field: MemoField, text: Result<String, text::TextProblem>| {
        text.unwrap_or_else(|problem| {
            invalid.push(FieldPath::Field(field).has(InputProblem::Text(problem)));
            String::new()
        })
    };
    let name = checked(MemoField::Name, text::name(&new.name));
    let description = text::optional(new.description.as_deref(), text::MAX_DESCRIPTION);
    let description = checked(MemoField::Description, description.map(Option::unwrap_or_default));
    if !new.file_ids.is_empty() {
        // This runs before the transaction, which must not wait for a second connection. The
        // transaction checks again whether the files exist.
        let seen: Vec<Uuid> = files::by_ids(services, viewer, &new.file_ids)
            .await?
            .iter()
            .map(|file| file.id)
            .collect();
        let not_found = InputProblem::NotFound(Reference::File);
        let unseen = not_among(&seen, &new.file_ids);
        invalid.extend(unseen.into_iter().map(|n| FieldPath::File(n).has(not_found)));
    }
    create_once(
        services,
        key,
        async |transaction, id| {
            let texts = (name.clone(), description.clone());
            create_in(services, transaction, viewer, id, new, texts, invalid.clone()).await
        },
        async |id| Ok(by_ids(services, viewer, &[id]).await?.pop()),
    )
    .await
}

async fn create_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    id: Uuid,
    new: &NewMemo,
    (name, description): (String, String),
    mut invalid: Vec<Invalid<InputProblem>>,
) -> Result<memo::Model, CreateMemoError> {
    let recipient_id = new.recipient_id.unwrap_or(viewer.id);
    for wrong in wrong_references(transaction, new, recipient_id).await? {
        if !invalid.contains(&wrong) {
            invalid.push(wrong);
        }
    }
    if !invalid.is_empty() {
        return Err(CreateMemoError::Invalid(invalid));
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
        ..blank(id, viewer.id, services.now())
    };
    let memo = insert(transaction, memo).await?;
    let subscribers = distinct(&new.subscriber_ids, &[viewer.id, recipient_id]);
    insert_subscribers(services, transaction, memo.id, &subscribers).await?;
    insert_tags(transaction, memo.id, &distinct(&new.tag_ids, &[])).await?;
    let files =
        files::for_memo(services, transaction, viewer, &distinct(&new.file_ids, &[])).await?;
    insert_files(services, transaction, viewer, memo.id, &files).await?;
    if memo.draft {
        events::record(services, transaction, viewer.id, memo.id, MemoEventKind::Updated).await?;
    } else {
        deliver(services, transaction, viewer, &memo, &subscribers).await?;
    }
    tracing::info!(
        memo_id = %ids::memo(memo.id),
        person = %ids::user(viewer.id),
        draft = memo.draft,
        "memo written"
    );
    Ok(memo)
}

/// The problems of the people and things that the memo refers to.
async fn wrong_references(
    transaction: &DatabaseTransaction,
    new: &NewMemo,
    recipient_id: Uuid,
) -> crate::Result<Vec<Invalid<InputProblem>>> {
    let named: Vec<Uuid> = [recipient_id].iter().chain(&new.subscriber_ids).copied().collect();
    let mut wrong = Vec::new();
    for (n, problem) in people(transaction, &named).await? {
        let place = match n {
            0 => FieldPath::Field(MemoField::Recipient),
            n => FieldPath::Subscriber(n - 1),
        };
        wrong.push(place.has(problem.into()));
    }
    let mut none = |of: Reference, places: Vec<usize>, place: fn(usize) -> FieldPath| {
        wrong.extend(places.into_iter().map(|n| place(n).has(InputProblem::NotFound(of))));
    };
    let no_tag = missing::<tag::Entity>(transaction, &new.tag_ids).await?;
    none(Reference::Tag, no_tag, FieldPath::Tag);
    let deal: Vec<Uuid> = new.deal_id.into_iter().collect();
    let no_deal = missing::<deal::Entity>(transaction, &deal).await?;
    none(Reference::Deal, no_deal, |_| FieldPath::Field(MemoField::Deal));
    let resolution: Vec<Uuid> = new.resolution_id.into_iter().collect();
    let no_resolution = missing::<resolution::Entity>(transaction, &resolution).await?;
    none(Reference::Resolution, no_resolution, |_| FieldPath::Field(MemoField::Resolution));
    let no_file = missing::<file::Entity>(transaction, &new.file_ids).await?;
    none(Reference::File, no_file, FieldPath::File);
    Ok(wrong)
}

/// Copies a memo that the viewer sees into a draft of their own, once for each key. The draft gets
/// name, description, deal, tags and files. If the viewer wrote the memo, the draft also gets its
/// recipient and subscribers. Otherwise the viewer is its recipient. The rest is not copied:
/// conclusion, review date, stage, task, project, resolution, comments and reminders.
///
/// # Errors
/// Returns the reason why nothing was written.
pub async fn copy(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    memo_id: Uuid,
) -> Result<Created<memo::Model>, CreateError<CopyMemoError>> {
    create_once(
        services,
        key,
        async |transaction, id| copy_in(services, transaction, viewer, id, memo_id).await,
        async |id| Ok(by_ids(services, viewer, &[id]).await?.pop()),
    )
    .await
}

async fn copy_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    id: Uuid,
    memo_id: Uuid,
) -> Result<memo::Model, CopyMemoError> {
    let source = lock(transaction, viewer, memo_id).await?.ok_or(CopyMemoError::NotFound)?.memo;
    let own = source.author_id == viewer.id;
    let copy = memo::Model {
        name: source.name,
        description: source.description,
        recipient_id: if own { source.recipient_id } else { viewer.id },
        deal_id: source.deal_id,
        ..blank(id, viewer.id, services.now())
    };
    let copy = insert(transaction, copy).await?;
    if own {
        let subscribers = subscriber_ids(transaction, memo_id).await?;
        let subscribers = distinct(&subscribers, &[copy.author_id, copy.recipient_id]);
        insert_subscribers(services, transaction, copy.id, &subscribers).await?;
    }
    insert_tags(transaction, copy.id, &tag_ids(transaction, memo_id).await?).await?;
    let files =
        files::copy(services, transaction, viewer, &file_ids(transaction, memo_id).await?).await?;
    insert_files(services, transaction, viewer, copy.id, &files).await?;
    events::record(services, transaction, viewer.id, copy.id, MemoEventKind::Updated).await?;
    tracing::info!(
        memo_id = %ids::memo(memo_id),
        copy = %ids::memo(copy.id),
        person = %ids::user(viewer.id),
        "memo copied"
    );
    Ok(copy)
}

/// A new draft without content. Its author is also its recipient.
pub fn blank(id: Uuid, author_id: Uuid, created_at: DateTime<Utc>) -> memo::Model {
    memo::Model {
        id,
        name: String::new(),
        description: String::new(),
        conclusion: None,
        author_id,
        recipient_id: author_id,
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
        created_at,
        updated_at: created_at,
        version: 1,
        revision: 1,
        on_hold: false,
        comment_count: 0,
        author_comment_count: 0,
        recipient_comment_count: 0,
    }
}
