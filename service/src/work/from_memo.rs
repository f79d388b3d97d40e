//! Creates a task or a project from a memo. The memo then refers to it, may give it files, and
//! leaves its recipient's desk.

use super::{
    create::{NewWork, insert},
    errors::CreateFromMemoError,
    files::{attached, tie},
    kinds::{WorkKind, WorkRow},
    list::{by_ids, by_ids_in},
    people::{self, Parts},
};
use crate::{
    Result, Services, Viewer,
    access::{is_chief, sees_memo},
    database::Parameters,
    events,
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
    memos::{
        self, policy,
        stage::{move_to, notify_of_review},
        write::{LockedMemo, lock},
    },
};
use chrono::NaiveDate;
use entity::{MemoEventKind, MemoStage, WorkRole, memo};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Set, Statement};
use uuid::Uuid;

/// A task or a project to be created from a memo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromMemo {
    /// The memo.
    pub memo_id: Uuid,
    /// The name. `None` uses the memo's name, which requires that all people see the memo.
    pub name: Option<String>,
    /// Its content.
    pub plan: NewWork,
    /// The files of the memo that it gets as well.
    pub files: Vec<Uuid>,
    /// What happens to the memo.
    pub then: Then,
}

/// What happens to a memo from which work was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// It is marked as reviewed, with a conclusion. `None` keeps the existing conclusion.
    Review {
        /// The conclusion. [`crate::text`] has checked it already.
        conclusion: Option<String>,
    },
    /// It is postponed, unless it is already reviewed.
    Postpone {
        /// The day to which the memo is postponed. `None` uses the due date of the work, or else
        /// the memo's existing review date.
        until: Option<NaiveDate>,
    },
}

/// Creates a task or a project from a memo, once for each key. A memo has at most one of each. A
/// repetition finds the work even if the memo does not exist any more.
///
/// # Errors
/// Returns the reason why none was created.
pub async fn create_from_memo<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    wanted: &FromMemo,
) -> Result<Created<(W::Model, Option<memo::Model>)>, CreateError<CreateFromMemoError>> {
    create_once(
        services,
        key,
        async |transaction, id| {
            let (work, memo) = create_in::<W>(services, transaction, viewer, id, wanted).await?;
            tracing::info!(
                kind = W::KIND,
                work_id = %ids::typed(W::KIND, work.id),
                memo_id = %ids::memo(memo.id),
                person = %ids::user(viewer.id),
                "work created from a memo"
            );
            Ok((work.into(), Some(memo)))
        },
        async |id| {
            let Some(work) = by_ids::<W>(services, viewer, &[id]).await?.pop() else {
                return Ok(None);
            };
            let memo = memos::by_ids(services, viewer, &[wanted.memo_id]).await?.pop();
            Ok(Some((work, memo)))
        },
    )
    .await
}

async fn create_in<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    id: Uuid,
    wanted: &FromMemo,
) -> Result<(WorkRow, memo::Model), CreateFromMemoError> {
    let locked = lock(transaction, viewer, wanted.memo_id).await?;
    let locked = locked.ok_or(CreateFromMemoError::NoSuchMemo)?;
    check::<W>(services, transaction, viewer, &locked, wanted).await?;
    let memo = locked.memo;
    let mut parts = wanted.plan.parts(viewer);
    people::check::<CreateFromMemoError>(transaction, &Parts::new(), &parts).await?;
    parts.entry(memo.author_id).or_insert(WorkRole::Subscriber);
    if wanted.name.is_none() && !all_see(transaction, viewer, &memo, &parts).await? {
        return Err(CreateFromMemoError::NameOfUnseenMemo);
    }
    let name = wanted.name.as_deref().unwrap_or(&memo.name);
    let new = (id, name, &wanted.plan);
    let work = insert::<W>(services, transaction, viewer, new, &parts, Some(memo.id)).await?;
    tie::<W>(services, transaction, viewer, work.id, &wanted.files).await?;
    let memo = put_aside::<W>(services, transaction, viewer, memo, &work, &wanted.then).await?;
    Ok((work, memo))
}

/// Checks everything except the people.
async fn check<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    locked: &LockedMemo,
    wanted: &FromMemo,
) -> Result<(), CreateFromMemoError> {
    locked.may(policy::act)?;
    if let Some(existing) = W::of_memo(&locked.memo) {
        let seen = by_ids_in::<W, _>(transaction, viewer, &[existing]).await?.pop();
        let name = seen.map(|row| Into::<WorkRow>::into(row).name);
        return Err(CreateFromMemoError::AlreadyHas(name));
    }
    if let Then::Review { conclusion: Some(conclusion) } = &wanted.then
        && locked.memo.conclusion.as_ref() != Some(conclusion)
    {
        locked.may(policy::conclude)?;
    }
    if let Then::Postpone { until: Some(day) } = wanted.then
        && day < services.now().date_naive()
    {
        return Err(CreateFromMemoError::PastDate);
    }
    if attached(transaction, wanted.memo_id, &wanted.files).await? {
        Ok(())
    } else {
        Err(CreateFromMemoError::NoSuchFile)
    }
}

/// Whether all of the people see the memo. The others would learn its name.
async fn all_see(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo: &memo::Model,
    parts: &Parts,
) -> Result<bool> {
    let others =
        parts.keys().copied().filter(|person| *person != viewer.id && *person != memo.author_id);
    let others: Vec<Uuid> = others.collect();
    if others.is_empty() {
        return Ok(true);
    }
    let backend = transaction.get_database_backend();
    let excluded = person_without_sight_statement(backend, memo.id, &others);
    Ok(transaction.query_one_raw(excluded).await?.is_none())
}

/// A person who does not see the memo.
fn person_without_sight_statement(backend: DbBackend, memo_id: Uuid, people: &[Uuid]) -> Statement {
    let sees_memo = sees_memo("m", "u.id", &is_chief("u"));
    let mut parameters = Parameters::new(backend);
    parameters.bind("memo_id", memo_id).bind_ids("people", people).statement(&format!(
        "SELECT u.id
        FROM users u
        JOIN memos m ON m.id = :memo_id
        WHERE u.id IN :people AND NOT {sees_memo}
        LIMIT 1"
    ))
}

/// Makes the memo refer to the work, and moves it off the desk.
async fn put_aside<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo: memo::Model,
    work: &WorkRow,
    then: &Then,
) -> Result<memo::Model> {
    let before = memo.stage;
    let (stage, review_date, conclusion) = match then {
        Then::Review { conclusion } => (MemoStage::Reviewed, None, conclusion.clone()),
        Then::Postpone { until } if before == MemoStage::Reviewed => {
            (MemoStage::Reviewed, *until, None)
        }
        Then::Postpone { until } => {
            let today = services.now().date_naive();
            (MemoStage::Postponed, until.or(work.due_date.filter(|day| *day >= today)), None)
        }
    };
    let memo = move_to(services, transaction, memo, stage, |memo| {
        W::link(memo, Some(work.id));
        if let Some(day) = review_date {
            memo.review_date = Set(Some(day));
        }
        if let Some(conclusion) = conclusion {
            memo.conclusion = Set(Some(conclusion));
        }
    })
    .await?;
    let kind = if stage == before { MemoEventKind::Updated } else { MemoEventKind::StageChanged };
    events::record(services, transaction, viewer.id, memo.id, kind).await?;
    if before != MemoStage::Reviewed && stage == MemoStage::Reviewed {
        notify_of_review(services, transaction, viewer, &memo).await?;
    }
    Ok(memo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("person_without_sight", |backend| {
            person_without_sight_statement(backend, Uuid::nil(), &[Uuid::nil()])
        });
    }
}
