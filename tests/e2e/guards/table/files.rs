use super::{EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Mutation.attachFiles",
        document: "mutation { attachFiles(input: { targetId: \"memo_x\", fileIds: [] }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.detachFiles",
        document: "mutation { detachFiles(input: { targetId: \"memo_x\", fileIds: [] }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
];
