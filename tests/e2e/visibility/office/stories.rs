//! A memo for every case, created in the way people create them.

use super::*;

impl VisibilityOffice {
    pub(super) async fn write_stories(&mut self) {
        let mut states = State::ALL;
        // Memos to be purged must first become a month old.
        states.sort_by_key(|state| !state.is_purged());
        let mut purged = false;
        for state in states {
            if !state.is_purged() && !purged {
                self.office.clock.advance(TimeDelta::days(31));
                self.office.purger.deletions().await.unwrap();
                purged = true;
            }
            for role in ROLES {
                for to_self in [false, true] {
                    let story = self.write_story(state, role, to_self).await;
                    self.stories.insert((state, role, to_self), story);
                }
            }
        }
    }

    /// The people of the memo.
    fn cast(&self, role: UserRole, to_self: bool) -> Vec<(What, &Actor)> {
        let belongs = |what: &What| (*what == What::Both) == to_self;
        What::ALL
            .into_iter()
            .filter(belongs)
            .map(|what| (what, &self.people[&(what, role)]))
            .collect()
    }

    async fn write_story(&self, state: State, role: UserRole, to_self: bool) -> Story {
        let office = &self.office;
        let person = |what: What| &self.people[&(what, role)];
        let (author, recipient) = if to_self {
            (person(What::Both), person(What::Both))
        } else {
            (person(What::Author), person(What::Recipient))
        };
        let number = self.stories.len();
        let (word, conclusion) = (format!("zeppelin{number:03}"), format!("verdict{number:03}"));
        let file = office.upload(author, "plan.txt", "the plan").await.id;
        let kept_file = office.upload(author, "budget.txt", "the budget").await.id;
        let tag = office.some_tag().await;
        let deal = office.deal("Forty desks").await;
        let subscribers: Vec<String> = if to_self {
            Vec::new()
        } else {
            [What::Subscriber, What::Former, What::Inactive]
                .map(|what| person(what).user_id())
                .into()
        };
        let input = json!({
            "name": format!("Secret {word}"), "recipientId": recipient.user_id(), "draft": true,
            "subscriberIds": subscribers, "tagIds": [Kind::Tag.id(tag)],
            "dealId": Kind::Deal.id(deal),
            "fileIds": [Kind::File.id(file), Kind::File.id(kept_file)],
        });
        let written = act(author, "createMemo", input).await;
        assert_eq!(codes(&written), [""; 0], "{written:#}");
        let id = written["memo"]["id"].as_str().unwrap().to_owned();
        let memo = TestMemo { uuid: uuid_of(Kind::Memo, &id), id };
        self.conclude(&memo, &conclusion).await;
        let comment;
        if state.is_draft() {
            comment = office.comment(&memo, author.id, "To be sent").await;
        } else {
            act(author, "sendMemo", json!({ "memoId": memo.id })).await;
            let said = "mutation ($id: ID!) { addComment(input: { memoId: $id, body: \"Hm\" }) { \
                comment { id } } }";
            let said = author.data(said, json!({ "id": memo.id })).await;
            comment = uuid_of(Kind::Comment, said["addComment"]["comment"]["id"].as_str().unwrap());
        }
        // A memo to oneself has no subscriber, but the event is the same.
        let removed = if to_self { recipient } else { person(What::Former) };
        if to_self {
            let more = act(
                author,
                "addMemoTags",
                json!({ "memoId": memo.id, "tagIds": [Kind::Tag.id(office.some_tag().await)] }),
            )
            .await;
            assert_eq!(codes(&more), [""; 0], "{more:#}");
        } else {
            let input = json!({ "memoId": memo.id, "userIds": [removed.user_id()] });
            act(author, "removeMemoSubscribers", input).await;
        }
        let cast = self.cast(role, to_self);
        for (_, person) in &cast {
            office.remind(&memo, person.id, 300).await;
            self.mark_unread(&memo, person).await;
        }
        let (mut task, mut project) = (None, None);
        if !state.is_draft() {
            let worker = person(What::Worker);
            task = Some(self.task(&memo, recipient, worker, &word).await);
            project = Some(self.project(&memo, recipient, worker, &word).await);
            office.transfer_to_task(kept_file, task.unwrap()).await;
            office.transfer_to_project(kept_file, project.unwrap()).await;
            if !to_self {
                self.tell_of_work(&memo, worker, author, task.unwrap()).await;
            }
            let held = "mutation ($id: ID!) { placeMemoHold(input: { memoId: $id, reason: \
                \"Audit\" }) { hold { id } } }";
            let held = office.admin().data(held, json!({ "id": memo.id })).await;
            let release = "mutation ($id: ID!) { releaseMemoHold(input: { holdId: $id }) { \
                userErrors { code } } }";
            let released = office
                .admin()
                .data(release, json!({ "id": held["placeMemoHold"]["hold"]["id"] }))
                .await;
            assert_eq!(codes(&released["releaseMemoHold"]), [""; 0], "{released:#}");
        }
        assert_eq!(codes(&author.delete(&memo.id).await), ["CONFIRMATION_REQUIRED"]);
        let record = self.delete(state, &memo, author, recipient).await;
        let kept_file = (!state.is_draft()).then_some(kept_file);
        Story {
            memo,
            word,
            conclusion,
            tag,
            deal,
            author: author.user_id(),
            comment,
            file,
            kept_file,
            task,
            project,
            record,
        }
    }

