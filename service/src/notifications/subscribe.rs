//! Subscriptions to notifications.

use crate::{
    Result, Services, Viewer,
    database::{Parameters, Signal, sql::column_names},
    feed::{BATCH, Feed, ListenRefusal, Part, Sequence, Sequenced},
};
use entity::notification;
use futures_util::Stream;
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use std::sync::Arc;
use uuid::Uuid;

/// The order of notifications.
pub const SEQUENCE: Sequence = Sequence {
    table: "notifications",
    counter: "notification_counter",
    signal: Signal::Notifications,
    id_label: "notification position",
};

/// Notifications of people.
#[derive(Debug)]
pub enum Notifications {}

impl Sequenced for Notifications {
    type Row = notification::Model;
    /// The person who gets them.
    type Wanted = Uuid;

    const SEQUENCE: Sequence = SEQUENCE;

    fn position(row: &Self::Row) -> Option<i64> {
        row.position
    }

    fn is_wanted(person: &Uuid, row: &Self::Row) -> bool {
        row.user_id == *person
    }

    async fn after(services: &Services, position: i64) -> Result<Vec<Self::Row>> {
        Ok(notification::Entity::find()
            .filter(notification::Column::Position.gt(position))
            .order_by_asc(notification::Column::Position)
            .limit(BATCH)
            .all(services.database.connection())
            .await?)
    }

    async fn missed(services: &Services, person: &Uuid, part: Part) -> Result<Vec<Self::Row>> {
        let missed = missed_notifications_statement(services.database.backend(), *person, part);
        let notifications = notification::Entity::find().from_raw_sql(missed);
        Ok(notifications.all(services.database.connection()).await?)
    }

    /// Notifications are kept as long as their person.
    async fn is_kept(_: &Services, _: i64) -> Result<bool> {
        Ok(true)
    }
}

fn missed_notifications_statement(backend: DbBackend, person: Uuid, part: Part) -> Statement {
    let columns = column_names::<notification::Entity>("n.");
    let mut parameters = Parameters::new(backend);
    parameters.bind("person", person).bind("after", part.after).bind("until", part.until);
    parameters.statement(&format!(
        "SELECT {columns}
        FROM notifications n
        WHERE n.user_id = :person AND n.position > :after AND n.position <= :until
        ORDER BY n.position
        LIMIT {BATCH}"
    ))
}

/// The stream of the viewer's notifications, from now on or after a position. It ends with the
/// server.
///
/// # Errors
/// Returns errors of the database.
pub async fn listen(
    feed: &Feed<Notifications>,
    services: Services,
    viewer: Viewer,
    after: Option<i64>,
) -> Result<
    Result<impl Stream<Item = Result<Arc<notification::Model>>> + Send + 'static, ListenRefusal>,
> {
    feed.listen(services, viewer.id, after).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("missed_notifications", |backend| {
            missed_notifications_statement(backend, Uuid::nil(), Part { after: 0, until: 0 })
        });
    }
}
