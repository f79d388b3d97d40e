use super::{EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Query.reminders",
        document: "{ reminders { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.addComment",
        document: "mutation ($memo: ID!) { addComment(input: { memoId: $memo, body: \"\" }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.updateComment",
        document: "mutation { updateComment(input: { commentId: \"comment_x\", body: \"x\" }) { \
            userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.deleteComment",
        document: "mutation { deleteComment(input: { commentId: \"comment_x\" }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.createReminder",
        document: "mutation ($memo: ID!) { createReminder(input: { memoId: $memo, dueAt: \
            \"2020-01-01T00:00:00Z\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.updateReminder",
        document: "mutation { updateReminder(input: { reminderId: \"reminder_x\", dueAt: \
            \"2030-01-01T00:00:00Z\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.deleteReminder",
        document: "mutation { deleteReminder(input: { reminderId: \"reminder_x\" }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.dismissReminder",
        document: "mutation { dismissReminder(input: { reminderId: \"reminder_x\" }) { userErrors \
            { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
];
