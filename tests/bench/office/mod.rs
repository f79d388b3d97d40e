//! The office that is measured: people, and memos that carry what memos of a real office carry.
//! Each has 3 subscribers, 2 tags, 2 comments, a reminder and a file; half have a task, a third a
//! project or a deal; a tenth are drafts. The database makes the rows itself, so that millions take
//! minutes.

mod dialect;
mod indexes;
mod rows;
mod statements;

pub(crate) use rows::{BEGUN, Memo, Row, code, mixed, person};

use crate::Result;
use chrono::DateTime;
use dialect::Dialect;
use entity::{UserRole, user};
use rows::GAP;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Statement, TransactionTrait,
};
use service::{database::Database, people::search_name};

/// How many memos one transaction writes.
const CHUNK: i64 = 200_000;

/// The tables that memos fill.
const TABLES: [&str; 18] = [
    "users",
    "tags",
    "deals",
    "tasks",
    "task_members",
    "projects",
    "project_members",
    "memo_ids",
    "memos",
    "memo_search",
    "memo_subscribers",
    "memo_tags",
    "blobs",
    "files",
    "memo_files",
    "task_files",
    "comments",
    "reminders",
];

/// The size of an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) people: i64,
    pub(crate) memos: i64,
}

impl Size {
    /// An office without anything.
    pub(crate) const NONE: Self = Self { people: 0, memos: 0 };

    fn tags(self) -> i64 {
        if self == Self::NONE { 0 } else { rows::TAGS }
    }

    fn tasks(self) -> i64 {
        self.share(10)
    }

    fn projects(self) -> i64 {
        self.share(100)
    }

    fn deals(self) -> i64 {
        self.share(50)
    }

    fn share(self, of: i64) -> i64 {
        if self == Self::NONE { 0 } else { (self.memos / of).max(1) }
    }

    /// The memo of that number.
    pub(crate) fn memo(self, number: i64) -> Memo {
        Memo::of(number, self.people)
    }
}

/// Fills a database up to that size, from the size that it has. The people stay the same.
///
/// # Errors
/// The error of the database.
pub(crate) async fn grow(database: &Database, before: Size, size: Size) -> Result<()> {
    if before == Size::NONE {
        write_people(database, size.people).await?;
    }
    let dialect = Dialect(database.backend());
    let is_large = dialect.is_postgres() && size.memos - before.memos > CHUNK;
    let indexes = if is_large { indexes::drop_all(database, &TABLES).await? } else { Vec::new() };
    run(database, statements::of_catalogues(dialect, before, size)).await?;
    for first in (before.memos..size.memos).step_by(usize::try_from(CHUNK)?) {
        let range = (first, (first + CHUNK).min(size.memos) - 1);
        if is_large {
            eprintln!("  {} of {} memos", range.1 + 1, size.memos);
        }
        let mut all = statements::of_memos(dialect, size, range);
        if dialect.is_postgres() {
            all.extend(statements::in_place_of_triggers(dialect, range));
        }
        all.extend(statements::of_members(dialect, range));
        run(database, all).await?;
    }
    indexes::create(database, &indexes).await?;
    service::memos::index_stale(database, None).await?;
    tidy(database).await
}

/// Gathers statistics for the planner, of all tables, as autovacuum does. PostgreSQL also cleans
/// up, which it would otherwise do during the measurement.
///
/// # Errors
/// The error of the database.
pub(crate) async fn tidy(database: &Database) -> Result<()> {
    let is_postgres = Dialect(database.backend()).is_postgres();
    let sql = if is_postgres { "VACUUM (FREEZE, ANALYZE)" } else { "ANALYZE" };
    database.connection().execute_unprepared(sql).await?;
    Ok(())
}

async fn write_people(database: &Database, people: i64) -> Result<()> {
    let created_at = DateTime::from_timestamp_millis(BEGUN).unwrap_or_default();
    let people = (0..people).map(|number| {
        let full_name = format!("Person Number {number}");
        let username = format!("person.{number}");
        user::Model {
            id: person(number),
            search_name: search_name(&full_name, &username),
            email: format!("{username}@example.org"),
            username,
            full_name,
            role: UserRole::Member,
            active: true,
            erased_at: None,
            created_at,
        }
        .into_active_model()
    });
    user::Entity::insert_many(people).exec_without_returning(database.connection()).await?;
    Ok(())
}

