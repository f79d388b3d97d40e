//! People who leave: every memo still has somebody who can work on it.

use chrono::TimeDelta;
use entity::{MemoStage, UserRole, WorkRole, memo, memo_reassignment, task_member};
use memoranda_tests::{Actor, Office, Options, TestMemo, codes, difference};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use std::collections::HashSet;

const PREVIEW: &str =
    "query ($from: ID!, $to: ID!) { memoReassignmentPreview(fromUserId: $from, toUserId: $to) {
    fromUser { username } toUser { username } memoCount asAuthorCount asRecipientCount \
     toThemselvesCount
    newlyDeletableCount onHoldCount blockers { code message } confirmationToken } }";
const REASSIGN: &str = "mutation ($input: ReassignMemosInput!) { reassignMemos(input: $input) {
    reassignment { id fromUser { username } toUser { username } reassignedBy { username } \
    reassignedAt memoCount asAuthorCount asRecipientCount }
    hasMore preview { memoCount confirmationToken } userErrors { code field message } \
    clientMutationId } }";

async fn preview(office: &Office, from: &Actor, to: &Actor) -> Value {
    let variables = json!({ "from": from.user_id(), "to": to.user_id() });
    office.admin().data(PREVIEW, variables).await["memoReassignmentPreview"].take()
}

async fn reassign(office: &Office, from: &Actor, to: &Actor, token: &Value) -> Value {
    let input = json!({ "fromUserId": from.user_id(), "toUserId": to.user_id(),
        "confirmationToken": token });
    office.admin().data(REASSIGN, json!({ "input": input })).await["reassignMemos"].take()
}

/// Previews, then reassigns what the preview showed.
async fn pass_on(office: &Office, from: &Actor, to: &Actor) -> Value {
    let token = preview(office, from, to).await["confirmationToken"].take();
    let payload = reassign(office, from, to, &token).await;
    assert_eq!(codes(&payload), [""; 0], "{payload:#}");
    payload
}

async fn row(office: &Office, memo: &TestMemo) -> memo::Model {
    let query = memo::Entity::find_by_id(memo.uuid);
    query.one(office.services.database.connection()).await.unwrap().unwrap()
}

