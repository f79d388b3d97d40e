//! Counts the memos that would be passed on, and makes a confirmation token for these counts.

use super::policy::{BlockerCode, Party, blockers};
use crate::{
    Result, Services, Viewer, database::Parameters, memo_deletion::DeletionSettings,
    work::open_of_person,
};
use entity::user;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    Select, Statement,
};
use uuid::Uuid;

/// The counts of the memos concerned. They never include drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Memos that would be passed on.
    pub memos: i64,
    /// Those of them of which the person who left is the author.
    pub as_author: i64,
    /// Those of them of which the person who left is the recipient.
    pub as_recipient: i64,
    /// Those of them whose other party is the person who would get them. That person would then be
    /// author and recipient.
    pub to_themselves: i64,
    /// Those of them that the new person could delete afterwards but cannot delete now.
    pub newly_deletable: i64,
    /// Memos that are not passed on because they are on hold.
    pub on_hold: i64,
    /// Open tasks and projects for which the person who left is responsible.
    pub open_work: i64,
}

impl Counts {
    /// Whether there is anything to pass on.
    pub fn has_any(&self) -> bool {
        self.memos > 0 || self.open_work > 0
    }
}

/// What would be passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The owner of the memos.
    pub from: user::Model,
    /// The person who would get them.
    pub to: user::Model,
    /// The counts.
    pub counts: Counts,
    /// What forbids it.
    pub blockers: Vec<BlockerCode>,
    /// The token that confirms this preview.
    pub(super) token: String,
}

impl Preview {
    /// The token that confirms this preview. `None` if it is forbidden or there is nothing to pass
    /// on.
    pub fn confirmation_token(&self) -> Option<&str> {
        (self.blockers.is_empty() && self.counts.has_any()).then_some(self.token.as_str())
    }
}

/// Shows what would be passed on now. `None` if one of the two people does not exist. Changes
/// nothing. The caller has checked that the viewer is an administrator.
///
/// # Errors
/// Returns errors of the database.
pub async fn preview(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    from: Uuid,
    to: Uuid,
) -> Result<Option<Preview>> {
    let connection = services.database.connection();
    let Some(people) = pair(from, to, &find_people(from, to).all(connection).await?) else {
        return Ok(None);
    };
    let counts = count(connection, from, to).await?;
    Ok(Some(assess(settings, viewer, people, counts)))
}

/// The rows of the two people, ordered by id.
pub(super) fn find_people(from: Uuid, to: Uuid) -> Select<user::Entity> {
    user::Entity::find().filter(user::Column::Id.is_in([from, to])).order_by_asc(user::Column::Id)
}

/// The two people among these rows. `None` if one does not exist.
pub(super) fn pair(
    from: Uuid,
    to: Uuid,
    rows: &[user::Model],
) -> Option<(user::Model, user::Model)> {
    let find = |id| rows.iter().find(|row| row.id == id).cloned();
    find(from).zip(find(to))
}

/// The sent memos of which the person `:person` is author or recipient.
pub(super) const SENT_OF_PERSON: &str = "
    SELECT a.id FROM memos a WHERE a.author_id = :person AND NOT a.draft
    UNION
    SELECT r.id FROM memos r WHERE r.recipient_id = :person AND NOT r.draft";

/// Counts what would be passed on from one person to the other.
pub(super) async fn count<C: ConnectionTrait>(
    connection: &C,
    from: Uuid,
    to: Uuid,
) -> Result<Counts> {
    let counts = reassignment_counts_statement(connection.get_database_backend(), from, to);
    let row = connection.query_one_raw(counts).await?;
    let read = |row: QueryResult| -> Result<Counts> {
        Ok(Counts {
            memos: row.try_get("", "memos")?,
            as_author: row.try_get("", "as_author")?,
            as_recipient: row.try_get("", "as_recipient")?,
            to_themselves: row.try_get("", "to_themselves")?,
            newly_deletable: row.try_get("", "newly_deletable")?,
            on_hold: row.try_get("", "on_hold")?,
            open_work: row.try_get("", "open_work")?,
        })
    };
    row.map_or(Ok(Counts::default()), read)
}

/// The condition for who may delete follows `memo_deletion::policy`: the recipient, and the author
/// of a pending memo.
fn reassignment_counts_statement(backend: DbBackend, from: Uuid, to: Uuid) -> Statement {
    Parameters::new(backend).bind("person", from).bind("to", to).statement(&format!(
        "SELECT
            count(*) FILTER (WHERE NOT m.on_hold) AS memos,
            count(*) FILTER (WHERE NOT m.on_hold AND m.author_id = :person) AS as_author,
            count(*) FILTER (WHERE NOT m.on_hold AND m.recipient_id = :person) AS as_recipient,
            count(*) FILTER (
                WHERE NOT m.on_hold AND :to IN (m.author_id, m.recipient_id)
            ) AS to_themselves,
            count(*) FILTER (
                WHERE NOT m.on_hold
                    AND (
                        m.recipient_id IN (:person, :to)
                        OR (m.author_id IN (:person, :to) AND m.stage = 'PENDING')
                    )
                    AND NOT (
                        m.recipient_id = :to
                        OR (m.author_id = :to AND m.stage = 'PENDING')
                    )
            ) AS newly_deletable,
            count(*) FILTER (WHERE m.on_hold) AS on_hold,
            (SELECT count(*) {}) + (SELECT count(*) {}) AS open_work
        FROM memos m
        WHERE m.id IN ({SENT_OF_PERSON})",
        open_of_person("task"),
        open_of_person("project")
    ))
}

/// Builds a preview.
pub(super) fn assess(
    settings: &DeletionSettings,
    viewer: Viewer,
    (from, to): (user::Model, user::Model),
    counts: Counts,
) -> Preview {
    let party = |person: &user::Model| Party { id: person.id, active: person.active };
    let blockers = blockers(party(&from), party(&to));
    let bound = format!("memo reassignment 1\n{}\n{}\n{}\n{counts:?}", viewer.id, from.id, to.id);
    Preview { from, to, counts, blockers, token: settings.token(&bound) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("reassignment_counts", |backend| {
            reassignment_counts_statement(backend, Uuid::nil(), Uuid::max())
        });
    }
}
