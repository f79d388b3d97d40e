//! Who sees what, as conditions in SQL, for statements that are texts.
//!
//! The same rules as `memos::visible` and `work::list`, for any person that a statement names, and
//! not for the viewer alone.

/// Whether a person sees a memo: a draft is its author's alone; a sent memo is its author's, its
/// recipient's, its subscribers' and the chiefs'. `memo` is the row, `person` the id.
pub(crate) fn sees_memo(memo: &str, person: &str, is_chief: &str) -> String {
    format!(
        "({memo}.author_id = {person} OR (NOT {memo}.draft AND ({memo}.recipient_id = {person} OR {is_chief} \
         OR EXISTS (SELECT 1 FROM memo_subscribers s WHERE s.memo_id = {memo}.id AND s.user_id = {person}))))"
    )
}

/// Whether a person sees a `task` or a `project`: who created it, its members, chiefs. `row` is its
/// row, `person` the id.
pub(crate) fn sees_work(work: &str, row: &str, person: &str, is_chief: &str) -> String {
    format!(
        "({row}.created_by = {person} OR {is_chief} \
         OR EXISTS (SELECT 1 FROM {work}_members w WHERE w.{work}_id = {row}.id AND w.user_id = {person}))"
    )
}
