//! Memos that share a file: when one of them is deleted or restored, the deletion of another one
//! takes the file along, or does not any more.

/// Raises the revision of every other memo that has a file of the memo `$1`: what was previewed of
/// it holds no longer.
pub(super) const REVISE: &str = "UPDATE memos SET revision = revision + 1 WHERE id IN \
    (SELECT o.memo_id FROM memo_files x JOIN memo_files o ON o.file_id = x.file_id \
     WHERE x.memo_id = $1 AND o.memo_id <> $1)";