/// Runs statements in one transaction, on PostgreSQL without triggers: they do for each row what
/// the statements do for all.
async fn run(database: &Database, statements: Vec<String>) -> Result<()> {
    let transaction = database.connection().begin().await?;
    let triggers = Triggers::off(&transaction).await?;
    for statement in statements {
        transaction.execute_unprepared(&statement).await?;
    }
    triggers.on(&transaction).await?;
    Ok(transaction.commit().await?)
}

/// How triggers are switched off.
enum Triggers {
    /// They stay on.
    Stay,
    /// For the transaction, with the checks of foreign keys, as only a superuser may.
    OfTransaction,
    /// Table by table, without the checks of foreign keys.
    OfTables,
}

impl Triggers {
    async fn off(transaction: &DatabaseTransaction) -> Result<Self> {
        let backend = transaction.get_database_backend();
        if !Dialect(backend).is_postgres() {
            return Ok(Self::Stay);
        }
        let question = "SELECT current_setting('is_superuser') = 'on' AS is_superuser";
        let row = transaction.query_one_raw(Statement::from_string(backend, question)).await?;
        let row = row.ok_or("PostgreSQL did not say who is connected")?;
        if row.try_get("", "is_superuser")? {
            transaction.execute_unprepared("SET LOCAL session_replication_role = replica").await?;
            return Ok(Self::OfTransaction);
        }
        of_tables(transaction, "DISABLE").await?;
        Ok(Self::OfTables)
    }

    async fn on(self, transaction: &DatabaseTransaction) -> Result<()> {
        match self {
            Self::Stay | Self::OfTransaction => Ok(()),
            Self::OfTables => of_tables(transaction, "ENABLE").await,
        }
    }
}

async fn of_tables(transaction: &DatabaseTransaction, switch: &str) -> Result<()> {
    for table in TABLES {
        let sql = format!("ALTER TABLE {table} {switch} TRIGGER USER");
        transaction.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Adds comments to a memo.
///
/// # Errors
/// The error of the database.
pub(crate) async fn write_discussion(database: &Database, memo: i64, comments: i64) -> Result<()> {
    let dialect = Dialect(database.backend());
    // The numbers of other comments are smaller.
    let number = "(9000000000 + n)";
    let columns = [
        ("id", dialect.id(Row::Comment, number, &(BEGUN + memo * GAP).to_string())),
        ("memo_id", dialect.memo(&memo.to_string())),
        ("author_id", dialect.old_id(Row::Person, "(n % 2)")),
        ("body", "'Comment ' || n || ': I have asked them, and they will call back.'".to_owned()),
        ("created_at", dialect.time(&BEGUN.to_string())),
    ];
    let insert = dialect.insert("comments", &columns, (1, comments), 1);
    database.connection().execute_unprepared(&insert).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::{MemoStage, memo};
    use sea_orm::QueryOrder;
    use service::database::{DatabaseSettings, connect};

    #[tokio::test]
    async fn the_database_makes_the_memos_that_the_program_expects() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/office.db", folder.path().display());
        let database = connect(&DatabaseSettings::new(url)).await.expect("a database");
        database.migrate().await.expect("migrated");
        let (small, size) = (Size { people: 50, memos: 100 }, Size { people: 50, memos: 300 });
        grow(&database, Size::NONE, small).await.expect("filled");
        grow(&database, small, size).await.expect("grown");
        let query = memo::Entity::find().order_by_asc(memo::Column::Id);
        let rows = query.all(database.connection()).await.expect("memos");
        assert_eq!(rows.len(), 300);
        for (number, row) in (0..).zip(rows) {
            let memo = size.memo(number);
            let expected = (memo.id, person(memo.author), person(memo.recipient), memo.draft);
            assert_eq!((row.id, row.author_id, row.recipient_id, row.draft), expected);
            assert_eq!(row.stage == MemoStage::Pending, memo.pending);
            assert!(row.name.ends_with(&code(number)), "{}", row.name);
            assert_eq!((row.comment_count, row.author_comment_count), (2, 1));
        }
        database.close().await.expect("closed");
    }
}
