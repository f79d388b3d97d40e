//! Which kinds of notifications people also get by mail: all except those that they opt out of.

use crate::{
    Result, Services, Viewer,
    database::{in_transaction, lock::LockRows},
    ids,
};
use entity::{NotificationKind, mail_opt_out, user};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QuerySelect,
};

/// The kinds that the viewer gets by mail.
///
/// # Errors
/// Returns errors of the database.
pub async fn mail_kinds(services: &Services, viewer: Viewer) -> Result<Vec<NotificationKind>> {
    let unwanted = unwanted(services.database.connection(), viewer).await?;
    Ok(NotificationKind::iter().filter(|kind| !unwanted.contains(kind)).collect())
}

/// Sets the kinds that the viewer gets by mail. A waiting mail of another kind is not sent.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn choose_mail_kinds(
    services: &Services,
    viewer: Viewer,
    wanted: &[NotificationKind],
) -> Result<Vec<NotificationKind>> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        // Without this lock, two requests at the same time could each store a part of their choice.
        user::Entity::find_by_id(viewer.id).lock_rows().one(transaction).await?;
        let before = unwanted(transaction, viewer).await?;
        mail_opt_out::Entity::delete_many()
            .filter(mail_opt_out::Column::UserId.eq(viewer.id))
            .filter(mail_opt_out::Column::Kind.is_in(wanted.iter().copied()))
            .exec(transaction)
            .await?;
        let new: Vec<mail_opt_out::ActiveModel> = NotificationKind::iter()
            .filter(|kind| !wanted.contains(kind) && !before.contains(kind))
            .map(|kind| mail_opt_out::Model { user_id: viewer.id, kind }.into_active_model())
            .collect();
        if !new.is_empty() {
            mail_opt_out::Entity::insert_many(new).exec_without_returning(transaction).await?;
        }
        Ok(())
    })
    .await?;
    tracing::info!(person = %ids::user(viewer.id), "mail preferences changed");
    Ok(NotificationKind::iter().filter(|kind| wanted.contains(kind)).collect())
}

async fn unwanted<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
) -> Result<Vec<NotificationKind>> {
    Ok(mail_opt_out::Entity::find()
        .select_only()
        .column(mail_opt_out::Column::Kind)
        .filter(mail_opt_out::Column::UserId.eq(viewer.id))
        .into_tuple()
        .all(connection)
        .await?)
}
