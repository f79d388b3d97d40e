//! Memos with their belongings, inserted directly into the database.

use crate::{actor::Actor, office::Office};
use api::graphql::Kind;
use chrono::TimeDelta;
use entity::{
    MemoStage, WorkRole, WorkStatus, comment, deal, file, memo, memo_file, memo_hold,
    memo_subscriber, memo_tag, project, project_file, project_member, reminder, resolution, tag,
    task, task_file, task_member, unread_mark,
};
use service::{
    accounts,
    files::{self, NewFile},
    holds::{self, HoldName, NewHold, PlaceHoldError},
    idempotency::CreateError,
};
use uuid::Uuid;

/// A memo to be created, by default from the author to the recipient.
pub struct MemoDraft<'o> {
    office: &'o Office,
    row: memo::Model,
    subscribers: Vec<Uuid>,
    on_hold: bool,
}

/// A memo that was created.
#[derive(Debug, Clone)]
pub struct TestMemo {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its global id.
    pub id: String,
}

impl<'o> MemoDraft<'o> {
    pub(crate) fn new(office: &'o Office) -> Self {
        let now = office.services.now();
        let row = memo::Model {
            id: office.services.new_id(),
            name: "Order new chairs".to_owned(),
            description: "Six, with armrests.".to_owned(),
            conclusion: None,
            author_id: office.author().id,
            recipient_id: office.recipient().id,
            stage: MemoStage::Pending,
            draft: false,
            review_date: None,
            deal_id: None,
            task_id: None,
            project_id: None,
            resolution_id: None,
            sent_at: Some(now),
            acted_at: None,
            acted_stage: None,
            created_at: now,
            updated_at: now,
            version: 1,
            revision: 1,
            on_hold: false,
            comment_count: 0,
            author_comment_count: 0,
            recipient_comment_count: 0,
        };
        Self { office, row, subscribers: Vec::new(), on_hold: false }
    }

    /// Sets its name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.row.name);
        self
    }

    /// Sets its author.
    #[must_use]
    pub fn from(mut self, author: Uuid) -> Self {
        self.row.author_id = author;
        self
    }

    /// Sets its recipient.
    #[must_use]
    pub fn to(mut self, recipient: Uuid) -> Self {
        self.row.recipient_id = recipient;
        self
    }

    /// Makes it a draft.
    #[must_use]
    pub fn draft(mut self) -> Self {
        self.row.draft = true;
        self.row.sent_at = None;
        self
    }

    /// Sets the stage to which the recipient has moved it.
    #[must_use]
    pub fn in_stage(mut self, stage: MemoStage) -> Self {
        self.row.stage = stage;
        let acted = stage != MemoStage::Pending;
        self.row.acted_at = acted.then_some(self.row.created_at);
        self.row.acted_stage = acted.then_some(stage);
        self
    }

    /// Adds that person as a subscriber.
    #[must_use]
    pub fn with_subscriber(mut self, person: Uuid) -> Self {
        self.subscribers.push(person);
        self
    }

    /// Places an active hold on it.
    #[must_use]
    pub fn on_hold(mut self) -> Self {
        self.on_hold = true;
        self
    }

    /// Inserts it into the database.
    pub async fn create(self) -> TestMemo {
        let office = self.office;
        let memo = office.insert(self.row).await;
        for user_id in self.subscribers {
            office
                .insert(memo_subscriber::Model {
                    memo_id: memo.id,
                    user_id,
                    created_at: memo.created_at,
                })
                .await;
        }
        if self.on_hold {
            office
                .insert(memo_hold::Model {
                    id: office.services.new_id(),
                    memo_id: memo.id,
                    held_memo_id: Some(memo.id),
                    reason: "Litigation".to_owned(),
                    placed_by: office.admin().id,
                    placed_at: memo.created_at,
                    released_by: None,
                    released_at: None,
                    matter: String::new(),
                })
                .await;
        }
        office.index_words().await;
        TestMemo { uuid: memo.id, id: Kind::Memo.id(memo.id).0 }
    }
}

impl Office {
    /// Indexes memos that SQL wrote for search, as the server's job does.
    pub async fn index_words(&self) {
        service::memos::index_stale(&self.services.database, None)
            .await
            .expect("memos that can be indexed");
    }

