//! What a person gets at each door.

use super::*;

const ONE: &str = "query ($memo: ID!, $tag: ID!, $word: String!, $conclusion: String!, $record: \
    ID!, $comment: ID!,
        $file: ID!, $kept: ID!, $task: ID!, $project: ID!, $reminder: ID!, $deal: ID!, \
    $author: ID!) {
    node(id: $memo) {
        __typename
        ... on DeletedMemo { deletion { id } }
        ... on Memo { files { id } comments { nodes { id } } task { id } project { id } \
    viewerReminders { id } deletionPreview { memo { id } } viewerDeletionVerdict }
    }
    nodes(ids: [$memo]) { __typename }
    memo(id: $memo) { id }
    tagged: node(id: $tag) { ... on Tag { memos(first: 100) { totalCount nodes { id } } } }
    about: node(id: $deal) { ... on Deal { memos(first: 100) { totalCount nodes { id } } } }
    written: user(id: $author) { memos(first: 100) { nodes { id } } }
    inbox: memos(box: INBOX, filter: { tagId: $tag }) { totalCount }
    sent: memos(box: SENT, filter: { tagId: $tag }) { totalCount }
    subscribed: memos(box: SUBSCRIBED, filter: { tagId: $tag }) { totalCount }
    drafts: memos(box: DRAFTS, filter: { tagId: $tag }) { totalCount }
    all_visible: memos(box: ALL_VISIBLE, filter: { tagId: $tag }) { totalCount }
    byName: memos(box: ALL_VISIBLE, filter: { text: $word }) { totalCount nodes { id } }
    byConclusion: memos(box: ALL_VISIBLE, filter: { text: $conclusion }) { totalCount nodes { id } }
    unread: memos(box: ALL_VISIBLE, filter: { tagId: $tag, unread: true }) { totalCount }
    preview: memoDeletionPreview(memoId: $memo) { memo { id } removed { nodes { kind } } \
    kept(first: 100) { nodes { kind keptBy { kind node { id } attachedBy { id } attachedAt } } } }
    previews: memosDeletionPreview(memoIds: [$memo]) { verdict memos { memo { id } } \
    removed { nodes { kind } } kept(first: 100) { nodes { kind keptBy { kind node { id } \
    attachedBy { id } attachedAt } } } }
    records: memoDeletions(filter: { memoId: $memo }) { nodes {
        id memoName removed(first: 100) { nodes { label node { id } } } kept(first: 100) { nodes { \
    kind label node { id } keptBy { kind node { id } attachedBy { id } attachedAt } } }
    } }
    byId: memoDeletion(id: $record) { id memoName }
    record: node(id: $record) { ... on MemoDeletion { id memoName viewerCanRestore } }
    comment: node(id: $comment) { ... on Comment { id memo { id } } }
    file: node(id: $file) { id }
    kept: node(id: $kept) { id ... on File { attachments { kind node { id } } } }
    task: node(id: $task) { ... on Task { id files { id } sourceMemo { __typename } } }
    project: node(id: $project) { ... on Project { id files { id } sourceMemo { __typename } } }
    taskById: task(id: $task) { id }
    projectById: project(id: $project) { id }
    reminder: node(id: $reminder) { ... on Reminder { id memo { id } } }
}";

fn yes(sees: bool) -> String {
    if sees { "yes" } else { "-" }.to_owned()
}

/// Whether the memo is in the lists of its tag, its deal and its author: in all of them or in none.
fn with(story: &Story, one: &Value) -> String {
    let lists = ["tagged", "about", "written"].map(|with| &one[with]["memos"]);
    let [tagged, about, written] = lists.map(|list| holds(&list["nodes"], &story.memo.id));
    assert_eq!((tagged, tagged), (about, written), "{one:#}");
    for list in &lists[..2] {
        assert_eq!(list["totalCount"], json!(u8::from(tagged)), "its tag and deal are its own");
    }
    yes(tagged)
}

