//! The row `ledger`: what of the ledger the database knows, and which server appends.
//!
//! A server takes the right to append only while it has something to append, and gives it back. If
//! it dies in between, another one takes the right over after [`STALE`]. It counts claims rather
//! than asking a clock.

use super::entries;
use crate::{
    Error, Result, Services,
    database::{Database, in_transaction, lock::lock_table},
    events, feed,
};
use chrono::{DateTime, Utc};
use entity::{
    ledger::{Column, Entity, Model},
    ledger_entry, memo_deletion, person_erasure,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use std::time::Duration;

/// How long a server may hold the right to append before another one takes it over.
pub(super) const STALE: Duration = Duration::from_secs(5);

/// The line up to which the database knows everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Mark {
    /// Its number; 0 without a line.
    pub(super) line: i64,
    pub(super) hash: String,
    /// The place from which it can be read.
    pub(super) place: i64,
}

impl From<&Model> for Mark {
    fn from(state: &Model) -> Self {
        Self { line: state.line, hash: state.hash.clone(), place: state.place }
    }
}

/// The row. `None` if no server has run with a ledger.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn read(database: &Database) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(1).one(database.connection()).await?)
}

/// Creates the row, unless it exists. From now on, purges are noted. What happened before is read
/// from the records.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn create(services: &Services) -> Result<()> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        // A purge or an erasure that has begun ends first. It has not seen the row, so its record
        // must be there when the records are read.
        lock_table::<memo_deletion::Entity>(transaction).await?;
        lock_table::<person_erasure::Entity>(transaction).await?;
        let row = Model {
            id: 1,
            line: 0,
            hash: String::new(),
            place: 0,
            event_position: feed::last_position(transaction, events::SEQUENCE).await?,
            complete: false,
            missing: 0,
            claim: 0,
            held: false,
        };
        let keep = OnConflict::column(Column::Id).do_nothing().to_owned();
        Entity::insert(row.into_active_model())
            .on_conflict(keep)
            .exec_without_returning(transaction)
            .await?;
        Ok(())
    })
    .await
}

/// Takes the right to append, unless another server has claimed it since the row was read. Returns
/// the number of the claim.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn claim(database: &Database, seen: &Model) -> Result<Option<i64>> {
    let claimed = Entity::update_many()
        .col_expr(Column::Claim, Expr::col(Column::Claim).add(1))
        .col_expr(Column::Held, Expr::value(true))
        .filter(Column::Claim.eq(seen.claim))
        .filter(Column::Held.eq(seen.held))
        .exec(database.connection())
        .await?;
    Ok((claimed.rows_affected > 0).then_some(seen.claim + 1))
}

/// Gives the right back without having appended.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn release(database: &Database, claim: i64) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Held, Expr::value(false))
        .filter(Column::Claim.eq(claim))
        .exec(database.connection())
        .await?;
    Ok(())
}

/// Notes that no event up to that position is of interest, unless a server is appending.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn pass_over(database: &Database, claim: i64, position: i64) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::EventPosition, Expr::value(position))
        .filter(Column::Claim.eq(claim))
        .filter(Column::Held.eq(false))
        .exec(database.connection())
        .await?;
    Ok(())
}

/// What a server notes when it gives the right back.
#[derive(Debug)]
pub(super) struct Appended {
    pub(super) claim: i64,
    /// The last line of the ledger, if the database knows everything.
    pub(super) mark: Option<Mark>,
    pub(super) event_position: i64,
    pub(super) missing: i64,
    /// The rows of `ledger_entries` that the ledger has.
    pub(super) noted: Vec<i64>,
}

/// Notes what was appended, and gives the right back.
///
/// # Errors
/// [`Error::Conflict`] if another server has taken the right over. Also returns errors of the
/// database.
pub(super) async fn commit(services: &Services, appended: &Appended) -> Result<()> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let mut update = Entity::update_many()
            .col_expr(Column::EventPosition, Expr::value(appended.event_position))
            .col_expr(Column::Complete, Expr::value(true))
            .col_expr(Column::Missing, Expr::value(appended.missing))
            .col_expr(Column::Held, Expr::value(false))
            .filter(Column::Claim.eq(appended.claim));
        if let Some(mark) = &appended.mark {
            update = update
                .col_expr(Column::Line, Expr::value(mark.line))
                .col_expr(Column::Hash, Expr::value(mark.hash.clone()))
                .col_expr(Column::Place, Expr::value(mark.place));
        }
        if update.exec(transaction).await?.rows_affected == 0 {
            return Err(taken_over());
        }
        if !appended.noted.is_empty() {
            ledger_entry::Entity::delete_many()
                .filter(ledger_entry::Column::Id.is_in(appended.noted.iter().copied()))
                .exec(transaction)
                .await?;
        }
        Ok(())
    })
    .await
}

/// Another server appends now.
pub(super) fn taken_over() -> Error {
    Error::Conflict("another server appends to the ledger".to_owned())
}

/// What the database knows about the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The number of the last line of which it knows.
    pub line: i64,
    /// How many later lines say something that it lacks.
    pub missing: i64,
    /// How many things are not yet in the ledger.
    pub waiting: i64,
    /// When the first of them happened.
    pub waiting_since: Option<DateTime<Utc>>,
}

/// What the database knows about the ledger. `None` if no server has run with one.
///
/// # Errors
/// Returns errors of the database.
pub async fn status(database: &Database) -> Result<Option<Status>> {
    let Some(state) = read(database).await? else { return Ok(None) };
    let (waiting, waiting_since) = entries::waiting(database, state.event_position).await?;
    Ok(Some(Status { line: state.line, missing: state.missing, waiting, waiting_since }))
}

/// Makes the database forget its ledger, on behalf of an operator. The next server compares all
/// lines of the ledger that it finds, or begins a new one.
///
/// # Errors
/// Returns errors of the database.
pub async fn forget(database: &Database) -> Result<()> {
    in_transaction(database, async |transaction| -> Result<_> {
        ledger_entry::Entity::delete_many().exec(transaction).await?;
        Entity::delete_many().exec(transaction).await?;
        Ok(())
    })
    .await
}
