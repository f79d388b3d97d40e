//! The order of a list, and the positions of its rows.

use crate::{
    database::Parameters,
    page::{NO_DAY, has_four_digits},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::memo;
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The sort field of a list. Rows with equal values are sorted by their age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum MemoOrderField {
    /// When the memo was written.
    #[default]
    CreatedAt,
    /// When its own fields were last changed.
    UpdatedAt,
    /// Its name.
    Name,
    /// Its review date. Memos without one come after all others.
    ReviewDate,
    /// How well it matches the searched text.
    Relevance,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemoOrder {
    /// The sort field.
    pub field: MemoOrderField,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

impl Default for MemoOrder {
    fn default() -> Self {
        Self { field: MemoOrderField::CreatedAt, descending: true }
    }
}

/// The position of a memo in a list: the value of the sort field, then the memo's id. When sorted
/// by age, it is only the id, which contains the age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemoKey {
    /// Sorted by age.
    Id(Uuid),
    /// Sorted by a time.
    Time(DateTime<Utc>, Uuid),
    /// Sorted by a text.
    Text(String, Uuid),
    /// Sorted by a day.
    Day(NaiveDate, Uuid),
    /// Sorted by rank.
    Rank(i32, Uuid),
}

impl MemoOrderField {
    /// The position of a memo in a list with this order. The rank is that of a search.
    pub fn key(self, memo: &memo::Model, rank: i32) -> MemoKey {
        match self {
            Self::CreatedAt => MemoKey::Id(memo.id),
            Self::UpdatedAt => MemoKey::Time(memo.updated_at, memo.id),
            Self::Name => MemoKey::Text(memo.name.clone(), memo.id),
            Self::ReviewDate => MemoKey::Day(memo.review_date.unwrap_or(NO_DAY), memo.id),
            Self::Relevance => MemoKey::Rank(rank, memo.id),
        }
    }

    /// Whether the position belongs to a list with this order and the database can search for it.
    pub fn fits(self, key: &MemoKey) -> bool {
        match (self, key) {
            (Self::CreatedAt, MemoKey::Id(_)) | (Self::Relevance, MemoKey::Rank(..)) => true,
            (Self::UpdatedAt, MemoKey::Time(moment, _)) => is_searchable(*moment),
            (Self::Name, MemoKey::Text(text, _)) => !text.contains('\0'),
            (Self::ReviewDate, MemoKey::Day(day, _)) => has_four_digits(*day),
            _ => false,
        }
    }

    /// The sort column, which comes before the id.
    fn column(self) -> Option<&'static str> {
        match self {
            Self::CreatedAt => None,
            Self::UpdatedAt => Some("memos.updated_at"),
            Self::Name => Some("memos.name"),
            Self::ReviewDate => Some("coalesce(memos.review_date, '9999-12-31')"),
            Self::Relevance => Some("found.rank"),
        }
    }
}

impl MemoOrder {
    /// The columns that follow `ORDER BY`. `id` is the column of the memo's id.
    pub(super) fn columns(self, id: &str, direction: &str) -> String {
        match self.field.column() {
            None => format!("{id} {direction}"),
            Some(column) => format!("{column} {direction}, {id} {direction}"),
        }
    }

    /// The same for the rows of a page that was read.
    pub(super) fn columns_of_page(self, direction: &str) -> String {
        match self.field {
            MemoOrderField::Relevance => format!("page.rank {direction}, page.id {direction}"),
            _ => self.columns("memos.id", direction).replace("memos.", "page."),
        }
    }

    /// The condition that a row comes after (`greater`) or before a position. `id` is the column of
    /// the row's id.
    pub(super) fn beyond(self, place: &PlaceNames, greater: bool, id: &str) -> String {
        let sign = if greater { '>' } else { '<' };
        let PlaceNames { value, id: than } = place;
        match self.field.column() {
            None => format!("{id} {sign} :{than}"),
            Some(column) => format!("({column}, {id}) {sign} (:{value}, :{than})"),
        }
    }
}

/// The names under which a position is bound.
pub(super) struct PlaceNames {
    /// The name of the sort field's value.
    value: &'static str,
    /// The name of the id.
    id: &'static str,
}

impl PlaceNames {
    /// The names of the position after which a page begins.
    pub(super) const AFTER: Self = Self { value: "after_value", id: "after_id" };
    /// The names of the position before which a page ends.
    pub(super) const BEFORE: Self = Self { value: "before_value", id: "before_id" };

    /// Binds a position.
    pub(super) fn bind(&self, key: &MemoKey, parameters: &mut Parameters) {
        let (value, id) = match key {
            MemoKey::Id(id) => (None, id),
            MemoKey::Time(time, id) => (Some(Value::from(*time)), id),
            MemoKey::Text(text, id) => (Some(text.as_str().into()), id),
            MemoKey::Day(day, id) => (Some((*day).into()), id),
            MemoKey::Rank(rank, id) => (Some((*rank).into()), id),
        };
        if let Some(value) = value {
            parameters.bind(self.value, value);
        }
        parameters.bind(self.id, *id);
    }
}

/// Whether a time is in the years 1 to 9999. PostgreSQL stores no time before 4713 BC. SQLite
/// compares texts, in which a year has four digits.
pub fn is_searchable(moment: DateTime<Utc>) -> bool {
    has_four_digits(moment.date_naive())
}
