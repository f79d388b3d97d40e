//! Which memo and which person each operation is about. Operations that change memos have memos of
//! their own, so that none finds what another has left.

use crate::{
    Result,
    office::{BEGUN, Memo, Row, Size, mixed, person},
};
use api::backend::Backend;
use entity::UserRole;
use service::{
    Viewer,
    memo_deletion::{self, Lists},
};
use std::ops::Range;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Memos are divided by their numbers: two of eight for deletions by the server, two for deletions
/// by PostgreSQL alone, two for reviews, two for everything else.
const CLASSES: i64 = 8;
const REVIEWED: i64 = 4;
const OTHERS: i64 = 6;

/// A step through all numbers in an order that looks random.
const STEP: usize = 7_919;

/// How many previews run at a time to confirm deletions.
const AT_ONCE: usize = 8;

/// A deletion with its confirmation.
#[derive(Debug, Clone)]
pub(crate) struct Confirmed {
    pub(crate) memo: Memo,
    /// `None` if nothing speaks against it.
    pub(crate) token: Option<String>,
}

/// What a new memo contains.
#[derive(Debug, Clone)]
pub(crate) struct NewMemo {
    pub(crate) author: Uuid,
    pub(crate) recipient: Uuid,
    pub(crate) subscribers: Vec<Uuid>,
    pub(crate) tags: Vec<Uuid>,
    pub(crate) name: String,
    pub(crate) description: String,
}

/// What requests are about.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) size: Size,
    /// Deletions by the server.
    pub(crate) confirmed: Vec<Confirmed>,
    /// Memos that their recipients can review.
    pending: Vec<Memo>,
}

impl Plan {
    /// The plan for an office. No deletion is confirmed yet.
    pub(crate) fn new(size: Size) -> Self {
        let rows = (0..size.memos / CLASSES).map(|row| row * CLASSES + REVIEWED);
        let memos = rows.flat_map(|number| [number, number + 1]).map(|number| size.memo(number));
        let pending = memos.filter(|memo| memo.pending && !memo.draft).collect();
        Self { size, confirmed: Vec::new(), pending }
    }

    /// The person of a request.
    pub(crate) fn viewer(&self, number: usize) -> i64 {
        signed(number.wrapping_mul(STEP)) % self.size.people
    }

    /// A memo that no operation removes, and that is no draft.
    pub(crate) fn sent(&self, number: usize) -> Memo {
        let rows = self.size.memos / CLASSES;
        let begun = signed(number.wrapping_mul(STEP)) % rows;
        let class = OTHERS + signed(number) % 2;
        let numbers = (0..rows).map(|step| (begun + step) % rows * CLASSES + class);
        let mut memos = numbers.map(|number| self.size.memo(number));
        memos.find(|memo| !memo.draft).unwrap_or_else(|| self.size.memo(class))
    }

    /// A memo that the server deletes.
    pub(crate) fn removed(&self, number: usize) -> Option<Memo> {
        self.of_two_classes(0, number)
    }

    /// A memo that PostgreSQL alone deletes.
    pub(crate) fn removed_by_floor(&self, number: usize) -> Option<Memo> {
        self.of_two_classes(2, number)
    }

    fn of_two_classes(&self, class: i64, number: usize) -> Option<Memo> {
        let number = signed(number);
        let number = number / 2 * CLASSES + class + number % 2;
        (number < self.size.memos).then(|| self.size.memo(number))
    }

    /// A memo that its recipient reviews at the server.
    pub(crate) fn reviewed(&self, number: usize) -> Option<Memo> {
        self.pending.get(2 * number).copied()
    }

    /// A memo that its recipient reviews in PostgreSQL alone.
    pub(crate) fn reviewed_by_floor(&self, number: usize) -> Option<Memo> {
        self.pending.get(2 * number + 1).copied()
    }

    /// A memo that does not exist yet.
    pub(crate) fn new_memo(&self, number: usize) -> NewMemo {
        let author = self.viewer(number);
        let other = |step: i64| person((author + step) % self.size.people);
        let tag = |step: i64| Row::Tag.id((signed(number) + step) % 50, BEGUN);
        NewMemo {
            author: person(author),
            recipient: other(1 + mixed(signed(number), 1) % 20),
            subscribers: vec![other(31), other(32), other(33)],
            tags: vec![tag(0), tag(7)],
            name: format!("New memo {number} about the delivery"),
            description: "They want the offer by Friday, with both variants, and a word on \
                delivery times. "
                .repeat(6),
        }
    }

    /// The text of a comment.
    pub(crate) fn comment(number: usize) -> String {
        format!("Comment {number}: I have asked them again, and they will call back on Monday.")
    }

    /// Previews deletions, so that they can be confirmed.
    ///
    /// # Errors
    /// The error of the database, or a preview that was refused.
    pub(crate) async fn confirm(&mut self, backend: &Backend, numbers: Range<usize>) -> Result<()> {
        let memos: Vec<Memo> = numbers.map_while(|number| self.removed(number)).collect();
        let mut confirmed = Vec::with_capacity(memos.len());
        for chunk in memos.chunks(AT_ONCE) {
            let mut previews = JoinSet::new();
            for memo in chunk.iter().copied() {
                let backend = backend.clone();
                previews.spawn(async move { confirm(&backend, memo).await });
            }
            while let Some(one) = previews.join_next().await {
                confirmed.push(one??);
            }
        }
        confirmed.sort_unstable_by_key(|one| one.memo.number);
        self.confirmed = confirmed;
        Ok(())
    }
}

async fn confirm(backend: &Backend, memo: Memo) -> Result<Confirmed> {
    let viewer = Viewer { id: person(memo.deleter()), role: UserRole::Member };
    let lists = Lists { removed: None, kept: None };
    let Backend { services, deletion, .. } = backend;
    let preview = memo_deletion::preview(services, deletion, viewer, memo.id, lists).await?;
    let preview = preview.ok_or_else(|| format!("memo {} has no preview", memo.number))?;
    Ok(Confirmed { memo, token: preview.confirmation_token().map(str::to_owned) })
}

fn signed(number: usize) -> i64 {
    i64::try_from(number % (1 << 40)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Plan, Size};
    use std::collections::HashSet;

    #[test]
    fn no_operation_finds_what_another_has_changed() {
        let plan = Plan::new(Size { people: 100, memos: 8_000 });
        let mut seen = HashSet::new();
        let all: [fn(&Plan, usize) -> Option<super::Memo>; 4] =
            [Plan::removed, Plan::removed_by_floor, Plan::reviewed, Plan::reviewed_by_floor];
        for of_kind in all {
            let memos: Vec<_> = (0..).map_while(|number| of_kind(&plan, number)).collect();
            assert!(memos.len() > 100);
            for memo in memos {
                assert!(memo.number < 8_000 && seen.insert(memo.number), "{memo:?}");
            }
        }
        for number in 0..1_000 {
            let memo = plan.sent(number);
            assert!(!memo.draft && !seen.contains(&memo.number), "{memo:?}");
        }
    }
}
