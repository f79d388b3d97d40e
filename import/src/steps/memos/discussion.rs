//! Comments, unread marks and reminders of memos.

use super::{
    here::Here,
    plan::{Plan, Target, later},
    portion::{Portion, of},
};
use crate::{
    convert::{hash_of, id_of, message::bodies},
    known::note,
    oddity::Oddity,
    source::schema::{MESSAGE_TO, MESSAGE_UNREAD, MESSAGES, REMINDERS},
    staging::{MessageRow, ReminderRow},
    steps::Context,
};
use chrono::{DateTime, Utc};
use entity::{comment, imported_row, reminder, unread_mark};
use std::collections::BTreeMap;
use uuid::Uuid;

impl Plan {
    /// The messages of a memo, and who has not read them.
    pub(super) fn add_discussion(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        here: &Here,
        target: &Target<'_>,
    ) {
        let mut unread: BTreeMap<Uuid, DateTime<Utc>> = BTreeMap::new();
        for message in of(&portion.messages, target.row.id) {
            let to = of(&portion.to, message.id);
            let names: Vec<&str> = to
                .iter()
                .filter_map(|person| context.ids.names.get(person))
                .map(String::as_str)
                .collect();
            let answered = message.answer_to_id.or(message.topic_id);
            let answered = answered.and_then(|id| portion.answered.get(&id)).map(String::as_str);
            let content = message.content.as_deref().unwrap_or_default();
            let texts = bodies(content, answered, &names);
            let known = portion.known_messages.get(&message.id);
            let readers = of(&portion.unread, message.id);
            if texts.is_empty() {
                self.tally.leave_out(Oddity::EmptyMessage, MESSAGES, message.id);
                for _ in to {
                    self.tally.leave_out_quietly(Oddity::EmptyMessage, MESSAGE_TO);
                }
                for _ in readers {
                    self.tally.leave_out_quietly(Oddity::EmptyMessage, MESSAGE_UNREAD);
                }
            } else if let Some(known) = known {
                self.add_known_message(here, message, known, &texts);
                self.tally.of(MESSAGE_TO).unchanged += u64::try_from(to.len()).unwrap_or_default();
                let count = u64::try_from(readers.len()).unwrap_or_default();
                self.tally.of(MESSAGE_UNREAD).unchanged += count;
            } else {
                let at = self.add_message(context, target, message, &texts);
                for person in to {
                    if context.ids.names.contains_key(person) {
                        self.tally.of(MESSAGE_TO).made += 1;
                    } else {
                        let id = format!("{}/{person}", message.id);
                        self.tally.leave_out(Oddity::Dangling, MESSAGE_TO, id);
                    }
                }
                for person in readers {
                    self.add_reader(context, target, message, *person, at, &mut unread);
                }
            }
        }
        let memo_id = target.memo.id;
        let mark = |(user_id, created_at)| unread_mark::Model { memo_id, user_id, created_at };
        self.belongings(target.is_new).unread.extend(unread.into_iter().map(mark));
    }

    fn add_message(
        &mut self,
        context: &Context<'_>,
        target: &Target<'_>,
        message: &MessageRow,
        texts: &[String],
    ) -> DateTime<Utc> {
        let created_at = message.creation_date.unwrap_or(target.memo.created_at);
        if message.creation_date.is_none() {
            self.tally.note(Oddity::NoDate, MESSAGES, message.id, None);
        }
        if context.ids.person(message.owner_id).is_none() {
            self.tally.note(Oddity::NoAuthor, MESSAGES, message.id, None);
        }
        if texts.len() > 1 {
            self.tally.note(Oddity::LongMessage, MESSAGES, message.id, None);
        }
        let author_id = context.ids.person_or_unknown(message.owner_id);
        for (n, body) in texts.iter().enumerate() {
            let created_at = later(created_at, n);
            self.belongings(target.is_new).comments.push(comment::Model {
                id: id_of(context.source(), MESSAGES, message.id, n, created_at),
                memo_id: target.memo.id,
                author_id,
                body: body.clone(),
                created_at,
                edited_at: None,
            });
        }
        self.tally.of(MESSAGES).made += 1;
        let our_id = id_of(context.source(), MESSAGES, message.id, 0, created_at);
        let hash = hash_of(&texts);
        let new = note(context.source(), MESSAGES, message.id, our_id, hash, context.now);
        self.notes.push(new);
        created_at
    }