    async fn delete(
        &self,
        state: State,
        memo: &TestMemo,
        author: &Actor,
        recipient: &Actor,
    ) -> Option<String> {
        if !state.has_record() {
            return None;
        }
        let by = if state.was_deleted_by_recipient() { recipient } else { author };
        let deleted = by.delete_confirmed(&memo.id).await;
        let record =
            deleted["receipt"]["id"].as_str().unwrap_or_else(|| panic!("{deleted:#}")).to_owned();
        if state == State::Restored {
            let restored = author.restore(&record).await;
            assert_eq!(codes(&restored), [""; 0], "{restored:#}");
        }
        Some(record)
    }

    async fn conclude(&self, memo: &TestMemo, conclusion: &str) {
        memo::Entity::update_many()
            .col_expr(memo::Column::Conclusion, Expr::value(conclusion))
            .filter(memo::Column::Id.eq(memo.uuid))
            .exec(self.office.services.database.connection())
            .await
            .unwrap();
        self.office.index_words().await;
    }

    async fn mark_unread(&self, memo: &TestMemo, person: &Actor) {
        use unread_mark::Column;
        let created_at = self.office.services.now();
        let mark = unread_mark::Model { memo_id: memo.uuid, user_id: person.id, created_at };
        unread_mark::Entity::insert(mark.into_active_model())
            .on_conflict(
                OnConflict::columns([Column::MemoId, Column::UserId]).do_nothing().to_owned(),
            )
            .exec_without_returning(self.office.services.database.connection())
            .await
            .unwrap();
    }

    async fn task(&self, memo: &TestMemo, creator: &Actor, worker: &Actor, word: &str) -> Uuid {
        let (id, created_at) = (self.office.services.new_id(), self.office.services.now());
        let row = task::Model {
            id,
            name: format!("Build the {word}"),
            description: String::new(),
            status: WorkStatus::Open,
            due_date: None,
            source_memo_id: Some(memo.uuid),
            created_by: creator.id,
            created_at,
        };
        self.office.insert(row).await;
        let part = WorkRole::Responsible;
        self.office.insert(task_member::Model { task_id: id, user_id: worker.id, part }).await;
        self.office.link(memo, memo::Column::TaskId, id).await;
        id
    }

    async fn project(&self, memo: &TestMemo, creator: &Actor, worker: &Actor, word: &str) -> Uuid {
        let (id, created_at) = (self.office.services.new_id(), self.office.services.now());
        let row = project::Model {
            id,
            name: format!("Fly the {word}"),
            description: String::new(),
            status: WorkStatus::Open,
            due_date: None,
            source_memo_id: Some(memo.uuid),
            created_by: creator.id,
            created_at,
        };
        self.office.insert(row).await;
        let part = WorkRole::Responsible;
        self.office
            .insert(project_member::Model { project_id: id, user_id: worker.id, part })
            .await;
        self.office.link(memo, memo::Column::ProjectId, id).await;
        id
    }

    async fn tell_of_work(&self, memo: &TestMemo, worker: &Actor, actor: &Actor, task: Uuid) {
        self.office
            .insert(notification::Model {
                position: None,
                id: self.office.services.new_id(),
                user_id: worker.id,
                kind: NotificationKind::TaskAssigned,
                actor_id: actor.id,
                memo_id: Some(memo.uuid),
                task_id: Some(task),
                project_id: None,
                deletion_id: None,
                created_at: self.office.services.now(),
                read_at: None,
            })
            .await;
    }
}
