//! Memos with all that belongs to them: subscribers, tags, files, comments, reminders, unread
//! marks. A portion of memos is one transaction, so there is never a part of a memo.

mod discussion;
mod files;
mod here;
mod links;
mod plan;
mod portion;
mod write;

pub(super) use files::{attached_at, file_name, media_type, owner};

use super::Context;
use crate::{Result, report::Report};
use plan::Plan;
use portion::Portion;
use service::{database::in_transaction, progress::Unit};

/// Imports all memos.
pub(crate) async fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let total = context.staging.number("SELECT count(*) AS n FROM tasks_memo").await?;
    context.progress.begin("import memos", Some(total), Unit::Rows);
    let mut after = i64::MIN;
    loop {
        let memos = context.staging.memos(after, context.options.memos_at_once).await?;
        let Some(last) = memos.last() else { return Ok(()) };
        after = last.id;
        let count = u64::try_from(memos.len()).unwrap_or_default();
        let mut portion = Portion::read(context, memos).await?;
        let plan = if context.options.dry_run {
            Plan::make(context, context.services.database.connection(), &portion).await?
        } else {
            portion.place_bytes(context).await?;
            let portion = &portion;
            in_transaction(&context.services.database, async |transaction| -> Result<_> {
                let plan = Plan::make(context, transaction, portion).await?;
                plan.write(transaction).await?;
                Ok(plan)
            })
            .await?
        };
        report.add(plan.tally).await?;
        context.progress.advance(count);
    }
}