    /// A message that was imported before. A long one consists of several comments, and stays.
    fn add_known_message(
        &mut self,
        here: &Here,
        message: &MessageRow,
        known: &imported_row::Model,
        texts: &[String],
    ) {
        let hash = hash_of(&texts);
        let ours = here.comments.get(&known.our_id);
        let counts = self.tally.of(MESSAGES);
        match (ours, texts) {
            (None, _) => {
                counts.stayed += 1;
                self.tally.note(Oddity::DeletedHere, MESSAGES, message.id, None);
            }
            _ if known.row_hash == hash => counts.unchanged += 1,
            (Some(ours), [text])
                if hash_of(&[&ours.body]) == known.row_hash && ours.edited_at.is_none() =>
            {
                counts.changed += 1;
                self.changed_comments.push((ours.id, text.clone()));
                self.notes.push(imported_row::Model { row_hash: hash, ..known.clone() });
            }
            (Some(_), _) => {
                counts.stayed += 1;
                self.tally.note(Oddity::ChangedHere, MESSAGES, message.id, None);
            }
        }
    }

    /// Somebody who has not read a message. One mark is enough for all of them.
    fn add_reader(
        &mut self,
        context: &Context<'_>,
        target: &Target<'_>,
        message: &MessageRow,
        person: i64,
        at: DateTime<Utc>,
        unread: &mut BTreeMap<Uuid, DateTime<Utc>>,
    ) {
        let id = || format!("{}/{person}", message.id);
        let Some(user_id) = context.ids.person(Some(person)) else {
            self.tally.leave_out(Oddity::Dangling, MESSAGE_UNREAD, id());
            return;
        };
        if target.memo.draft || !target.people.contains(&user_id) {
            self.tally.leave_out(Oddity::ReadsNot, MESSAGE_UNREAD, id());
            return;
        }
        match unread.entry(user_id) {
            std::collections::btree_map::Entry::Occupied(_) => {
                self.tally.of(MESSAGE_UNREAD).merged += 1;
            }
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(at);
                self.tally.of(MESSAGE_UNREAD).made += 1;
            }
        }
    }

    /// The reminders of a memo.
    pub(super) fn add_reminders(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        here: &Here,
        target: &Target<'_>,
    ) {
        for row in of(&portion.reminders, target.row.id) {
            if row.description.as_deref().is_some_and(|text| !text.trim().is_empty()) {
                let text = row.description.as_deref();
                self.tally.note(Oddity::ReminderText, REMINDERS, row.id, text);
            }
            let Some(user_id) = context.ids.person(row.owner_id) else {
                self.tally.leave_out(Oddity::NoOwnerOfReminder, REMINDERS, row.id);
                continue;
            };
            let sees = target.people.contains(&user_id)
                && (!target.memo.draft || user_id == target.memo.author_id);
            if !sees {
                self.tally.leave_out(Oddity::ReadsNot, REMINDERS, row.id);
                continue;
            }
            let known = portion.known_reminders.get(&row.id);
            let now = known.map_or(context.now, |known| known.imported_at);
            let new = converted(context, target, row, user_id, now);
            // Whether it has fired depends on when it is asked.
            let hash = hash_of(&(new.user_id, new.due_at, new.dismissed_at));
            match known {
                None => {
                    self.tally.of(REMINDERS).made += 1;
                    let source = context.source();
                    self.notes.push(note(source, REMINDERS, row.id, new.id, hash, context.now));
                    self.belongings(target.is_new).reminders.push(new);
                }
                Some(known) => self.add_known_reminder(here, row, known, &new, hash),
            }
        }
    }

    fn add_known_reminder(
        &mut self,
        here: &Here,
        row: &ReminderRow,
        known: &imported_row::Model,
        new: &reminder::Model,
        hash: String,
    ) {
        let counts = self.tally.of(REMINDERS);
        let Some(ours) = here.reminders.get(&known.our_id) else {
            counts.stayed += 1;
            self.tally.note(Oddity::DeletedHere, REMINDERS, row.id, None);
            return;
        };
        if known.row_hash == hash {
            counts.unchanged += 1;
        } else if hash_of(&(ours.user_id, ours.due_at, ours.dismissed_at)) == known.row_hash {
            counts.changed += 1;
            self.changed_reminders.push(reminder::Model { id: ours.id, ..*new });
            self.notes.push(imported_row::Model { row_hash: hash, ..known.clone() });
        } else {
            counts.stayed += 1;
            self.tally.note(Oddity::ChangedHere, REMINDERS, row.id, None);
        }
    }
}

/// A reminder. One that is over does not remind again, because an import notifies nobody.
fn converted(
    context: &Context<'_>,
    target: &Target<'_>,
    row: &ReminderRow,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> reminder::Model {
    let due_at = row.reminder_date;
    let created_at = row.creation_date.unwrap_or(target.memo.created_at);
    // The other system does not say when a reminder was switched off.
    let dismissed_at = (row.active == Some(false)).then_some(due_at);
    reminder::Model {
        id: context.id_of(REMINDERS, row.id, created_at),
        memo_id: target.memo.id,
        user_id,
        due_at,
        dismissed_at,
        fired_at: (due_at <= now).then_some(due_at),
        created_at,
    }
}
