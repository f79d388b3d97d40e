//! Compares the conditions of statements with the rules' functions.

use super::*;

impl VisibilityOffice {
    /// Compares the conditions of statements with the rules' functions.
    pub async fn assert_conditions(&self, case: Case) {
        let (person, story) = self.story(case);
        let viewer = person.viewer();
        let what = format!("{case:?}");
        let database = self.office.services.database.connection();
        let memo = memo::Entity::find_by_id(story.memo.uuid);
        let count = memo.filter(visible_memos(viewer)).count(database).await.unwrap();
        assert_eq!(count == 1, case.sees_memo(), "{what}: visible_memos");
        let ids = [story.memo.uuid, person.id];
        let text = |condition: String| {
            format!(
                "SELECT 1 AS one FROM memos m JOIN users u ON u.id = $2 WHERE m.id = $1 AND \
                 {condition}"
            )
        };
        assert_eq!(
            self.finds(&text(sees_memo("m", "u.id", &is_chief("u"))), ids).await,
            case.sees_memo(),
            "{what}: sees_memo"
        );
        let conclusion = text(format!(
            "{} AND {}",
            sees_memo("m", "u.id", &is_chief("u")),
            reads_conclusion("m", "u.id")
        ));
        let reads = case.state.is_live() && case.memo().reads_conclusion();
        assert_eq!(self.finds(&conclusion, ids).await, reads, "{what}: reads_conclusion");
        use IndexRange::{Drafts, Everything, Inbox, Sent, Subscribed};
        for range in [Inbox, Sent, Subscribed, Drafts, Everything] {
            let held = case.state.is_live() && range.holds(case.memo());
            // Not every range names the person.
            let person = "EXISTS (SELECT 1 FROM users u WHERE u.id = $2)";
            let rows =
                format!("SELECT 1 AS one {} AND memos.id = $1 AND {person}", range.rows("$2"));
            assert_eq!(self.finds(&rows, ids).await, held, "{what}: the rows of {range:?}");
            let condition = format!(
                "SELECT 1 AS one FROM memos WHERE ({}) AND memos.id = $1 AND {person}",
                range.condition("$2")
            );
            assert_eq!(
                self.finds(&condition, ids).await,
                held,
                "{what}: the condition of {range:?}"
            );
        }
        let record = story
            .record
            .as_deref()
            .map_or(Uuid::max(), |record| uuid_of(Kind::MemoDeletion, record));
        let records = memo_deletion::Entity::find_by_id(record).filter(visible_records(viewer));
        let seen = records.count(database).await.unwrap() == 1;
        assert_eq!(seen, case.sight() > RecordSight::Nothing, "{what}: visible_records");
        self.assert_conditions_of_work(case, person, story).await;
        for (id, sees) in
            [(Some(story.file), case.sees_file()), (story.kept_file, case.sees_kept_file())]
        {
            let file =
                file::Entity::find_by_id(id.unwrap_or(Uuid::max())).filter(visible_files(viewer));
            assert_eq!(file.count(database).await.unwrap() == 1, sees, "{what}: visible_files");
        }
        let events = memo_event::Entity::find()
            .filter(memo_event::Column::MemoId.eq(story.memo.uuid))
            .order_by_asc(memo_event::Column::Id)
            .all(database)
            .await
            .unwrap();
        let heard: String = events
            .iter()
            .filter(|event| sees_event(event, viewer, Some(0)))
            .map(|event| event.kind.as_str().chars().next().unwrap())
            .collect();
        assert_eq!(heard, case.heard(), "{what}: hears");
        self.assert_condition_of_mails(case, person, story).await;
    }

    async fn assert_conditions_of_work(&self, case: Case, person: &Actor, story: &Story) {
        let database = self.office.services.database.connection();
        let viewer = person.viewer();
        let sees = |visible: Condition| (visible, case.sees_work());
        let (visible, expected) = sees(visible_tasks(viewer));
        let tasks = task::Entity::find_by_id(story.task.unwrap_or(Uuid::max())).filter(visible);
        assert_eq!(tasks.count(database).await.unwrap() == 1, expected, "{case:?}: visible_tasks");
        let (visible, expected) = sees(visible_projects(viewer));
        let projects =
            project::Entity::find_by_id(story.project.unwrap_or(Uuid::max())).filter(visible);
        assert_eq!(
            projects.count(database).await.unwrap() == 1,
            expected,
            "{case:?}: visible_projects"
        );
        for (work, id) in [("task", story.task), ("project", story.project)] {
            let sql = format!(
                "SELECT 1 AS one FROM {work}s t JOIN users u ON u.id = $2 WHERE t.id = $1 AND {}",
                sees_work(work, "t", "u.id", &is_chief("u"))
            );
            let found = self.finds(&sql, [id.unwrap_or(Uuid::max()), person.id]).await;
            assert_eq!(found, case.sees_work(), "{case:?}: sees_work, {work}");
        }
    }

    /// For each notification: whether a mail with the same content may still be sent.
    async fn assert_condition_of_mails(&self, case: Case, person: &Actor, story: &Story) {
        for notification in self.notifications(person, story).await {
            let expected = if notification.deletion_id.is_some() {
                case.sight() == RecordSight::Content
            } else if notification.task_id.is_some() {
                case.sees_work()
            } else {
                case.sees_memo()
            };
            let sql = format!(
                "SELECT 1 AS one FROM notifications n JOIN users u ON u.id = n.user_id \
                 WHERE n.id = $1 AND u.id = $2 AND {}",
                sees_subject("n", "u")
            );
            let found = self.finds(&sql, [notification.id, person.id]).await;
            assert_eq!(found, expected, "{case:?}: sees_subject, {:?}", notification.kind);
        }
    }

    async fn finds(&self, sql: &str, ids: [Uuid; 2]) -> bool {
        let database = self.office.services.database.connection();
        let backend = self.office.services.database.backend();
        let statement = Statement::from_sql_and_values(backend, sql, ids.map(Into::into));
        let found = database.query_one_raw(statement).await;
        found.unwrap_or_else(|error| panic!("{sql}: {error}")).is_some()
    }
}
