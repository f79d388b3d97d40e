use super::{EVERYBODY, Guarded};

const MANAGERS: &[&str] = &["chief", "admin"];
const OTHERS: &[&str] = &["author", "recipient", "subscriber", "stranger"];

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Query.tags",
        document: "{ tags { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.resolutions",
        document: "{ resolutions { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.deals",
        document: "{ deals { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.createTag",
        document: "mutation { createTag(input: { name: \"\" }) { userErrors { code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
    Guarded {
        field: "Mutation.updateTag",
        document: "mutation { updateTag(input: { tagId: \"tag_x\", name: \"x\" }) { userErrors { \
            code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
    Guarded {
        field: "Mutation.deleteTag",
        document: "mutation { deleteTag(input: { tagId: \"tag_x\" }) { userErrors { code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
    Guarded {
        field: "Mutation.createResolution",
        document: "mutation { createResolution(input: { name: \"\" }) { userErrors { code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
    Guarded {
        field: "Mutation.updateResolution",
        document: "mutation { updateResolution(input: { resolutionId: \"resolution_x\", name: \
            \"x\" }) { userErrors { code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
    Guarded {
        field: "Mutation.deleteResolution",
        document: "mutation { deleteResolution(input: { resolutionId: \"resolution_x\" }) { \
            userErrors { code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
    Guarded {
        field: "Mutation.createDeal",
        document: "mutation { createDeal(input: { name: \"\" }) { userErrors { code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
    Guarded {
        field: "Mutation.updateDeal",
        document: "mutation { updateDeal(input: { dealId: \"deal_x\" }) { userErrors { code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
    Guarded {
        field: "Mutation.deleteDeal",
        document: "mutation { deleteDeal(input: { dealId: \"deal_x\" }) { userErrors { code } } }",
        allowed: MANAGERS,
        refused: OTHERS,
    },
];
