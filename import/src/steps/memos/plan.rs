//! Decides what is written of a portion.

use super::portion::{Portion, of};
use crate::{
    Result,
    convert::{
        Converted, hash_of,
        memo::{ConvertedMemo, MemoIds, convert, without_counters},
    },
    known::{Fate, count, fate, note},
    report::{Oddity, Tally},
    source::schema::{
        FILES, MEMO_NOTIFIED, MEMO_SUBSCRIBERS, MEMO_TAGS, MEMOS, MESSAGE_TO, MESSAGE_UNREAD,
        MESSAGES, REMINDERS,
    },
    staging::{LogRow, MemoRow},
    steps::{Context, Links},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    comment, file, imported_row, memo, memo_file, memo_subscriber, memo_tag, project_file,
    reminder, task_file, unread_mark,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use service::database::lock::LockRows;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a portion writes, in the order in which it is written.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) memos: Vec<memo::Model>,
    /// Memos that have changed there, with their versions here.
    pub(super) changed: Vec<memo::Model>,
    pub(super) subscribers: Vec<memo_subscriber::Model>,
    pub(super) tags: Vec<memo_tag::Model>,
    pub(super) files: Vec<file::Model>,
    pub(super) memo_files: Vec<memo_file::Model>,
    pub(super) task_files: Vec<task_file::Model>,
    pub(super) project_files: Vec<project_file::Model>,
    pub(super) comments: Vec<comment::Model>,
    pub(super) changed_comments: Vec<(Uuid, String)>,
    pub(super) reminders: Vec<reminder::Model>,
    pub(super) changed_reminders: Vec<reminder::Model>,
    pub(super) unread: Vec<unread_mark::Model>,
    pub(super) notes: Vec<imported_row::Model>,
    pub(super) tally: Tally,
}

/// A memo to which belongings are added.
pub(super) struct Target<'a> {
    pub(super) row: &'a MemoRow,
    pub(super) memo: memo::Model,
    /// Author, recipient and subscribers.
    pub(super) people: HashSet<Uuid>,
}

/// Our rows of what was imported before, as they are now.
#[derive(Default)]
pub(super) struct Here {
    pub(super) memos: HashMap<Uuid, memo::Model>,
    pub(super) files: HashSet<Uuid>,
    pub(super) comments: HashMap<Uuid, comment::Model>,
    pub(super) reminders: HashMap<Uuid, reminder::Model>,
}

impl Plan {
    /// Decides. In a transaction, nobody changes the known memos until it ends.
    pub(super) async fn make<C: ConnectionTrait>(
        context: &Context<'_>,
        connection: &C,
        portion: &Portion,
    ) -> Result<Self> {
        let here = Here::read(connection, portion, context.options.dry_run).await?;
        let mut plan = Self::default();
        for row in &portion.memos {
            match plan.add_memo(context, portion, &here, row) {
                Some(target) => {
                    plan.add_files(context, portion, &here, &target);
                    plan.add_discussion(context, portion, &here, &target);
                    plan.add_reminders(context, portion, &here, &target);
                }
                None => plan.count_stayed(portion, row.id),
            }
        }
        Ok(plan)
    }

