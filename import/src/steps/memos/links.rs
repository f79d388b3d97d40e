//! Subscribers and tags of memos, and what is counted of memos that were deleted here.

use super::{
    plan::{Plan, Target},
    portion::{Portion, of},
};
use crate::{
    oddity::Oddity,
    source::schema::{
        FILES, MEMO_NOTIFIED, MEMO_SUBSCRIBERS, MEMO_TAGS, MESSAGE_TO, MESSAGE_UNREAD, MESSAGES,
        REMINDERS,
    },
    staging::MemoRow,
    steps::{Context, Links},
};
use entity::{memo, memo_subscriber, memo_tag};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

impl Plan {
    /// Subscribers and tags that were not imported before. A new memo has no links of before.
    pub(super) fn add_links<'a>(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        (row, memo): (&'a MemoRow, memo::Model),
        links: &Links,
        before: Option<&Links>,
    ) -> Target<'a> {
        let is_new = before.is_none();
        let before = before.cloned().unwrap_or_default();
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
            let is_first = people.insert(user_id);
            if before.people.contains(person) {
                self.tally.of(MEMO_SUBSCRIBERS).unchanged += 1;
            } else if is_first {
                self.tally.of(MEMO_SUBSCRIBERS).made += 1;
                let memo_id = memo.id;
                let link = memo_subscriber::Model { memo_id, user_id, created_at };
                self.belongings(is_new).subscribers.push(link);
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
                let link = memo_tag::Model { memo_id: memo.id, tag_id };
                self.belongings(is_new).tags.push(link);
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
        Target { row, memo, is_new, people }
    }

    /// Counts all that belongs to a memo that was deleted here.
    pub(super) fn count_stayed(&mut self, portion: &Portion, memo: i64) {
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
