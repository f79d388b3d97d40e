//! Decides what is written of a portion.

use super::{
    here::Here,
    portion::{Portion, of},
};
use crate::{
    Result,
    convert::{
        Converted, hash_of,
        memo::{ConvertedMemo, MemoIds, convert, without_counters},
    },
    known::{Fate, count, fate, note},
    oddity::Oddity,
    report::Tally,
    source::schema::MEMOS,
    staging::{LogRow, MemoRow},
    steps::{Context, Links},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    comment, file, imported_row, memo, memo_file, memo_subscriber, memo_tag, project_file,
    reminder, task_file, unread_mark,
};
use sea_orm::ConnectionTrait;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a portion writes.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) memos: Vec<memo::Model>,
    /// What belongs to them.
    pub(super) of_new: Belongings,
    /// Memos that have changed there, with their versions here.
    pub(super) changed: Vec<memo::Model>,
    /// What is new about memos that were imported before.
    pub(super) of_known: Belongings,
    pub(super) files: Vec<file::Model>,
    pub(super) task_files: Vec<task_file::Model>,
    pub(super) project_files: Vec<project_file::Model>,
    pub(super) changed_comments: Vec<(Uuid, String)>,
    pub(super) changed_reminders: Vec<reminder::Model>,
    pub(super) notes: Vec<imported_row::Model>,
    pub(super) tally: Tally,
}

/// What belongs to memos.
#[derive(Default)]
pub(super) struct Belongings {
    pub(super) subscribers: Vec<memo_subscriber::Model>,
    pub(super) tags: Vec<memo_tag::Model>,
    pub(super) files: Vec<memo_file::Model>,
    pub(super) comments: Vec<comment::Model>,
    pub(super) reminders: Vec<reminder::Model>,
    pub(super) unread: Vec<unread_mark::Model>,
}

/// A memo to which belongings are added.
pub(super) struct Target<'a> {
    pub(super) row: &'a MemoRow,
    pub(super) memo: memo::Model,
    pub(super) is_new: bool,
    /// Author, recipient and subscribers.
    pub(super) people: HashSet<Uuid>,
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

    /// To what the belongings of a memo are added.
    pub(super) fn belongings(&mut self, is_new: bool) -> &mut Belongings {
        if is_new { &mut self.of_new } else { &mut self.of_known }
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
            self.add_rest(context, row, &memo, &rest);
            return Some(self.add_links(context, portion, (row, memo), &links, None));
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
        Some(self.add_links(context, portion, (row, current), &links, Some(&before)))
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
        rest: &[String],
    ) {
        let bodies = rest
            .iter()
            .flat_map(|text| crate::convert::text::parts(text, service::text::MAX_COMMENT));
        for (n, body) in (1_usize..).zip(bodies.filter(|body| !body.trim().is_empty())) {
            let created_at = later(memo.created_at, n);
            self.of_new.comments.push(comment::Model {
                id: crate::convert::id_of(context.source(), MEMOS, row.id, n, created_at),
                memo_id: memo.id,
                author_id: memo.author_id,
                body: body.to_owned(),
                created_at,
                edited_at: None,
            });
        }
    }
}

/// The moment, so many milliseconds later. It keeps the order of the parts of one text.
pub(super) fn later(moment: DateTime<Utc>, n: usize) -> DateTime<Utc> {
    moment + TimeDelta::milliseconds(i64::try_from(n).unwrap_or_default())
}
