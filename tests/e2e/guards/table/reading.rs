use super::{EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Query.memos",
        document: "{ memos { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "User.email",
        document: "query ($user: ID!) { node(id: $user) { ... on User { email } } }",
        allowed: &["author", "admin"],
        refused: &["recipient", "subscriber", "stranger", "chief"],
    },
    Guarded {
        field: "Memo.conclusion",
        document: "query ($memo: ID!) { memo(id: $memo) { conclusion } }",
        allowed: &["author", "recipient"],
        refused: &["subscriber", "chief"],
    },
];
