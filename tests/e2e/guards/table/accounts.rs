use super::{ALL_BUT_ADMIN, ANYBODY, EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Mutation.signIn",
        document: "mutation { signIn(input: { username: \"\", password: \"\", refreshTokenInBody: \
            true }) { userErrors { code } } }",
        allowed: ANYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.refreshSession",
        document: "mutation { refreshSession(input: { refreshToken: \"\" }) { userErrors { code } \
            } }",
        allowed: ANYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.signOut",
        document: "mutation { signOut(input: {}) { userErrors { code } } }",
        allowed: ANYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.changePassword",
        document: "mutation { changePassword(input: { currentPassword: \"\", newPassword: \"\" }) \
            { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.setPassword",
        document: "mutation { setPassword(input: { userId: \"user_x\", newPassword: \"\" }) { \
            userErrors { code } } }",
        allowed: &["admin"],
        refused: ALL_BUT_ADMIN,
    },
];
