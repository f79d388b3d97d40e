//! `createMemo`

use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, WrongId},
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, at_most, codes, done, respond},
    objects::Memo,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::memos::{self, CreateMemoError, InputProblem, Invalid, NewMemo};

#[derive(Default)]
pub struct CreateMemo;

/// The memo to write.
#[derive(InputObject)]
pub struct CreateMemoInput {
    /// The title, 1–250 characters.
    name: String,
    /// What there is to say, at most 20,000 characters.
    description: Option<String>,
    /// To whom: the global id of somebody who works here. Left out or null, it is a to-do for the
    /// viewer.
    recipient_id: Option<ID>,
    /// Whether it is kept as a draft instead of being sent at once.
    #[graphql(default_with = "Some(false)")]
    draft: Option<bool>,
    /// The day on which the recipient should look at it.
    review_date: Option<Date>,
    /// The people who read it along, at most 100. Author and recipient, who read it anyway, are
    /// left out.
    subscriber_ids: Option<Vec<ID>>,
    /// Its tags, at most 100.
    tag_ids: Option<Vec<ID>>,
    /// The deal that it is about.
    deal_id: Option<ID>,
    /// What the memo is for, as "For approval": one of `resolutions`.
    resolution_id: Option<ID>,
    /// Files to attach, at most 100: some that the viewer has uploaded or sees. Of one that another
    /// memo has or somebody else uploaded, the memo gets a copy with an id of its own.
    file_ids: Option<Vec<ID>>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    CreateMemo(CreateMemoErrorCode) or InvalidInput {
        /// A person, a tag, a deal, a resolution or a file with that id does not exist for the
        /// viewer.
        NotFound,
        /// That person does not work here any more.
        InactivePerson,
    }
}

done! {
    MemoCreated(CreateMemoErrorCode) {
        /// The new memo; null if it was refused.
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
        InputProblem::NotFound => (Code::NotFound, sentences::not_found(place).to_owned()),
        InputProblem::Inactive => (Code::InactivePerson, sentences::INACTIVE_PERSON.to_owned()),
        InputProblem::Text(problem) => (Code::InvalidInput, sentences::text(place, problem)),
    };
    MutationError::at(&sentences::path(place), code, message)
}

#[Object]
impl CreateMemo {
    /// Writes a memo, and sends it unless it is to be a draft: its recipient and those who read it
    /// along are told, and have not read it.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo.")] input: CreateMemoInput,
    ) -> ApiResult<Payload<MemoCreated>> {
        respond(input.client_mutation_id.clone(), async {
            input.check_lengths()?;
            let memo = memos::create(services(ctx)?, viewer(ctx)?, &input.into_service()?).await?;
            Ok(MemoCreated { memo: Some(Memo(memo)) })
        })
        .await
    }
}

impl CreateMemoInput {
    /// All the lists that are too long.
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
