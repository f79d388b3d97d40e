//! The table of every action except deletion, through HTTP.

use crate::snapshots;
use memoranda_tests::{Actor, Office, TestMemo};
use serde_json::{Value, json};
use service::memos::policy::Action;
use std::collections::BTreeSet;

/// `service` tests the same cases with the rules themselves.
#[path = "../../service/tests/rules/action_cases.rs"]
mod cases;

use cases::{ACTORS, STATES, State, table};

/// A verb, its mutations, and a document that tries it. `$memo` is the memo. `$file` is a file,
/// `$task` a task, `$comment` a comment of the actor and `$person` another person, if the verb
/// needs one.
pub struct Trial {
    verb: Action,
    rules: &'static [&'static str],
    pub document: &'static str,
}

pub const TRIALS: [Trial; 17] = [
    Trial {
        verb: Action::Edit,
        rules: &["updateMemo"],
        document: "mutation ($memo: ID!) { answer: updateMemo(input: { memoId: $memo, name: \
            \"Changed\" }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::Conclude,
        rules: &[],
        document: "mutation ($memo: ID!) { answer: updateMemo(input: { memoId: $memo, conclusion: \
            \"Settled.\" }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::Send,
        rules: &["sendMemo"],
        document: "mutation ($memo: ID!) { answer: sendMemo(input: { memoId: $memo }) { userErrors \
            { code } } }",
    },
    Trial {
        verb: Action::Copy,
        rules: &["copyMemo"],
        document: "mutation ($memo: ID!) { answer: copyMemo(input: { memoId: $memo }) { userErrors \
            { code } } }",
    },
    Trial {
        verb: Action::Review,
        rules: &["reviewMemo"],
        document: "mutation ($memo: ID!) { answer: reviewMemo(input: { memoId: $memo }) { \
            userErrors { code } } }",
    },
    Trial {
        verb: Action::Postpone,
        rules: &["postponeMemo"],
        document: "mutation ($memo: ID!) { answer: postponeMemo(input: { memoId: $memo, until: \
            \"2026-04-01\" }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::CreateTask,
        rules: &["createTaskFromMemo"],
        document: "mutation ($memo: ID!) { answer: createTaskFromMemo(input: { memoId: $memo }) { \
            userErrors { code } } }",
    },
    Trial {
        verb: Action::CreateProject,
        rules: &["createProjectFromMemo"],
        document: "mutation ($memo: ID!) { answer: createProjectFromMemo(input: { memoId: $memo }) \
            { userErrors { code } } }",
    },
    Trial {
        verb: Action::TransferFiles,
        rules: &["transferFiles"],
        document: "mutation ($memo: ID!, $file: ID!, $task: ID!) { answer: transferFiles(input: { \
            memoId: $memo, fileIds: [$file], taskId: $task }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::AttachFiles,
        rules: &["attachFiles"],
        document: "mutation ($memo: ID!, $own: ID!) { answer: attachFiles(input: { targetId: \
            $memo, fileIds: [$own] }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::DetachFiles,
        rules: &["detachFiles"],
        document: "mutation ($memo: ID!, $file: ID!) { answer: detachFiles(input: { targetId: \
            $memo, fileIds: [$file] }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::ManageSubscribers,
        rules: &["addMemoSubscribers", "removeMemoSubscribers"],
        document: "mutation ($memo: ID!, $person: ID!) { answer: addMemoSubscribers(input: { \
            memoId: $memo, userIds: [$person] }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::Tag,
        rules: &["addMemoTags", "removeMemoTags"],
        document: "mutation ($memo: ID!, $tag: ID!) { answer: addMemoTags(input: { memoId: $memo, \
            tagIds: [$tag] }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::Comment,
        rules: &["addComment"],
        document: "mutation ($memo: ID!) { answer: addComment(input: { memoId: $memo, body: \
            \"Hm.\" }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::ReviseComment,
        rules: &["updateComment", "deleteComment"],
        document: "mutation ($comment: ID!) { answer: updateComment(input: { commentId: $comment, \
            body: \"Hm!\" }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::Remind,
        rules: &["createReminder", "updateReminder", "dismissReminder", "deleteReminder"],
        document: "mutation ($memo: ID!) { answer: createReminder(input: { memoId: $memo, dueAt: \
            \"2026-04-01T08:00:00Z\" }) { userErrors { code } } }",
    },
    Trial {
        verb: Action::MarkRead,
        rules: &["markMemosRead", "markMemosUnread"],
        document: "mutation ($memo: ID!) { answer: markMemosRead(input: { memoIds: [$memo] }) { \
            userErrors { code } } }",
    },
];

