//! Tasks and projects. The two are twins: a verb's input, refusals and payload are written once, as
//! a macro, and its two resolvers below.

pub(super) mod create;
mod input;
pub(super) mod transfer;
pub(super) mod update;

use async_graphql::MergedObject;

/// Tasks and projects.
#[derive(MergedObject, Default)]
pub struct WorkMutation(create::CreateWork, update::UpdateWork, transfer::TransferFiles);
