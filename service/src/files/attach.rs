//! Attaching uploads to a memo, a task or a project, and taking files off.

use super::{
    by_ids_in,
    copy::{for_memo, of_any_memo},
};
use crate::{
    Result, Services, Viewer,
    database::{in_transaction, sql::is_one_of},
    events, ids,
    memos::{
        links::{file_ids, insert_files},
        policy::{self, Action},
        write,
    },
    work::{self, WorkKind, WorkRow, policy as work_policy},
};
use entity::{MemoEventKind, file, memo, memo_file, project, task};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most files of a memo, a task or a project to which files are attached.
pub const MAX_FILES: usize = 100;

/// What files are attached to, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A memo.
    Memo(Uuid),
    /// A task.
    Task(Uuid),
    /// A project.
    Project(Uuid),
}

/// What files are attached to, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetRow {
    /// A memo.
    Memo(Box<memo::Model>),
    /// A task.
    Task(task::Model),
    /// A project.
    Project(project::Model),
}

/// A memo, a task or a project and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The memo, the task or the project.
    pub target: TargetRow,
    /// All its files, the oldest first.
    pub files: Vec<file::Model>,
}

/// Why files are not attached or taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such memo, task or project for this person.
    NoSuchTarget,
    /// The rules of memos forbid it.
    Memo(policy::Denial),
    /// Only those responsible for the task or the project do this.
    NotResponsible,
    /// A file does not exist for this person, or somebody else uploaded it.
    NoSuchFile,
    /// There would be more than [`MAX_FILES`].
    TooMany,
}

/// Attaches files that the viewer has uploaded. Those that are attached there already stay.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn attach(
    services: &Services,
    viewer: Viewer,
    target: Target,
    files: &[Uuid],
) -> Result<Result<Attached, Refusal>> {
    let change = Change { services, viewer, attach: true, files };
    in_transaction!(services.database, |transaction| change.run(transaction, target).await)
}

/// Takes files off; those that are not attached there stay away. One that nothing has any more is purged after a while.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn detach(
    services: &Services,
    viewer: Viewer,
    target: Target,
    files: &[Uuid],
) -> Result<Result<Attached, Refusal>> {
    let change = Change { services, viewer, attach: false, files };
    in_transaction!(services.database, |transaction| change.run(transaction, target).await)
}

/// Notes since when nothing may have these files any more.
pub(crate) async fn note_detached(
    services: &Services,
    transaction: &DatabaseTransaction,
    files: &[Uuid],
) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    file::Entity::update_many()
        .col_expr(file::Column::DetachedAt, Expr::value(services.now()))
        .filter(is_one_of(transaction.get_database_backend(), file::Column::Id, files))
        .exec(transaction)
        .await?;
    Ok(())
}

/// What is wanted.
struct Change<'a> {
    services: &'a Services,
    viewer: Viewer,
    /// Otherwise they are taken off.
    attach: bool,
    files: &'a [Uuid],
}

