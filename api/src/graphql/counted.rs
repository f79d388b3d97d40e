//! The number of items in a list, which each connection has as `totalCount`.

use super::{error::ApiResult, guard::viewer, loaders::services};
use async_graphql::{Context, Object};
use entity::{project, resolution, tag, task};
use service::{
    catalogue, discussion, holds, memo_deletion, memos, notifications, people, person_erasure,
    reassignment, work,
};

/// The cost, in simple fields, of counting a list: the database reads every row of it. The
/// connection's own fields are multiplied by the page's length, which is at least 1.
const COST_OF_COUNT: usize = 50;

/// A list with its filter.
pub enum Counted {
    /// The comments of a memo, which has their number.
    Comments(i64),
    /// Deals.
    Deals(catalogue::DealFilter),
    /// Deletion records.
    MemoDeletions(memo_deletion::RecordFilter),
    /// Holds.
    MemoHolds(holds::HoldFilter),
    /// Records of memos that were passed on.
    MemoReassignments,
    /// The memos of a box.
    Memos(memos::MemoBox, Box<memos::MemoFilter>),
    /// The viewer's notifications.
    Notifications(notifications::NotificationFilter),
    /// Records of erased people.
    PersonErasures,
    /// Projects.
    Projects(work::WorkFilter),
    /// Refused attempts to delete a memo.
    RefusedMemoDeletions,
    /// The viewer's reminders, with or without dismissed ones.
    Reminders(bool),
    /// Resolutions whose name contains a text.
    Resolutions(Option<String>),
    /// Tags whose name contains a text.
    Tags(Option<String>),
    /// Tasks.
    Tasks(work::WorkFilter),
    /// People.
    Users(people::PeopleFilter),
}

/// The additional field of connections.
#[Object]
impl Counted {
    /// The number of items in the whole list.
    #[graphql(complexity = "COST_OF_COUNT")]
    async fn total_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        let (services, viewer) = (services(ctx)?, viewer(ctx)?);
        Ok(match self {
            Self::Comments(count) => u64::try_from(*count).unwrap_or_default(),
            Self::Deals(filter) => catalogue::count_deals(services, filter).await?,
            Self::MemoDeletions(filter) => {
                memo_deletion::count_records(services, viewer, filter).await?
            }
            Self::MemoHolds(filter) => holds::count(services, filter).await?,
            Self::MemoReassignments => reassignment::count(services).await?,
            Self::Memos(memo_box, filter) => {
                memos::count(services, viewer, *memo_box, filter).await?
            }
            Self::Notifications(filter) => notifications::count(services, viewer, filter).await?,
            Self::PersonErasures => person_erasure::count(services).await?,
            Self::Projects(filter) => {
                work::count::<project::Entity>(services, viewer, filter).await?
            }
            Self::RefusedMemoDeletions => memo_deletion::count_refusals(services).await?,
            Self::Reminders(dismissed_too) => {
                discussion::count_reminders(services, viewer, *dismissed_too).await?
            }
            Self::Resolutions(text) => {
                catalogue::count_named::<resolution::Entity>(services, text.as_deref()).await?
            }
            Self::Tags(text) => {
                catalogue::count_named::<tag::Entity>(services, text.as_deref()).await?
            }
            Self::Tasks(filter) => work::count::<task::Entity>(services, viewer, filter).await?,
            Self::Users(filter) => people::count(services, filter).await?,
        })
    }
}
