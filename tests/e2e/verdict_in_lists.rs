//! The verdict of the rules in lists of memos: the same as that of a preview, for no statement
//! more; and the objects that were added for lists and caches.

use api::graphql::Kind;
use entity::{UserRole, memo::Column};
use memoranda_tests::{Actor, Office};
use serde_json::{Value, json};

const LIST: &str = "query ($box: MemoBox!) { memos(box: $box, first: 100) { nodes { id \
    viewerDeletionVerdict viewerDeletionBlockers { code since stage message } \
    viewerCannotDeleteReasons } } }";
const ONE: &str = "query ($id: ID!) { memo(id: $id) { viewerDeletionVerdict deletionPreview { \
    verdict confirmationToken blockers { code since stage message } } } }";

/// An office in which each thing that speaks against a deletion speaks against one memo alone.
async fn furnish(office: &Office) {
    let (author, subscriber) = (office.author(), office.subscriber());
    let memo = async || office.memo().with_subscriber(subscriber.id).create().await;
    memo().await;
    office.comment(&memo().await, author.id, "Mine.").await;
    office.comment(&memo().await, subscriber.id, "Another person's.").await;
    office.remind(&memo().await, author.id, 1).await;
    office.remind(&memo().await, subscriber.id, 1).await;
    office.remind(&memo().await, subscriber.id, -1).await;
    office.remind(&memo().await, office.chief().id, 1).await;
    // People who do not see the memo or cannot sign in miss nothing.
    office.remind(&memo().await, office.stranger().id, 1).await;
    let leaver = office.hire("leaver", UserRole::Chief).await;
    office.remind(&memo().await, leaver.id, 1).await;
    office.deactivate(&leaver).await;
    office.attach(&memo().await, "alone.txt", "alone").await;
    let transferred = office.attach(&memo().await, "kept.txt", "kept").await;
    office.transfer_to_task(transferred.id, office.task("Work").await).await;
    let shared = office.attach(&memo().await, "both.txt", "both").await;
    office.attach_file(&memo().await, shared.id).await;
    for (column, id) in [
        (Column::TaskId, office.task("Paint").await),
        (Column::ProjectId, office.project("Showroom").await),
        (Column::DealId, office.deal("Desks").await),
    ] {
        office.link(&memo().await, column, id).await;
    }
    office.memo().on_hold().create().await;
    office.memo().in_stage(entity::MemoStage::Postponed).create().await;
    office.memo().draft().create().await;
    office.memo().to(author.id).create().await;
}

/// The memos of a box, each with what the list says, and what their own previews say.
async fn compare(person: &Actor, memo_box: &str) -> Vec<String> {
    let list = person.data(LIST, json!({ "box": memo_box })).await;
    let mut verdicts = Vec::new();
    for listed in list["memos"]["nodes"].as_array().unwrap() {
        let one = person.data(ONE, json!({ "id": listed["id"] })).await["memo"].take();
        let preview = person.preview(listed["id"].as_str().unwrap()).await;
        let verdict = &preview["verdict"];
        assert_eq!(&listed["viewerDeletionVerdict"], verdict, "{memo_box}: {preview:#}");
        assert_eq!(&one["viewerDeletionVerdict"], verdict, "by its id");
        assert_eq!(&one["deletionPreview"]["verdict"], verdict, "the whole preview");
        assert_eq!(one["deletionPreview"]["confirmationToken"], preview["confirmationToken"]);
        assert_eq!(listed["viewerDeletionBlockers"], one["deletionPreview"]["blockers"]);
        let codes = listed["viewerDeletionBlockers"].as_array().unwrap();
        let codes: Vec<&Value> = codes.iter().map(|blocker| &blocker["code"]).collect();
        assert_eq!(json!(codes), listed["viewerCannotDeleteReasons"]);
        verdicts.push(verdict.as_str().unwrap().to_owned());
    }
    verdicts
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verdict_in_a_list_is_that_of_the_preview() {
    let office = Office::open().await;
    furnish(&office).await;
    let sent = compare(office.author(), "SENT").await;
    for verdict in ["ALLOWED", "DISCOURAGED", "DENIED"] {
        assert!(sent.iter().any(|sent| sent == verdict), "{verdict}: {sent:?}");
    }
    compare(office.author(), "DRAFTS").await;
    compare(office.author(), "INBOX").await;
    let received = compare(office.recipient(), "INBOX").await;
    assert!(!received.contains(&"ALLOWED".to_owned()), "{received:?}");
    for person in [office.subscriber(), office.chief()] {
        let seen = compare(person, "ALL_VISIBLE").await;
        assert!(!seen.is_empty() && seen.iter().all(|seen| seen == "DENIED"), "{seen:?}");
    }
    office.deactivate(office.recipient()).await;
    compare(office.author(), "SENT").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verdict_costs_a_list_no_statement() {
    let office = Office::open().await;
    furnish(&office).await;
    let author = office.author();
    let mut costs = Vec::new();
    for field in ["viewerCanDelete", "viewerDeletionVerdict"] {
        let query = format!("{{ memos(box: SENT, first: 100) {{ nodes {{ id {field} }} }} }}");
        author.data(&query, json!({})).await;
        let before = office.statements();
        author.data(&query, json!({})).await;
        costs.push(office.statements() - before);
    }
    assert_eq!(costs[0], costs[1]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_administrators_read_is_a_node_for_them_alone() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.hold(&memo, "Audit").await.expect("a hold");
    office.author().delete(&memo.id).await;
    let (author, admin) = (office.author(), office.admin());
    let lists = admin
        .data("{ memoHolds { nodes { id } } refusedMemoDeletions { nodes { id } } }", json!({}))
        .await;
    for (list, kind) in [("memoHolds", "MemoHold"), ("refusedMemoDeletions", "RefusedMemoDeletion")]
    {
        let id = lists[list]["nodes"][0]["id"].as_str().unwrap();
        assert_eq!(admin.type_of(id).await, kind);
        for person in [author, office.chief(), &office.anonymous()] {
            assert_eq!(person.type_of(id).await, json!(null), "{}", person.name);
        }
    }
    for kind in [Kind::MemoHold, Kind::MemoReassignment, Kind::PersonErasure] {
        assert_eq!(admin.type_of(&kind.id(memo.uuid).0).await, json!(null), "of another kind");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_what_a_client_needs_before_signing_in() {
    let office = Office::open().await;
    let query = "{ server { version restorableDays maxUploadBytes uploadMediaTypes signInMethods \
        signInIssuer } }";
    for person in [office.author(), &office.anonymous()] {
        let server = &person.data(query, json!({})).await["server"];
        assert_eq!(server["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(server["restorableDays"], 30);
        assert_eq!(server["maxUploadBytes"], 50 << 20);
        assert_eq!(server["uploadMediaTypes"], json!([]));
        assert_eq!(server["signInMethods"], json!(["PASSWORD"]));
        assert_eq!(server["signInIssuer"], json!(null));
    }
    office.close().await;
}
