use super::{EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Query.notifications",
        document: "{ notifications { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.unreadNotificationCount",
        document: "{ unreadNotificationCount }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.mailPreferences",
        document: "{ mailPreferences { kinds } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.markNotificationsRead",
        document: "mutation { markNotificationsRead(input: { notificationIds: [] }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.markAllNotificationsRead",
        document: "mutation { markAllNotificationsRead(input: {}) { markedCount } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.updateMailPreferences",
        document: "mutation { updateMailPreferences(input: { kinds: [MEMO_SENT] }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
];