    /// Places a hold for that matter, as the administrator. An empty matter means none.
    ///
    /// # Errors
    /// The reason for a refusal.
    pub async fn hold(
        &self,
        memo: &TestMemo,
        matter: &str,
    ) -> Result<memo_hold::Model, PlaceHoldError> {
        let new = NewHold { matter: matter.to_owned(), reason: "Audit".to_owned() };
        let placed = holds::place(&self.services, self.viewer("admin"), None, memo.uuid, &new);
        match placed.await {
            Ok(hold) => Ok(hold.thing),
            Err(CreateError::Operation(error)) => Err(error),
            Err(refusal) => panic!("there is no idempotency key: {refusal:?}"),
        }
    }

    /// Releases a hold, as the administrator.
    pub async fn release(&self, hold: &memo_hold::Model) {
        let name = HoldName::Id(hold.id);
        let released = holds::release(&self.services, self.viewer("admin"), &name).await;
        released.expect("it is released");
    }

    /// Ends the person's right to sign in.
    pub async fn deactivate(&self, person: &Actor) {
        let changed = accounts::deactivate(&self.services, self.viewer("admin"), person.id).await;
        assert!(!changed.expect("a person").active);
    }

    /// Adds a comment.
    pub async fn comment(&self, memo: &TestMemo, by: Uuid, body: &str) -> Uuid {
        let id = self.services.new_id();
        let created_at = self.services.now();
        self.insert(comment::Model {
            id,
            memo_id: memo.uuid,
            author_id: by,
            body: body.to_owned(),
            created_at,
            edited_at: None,
        })
        .await;
        id
    }

    /// Marks it as unread for that person.
    pub async fn mark_unread(&self, memo: &TestMemo, user_id: Uuid) {
        self.insert(unread_mark::Model {
            memo_id: memo.uuid,
            user_id,
            created_at: self.services.now(),
        })
        .await;
    }

    /// Sets a reminder that is due in that many days.
    pub async fn remind(&self, memo: &TestMemo, person: Uuid, days: i64) -> Uuid {
        let (id, now) = (self.services.new_id(), self.services.now());
        self.insert(reminder::Model {
            id,
            memo_id: memo.uuid,
            user_id: person,
            due_at: now + TimeDelta::days(days),
            fired_at: None,
            dismissed_at: None,
            created_at: now,
        })
        .await;
        id
    }

    /// Stores a file and attaches it to the memo.
    pub async fn attach(&self, memo: &TestMemo, name: &str, content: &str) -> file::Model {
        let new = NewFile {
            name: name.to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: content.to_owned().into_bytes().into(),
        };
        let file = files::store(&self.services, &self.backend.file_store, self.author().id, &new)
            .await
            .expect("the file is stored");
        self.attach_file(memo, file.id).await;
        file
    }

    /// Attaches a file to one more memo.
    pub async fn attach_file(&self, memo: &TestMemo, file_id: Uuid) {
        self.insert(memo_file::Model {
            memo_id: memo.uuid,
            file_id,
            created_at: self.services.now(),
            attached_by: Some(self.author().id),
        })
        .await;
    }

    /// Transfers a file to a task, as the recipient.
    pub async fn transfer_to_task(&self, file_id: Uuid, task_id: Uuid) {
        let (created_at, attached_by) = (self.services.now(), Some(self.recipient().id));
        self.insert(task_file::Model { task_id, file_id, created_at, attached_by }).await;
    }

    /// Transfers a file to a project, as the recipient.
    pub async fn transfer_to_project(&self, file_id: Uuid, project_id: Uuid) {
        let (created_at, attached_by) = (self.services.now(), Some(self.recipient().id));
        self.insert(project_file::Model { project_id, file_id, created_at, attached_by }).await;
    }

    /// A task of the recipient, with the author as a subscriber.
    pub async fn task(&self, name: &str) -> Uuid {
        let (id, created_by) = (self.services.new_id(), self.recipient().id);
        self.insert(task::Model {
            id,
            name: name.to_owned(),
            description: String::new(),
            status: WorkStatus::Open,
            due_date: None,
            source_memo_id: None,
            created_by,
            created_at: self.services.now(),
        })
        .await;
        self.insert(task_member::Model {
            task_id: id,
            user_id: self.author().id,
            part: WorkRole::Subscriber,
        })
        .await;
        id
    }

    /// Makes the person responsible for the task.
    pub async fn make_responsible(&self, person: &Actor, task_id: Uuid) {
        self.insert(task_member::Model {
            task_id,
            user_id: person.id,
            part: WorkRole::Responsible,
        })
        .await;
    }