/// The objects that have the kept file, as the file shows them. Lists of deletions must show the
/// same work, and only the kind of what the person cannot see.
fn attached(case: Case, story: &Story, one: &Value) -> String {
    if story.task.is_none() {
        return ".".to_owned();
    }
    let (preview, previews) = (&one["preview"]["kept"], &one["previews"]["kept"]);
    for list in [preview, previews, &one["records"]["nodes"][0]["kept"]] {
        let nodes = list["nodes"].as_array().into_iter().flatten();
        let keepers: Vec<&Value> =
            nodes.flat_map(|node| node["keptBy"].as_array().unwrap()).collect();
        for keeper in &keepers {
            for field in ["node", "attachedBy", "attachedAt"] {
                assert_eq!(!keeper[field].is_null(), case.sees_work(), "{case:?}: {keeper:#}");
            }
        }
        let kinds: Vec<&str> = keepers.iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert!(kinds.is_empty() || kinds == ["TASK", "PROJECT"], "{case:?}: {kinds:?}");
        // The lists of a selection are about the memos that can be deleted.
        let can_delete = one["previews"]["verdict"] != "DENIED";
        if case.sees_memo()
            && (std::ptr::eq(list, preview) || (can_delete && std::ptr::eq(list, previews)))
        {
            assert_eq!(kinds.len(), 2, "{case:?}: both keep the file");
        }
    }
    let shown = one["kept"]["attachments"].as_array();
    let has = |kind: &str, id: String| {
        shown.is_some_and(|shown| {
            shown.iter().any(|shown| shown["kind"] == kind && shown["node"]["id"] == id)
        })
    };
    let found = [
        ('m', has("MEMO", story.memo.id.clone())),
        ('t', has("TASK", Kind::Task.id(story.task.unwrap()).0)),
        ('p', has("PROJECT", Kind::Project.id(story.project.unwrap()).0)),
    ];
    let number = found.iter().filter(|(_, found)| *found).count();
    assert_eq!(shown.map_or(0, Vec::len), number, "{case:?}: nothing else");
    letters(&found)
}

/// Whether one of the objects has that id.
fn holds(nodes: &Value, id: &str) -> bool {
    nodes.as_array().unwrap().iter().any(|node| node["id"] == id)
}

