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

/// The subscribers to add, and the memo.
#[derive(InputObject)]
pub struct AddMemoSubscribersInput {
    /// The memo's global id.
    memo_id: ID,
    /// The global ids of the people to add, at most 100. Author, recipient and existing subscribers
    /// are ignored.
    user_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    AddMemoSubscribers(AddMemoSubscribersErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it. Or there is no person with this
        /// id.
        NotFound,
        /// Only author and recipient can add subscribers.
        NotAParticipant,
        /// The person is not active any more.
        InactivePerson,
    }
}

done! {
    MemoSubscribersAdded(AddMemoSubscribersErrorCode) {
        /// The memo as it is now; null if the mutation was refused.
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

/// The subscribers to remove, and the memo.
#[derive(InputObject)]
pub struct RemoveMemoSubscribersInput {
    /// The memo's global id.
    memo_id: ID,
    /// The global ids of the people to remove, at most 100. People who are not subscribed are
    /// ignored.
    user_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    RemoveMemoSubscribers(RemoveMemoSubscribersErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it.
        NotFound,
        /// Only author and recipient can remove other people.
        NotAParticipant,
    }
}

done! {
    MemoSubscribersRemoved(RemoveMemoSubscribersErrorCode) {
        /// The memo as it is now. Null if the mutation was refused, or if viewers have removed
        /// themselves and can no longer see it.
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
    /// Adds subscribers to a memo. Only its author and recipient can do this. If the memo is sent,
    /// new subscribers are notified, and it is unread for them. Repeating it changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_memo_subscribers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The people and the memo.")] input: AddMemoSubscribersInput,
    ) -> ApiResult<Payload<MemoSubscribersAdded>> {
        respond(input.client_mutation_id, async {
            at_most("userIds", &input.user_ids)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let people = Kind::User.parse_all("userIds", &input.user_ids)?;
            let memo =
                memos::add_subscribers(services(ctx)?, viewer(ctx)?, memo_id, &people).await?;
            Ok(MemoSubscribersAdded { memo: Some(Memo::from(memo)) })
        })
        .await
    }

    /// Removes subscribers from a memo. Only its author and recipient can do this; subscribers can
    /// remove themselves. Repeating it changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn remove_memo_subscribers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The people and the memo.")] input: RemoveMemoSubscribersInput,
    ) -> ApiResult<Payload<MemoSubscribersRemoved>> {
        respond(input.client_mutation_id, async {
            at_most("userIds", &input.user_ids)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let people = Kind::User.parse_all("userIds", &input.user_ids)?;
            let memo =
                memos::remove_subscribers(services(ctx)?, viewer(ctx)?, memo_id, &people).await?;
            Ok(MemoSubscribersRemoved { memo: memo.map(Memo::from) })
        })
        .await
    }
}