    /// A project of the recipient, with the author as a subscriber.
    pub async fn project(&self, name: &str) -> Uuid {
        let (id, created_by) = (self.services.new_id(), self.recipient().id);
        self.insert(project::Model {
            id,
            name: name.to_owned(),
            description: String::new(),
            status: WorkStatus::Open,
            due_date: None,
            source_memo_id: None,
            created_by,
            created_at: self.services.now(),
        })
        .await;
        self.insert(project_member::Model {
            project_id: id,
            user_id: self.author().id,
            part: WorkRole::Subscriber,
        })
        .await;
        id
    }

    /// A deal.
    pub async fn deal(&self, name: &str) -> Uuid {
        let id = self.services.new_id();
        let created_at = self.services.now();
        self.insert(deal::Model {
            id,
            name: name.to_owned(),
            status: WorkStatus::Open,
            due_date: None,
            created_at,
        })
        .await;
        id
    }

    /// A resolution.
    pub async fn resolution(&self, name: &str) -> Uuid {
        let id = self.services.new_id();
        self.insert(resolution::Model { id, name: name.to_owned() }).await;
        id
    }

    /// A tag on the memo.
    pub async fn tag(&self, memo: &TestMemo, name: &str) -> Uuid {
        let id = self.services.new_id();
        self.insert(tag::Model { id, name: name.to_owned() }).await;
        self.insert(memo_tag::Model { memo_id: memo.uuid, tag_id: id }).await;
        id
    }

    /// Sets a column of the memo to an id.
    pub async fn link(&self, memo: &TestMemo, column: memo::Column, id: Uuid) {
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
        memo::Entity::update_many()
            .col_expr(column, Expr::value(id))
            .filter(memo::Column::Id.eq(memo.uuid))
            .exec(self.services.database.connection())
            .await
            .expect("the link");
    }

    /// A memo with all kinds of belongings: subscribers, tags, task, project, deal, resolution,
    /// comments, reminders, and files that are transferred, shared and not transferred.
    pub async fn full_memo(&self) -> (TestMemo, FullMemo) {
        let memo = self
            .memo()
            .named("Renovate the showroom")
            .in_stage(MemoStage::Reviewed)
            .with_subscriber(self.subscriber().id)
            .with_subscriber(self.chief().id)
            .create()
            .await;
        let other = self.memo().named("Another memo with the same price list").create().await;
        let full = FullMemo {
            task: self.task("Paint the walls").await,
            project: self.project("New showroom").await,
            deal: self.deal("Hotel lobby").await,
            resolution: self.resolution("For approval").await,
        };
        self.link(&memo, memo::Column::TaskId, full.task).await;
        self.link(&memo, memo::Column::ProjectId, full.project).await;
        self.link(&memo, memo::Column::DealId, full.deal).await;
        self.link(&memo, memo::Column::ResolutionId, full.resolution).await;
        self.tag(&memo, "urgent").await;
        self.tag(&memo, "showroom").await;
        self.comment(&memo, self.author().id, "When can we start?").await;
        self.comment(&memo, self.recipient().id, "On Monday.").await;
        self.comment(&memo, self.subscriber().id, "Mind the exhibition.").await;
        self.remind(&memo, self.author().id, 3).await;
        self.remind(&memo, self.recipient().id, 4).await;
        self.remind(&memo, self.subscriber().id, -4).await;
        self.mark_unread(&memo, self.subscriber().id).await;
        self.mark_unread(&memo, self.chief().id).await;
        self.attach(&memo, "sketch.txt", "walls, floor, light").await;
        self.attach(&memo, "notes.txt", "call the painter").await;
        let plan = self.attach(&memo, "plan.txt", "the plan").await;
        self.transfer_to_task(plan.id, full.task).await;
        let budget = self.attach(&memo, "budget.txt", "the budget").await;
        self.transfer_to_project(budget.id, full.project).await;
        let prices = self.attach(&memo, "prices.txt", "the prices").await;
        self.attach_file(&other, prices.id).await;
        (memo, full)
    }
}

/// The objects to which that memo is linked.
#[derive(Debug, Clone, Copy)]
pub struct FullMemo {
    /// The task.
    pub task: Uuid,
    /// The project.
    pub project: Uuid,
    /// The deal.
    pub deal: Uuid,
    /// The resolution.
    pub resolution: Uuid,
}
