//! Deletions of memos that the log of the other system knows: records without content, as if the
//! memos had been purged.
//!
//! The log knows who deleted a memo and when, and perhaps who added it. It does not say who its
//! recipient was. Whoever deleted a memo of somebody else was its recipient, by the rules here.

use super::{Context, PORTION, insert::insert};
use crate::{
    Result,
    known::{note, remember},
    oddity::Oddity,
    report::{Report, Tally},
    source::schema::{LOG, MEMOS},
    staging::{LogRow, Range},
};
use chrono::{DateTime, Utc};
use entity::{DeletionVerdict, MemoStage, imported_row, memo_deletion};
use service::{database::in_transaction, progress::Unit};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// An entry about something that was added.
const ADDED: i64 = 1;

/// Imports all of them.
pub(crate) async fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    context.progress.begin("import records of deletions", None, Unit::Rows);
    let mut seen = HashSet::new();
    let mut after = i64::MIN;
    loop {
        let rows = context.staging.deletions(after, PORTION).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        portion(context, report, &rows, &mut seen).await?;
        context.progress.advance(u64::try_from(rows.len()).unwrap_or_default());
    }
    let others = "SELECT count(*) AS n FROM django_admin_log
        WHERE NOT (coalesce(content_type_id, '') = 'tasks.memo' AND coalesce(action_flag, 0) = 3)";
    let mut tally = Tally::default();
    for _ in 0..context.staging.number(others).await? {
        tally.leave_out_quietly(Oddity::NotADeletion, LOG);
    }
    report.add(tally).await
}

async fn portion(
    context: &Context<'_>,
    report: &mut Report,
    rows: &[LogRow],
    seen: &mut HashSet<i64>,
) -> Result<()> {
    let connection = context.services.database.connection();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let known = context.known.rows(connection, context.source(), LOG, &ids).await?;
    let memos: Vec<i64> = rows.iter().filter_map(|row| row.object_id).collect();
    let imported = context.known.rows(connection, context.source(), MEMOS, &memos).await?;
    let there: HashSet<i64> = context.staging.there(MEMOS, &memos).await?.into_iter().collect();
    let added_by = added_by(context, &memos).await?;
    let (mut records, mut notes): (Vec<_>, Vec<imported_row::Model>) = (Vec::new(), Vec::new());
    let mut tally = Tally::default();
    for row in rows {
        let (Some(memo), Some(deleted_at)) = (row.object_id, row.action_time) else {
            tally.leave_out(Oddity::UnreadableRow, LOG, row.id);
            continue;
        };
        if there.contains(&memo) {
            tally.leave_out(Oddity::DeletedButThere, LOG, row.id);
        } else if known.contains_key(&row.id) {
            seen.insert(memo);
            tally.of(LOG).unchanged += 1;
        } else if imported.contains_key(&memo) {
            // It was imported before it was deleted there.
            tally.of(LOG).stayed += 1;
            tally.note(Oddity::GoneThere, LOG, row.id, Some(&format!("{MEMOS} {memo}")));
        } else if !seen.insert(memo) {
            tally.of(LOG).merged += 1;
        } else {
            tally.of(LOG).made += 1;
            tally.note(Oddity::GuessedRoles, LOG, row.id, None);
            let record = record(context, row.user_id, added_by.get(&memo), memo, deleted_at);
            let source = context.source();
            notes.push(note(source, LOG, row.id, record.id, String::new(), context.now));
            records.push(record);
        }
    }
    if !context.options.dry_run {
        in_transaction(&context.services.database, async |transaction| -> Result<_> {
            insert(transaction, &records).await?;
            remember(transaction, &notes).await
        })
        .await?;
    }
    report.add(tally).await
}

/// Who added which memo, as far as the log knows.
async fn added_by(context: &Context<'_>, memos: &[i64]) -> Result<BTreeMap<i64, i64>> {
    let mut added = BTreeMap::new();
    let distinct: HashSet<i64> = memos.iter().copied().collect();
    for memo in distinct {
        let log = context.staging.log_of_memos(Range { first: memo, last: memo }).await?;
        let entry = log.iter().find(|entry| entry.action_flag == Some(ADDED));
        if let Some(person) = entry.and_then(|entry| entry.user_id) {
            added.insert(memo, person);
        }
    }
    Ok(added)
}

fn record(
    context: &Context<'_>,
    deleted_by: Option<i64>,
    added_by: Option<&i64>,
    memo: i64,
    deleted_at: DateTime<Utc>,
) -> memo_deletion::Model {
    let deleted_by = context.ids.person_or_unknown(deleted_by);
    let unknown = context.ids.person_or_unknown(None);
    let author = added_by.and_then(|person| context.ids.person(Some(*person)));
    let (author_id, recipient_id) = roles(author, deleted_by, unknown);
    memo_deletion::Model {
        id: context.id_of(LOG, memo, deleted_at),
        memo_id: context.id_of(MEMOS, memo, deleted_at),
        memo_name: None,
        author_id,
        recipient_id,
        stage: MemoStage::Pending,
        draft: false,
        deleted_by,
        deleted_at,
        reason: None,
        verdict: DeletionVerdict::Allowed,
        warnings: serde_json::json!([]),
        counts: serde_json::json!([]),
        kept_files: serde_json::json!({}),
        bytes_freed: 0,
        restorable_until: deleted_at,
        restored_at: None,
        restored_by: None,
        purged_at: Some(deleted_at),
        erased_by: None,
        erasure_reason: None,
    }
}

/// Author and recipient of a deleted memo: a guess.
fn roles(author: Option<Uuid>, deleted_by: Uuid, unknown: Uuid) -> (Uuid, Uuid) {
    match author {
        Some(author) if author == deleted_by => (author, unknown),
        Some(author) => (author, deleted_by),
        None => (unknown, deleted_by),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_deleted_a_memo_is_its_author_or_its_recipient() {
        let [ada, bob, unknown] = [1, 2, 3].map(Uuid::from_u128);
        assert_eq!(roles(Some(ada), ada, unknown), (ada, unknown));
        assert_eq!(roles(Some(ada), bob, unknown), (ada, bob));
        assert_eq!(roles(None, bob, unknown), (unknown, bob));
    }
}
