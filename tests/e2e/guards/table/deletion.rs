use super::{ALL_BUT_ADMIN, EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Query.memoDeletionPreview",
        document: "query ($memo: ID!) { memoDeletionPreview(memoId: $memo) { verdict } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.memosDeletionPreview",
        document: "query ($memo: ID!) { memosDeletionPreview(memoIds: [$memo]) { verdict } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.memoDeletions",
        document: "{ memoDeletions { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.refusedMemoDeletions",
        document: "{ refusedMemoDeletions { nodes { id } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Query.memoHolds",
        document: "{ memoHolds { nodes { id } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.deleteMemo",
        document: "mutation { deleteMemo(input: { memoId: \"memo_x\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.deleteMemos",
        document: "mutation { deleteMemos(input: { memos: [] }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.restoreMemo",
        document: "mutation ($record: ID!) { restoreMemo(input: { deletionId: $record }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.memoErasurePreview",
        document: "query ($record: ID!) { memoErasurePreview(deletionId: $record) { verdict } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.eraseMemoDeletion",
        document: "mutation ($record: ID!) { eraseMemoDeletion(input: { deletionId: $record }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.reviewMemo",
        document: "mutation { reviewMemo(input: { memoId: \"memo_x\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.postponeMemo",
        document: "mutation { postponeMemo(input: { memoId: \"memo_x\", until: \"2030-01-01\" }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.placeMemoHold",
        document: "mutation { placeMemoHold(input: { memoId: \"memo_x\", reason: \"Audit\" }) { \
            userErrors { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.releaseMemoHold",
        document: "mutation ($hold: ID!) { releaseMemoHold(input: { holdId: $hold }) { userErrors \
            { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.placeMemoHolds",
        document: "mutation { placeMemoHolds(input: { selection: {}, matter: \"Case\", reason: \
            \"Audit\" }) { userErrors { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.releaseMemoHolds",
        document: "mutation { releaseMemoHolds(input: { matter: \"Case\" }) { userErrors { code } \
            } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
];
