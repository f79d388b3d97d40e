//! The belongings of a deleted memo stay in their tables. So every statement that reads such a
//! table must go through a table of memos. Otherwise, it would show, count or keep rows that are
//! out of reach.

use crate::rows::BY_TESTS;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

/// The tables whose rows belong to memos.
const BELONGINGS: [&str; 6] =
    ["memo_subscribers", "memo_tags", "memo_files", "comments", "reminders", "unread_marks"];

/// The tables that show whether a memo is live, deleted, or about to be erased.
const MEMOS: [&str; 3] = ["memos", "deleted_memos", "memo_ids"];

/// Statements that may look at all rows, by their beginning.
const EXCEPTIONS: [&str; 3] = [
    BY_TESTS,
    // Whether a file is attached to anything: a deleted memo that can be restored keeps its files.
    "SELECT f.id FROM files f WHERE f.id >",
    "DELETE FROM files AS f",
];

/// The statements of an office that read belongings without a table of memos.
#[derive(Debug, Clone, Default)]
pub struct OutOfReach(Arc<Mutex<BTreeSet<String>>>);

impl OutOfReach {
    /// Checks a statement that was run.
    pub fn look_at(&self, sql: &str) {
        if reads_belongings_alone(sql) {
            self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(sql.to_owned());
        }
    }

    /// Fails if it found any.
    pub fn assert_none(&self) {
        let found = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        assert!(
            found.is_empty(),
            "statements that read what belongs to memos, but no memos: {found:#?}"
        );
    }
}

fn reads_belongings_alone(sql: &str) -> bool {
    let words: Vec<&str> = sql
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let reads = words.windows(3).any(|at| {
        let [before, from, table] = at else { return false };
        (*from == "JOIN" || (*from == "FROM" && *before != "DELETE")) && BELONGINGS.contains(table)
    });
    reads
        && !words.iter().any(|word| MEMOS.contains(word))
        && !EXCEPTIONS.iter().any(|exception| sql.starts_with(exception))
}

#[cfg(test)]
mod tests {
    use super::reads_belongings_alone;

    #[test]
    fn a_statement_that_forgets_the_memo_is_found() {
        assert!(reads_belongings_alone("SELECT * FROM comments WHERE memo_id = $1"));
        assert!(reads_belongings_alone(
            "SELECT 1 FROM tags t JOIN \"memo_tags\" x ON x.tag_id = t.id"
        ));
        assert!(reads_belongings_alone(
            "DELETE FROM tags WHERE id IN (SELECT tag_id FROM memo_tags)"
        ));
        assert!(!reads_belongings_alone(
            "SELECT c.* FROM comments c JOIN memos m ON m.id = c.memo_id"
        ));
        assert!(!reads_belongings_alone("DELETE FROM comments WHERE id = $1"));
        assert!(!reads_belongings_alone("INSERT INTO memo_tags (memo_id, tag_id) VALUES ($1, $2)"));
    }
}
