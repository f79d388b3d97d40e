//! The rules of deletion, in every case.

use crate::{
    deletion_cases::{ACTORS, HEAD, answer, cases},
    snapshots::assert_snapshot,
    states::state,
};
use entity::{DeletionVerdict, MemoRole, MemoStage};
use service::{
    access::MemoState,
    memo_deletion::policy::{self, DeletionImpact},
};

#[test]
fn the_rules_decide_as_the_permission_table_says() {
    let mut table = HEAD.to_owned();
    for case in cases() {
        for (n, actor) in ACTORS.into_iter().enumerate() {
            let state = state(n, actor, case.stage, case.to_self);
            let state = MemoState { draft: case.draft, on_hold: case.hold, ..state };
            let text = match policy::decide(&state, &DeletionImpact::default()) {
                _ if case.cannot_exist() => "cannot exist".to_owned(),
                None => "NOT_FOUND".to_owned(),
                Some(decision) => answer(
                    decision.verdict().as_str(),
                    [
                        decision.roles.iter().map(|role| role.as_str().to_owned()).collect(),
                        decision
                            .blockers
                            .iter()
                            .map(|blocker| blocker.code.as_str().to_owned())
                            .collect(),
                        decision
                            .warnings
                            .iter()
                            .map(|warning| warning.code.as_str().to_owned())
                            .collect(),
                        decision
                            .alternatives
                            .iter()
                            .map(|alternative| alternative.as_str().to_owned())
                            .collect(),
                    ],
                ),
            };
            table.push_str(&case.row(actor, &text));
        }
    }
    assert_snapshot("permission_table", &table);
}

/// Each impact alone, for each participant: its warnings and alternatives.
#[test]
fn each_impact_makes_the_warnings_of_the_table() {
    let mut table =
        "burden               | viewer    | verdict, warnings; alternatives\n".to_owned();
    let impacts = [
        ("none", DeletionImpact::default()),
        ("task", DeletionImpact { documents_task: true, ..DeletionImpact::default() }),
        ("project", DeletionImpact { documents_project: true, ..DeletionImpact::default() }),
        ("deal", DeletionImpact { documents_deal: true, ..DeletionImpact::default() }),
        ("2 files", DeletionImpact { files: 2, ..DeletionImpact::default() }),
        ("3 others' comments", DeletionImpact { others_comments: 3, ..DeletionImpact::default() }),
        ("1 other's reminder", DeletionImpact { others_reminders: 1, ..DeletionImpact::default() }),
    ];
    for (name, impact) in impacts {
        for (viewer_name, n, to_self) in
            [("author", 0, false), ("recipient", 1, false), ("both", 0, true)]
        {
            let state = state(n, viewer_name, MemoStage::Pending, to_self);
            let decision = policy::decide(&state, &impact).expect("a participant sees it");
            assert!(
                decision.roles.contains(&MemoRole::Author)
                    || decision.roles.contains(&MemoRole::Recipient)
            );
            assert_ne!(decision.verdict(), DeletionVerdict::Denied);
            let warnings: Vec<String> = decision
                .warnings
                .iter()
                .map(|warning| format!("{} ({})", warning.code.as_str(), warning.count))
                .collect();
            let alternatives: Vec<&str> =
                decision.alternatives.iter().map(|alternative| alternative.as_str()).collect();
            table.push_str(&format!(
                "{name:<20} | {viewer_name:<9} | {}, {}; {}\n",
                decision.verdict().as_str(),
                if warnings.is_empty() { "-".to_owned() } else { warnings.join(" ") },
                if alternatives.is_empty() { "-".to_owned() } else { alternatives.join(" ") },
            ));
        }
    }
    assert_snapshot("warning_table", &table);
}
