use super::{ALL_BUT_ADMIN, EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Query.users",
        document: "{ users { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.createUser",
        document: "mutation { createUser(input: { username: \"\", fullName: \"\", email: \"\", \
            role: MEMBER }) { userErrors { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.updateUser",
        document: "mutation { updateUser(input: { userId: \"user_x\" }) { userErrors { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.deactivateUser",
        document: "mutation { deactivateUser(input: { userId: \"user_x\" }) { userErrors { code } \
            } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.reactivateUser",
        document: "mutation { reactivateUser(input: { userId: \"user_x\" }) { userErrors { code } \
            } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Query.memoReassignmentPreview",
        document: "query ($user: ID!) { memoReassignmentPreview(fromUserId: $user, toUserId: \
            $user) { memoCount } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Query.memoReassignments",
        document: "{ memoReassignments { nodes { id } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.reassignMemos",
        document: "mutation ($user: ID!) { reassignMemos(input: { fromUserId: $user, toUserId: \
            $user }) { userErrors { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Query.personErasurePreview",
        document: "query ($user: ID!) { personErasurePreview(userId: $user) { verdict } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Query.personErasures",
        document: "{ personErasures { nodes { id } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Mutation.erasePerson",
        document: "mutation { erasePerson(input: { userId: \"user_x\" }) { userErrors { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
    Guarded {
        field: "Query.personalData",
        document: "query ($user: ID!) { personalData(userId: $user) { url } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.deleteUser",
        document: "mutation { deleteUser(input: { userId: \"user_x\" }) { userErrors { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
];
