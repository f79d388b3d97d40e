//! The rules of deleting several memos as one, in every case.

use crate::{
    selection_cases::{HEAD, Memo, Token, cases},
    snapshots::assert_snapshot,
};
use entity::DeletionVerdict;
use service::memo_deletion::{
    policy::{Decision, Warning, WarningCode},
    selection::policy::{Confirmation, MemberState, Ruling, Sharing, rule, verdict, warnings},
};

fn state(memo: Memo) -> MemberState {
    match memo {
        Memo::Allowed => MemberState::Decided(DeletionVerdict::Allowed),
        Memo::Discouraged => MemberState::Decided(DeletionVerdict::Discouraged),
        Memo::Denied => MemberState::Decided(DeletionVerdict::Denied),
        Memo::NotFound => MemberState::NotFound,
        Memo::Deleted => MemberState::Deleted,
    }
}

/// The verdict that a preview shows of the memo.
fn shown(memo: Memo) -> Option<DeletionVerdict> {
    match state(memo) {
        MemberState::Decided(verdict) => Some(verdict),
        MemberState::NotFound | MemberState::Deleted => None,
    }
}

/// What happens to the memo if the selection is not refused as a whole.
fn result(memo: Memo) -> &'static str {
    match memo {
        Memo::Allowed | Memo::Discouraged => "deleted",
        Memo::Denied => "denied",
        Memo::NotFound => "not found",
        Memo::Deleted => "replayed",
    }
}

#[test]
fn the_rules_decide_as_the_table_of_selections_says() {
    let mut table = HEAD.to_owned();
    for case in cases() {
        let confirmation = match case.token {
            Token::None => Confirmation::Missing,
            Token::Current => Confirmation::Current,
            Token::Stale => Confirmation::Stale,
        };
        let answer = match rule(&case.memos.map(state), case.atomic, confirmation) {
            Ruling::Delete => case.memos.map(result).join(", "),
            Ruling::Refuse => "nothing: one cannot be deleted".to_owned(),
            Ruling::RequireConfirmation => "nothing: CONFIRMATION_REQUIRED".to_owned(),
            Ruling::RefuseConfirmation => "nothing: CONFIRMATION_STALE".to_owned(),
        };
        table.push_str(&case.row(verdict(case.memos.map(shown)).as_str(), &answer));
    }
    assert_snapshot("selection_table", &table);
}

#[test]
fn a_file_of_several_memos_goes_if_all_of_them_go() {
    for (memos, deletable, [if_it_goes, if_it_stays]) in [
        (1, 1, [false, false]),
        (2, 2, [false, true]),
        (2, 1, [true, true]),
        (3, 2, [true, true]),
        (3, 3, [false, true]),
    ] {
        let sharing = Sharing { memos, deletable };
        assert_eq!(sharing.keeps(true), if_it_goes, "{sharing:?}");
        assert_eq!(sharing.keeps(false), if_it_stays, "{sharing:?}");
    }
}

#[test]
fn warnings_add_up_but_a_shared_file_counts_once() {
    let decision = |blocked: bool, warnings: &[(WarningCode, u64)]| Decision {
        roles: Vec::new(),
        blockers: if blocked {
            use service::memo_deletion::policy::{Blocker, BlockerCode};
            vec![Blocker { code: BlockerCode::OnHold, act: None }]
        } else {
            Vec::new()
        },
        warnings: warnings
            .iter()
            .map(|(code, count)| Warning { code: *code, count: *count })
            .collect(),
        alternatives: Vec::new(),
    };
    use WarningCode::{DocumentsTask, HasDiscussion, UntransferredFiles};
    let decisions = [
        decision(false, &[(UntransferredFiles, 2), (HasDiscussion, 3)]),
        decision(false, &[(DocumentsTask, 1), (UntransferredFiles, 1), (HasDiscussion, 1)]),
        decision(true, &[(HasDiscussion, 100)]),
    ];
    let counts: Vec<(WarningCode, u64)> =
        warnings(&decisions, 2).into_iter().map(|warning| (warning.code, warning.count)).collect();
    assert_eq!(counts, [(DocumentsTask, 1), (UntransferredFiles, 2), (HasDiscussion, 4)]);
}
