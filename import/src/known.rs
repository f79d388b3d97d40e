//! What earlier imports have made of which rows.

use crate::{Result, pieces::pieces, report::Tally};
use entity::imported_row::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// How many rows a page has.
const PAGE: u64 = 1_000;

/// The tables of which earlier imports have made something. In a first import there is none, and
/// nothing is asked.
#[derive(Debug, Default)]
pub(crate) struct Known {
    tables: BTreeSet<String>,
}

impl Known {
    /// Reads them.
    pub(crate) async fn read<C: ConnectionTrait>(connection: &C, source: &str) -> Result<Self> {
        let tables: Vec<String> = Entity::find()
            .select_only()
            .column(Column::SourceTable)
            .distinct()
            .filter(Column::Source.eq(source))
            .into_tuple()
            .all(connection)
            .await?;
        Ok(Self { tables: tables.into_iter().collect() })
    }

    /// What was made of these rows of a table.
    pub(crate) async fn rows<C: ConnectionTrait>(
        &self,
        connection: &C,
        source: &str,
        table: &'static str,
        ids: &[i64],
    ) -> Result<HashMap<i64, Model>> {
        let mut known = HashMap::new();
        if !self.tables.contains(table) {
            return Ok(known);
        }
        for portion in pieces(ids) {
            let rows = Entity::find()
                .filter(Column::Source.eq(source))
                .filter(Column::SourceTable.eq(table))
                .filter(Column::SourceId.is_in(portion.iter().copied()))
                .all(connection)
                .await?;
            known.extend(rows.into_iter().map(|row| (row.source_id, row)));
        }
        Ok(known)
    }

    /// What was made of rows of a table after an id, in pages.
    pub(crate) async fn page<C: ConnectionTrait>(
        &self,
        connection: &C,
        source: &str,
        table: &'static str,
        after: Option<i64>,
    ) -> Result<Vec<Model>> {
        if !self.tables.contains(table) {
            return Ok(Vec::new());
        }
        let mut query = Entity::find()
            .filter(Column::Source.eq(source))
            .filter(Column::SourceTable.eq(table))
            .order_by_asc(Column::SourceId)
            .limit(PAGE);
        if let Some(after) = after {
            query = query.filter(Column::SourceId.gt(after));
        }
        Ok(query.all(connection).await?)
    }
}

/// Notes what was made of rows, or what it is now.
pub(crate) async fn remember(transaction: &DatabaseTransaction, rows: &[Model]) -> Result<()> {
    let replace = OnConflict::columns([Column::Source, Column::SourceTable, Column::SourceId])
        .update_columns([
            Column::OurId,
            Column::RowHash,
            Column::Merged,
            Column::Inferred,
            Column::Links,
        ])
        .to_owned();
    for portion in pieces(rows) {
        let models = portion.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(models)
            .on_conflict(replace.clone())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// What a second import does with a row that was imported before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is as it was.
    Unchanged,
    /// It has changed there, and is as it was imported here: it changes here too.
    Change,
    /// It has changed there and here: it stays.
    ChangedHere,
    /// What was made of it is gone.
    DeletedHere,
}

/// Decides what happens to a row that was imported before. `new` is the hash of what would be made
/// of it now, and `ours` that of our row, if it is there.
pub(crate) fn fate(known: &Model, new: &str, ours: Option<&str>) -> Fate {
    match ours {
        None => Fate::DeletedHere,
        _ if known.row_hash == new => Fate::Unchanged,
        // The last import has changed it here, but was interrupted before it was noted, or somebody
        // has done the same here.
        Some(ours) if ours == new => Fate::Unchanged,
        Some(ours) if !known.merged && ours == known.row_hash => Fate::Change,
        Some(_) => Fate::ChangedHere,
    }
}

/// Counts the fate of a row.
pub(crate) fn count(tally: &mut Tally, table: &'static str, id: i64, known: &Model, fate: Fate) {
    use crate::oddity::Oddity;
    let counts = tally.of(table);
    match fate {
        Fate::Unchanged if known.merged => counts.merged += 1,
        Fate::Unchanged => counts.unchanged += 1,
        Fate::Change => counts.changed += 1,
        Fate::ChangedHere if known.merged => counts.merged += 1,
        Fate::ChangedHere => {
            counts.stayed += 1;
            tally.note(Oddity::ChangedHere, table, id, None);
        }
        Fate::DeletedHere => {
            counts.stayed += 1;
            tally.note(Oddity::DeletedHere, table, id, None);
        }
    }
}

/// A new note of what was made of a row.
pub(crate) fn note(
    source: &str,
    table: &'static str,
    id: i64,
    our_id: Uuid,
    row_hash: String,
    now: chrono::DateTime<chrono::Utc>,
) -> Model {
    Model {
        source: source.to_owned(),
        source_table: table.to_owned(),
        source_id: id,
        our_id,
        row_hash,
        merged: false,
        inferred: None,
        links: None,
        imported_at: now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_here_stays() {
        let mut known = note("s", "t", 1, Uuid::nil(), "a".to_owned(), Default::default());
        assert_eq!(fate(&known, "a", Some("a")), Fate::Unchanged);
        assert_eq!(fate(&known, "a", Some("x")), Fate::Unchanged);
        assert_eq!(fate(&known, "b", Some("a")), Fate::Change);
        assert_eq!(fate(&known, "b", Some("b")), Fate::Unchanged);
        assert_eq!(fate(&known, "b", Some("x")), Fate::ChangedHere);
        assert_eq!(fate(&known, "a", None), Fate::DeletedHere);
        known.merged = true;
        assert_eq!(fate(&known, "b", Some("a")), Fate::ChangedHere);
    }
}
