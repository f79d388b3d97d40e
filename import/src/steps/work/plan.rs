//! Decides what becomes of tasks and projects.

use super::{Context, Links, Portion, Tables};
use crate::{
    Result,
    convert::{
        Converted, hash_of,
        moments::created_and_updated,
        work::{WorkIds, members, work},
    },
    known::{Fate, count, fate, note},
    oddity::Oddity,
    report::Tally,
    source::schema::MEMOS,
    staging::{LinkRow, WorkSourceRow},
};
use entity::imported_row;
use sea_orm::{ColumnTrait, QueryFilter};
use service::work::{WorkKind, WorkRow};
use std::collections::HashMap;
use uuid::Uuid;

/// What a portion writes.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) made: Vec<WorkRow>,
    pub(super) changed: Vec<WorkRow>,
    pub(super) members: Vec<(Uuid, Uuid, entity::WorkRole)>,
    pub(super) notes: Vec<imported_row::Model>,
    pub(super) tally: Tally,
    /// Our ids of those that are here now.
    pub(super) here: Vec<(i64, Uuid)>,
}

/// Decides about a portion.
pub(super) async fn plan<E: WorkKind>(
    context: &Context<'_>,
    tables: &Tables,
    portion: &Portion,
) -> Result<Plan> {
    let connection = context.services.database.connection();
    let ids: Vec<i64> = portion.rows.iter().map(|row| row.id).collect();
    let known = context.known.rows(connection, context.source(), tables.own, &ids).await?;
    let ours: Vec<Uuid> = known.values().map(|known| known.our_id).collect();
    let ours: HashMap<Uuid, WorkRow> = match ours.as_slice() {
        [] => HashMap::new(),
        ours => {
            let rows = E::find().filter(E::COLUMNS.id.is_in(ours.iter().copied()));
            let rows = rows.all(connection).await?.into_iter().map(Into::<WorkRow>::into);
            rows.map(|row| (row.id, row)).collect()
        }
    };
    let memo_ids: Vec<i64> = portion.rows.iter().filter_map(|row| row.memo_id).collect();
    let memos = context.known.rows(connection, context.source(), MEMOS, &memo_ids).await?;
    let memos = memos.into_iter().map(|(id, known)| (id, known.our_id)).collect();
    let mut plan = Plan::default();
    for row in &portion.rows {
        let of_row = |links: &[LinkRow]| -> Vec<i64> {
            links.iter().filter(|link| link.of == row.id).map(|link| link.to).collect()
        };
        let links =
            Links { people: of_row(&portion.responsible), others: of_row(&portion.subscribers) };
        let known = known.get(&row.id);
        let ours = known.and_then(|known| ours.get(&known.our_id));
        plan.add(context, tables, row, &links, known, ours, &memos);
    }
    Ok(plan)
}

impl Plan {
    #[expect(clippy::too_many_arguments, reason = "each is a different thing about the one row")]
    fn add(
        &mut self,
        context: &Context<'_>,
        tables: &Tables,
        row: &WorkSourceRow,
        links: &Links,
        known: Option<&imported_row::Model>,
        ours: Option<&WorkRow>,
        memos: &HashMap<i64, Uuid>,
    ) {
        let now = known.map_or(context.now, |known| known.imported_at);
        let created_at = row.creation_date.unwrap_or(now);
        let id = known
            .map_or_else(|| context.id_of(tables.own, row.id, created_at), |known| known.our_id);
        let owner = self.owner(context, tables, row, links);
        let of_memo = |memo: i64| {
            let (created_at, _) = created_and_updated(row.memo_created, row.memo_updated, now);
            memos.get(&memo).copied().unwrap_or_else(|| context.id_of(MEMOS, memo, created_at))
        };
        let ids = WorkIds { id, created_by: owner, source_memo_id: row.memo_id.map(of_memo) };
        let Converted { row: converted, oddities } = work(row, ids, context.options, now);
        for (oddity, detail) in oddities {
            self.tally.note(oddity, tables.own, row.id, detail.as_deref());
        }
        let hash = hash_of_work(&converted);
        let fate = known.map(|known| fate(known, &hash, ours.map(hash_of_work).as_deref()));
        let known_links =
            known.map(|known| Links::read(known.links.as_deref())).unwrap_or_default();
        match (known, fate) {
            (Some(known), Some(fate)) => count(&mut self.tally, tables.own, row.id, known, fate),
            _ => self.tally.of(tables.own).made += 1,
        }
        if fate == Some(Fate::DeletedHere) {
            for (table, links) in
                [(tables.responsible, &links.people), (tables.subscribers, &links.others)]
            {
                self.tally.of(table).stayed += u64::try_from(links.len()).unwrap_or_default();
            }
            return;
        }
        self.here.push((row.id, id));
        self.add_members(context, tables, (row, id), links, &known_links, known.is_some());
        let written = links.written();
        match (known, fate) {
            (Some(known), Some(Fate::Change)) => {
                let links = written;
                let changed = imported_row::Model { row_hash: hash, links, ..known.clone() };
                self.notes.push(changed);
                self.changed.push(converted);
            }
            (Some(known), _) if known_links != *links => {
                self.notes.push(imported_row::Model { links: written, ..known.clone() });
            }
            (Some(_), _) => {}
            (None, _) => {
                let new = note(context.source(), tables.own, row.id, id, hash, context.now);
                self.notes.push(imported_row::Model { links: written, ..new });
                self.made.push(converted);
            }
        }
    }

    /// The owner, or somebody else who can stand for them.
    fn owner(
        &mut self,
        context: &Context<'_>,
        tables: &Tables,
        row: &WorkSourceRow,
        links: &Links,
    ) -> Uuid {
        if let Some(owner) = context.ids.person(row.owner_id) {
            return owner;
        }
        self.tally.note(Oddity::NoOwner, tables.own, row.id, None);
        let responsible = links.people.iter().copied().map(Some);
        let others = [row.co_owner_id].into_iter().chain(responsible);
        let found = others.into_iter().find_map(|person| context.ids.person(person));
        found.unwrap_or_else(|| context.ids.person_or_unknown(None))
    }

    /// Adds the people that were not imported before.
    fn add_members(
        &mut self,
        context: &Context<'_>,
        tables: &Tables,
        (row, id): (&WorkSourceRow, Uuid),
        links: &Links,
        known: &Links,
        was_known: bool,
    ) {
        let mut new = [Vec::new(), Vec::new()];
        let lists = [
            (tables.responsible, &links.people, &known.people),
            (tables.subscribers, &links.others, &known.others),
        ];
        for (to, (table, now, before)) in new.iter_mut().zip(lists) {
            for person in now {
                if before.contains(person) {
                    self.tally.of(table).unchanged += 1;
                } else if let Some(person) = context.ids.person(Some(*person)) {
                    self.tally.of(table).made += 1;
                    to.push(person);
                } else {
                    let id = format!("{}/{person}", row.id);
                    self.tally.leave_out(Oddity::Dangling, table, id);
                }
            }
            for gone in before.iter().filter(|person| !now.contains(person)) {
                let id = format!("{}/{gone}", row.id);
                self.tally.note(Oddity::LinkGoneThere, table, id, None);
            }
        }
        let [responsible, subscribers] = new;
        let co_owner = context.ids.person(row.co_owner_id).filter(|_| !was_known);
        let members = members(&responsible, &subscribers, co_owner);
        self.members.extend(members.into_iter().map(|(person, part)| (id, person, part)));
    }
}

/// The hash of what a later import changes.
fn hash_of_work(row: &WorkRow) -> String {
    hash_of(&(row.id, &row.name, &row.description, row.status, row.due_date))
}
