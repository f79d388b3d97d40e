//! Memos with a short and with a long discussion.

use super::{CHUNK, FilledMemo, Office, Rows, memo};
use crate::Result;
use service::database::Database;

/// The numbers of comments that are compared.
const LENGTHS: [usize; 2] = [10, 100_000];

/// Writes one memo for each length. `number` is the number of the first one.
pub(super) async fn write(
    database: &Database,
    office: &Office,
    number: usize,
) -> Result<Vec<FilledMemo>> {
    let mut memos = Vec::new();
    // These numbers belong to memos on which nobody has acted.
    for (index, length) in (number.next_multiple_of(8)..).zip(LENGTHS) {
        let row = memo::bare(office, index);
        let filled = FilledMemo {
            id: row.id,
            author: row.author_id,
            recipient: row.recipient_id,
            deletable: false,
        };
        let at = row.created_at;
        let mut rows = Rows { memos: vec![row], ..Rows::default() };
        for first in (0..length).step_by(CHUNK) {
            let comments = first..(first + CHUNK).min(length);
            rows.comments
                .extend(comments.map(|n| memo::comment_by(office.person(n), filled.id, at, n)));
            std::mem::take(&mut rows).insert(database).await?;
        }
        memos.push(filled);
    }
    Ok(memos)
}
