//! Notifications about the memos, and unread marks.

use super::Desk;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{MemoStage, NotificationKind, WorkRole, memo, notification, unread_mark};
use uuid::Uuid;

/// For how many days a memo stays unread if its recipient has not acted on it.
const UNREAD_DAYS: i64 = 4;
/// For how many days a notification stays unread.
const UNNOTICED_DAYS: i64 = 2;

impl Desk<'_> {
    /// Notifies everybody about every memo, as the server would have done at the time.
    pub(super) fn tell_people(&mut self) {
        for memo in self.rows.memos.clone() {
            let Some(sent_at) = memo.sent_at else { continue };
            self.tell(
                &memo,
                NotificationKind::MemoSent,
                memo.author_id,
                memo.recipient_id,
                sent_at,
            );
            if memo.stage == MemoStage::Pending && memo.recipient_id != memo.author_id {
                self.leave_unread(&memo, memo.recipient_id, sent_at);
            }
            for reader in self.subscribers_of(memo.id) {
                self.tell(&memo, NotificationKind::MemoShared, memo.author_id, reader, sent_at);
                self.leave_unread(&memo, reader, sent_at);
                if memo.stage == MemoStage::Reviewed {
                    self.tell(
                        &memo,
                        NotificationKind::MemoReviewed,
                        memo.recipient_id,
                        reader,
                        memo.updated_at,
                    );
                }
            }
            if memo.stage == MemoStage::Reviewed {
                self.tell(
                    &memo,
                    NotificationKind::MemoReviewed,
                    memo.recipient_id,
                    memo.author_id,
                    memo.updated_at,
                );
            }
            self.tell_of_work(&memo);
        }
        self.rows.notifications.sort_by_key(|notification| notification.id);
    }

    fn tell_of_work(&mut self, memo: &memo::Model) {
        let responsible = |part: WorkRole| part == WorkRole::Responsible;
        let tasks =
            self.rows.task_members.iter().filter(|member| Some(member.task_id) == memo.task_id);
        let tasks: Vec<Uuid> =
            tasks.filter(|member| responsible(member.part)).map(|member| member.user_id).collect();
        for person in tasks {
            self.tell(
                memo,
                NotificationKind::TaskAssigned,
                memo.recipient_id,
                person,
                memo.updated_at,
            );
        }
        let projects = self
            .rows
            .project_members
            .iter()
            .filter(|member| Some(member.project_id) == memo.project_id);
        let projects: Vec<Uuid> = projects
            .filter(|member| responsible(member.part))
            .map(|member| member.user_id)
            .collect();
        for person in projects {
            self.tell(
                memo,
                NotificationKind::ProjectAssigned,
                memo.recipient_id,
                person,
                memo.updated_at,
            );
        }
    }

    fn subscribers_of(&self, memo_id: Uuid) -> Vec<Uuid> {
        let links = self.rows.subscribers.iter().filter(|link| link.memo_id == memo_id);
        links.map(|link| link.user_id).collect()
    }

    /// Nobody is notified of their own actions.
    fn tell(
        &mut self,
        memo: &memo::Model,
        kind: NotificationKind,
        actor: Uuid,
        person: Uuid,
        at: DateTime<Utc>,
    ) {
        if person == actor {
            return;
        }
        let noticed = self.services.now() - at > TimeDelta::days(UNNOTICED_DAYS);
        self.rows.notifications.push(notification::Model {
            position: None,
            id: self.id(at),
            user_id: person,
            kind,
            actor_id: actor,
            memo_id: Some(memo.id),
            task_id: memo.task_id.filter(|_| kind == NotificationKind::TaskAssigned),
            project_id: memo.project_id.filter(|_| kind == NotificationKind::ProjectAssigned),
            deletion_id: None,
            created_at: at,
            read_at: noticed.then_some(at + TimeDelta::hours(3)),
        });
    }

    fn leave_unread(&mut self, memo: &memo::Model, person: Uuid, since: DateTime<Utc>) {
        if self.services.now() - since <= TimeDelta::days(UNREAD_DAYS) {
            self.rows.unread.push(unread_mark::Model {
                memo_id: memo.id,
                user_id: person,
                created_at: since,
            });
        }
    }
}
