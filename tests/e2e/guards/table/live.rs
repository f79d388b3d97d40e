use super::{EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Subscription.memoEvents",
        document: "subscription { memoEvents(after: \"nonsense\") { id } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Subscription.notificationAdded",
        document: "subscription { notificationAdded(after: \"nonsense\") { id } }",
        allowed: EVERYBODY,
        refused: &[],
    },
];
