//! Rows that no other step has counted, because what they belong to is not there or has no place
//! here. Also what is gone there since the last import.

use super::Context;
use crate::{
    Result,
    oddity::Oddity,
    report::{Report, Tally},
    source::schema::{
        FILES, MEMO_NOTIFIED, MEMO_SUBSCRIBERS, MEMO_TAGS, MEMOS, MESSAGE_TO, MESSAGE_UNREAD,
        MESSAGES, PROJECT_RESPONSIBLE, PROJECT_SUBSCRIBERS, PROJECTS, REMINDERS, TASK_RESPONSIBLE,
        TASK_SUBSCRIBERS, TASKS,
    },
    staging::LinkRow,
};

/// How many rows are read at once.
const PAGE: u64 = 1_000;

/// The condition that a row is on a memo that is there.
const ON_MEMO: &str = "content_type_id = 'tasks.memo' AND object_id IN (SELECT id FROM tasks_memo)";
/// The condition that a row is on a memo that is not there.
const ON_NO_MEMO: &str =
    "content_type_id = 'tasks.memo' AND object_id NOT IN (SELECT id FROM tasks_memo)";
/// The condition that a file is on something that has no files here.
const ON_OTHER: &str = "content_type_id NOT IN ('tasks.memo', 'tasks.task', 'tasks.project')";

/// Counts them.
pub(crate) async fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let mut tally = Tally::default();
    for (table, condition, oddity) in [
        (FILES, ON_NO_MEMO, Oddity::Dangling),
        (FILES, ON_OTHER, Oddity::OnOther),
        (REMINDERS, ON_NO_MEMO, Oddity::Dangling),
        (REMINDERS, "content_type_id <> 'tasks.memo'", Oddity::OnOther),
        (MESSAGES, ON_NO_MEMO, Oddity::Dangling),
        (MESSAGES, "content_type_id <> 'tasks.memo'", Oddity::OnOther),
    ] {
        let mut after = i64::MIN;
        loop {
            let page = context.staging.ids_where(table, condition, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = *last;
            for id in &page {
                tally.leave_out(oddity, table, id);
            }
            report.add(std::mem::take(&mut tally)).await?;
        }
    }
    for table in [MESSAGE_TO, MESSAGE_UNREAD] {
        let sql = format!(
            "SELECT count(*) AS n FROM {table} WHERE chatmessage_id NOT IN \
             (SELECT id FROM chat_chatmessage WHERE {ON_MEMO})"
        );
        for _ in 0..context.staging.number(&sql).await? {
            tally.leave_out_quietly(Oddity::OnOther, table);
        }
    }
    for (table, of, to, owners) in [
        (MEMO_SUBSCRIBERS, "memo_id", "user_id", MEMOS),
        (MEMO_NOTIFIED, "memo_id", "user_id", MEMOS),
        (MEMO_TAGS, "memo_id", "tag_id", MEMOS),
        (TASK_RESPONSIBLE, "task_id", "user_id", TASKS),
        (TASK_SUBSCRIBERS, "task_id", "user_id", TASKS),
        (PROJECT_RESPONSIBLE, "project_id", "user_id", PROJECTS),
        (PROJECT_SUBSCRIBERS, "project_id", "user_id", PROJECTS),
    ] {
        let sql = format!(
            "SELECT {of} AS of, {to} AS \"to\" FROM {table} WHERE {of} NOT IN \
             (SELECT id FROM {owners})"
        );
        let links: Vec<LinkRow> = context.staging.find(sql, []).await?;
        for link in links {
            tally.leave_out(Oddity::Dangling, table, format!("{}/{}", link.of, link.to));
        }
    }
    report.add(tally).await?;
    gone(context, report).await
}

/// Notes what earlier imports have made of rows that are not there any more.
async fn gone(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let connection = context.services.database.connection();
    for table in [MEMOS, TASKS, PROJECTS, MESSAGES, REMINDERS] {
        let mut after = None;
        loop {
            let page = context.known.page(connection, context.source(), table, after).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.source_id);
            let ids: Vec<i64> = page.iter().map(|row| row.source_id).collect();
            let there = context.staging.there(table, &ids).await?;
            let mut tally = Tally::default();
            for id in ids.iter().filter(|id| !there.contains(id)) {
                tally.note(Oddity::GoneThere, table, id, None);
            }
            report.add(tally).await?;
        }
    }
    Ok(())
}
