//! Memos with all that belongs to them: subscribers, tags, files, comments, reminders, unread
//! marks. A portion of memos is one transaction, so there is never a part of a memo.

mod discussion;
mod files;
mod here;
mod links;
mod plan;
mod portion;
mod write;

pub(super) use files::owner;

use super::Context;
use crate::{
    Result,
    report::{Report, Tally},
};
use futures_util::future::try_join_all;
use plan::Plan;
use portion::Portion;
use sea_orm::DbBackend;
use service::{database::in_transaction, progress::Unit};

/// How many portions PostgreSQL writes at a time, each by a connection of its own. SQLite writes
/// one after the other, in their order.
const AT_A_TIME: usize = 2;

/// Imports all memos. While some portions are written, the next ones are read.
pub(crate) async fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let total = context.staging.number("SELECT count(*) AS n FROM tasks_memo").await?;
    context.progress.begin("import memos", Some(total), Unit::Rows);
    let mut portions = read(context, i64::MIN).await?;
    while let Some(last) = portions.last().map(Portion::last) {
        let writing = try_join_all(portions.into_iter().map(|portion| write(context, portion)));
        // Both end here, so neither holds a connection for which the report would wait.
        let (written, next) = tokio::join!(writing, read(context, last));
        for (memos, tally) in written? {
            report.add(tally).await?;
            context.progress.advance(memos);
        }
        portions = next?;
    }
    Ok(())
}

/// The portions after the memo with this id.
async fn read(context: &Context<'_>, memo: i64) -> Result<Vec<Portion>> {
    let is_postgres = context.services.database.backend() == DbBackend::Postgres;
    let at_a_time = if is_postgres { AT_A_TIME } else { 1 };
    let (mut portions, mut after) = (Vec::new(), memo);
    while portions.len() < at_a_time {
        let Some(portion) = Portion::after(context, after).await? else { break };
        after = portion.last();
        portions.push(portion);
    }
    Ok(portions)
}

/// Writes a portion. Returns the number of its memos, and what became of its rows.
async fn write(context: &Context<'_>, mut portion: Portion) -> Result<(u64, Tally)> {
    let memos = u64::try_from(portion.memos.len()).unwrap_or_default();
    let database = &context.services.database;
    if context.options.dry_run {
        let plan = Plan::make(context, database.connection(), &portion).await?;
        return Ok((memos, plan.tally));
    }
    portion.place_bytes(context).await?;
    let portion = &portion;
    let written = in_transaction(database, async |transaction| -> Result<_> {
        let plan = Plan::make(context, transaction, portion).await?;
        plan.write(transaction).await?;
        Ok(plan.tally)
    });
    Ok((memos, written.await?))
}
