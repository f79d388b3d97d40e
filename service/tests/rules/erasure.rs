//! The rules of erasing a deleted memo, in every case.

use crate::{
    erasure_cases::{ACTORS, HEAD, Memo, answer, cases},
    snapshots::assert_snapshot,
};
use service::{
    access::RecordAccess,
    memo_deletion::erasure::policy::{BlockerCode, ErasureState, decide, verdict},
};

#[test]
fn the_rules_decide_as_the_table_of_erasures_says() {
    let mut table = HEAD.to_owned();
    for case in [false, true].into_iter().flat_map(cases) {
        for actor in ACTORS {
            let to_self = case.memo == Memo::DeletedToSelf;
            let is_author = actor == "author";
            let is_recipient = if to_self { is_author } else { actor == "recipient" };
            let is_admin = actor == "admin";
            let draft = case.memo == Memo::DeletedDraft;
            let blockers = decide(ErasureState {
                sight: RecordAccess { is_author, is_recipient, is_admin, draft }.sight(),
                is_admin,
                is_owner: is_author || (case.memo.is_by_recipient() && is_recipient),
                erase_by_owner: case.by_owner,
                is_restored: case.memo == Memo::Restored,
                is_erased: case.memo == Memo::Purged,
                on_hold: case.hold,
            });
            let text = blockers.map_or_else(
                || "NOT_FOUND".to_owned(),
                |blockers| {
                    let codes: Vec<&str> =
                        blockers.iter().copied().map(BlockerCode::as_str).collect();
                    answer(verdict(&blockers).as_str(), &codes)
                },
            );
            table.push_str(&case.row(actor, &text));
        }
    }
    assert_snapshot("erasure_table", &table);
}
