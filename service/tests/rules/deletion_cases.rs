//! The cases of the permission table: every actor × stage × draft × hold × author-is-recipient.
//! These tests ask the rules directly, and the end-to-end tests ask through HTTP.

use entity::MemoStage;

pub const ACTORS: [&str; 6] = ["author", "recipient", "subscriber", "stranger", "chief", "admin"];
pub const STAGES: [MemoStage; 3] = [MemoStage::Pending, MemoStage::Postponed, MemoStage::Reviewed];

/// A case of the table. If the author is the recipient, the recipient of the other cases is a
/// stranger.
#[derive(Clone, Copy)]
pub struct Case {
    pub stage: MemoStage,
    pub draft: bool,
    pub hold: bool,
    pub to_self: bool,
}

pub fn cases() -> Vec<Case> {
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
    /// A draft on which its recipient has acted. The database refuses it.
    pub fn cannot_exist(self) -> bool {
        self.draft && self.stage != MemoStage::Pending
    }

    pub fn row(self, actor: &str, answer: &str) -> String {
        let yes = |condition: bool| if condition { "yes" } else { "no" };
        format!(
            "{actor:<10} | {:<9} | {:<5} | {:<4} | {:<7} | {answer}\n",
            self.stage.as_str(),
            yes(self.draft),
            yes(self.hold),
            yes(self.to_self)
        )
    }
}

pub const HEAD: &str = "actor      | stage     | draft | hold | to self | \
    verdict, roles; blockers; warnings; alternatives\n";

pub fn answer(verdict: &str, lists: [Vec<String>; 4]) -> String {
    let [roles, blockers, warnings, alternatives] =
        lists.map(|list| if list.is_empty() { "-".to_owned() } else { list.join(" ") });
    format!("{verdict}, {roles}; {blockers}; {warnings}; {alternatives}")
}
