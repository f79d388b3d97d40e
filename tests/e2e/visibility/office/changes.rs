//! Changes of invisible memos: each is refused as if the memo had never existed.

use super::*;

impl VisibilityOffice {
    /// Tries with an invalid confirmation, so that nothing is deleted.
    pub(super) async fn try_to_delete(
        &self,
        person: &Actor,
        story: &Story,
        mutation: &'static str,
    ) -> String {
        let payload = "replayed deletedMemoId preview { verdict } userErrors { code message }";
        let (document, what) = if mutation == "deleteMemo" {
            (
                format!(
                    "mutation ($input: DeleteMemoInput!) {{ answer: deleteMemo(input: $input) {{ \
                     {payload} }} }}"
                ),
                false,
            )
        } else {
            (
                format!(
                    "mutation ($input: DeleteMemosInput!) {{ answer: deleteMemos(input: $input) {{ \
                     results {{ {payload} }} }} }}"
                ),
                true,
            )
        };
        let delete = async |memo: &str| {
            let item = json!({ "memoId": memo, "confirmationToken": "none" });
            let input = if what { json!({ "memos": [item] }) } else { item };
            let mut answer =
                person.data(&document, json!({ "input": input })).await["answer"].take();
            if what { answer["results"][0].take() } else { answer }
        };
        let answer = delete(&story.memo.id).await;
        if answer["replayed"] == true {
            return "again".to_owned();
        }
        if codes(&answer) == ["NOT_FOUND"] {
            let never = Kind::Memo.id(Uuid::max()).0;
            let never = self.never.entry(mutation, async || delete(&never).await).await;
            assert_eq!(answer, never, "as if it had never been");
            return "-".to_owned();
        }
        "seen".to_owned()
    }

    /// Tries with the invalid confirmation of a selection, so that nothing is deleted.
    pub(super) async fn try_to_delete_as_one(&self, person: &Actor, story: &Story) -> String {
        let delete = async |memo: &str| {
            let input = selection_input(&[memo], true, json!("none"));
            person.delete_selection_with(input).await
        };
        let answer = delete(&story.memo.id).await;
        if answer["results"][0]["replayed"] == true {
            return "again".to_owned();
        }
        if codes(&answer) == ["NOT_FOUND"] {
            let never = Kind::Memo.id(Uuid::max()).0;
            let never = self.never.entry("as one", async || delete(&never).await).await;
            assert_eq!(answer, never, "as if it had never been");
            return "-".to_owned();
        }
        assert!(answer["preview"].is_object(), "{answer:#}");
        "seen".to_owned()
    }