    /// The memo, and the links of which its row consists. `None` if it was deleted here.
    fn add_memo<'a>(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        here: &Here,
        row: &'a MemoRow,
    ) -> Option<Target<'a>> {
        let known = portion.known_memos.get(&row.id);
        let ours = known.and_then(|known| here.memos.get(&known.our_id));
        let ids = self.references(context, row);
        let log: Vec<&LogRow> = of(&portion.log, row.id).iter().collect();
        let now = known.map_or(context.now, |known| known.imported_at);
        let id = |at| known.map_or_else(|| context.id_of(MEMOS, row.id, at), |known| known.our_id);
        let Converted { row: converted, oddities } = convert(row, &ids, &log, id, now);
        for (oddity, detail) in oddities {
            self.tally.note(oddity, MEMOS, row.id, detail.as_deref());
        }
        let ConvertedMemo { memo, rest, inferred } = converted;
        for guess in &inferred {
            self.tally.infer(guess);
        }
        let hash = hash_of(&without_counters(&memo));
        let links = Links {
            people: of(&portion.subscribers, row.id).to_vec(),
            others: of(&portion.tags, row.id).to_vec(),
        };
        let inferred = Some(inferred.join(", ")).filter(|guesses| !guesses.is_empty());
        let new_note = |known: imported_row::Model| imported_row::Model {
            row_hash: hash.clone(),
            links: links.written(),
            inferred: inferred.clone(),
            ..known
        };
        let Some(known) = known else {
            self.tally.of(MEMOS).made += 1;
            let new = note(context.source(), MEMOS, row.id, memo.id, hash.clone(), context.now);
            self.notes.push(new_note(new));
            self.memos.push(memo.clone());
            self.add_rest(context, row, &memo, rest);
            return Some(self.add_links(context, portion, row, memo, &links, &Links::default()));
        };
        let ours_hash = ours.map(|ours| hash_of(&without_counters(ours)));
        let fate = fate(known, &hash, ours_hash.as_deref());
        count(&mut self.tally, MEMOS, row.id, known, fate);
        let ours = ours?;
        let before = Links::read(known.links.as_deref());
        match fate {
            Fate::Change => {
                self.notes.push(new_note(known.clone()));
                self.changed.push(memo::Model { version: ours.version + 1, ..memo.clone() });
            }
            _ if before != links => {
                let links = links.written();
                self.notes.push(imported_row::Model { links, ..known.clone() });
            }
            _ => {}
        }
        let current = if fate == Fate::Change { memo } else { ours.clone() };
        Some(self.add_links(context, portion, row, current, &links, &before))
    }

    /// What the memo's row refers to. What is not there is left out.
    fn references(&mut self, context: &Context<'_>, row: &MemoRow) -> MemoIds {
        let ids = &context.ids;
        for (person, oddity) in [(row.owner_id, Oddity::NoAuthor), (row.to_id, Oddity::NoRecipient)]
        {
            let is_placeholder = ids.person(person).is_none_or(|id| Some(id) == ids.unknown);
            if is_placeholder {
                let detail = person.map(|id| format!("auth_user {id}"));
                self.tally.note(oddity, MEMOS, row.id, detail.as_deref());
            }
        }
        let mut found = |given: Option<i64>, known: &HashMap<i64, Uuid>, table: &str| {
            let id = given?;
            let found = known.get(&id).copied();
            if found.is_none() {
                let detail = format!("{table} {id}");
                self.tally.note(Oddity::DanglingReference, MEMOS, row.id, Some(&detail));
            }
            found
        };
        MemoIds {
            author_id: ids.person_or_unknown(row.owner_id),
            recipient_id: ids.person_or_unknown(row.to_id),
            deal_id: found(row.deal_id, &ids.deals, "crm_deal"),
            task_id: found(row.task_id, &ids.tasks, "tasks_task"),
            project_id: found(row.project_id, &ids.projects, "tasks_project"),
            resolution_id: found(row.resolution_id, &ids.resolutions, "tasks_resolution"),
        }
    }

    /// What of a long text is not in the description: comments of the author.
    fn add_rest(
        &mut self,
        context: &Context<'_>,
        row: &MemoRow,
        memo: &memo::Model,
        rest: Vec<String>,
    ) {
        let bodies = rest
            .iter()
            .flat_map(|text| crate::convert::text::parts(text, service::text::MAX_COMMENT));
        for (n, body) in (1_usize..).zip(bodies.filter(|body| !body.trim().is_empty())) {
            let created_at = later(memo.created_at, n);
            self.comments.push(comment::Model {
                id: crate::convert::id_of(context.source(), MEMOS, row.id, n, created_at),
                memo_id: memo.id,
                author_id: memo.author_id,
                body: body.to_owned(),
                created_at,
                edited_at: None,
            });
        }
    }

    /// Subscribers and tags that were not imported before.
    fn add_links<'a>(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        row: &'a MemoRow,
        memo: memo::Model,
        links: &Links,
        before: &Links,
    ) -> Target<'a> {
        let created_at = memo.sent_at.unwrap_or(memo.created_at);
        let mut people: HashSet<Uuid> = [memo.author_id, memo.recipient_id].into();
        for person in &links.people {
            let id = || format!("{}/{person}", row.id);
            let Some(user_id) = context.ids.person(Some(*person)) else {
                self.tally.leave_out(Oddity::Dangling, MEMO_SUBSCRIBERS, id());
                continue;
            };
            if user_id == memo.author_id || user_id == memo.recipient_id {
                self.tally.leave_out(Oddity::SeesAnyway, MEMO_SUBSCRIBERS, id());
                continue;
            }
            let is_new = people.insert(user_id);
            if before.people.contains(person) {
                self.tally.of(MEMO_SUBSCRIBERS).unchanged += 1;
            } else if is_new {
                self.tally.of(MEMO_SUBSCRIBERS).made += 1;
                let memo_id = memo.id;
                self.subscribers.push(memo_subscriber::Model { memo_id, user_id, created_at });
            } else {
                self.tally.of(MEMO_SUBSCRIBERS).merged += 1;
            }
        }
        let mut tags = HashSet::new();
        for tag in &links.others {
            let Some(tag_id) = context.ids.tags.get(tag).copied() else {
                self.tally.leave_out(Oddity::Dangling, MEMO_TAGS, format!("{}/{tag}", row.id));
                continue;
            };
            if before.others.contains(tag) {
                self.tally.of(MEMO_TAGS).unchanged += 1;
                tags.insert(tag_id);
            } else if tags.insert(tag_id) {
                self.tally.of(MEMO_TAGS).made += 1;
                self.tags.push(memo_tag::Model { memo_id: memo.id, tag_id });
            } else {
                self.tally.of(MEMO_TAGS).merged += 1;
            }
        }
        let gone = |before: &[i64], now: &[i64]| -> Vec<i64> {
            before.iter().filter(|id| !now.contains(id)).copied().collect()
        };
        for person in gone(&before.people, &links.people) {
            let id = format!("{}/{person}", row.id);
            self.tally.note(Oddity::LinkGoneThere, MEMO_SUBSCRIBERS, id, None);
        }
        for tag in gone(&before.others, &links.others) {
            let id = format!("{}/{tag}", row.id);
            self.tally.note(Oddity::LinkGoneThere, MEMO_TAGS, id, None);
        }
        for person in of(&portion.notified, row.id) {
            if links.people.contains(person) {
                self.tally.of(MEMO_NOTIFIED).merged += 1;
            } else {
                let id = format!("{}/{person}", row.id);
                self.tally.leave_out(Oddity::NotifiedOnly, MEMO_NOTIFIED, id);
            }
        }
        Target { row, memo, people }
    }

    /// Counts all that belongs to a memo that was deleted here.
    fn count_stayed(&mut self, portion: &Portion, memo: i64) {
        let messages = of(&portion.messages, memo);
        let of_messages = |links: &HashMap<i64, Vec<i64>>| -> usize {
            messages.iter().map(|message| of(links, message.id).len()).sum()
        };
        self.count_work_files_of_deleted(portion, memo);
        for (table, count) in [
            (MEMO_SUBSCRIBERS, of(&portion.subscribers, memo).len()),
            (MEMO_NOTIFIED, of(&portion.notified, memo).len()),
            (MEMO_TAGS, of(&portion.tags, memo).len()),
            (FILES, of(&portion.files, memo).len()),
            (REMINDERS, of(&portion.reminders, memo).len()),
            (MESSAGES, messages.len()),
            (MESSAGE_TO, of_messages(&portion.to)),
            (MESSAGE_UNREAD, of_messages(&portion.unread)),
        ] {
            self.tally.of(table).stayed += u64::try_from(count).unwrap_or_default();
        }
    }
}

