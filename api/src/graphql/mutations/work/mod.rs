//! Tasks and projects. The two are twins: a verb's input, refusals and payload are written once, as a macro, and its two resolvers below.

mod answer;
mod complete_work;
mod create_work;
mod create_work_from_memo;
mod delete_work;
mod parts;
mod transfer_files;
mod update_work;

use async_graphql::MergedObject;

/// Tasks and projects.
#[derive(MergedObject, Default)]
pub struct WorkMutation(
    create_work::CreateWork,
    create_work_from_memo::CreateWorkFromMemo,
    update_work::UpdateWork,
    complete_work::CompleteWork,
    delete_work::DeleteWork,
    transfer_files::TransferFiles,
);