impl Change<'_> {
    async fn run(
        &self,
        transaction: &DatabaseTransaction,
        target: Target,
    ) -> Result<Result<Attached, Refusal>> {
        match target {
            Target::Memo(id) => self.of_memo(transaction, id).await,
            Target::Task(id) => {
                self.of_work::<task::Entity>(transaction, id, |row| TargetRow::Task(row.into())).await
            }
            Target::Project(id) => {
                self.of_work::<project::Entity>(transaction, id, |row| TargetRow::Project(row.into())).await
            }
        }
    }

    async fn of_memo(
        &self,
        transaction: &DatabaseTransaction,
        memo_id: Uuid,
    ) -> Result<Result<Attached, Refusal>> {
        let Some(locked) = write::lock(transaction, self.viewer, memo_id).await? else {
            return Ok(Err(Refusal::NoSuchTarget));
        };
        let verb = if self.attach { Action::AttachFiles } else { Action::DetachFiles };
        if let Some(denial) = locked.denial(verb) {
            return Ok(Err(Refusal::Memo(denial)));
        }
        let (services, has) = (self.services, file_ids(transaction, memo_id).await?);
        let changed = match self.changed(transaction, &has).await? {
            Ok(changed) => changed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let changed = if self.attach { self.of_its_own(transaction, &has, changed).await? } else { changed };
        if !changed.is_empty() {
            if self.attach {
                insert_files(services, transaction, memo_id, &changed).await?;
            } else {
                memo_file::Entity::delete_many()
                    .filter(memo_file::Column::MemoId.eq(memo_id))
                    .filter(is_one_of(services.database.backend(), memo_file::Column::FileId, &changed))
                    .exec(transaction)
                    .await?;
                note_detached(services, transaction, &changed).await?;
            }
            events::record(services, transaction, self.viewer.id, memo_id, MemoEventKind::Updated).await?;
            tracing::info!(memo_id = %ids::memo(memo_id), person = %ids::user(self.viewer.id), attach = self.attach, files = changed.len(), "files of memo changed");
        }
        let has = file_ids(transaction, memo_id).await?;
        Ok(Ok(Attached {
            target: TargetRow::Memo(Box::new(locked.memo)),
            files: rows(transaction, &has).await?,
        }))
    }

    /// The files to be attached to a memo, as it gets them. One that it has got already as a file of
    /// its own is left out, so that doing it again changes nothing.
    async fn of_its_own(
        &self,
        transaction: &DatabaseTransaction,
        has: &[Uuid],
        wanted: Vec<Uuid>,
    ) -> Result<Vec<Uuid>> {
        if wanted.is_empty() {
            return Ok(wanted);
        }
        let (there, taken) = (rows(transaction, has).await?, of_any_memo(transaction, &wanted).await?);
        let is_twin = |one: &file::Model, other: &file::Model| {
            (&one.blob_sha256, &one.name, one.uploaded_by)
                == (&other.blob_sha256, &other.name, other.uploaded_by)
        };
        let known = rows(transaction, &wanted).await?;
        let has_twin = |id: &Uuid| {
            let file = known.iter().find(|file| file.id == *id && taken.contains(id));
            file.is_some_and(|file| there.iter().any(|other| is_twin(file, other)))
        };
        let new: Vec<Uuid> = wanted.into_iter().filter(|id| !has_twin(id)).collect();
        for_memo(self.services, transaction, self.viewer, &new).await
    }

    async fn of_work<W: WorkKind>(
        &self,
        transaction: &DatabaseTransaction,
        work_id: Uuid,
        target: impl Fn(WorkRow) -> TargetRow + Send,
    ) -> Result<Result<Attached, Refusal>> {
        let Some(work) = work::lock::<W>(transaction, self.viewer, work_id).await? else {
            return Ok(Err(Refusal::NoSuchTarget));
        };
        match work.denial() {
            None => {}
            Some(work_policy::Denial::NotVisible) => return Ok(Err(Refusal::NoSuchTarget)),
            Some(work_policy::Denial::NotResponsible) => return Ok(Err(Refusal::NotResponsible)),
        }
        let (services, has) = (self.services, work::file_ids::<W>(transaction, work_id).await?);
        let changed = match self.changed(transaction, &has).await? {
            Ok(changed) => changed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !changed.is_empty() {
            if self.attach {
                work::tie::<W>(services, transaction, work_id, &changed).await?;
            } else {
                work::untie::<W>(transaction, work_id, &changed).await?;
                note_detached(services, transaction, &changed).await?;
            }
            tracing::info!(kind = W::WORD, work_id = %ids::typed(W::WORD, work_id), person = %ids::user(self.viewer.id), attach = self.attach, files = changed.len(), "files of work changed");
        }
        let has = work::file_ids::<W>(transaction, work_id).await?;
        Ok(Ok(Attached { target: target(work.row), files: rows(transaction, &has).await? }))
    }

    /// Which files are to be attached or taken off, given those that are attached.
    async fn changed(
        &self,
        transaction: &DatabaseTransaction,
        has: &[Uuid],
    ) -> Result<Result<Vec<Uuid>, Refusal>> {
        let wanted: BTreeSet<Uuid> = self.files.iter().copied().collect();
        let changed: Vec<Uuid> = wanted.into_iter().filter(|id| has.contains(id) != self.attach).collect();
        if self.attach && !changed.is_empty() {
            let seen = by_ids_in(transaction, self.viewer, &changed).await?;
            let own = seen.iter().filter(|file| file.uploaded_by == self.viewer.id).count();
            if own < changed.len() {
                return Ok(Err(Refusal::NoSuchFile));
            }
            if has.len() + changed.len() > MAX_FILES {
                return Ok(Err(Refusal::TooMany));
            }
        }
        Ok(Ok(changed))
    }
}

async fn rows(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<Vec<file::Model>> {
    Ok(file::Entity::find()
        .filter(is_one_of(transaction.get_database_backend(), file::Column::Id, ids))
        .order_by_asc(file::Column::Id)
        .all(transaction)
        .await?)
}
