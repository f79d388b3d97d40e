//! Erasing a person: the preview and the record.

use super::user::{User, user_by_id};
use crate::graphql::{
    enums::{DeletionVerdict, PersonErasureBlockerCode, PersonErasureItemKind, PersonKeptReason},
    error::ApiResult,
    id::Kind,
    scalars::Moment,
    sentences,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use entity::person_erasure;
use service::person_erasure::{ItemCount, Preview, policy::Blocker, record_counts};

pub struct PersonErasurePreview(pub Preview);

/// What would happen if the viewer erased a person now. An erasure cannot be undone. A pseudonym
/// takes the place of full name, username and email address everywhere, and the person cannot sign
/// in any more, nor come back as a new person of the OpenID Connect provider. Reading this preview
/// changes nothing.
///
/// Only numbers are shown. The person's drafts go too, but are not counted: a draft exists for its
/// author alone. What the texts of memos, comments, tasks and files say about the person is not
/// searched and stays.
#[Object]
impl PersonErasurePreview {
    /// The person as they are now.
    async fn user(&self) -> User {
        User::from(self.0.person.clone())
    }

    /// Whether the rules allow the erasure: ALLOWED or DENIED.
    async fn verdict(&self) -> DeletionVerdict {
        self.0.verdict().into()
    }

    /// What forbids the erasure; empty if nothing does.
    async fn blockers(&self) -> Vec<PersonErasureBlocker> {
        self.0.blockers.iter().copied().map(PersonErasureBlocker).collect()
    }

    /// What would go. Kinds of which there are none are left out.
    async fn removed(&self) -> Vec<RemovedPersonalData> {
        self.0.removed().map(RemovedPersonalData::from).collect()
    }

    /// What would stay under the pseudonym, and why. Kinds of which there are none are left out.
    async fn kept(&self) -> Vec<KeptPersonalData> {
        self.0.kept().filter_map(kept).collect()
    }

    /// Send it to `erasePerson` to confirm exactly what this preview shows. If anything has changed
    /// by then, nothing is erased. Null if the verdict is DENIED.
    async fn confirmation_token(&self) -> Option<&str> {
        self.0.confirmation_token()
    }
}

pub struct PersonErasureBlocker(Blocker);

/// Why the viewer may not erase a person.
#[Object]
impl PersonErasureBlocker {
    /// The code, for programs.
    async fn code(&self) -> PersonErasureBlockerCode {
        self.0.code.into()
    }

    /// How many memos, tasks or projects are concerned; null if the reason is the person.
    async fn count(&self) -> Option<i64> {
        self.0.count
    }

    /// The reason and what to do instead, as English text for people.
    async fn message(&self) -> String {
        sentences::person_erasure_blocker(&self.0)
    }
}

/// How many things of a kind go with a person.
#[derive(SimpleObject)]
pub struct RemovedPersonalData {
    /// The kind.
    kind: PersonErasureItemKind,
    /// How many.
    count: i64,
}

impl From<ItemCount> for RemovedPersonalData {
    fn from(item: ItemCount) -> Self {
        Self { kind: item.kind.into(), count: item.count }
    }
}

/// How many things of a kind stay under a person's pseudonym, and why.
#[derive(SimpleObject)]
pub struct KeptPersonalData {
    /// The kind.
    kind: PersonErasureItemKind,
    /// How many.
    count: i64,
    /// Why they stay.
    reason: PersonKeptReason,
}

/// `None` if it does not stay.
fn kept(item: ItemCount) -> Option<KeptPersonalData> {
    let reason = item.kind.kept_because()?.into();
    Some(KeptPersonalData { kind: item.kind.into(), count: item.count, reason })
}

pub struct PersonErasure(pub person_erasure::Model);

/// The record that a person was erased. It names nobody. For administrators.
#[Object]
impl PersonErasure {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::PersonErasure.id(self.0.id)
    }

    /// The person, under the pseudonym.
    async fn user(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.person_id).await
    }

    /// The administrator who erased the person. Null if the erasure was repeated on a restored
    /// database that does not know the administrator.
    async fn erased_by(&self, ctx: &Context<'_>) -> ApiResult<Option<User>> {
        match self.0.erased_by {
            Some(administrator) => user_by_id(ctx, administrator).await.map(Some),
            None => Ok(None),
        }
    }

    /// When the person was erased.
    async fn erased_at(&self) -> Moment {
        Moment(self.0.erased_at)
    }

    /// The administrator's reason. Null if the administrator was erased too, or if the erasure was
    /// repeated on a restored database.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What went, as the preview showed it.
    async fn removed(&self) -> ApiResult<Vec<RemovedPersonalData>> {
        let counts = record_counts(&self.0)?.into_iter();
        let removed = counts.filter(|item| item.kind.kept_because().is_none());
        Ok(removed.map(RemovedPersonalData::from).collect())
    }

    /// What stayed under the pseudonym, as the preview showed it.
    async fn kept(&self) -> ApiResult<Vec<KeptPersonalData>> {
        Ok(record_counts(&self.0)?.into_iter().filter_map(kept).collect())
    }
}
