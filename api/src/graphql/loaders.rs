//! Loaders: one statement fetches what many objects of a request ask for. Each request has its own
//! loaders, so that no data of one person reaches another.

use super::error::{ApiError, ApiResult};
use crate::metrics::Metrics;
use async_graphql::{
    Context,
    dataloader::{DataLoader, HashMapCache, Loader},
    parser::types::OperationType,
};
use async_trait::async_trait;
use entity::{
    comment, deal, file, memo, memo_deletion, memo_hold, memo_reassignment, notification,
    person_erasure, project, refused_deletion, reminder, resolution, tag, task, user,
};
use service::{
    Services, Viewer,
    access::for_administrators,
    attachments,
    attachments::Attachment,
    blobs::FileStore,
    catalogue, discussion, files, memo_deletion as deletion,
    memo_deletion::DeletionSettings,
    memos::{self, Losses},
    notifications, people, work,
};
use std::{collections::HashMap, hash::Hash, sync::Arc};
use uuid::Uuid;

/// What the loaders fetch with: the services, on behalf of one viewer.
pub struct Batch {
    services: Services,
    viewer: Option<Viewer>,
}

/// The loaders of one request.
pub struct Loaders(DataLoader<Batch, HashMapCache>);

impl Loaders {
    /// Loaders for this viewer.
    pub fn new(services: Services, viewer: Option<Viewer>) -> Self {
        Self(DataLoader::with_cache(
            Batch { services, viewer },
            tokio::spawn,
            HashMapCache::default(),
        ))
    }

    /// Turns the cache off, for requests that last.
    pub fn forget_at_once(&self) {
        self.0.enable_all_cache(false);
    }

    /// The value of a key. Keys that are requested at the same time are fetched together.
    ///
    /// # Errors
    /// What went wrong inside.
    pub async fn load<K>(&self, key: K) -> ApiResult<Option<<Batch as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batch: Loader<K, Error = Arc<service::Error>>,
    {
        self.0.load_one(key).await.map_err(ApiError::Internal)
    }

    /// Fetches the values of many keys at once, for objects that will ask for them.
    ///
    /// # Errors
    /// What went wrong inside.
    pub async fn prefetch<K>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> ApiResult<HashMap<K, <Batch as Loader<K>>::Value>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batch: Loader<K, Error = Arc<service::Error>>,
    {
        // This bypasses the loader, which would first wait for further keys.
        let mut keys: Vec<K> = keys.into_iter().collect();
        let mut seen = std::collections::HashSet::new();
        keys.retain(|key| seen.insert(key.clone()));
        let found = if keys.is_empty() {
            HashMap::new()
        } else {
            self.0.loader().load(&keys).await.map_err(ApiError::Internal)?
        };
        self.0.feed_many(found.clone()).await;
        Ok(found)
    }
}

/// The loaders of this request.
///
/// # Errors
/// [`ApiError::Internal`] if there are none, which is a defect.
pub fn loaders<'a>(ctx: &Context<'a>) -> ApiResult<&'a Loaders> {
    let loaders = of_request::<Loaders>(ctx)?;
    if ctx.query_env.operation.node.ty == OperationType::Mutation {
        // The mutations of a request run one after the other, and the second one may change what
        // the first one has loaded.
        loaders.0.enable_all_cache(false);
    }
    Ok(loaders)
}

/// The request's data of this type.
///
/// # Errors
/// [`ApiError::Internal`] if there is none, which is a defect.
pub fn of_request<'a, T: Send + Sync + 'static>(ctx: &Context<'a>) -> ApiResult<&'a T> {
    ctx.data::<T>().map_err(|error| ApiError::from(service::Error::Inconsistent(error.message)))
}

/// The services of this request.
///
/// # Errors
/// As for [`of_request`].
pub fn services<'a>(ctx: &Context<'a>) -> ApiResult<&'a Services> {
    of_request(ctx)
}

/// The settings of confirmations and of the time for restoring.
///
/// # Errors
/// As for [`of_request`].
pub fn deletion_settings<'a>(ctx: &Context<'a>) -> ApiResult<&'a DeletionSettings> {
    of_request(ctx)
}

/// The bytes of files.
///
/// # Errors
/// As for [`of_request`].
pub fn file_store<'a>(ctx: &Context<'a>) -> ApiResult<&'a FileStore> {
    of_request(ctx)
}

/// The server's metrics.
///
/// # Errors
/// As for [`of_request`].
pub fn metrics<'a>(ctx: &Context<'a>) -> ApiResult<&'a Metrics> {
    of_request(ctx)
}

