//! `createMemo`, `copyMemo`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, WrongId},
    loaders::services,
    mutations::{
        idempotency::create,
        respond::{MutationError, Payload, Stop, at_most, codes, done},
    },
    objects::Memo,
    scalars::Date,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    idempotency::Created,
    memos::{self, CopyMemoError, CreateMemoError, InputProblem, Invalid, NewMemo},
};

#[derive(Default)]
pub struct CreateMemo;

#[derive(Default)]
pub struct CopyMemo;

/// The memo to create.
#[derive(InputObject)]
pub struct CreateMemoInput {
    /// The title, 1–250 characters.
    name: String,
    /// The text, at most 20,000 characters.
    description: Option<String>,
    /// The global id of the recipient, who must be active. If left out or null, the memo is a to-do
    /// for the viewer.
    recipient_id: Option<ID>,
    /// Whether to keep the memo as a draft. Otherwise it is sent at once.
    #[graphql(default_with = "Some(false)")]
    draft: Option<bool>,
    /// The day on which the recipient should look at it.
    review_date: Option<Date>,
    /// The global ids of the subscribers, at most 100. Author and recipient are ignored, since they
    /// can read the memo anyway.
    subscriber_ids: Option<Vec<ID>>,
    /// The global ids of its tags, at most 100.
    tag_ids: Option<Vec<ID>>,
    /// The global id of the deal that it is about.
    deal_id: Option<ID>,
    /// The global id of the resolution: what the memo is for, for example "For approval".
    resolution_id: Option<ID>,
    /// The global ids of files to attach, at most 100. The viewer must have uploaded the file or be
    /// able to see it. If another memo has the file, or somebody else uploaded it, the memo gets a
    /// copy with its own id.
    file_ids: Option<Vec<ID>>,
    /// A key for this request, 1–128 characters. Repeating the request with the same key
    /// within 24 hours creates nothing again.
    idempotency_key: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    CreateMemo(CreateMemoErrorCode) creates {
        /// A person, tag, deal, resolution or file with this id does not exist, or the viewer
        /// cannot see it.
        NotFound,
        /// The person is not active any more.
        InactivePerson,
    }
}

done! {
    MemoCreated(CreateMemoErrorCode) creates {
        /// The new memo; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

impl From<CreateMemoError> for Stop<MemoCreated> {
    fn from(error: CreateMemoError) -> Self {
        match error {
            CreateMemoError::Invalid(parts) => {
                Self::refused(MemoCreated::default(), parts.into_iter().map(invalid).collect())
            }
            CreateMemoError::Failed(error) => error.into(),
        }
    }
}

fn invalid(
    Invalid { place, problem }: Invalid<InputProblem>,
) -> MutationError<CreateMemoErrorCode> {
    use CreateMemoErrorCode as Code;
    let (code, message) = match problem {
        InputProblem::NotFound(what) => (Code::NotFound, sentences::not_found(what).to_owned()),
        InputProblem::Inactive => (Code::InactivePerson, sentences::INACTIVE_PERSON.to_owned()),
        InputProblem::Text(problem) => (Code::InvalidInput, sentences::text(place, problem)),
    };
    MutationError::at(&sentences::path(place), code, message)
}

#[Object]
impl CreateMemo {
    /// Creates a memo, and sends it unless it is a draft. Recipient and subscribers of a sent memo
    /// are notified, and it is unread for them.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo to create.")] input: CreateMemoInput,
    ) -> ApiResult<Payload<MemoCreated>> {
        create(ctx, input, async |input: CreateMemoInput, key| {
            input.check_lengths()?;
            let new = input.into_service()?;
            let Created { thing, replayed } =
                memos::create(services(ctx)?, viewer(ctx)?, key.as_ref(), &new).await?;
            Ok(MemoCreated { memo: Some(Memo::from(thing)), replayed })
        })
        .await
    }
}

impl CreateMemoInput {
    /// Refuses all lists that are too long.
    fn check_lengths(&self) -> Result<(), Stop<MemoCreated>> {
        let lists = [
            ("subscriberIds", &self.subscriber_ids),
            ("tagIds", &self.tag_ids),
            ("fileIds", &self.file_ids),
        ];
        let check = |(path, ids): (&str, &Option<Vec<ID>>)| {
            at_most(path, ids.as_deref().unwrap_or_default())
        };
        let errors: Vec<_> = lists.into_iter().filter_map(|list| check(list).err()).collect();
        if errors.is_empty() { Ok(()) } else { Err(Stop::refused(MemoCreated::default(), errors)) }
    }

    fn into_service(self) -> Result<NewMemo, WrongId> {
        let ids =
            |kind: Kind, path, ids: Option<Vec<ID>>| kind.parse_all(path, &ids.unwrap_or_default());
        Ok(NewMemo {
            recipient_id: Kind::User.parse_optional("recipientId", self.recipient_id.as_ref())?,
            subscriber_ids: ids(Kind::User, "subscriberIds", self.subscriber_ids)?,
            tag_ids: ids(Kind::Tag, "tagIds", self.tag_ids)?,
            deal_id: Kind::Deal.parse_optional("dealId", self.deal_id.as_ref())?,
            resolution_id: Kind::Resolution
                .parse_optional("resolutionId", self.resolution_id.as_ref())?,
            file_ids: ids(Kind::File, "fileIds", self.file_ids)?,
            name: self.name,
            description: self.description,
            draft: self.draft.unwrap_or_default(),
            review_date: self.review_date.map(|date| date.0),
        })
    }
}

/// The memo to copy.
#[derive(InputObject)]
pub struct CopyMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// A key for this request, 1–128 characters. Repeating the request with the same key
    /// within 24 hours creates nothing again.
    idempotency_key: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    CopyMemo(CopyMemoErrorCode) creates {
        /// The memo does not exist, or the viewer cannot see it.
        NotFound,
    }
}

done! {
    MemoCopied(CopyMemoErrorCode) creates {
        /// The new draft; null if the mutation was refused. If somebody else wrote the original,
        /// the viewer is the recipient of the draft. Conclusion, dates, stage, resolution, task,
        /// project, discussion and reminders are not copied.
        memo: Option<Memo>,
    }
}

impl From<CopyMemoError> for Stop<MemoCopied> {
    fn from(error: CopyMemoError) -> Self {
        match error {
            CopyMemoError::NotFound => {
                MutationError::at("memoId", CopyMemoErrorCode::NotFound, sentences::NO_SUCH_MEMO)
                    .into()
            }
            CopyMemoError::Failed(error) => error.into(),
        }
    }
}

#[Object]
impl CopyMemo {
    /// Creates a draft of the viewer that has the name, description, deal, tags and files of a
    /// memo. If the viewer wrote the memo, the draft also has its recipient and subscribers.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn copy_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo to copy.")] input: CopyMemoInput,
    ) -> ApiResult<Payload<MemoCopied>> {
        create(ctx, input, async |input: CopyMemoInput, key| {
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let Created { thing, replayed } =
                memos::copy(services(ctx)?, viewer(ctx)?, key.as_ref(), memo_id).await?;
            Ok(MemoCopied { memo: Some(Memo::from(thing)), replayed })
        })
        .await
    }
}
