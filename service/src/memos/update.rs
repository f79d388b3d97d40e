//! Changes the named fields of a memo. Each field has its own rule.

use super::{
    errors::{FieldPath, Invalid, Reference, UpdateMemoError, UpdateProblem},
    fields::MemoField,
    references::{missing, people},
    write::{LockedMemo, lock, save},
};
use crate::{
    Result, Services, Viewer,
    database::in_transaction,
    events, ids,
    text::{self, TextProblem},
};
use chrono::NaiveDate;
use entity::{MemoEventKind, deal, memo, memo_subscriber, resolution};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

/// How a field changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// It keeps its value.
    #[default]
    Unchanged,
    /// It is cleared.
    Cleared,
    /// It gets this value.
    To(T),
}

impl<T> Change<T> {
    fn is_wanted(&self) -> bool {
        !matches!(self, Self::Unchanged)
    }

    fn value(&self) -> Option<&T> {
        match self {
            Self::To(value) => Some(value),
            _ => None,
        }
    }
}

/// How a memo's fields change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoChanges {
    /// The version that the person has seen. If the memo has another version now, nothing is
    /// changed.
    pub expected_version: Option<i64>,
    /// The title. It cannot be cleared.
    pub name: Change<String>,
    /// The author's text.
    pub description: Change<String>,
    /// The recipient of a draft. It cannot be cleared.
    pub recipient_id: Change<Uuid>,
    /// The conclusion.
    pub note: Change<String>,
    /// The day on which the recipient wants to look at it.
    pub review_date: Change<NaiveDate>,
    /// The deal that it is about.
    pub deal_id: Change<Uuid>,
    /// The resolution: what the author wants from the recipient.
    pub resolution_id: Change<Uuid>,
}

impl MemoChanges {
    fn wants(&self, field: MemoField) -> bool {
        match field {
            MemoField::Name => self.name.is_wanted(),
            MemoField::Description => self.description.is_wanted(),
            MemoField::Recipient => self.recipient_id.is_wanted(),
            MemoField::Note => self.note.is_wanted(),
            MemoField::ReviewDate => self.review_date.is_wanted(),
            MemoField::Deal => self.deal_id.is_wanted(),
            MemoField::Resolution => self.resolution_id.is_wanted(),
        }
    }
}

/// Changes all of the fields or none. A field that already has the wanted value is unchanged.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn update(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    changes: &MemoChanges,
) -> Result<memo::Model, UpdateMemoError> {
    in_transaction(&services.database, async |transaction| -> Result<_, UpdateMemoError> {
        update_in(services, transaction, viewer, memo_id, changes).await
    })
    .await
}

async fn update_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    changes: &MemoChanges,
) -> Result<memo::Model, UpdateMemoError> {
    let locked = lock(transaction, viewer, memo_id).await?.ok_or(UpdateMemoError::NotFound)?;
    if changes.expected_version.is_some_and(|expected| expected != locked.memo.version) {
        return Err(UpdateMemoError::VersionConflict(Box::new(locked.memo)));
    }
    let (row, invalid) = changed(transaction, &locked, changes).await?;
    if !invalid.is_empty() {
        return Err(UpdateMemoError::Invalid(invalid));
    }
    if !row.is_changed() {
        return Ok(locked.memo);
    }
    let memo = save(services, transaction, row).await?;
    if memo.recipient_id != locked.memo.recipient_id {
        // The recipient sees the memo without a subscription.
        memo_subscriber::Entity::delete_many()
            .filter(memo_subscriber::Column::MemoId.eq(memo_id))
            .filter(memo_subscriber::Column::UserId.eq(memo.recipient_id))
            .exec(transaction)
            .await?;
    }
    events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
    tracing::info!(
        memo_id = %ids::memo(memo_id),
        person = %ids::user(viewer.id),
        version = memo.version,
        "memo changed"
    );
    Ok(memo)
}

