//! `addMemoSubscribers`, `removeMemoSubscribers`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, element},
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, at_most, codes, done, respond},
    objects::Memo,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::memos::{
    self, AddSubscribersError, PersonProblem, RemoveSubscribersError, policy::ParticipantDenial,
};

#[derive(Default)]
pub struct MemoSubscribers;

/// Who is to read which memo along.
#[derive(InputObject)]
pub struct AddMemoSubscribersInput {
    /// The memo's global id.
    memo_id: ID,
    /// The people, at most 100. Those who read it along already, its author and its recipient may
    /// be among them.
    user_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    AddMemoSubscribers(AddMemoSubscribersErrorCode) or InvalidInput {
        /// The memo, or a person with that id, does not exist for the viewer.
        NotFound,
        /// Only author and recipient choose who reads a memo along.
        NotAParticipant,
        /// That person does not work here any more.
        InactivePerson,
    }
}

done! {
    MemoSubscribersAdded(AddMemoSubscribersErrorCode) {
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl From<AddSubscribersError> for Stop<MemoSubscribersAdded> {
    fn from(error: AddSubscribersError) -> Self {
        use AddMemoSubscribersErrorCode as Code;
        let person = |(n, problem)| {
            let (code, message) = match problem {
                PersonProblem::NotFound => (Code::NotFound, sentences::NO_SUCH_PERSON),
                PersonProblem::Inactive => (Code::InactivePerson, sentences::INACTIVE_PERSON),
            };
            MutationError::at(&element("userIds", n), code, message)
        };
        match error {
            AddSubscribersError::NotFound => {
                MutationError::at("memoId", Code::NotFound, sentences::NO_SUCH_MEMO).into()
            }
            AddSubscribersError::Denied(denial @ ParticipantDenial::NotAParticipant) => {
                MutationError::at("memoId", Code::NotAParticipant, sentences::denial(denial)).into()
            }
            AddSubscribersError::People(people) => Self::refused(
                MemoSubscribersAdded::default(),
                people.into_iter().map(person).collect(),
            ),
            AddSubscribersError::Failed(error) => error.into(),
        }
    }
}

/// Who is to read which memo along no longer.
#[derive(InputObject)]
pub struct RemoveMemoSubscribersInput {
    /// The memo's global id.
    memo_id: ID,
    /// The people, at most 100. Those who do not read it along may be among them.
    user_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    RemoveMemoSubscribers(RemoveMemoSubscribersErrorCode) or InvalidInput {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only author and recipient end somebody else's reading along.
        NotAParticipant,
    }
}

done! {
    MemoSubscribersRemoved(RemoveMemoSubscribersErrorCode) {
        /// The memo as it is now; null if it was refused, or if the viewer, who has removed
        /// themselves, does not see it any more.
        memo: Option<Memo>,
    }
}

impl From<RemoveSubscribersError> for Stop<MemoSubscribersRemoved> {
    fn from(error: RemoveSubscribersError) -> Self {
        use RemoveMemoSubscribersErrorCode as Code;
        match error {
            RemoveSubscribersError::NotFound => {
                MutationError::at("memoId", Code::NotFound, sentences::NO_SUCH_MEMO).into()
            }
            RemoveSubscribersError::Denied(denial @ ParticipantDenial::NotAParticipant) => {
                MutationError::at("memoId", Code::NotAParticipant, sentences::denial(denial)).into()
            }
            RemoveSubscribersError::Failed(error) => error.into(),
        }
    }
}

#[Object]
impl MemoSubscribers {
    /// Lets people read a memo along, for its author and its recipient. If it is sent, the new ones
    /// are told, and have not read it. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_memo_subscribers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and who.")] input: AddMemoSubscribersInput,
    ) -> ApiResult<Payload<MemoSubscribersAdded>> {
        respond(input.client_mutation_id, async {
            at_most("userIds", &input.user_ids)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let people = Kind::User.parse_all("userIds", &input.user_ids)?;
            let memo =
                memos::add_subscribers(services(ctx)?, viewer(ctx)?, memo_id, &people).await?;
            Ok(MemoSubscribersAdded { memo: Some(Memo(memo)) })
        })
        .await
    }

    /// Ends people's reading a memo along, for its author and its recipient; whoever reads it along
    /// may end that for themselves. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn remove_memo_subscribers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and who.")] input: RemoveMemoSubscribersInput,
    ) -> ApiResult<Payload<MemoSubscribersRemoved>> {
        respond(input.client_mutation_id, async {
            at_most("userIds", &input.user_ids)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let people = Kind::User.parse_all("userIds", &input.user_ids)?;
            let memo =
                memos::remove_subscribers(services(ctx)?, viewer(ctx)?, memo_id, &people).await?;
            Ok(MemoSubscribersRemoved { memo: memo.map(Memo) })
        })
        .await
    }
}