    pub(super) async fn try_to_restore(&self, case: Case, person: &Actor, story: &Story) -> String {
        let unknown = Kind::MemoDeletion.id(Uuid::max()).0;
        let record = story.record.as_ref().unwrap_or(&unknown);
        let can = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { viewerCanRestore } } }";
        let can =
            person.data(can, json!({ "id": record })).await["node"]["viewerCanRestore"].take();
        if case.may_restore() && can == true {
            return "may".to_owned();
        }
        let answer = person.restore(record).await;
        if codes(&answer) == ["NOT_FOUND"] {
            assert_eq!(can, json!(null));
            let never =
                self.never.entry("restoreMemo", async || person.restore(&unknown).await).await;
            assert_eq!(answer, never, "as if it had never been");
            return "-".to_owned();
        }
        assert_eq!(can, json!(false));
        "no".to_owned()
    }

    /// Tries with an invalid confirmation, so that nothing is erased.
    pub(super) async fn try_to_erase(&self, case: Case, person: &Actor, story: &Story) -> String {
        let unknown = Kind::MemoDeletion.id(Uuid::max()).0;
        let record = story.record.as_ref().unwrap_or(&unknown);
        let preview = "query ($id: ID!) { memoErasurePreview(deletionId: $id) { verdict deletion { \
            memoName } removed(first: 100) { nodes { label node { id } } } kept(first: 100) { \
            nodes { label node { id } keptBy { node { id } } } } } }";
        let preview =
            person.data(preview, json!({ "id": record })).await["memoErasurePreview"].take();
        let erase = async |record: &str| {
            let input = json!({ "deletionId": record, "confirmationToken": "none",
                "reason": "Audit" });
            person.erase_with(input).await
        };
        let answer = erase(record).await;
        if codes(&answer) == ["NOT_FOUND"] {
            assert_eq!(preview, json!(null));
            let never = self.never.entry("eraseMemoDeletion", async || erase(&unknown).await).await;
            assert_eq!(answer, never, "as if it had never been");
            return "-".to_owned();
        }
        let has_names = ["removed", "kept"].iter().any(|list| {
            let items = preview[list]["nodes"].as_array().unwrap();
            items.iter().any(|item| !item["label"].is_null() || !item["node"].is_null())
        });
        let in_place = !case.state.is_live() && !case.state.is_purged();
        let content = case.sight() == RecordSight::Content;
        assert_eq!(has_names, in_place && content, "{case:?}: {preview:#}");
        if codes(&answer) == ["CONFIRMATION_STALE"] {
            assert_eq!(preview["verdict"], "ALLOWED");
            return "may".to_owned();
        }
        assert_eq!(preview["verdict"], "DENIED");
        "no".to_owned()
    }

    /// Tries every change of a memo that the person cannot see. Each is refused as if the memo had
    /// never existed.
    pub async fn try_to_change(&self, case: Case) -> String {
        if !case.is_active() {
            return "401".to_owned();
        }
        let (person, story) = self.story(case);
        let past = "mutation ($id: ID!) { createReminder(input: { memoId: $id, dueAt: \
            \"2020-01-01T08:00:00Z\" }) { userErrors { code } } }";
        let answer = person.data(past, json!({ "id": story.memo.id })).await;
        if codes(&answer["createReminder"]) != ["NOT_FOUND"] {
            return "seen".to_owned();
        }
        let reminder = self.reminder_of(story, person, &self.reminders(person).await);
        let own = Kind::File.id(Uuid::max());
        let unknown = Uuid::max();
        let variables = |memo: &str, comment: Uuid, reminder: &str| {
            json!({
                "memo": memo, "comment": Kind::Comment.id(comment), "reminder": reminder,
                "file": Kind::File.id(story.file),
                    "task": Kind::Task.id(story.task.unwrap_or(unknown)),
                "own": own, "person": self.office.stranger().user_id(),
                    "tag": Kind::Tag.id(story.tag),
            })
        };
        let changes = changes();
        let answer =
            person.data(&changes, variables(&story.memo.id, story.comment, &reminder)).await;
        for (change, payload) in answer.as_object().unwrap() {
            assert_eq!(codes(payload), ["NOT_FOUND"], "{case:?} {change}");
        }
        let never = variables(&Kind::Memo.id(unknown).0, unknown, &Kind::Reminder.id(unknown).0);
        let never = self.never.entry("changes", async || person.data(&changes, never).await).await;
        assert_eq!(answer, never, "{case:?}: as if it had never been");
        if case.role == UserRole::Admin && case.state.is_draft() && !case.is_author() {
            let hold = "mutation ($id: ID!) { placeMemoHold(input: { memoId: $id, reason: \
                \"Audit\" }) { hold { id } userErrors { code message } } }";
            let held = person.data(hold, json!({ "id": story.memo.id })).await;
            assert_eq!(codes(&held["placeMemoHold"]), ["NOT_FOUND"], "{case:?}");
            assert_eq!(held, person.data(hold, json!({ "id": Kind::Memo.id(unknown) })).await);
        }
        "-".to_owned()
    }
}

/// All changes of a memo in one request.
fn changes() -> String {
    let more = [
        "removeMemoSubscribers(input: { memoId: $memo, userIds: [$person] })",
        "removeMemoTags(input: { memoId: $memo, tagIds: [$tag] })",
        "deleteComment(input: { commentId: $comment })",
        "updateReminder(input: { reminderId: $reminder, dueAt: \"2030-01-01T08:00:00Z\" })",
        "dismissReminder(input: { reminderId: $reminder })",
        "deleteReminder(input: { reminderId: $reminder })",
        "markMemosUnread(input: { memoIds: [$memo] })",
    ];
    let errors = "{ userErrors { code field message } }";
    let tried = TRIALS.iter().map(|trial| {
        let (_, call) = trial.document.split_once("answer: ").expect("a trial");
        let (call, _) = call.split_once(" { userErrors").expect("a trial");
        call.to_owned()
    });
    let calls: Vec<String> = tried
        .chain(more.map(str::to_owned))
        .enumerate()
        .map(|(n, call)| format!("change{n}: {call} {errors}"))
        .collect();
    format!(
        "mutation ($memo: ID!, $file: ID!, $task: ID!, $own: ID!, $person: ID!, $tag: ID!, \
         $comment: ID!, $reminder: ID!) {{ {} }}",
        calls.join("\n")
    )
}
