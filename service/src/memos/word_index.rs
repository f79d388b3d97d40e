//! Maintains the word index: a memo's row in `memo_search`, which remains until the purge.

use crate::{
    Result,
    database::{Database, Parameters, in_transaction},
    search_words::words,
};
use entity::memo;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement};
use std::collections::BTreeMap;
use std::fmt::Write;
use uuid::Uuid;

/// The maximum number of memos that one transaction indexes.
const PORTION: usize = 200;

/// The searchable texts of a memo.
#[derive(Debug, FromQueryResult)]
struct Texts {
    id: Uuid,
    name: String,
    description: String,
    conclusion: Option<String>,
}

impl Texts {
    fn of(memo: &memo::Model) -> Self {
        let memo::Model { id, name, description, conclusion, .. } = memo.clone();
        Self { id, name, description, conclusion }
    }

    /// The words of each field with its weight.
    fn fields(&self) -> [(char, Vec<String>); 3] {
        let conclusion = self.conclusion.as_deref().unwrap_or_default();
        [('A', words(&self.name)), ('B', words(&self.description)), ('C', words(conclusion))]
    }
}

/// Indexes a memo with new texts.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn index(transaction: &DatabaseTransaction, memo: &memo::Model) -> Result<()> {
    index_texts(transaction, &[Texts::of(memo)]).await
}

/// Indexes memos with new texts, for an import.
///
/// # Errors
/// Returns errors of the database.
pub async fn index_all(transaction: &DatabaseTransaction, memos: &[memo::Model]) -> Result<()> {
    for portion in memos.chunks(PORTION) {
        let portion: Vec<Texts> = portion.iter().map(Texts::of).collect();
        index_texts(transaction, &portion).await?;
    }
    Ok(())
}

/// Indexes memos of PostgreSQL whose entries no trigger has made.
pub(super) async fn index_new(
    transaction: &DatabaseTransaction,
    memos: &[memo::Model],
) -> Result<()> {
    for portion in memos.chunks(PORTION) {
        let portion: Vec<Texts> = portion.iter().map(Texts::of).collect();
        transaction.execute_raw(new_words_statement(&portion)).await?;
    }
    Ok(())
}

/// Indexes memos that other programs wrote, or that are older than the index. `at_most` limits how
/// many; `None` means all.
///
/// # Errors
/// Returns errors of the database. What was indexed before remains indexed.
pub async fn index_stale(database: &Database, at_most: Option<usize>) -> Result<()> {
    let mut indexed = 0;
    loop {
        let portion = index_stale_portion(database).await?;
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

/// Indexes a portion of such memos. Returns how many; 0 if there are none.
///
/// # Errors
/// Returns errors of the database.
pub async fn index_stale_portion(database: &Database) -> Result<usize> {
    if !is_anything_stale(database).await? {
        return Ok(0);
    }
    in_transaction(database, async |transaction| -> Result<_> { index_portion(transaction).await })
        .await
}

/// Removes the words of erased memos from SQLite's index, which keeps them until it merges its
/// parts. PostgreSQL's index has none.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn merge_index(database: &Database) -> Result<()> {
    if database.backend() == DbBackend::Postgres {
        return Ok(());
    }
    in_transaction(database, async |transaction| -> Result<_> {
        transaction.execute_raw(merged_index_statement()).await?;
        Ok(())
    })
    .await
}

fn merged_index_statement() -> Statement {
    Parameters::new(DbBackend::Sqlite)
        .statement("INSERT INTO memo_words (memo_words) VALUES ('optimize')")
}

/// This check runs first, because it locks nothing.
async fn is_anything_stale(database: &Database) -> Result<bool> {
    let stale = stale_entry_statement(database.backend());
    Ok(database.connection().query_one_raw(stale).await?.is_some())
}

fn stale_entry_statement(backend: DbBackend) -> Statement {
    Parameters::new(backend).statement(
        "SELECT 1 AS found
        FROM memo_search
        WHERE stale
        LIMIT 1",
    )
}

async fn index_portion(transaction: &DatabaseTransaction) -> Result<usize> {
    let stale = stale_texts_statement(transaction.get_database_backend());
    let rows = transaction.query_all_raw(stale).await?;
    let texts: Vec<Texts> =
        rows.iter().map(|row| Texts::from_query_result(row, "")).collect::<Result<_, _>>()?;
    index_texts(transaction, &texts).await?;
    Ok(texts.len())
}

fn stale_texts_statement(backend: DbBackend) -> Statement {
    Parameters::new(backend).statement(&format!(
        "WITH stale_entries AS MATERIALIZED (
            SELECT e.memo_id
            FROM memo_search e
            WHERE e.stale
            LIMIT {PORTION}
            FOR UPDATE SKIP LOCKED
        )
        SELECT m.id, m.name, m.description, m.note AS conclusion
        FROM stale_entries
        JOIN memos m ON m.id = stale_entries.memo_id
        UNION ALL
        SELECT m.id, m.name, m.description, m.note AS conclusion
        FROM stale_entries
        JOIN deleted_memos m ON m.id = stale_entries.memo_id"
    ))
}

