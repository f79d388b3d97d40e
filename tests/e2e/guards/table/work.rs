use super::{EVERYBODY, Guarded};

pub const GUARDED: &[Guarded] = &[
    Guarded {
        field: "Query.tasks",
        document: "{ tasks { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Query.projects",
        document: "{ projects { nodes { id } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.createTask",
        document: "mutation { createTask(input: { name: \"\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.createProject",
        document: "mutation { createProject(input: { name: \"\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.createTaskFromMemo",
        document: "mutation { createTaskFromMemo(input: { memoId: \"memo_x\" }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.createProjectFromMemo",
        document: "mutation { createProjectFromMemo(input: { memoId: \"memo_x\" }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.updateTask",
        document: "mutation { updateTask(input: { taskId: \"task_x\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.updateProject",
        document: "mutation { updateProject(input: { projectId: \"project_x\" }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.completeTask",
        document: "mutation { completeTask(input: { taskId: \"task_x\" }) { userErrors { code } } \
            }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.completeProject",
        document: "mutation { completeProject(input: { projectId: \"project_x\" }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.deleteTask",
        document: "mutation { deleteTask(input: { taskId: \"task_x\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.deleteProject",
        document: "mutation { deleteProject(input: { projectId: \"project_x\" }) { userErrors { \
            code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
    Guarded {
        field: "Mutation.transferFiles",
        document: "mutation { transferFiles(input: { memoId: \"memo_x\", fileIds: [], taskId: \
            \"task_x\" }) { userErrors { code } } }",
        allowed: EVERYBODY,
        refused: &[],
    },
];
