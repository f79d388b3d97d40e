//! Tasks and projects. The two work alike: a macro declares a verb's input, errors and payload
//! once, and its two resolvers follow.

pub(super) mod create;
mod input;
pub(super) mod transfer;
pub(super) mod update;

use async_graphql::MergedObject;

/// Tasks and projects.
#[derive(MergedObject, Default)]
pub struct WorkMutation(create::CreateWork, update::UpdateWork, transfer::TransferFiles);