async fn index_texts(transaction: &DatabaseTransaction, memos: &[Texts]) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_raw(indexed_words_statement(memos)).await?;
        return Ok(());
    }
    for memo in memos {
        transaction.execute_raw(stored_words_statement(memo)).await?;
        transaction.execute_raw(fresh_entry_statement(memo.id)).await?;
    }
    Ok(())
}

/// For PostgreSQL, where an entry contains its words.
fn indexed_words_statement(memos: &[Texts]) -> Statement {
    bound_words(memos).statement(
        "UPDATE memo_search e
        SET words = CAST(n.words AS tsvector), stale = FALSE
        FROM unnest(CAST(:memo_ids AS uuid[]), CAST(:words AS text[])) AS n (id, words)
        WHERE e.memo_id = n.id",
    )
}

/// The same for memos without an entry.
fn new_words_statement(memos: &[Texts]) -> Statement {
    bound_words(memos).statement(
        "INSERT INTO memo_search (memo_id, words, stale)
        SELECT n.id, CAST(n.words AS tsvector), FALSE
        FROM unnest(CAST(:memo_ids AS uuid[]), CAST(:words AS text[])) AS n (id, words)",
    )
}

fn bound_words(memos: &[Texts]) -> Parameters {
    let ids: Vec<Uuid> = memos.iter().map(|memo| memo.id).collect();
    let vectors: Vec<String> = memos.iter().map(|memo| vector(&memo.fields())).collect();
    let mut parameters = Parameters::new(DbBackend::Postgres);
    parameters.bind_ids("memo_ids", &ids).bind("words", vectors);
    parameters
}

/// For SQLite, where the index is a separate table.
fn stored_words_statement(memo: &Texts) -> Statement {
    let [name, description, conclusion] = memo.fields().map(|(_, words)| words.join(" "));
    let mut parameters = Parameters::new(DbBackend::Sqlite);
    parameters.bind("memo_id", memo.id);
    parameters.bind("name", name).bind("description", description).bind("conclusion", conclusion);
    parameters.statement(
        "INSERT OR REPLACE INTO memo_words (rowid, name, description, note)
        SELECT entry, :name, :description, :conclusion
        FROM memo_search
        WHERE memo_id = :memo_id",
    )
}

fn fresh_entry_statement(memo_id: Uuid) -> Statement {
    Parameters::new(DbBackend::Sqlite).bind("memo_id", memo_id).statement(
        "UPDATE memo_search
        SET stale = FALSE
        WHERE memo_id = :memo_id",
    )
}

/// The words with their positions and the weight of their field, as [PostgreSQL writes
/// them](https://www.postgresql.org/docs/current/datatype-textsearch.html).
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::{assert_statement, assert_statement_of};

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("stale_entry", stale_entry_statement);
        assert_statement("stale_texts", stale_texts_statement);
        let memo = Texts {
            id: Uuid::nil(),
            name: String::new(),
            description: String::new(),
            conclusion: None,
        };
        assert_statement_of(
            DbBackend::Postgres,
            "indexed_words",
            &indexed_words_statement(std::slice::from_ref(&memo)),
        );
        assert_statement_of(
            DbBackend::Postgres,
            "new_words",
            &new_words_statement(std::slice::from_ref(&memo)),
        );
        assert_statement_of(DbBackend::Sqlite, "stored_words", &stored_words_statement(&memo));
        assert_statement_of(DbBackend::Sqlite, "fresh_entry", &fresh_entry_statement(memo.id));
        assert_statement_of(DbBackend::Sqlite, "merged_index", &merged_index_statement());
    }
}
