//! A memo with its belongings. Its number decides which: the same memos each time, with every
//! combination among them.

use super::{FilledMemo, Office, Rows};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    MemoStage, WorkRole, WorkStage, blob, comment, file, memo, memo_file, memo_subscriber,
    memo_tag, reminder, task, task_file, task_member,
};
use service::clock::{SystemRandomness, new_id};
use uuid::Uuid;

/// Adds the memo of that number to the rows.
pub(super) fn write(office: &Office, index: usize, rows: &mut Rows) -> FilledMemo {
    let row = bare(office, index);
    let (id, author, recipient, at) = (row.id, row.author_id, row.recipient_id, row.created_at);
    // Five of eight memos have no comments, the others have one to three.
    let comments = (index % 8).saturating_sub(4);
    let task_id = index.is_multiple_of(3).then(|| new_id(at, &SystemRandomness));
    let deal_id = (index % 11 == 4).then(|| Office::pick(&office.deals, index / 11));
    let has_file = index.is_multiple_of(5);
    let has_reminder = index % 7 == 3;
    for reader in [1, 2] {
        let user_id = reader_of(office, index, reader);
        rows.subscribers.push(memo_subscriber::Model { memo_id: id, user_id, created_at: at });
    }
    for label in [0, 17] {
        rows.tags.push(memo_tag::Model {
            memo_id: id,
            tag_id: Office::pick(&office.tags, index + label),
        });
    }
    if let Some(task_id) = task_id {
        add_task(rows, task_id, &row, reader_of(office, index, 1));
    }
    if has_file {
        add_file(rows, &row, task_id.filter(|_| index.is_multiple_of(2)));
    }
    for number in 0..comments {
        let author_id = if number == 1 { author } else { recipient };
        rows.comments.push(comment_by(author_id, id, at, number));
    }
    if has_reminder {
        let due_at = at + TimeDelta::days(400);
        let reminder = new_id(at, &SystemRandomness);
        rows.reminders.push(reminder::Model {
            id: reminder,
            memo_id: id,
            user_id: recipient,
            due_at,
            fired_at: None,
            dismissed_at: None,
            created_at: at,
        });
    }
    let deletable = row.stage == MemoStage::Pending
        && comments == 0
        && task_id.is_none()
        && deal_id.is_none()
        && !has_file
        && !has_reminder;
    rows.memos.push(memo::Model { task_id, deal_id, ..row });
    FilledMemo { id, author, recipient, deletable }
}

/// The memo's own row.
pub(super) fn bare(office: &Office, index: usize) -> memo::Model {
    // Between two memos to the same person, one goes to every other person.
    let at = office.begun + office.gap * i32::try_from(index).unwrap_or(i32::MAX);
    let stage = match index % 8 {
        6 => MemoStage::Postponed,
        7 => MemoStage::Reviewed,
        _ => MemoStage::Pending,
    };
    let acted = (stage != MemoStage::Pending).then_some(stage);
    memo::Model {
        id: new_id(at, &SystemRandomness),
        name: format!("Memo {index}: what we agreed on the telephone"),
        description:
            "They want the offer by Friday, with both variants, and a word on delivery times. "
                .repeat(3),
        note: acted.map(|_| "Done as discussed.".to_owned()),
        author_id: office.person(index + 1 + (index / 200) % 190),
        recipient_id: office.person(index),
        stage,
        draft: false,
        review_date: None,
        deal_id: None,
        task_id: None,
        project_id: None,
        resolution_id: None,
        sent_at: Some(at),
        acted_at: acted.map(|_| at + TimeDelta::hours(1)),
        acted_stage: acted,
        created_at: at,
        updated_at: at,
        version: 1,
        revision: 1,
        on_hold: false,
        comment_count: 0,
        author_comment_count: 0,
        recipient_comment_count: 0,
    }
}

/// A person who is neither author nor recipient.
fn reader_of(office: &Office, index: usize, number: usize) -> Uuid {
    office.person(index + 191 + (index / 200 + number) % 8)
}

pub(super) fn comment_by(
    author_id: Uuid,
    memo_id: Uuid,
    at: DateTime<Utc>,
    number: usize,
) -> comment::Model {
    let created_at = at + TimeDelta::seconds(i64::try_from(number).unwrap_or_default());
    let body = format!("Comment {number}: I have asked them again, and they will call back.");
    comment::Model {
        id: new_id(created_at, &SystemRandomness),
        memo_id,
        author_id,
        body,
        created_at,
        edited_at: None,
    }
}

fn add_task(rows: &mut Rows, id: Uuid, memo: &memo::Model, reader: Uuid) {
    rows.tasks.push(task::Model {
        id,
        name: format!("Task from {}", memo.name),
        description: memo.description.clone(),
        stage: WorkStage::InProgress,
        due_date: None,
        source_memo_id: None,
        created_by: memo.recipient_id,
        created_at: memo.created_at,
    });
    for (user_id, part) in
        [(memo.recipient_id, WorkRole::Responsible), (reader, WorkRole::Subscriber)]
    {
        rows.members.push(task_member::Model { task_id: id, user_id, part });
    }
}

fn add_file(rows: &mut Rows, memo: &memo::Model, transferred_to: Option<Uuid>) {
    let (file_id, created_at) = (new_id(memo.created_at, &SystemRandomness), memo.created_at);
    // Nothing reads the bytes, so any text of the right length suffices.
    let sha256 = format!("{}{}", file_id.simple(), memo.id.simple());
    let size = 48_000;
    let location = format!("bench/{sha256}");
    rows.blobs.push(blob::Model {
        sha256: sha256.clone(),
        size,
        location,
        created_at,
        claimed_at: None,
    });
    rows.files.push(file::Model {
        id: file_id,
        name: "offer.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size,
        blob_sha256: sha256,
        uploaded_by: memo.author_id,
        created_at,
        detached_at: None,
    });
    let attached_by = Some(memo.author_id);
    rows.attachments.push(memo_file::Model { memo_id: memo.id, file_id, created_at, attached_by });
    if let Some(task_id) = transferred_to {
        let attached_by = Some(memo.recipient_id);
        rows.transfers.push(task_file::Model { task_id, file_id, created_at, attached_by });
    }
}