/// The moment, so many milliseconds later. It keeps the order of the parts of one text.
pub(super) fn later(moment: DateTime<Utc>, n: usize) -> DateTime<Utc> {
    moment + TimeDelta::milliseconds(i64::try_from(n).unwrap_or_default())
}

impl Here {
    async fn read<C: ConnectionTrait>(
        connection: &C,
        portion: &Portion,
        only_look: bool,
    ) -> Result<Self> {
        let mut here = Self::default();
        let ours = |known: &HashMap<i64, imported_row::Model>| -> Vec<Uuid> {
            known.values().map(|known| known.our_id).collect()
        };
        let ids = ours(&portion.known_memos);
        if ids.is_empty() {
            return Ok(here);
        }
        let mut memos =
            memo::Entity::find().filter(memo::Column::Id.is_in(ids)).order_by_asc(memo::Column::Id);
        if !only_look {
            memos = memos.lock_rows();
        }
        for memo in memos.all(connection).await? {
            here.memos.insert(memo.id, memo);
        }
        for ids in ours(&portion.known_files).chunks(1_000) {
            let files = file::Entity::find().filter(file::Column::Id.is_in(ids.iter().copied()));
            here.files.extend(files.all(connection).await?.iter().map(|file| file.id));
        }
        for ids in ours(&portion.known_messages).chunks(1_000) {
            let comments = comment::Entity::find();
            let comments = comments.filter(comment::Column::Id.is_in(ids.iter().copied()));
            let comments = comments.all(connection).await?.into_iter();
            here.comments.extend(comments.map(|comment| (comment.id, comment)));
        }
        for ids in ours(&portion.known_reminders).chunks(1_000) {
            let reminders = reminder::Entity::find();
            let reminders = reminders.filter(reminder::Column::Id.is_in(ids.iter().copied()));
            let reminders = reminders.all(connection).await?.into_iter();
            here.reminders.extend(reminders.map(|reminder| (reminder.id, reminder)));
        }
        Ok(here)
    }
}
