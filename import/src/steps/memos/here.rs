//! Our rows of what was imported before, as they are now.

use super::portion::Portion;
use crate::{Result, pieces::pieces};
use entity::{comment, file, imported_row, memo, reminder};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use service::database::lock::LockRows;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Our rows of what was imported before, as they are now.
#[derive(Default)]
pub(super) struct Here {
    pub(super) memos: HashMap<Uuid, memo::Model>,
    pub(super) files: HashSet<Uuid>,
    pub(super) comments: HashMap<Uuid, comment::Model>,
    pub(super) reminders: HashMap<Uuid, reminder::Model>,
}

impl Here {
    /// Reads them. In a transaction, nobody changes the memos until it ends.
    pub(super) async fn read<C: ConnectionTrait>(
        connection: &C,
        portion: &Portion,
        only_look: bool,
    ) -> Result<Self> {
        let mut here = Self::default();
        let ours = |known: &HashMap<i64, imported_row::Model>| -> Vec<Uuid> {
            known.values().map(|known| known.our_id).collect()
        };
        let mut ids = ours(&portion.known_memos);
        ids.sort_unstable();
        for ids in pieces(&ids) {
            let mut memos = memo::Entity::find()
                .filter(memo::Column::Id.is_in(ids.iter().copied()))
                .order_by_asc(memo::Column::Id);
            if !only_look {
                memos = memos.lock_rows();
            }
            for memo in memos.all(connection).await? {
                here.memos.insert(memo.id, memo);
            }
        }
        for ids in pieces(&ours(&portion.known_files)) {
            let files = file::Entity::find().filter(file::Column::Id.is_in(ids.iter().copied()));
            here.files.extend(files.all(connection).await?.iter().map(|file| file.id));
        }
        for ids in pieces(&ours(&portion.known_messages)) {
            let comments = comment::Entity::find();
            let comments = comments.filter(comment::Column::Id.is_in(ids.iter().copied()));
            let comments = comments.all(connection).await?.into_iter();
            here.comments.extend(comments.map(|comment| (comment.id, comment)));
        }
        for ids in pieces(&ours(&portion.known_reminders)) {
            let reminders = reminder::Entity::find();
            let reminders = reminders.filter(reminder::Column::Id.is_in(ids.iter().copied()));
            let reminders = reminders.all(connection).await?.into_iter();
            here.reminders.extend(reminders.map(|reminder| (reminder.id, reminder)));
        }
        Ok(here)
    }
}