/// A key type, its value, and the service's function that fetches many values.
macro_rules! by_id {
    ($($(#[$doc:meta])* $key:ident => $model:ty: $fetch:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            pub struct $key(pub Uuid);

            #[async_trait]
            impl Loader<$key> for Batch {
                type Value = $model;
                type Error = Arc<service::Error>;

                async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $model>, Self::Error> {
                    let Some(viewer) = self.viewer else { return Ok(HashMap::new()) };
                    let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
                    let rows: Vec<$model> = ($fetch)(&self.services, viewer, &ids).await?;
                    Ok(rows.into_iter().map(|row| ($key(row.id), row)).collect())
                }
            }
        )+
    };
}

by_id! {
    /// A person.
    UserById => user::Model: async |services, _, ids| people::by_ids(services, ids).await;
    /// A memo that the viewer sees.
    MemoById => memo::Model: memos::by_ids;
    /// A task that the viewer sees.
    TaskById => task::Model: work::by_ids::<task::Entity>;
    /// A project that the viewer sees.
    ProjectById => project::Model: work::by_ids::<project::Entity>;
    /// A deal.
    DealById => deal::Model: async |services, _, ids| catalogue::deals_by_ids(services, ids).await;
    /// A tag.
    TagById => tag::Model: async |services, _, ids| catalogue::tags_by_ids(services, ids).await;
    /// A resolution.
    ResolutionById => resolution::Model:
        async |services, _, ids| catalogue::resolutions_by_ids(services, ids).await;
    /// A file that the viewer sees.
    FileById => file::Model: files::by_ids;
    /// A comment of a memo that the viewer sees.
    CommentById => comment::Model: discussion::comments_by_ids;
    /// A reminder of the viewer.
    ReminderById => reminder::Model: discussion::reminders_by_ids;
    /// A notification of the viewer.
    NotificationById => notification::Model: notifications::by_ids;
    /// A deletion record that the viewer may see.
    RecordById => memo_deletion::Model: deletion::records_by_ids;
    /// A hold, for administrators.
    HoldById => memo_hold::Model: for_administrators::<memo_hold::Entity>;
    /// A refused attempt, for administrators.
    RefusalById => refused_deletion::Model: for_administrators::<refused_deletion::Entity>;
    /// The record of memos that were passed on, for administrators.
    ReassignmentById => memo_reassignment::Model: for_administrators::<memo_reassignment::Entity>;
    /// The record of a person's erasure, for administrators.
    PersonErasureById => person_erasure::Model: for_administrators::<person_erasure::Entity>;
}

/// What remains of a deleted memo, by the memo's id, if the viewer may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecordOfMemo(pub Uuid);

#[async_trait]
impl Loader<RecordOfMemo> for Batch {
    type Value = memo_deletion::Model;
    type Error = Arc<service::Error>;

    async fn load(
        &self,
        keys: &[RecordOfMemo],
    ) -> Result<HashMap<RecordOfMemo, memo_deletion::Model>, Self::Error> {
        let Some(viewer) = self.viewer else { return Ok(HashMap::new()) };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = deletion::find_current(&self.services, viewer, &ids).await?;
        Ok(rows.into_iter().map(|row| (RecordOfMemo(row.memo_id), row)).collect())
    }
}

/// The memo with this id, or what remains of it, if the viewer can see one of them. Tasks and
/// projects come from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SourceOf(pub Uuid);

/// A memo, or what remains of it.
#[derive(Debug, Clone)]
pub enum Source {
    /// The memo.
    Memo(Box<memo::Model>),
    /// Its deletion record.
    Deleted(Box<memo_deletion::Model>),
}

#[async_trait]
impl Loader<SourceOf> for Batch {
    type Value = Option<Source>;
    type Error = Arc<service::Error>;

    async fn load(
        &self,
        keys: &[SourceOf],
    ) -> Result<HashMap<SourceOf, Option<Source>>, Self::Error> {
        let mut found: HashMap<SourceOf, Option<Source>> =
            keys.iter().map(|key| (*key, None)).collect();
        let Some(viewer) = self.viewer else { return Ok(found) };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        for memo in memos::by_ids(&self.services, viewer, &ids).await? {
            found.insert(SourceOf(memo.id), Some(Source::Memo(Box::new(memo))));
        }
        let gone: Vec<Uuid> =
            ids.into_iter().filter(|id| matches!(found.get(&SourceOf(*id)), Some(None))).collect();
        if !gone.is_empty() {
            for record in deletion::find_current(&self.services, viewer, &gone).await? {
                found.insert(SourceOf(record.memo_id), Some(Source::Deleted(Box::new(record))));
            }
        }
        Ok(found)
    }
}

/// A key type for a memo, a task or a project, and the service's function that fetches what belongs
/// to many of them.
macro_rules! children {
    ($($(#[$doc:meta])* $key:ident => $model:ty: $fetch:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            pub struct $key(pub Uuid);

            #[async_trait]
            impl Loader<$key> for Batch {
                type Value = Vec<$model>;
                type Error = Arc<service::Error>;

                async fn load(
                    &self,
                    keys: &[$key],
                ) -> Result<HashMap<$key, Vec<$model>>, Self::Error> {
                    let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
                    let mut found: HashMap<$key, Vec<$model>> =
                        keys.iter().map(|key| (*key, Vec::new())).collect();
                    for (memo_id, row) in ($fetch)(&self.services, &ids).await? {
                        found.entry($key(memo_id)).or_default().push(row);
                    }
                    Ok(found)
                }
            }
        )+
    };
}

children! {
    /// The subscribers of a memo that the viewer sees.
    SubscribersOf => user::Model: memos::subscribers;
    /// The tags of a memo that the viewer sees.
    TagsOf => tag::Model: memos::tags;
    /// The files of a memo that the viewer sees.
    FilesOf => file::Model: files::of_memos;
    /// The people of a task that the viewer sees.
    PeopleOfTask => work::Person: work::people::<task::Entity>;
    /// The people of a project that the viewer sees.
    PeopleOfProject => work::Person: work::people::<project::Entity>;
    /// The files of a task that the viewer sees.
    FilesOfTask => file::Model: work::files::<task::Entity>;
    /// The files of a project that the viewer sees.
    FilesOfProject => file::Model: work::files::<project::Entity>;
}

/// The attachments of a file that the viewer sees, also those to objects that they cannot see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttachmentsOf(pub Uuid);

#[async_trait]
impl Loader<AttachmentsOf> for Batch {
    type Value = Vec<Attachment>;
    type Error = Arc<service::Error>;

    async fn load(
        &self,
        keys: &[AttachmentsOf],
    ) -> Result<HashMap<AttachmentsOf, Self::Value>, Self::Error> {
        let mut found: HashMap<AttachmentsOf, Self::Value> =
            keys.iter().map(|key| (*key, Vec::new())).collect();
        let Some(viewer) = self.viewer else { return Ok(found) };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        for (file, attachment) in attachments::of_files(&self.services, viewer, &ids).await? {
            found.entry(AttachmentsOf(file)).or_default().push(attachment);
        }
        Ok(found)
    }
}

/// Whether the viewer subscribes to a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubscribedTo(pub Uuid);

#[async_trait]
impl Loader<SubscribedTo> for Batch {
    type Value = bool;
    type Error = Arc<service::Error>;

    async fn load(
        &self,
        keys: &[SubscribedTo],
    ) -> Result<HashMap<SubscribedTo, bool>, Self::Error> {
        let mut found: HashMap<SubscribedTo, bool> = keys.iter().map(|key| (*key, false)).collect();
        let Some(viewer) = self.viewer else { return Ok(found) };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        for id in memos::subscribed(&self.services, viewer, &ids).await? {
            found.insert(SubscribedTo(id), true);
        }
        Ok(found)
    }
}

/// Whether the viewer has not read a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Unread(pub Uuid);

#[async_trait]
impl Loader<Unread> for Batch {
    type Value = bool;
    type Error = Arc<service::Error>;

    async fn load(&self, keys: &[Unread]) -> Result<HashMap<Unread, bool>, Self::Error> {
        let mut found: HashMap<Unread, bool> = keys.iter().map(|key| (*key, false)).collect();
        let Some(viewer) = self.viewer else { return Ok(found) };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        for id in memos::unread(&self.services, viewer, &ids).await? {
            found.insert(Unread(id), true);
        }
        Ok(found)
    }
}

/// What would be lost with a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LossesOf(pub Uuid);

#[async_trait]
impl Loader<LossesOf> for Batch {
    type Value = Losses;
    type Error = Arc<service::Error>;

    async fn load(&self, keys: &[LossesOf]) -> Result<HashMap<LossesOf, Losses>, Self::Error> {
        let Some(viewer) = self.viewer else { return Ok(HashMap::new()) };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let found = memos::losses(&self.services, viewer, &ids).await?;
        Ok(found.into_iter().map(|(id, losses)| (LossesOf(id), losses)).collect())
    }
}

/// The viewer's reminders of a memo that they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RemindersOf(pub Uuid);

#[async_trait]
impl Loader<RemindersOf> for Batch {
    type Value = Vec<reminder::Model>;
    type Error = Arc<service::Error>;

    async fn load(
        &self,
        keys: &[RemindersOf],
    ) -> Result<HashMap<RemindersOf, Self::Value>, Self::Error> {
        let mut found: HashMap<RemindersOf, Self::Value> =
            keys.iter().map(|key| (*key, Vec::new())).collect();
        let Some(viewer) = self.viewer else { return Ok(found) };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        for reminder in discussion::reminders_of_memos(&self.services, viewer, &ids).await? {
            found.entry(RemindersOf(reminder.memo_id)).or_default().push(reminder);
        }
        Ok(found)
    }
}
