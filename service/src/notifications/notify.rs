//! Notifies people in the transaction of the change. Each person gets a notification, and a mail if
//! they want one.

use crate::{Result, Services, database::sql::is_one_of};
use entity::{NotificationKind, mail, mail_opt_out, notification, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use std::collections::HashSet;
use uuid::Uuid;

/// The content of a notification.
#[derive(Debug, Clone)]
pub(crate) struct NotificationDraft<'a> {
    /// What happened.
    pub(crate) kind: NotificationKind,
    /// Who did it.
    pub(crate) actor: Uuid,
    /// The subject: what it happened to.
    pub(crate) about: Subject,
    /// The subject's name, for the mail.
    pub(crate) name: &'a str,
}

/// The subject of a notification.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject {
    /// A memo.
    Memo(Uuid),
    /// A deleted memo, and the record of its deletion.
    Deletion(Uuid, Uuid),
    /// More memos than one notification can name.
    SeveralMemos,
    /// A task, and the memo that it was created from.
    Task(Uuid, Option<Uuid>),
    /// A project, and the memo that it was created from.
    Project(Uuid, Option<Uuid>),
}

/// Notifies each of the people once. Nobody is notified of their own actions, except of reminders.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn notify(
    services: &Services,
    transaction: &DatabaseTransaction,
    people: impl IntoIterator<Item = Uuid>,
    draft: &NotificationDraft<'_>,
) -> Result<()> {
    let mut seen = HashSet::new();
    let now = services.now();
    let (memo_id, task_id, project_id, deletion_id) = match draft.about {
        Subject::Memo(memo) => (Some(memo), None, None, None),
        Subject::Deletion(memo, record) => (Some(memo), None, None, Some(record)),
        Subject::SeveralMemos => (None, None, None, None),
        Subject::Task(task, memo) => (memo, Some(task), None, None),
        Subject::Project(project, memo) => (memo, None, Some(project), None),
    };
    let notifications: Vec<notification::Model> = people
        .into_iter()
        .filter(|person| *person != draft.actor || draft.kind == NotificationKind::ReminderDue)
        .filter(|person| seen.insert(*person))
        .map(|user_id| notification::Model {
            id: services.new_id(),
            position: None,
            user_id,
            kind: draft.kind,
            actor_id: draft.actor,
            memo_id,
            task_id,
            project_id,
            deletion_id,
            created_at: now,
            read_at: None,
        })
        .collect();
    if notifications.is_empty() {
        return Ok(());
    }
    notification::Entity::insert_many(
        notifications.iter().cloned().map(IntoActiveModel::into_active_model),
    )
    .exec_without_returning(transaction)
    .await?;
    if services.sends_mail {
        write_mails(services, transaction, &notifications, draft).await?;
    }
    Ok(())
}

/// Adds a mail to the outbox for each notification whose person is active and wants mails of its
/// kind.
async fn write_mails(
    services: &Services,
    transaction: &DatabaseTransaction,
    notifications: &[notification::Model],
    draft: &NotificationDraft<'_>,
) -> Result<()> {
    let ids: Vec<Uuid> = notifications.iter().map(|notification| notification.user_id).collect();
    let unwilling = mail_opt_out::Entity::find()
        .select_only()
        .column(mail_opt_out::Column::UserId)
        .filter(mail_opt_out::Column::Kind.eq(draft.kind));
    let willing: Vec<Uuid> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(is_one_of(services.database.backend(), user::Column::Id, &ids))
        .filter(user::Column::Active.eq(true))
        .filter(user::Column::Id.not_in_subquery(sea_orm::QueryTrait::into_query(unwilling)))
        .into_tuple()
        .all(transaction)
        .await?;
    let now = services.now();
    let mails: Vec<mail::ActiveModel> = notifications
        .iter()
        .filter(|notification| willing.contains(&notification.user_id))
        .map(|notification| {
            mail::Model {
                id: services.new_id(),
                notification_id: notification.id,
                user_id: notification.user_id,
                subject_name: Some(draft.name.to_owned()),
                attempts: 0,
                next_attempt_at: now,
                last_error: None,
                sent_at: None,
                given_up_at: None,
                created_at: now,
            }
            .into_active_model()
        })
        .collect();
    if !mails.is_empty() {
        mail::Entity::insert_many(mails).exec_without_returning(transaction).await?;
    }
    Ok(())
}
