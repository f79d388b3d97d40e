//! Reads an archive into an empty database.

mod contents;
mod insert;
mod place;
mod rows;
mod sequences;
mod source;
mod triggers;
mod verify;

pub use source::Source;

use crate::{
    Error, Result,
    manifest::{Manifest, MissingContent, known_migrations},
    snapshot::wait_without_limit,
    tables::TABLES,
};
use rows::Rows;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use service::{
    Services,
    blobs::{self, FileStore},
    memos,
    progress::{Progress, Unit},
};

/// Whether an import changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything is tried and nothing is kept: the transaction is rolled back, and no bytes are
    /// stored.
    DryRun,
    /// The archive is imported.
    Apply,
}

/// What an import has written, or would write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The number of rows of all tables.
    pub rows: u64,
    /// The number of contents of files.
    pub contents: u64,
    /// Contents that the archive lacks: the files that have them cannot be downloaded.
    pub missing: Vec<MissingContent>,
}

/// Reads an archive into an empty database that this version has migrated, and into its file store.
/// Everything has the ids that it had. Nobody is notified, and triggers do not run.
///
/// Every byte of the archive is checked first. All rows are one transaction, which is committed
/// when the bytes of files are stored. If it is interrupted, the database is empty as before, and
/// another try overwrites the bytes that were stored.
///
/// # Errors
/// [`Error::Refused`] if the archive is not as an export has written it, or of other migrations; if
/// the database is not empty, or a server uses it. Also returns errors of database and file store.
pub async fn import(
    services: &Services,
    store: &FileStore,
    source: &Source,
    mode: Mode,
    progress: &dyn Progress,
) -> Result<Imported> {
    let manifest = source.manifest()?;
    check_migrations(&manifest)?;
    let database = &services.database;
    place::check_solitude(database).await?;
    place::check_store(database, store).await?;
    place::check_emptiness(database.connection()).await?;
    verify::verify(source, &manifest, progress)?;

    let options = TransactionOptions {
        sqlite_transaction_mode: (database.backend() == DbBackend::Sqlite)
            .then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = database.connection().begin_with_options(options).await?;
    wait_without_limit(&transaction).await?;
    let written = async {
        import_rows(&transaction, source, &manifest, progress).await?;
        if mode == Mode::Apply {
            contents::store(source, &manifest, store, progress).await?;
        }
        Ok::<_, Error>(())
    };
    let written = written.await;
    if mode == Mode::DryRun || written.is_err() {
        transaction.rollback().await?;
        written?;
    } else {
        transaction.commit().await?;
        finish(services, store, &manifest, progress).await.map_err(|error| {
            Error::refused(format_args!(
                "the archive is imported, but the rest is not done ({error}): a server does it \
                 when it starts"
            ))
        })?;
    }
    Ok(Imported {
        rows: manifest.tables.iter().map(|file| file.rows).sum(),
        contents: manifest.contents.count,
        missing: manifest.missing,
    })
}

/// Makes the file store that of the database, and indexes the words of all memos for the search. A
/// server would do both as well.
async fn finish(
    services: &Services,
    store: &FileStore,
    manifest: &Manifest,
    progress: &dyn Progress,
) -> Result<()> {
    blobs::verify(services, store).await?;
    let has_words = |table: &str| matches!(table, "memos" | "deleted_memos");
    let memos = manifest.tables.iter().filter(|file| has_words(&file.table));
    progress.begin("indexing words", Some(memos.map(|file| file.rows).sum()), Unit::Rows);
    loop {
        let indexed = memos::index_stale_portion(&services.database).await?;
        if indexed == 0 {
            break;
        }
        progress.advance(indexed as u64);
    }
    progress.end();
    Ok(())
}

/// Fails if the archive is of a database with other migrations: its rows have other columns.
fn check_migrations(manifest: &Manifest) -> Result<()> {
    let known = known_migrations();
    let unknown: Vec<&str> = manifest
        .migrations
        .iter()
        .filter(|name| !known.contains(name))
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() {
        return Err(Error::refused(format_args!(
            "a newer version of memoranda wrote the archive: import it with that one (unknown \
             here: {})",
            unknown.join(", ")
        )));
    }
    let lacking: Vec<&str> = known
        .iter()
        .filter(|name| !manifest.migrations.contains(name))
        .map(String::as_str)
        .collect();
    if !lacking.is_empty() {
        return Err(Error::refused(format_args!(
            "an older version of memoranda wrote the archive: import it with that one into an \
             empty database, then run `memoranda migrate` with this one (the archive lacks: {})",
            lacking.join(", ")
        )));
    }
    Ok(())
}

/// Writes all rows, and what is derived from them.
async fn import_rows(
    transaction: &DatabaseTransaction,
    source: &Source,
    manifest: &Manifest,
    progress: &dyn Progress,
) -> Result<()> {
    // This locks the tables on PostgreSQL, so that they stay empty.
    let triggers = triggers::switch_off(transaction).await?;
    place::check_emptiness(transaction).await?;
    sequences::open(transaction).await?;
    if transaction.get_database_backend() == DbBackend::Sqlite {
        transaction.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
        // 64 MiB: indexes are not in the order of the rows, so a small cache writes pages often.
        transaction.execute_unprepared("PRAGMA cache_size = -65536").await?;
    }
    let rows = manifest.tables.iter().map(|file| file.rows).sum();
    progress.begin("importing rows", Some(rows), Unit::Rows);
    for table in TABLES {
        place::clear(transaction, table).await?;
        let mut rows = Rows::open(source, manifest, table)?;
        while let Some(page) = rows.next(insert::rows_at_a_time(table))? {
            let count = page.rows.len() as u64;
            insert::insert(transaction, table, page).await?;
            progress.advance(count);
        }
    }
    progress.end();
    sequences::close(transaction, manifest).await?;
    // The words themselves are indexed later.
    transaction
        .execute_unprepared(
            "INSERT INTO memo_search (memo_id) SELECT id FROM memo_ids WHERE NOT erasing ORDER BY \
             id",
        )
        .await?;
    check_keys(transaction).await?;
    triggers.switch_on(transaction).await
}

/// Rows of PostgreSQL that refer to people who are not there, and deleted memos that no live memo
/// could be like. The tables have no keys and checks for these: other writers take the values from
/// live memos, which have them.
const UNCHECKED: &str = "
    SELECT unchecked.child, 'refer to rows of users that are not there' AS problem, count(*) AS rows
    FROM (
        SELECT 'memo_deletions' AS child, author_id AS person FROM memo_deletions
        UNION ALL SELECT 'memo_deletions', recipient_id FROM memo_deletions
        UNION ALL SELECT 'memo_events', author_id FROM memo_events
        UNION ALL SELECT 'memo_events', recipient_id FROM memo_events
    ) AS unchecked
    LEFT JOIN users u ON u.id = unchecked.person
    WHERE u.id IS NULL
    GROUP BY 1
    UNION ALL
    SELECT 'deleted_memos', 'are not as rows of memos can be', count(*)
    FROM deleted_memos
    WHERE length(name) NOT BETWEEN 1 AND 250
        OR stage NOT IN ('PENDING', 'POSTPONED', 'REVIEWED')
        OR acted_stage NOT IN ('POSTPONED', 'REVIEWED')
        OR draft AND stage <> 'PENDING'
        OR (acted_at IS NULL) <> (acted_stage IS NULL)
    HAVING count(*) > 0
    ORDER BY 1
    LIMIT 1";

/// Fails if a row refers to one that is not there. PostgreSQL has checked most of this already.
async fn check_keys(transaction: &DatabaseTransaction) -> Result<()> {
    let backend = transaction.get_database_backend();
    let broken = if backend == DbBackend::Postgres {
        UNCHECKED
    } else {
        "SELECT \"table\" AS child, count(*) AS rows,
            'refer to rows of ' || parent || ' that are not there' AS problem
        FROM pragma_foreign_key_check GROUP BY 1, 3 ORDER BY 1, 3 LIMIT 1"
    };
    let Some(row) = transaction.query_one_raw(Statement::from_string(backend, broken)).await?
    else {
        return Ok(());
    };
    let (child, problem, rows): (String, String, i64) =
        (row.try_get("", "child")?, row.try_get("", "problem")?, row.try_get("", "rows")?);
    Err(Error::refused(format_args!("tables/{child}.ndjson: {rows} rows {problem}")))
}