/// The memo's row with the changes, and the problems of these changes. There is at most one problem
/// per field, in the order of the fields.
async fn changed(
    transaction: &DatabaseTransaction,
    locked: &LockedMemo,
    changes: &MemoChanges,
) -> Result<(memo::ActiveModel, Vec<Invalid<UpdateProblem>>)> {
    let mut row = locked.memo.clone().into_active_model();
    let mut problems = Problems::default();
    for field in MemoField::ALL.into_iter().filter(|field| changes.wants(*field)) {
        if let Err(denial) = field.may_change(&locked.state) {
            problems.add(field, UpdateProblem::Denied(denial));
        }
    }
    let allowed = |problems: &Problems, field, change: &Change<Uuid>| -> Vec<Uuid> {
        change.value().copied().filter(|_| problems.allow(field)).into_iter().collect()
    };
    let recipient = allowed(&problems, MemoField::Recipient, &changes.recipient_id);
    for (_, problem) in people(transaction, &recipient).await? {
        problems.add(MemoField::Recipient, problem.into());
    }
    let deal = allowed(&problems, MemoField::Deal, &changes.deal_id);
    if !missing::<deal::Entity>(transaction, &deal).await?.is_empty() {
        problems.add(MemoField::Deal, UpdateProblem::NotFound(Reference::Deal));
    }
    let resolution = allowed(&problems, MemoField::Resolution, &changes.resolution_id);
    if !missing::<resolution::Entity>(transaction, &resolution).await?.is_empty() {
        problems.add(MemoField::Resolution, UpdateProblem::NotFound(Reference::Resolution));
    }

    let name = problems.required(MemoField::Name, &changes.name, |name| text::name(name));
    let recipient_id = problems.required(MemoField::Recipient, &changes.recipient_id, |id| Ok(*id));
    let description =
        problems.optional(MemoField::Description, &changes.description, text::MAX_DESCRIPTION);
    let note = problems.optional(MemoField::Note, &changes.note, text::MAX_NOTE);
    set(&mut row.name, name);
    set(&mut row.recipient_id, recipient_id);
    set(&mut row.description, description.map(Option::unwrap_or_default));
    set(&mut row.note, note);
    set(&mut row.review_date, nullable(&changes.review_date));
    set(&mut row.deal_id, nullable(&changes.deal_id));
    set(&mut row.resolution_id, nullable(&changes.resolution_id));
    Ok((row, problems.in_order()))
}

/// The new value of a field that can be cleared. `None` if it is unchanged.
fn nullable<T: Copy>(change: &Change<T>) -> Option<Option<T>> {
    change.is_wanted().then(|| change.value().copied())
}

fn set<T: Into<sea_orm::Value> + PartialEq>(
    column: &mut sea_orm::ActiveValue<T>,
    value: Option<T>,
) {
    if let Some(value) = value {
        column.set_if_not_equals(value);
    }
}

/// The problems found so far, at most one per field.
#[derive(Default)]
struct Problems(Vec<(MemoField, UpdateProblem)>);

impl Problems {
    fn allow(&self, field: MemoField) -> bool {
        self.0.iter().all(|(wrong, _)| *wrong != field)
    }

    fn add(&mut self, field: MemoField, problem: UpdateProblem) {
        if self.allow(field) {
            self.0.push((field, problem));
        }
    }

    /// All problems, in the order of the fields.
    fn in_order(mut self) -> Vec<Invalid<UpdateProblem>> {
        self.0.sort_by_key(|(wrong, _)| MemoField::ALL.iter().position(|field| field == wrong));
        self.0.into_iter().map(|(field, problem)| FieldPath::Field(field).has(problem)).collect()
    }

    /// The new value of a field that cannot be cleared. `None` if it is unchanged or wrong.
    fn required<T>(
        &mut self,
        field: MemoField,
        change: &Change<T>,
        check: impl FnOnce(&T) -> Result<T, TextProblem>,
    ) -> Option<T> {
        let problem = match change {
            Change::Unchanged => return None,
            Change::Cleared => UpdateProblem::Required,
            Change::To(value) => match check(value) {
                Ok(value) => return Some(value),
                Err(problem) => UpdateProblem::Text(problem),
            },
        };
        self.add(field, problem);
        None
    }

    /// The new text of a field that can be cleared. `None` if it is unchanged or wrong.
    fn optional(
        &mut self,
        field: MemoField,
        change: &Change<String>,
        max: usize,
    ) -> Option<Option<String>> {
        if !change.is_wanted() {
            return None;
        }
        match text::optional(change.value().map(String::as_str), max) {
            Ok(text) => Some(text),
            Err(problem) => {
                self.add(field, UpdateProblem::Text(problem));
                None
            }
        }
    }
}
