//! Mutations: one folder per capability, one file per group of verbs. A file has its inputs, codes,
//! payloads and resolvers together.

mod accounts;
mod catalogue;
mod deletion;
mod discussion;
mod files;
mod idempotency;
mod input;
mod memos;
mod notifications;
mod people;
mod respond;
mod user_error;
mod work;

pub use accounts::THROTTLED_FIELDS;
pub use idempotency::{HEADER as IDEMPOTENCY_HEADER, KeyInHeader};
pub use user_error::{Descriptions, UserError};

use async_graphql::MergedObject;

/// The cost, in simple fields, of a mutation that may change 1,000 memos.
const COST_OF_MANY: usize = 1_000;

/// Everything that can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(
    deletion::DeletionMutation,
    memos::StageMutation,
    work::WorkMutation,
    memos::MemosMutation,
    discussion::DiscussionMutation,
    catalogue::CatalogueMutation,
    people::PeopleMutation,
    files::FilesMutation,
    notifications::NotificationsMutation,
    accounts::AccountsMutation,
);
