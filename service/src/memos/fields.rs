//! The fields of a memo that `updateMemo` can change. Synchronous functions of facts say who may
//! change which field, and apply a change to the memo's row.
//!
//! | field | who |
//! | --- | --- |
//! | name, description, deal, resolution | whoever may edit |
//! | recipient | whoever may edit, while it is a draft |
//! | conclusion, review date | whoever may conclude |

use super::{
    policy,
    problems::{FieldDenial, UpdateProblem},
};
use crate::{
    access::MemoState,
    text::{self, TextProblem},
};
use chrono::NaiveDate;
use entity::memo;
use sea_orm::ActiveValue;
use uuid::Uuid;

/// A field that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemoField {
    /// The title.
    Name,
    /// The author's text.
    Description,
    /// The recipient of a draft.
    Recipient,
    /// The conclusion.
    Conclusion,
    /// The day on which the recipient wants to look at it.
    ReviewDate,
    /// The deal that it is about.
    Deal,
    /// The resolution: what the author wants from the recipient.
    Resolution,
}

impl MemoField {
    /// Every field that can be changed.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::Description,
        Self::Recipient,
        Self::Conclusion,
        Self::ReviewDate,
        Self::Deal,
        Self::Resolution,
    ];

    /// Asks the rules whether the viewer may change this field. The memo exists for them.
    ///
    /// # Errors
    /// Returns the reason of the denial.
    pub fn may_change(self, memo: &MemoState) -> Result<(), FieldDenial> {
        match self {
            Self::Name | Self::Description | Self::Deal | Self::Resolution => {
                policy::edit(memo).map_err(FieldDenial::Edit)
            }
            Self::Recipient => {
                policy::edit(memo).map_err(FieldDenial::Edit)?;
                if memo.draft { Ok(()) } else { Err(FieldDenial::AlreadySent) }
            }
            Self::Conclusion | Self::ReviewDate => {
                policy::conclude(memo).map_err(FieldDenial::Conclude)
            }
        }
    }
}

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

    pub(super) fn value(&self) -> Option<&T> {
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
    pub conclusion: Change<String>,
    /// The day on which the recipient wants to look at it.
    pub review_date: Change<NaiveDate>,
    /// The deal that it is about.
    pub deal_id: Change<Uuid>,
    /// The resolution: what the author wants from the recipient.
    pub resolution_id: Change<Uuid>,
}

impl MemoChanges {
    pub(super) fn wants(&self, field: MemoField) -> bool {
        match field {
            MemoField::Name => self.name.is_wanted(),
            MemoField::Description => self.description.is_wanted(),
            MemoField::Recipient => self.recipient_id.is_wanted(),
            MemoField::Conclusion => self.conclusion.is_wanted(),
            MemoField::ReviewDate => self.review_date.is_wanted(),
            MemoField::Deal => self.deal_id.is_wanted(),
            MemoField::Resolution => self.resolution_id.is_wanted(),
        }
    }

    /// Sets the fields of the memo's row to their new values. Wrong values become problems.
    pub(super) fn set(&self, row: &mut memo::ActiveModel, problems: &mut Problems) {
        let name = problems.required(MemoField::Name, &self.name, |name| text::name(name));
        let recipient_id =
            problems.required(MemoField::Recipient, &self.recipient_id, |id| Ok(*id));
        let description =
            problems.optional(MemoField::Description, &self.description, text::MAX_DESCRIPTION);
        let conclusion =
            problems.optional(MemoField::Conclusion, &self.conclusion, text::MAX_CONCLUSION);
        set(&mut row.name, name);
        set(&mut row.recipient_id, recipient_id);
        set(&mut row.description, description.map(Option::unwrap_or_default));
        set(&mut row.conclusion, conclusion);
        set(&mut row.review_date, nullable(&self.review_date));
        set(&mut row.deal_id, nullable(&self.deal_id));
        set(&mut row.resolution_id, nullable(&self.resolution_id));
    }
}

/// The new value of a field that can be cleared. `None` if it stays.
fn nullable<T: Copy>(change: &Change<T>) -> Option<Option<T>> {
    change.is_wanted().then(|| change.value().copied())
}

fn set<T: Into<sea_orm::Value> + PartialEq>(column: &mut ActiveValue<T>, value: Option<T>) {
    if let Some(value) = value {
        column.set_if_not_equals(value);
    }
}

/// The problems found so far, at most one per field.
#[derive(Default)]
pub(super) struct Problems(Vec<(MemoField, UpdateProblem)>);

impl Problems {
    pub(super) fn allow(&self, field: MemoField) -> bool {
        self.0.iter().all(|(wrong, _)| *wrong != field)
    }

    pub(super) fn add(&mut self, field: MemoField, problem: UpdateProblem) {
        if self.allow(field) {
            self.0.push((field, problem));
        }
    }

    /// The problems in the order of the fields.
    pub(super) fn in_order(mut self) -> Vec<(MemoField, UpdateProblem)> {
        self.0.sort_by_key(|(wrong, _)| MemoField::ALL.iter().position(|field| field == wrong));
        self.0
    }

    /// The new value of a field that cannot be cleared. `None` if it stays or is wrong.
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

    /// The new text of a field that can be cleared. `None` if it stays or is wrong.
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
