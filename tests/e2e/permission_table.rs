//! The permission table: every actor × stage × draft × hold × author-is-recipient, by the rule
//! itself and through HTTP.

use entity::{DeletionVerdict, MemoRole, MemoStage};
use memoranda_tests::{Actor, Office};
use sea_orm::ActiveModelTrait;
use serde_json::Value;
use service::{
    access::MemoState,
    memo_deletion::policy::{self, Burden},
};
use uuid::Uuid;

const ACTORS: [&str; 6] = ["author", "recipient", "subscriber", "stranger", "chief", "admin"];
const STAGES: [MemoStage; 3] = [MemoStage::Pending, MemoStage::Postponed, MemoStage::Reviewed];

/// A case of the table. If the memo is to its author, the recipient of the other cases is a
/// stranger to it.
#[derive(Clone, Copy)]
struct Case {
    stage: MemoStage,
    draft: bool,
    hold: bool,
    to_self: bool,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for to_self in [false, true] {
        for draft in [false, true] {
            for stage in STAGES {
                for hold in [false, true] {
                    cases.push(Case { stage, draft, hold, to_self });
                }
            }
        }
    }
    cases
}

impl Case {
    /// A draft that its recipient has acted on: the database refuses it.
    fn cannot_exist(self) -> bool {
        self.draft && self.stage != MemoStage::Pending
    }

    fn row(self, actor: &str, answer: &str) -> String {
        let yes = |condition: bool| if condition { "yes" } else { "no" };
        format!(
            "{actor:<10} | {:<9} | {:<5} | {:<4} | {:<7} | {answer}\n",
            self.stage.word(),
            yes(self.draft),
            yes(self.hold),
            yes(self.to_self)
        )
    }
}

const HEAD: &str = "actor      | stage     | draft | hold | to self | verdict, roles; blockers; \
    warnings; alternatives\n";

fn answer(verdict: &str, lists: [Vec<String>; 4]) -> String {
    let [roles, blockers, warnings, alternatives] =
        lists.map(|list| if list.is_empty() { "-".to_owned() } else { list.join(" ") });
    format!("{verdict}, {roles}; {blockers}; {warnings}; {alternatives}")
}

#[test]
fn by_the_rule_itself() {
    let id = |n: usize| Uuid::from_u128(u128::try_from(n).unwrap());
    let mut table = HEAD.to_owned();
    for case in cases() {
        for (n, actor) in ACTORS.into_iter().enumerate() {
            let acted = case.stage != MemoStage::Pending;
            let state = MemoState {
                viewer: id(n),
                viewer_is_chief: actor == "chief",
                viewer_is_subscriber: actor == "subscriber",
                author: id(0),
                recipient: id(usize::from(!case.to_self)),
                draft: case.draft,
                stage: case.stage,
                first_act: acted.then(|| (case.stage, memoranda_tests::at("2026-03-02T09:00:00Z"))),
                on_hold: case.hold,
            };
            let text = match policy::decide(&state, &Burden::default()) {
                _ if case.cannot_exist() => "cannot exist".to_owned(),
                None => "NOT_FOUND".to_owned(),
                Some(decision) => answer(
                    decision.verdict().word(),
                    [
                        decision.roles.iter().map(|role| role.word().to_owned()).collect(),
                        decision
                            .blockers
                            .iter()
                            .map(|blocker| blocker.code.word().to_owned())
                            .collect(),
                        decision
                            .warnings
                            .iter()
                            .map(|warning| warning.code.word().to_owned())
                            .collect(),
                        decision
                            .alternatives
                            .iter()
                            .map(|alternative| alternative.word().to_owned())
                            .collect(),
                    ],
                ),
            };
            table.push_str(&case.row(actor, &text));
        }
    }
    snapshot(&table);
}

#[tokio::test(flavor = "multi_thread")]
async fn through_http() {
    let office = Office::open().await;
    let mut table = HEAD.to_owned();
    for case in cases() {
        let memo = if case.cannot_exist() {
            assert_refused_by_the_database(&office, case).await;
            None
        } else {
            let mut memo =
                office.memo().in_stage(case.stage).with_subscriber(office.subscriber().id);
            if case.draft {
                memo = memo.draft();
            }
            if case.hold {
                memo = memo.on_hold();
            }
            if case.to_self {
                memo = memo.to(office.author().id);
            }
            Some(memo.create().await)
        };
        for actor in ACTORS {
            let text = match &memo {
                None => "cannot exist".to_owned(),
                Some(memo) => ask(office.person(actor), &memo.id).await,
            };
            table.push_str(&case.row(actor, &text));
        }
    }
    snapshot(&table);
    office.close().await;
}