async fn people_of(office: &Office, memo: &TestMemo) -> [uuid::Uuid; 2] {
    let row = row(office, memo).await;
    [row.author_id, row.recipient_id]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_the_way_out_when_the_recipient_has_left() {
    let office = Office::open().await;
    let memo = office.memo().in_stage(MemoStage::Postponed).create().await;
    let acted = "The recipient postponed this memo on 2 March 2026 at 09:00 UTC, so its author can \
        no longer delete it.";
    let message = async || {
        let refused = office.author().delete(&memo.id).await;
        assert_eq!(codes(&refused), ["RECIPIENT_HAS_ACTED"]);
        let preview = office.author().preview(&memo.id).await;
        assert_eq!(preview["blockers"][0]["message"], refused["userErrors"][0]["message"]);
        refused["userErrors"][0]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(message().await, format!("{acted} Ask the recipient."));
    office.deactivate(office.recipient()).await;
    let way_out =
        "The recipient is not active any more: ask an administrator to pass their memos on.";
    assert_eq!(message().await, format!("{acted} {way_out}"));

    pass_on(&office, office.recipient(), office.stranger()).await;
    assert_eq!(message().await, format!("{acted} Ask the recipient."));
    let deleted = office.stranger().delete_confirmed(&memo.id).await;
    assert_eq!(deleted["deletedMemoId"], json!(memo.id), "{deleted:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memos_are_passed_on_only_from_who_has_left_to_who_is_active_and_only_as_previewed() {
    let office = Office::open().await;
    let [leaver, successor] = [office.recipient(), office.stranger()];
    let memo = office.memo().create().await;
    let former = office.hire("former", UserRole::Member).await;
    office.deactivate(&former).await;
    let refused = async |from: &Actor, to: &Actor, token: &Value, expected: &[&str]| {
        let before = (office.row_counts().await, people_of(&office, &memo).await);
        let payload = reassign(&office, from, to, token).await;
        assert_eq!(codes(&payload), expected, "{payload:#}");
        assert_eq!(payload["reassignment"], json!(null));
        assert_eq!((office.row_counts().await, people_of(&office, &memo).await), before);
        payload
    };
    let nothing = json!(null);
    refused(leaver, successor, &nothing, &["STILL_ACTIVE"]).await;
    refused(leaver, &former, &nothing, &["STILL_ACTIVE", "NOT_ACTIVE"]).await;
    refused(leaver, leaver, &nothing, &["SAME_PERSON"]).await;
    let shown = preview(&office, leaver, successor).await;
    assert_eq!(shown["blockers"][0]["code"], "STILL_ACTIVE");
    assert_eq!(shown["confirmationToken"], nothing, "what is forbidden cannot be confirmed");
    let nobody = office.actor_with_token(uuid::Uuid::max(), "nobody", None);
    refused(leaver, &nobody, &nothing, &["NOT_FOUND"]).await;
    assert_eq!(preview(&office, &nobody, successor).await, nothing);

    office.deactivate(leaver).await;
    refused(leaver, &former, &nothing, &["NOT_ACTIVE"]).await;
    let asked = refused(leaver, successor, &nothing, &["CONFIRMATION_REQUIRED"]).await;
    let token = asked["preview"]["confirmationToken"].clone();
    assert_eq!(token, preview(&office, leaver, successor).await["confirmationToken"]);
    refused(leaver, office.chief(), &token, &["CONFIRMATION_STALE"]).await;
    // With one more memo, the confirmed numbers are outdated.
    office.memo().create().await;
    let stale = refused(leaver, successor, &token, &["CONFIRMATION_STALE"]).await;
    assert_eq!(stale["preview"]["memoCount"], 2);
    let done = reassign(&office, leaver, successor, &stale["preview"]["confirmationToken"]).await;
    assert_eq!((codes(&done), &done["reassignment"]["memoCount"]), (vec![], &json!(2)));
    assert_eq!((&done["hasMore"], &done["preview"]), (&json!(false), &nothing));
    let again = reassign(&office, leaver, successor, &nothing).await;
    assert_eq!(
        (codes(&again), &again["reassignment"]),
        (vec![], &nothing),
        "nothing is left to do"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_counts_what_is_passed_on_and_drafts_are_in_no_number() {
    let office = Office::open().await;
    let [leaver, successor] = [office.author(), office.recipient()];
    let stranger = office.stranger().id;
    // To the successor: author and recipient are then one person.
    office.memo().create().await;
    // Pending and reviewed, written by the leaver. Its recipient could delete the first one.
    office.memo().to(stranger).create().await;
    office.memo().to(stranger).in_stage(MemoStage::Reviewed).create().await;
    // Received by the leaver. One is from the successor, who could no longer delete it.
    office.memo().from(stranger).to(leaver.id).create().await;
    office.memo().from(successor.id).to(leaver.id).in_stage(MemoStage::Reviewed).create().await;
    office.memo().from(successor.id).to(leaver.id).create().await;
    // To oneself.
    office.memo().to(leaver.id).create().await;
    let held = office.memo().on_hold().create().await;
    let expected = json!({
        "fromUser": { "username": "author" }, "toUser": { "username": "recipient" },
        "memoCount": 7, "asAuthorCount": 4, "asRecipientCount": 4, "toThemselvesCount": 3,
        "newlyDeletableCount": 4, "onHoldCount": 1, "blockers": [],
    });
    office.deactivate(leaver).await;
    let mut shown = preview(&office, leaver, successor).await;
    let token = shown.as_object_mut().unwrap().remove("confirmationToken").unwrap();
    assert_eq!(shown, expected);

    let own_draft = office.memo().draft().create().await;
    let draft_to_leaver = office.memo().from(stranger).to(leaver.id).draft().create().await;
    let deleted_draft = office.memo().from(stranger).to(leaver.id).draft().create().await;
    office.stranger().delete_confirmed(&deleted_draft.id).await;
    let mut shown = preview(&office, leaver, successor).await;
    assert_eq!(shown["confirmationToken"], token);
    shown.as_object_mut().unwrap().remove("confirmationToken");
    assert_eq!(shown, expected, "nobody is notified of drafts");

    let payload = reassign(&office, leaver, successor, &token).await;
    let record = &payload["reassignment"];
    assert_eq!((&record["memoCount"], &record["asAuthorCount"]), (&json!(7), &json!(4)));
    assert_eq!(people_of(&office, &own_draft).await[0], leaver.id, "a draft stays with its author");
    assert_eq!(people_of(&office, &draft_to_leaver).await, [stranger, leaver.id]);
    assert_eq!(people_of(&office, &held).await[0], leaver.id, "a hold keeps the people as well");
    assert_eq!(successor.type_of(&own_draft.id).await, json!(null));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_work_gets_somebody_responsible_and_keeps_nobody_from_being_erased() {
    let office = Office::open().await;
    let [leaver, successor] = [office.subscriber(), office.author()];
    // The successor subscribes to the first task, and is responsible for the second one already.
    let [only, both, done] =
        [office.task("Only theirs").await, office.task("Of both").await, office.task("Done").await];
    office
        .sql(
            "UPDATE task_members SET part = 'RESPONSIBLE'
            WHERE task_id = (SELECT id FROM tasks WHERE name = 'Of both')",
        )
        .await;
    for task in [only, both, done] {
        office.make_responsible(leaver, task).await;
    }
    office.sql("UPDATE tasks SET stage = 'DONE' WHERE name = 'Done'").await;
    let counted = async || {
        let query = "query ($from: ID!, $to: ID!) { memoReassignmentPreview(fromUserId: $from, \
            toUserId: $to) { memoCount openWorkCount confirmationToken } \
            personErasurePreview(userId: $from) { blockers { code message } } }";
        let variables = json!({ "from": leaver.user_id(), "to": successor.user_id() });
        office.admin().data(query, variables).await
    };
    office.deactivate(leaver).await;
    let shown = counted().await;
    let blocker = &shown["personErasurePreview"]["blockers"][0];
    assert_eq!(blocker["code"], "OPEN_WORK");
    assert!(blocker["message"].as_str().unwrap().contains("`reassignMemos`"), "{blocker}");
    let preview = &shown["memoReassignmentPreview"];
    assert_eq!((&preview["memoCount"], &preview["openWorkCount"]), (&json!(0), &json!(2)));

    let payload = reassign(&office, leaver, successor, &preview["confirmationToken"]).await;
    assert_eq!((codes(&payload), &payload["hasMore"]), (vec![], &json!(false)), "{payload:#}");
    let records =
        office.admin().data("{ memoReassignments { nodes { memoCount workCount } } }", json!({}));
    let expected = json!([{ "memoCount": 0, "workCount": 2 }]);
    assert_eq!(records.await["memoReassignments"]["nodes"], expected);
    let members = task_member::Entity::find();
    let members = members.all(office.services.database.connection()).await.unwrap();
    let responsible: Vec<_> =
        members.iter().filter(|one| one.part == WorkRole::Responsible).collect();
    let tasks_of = |person: &Actor| {
        let own = responsible.iter().filter(|one| one.user_id == person.id);
        own.map(|one| one.task_id).collect::<HashSet<_>>()
    };
    assert_eq!(tasks_of(successor), HashSet::from([only, both]));
    assert_eq!(tasks_of(leaver), HashSet::from([done]), "what is finished keeps its people");
    let told = "{ notifications { nodes { kind } } }";
    let told = successor.data(told, json!({})).await["notifications"]["nodes"].to_string();
    assert_eq!(told.matches("TASK_ASSIGNED").count(), 1, "only of what is new to them: {told}");
    let shown = counted().await;
    assert_eq!(shown["personErasurePreview"]["blockers"], json!([]));
    assert_eq!(shown["memoReassignmentPreview"]["openWorkCount"], 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_a_memo_has_the_rights_and_the_leaver_nothing_that_goes_on() {
    let office = Office::open().await;
    let [leaver, successor] = [office.recipient(), office.subscriber()];
    let memo = office.memo().named("A secret name").with_subscriber(successor.id).create().await;
    let new = office.memo().create().await;
    office.comment(&memo, leaver.id, "From the leaver").await;
    for _ in 0..2 {
        office.comment(&memo, successor.id, "From the successor").await;
    }
    office.mark_unread(&memo, leaver.id).await;
    let leavers = office.remind(&memo, leaver.id, 3).await;
    let successors = office.remind(&memo, successor.id, 3).await;
    office.deactivate(leaver).await;
    let before = (office.row_counts().await, row(&office, &memo).await);
    let payload = pass_on(&office, leaver, successor).await;
    assert!(
        !payload.to_string().contains("A secret name"),
        "an administrator reads no name: {payload:#}"
    );
    assert_eq!(office.admin().type_of(&memo.id).await, json!(null));

    let expected = [
        ("memo_subscribers", -1),
        // The leaver's mark goes. The successor gets one for the memo that they did not see.
        ("unread_marks", 0),
        ("memo_events", 2),
        ("memo_reassignments", 1),
        ("notifications", 1),
    ];
    let expected =
        expected.into_iter().filter(|(_, n)| *n != 0).map(|(table, n)| (table.to_owned(), n));
    assert_eq!(difference(&before.0, &office.row_counts().await), expected.collect());
    let now = row(&office, &memo).await;
    assert_eq!((now.author_id, now.recipient_id), (office.author().id, successor.id));
    assert_eq!(
        (now.comment_count, now.recipient_comment_count),
        (3, 2),
        "counted by who wrote them"
    );
    assert_eq!(now.version, before.1.version + 1);
    let unread = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Memo { unread conclusion } } }";
    let shown = successor.data(unread, json!({ "ids": [memo.id, new.id] })).await;
    assert_eq!(
        shown["nodes"],
        json!([{ "unread": false, "conclusion": null }, { "unread": true, "conclusion": null }])
    );
    for reminder in crate::hidden::reminders(&office).await {
        let dismissed = reminder.dismissed_at.is_some();
        assert_eq!(dismissed, reminder.id == leavers, "{reminder:?}");
        assert!([leavers, successors].contains(&reminder.id));
    }
    let news = "{ notifications { nodes { kind message memoId actor { username } } } }";
    let notified = successor.data(news, json!({})).await["notifications"]["nodes"].take();
    assert_eq!(
        notified,
        json!([{ "kind": "MEMOS_REASSIGNED",
            "message": "The admin passed on to you memos of somebody who has left.",
            "memoId": null, "actor": { "username": "admin" } }])
    );
    assert_eq!(codes(&successor.review(&memo.id).await), [""; 0]);
    assert_eq!(codes(&office.author().delete(&memo.id).await), ["RECIPIENT_HAS_ACTED"]);

    let records = "{ memoReassignments { nodes { id memoCount fromUser { username } reassignedBy { \
        username } } } }";
    let records =
        office.admin().data(records, json!({})).await["memoReassignments"]["nodes"].take();
    assert_eq!(records[0]["id"], payload["reassignment"]["id"]);
    assert_eq!(records[0]["fromUser"]["username"], "recipient");
    let delete =
        "mutation ($id: ID!) { deleteUser(input: { userId: $id }) { userErrors { code } } }";
    let kept = office.admin().data(delete, json!({ "id": leaver.user_id() })).await;
    assert_eq!(codes(&kept["deleteUser"]), ["HAS_HISTORY"], "the record names them");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_who_gets_back_what_the_leaver_had_reviewed_has_the_recipients_right() {
    let office = Office::open().await;
    let memo = office.memo().in_stage(MemoStage::Reviewed).create().await;
    assert_eq!(codes(&office.author().delete(&memo.id).await), ["RECIPIENT_HAS_ACTED"]);
    office.deactivate(office.recipient()).await;
    let shown = preview(&office, office.recipient(), office.author()).await;
    assert_eq!(
        (&shown["toThemselvesCount"], &shown["newlyDeletableCount"]),
        (&json!(1), &json!(1))
    );
    let one = pass_on(&office, office.recipient(), office.author()).await;
    assert_eq!(one["reassignment"]["asRecipientCount"], 1);
    let news = "{ notifications { nodes { kind memoId } } }";
    let notified = office.author().data(news, json!({})).await["notifications"]["nodes"].take();
    assert_eq!(
        notified,
        json!([{ "kind": "MEMOS_REASSIGNED", "memoId": memo.id }]),
        "of one memo, which"
    );
    let preview = office.author().preview(&memo.id).await;
    assert_eq!(preview["viewerRoles"], json!(["AUTHOR", "RECIPIENT"]));
    assert_eq!(office.author().delete(&memo.id).await["deletedMemoId"], json!(memo.id));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_leaver_deleted_is_restored_by_an_administrator_and_passed_on_blind() {
    let office = Office::open().await;
    let memo = office.memo().named("A secret name").create().await;
    let draft = office.memo().draft().create().await;
    let record = async |memo: &TestMemo| {
        office.author().delete(&memo.id).await["receipt"]["id"].as_str().unwrap().to_owned()
    };
    let (sent, draft) = (record(&memo).await, record(&draft).await);
    office.clock.advance(TimeDelta::days(2));
    office.deactivate(office.author()).await;
    let shown = preview(&office, office.author(), office.stranger()).await;
    assert_eq!(shown["memoCount"], 0, "what is deleted is restored first");

    let restored = office.admin().restore(&sent).await;
    assert_eq!((codes(&restored), &restored["memo"]), (vec![], &json!(null)), "{restored:#}");
    let payload = pass_on(&office, office.author(), office.stranger()).await;
    assert!(![restored, payload].iter().any(|answer| answer.to_string().contains("A secret name")));
    assert_eq!(people_of(&office, &memo).await, [office.stranger().id, office.recipient().id]);
    assert_eq!(office.stranger().delete(&memo.id).await["deletedMemoId"], json!(memo.id));

    let before = office.row_counts().await;
    assert!(
        !codes(&office.admin().restore(&draft).await).is_empty(),
        "a draft is its author's alone"
    );
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_memos_are_passed_on_in_portions_each_with_its_record() {
    let office = Office::open().await;
    let [leaver, successor] = [office.recipient(), office.stranger()];
    let first = row(&office, &office.memo().create().await).await;
    let connection = office.services.database.connection();
    let rows: Vec<memo::ActiveModel> = (1..1_002)
        .map(|_| memo::Model { id: office.services.new_id(), ..first.clone() }.into_active_model())
        .collect();
    for rows in rows.chunks(500) {
        memo::Entity::insert_many(rows.to_vec()).exec_without_returning(connection).await.unwrap();
    }
    office.deactivate(leaver).await;
    let mut token = preview(&office, leaver, successor).await["confirmationToken"].take();
    let mut statements = Vec::new();
    for (passed_on, left) in [(1_000, Some(2)), (2, None)] {
        let before = office.statements();
        let mut payload = reassign(&office, leaver, successor, &token).await;
        statements.push(office.statements() - before);
        assert_eq!(payload["reassignment"]["memoCount"], json!(passed_on), "{payload:#}");
        assert_eq!(payload["hasMore"], json!(left.is_some()));
        assert_eq!(payload["preview"]["memoCount"], json!(left));
        token = payload["preview"]["confirmationToken"].take();
    }
    assert_eq!(statements[0], statements[1], "whatever their number");
    let records = memo_reassignment::Entity::find().all(connection).await.unwrap();
    assert_eq!(records.iter().map(|record| record.memo_count).sum::<i64>(), 1_002);
    let memos = memo::Entity::find().all(connection).await.unwrap();
    assert!(memos.iter().all(|memo| memo.recipient_id == successor.id));
    assert_eq!(office.row_counts().await["notifications"], 2, "one a portion");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_person_gets_one_mail_without_a_name() {
    let office = Office::open_with(Options { sends_mail: true, ..Options::default() }).await;
    for name in ["A secret name", "Another"] {
        office.memo().named(name).create().await;
    }
    office.deactivate(office.recipient()).await;
    pass_on(&office, office.recipient(), office.stranger()).await;
    office.deliver_mail().await;
    let taken = office.mail_server().taken();
    assert!(taken.len() == 1 && taken[0].is_to("stranger"), "{taken:#?}");
    let text = format!("{:?}", taken[0]);
    assert!(text.contains("passed on to you memos of somebody who has left"), "{text}");
    assert!(!text.contains("A secret name"), "{text}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_not_reactivated_between_the_decision_and_the_change() {
    let office = Office::open().await;
    office.memo().create().await;
    office.deactivate(office.recipient()).await;
    let token =
        preview(&office, office.recipient(), office.stranger()).await["confirmationToken"].take();
    let reactivate =
        "mutation ($id: ID!) { reactivateUser(input: { userId: $id }) { userErrors { code } } }";
    let variables = json!({ "id": office.recipient().user_id() });
    let (payload, _) = tokio::join!(
        reassign(&office, office.recipient(), office.stranger(), &token),
        office.admin().data(reactivate, variables)
    );
    let memo =
        memo::Entity::find().one(office.services.database.connection()).await.unwrap().unwrap();
    let expected = if codes(&payload).is_empty() { office.stranger() } else { office.recipient() };
    assert_eq!(memo.recipient_id, expected.id, "one after the other: {payload:#}");
    assert!([vec![], vec!["STILL_ACTIVE"]].contains(&codes(&payload)));
    office.close().await;
}
