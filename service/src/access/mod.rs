//! Who sees what. Each rule is written only here, and twice: as a pure function of facts, and as a
//! SQL condition. Statements use the condition to find what a person sees.
//!
//! - A **memo**: its author; after it is sent, also recipient, subscribers and chiefs.
//!   [`MemoAccess::is_visible`]; [`visible_memos`], [`sees_memo`], [`IndexRange`].
//! - A memo's **conclusion**: its author and its recipient. [`MemoAccess::reads_conclusion`];
//!   [`reads_conclusion`].
//! - The **record** of a deletion, and what remains of a deleted memo: the memo's author; if it was
//!   sent, also its recipient; administrators, without content. [`RecordAccess::sight`];
//!   [`visible_records`].
//! - An **event**: everybody who saw the memo when it happened. [`sees_event`].
//! - A **notification**: its recipient. It shows as much of its memo as they see now.
//!   [`NotificationAccess`]; [`sees_subject`], for mails.
//! - A **task** or a **project**: its people, its creator, chiefs. [`WorkAccess::is_visible`];
//!   [`visible_tasks`], [`visible_projects`], [`sees_work`].
//! - A **file**: everybody who sees a memo, task or project that contains it; its uploader, while
//!   nothing contains it. [`FileAccess::is_visible`]; [`visible_files`].
//! - A **hold**, a **refused attempt**, and the record of memos that were passed on or of an erased
//!   person: administrators. [`for_administrators`], and the lists.
//!
//! Everybody who sees a memo sees its comments; a reminder is visible to its owner only. A draft
//! exists for its author alone, and so do its events, records and refused attempts. Inactive people
//! see nothing, because nobody can sign in as them.
//!
//! `tests/e2e/visibility/` compares the function, the condition and every entry point of the API.

mod administration;
mod event;
mod file;
mod memo;
mod notification;
mod range;
mod record;
mod work;

pub use administration::for_administrators;
pub use event::sees_event;
pub use file::{FileAccess, visible_files};
pub use memo::{
    MemoAccess, MemoState, reads_conclusion, sees_memo, visible_memo_ids, visible_memos,
};
pub use notification::{NotificationAccess, sees_subject};
pub use range::IndexRange;
pub use record::{RecordAccess, RecordSight, record_roles, visible_records};
pub use work::{WorkAccess, sees_work, visible_projects, visible_tasks};

/// The condition that a row of `users` belongs to a chief.
pub fn is_chief(user: &str) -> String {
    format!("{user}.role = 'CHIEF'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Viewer, database::snapshot::assert_statement};
    use entity::{UserRole, file, memo, memo_deletion};
    use sea_orm::{EntityTrait, QueryFilter, QuerySelect, QueryTrait};
    use uuid::Uuid;

    #[test]
    fn statements_are_the_committed_ones() {
        for (name, role) in
            [("member", UserRole::Member), ("chief", UserRole::Chief), ("admin", UserRole::Admin)]
        {
            let viewer = Viewer { id: Uuid::nil(), role };
            assert_statement(&format!("visible_memos.{name}"), |backend| {
                let ids = memo::Entity::find().select_only().column(memo::Column::Id);
                ids.filter(visible_memos(viewer)).build(backend)
            });
            assert_statement(&format!("visible_records.{name}"), |backend| {
                let ids = memo_deletion::Entity::find().select_only();
                let ids = ids.column(memo_deletion::Column::Id);
                ids.filter(visible_records(viewer)).build(backend)
            });
            assert_statement(&format!("visible_files.{name}"), |backend| {
                let ids = file::Entity::find().select_only().column(file::Column::Id);
                ids.filter(visible_files(viewer)).build(backend)
            });
        }
    }
}
