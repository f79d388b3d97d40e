//! Keeps the index of words: a memo's row in `memo_search`, which stays until the memo is purged.

use crate::{
    Result,
    database::{
        Database, in_transaction,
        sql::{lock_free_rows, statement},
    },
    words::words,
};
use entity::{deleted_memo, memo};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Value};
use std::collections::BTreeMap;
use std::fmt::Write;
use uuid::Uuid;

/// Most memos that are indexed in one transaction.
const PORTION: usize = 200;

/// The texts of a memo that are searched.
#[derive(Debug, FromQueryResult)]
struct Texts {
    id: Uuid,
    name: String,
    description: String,
    note: Option<String>,
}

impl Texts {
    /// The words of each field with its weight.
    fn fields(&self) -> [(char, Vec<String>); 3] {
        let note = self.note.as_deref().unwrap_or_default();
        [('A', words(&self.name)), ('B', words(&self.description)), ('C', words(note))]
    }
}

/// Indexes a memo whose texts are new.
///
/// # Errors
/// What the database answers.
pub(crate) async fn index(transaction: &DatabaseTransaction, memo: &memo::Model) -> Result<()> {
    let memo::Model { id, name, description, note, .. } = memo.clone();
    index_texts(transaction, &[Texts { id, name, description, note }]).await
}

/// Indexes memos that were written by anything but this program, or before its index: all of them,
/// or the first so many.
///
/// # Errors
/// What the database answers. What was indexed by then stays so.
pub async fn index_stale(database: &Database, at_most: Option<usize>) -> Result<()> {
    let mut indexed = 0;
    loop {
        let portion = match is_anything_stale(database).await? {
            true => in_transaction!(database, |transaction| index_portion(transaction).await)?,
            false => 0,
        };
        indexed += portion;
        if portion < PORTION || at_most.is_some_and(|most| indexed >= most) {
            break;
        }
    }
    if indexed > 0 {
        tracing::info!(memos = indexed, "indexed for search");
    }
    Ok(())
}

/// Asked before anything is locked.
async fn is_anything_stale(database: &Database) -> Result<bool> {
    let sql = "SELECT 1 AS found FROM memo_search WHERE stale LIMIT 1";
    let statement = statement(database.backend(), sql, []);
    Ok(database.connection().query_one_raw(statement).await?.is_some())
}

async fn index_portion(transaction: &DatabaseTransaction) -> Result<usize> {
    let backend = transaction.get_database_backend();
    let free = lock_free_rows(backend, "e");
    let sql = format!(
        "WITH due AS MATERIALIZED (SELECT e.memo_id FROM memo_search e WHERE e.stale LIMIT \
         {PORTION}{free})
        SELECT m.id, m.name, m.description, m.note FROM due JOIN memos m ON m.id = due.memo_id
        UNION ALL SELECT m.id, m.name, m.description, m.note
            FROM due JOIN {} m ON m.id = due.memo_id",
        deleted_memo::TABLE
    );
    let rows = transaction.query_all_raw(statement(backend, sql, [])).await?;
    let texts: Vec<Texts> =
        rows.iter().map(|row| Texts::from_query_result(row, "")).collect::<Result<_, _>>()?;
    index_texts(transaction, &texts).await?;
    Ok(texts.len())
}

async fn index_texts(transaction: &DatabaseTransaction, memos: &[Texts]) -> Result<()> {
    let backend = transaction.get_database_backend();
    let run = async |sql: &str, values: Vec<Value>| {
        transaction.execute_raw(statement(backend, sql, values)).await
    };
    if backend == DbBackend::Postgres {
        let ids: Vec<Uuid> = memos.iter().map(|memo| memo.id).collect();
        let vectors: Vec<String> = memos.iter().map(|memo| vector(&memo.fields())).collect();
        let sql = "UPDATE memo_search e SET words = CAST(n.words AS tsvector), stale = FALSE
            FROM unnest(CAST($1 AS uuid[]), CAST($2 AS text[])) AS n (id, words) WHERE e.memo_id = \
            n.id";
        run(sql, vec![ids.into(), vectors.into()]).await?;
        return Ok(());
    }
    for memo in memos {
        let insert = "INSERT OR REPLACE INTO memo_words (rowid, name, description, note)
            SELECT entry, $2, $3, $4 FROM memo_search WHERE memo_id = $1";
        let texts = memo.fields().into_iter().map(|(_, words)| words.join(" ").into());
        run(insert, [memo.id.into()].into_iter().chain(texts).collect()).await?;
        run("UPDATE memo_search SET stale = FALSE WHERE memo_id = $1", vec![memo.id.into()])
            .await?;
    }
    Ok(())
}

/// The words with their places and the weight of their field, as
/// [PostgreSQL writes them](https://www.postgresql.org/docs/current/datatype-textsearch.html).
fn vector(fields: &[(char, Vec<String>)]) -> String {
    let mut places: BTreeMap<&str, String> = BTreeMap::new();
    let mut place = 0;
    for (weight, words) in fields {
        for word in words {
            place += 1;
            let places = places.entry(word).or_default();
            let comma = if places.is_empty() { "" } else { "," };
            // Writing to a text cannot fail.
            let _ = write!(places, "{comma}{place}{weight}");
        }
    }
    places.iter().map(|(word, places)| format!("'{word}':{places} ")).collect()
}