impl VisibilityOffice {
    /// What the person gets at every door except the door of changes.
    pub async fn ask(&self, case: Case) -> HashMap<&'static str, String> {
        let (person, story) = self.story(case);
        let mut answers = HashMap::from([("mail", self.mail(person, story))]);
        if !case.is_active() {
            self.assert_nobody_signs_in(person, story).await;
            answers.extend(
                DOORS
                    .iter()
                    .filter(|door| door.name != "mail")
                    .map(|door| (door.name, "401".to_owned())),
            );
            return answers;
        }
        self.ask_for_the_memo(case, person, story, &mut answers).await;
        self.look_into_lists(case, person, story, &mut answers).await;
        self.ask_for_files(person, story, &mut answers).await;
        answers.extend([
            ("data", self.ask_for_data(case, person, story).await),
            ("delete", self.try_to_delete(person, story, "deleteMemo").await),
            ("deletes", self.try_to_delete(person, story, "deleteMemos").await),
            ("as one", self.try_to_delete_as_one(person, story).await),
            ("restore", self.try_to_restore(case, person, story).await),
            ("erase", self.try_to_erase(case, person, story).await),
        ]);
        answers
    }

    fn mail(&self, person: &Actor, story: &Story) -> String {
        yes(self
            .mails
            .iter()
            .any(|mail| mail.is_to(&person.name) && mail.text.contains(&story.word)))
    }

    async fn assert_nobody_signs_in(&self, person: &Actor, story: &Story) {
        let refused = person.send("{ viewer { id } }", json!({})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{refused:#}");
        let file = Kind::File.id(story.file).0;
        assert_eq!(files_read::get(person, &file, &[]).await.status(), 401);
        let mut socket = Socket::open(&person.address).await;
        let payload = json!({ "authorization": format!("Bearer {}", person.token()) });
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert!(
            matches!(socket.next().await, Heard::Closed(4401 | 4403)),
            "a WebSocket of {}",
            person.name
        );
    }

    pub(super) fn reminder_of(
        &self,
        story: &Story,
        person: &Actor,
        reminders: &[reminder::Model],
    ) -> String {
        let id = reminders
            .iter()
            .find(|reminder| reminder.memo_id == story.memo.uuid && reminder.user_id == person.id)
            .map_or(Uuid::max(), |reminder| reminder.id);
        Kind::Reminder.id(id).0
    }

    pub(super) async fn reminders(&self, person: &Actor) -> Vec<reminder::Model> {
        reminder::Entity::find()
            .filter(reminder::Column::UserId.eq(person.id))
            .filter(Expr::cust("1 = 1 OR EXISTS (SELECT 1 FROM memos)"))
            .all(self.office.services.database.connection())
            .await
            .unwrap()
    }

    async fn ask_for_the_memo(
        &self,
        case: Case,
        person: &Actor,
        story: &Story,
        answers: &mut HashMap<&'static str, String>,
    ) {
        let unknown = Uuid::max();
        let file = Kind::File.id(story.file).0;
        let reminder = self.reminder_of(story, person, &self.reminders(person).await);
        let record = story.record.clone().unwrap_or_else(|| Kind::MemoDeletion.id(unknown).0);
        let variables = json!({
            "memo": story.memo.id, "tag": Kind::Tag.id(story.tag), "word": story.word,
            "conclusion": story.conclusion, "record": record,
                "comment": Kind::Comment.id(story.comment),
            "file": file, "kept": Kind::File.id(story.kept_file.unwrap_or(unknown)),
            "task": Kind::Task.id(story.task.unwrap_or(unknown)),
            "project": Kind::Project.id(story.project.unwrap_or(unknown)), "reminder": reminder,
            "deal": Kind::Deal.id(story.deal), "author": story.author,
        });
        let one = person.data(ONE, variables).await;
        let node = |node: &Value| match node["__typename"].as_str() {
            Some("Memo") => "memo".to_owned(),
            Some("DeletedMemo") => "rest".to_owned(),
            None => "-".to_owned(),
            Some(other) => other.to_owned(),
        };
        answers.insert("node", node(&one["node"]));
        answers.insert("nodes", node(&one["nodes"][0]));
        if one["node"]["__typename"] == "DeletedMemo" {
            assert_eq!(one["node"]["deletion"]["id"], json!(record));
        }
        answers.insert("memo", yes(!one["memo"].is_null()));
        answers.insert("with", with(story, &one));
        let counted =
            BOXES.map(|(letter, name, _)| (letter, one[name.to_lowercase()]["totalCount"] != 0));
        answers.insert("count", letters(&counted));
        let found = |list: &Value| {
            assert_eq!(list["totalCount"], json!(list["nodes"].as_array().unwrap().len()));
            holds(&list["nodes"], &story.memo.id)
        };
        answers.insert(
            "search",
            letters(&[('n', found(&one["byName"])), ('c', found(&one["byConclusion"]))]),
        );
        answers.insert("unread", yes(one["unread"]["totalCount"] != 0));
        let preview = &one["preview"];
        assert!(preview.is_null() || preview["memo"]["id"] == json!(story.memo.id));
        answers.insert("preview", yes(!preview.is_null()));
        let previews = &one["previews"];
        let shown = &previews["memos"][0]["memo"]["id"];
        assert!(previews.is_null() || *shown == json!(story.memo.id));
        answers.insert("previews", yes(!previews.is_null()));
        self.read_record(story, &one, answers);
        let comment = yes(!one["comment"].is_null() && !one["comment"]["memo"].is_null());
        assert_eq!(comment, yes(!one["comment"].is_null()));
        answers.insert("comment", comment);
        answers.insert("reminder", yes(!one["reminder"].is_null()));
        answers.insert("file", yes(!one["file"].is_null()));
        answers.insert(
            "task's",
            if story.task.is_none() { ".".to_owned() } else { yes(!one["kept"].is_null()) },
        );
        answers.insert("attached", attached(case, story, &one));
        for (door, id) in [("task", story.task), ("project", story.project)] {
            let work = &one[door];
            let answer = match (id, work["sourceMemo"]["__typename"].as_str()) {
                (None, _) => ".".to_owned(),
                (_, None) => yes(!work.is_null()),
                (_, Some(_)) => node(&work["sourceMemo"]),
            };
            answers.insert(door, answer);
        }
        if one["node"]["__typename"] == "Memo" {
            // The belongings of the memo are visible from the memo, as the memo is by its own id.
            assert_eq!(holds(&one["node"]["files"], &file), !one["file"].is_null());
            assert_eq!(one["node"]["comments"]["nodes"].as_array().unwrap().len(), 1);
            assert_eq!(!one["node"]["task"].is_null(), !one["task"].is_null());
            assert_eq!(!one["node"]["project"].is_null(), !one["project"].is_null());
            assert_eq!(one["node"]["deletionPreview"]["memo"]["id"], json!(story.memo.id));
            assert_eq!(one["node"]["viewerDeletionVerdict"], one["previews"]["verdict"]);
        }
        assert_eq!(one["taskById"]["id"], one["task"]["id"]);
        assert_eq!(one["projectById"]["id"], one["project"]["id"]);
        let conclusion = "query ($id: ID!) { memo(id: $id) { conclusion } }";
        let conclusion = person.send(conclusion, json!({ "id": story.memo.id })).await;
        answers.insert(
            "conclusion",
            yes(conclusion["data"]["memo"]["conclusion"] == json!(story.conclusion)),
        );
    }

    fn read_record(&self, story: &Story, one: &Value, answers: &mut HashMap<&'static str, String>) {
        let of = |record: &Value| match (record["id"].is_null(), record["memoName"].is_null()) {
            (true, _) => "-".to_owned(),
            (false, true) => "bare".to_owned(),
            (false, false) => "content".to_owned(),
        };
        let record = &one["records"]["nodes"][0];
        assert_eq!(of(record), of(&one["record"]), "in the list and by its id");
        assert_eq!(of(record), of(&one["byId"]));
        assert!(record.is_null() || record["id"] == json!(story.record));
        answers.insert("record", of(record));
        let has_names = ["removed", "kept"].iter().any(|list| {
            let items = record[list]["nodes"].as_array();
            items.is_some_and(|items| {
                items.iter().any(|item| !item["label"].is_null() || !item["node"].is_null())
            })
        });
        let items = match (record.is_null(), has_names) {
            (true, _) => "-",
            (false, true) => "names",
            (false, false) => "kinds",
        };
        answers.insert("items", items.to_owned());
    }

    async fn look_into_lists(
        &self,
        case: Case,
        person: &Actor,
        story: &Story,
        answers: &mut HashMap<&'static str, String>,
    ) {
        let Lists { answer, admins, live, caught_up } = &self.lists[&(case.what, case.role)];
        let memo = &story.memo.id;
        let listed = BOXES
            .map(|(letter, name, _)| (letter, holds(&answer[name.to_lowercase()]["nodes"], memo)));
        answers.insert("boxes", letters(&listed));
        // Lists show what its own id shows.
        let records = answer["memoDeletions"]["nodes"].as_array().unwrap();
        assert_eq!(
            records.iter().any(|record| record["memoId"] == json!(memo)),
            answers["record"] != "-"
        );
        for (list, id) in [
            ("tasks", story.task.map(|id| Kind::Task.id(id).0)),
            ("projects", story.project.map(|id| Kind::Project.id(id).0)),
        ] {
            let door = list.trim_end_matches('s');
            let is_listed = id.is_some_and(|id| holds(&answer[list]["nodes"], &id));
            assert_eq!(
                is_listed,
                !["-", "."].contains(&answers[door].as_str()),
                "{} {list}",
                person.name
            );
        }
        let reminders = answer["reminders"]["nodes"].as_array().unwrap();
        assert_eq!(
            reminders.iter().any(|reminder| reminder["memo"]["id"] == json!(memo)),
            answers["reminder"] == "yes"
        );
        let has = |list: &str, what: &str| {
            let nodes = admins[list]["nodes"].as_array();
            nodes.is_some_and(|nodes| {
                nodes.iter().any(|node| node["memoId"] == json!(memo) && !node[what].is_null())
            })
        };
        answers.insert("refused", yes(has("refusedMemoDeletions", "memoId")));
        answers.insert(
            "holds",
            letters(&[('i', has("memoHolds", "memoId")), ('m', has("memoHolds", "memo"))]),
        );
        let notified = self.notified(person, story, &answer["notifications"]["nodes"]).await;
        answers.insert("told", notified);
        let of = |events: &[Value]| -> (String, bool, bool) {
            let events: Vec<&Value> =
                events.iter().filter(|event| event["memoId"] == json!(memo)).collect();
            let letters = events
                .iter()
                .map(|event| event["kind"].as_str().unwrap().chars().next().unwrap())
                .collect();
            let shows = |what: &str| events.iter().any(|event| !event[what].is_null());
            (letters, shows("memo"), shows("deletion"))
        };
        let (heard, ..) = of(live);
        answers.insert("live", if heard.is_empty() { "-".to_owned() } else { heard });
        let (heard, shows_memo, shows_record) = of(caught_up);
        let caught_up = match heard.as_str() {
            "" => "-".to_owned(),
            heard => format!("{heard} {}", letters(&[('m', shows_memo), ('d', shows_record)])),
        };
        answers.insert("caught up", caught_up);
    }

    pub(super) async fn notifications(
        &self,
        person: &Actor,
        story: &Story,
    ) -> Vec<notification::Model> {
        notification::Entity::find()
            .filter(notification::Column::UserId.eq(person.id))
            .filter(notification::Column::MemoId.eq(story.memo.uuid))
            .all(self.office.services.database.connection())
            .await
            .unwrap()
    }

    async fn notified(&self, person: &Actor, story: &Story, notified: &Value) -> String {
        let rows = self.notifications(person, story).await;
        if rows.is_empty() {
            return ".".to_owned();
        }
        let mut shows = [('m', false), ('i', false), ('n', false), ('w', false), ('d', false)];
        for row in rows {
            let id = Kind::Notification.id(row.id).0;
            let shown = notified
                .as_array()
                .unwrap()
                .iter()
                .find(|shown| shown["id"] == id)
                .expect("one's own");
            let found = [
                !shown["memo"].is_null(),
                !shown["memoId"].is_null(),
                shown["message"].as_str().unwrap().contains(&story.word),
                !shown["task"].is_null(),
                !shown["deletion"].is_null(),
            ];
            shows.iter_mut().zip(found).for_each(|(shows, found)| shows.1 |= found);
        }
        letters(&shows)
    }

    async fn ask_for_files(
        &self,
        person: &Actor,
        story: &Story,
        answers: &mut HashMap<&'static str, String>,
    ) {
        let mut seen = Vec::new();
        for file in [Some(story.file), story.kept_file] {
            let id = Kind::File.id(file.unwrap_or(Uuid::max())).0;
            seen.push(yes(files_read::get(person, &id, &[]).await.status() == 200));
            // Whoever reads the bytes gets a link to them, and nobody else.
            let link = "query ($id: ID!) { node(id: $id) { ... on File { downloadUrl } } }";
            let link = person.data(link, json!({ "id": id })).await["node"]["downloadUrl"].take();
            assert_eq!(Some(&yes(link.is_string())), seen.last(), "a link and the bytes");
        }
        if story.kept_file.is_some() {
            assert_eq!(seen[1], answers["task's"], "the bytes and the file");
        }
        answers.insert("bytes", seen[0].clone());
    }

    async fn ask_for_data(&self, case: Case, person: &Actor, story: &Story) -> String {
        let what = if case.what == What::Both { What::Both } else { What::Author };
        let author = &self.people[&(what, case.role)];
        // The task that the recipient created from the memo has its name too.
        let is_of_work = |line: &str| {
            ["task", "project"].iter().any(|kind| line.contains(&format!("\"type\":\"{kind}\"")))
        };
        let has_text = |text: Option<String>| {
            let mut lines = text.iter().flat_map(|text| text.lines());
            lines.any(|line| line.contains(&story.word) && !is_of_work(line))
        };
        letters(&[
            ('o', has_text(personal_data::text_of(person, person).await)),
            ('a', has_text(personal_data::text_of(person, author).await)),
        ])
    }
}