/// Mutations to which these rules do not apply. Those of deletion have their own table. The others
/// do not concern a memo.
const OTHERS: [&str; 41] = [
    // Deletion: permission_table.rs, restore.rs, erasure_table.rs, holds.rs.
    "deleteMemo",
    "deleteMemos",
    "restoreMemo",
    "eraseMemoDeletion",
    "placeMemoHold",
    "releaseMemoHold",
    "placeMemoHolds",
    "releaseMemoHolds",
    // There are no rules for a new memo: writing.rs.
    "createMemo",
    // The responsible people own work: work.rs.
    "createTask",
    "updateTask",
    "completeTask",
    "deleteTask",
    "createProject",
    "updateProject",
    "completeProject",
    "deleteProject",
    // For company management and administrators: catalogue.rs, people.rs.
    "createTag",
    "updateTag",
    "deleteTag",
    "createResolution",
    "updateResolution",
    "deleteResolution",
    "createDeal",
    "updateDeal",
    "deleteDeal",
    "createUser",
    "updateUser",
    "deactivateUser",
    "reactivateUser",
    "deleteUser",
    // Memos of people who have left: leavers.rs.
    "reassignMemos",
    // People themselves: person_erasure_table.rs.
    "erasePerson",
    // Passwords and sessions: accounts.rs.
    "signIn",
    "refreshSession",
    "signOut",
    "changePassword",
    "setPassword",
    // The viewer's own: notifications.rs.
    "markNotificationsRead",
    "markAllNotificationsRead",
    "updateMailPreferences",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_api_answers_as_the_table_of_actions_says() {
    let office = Office::open().await;
    let mut answers = std::collections::HashMap::new();
    for trial in &TRIALS {
        for state in STATES {
            for actor in ACTORS {
                let memo = create(&office, state).await;
                let variables = variables(&office, trial.verb, &memo, office.person(actor)).await;
                let answer = office.person(actor).data(trial.document, variables).await;
                let codes = answer["answer"]["userErrors"].as_array().unwrap();
                let word = codes.first().map_or("yes", |error| error["code"].as_str().unwrap());
                answers.insert((trial.verb, state.name, actor), word.to_owned());
            }
        }
    }
    snapshots::assert_table(
        "verb_table",
        &table(|verb, state, actor| {
            let actor = ACTORS.iter().find(|name| **name == actor).unwrap();
            answers
                .remove(&(verb, state.name, *actor))
                .unwrap_or_else(|| panic!("{verb:?} has no trial"))
        }),
    );
    office.close().await;
}

async fn create(office: &Office, state: State) -> TestMemo {
    let mut memo = office.memo().in_stage(state.stage).with_subscriber(office.subscriber().id);
    if state.draft {
        memo = memo.draft();
    }
    if state.hold {
        memo = memo.on_hold();
    }
    if state.to_self {
        memo = memo.to(office.author().id);
    }
    memo.create().await
}

/// What the verb's document needs besides the memo.
async fn variables(office: &Office, verb: Action, memo: &TestMemo, actor: &Actor) -> Value {
    use api::graphql::Kind;
    let mut variables = json!({ "memo": memo.id });
    match verb {
        Action::TransferFiles | Action::DetachFiles => {
            let file = office.attach(memo, "plan.txt", "the plan").await;
            let task = office.task("Paint the walls").await;
            office.link(memo, entity::memo::Column::TaskId, task).await;
            variables["file"] = json!(Kind::File.id(file.id));
            variables["task"] = json!(Kind::Task.id(task));
        }
        Action::AttachFiles => {
            variables["own"] =
                json!(Kind::File.id(office.upload(actor, "own.txt", "mine").await.id))
        }
        Action::ManageSubscribers => variables["person"] = json!(Kind::User.id(office.chief().id)),
        Action::Tag => variables["tag"] = json!(Kind::Tag.id(office.some_tag().await)),
        Action::ReviseComment => {
            variables["comment"] =
                json!(Kind::Comment.id(office.comment(memo, actor.id, "Hm").await));
        }
        _ => {}
    }
    variables
}

#[test]
fn every_mutation_has_its_rules() {
    let sdl = api::graphql::sdl();
    let mutations =
        sdl.split("type Mutation {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
    let mutations: BTreeSet<&str> = mutations
        .lines()
        .filter_map(|line| line.strip_prefix('\t').and_then(|rest| rest.strip_suffix('(')))
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect();
    let ruled: BTreeSet<&str> =
        TRIALS.iter().flat_map(|trial| trial.rules.iter().copied()).chain(OTHERS).collect();
    assert_eq!(mutations, ruled, "the mutations of the schema, and those that this file knows");
    let tried: Vec<Action> = TRIALS.iter().map(|trial| trial.verb).collect();
    assert_eq!(tried, Action::ALL);
}
