//! How a list is sorted, and the places of its rows.

use super::ListedMemo;
use crate::database::Parameters;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By what a list is sorted. Equal rows are sorted by their age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemoOrderField {
    /// When the memo was written.
    #[default]
    CreatedAt,
    /// When its own fields last changed.
    UpdatedAt,
    /// Its name.
    Name,
    /// The day to look at it; those without one come after all days.
    ReviewDate,
    /// How well it fits the text that is searched.
    Relevance,
}

/// How a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoOrder {
    /// By what.
    pub field: MemoOrderField,
    /// The greatest first.
    pub descending: bool,
}

impl Default for MemoOrder {
    fn default() -> Self {
        Self { field: MemoOrderField::CreatedAt, descending: true }
    }
}

/// The place of a memo in a list: what it is sorted by (none for its age, which the id holds), then
/// its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemoKey {
    /// Sorted by age.
    Id(Uuid),
    /// Sorted by a moment.
    Time(DateTime<Utc>, Uuid),
    /// Sorted by a text.
    Text(String, Uuid),
    /// Sorted by a day.
    Day(NaiveDate, Uuid),
    /// Sorted by rank.
    Rank(i32, Uuid),
}

/// What stands for no day: the last one that both databases write with four digits. The index has
/// the same.
const NO_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day of the calendar");

impl MemoOrderField {
    /// The place of a memo in a list that is sorted by this.
    pub fn key(self, listed: &ListedMemo) -> MemoKey {
        let memo = &listed.memo;
        match self {
            Self::CreatedAt => MemoKey::Id(memo.id),
            Self::UpdatedAt => MemoKey::Time(memo.updated_at, memo.id),
            Self::Name => MemoKey::Text(memo.name.clone(), memo.id),
            Self::ReviewDate => MemoKey::Day(memo.review_date.unwrap_or(NO_DAY), memo.id),
            Self::Relevance => MemoKey::Rank(listed.rank, memo.id),
        }
    }

    /// Whether a list that is sorted by this has such places, and the database can look for this
    /// one.
    pub fn fits(self, key: &MemoKey) -> bool {
        match (self, key) {
            (Self::CreatedAt, MemoKey::Id(_)) | (Self::Relevance, MemoKey::Rank(..)) => true,
            (Self::UpdatedAt, MemoKey::Time(moment, _)) => is_searchable(*moment),
            (Self::Name, MemoKey::Text(text, _)) => !text.contains('\0'),
            (Self::ReviewDate, MemoKey::Day(day, _)) => has_four_digits(*day),
            _ => false,
        }
    }

    /// By what it sorts before the id.
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
    /// What follows `ORDER BY`, with the id in that column.
    pub(super) fn columns(self, id: &str, direction: &str) -> String {
        match self.field.column() {
            None => format!("{id} {direction}"),
            Some(column) => format!("{column} {direction}, {id} {direction}"),
        }
    }

    /// The condition that a row, with its id in the column that is given, has a greater (or a
    /// smaller) place than the one of these names.
    pub(super) fn beyond(self, place: &PlaceNames, greater: bool, id: &str) -> String {
        let sign = if greater { '>' } else { '<' };
        let PlaceNames { value, id: than } = place;
        match self.field.column() {
            None => format!("{id} {sign} :{than}"),
            Some(column) => format!("({column}, {id}) {sign} (:{value}, :{than})"),
        }
    }
}

/// The names under which a place is bound.
pub(super) struct PlaceNames {
    /// Of what it is sorted by.
    value: &'static str,
    /// Of its id.
    id: &'static str,
}

impl PlaceNames {
    /// Those of the place after which a page begins.
    pub(super) const AFTER: Self = Self { value: "after_value", id: "after_id" };
    /// Those of the place before which it ends.
    pub(super) const BEFORE: Self = Self { value: "before_value", id: "before_id" };

    /// Binds a place.
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

/// Whether a moment is in the years 1–9999: PostgreSQL ends some millennia before, and SQLite
/// compares texts, whose year has four digits.
pub fn is_searchable(moment: DateTime<Utc>) -> bool {
    has_four_digits(moment.date_naive())
}

fn has_four_digits(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}
