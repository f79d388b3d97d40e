//! Queries, one file per field or pair of fields.

mod catalogue;
mod deals;
mod mail_preferences;
mod memo;
mod memo_deletion_preview;
mod memo_deletions;
mod memo_erasure_preview;
mod memo_holds;
mod memo_reassignments;
mod memos;
mod memos_deletion_preview;
mod node;
mod notifications;
mod person_erasures;
mod personal_data;
mod projects;
mod refused_memo_deletions;
mod reminders;
mod resolutions;
mod server;
mod tags;
mod tasks;
mod unread_memo_count;
mod users;
mod viewer;
mod work;

use async_graphql::MergedObject;

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    viewer::ViewerQuery,
    server::ServerQuery,
    node::NodeQuery,
    memo::MemoQuery,
    memos::MemosQuery,
    memo_deletion_preview::PreviewQuery,
    memos_deletion_preview::SelectionPreviewQuery,
    memo_deletions::DeletionsQuery,
    memo_erasure_preview::ErasurePreviewQuery,
    refused_memo_deletions::RefusedQuery,
    memo_holds::HoldsQuery,
    memo_reassignments::ReassignmentsQuery,
    person_erasures::PersonErasuresQuery,
    personal_data::PersonalDataQuery,
    notifications::NotificationsQuery,
    reminders::RemindersQuery,
    tasks::TasksQuery,
    projects::ProjectsQuery,
    unread_memo_count::UnreadMemoCountQuery,
    tags::TagsQuery,
    resolutions::ResolutionsQuery,
    deals::DealsQuery,
    users::UsersQuery,
    mail_preferences::MailPreferencesQuery,
);