async fn ask(person: &Actor, memo: &str) -> String {
    let preview = person.preview(memo).await;
    let can_delete = "query ($id: ID!) { memo(id: $id) { viewerCanDelete viewerCannotDeleteReasons \
        viewerRoles } }";
    let hint = person.data(can_delete, serde_json::json!({ "id": memo })).await;
    if preview.is_null() {
        assert!(hint["memo"].is_null(), "the memo and its preview exist for the same people");
        return "NOT_FOUND".to_owned();
    }
    let codes = |list: &Value| -> Vec<String> {
        let codes = list.as_array().unwrap().iter();
        codes.map(|item| item["code"].as_str().or(item.as_str()).unwrap().to_owned()).collect()
    };
    // The hint of a list agrees with the preview.
    assert_eq!(hint["memo"]["viewerCanDelete"], preview["verdict"] != "DENIED");
    assert_eq!(codes(&hint["memo"]["viewerCannotDeleteReasons"]), codes(&preview["blockers"]));
    assert_eq!(hint["memo"]["viewerRoles"], preview["viewerRoles"]);
    assert_eq!(preview["confirmationToken"].is_null(), preview["verdict"] == "DENIED");
    answer(
        preview["verdict"].as_str().unwrap(),
        ["viewerRoles", "blockers", "warnings", "alternatives"].map(|list| codes(&preview[list])),
    )
}

async fn assert_refused_by_the_database(office: &Office, case: Case) {
    let row = office.memo().draft().create().await;
    let memo = entity::memo::ActiveModel {
        id: sea_orm::Set(row.uuid),
        stage: sea_orm::Set(case.stage),
        ..Default::default()
    };
    let result = memo.update(office.services.database.connection()).await;
    assert!(result.is_err(), "a draft in stage {:?}: {result:?}", case.stage);
}

fn snapshot(table: &str) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("permission_table", table);
    });
}

/// Each burden alone, for each participant: which warnings and alternatives it makes.
#[test]
fn burdens() {
    let (author, recipient) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let mut table =
        "burden               | viewer    | verdict, warnings; alternatives\n".to_owned();
    let burdens = [
        ("none", Burden::default()),
        ("task", Burden { documents_task: true, ..Burden::default() }),
        ("project", Burden { documents_project: true, ..Burden::default() }),
        ("deal", Burden { documents_deal: true, ..Burden::default() }),
        ("2 files", Burden { files: 2, ..Burden::default() }),
        ("3 others' comments", Burden { others_comments: 3, ..Burden::default() }),
        ("1 other's reminder", Burden { others_reminders: 1, ..Burden::default() }),
    ];
    for (name, burden) in burdens {
        for (viewer_name, viewer, recipient) in [
            ("author", author, recipient),
            ("recipient", recipient, recipient),
            ("both", author, author),
        ] {
            let state = MemoState {
                viewer,
                viewer_is_chief: false,
                viewer_is_subscriber: false,
                author,
                recipient,
                draft: false,
                stage: MemoStage::Pending,
                first_act: None,
                on_hold: false,
            };
            let decision = policy::decide(&state, &burden).expect("a participant sees it");
            assert!(
                decision.roles.contains(&MemoRole::Author)
                    || decision.roles.contains(&MemoRole::Recipient)
            );
            assert_ne!(decision.verdict(), DeletionVerdict::Denied);
            let warnings: Vec<String> = decision
                .warnings
                .iter()
                .map(|warning| format!("{} ({})", warning.code.word(), warning.count))
                .collect();
            let alternatives: Vec<&str> =
                decision.alternatives.iter().map(|alternative| alternative.word()).collect();
            table.push_str(&format!(
                "{name:<20} | {viewer_name:<9} | {}, {}; {}\n",
                decision.verdict().word(),
                if warnings.is_empty() { "-".to_owned() } else { warnings.join(" ") },
                if alternatives.is_empty() { "-".to_owned() } else { alternatives.join(" ") },
            ));
        }
    }
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("warning_table", table);
    });
}
