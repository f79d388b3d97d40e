//! Writes the rows of a table into the database.

use super::rows::Page;
use crate::{Error, Result, tables::Table};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, RuntimeErr,
    sea_query::{Alias, Expr, InsertStatement, Query},
    sqlx::{self, postgres::PgDatabaseError},
};

/// How many values a statement may have. SQLite takes 32,766 and PostgreSQL 65,535.
const VALUES: usize = 30_000;

/// How many rows one statement writes at most.
const ROWS: usize = 250;

/// How many rows of the table one statement writes.
pub(super) fn rows_at_a_time(table: &Table) -> usize {
    (VALUES / table.columns.len().max(1)).min(ROWS)
}

/// Writes some rows.
///
/// # Errors
/// [`Error::Refused`] if the database refuses them, because they break one of its rules.
pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    table: &Table,
    page: Page,
) -> Result<()> {
    let (first, count) = (page.first_line, page.rows.len() as u64);
    let statement = insert_statement(table, page);
    match transaction.execute(&statement).await {
        Ok(_) => Ok(()),
        Err(error) => match broken_rule(&error) {
            Some(rule) => Err(Error::refused(format_args!(
                "tables/{}.ndjson, lines {first} to {}: the database refuses a row ({rule})",
                table.name,
                first + count - 1
            ))),
            None => Err(error.into()),
        },
    }
}

fn insert_statement(table: &Table, page: Page) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(Alias::new(table.name));
    insert.columns(table.columns.iter().map(|column| Alias::new(column.name)));
    for row in page.rows {
        let cells = table.columns.iter().zip(row);
        // Each row has a cell for each column.
        insert.values_panic(cells.map(|(column, cell)| Expr::value(cell.into_value(column.kind))));
    }
    insert
}

/// Which rule of the database a statement has broken. `None` if it failed for another reason.
pub(super) fn broken_rule(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver))) =
        error
    else {
        return None;
    };
    let sqlx::Error::Database(refused) = driver.as_ref() else { return None };
    let code = refused.code()?;
    // PostgreSQL: broken constraints and values that a column does not take. SQLite: the lowest
    // byte is 19 for broken constraints, 18 for texts that are too long, 20 for wrong types.
    let is_rule = match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 18..=20),
        _ => code.starts_with("23") || code.starts_with("22"),
    };
    let detail = refused.try_downcast_ref::<PgDatabaseError>().and_then(PgDatabaseError::detail);
    let detail = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
    is_rule.then(|| format!("{}{detail}", refused.message()))
}
