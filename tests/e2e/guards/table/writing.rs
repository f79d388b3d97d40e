use super::{EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Query.unreadMemoCount",
        document: "{ unreadMemoCount }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.createMemo",
        document: "mutation { createMemo(input: { name: \"\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.updateMemo",
        document: "mutation { updateMemo(input: { memoId: \"memo_x\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.sendMemo",
        document: "mutation { sendMemo(input: { memoId: \"memo_x\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.copyMemo",
        document: "mutation { copyMemo(input: { memoId: \"memo_x\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.addMemoSubscribers",
        document: "mutation { addMemoSubscribers(input: { memoId: \"memo_x\", userIds: [] }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.removeMemoSubscribers",
        document: "mutation { removeMemoSubscribers(input: { memoId: \"memo_x\", userIds: [] }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.addMemoTags",
        document: "mutation { addMemoTags(input: { memoId: \"memo_x\", tagIds: [] }) { userErrors \
            { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.removeMemoTags",
        document: "mutation { removeMemoTags(input: { memoId: \"memo_x\", tagIds: [] }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.markMemosRead",
        document: "mutation { markMemosRead(input: { memoIds: [] }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.markMemosUnread",
        document: "mutation { markMemosUnread(input: { memoIds: [] }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
];
