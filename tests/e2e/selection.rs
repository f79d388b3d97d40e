//! Rule 19: several memos are previewed and deleted as one.

use api::graphql::Kind;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use entity::memo;
use memoranda_tests::{Actor, Office, Options, TestMemo, codes, difference, selection_input};
use serde_json::{Value, json};
use uuid::Uuid;

/// Two memos of the author, and a file of ten bytes that both have.
async fn two_with_a_file(office: &Office) -> ([TestMemo; 2], Uuid) {
    let memos = [office.memo().create().await, office.memo().create().await];
    let file = office.attach(&memos[0], "prices.txt", "the prices").await;
    office.attach_file(&memos[1], file.id).await;
    (memos, file.id)
}

/// The number of items of a kind in a list.
fn count(list: &Value, kind: &str) -> u64 {
    let counts = list["counts"].as_array().unwrap();
    let of_kind = counts.iter().find(|count| count["kind"] == kind);
    of_kind.map_or(0, |count| count["count"].as_u64().unwrap())
}

/// The warnings or blockers as codes, with their counts.
fn counted(warnings: &Value) -> Vec<(&str, u64)> {
    let warnings = warnings.as_array().unwrap().iter();
    warnings.map(|one| (one["code"].as_str().unwrap(), one["count"].as_u64().unwrap())).collect()
}

/// Why a file stays, in the list of what stays.
fn reason<'a>(list: &'a Value, label: &str) -> Option<&'a str> {
    let items = list["nodes"].as_array().unwrap();
    items.iter().find(|item| item["label"] == label)?["reason"].as_str()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_two_memos_stays_with_each_alone_and_goes_with_both_once() {
    let office = Office::open().await;
    let author = office.author();
    let (memos, _) = two_with_a_file(&office).await;
    office.comment(&memos[0], office.recipient().id, "Why?").await;
    for (memo, verdict) in memos.iter().zip(["DISCOURAGED", "ALLOWED"]) {
        let alone = author.preview(&memo.id).await;
        assert_eq!((&alone["verdict"], &alone["bytesFreed"]), (&json!(verdict), &json!(0)));
        assert_eq!(reason(&alone["kept"], "prices.txt"), Some("ATTACHED_TO_ANOTHER_MEMO"));
    }

    let ids = [&*memos[0].id, &*memos[1].id];
    let preview = author.preview_selection(&ids).await;
    assert_eq!(preview["verdict"], "DISCOURAGED");
    assert_eq!(preview["bytesFreed"], "the prices".len());
    assert_eq!(counted(&preview["warnings"]), [("UNTRANSFERRED_FILES", 1), ("HAS_DISCUSSION", 1)]);
    assert_eq!(
        preview["warnings"][0]["message"],
        "1 file would be deleted with these memos. Transfer what should be kept to a task or \
         project."
    );
    let removed = ["MEMO", "ATTACHMENT", "FILE", "COMMENT"];
    assert_eq!(removed.map(|kind| count(&preview["removed"], kind)), [2, 2, 1, 1]);
    assert_eq!(count(&preview["kept"], "USER"), 2, "author and recipient, once");
    assert_eq!(reason(&preview["kept"], "prices.txt"), None);
    for (of_memo, expected) in preview["memos"].as_array().unwrap().iter().zip([2, 1]) {
        assert_eq!(of_memo["verdict"], "DISCOURAGED", "{of_memo:#}");
        assert_eq!(of_memo["warnings"].as_array().unwrap().len(), expected, "{of_memo:#}");
    }

    // Another memo in the selection is on hold.
    let held = office.memo().on_hold().create().await;
    let before = office.row_counts().await;
    let ids = [ids[0], &held.id, ids[1]];
    let refused = author.delete_selection(&ids, true).await;
    assert_eq!(codes(&refused), ["ON_HOLD"], "{refused:#}");
    assert_eq!(refused["userErrors"][0]["field"], json!(["input", "memos", "1", "memoId"]));
    assert_eq!(
        (&refused["results"], &refused["preview"]["verdict"]),
        (&json!([]), &json!("DENIED"))
    );
    let logged = [("refused_deletions".to_owned(), 1)].into();
    assert_eq!(difference(&before, &office.row_counts().await), logged, "of the memo on hold");
    for id in ids {
        assert_eq!(author.type_of(id).await, "Memo");
    }
    // What the answer shows is what happens without it.
    let preview = &refused["preview"];
    assert_eq!(count(&preview["removed"], "FILE"), 1, "the file goes without the memo on hold");
    let input = selection_input(&ids, false, preview["confirmationToken"].clone());
    let payload = author.delete_selection_with(input).await;
    let deleted: Vec<bool> = payload["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["receipt"].is_object())
        .collect();
    assert_eq!(deleted, [true, false, true]);
    assert_eq!(codes(&payload["results"][1]), ["ON_HOLD"]);
    assert_eq!(payload["results"][1]["preview"]["verdict"], "DENIED");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_memos_deleted_together_come_back_whole_in_whatever_order() {
    for order in [[0, 1], [1, 0]] {
        for purge_between in [false, true] {
            let office = Office::open().await;
            let author = office.author();
            let (memos, _) = two_with_a_file(&office).await;
            let ids = [&*memos[0].id, &*memos[1].id];
            let payload = author.delete_selection(&ids, true).await;
            let mut records = Vec::new();
            for result in payload["results"].as_array().unwrap() {
                let receipt = &result["receipt"];
                assert_eq!(count(&receipt["removed"], "FILE"), 1, "it went with each: {receipt:#}");
                assert_eq!(receipt["bytesFreed"], "the prices".len());
                records.push(receipt["id"].as_str().unwrap());
            }
            for which in order {
                if purge_between {
                    office.purger.uploads(TimeDelta::zero()).await.unwrap();
                    office.purger.deletions().await.unwrap();
                }
                let restored = author.restore(records[which]).await;
                assert_eq!(restored["missing"], json!([]), "{restored:#}");
                let query = "query ($id: ID!) { memo(id: $id) { files { id name } } }";
                let memo = author.data(query, json!({ "id": ids[which] })).await;
                let file = &memo["memo"]["files"][0];
                assert_eq!(file["name"], "prices.txt");
                let file = file["id"].as_str().unwrap();
                let bytes = crate::files_read::get(author, file, &[]).await;
                assert_eq!(bytes.text().await.unwrap(), "the prices");
                if which == order[0] {
                    let other = memos[order[1]].id.as_str();
                    assert_eq!(author.type_of(other).await, "DeletedMemo");
                }
            }
            assert_eq!(office.row_counts().await["memo_files"], 2);
            office.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_file_stays_as_long_as_any_memo_stays_that_has_it() {
    let office = Office::open().await;
    let author = office.author();
    let prices = async |ids: &[&str]| {
        let preview = author.preview_selection(ids).await;
        let reason = reason(&preview["kept"], "prices.txt").map(str::to_owned);
        assert_eq!(count(&preview["removed"], "FILE"), u64::from(reason.is_none()), "{preview:#}");
        assert_eq!(preview["bytesFreed"] == 0, reason.is_some(), "{preview:#}");
        reason
    };
    let (memos, file) = two_with_a_file(&office).await;
    let ids = [&*memos[0].id, &*memos[1].id];
    assert_eq!(prices(&ids).await, None);

    // One that is not in the selection.
    let third = office.memo().create().await;
    office.attach_file(&third, file).await;
    assert_eq!(prices(&ids).await.as_deref(), Some("ATTACHED_TO_ANOTHER_MEMO"));
    assert_eq!(prices(&[ids[0], &third.id, ids[1]]).await, None);
    author.delete_confirmed(&third.id).await;
    assert_eq!(prices(&ids).await, None, "a deleted memo does not count");

    // One in the selection that is on hold.
    let held = office.memo().create().await;
    office.attach_file(&held, file).await;
    let hold = office.hold(&held, "").await.unwrap();
    let with_held = [ids[0], ids[1], &*held.id];
    assert_eq!(prices(&with_held).await.as_deref(), Some("ATTACHED_TO_ANOTHER_MEMO"));
    let preview = author.preview_selection(&with_held).await;
    let kept_by = preview["kept"]["nodes"].as_array().unwrap();
    let kept_by = kept_by.iter().find(|item| item["label"] == "prices.txt").unwrap();
    let keeper = json!([{ "kind": "MEMO", "node": { "id": held.id } }]);
    assert_eq!(kept_by["keptBy"], keeper, "not those that go");
    let alone = author.preview(&held.id).await;
    let of_held = &preview["memos"][2];
    assert_eq!(counted(&of_held["warnings"]), counted(&alone["warnings"]), "as if it were alone");
    let payload = author.delete_selection(&with_held, false).await;
    for result in payload["results"].as_array().unwrap().iter().take(2) {
        let kept = &result["receipt"]["kept"];
        assert_eq!(reason(kept, "prices.txt"), Some("ATTACHED_TO_ANOTHER_MEMO"), "{result:#}");
        author.restore(result["receipt"]["id"].as_str().unwrap()).await;
    }
    office.release(&hold).await;
    assert_eq!(prices(&with_held).await, None);

    // A task.
    let task = office.task("Compare prices").await;
    office.transfer_to_task(file, task).await;
    assert_eq!(prices(&with_held).await.as_deref(), Some("TRANSFERRED_TO_TASK"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_that_the_viewer_does_not_see_is_listed_as_not_found_and_tells_nothing() {
    let office = Office::open().await;
    let author = office.author();
    let (memos, file) = two_with_a_file(&office).await;
    let stranger = office.stranger().id;
    let foreign = office.memo().from(stranger).named("A secret name").create().await;
    let draft = office.memo().from(stranger).draft().named("A secret draft").create().await;
    let gone = office.memo().create().await;
    office.recipient().delete_confirmed(&gone.id).await;
    for (n, hidden) in [&foreign, &draft].into_iter().enumerate() {
        office.attach(hidden, "other.txt", "the prices").await;
        office.comment(hidden, office.recipient().id, &format!("Secret {n}")).await;
    }
    let unknown = Kind::Memo.id(Uuid::max()).0;
    let of = async |hidden: &str| {
        let mut preview = author.preview_selection(&[&*memos[0].id, hidden, &*memos[1].id]).await;
        let refused = author.delete_selection(&[&*memos[0].id, hidden], true).await;
        for answer in [&preview, &refused] {
            assert!(!answer.to_string().to_lowercase().contains("secret"), "{answer:#}");
        }
        assert_eq!(preview["memos"][1]["memoId"].take(), hidden);
        assert!(preview["confirmationToken"].take().is_string(), "of another selection each time");
        (preview, codes(&refused).join(" "), refused["userErrors"].clone())
    };
    let before = office.row_counts().await;
    let never = of(&unknown).await;
    assert_eq!(never.1, "NOT_FOUND");
    assert_eq!(never.0["verdict"], "DENIED");
    let shown = never.0["memos"][1].clone();
    let nothing = json!({ "memoId": null, "memo": null, "viewerRoles": [], "verdict": null,
        "blockers": [], "warnings": [], "alternatives": [] });
    assert_eq!(shown, nothing);
    for hidden in [&foreign.id, &draft.id, &gone.id] {
        assert_eq!(of(hidden).await, never, "as if it had never been");
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into(), "no attempt is logged");

    // A file that an invisible memo has too stays, whether that memo is in the selection or not.
    office.attach_file(&foreign, file).await;
    for ids in [vec![&*memos[0].id, &*memos[1].id], vec![&*memos[0].id, &foreign.id, &*memos[1].id]]
    {
        let preview = author.preview_selection(&ids).await;
        assert_eq!(reason(&preview["kept"], "prices.txt"), Some("ATTACHED_TO_ANOTHER_MEMO"));
        let keepers = preview["kept"]["nodes"].as_array().unwrap().iter();
        let keepers: Vec<&Value> =
            keepers.flat_map(|item| item["keptBy"].as_array().unwrap()).collect();
        assert_eq!(keepers, [&json!({ "kind": "MEMO", "node": null })]);
    }
    let none = author.preview_selection(&[&foreign.id, &draft.id]).await;
    assert_eq!(none, json!(null), "nothing that the author sees");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_of_several_files_is_freed_once_and_only_if_all_of_them_go() {
    let office = Office::open().await;
    let author = office.author();
    let memos = [office.memo().create().await, office.memo().create().await];
    for memo in &memos {
        office.attach(memo, "copy.txt", "the same content").await;
        office.attach(memo, "own.txt", &format!("only of {}", memo.id)).await;
    }
    let ids = [&*memos[0].id, &*memos[1].id];
    let (same, own) = ("the same content".len(), format!("only of {}", memos[0].id).len());
    let alone = author.preview(ids[0]).await;
    assert_eq!(alone["bytesFreed"], own, "the other memo has the same content");
    let preview = author.preview_selection(&ids).await;
    assert_eq!(preview["bytesFreed"], same + 2 * own);
    assert_eq!(count(&preview["removed"], "FILE"), 4);
    let third = office.memo().create().await;
    office.attach(&third, "third.txt", "the same content").await;
    assert_eq!(author.preview_selection(&ids).await["bytesFreed"], 2 * own);
    author.delete_confirmed(&third.id).await;
    assert_eq!(
        author.preview_selection(&ids).await["bytesFreed"],
        2 * own,
        "a deleted memo that can be restored keeps its bytes"
    );
    office.clock.advance(TimeDelta::days(30));
    office.purger.deletions().await.unwrap();
    let payload = author.delete_selection(&ids, true).await;
    for result in payload["results"].as_array().unwrap() {
        assert_eq!(result["receipt"]["bytesFreed"], same + own, "each with what they share");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_memos_and_the_places_of_tokens_are_checked() {
    let office = Office::open().await;
    let author = office.author();
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let query = "query ($ids: [ID!]!) { memosDeletionPreview(memoIds: $ids) { verdict } }";
    for number in [0, 101] {
        let ids = vec![&*memo.id; number];
        let (code, message) = author.error(query, json!({ "ids": ids })).await;
        let expected = format!("{number} memos were given: give 1 to 100.");
        assert_eq!((code.as_str(), message.as_str()), ("BAD_USER_INPUT", expected.as_str()));
        let delete = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) { results \
            { replayed } userErrors { code message } } }";
        let input = selection_input(&ids, true, json!(null));
        let refused = author.data(delete, json!({ "input": input })).await["deleteMemos"].take();
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["userErrors"][0]["message"], json!(expected));
    }
    let (code, message) = author.error(query, json!({ "ids": [memo.id, "garbage"] })).await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.starts_with("memoIds.1 \"garbage\" is not an id"), "{message}");

    for (atomic, token) in [(true, json!(null)), (false, json!("a token"))] {
        let mut input = selection_input(&[&memo.id], atomic, token);
        input["memos"][0]["confirmationToken"] = json!("its own");
        let refused = author.delete_selection_with(input).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        let field = json!(["input", "memos", "0", "confirmationToken"]);
        assert_eq!(refused["userErrors"][0]["field"], field);
    }
    let mut input = selection_input(&[&memo.id], true, json!(null));
    input["reason"] = json!("x".repeat(2_001));
    let refused = author.delete_selection_with(input).await;
    assert_eq!(refused["userErrors"][0]["field"], json!(["input", "reason"]), "{refused:#}");
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn results_cost_as_much_as_there_are_memos_and_the_preview_costs_once() {
    let office = Office::open().await;
    let author = office.author();
    let memo = office.memo().create().await;
    let delete = |fields: &str| {
        format!(
            "mutation ($input: DeleteMemosInput!) {{ deleteMemos(input: $input) {{ {fields} \
             userErrors {{ code }} }} }}"
        )
    };
    let input = selection_input(&[&*memo.id; 100], true, json!("stale"));
    let list = "removed(first: 100) { nodes { kind label } }";
    let preview = delete(&format!("preview {{ {list} }}"));
    let payload = author.data(&preview, json!({ "input": input })).await["deleteMemos"].take();
    assert_eq!(codes(&payload), ["CONFIRMATION_STALE"]);
    assert_eq!(payload["preview"]["removed"]["nodes"][0]["kind"], "MEMO");
    let results = delete(&format!("results {{ receipt {{ {list} }} }}"));
    let (code, message) = author.error(&results, json!({ "input": input })).await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.starts_with("The query could answer too much"), "{message}");
    // A preview has a limit too.
    let list = "removed(first: 100) { nodes { kind label reason keptBy { kind node { id } } } }";
    let many: String = (0..14).map(|n| format!("list{n}: {list} ")).collect();
    let previews = delete(&format!("preview {{ {many} }}"));
    let one = selection_input(&[&memo.id], true, json!("stale"));
    let (_, message) = author.error(&previews, json!({ "input": one })).await;
    assert!(message.starts_with("The query could answer too much"), "{message}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_memo_counts_once_and_a_repeated_request_gets_the_same_receipts() {
    let office = Office::open().await;
    let author = office.author();
    let (memos, _) = two_with_a_file(&office).await;
    let held = office.memo().on_hold().create().await;
    let ids = [&*memos[0].id, &*held.id, &*memos[1].id, &*memos[0].id, &*held.id];
    let preview = author.preview_selection(&ids).await;
    let listed = preview["memos"].as_array().unwrap().iter().map(|one| &one["memoId"]);
    assert_eq!(Vec::from_iter(listed), ids.iter().take(3).collect::<Vec<_>>(), "in their order");
    assert_eq!(count(&preview["removed"], "MEMO"), 2);
    let mut input = selection_input(&ids, false, preview["confirmationToken"].clone());
    input["reason"] = json!("Tidied up");
    let before = office.row_counts().await;
    let payload = author.delete_selection_with(input.clone()).await;
    let results = payload["results"].as_array().unwrap();
    let replayed: Vec<bool> =
        results.iter().map(|one| one["replayed"].as_bool().unwrap()).collect();
    assert_eq!(replayed, [false, false, false, true, false]);
    assert_eq!(results[0]["receipt"], results[3]["receipt"]);
    assert_eq!(results[0]["receipt"]["reason"], "Tidied up");
    let changes = difference(&before, &office.row_counts().await);
    assert_eq!(changes["memo_deletions"], 2);
    assert_eq!(changes["refused_deletions"], 1, "of the memo on hold, once");

    // The answer was lost, and the client repeats the request.
    let again = author.delete_selection_with(input.clone()).await;
    for (n, result) in again["results"].as_array().unwrap().iter().enumerate() {
        assert_eq!(result["receipt"], results[n]["receipt"]);
        assert_eq!(result["replayed"], json!(n != 1 && n != 4), "{result:#}");
    }
    let both = selection_input(&[ids[0], ids[2]], true, json!("of another selection"));
    let again = author.delete_selection_with(both).await;
    assert_eq!((codes(&again).len(), &again["results"][1]["replayed"]), (0, &json!(true)));
    assert_eq!(office.row_counts().await["memo_deletions"], 2);

    // After a restore it is a new deletion.
    author.restore(results[0]["receipt"]["id"].as_str().unwrap()).await;
    let stale = author.delete_selection_with(input).await;
    assert_eq!(codes(&stale), ["CONFIRMATION_STALE"]);
    let anew = author.delete_selection(&[ids[0], ids[2]], true).await;
    let replayed = anew["results"].as_array().unwrap().iter().map(|one| &one["replayed"]);
    assert_eq!(Vec::from_iter(replayed), [&json!(false), &json!(true)], "{anew:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_bound_to_the_person_the_memos_and_all_that_the_preview_shows() {
    let office = Office::open().await;
    let recipient = office.recipient();
    let (full, belongings) = office.full_memo().await;
    let (other, held) = (office.memo().create().await, office.memo().on_hold().create().await);
    let ids = [&*full.id, &*other.id, &*held.id];
    let token = async |person: &Actor, ids: &[&str]| {
        person.preview_selection(ids).await["confirmationToken"].take()
    };
    let first = token(recipient, &ids).await;
    let turned = [ids[2], ids[1], ids[0], ids[1]];
    assert_eq!(token(recipient, &turned).await, first, "the order does not matter");
    let single = recipient.preview(ids[1]).await["confirmationToken"].take();
    for other in [
        token(office.author(), &ids).await,
        token(recipient, &ids[..2]).await,
        token(recipient, &ids[1..2]).await,
        single,
        json!("garbage"),
        json!(""),
    ] {
        let payload = recipient.delete_selection_with(selection_input(&ids, false, other)).await;
        assert_eq!(codes(&payload), ["CONFIRMATION_STALE"]);
    }
    // The token of a selection of one memo confirms no single deletion.
    let one = token(recipient, &ids[1..2]).await;
    let payload =
        recipient.delete_with(json!({ "memoId": ids[1], "confirmationToken": one })).await;
    assert_eq!(codes(&payload), ["CONFIRMATION_STALE"]);

    let mut current = first;
    let change = async |what: &str| match what {
        "a comment" => drop(office.comment(&other, office.author().id, "One more.").await),
        "a comment on the memo on hold" => {
            office.sql("UPDATE memos SET revision = revision + 1 WHERE on_hold").await;
        }
        "a file" => drop(office.attach(&other, "late.txt", "late").await),
        "a transfer" => {
            let file = office.attach(&full, "new.txt", "new").await;
            office.transfer_to_task(file.id, belongings.task).await;
        }
        "a task's name" => office.sql("UPDATE tasks SET name = 'Paint the ceiling'").await,
        "a hold" => drop(office.hold(&other, "").await.unwrap()),
        "a reminder that falls due" => office.clock.advance(TimeDelta::days(3)),
        other => panic!("{other}"),
    };
    for what in [
        "a comment",
        "a comment on the memo on hold",
        "a file",
        "a transfer",
        "a task's name",
        "a reminder that falls due",
        "a hold",
    ] {
        change(what).await;
        let before = office.row_counts().await;
        let input = selection_input(&ids, false, current);
        let payload = recipient.delete_selection_with(input).await;
        assert_eq!(codes(&payload), ["CONFIRMATION_STALE"], "after {what}");
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", "confirmationToken"]));
        assert_eq!(payload["results"], json!([]));
        let deletable = if what == "a hold" { 1 } else { 2 };
        let logged = [("refused_deletions".to_owned(), deletable)].into();
        assert_eq!(difference(&before, &office.row_counts().await), logged, "after {what}");
        let fresh = recipient.preview_selection(&ids).await;
        assert_eq!(payload["preview"]["confirmationToken"], fresh["confirmationToken"]);
        assert_eq!(payload["preview"]["removed"]["counts"], fresh["removed"]["counts"]);
        current = payload["preview"]["confirmationToken"].clone();
    }
    let payload = recipient.delete_selection_with(selection_input(&ids, false, current)).await;
    assert_eq!(payload["results"][0]["deletedMemoId"], json!(full.id), "{payload:#}");
    office.close().await;
}

/// All items of a list, page by page, and the cursors.
async fn pages(person: &Actor, ids: &[&str], list: &str) -> (Vec<Value>, Vec<String>) {
    let query = format!(
        "query ($ids: [ID!]!, $after: String) {{ memosDeletionPreview(memoIds: $ids) {{
            {list}(first: 3, after: $after) {{ edges {{ cursor node {{ kind label reason }} }}
            pageInfo {{ hasNextPage endCursor }} }} }} }}"
    );
    let (mut after, mut items, mut cursors) = (Value::Null, Vec::new(), Vec::new());
    loop {
        let answer = person.data(&query, json!({ "ids": ids, "after": after })).await;
        let page = &answer["memosDeletionPreview"][list];
        for edge in page["edges"].as_array().unwrap() {
            let cursor = URL_SAFE_NO_PAD.decode(edge["cursor"].as_str().unwrap()).unwrap();
            cursors.push(String::from_utf8(cursor).unwrap());
            items.push(edge["node"].clone());
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            return (items, cursors);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lists_have_each_thing_once_page_by_page() {
    let office = Office::open().await;
    let author = office.author();
    let ((one, full), two) = (office.full_memo().await, office.memo().create().await);
    office.sql("UPDATE memos SET stage = 'PENDING', acted_at = NULL, acted_stage = NULL").await;
    let tag = office.tag(&two, "quiet").await;
    office.insert(entity::memo_tag::Model { memo_id: one.uuid, tag_id: tag }).await;
    office.link(&two, memo::Column::TaskId, full.task).await;
    office.link(&two, memo::Column::DealId, full.deal).await;
    for n in 0..5 {
        office.comment(&one, author.id, &format!("First {n}")).await;
        office.comment(&two, author.id, &format!("Second {n}")).await;
    }
    office.remind(&two, office.subscriber().id, 2).await;
    office.mark_unread(&two, office.subscriber().id).await;
    office.sql("DELETE FROM task_members").await;
    office.sql("DELETE FROM project_members").await;
    let hidden: Vec<String> = [full.task, full.project, office.subscriber().id, office.chief().id]
        .iter()
        .map(Uuid::to_string)
        .chain(crate::hidden::reminders(&office).await.iter().map(|one| one.id.to_string()))
        .collect();

    let ids = [&*two.id, &*one.id];
    let preview = author.preview_selection(&ids).await;
    for list in ["removed", "kept"] {
        let (items, cursors) = pages(author, &ids, list).await;
        let total = preview[list]["totalCount"].as_u64().unwrap();
        assert_eq!(u64::try_from(items.len()).unwrap(), total, "{list}");
        let (turned, _) = pages(author, &[ids[1], ids[0]], list).await;
        assert_eq!(turned, items, "the order of the memos does not matter");
        let nodes = preview[list]["nodes"].as_array().unwrap();
        for (item, node) in items.iter().zip(nodes) {
            assert_eq!((&item["kind"], &item["label"]), (&node["kind"], &node["label"]));
        }
        for (item, cursor) in items.iter().zip(cursors) {
            let hides = item["kind"].as_str().is_some_and(|kind| {
                ["TASK_LINK", "PROJECT_LINK", "REMINDER", "UNREAD_MARK", "TASK", "PROJECT"]
                    .contains(&kind)
            });
            assert!(!hides || !hidden.iter().any(|id| cursor.contains(id)), "{item}: {cursor}");
        }
    }
    let removed = ["MEMO", "TAG_LINK", "TASK_LINK", "DEAL_LINK", "COMMENT", "REMINDER"];
    assert_eq!(removed.map(|kind| count(&preview["removed"], kind)), [2, 4, 2, 2, 13, 4]);
    let kept = ["TAG", "TASK", "DEAL", "PROJECT"].map(|kind| count(&preview["kept"], kind));
    assert_eq!(kept, [3, 1, 1, 1], "what both have counts once");
    let labels = preview["kept"].to_string();
    assert!(!labels.contains("Paint the walls"), "a task that the author cannot see");
    assert_eq!(labels.matches("Hotel lobby").count(), 1);

    let wrong = "query ($ids: [ID!]!, $after: String) { memosDeletionPreview(memoIds: $ids) { \
        kept(after: $after) { nodes { kind } } } }";
    let cursor = "query ($ids: [ID!]!) { memosDeletionPreview(memoIds: $ids) { kept(first: 1) { \
        pageInfo { endCursor } } } }";
    let cursor = author.data(cursor, json!({ "ids": ids })).await;
    let cursor = &cursor["memosDeletionPreview"]["kept"]["pageInfo"]["endCursor"];
    let variables = json!({ "ids": [ids[0]], "after": cursor });
    assert_eq!(author.error(wrong, variables).await.0, "BAD_USER_INPUT", "of another selection");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_memo_has_its_event_its_notification_and_its_mail() {
    let office = Office::open_with(Options { sends_mail: true, ..Options::default() }).await;
    let recipient = office.recipient();
    let to_self = office.memo().from(recipient.id).named("To myself").create().await;
    let chairs = office.memo().named("New chairs").create().await;
    let desks = office.memo().named("New desks").from(office.stranger().id).create().await;
    let ids = [&*chairs.id, &*to_self.id, &*desks.id];
    let payload = recipient.delete_selection(&ids, true).await;
    assert_eq!(codes(&payload), [""; 0], "{payload:#}");
    for id in ids {
        assert_eq!(crate::writing::events(&office, &json!(id)).await, ["DELETED"]);
    }
    for (person, expected) in [("author", 1), ("stranger", 1), ("recipient", 0)] {
        let notified = crate::writing::notified(office.person(person)).await;
        assert_eq!(notified, vec!["MEMO_DELETED_BY_RECIPIENT"; expected], "{person}");
    }
    office.deliver_mail().await;
    let mut mails: Vec<String> =
        office.mail_server().taken().into_iter().map(|mail| mail.subject).collect();
    mails.sort();
    let subject = |name: &str| format!("The recipient deleted your memo \"{name}\"");
    assert_eq!(mails, [subject("New chairs"), subject("New desks")]);

    // Who has opted out gets a notification alone.
    let preferences = json!({ "kinds": [] });
    let update = "mutation ($input: UpdateMailPreferencesInput!) { updateMailPreferences(input: \
        $input) { userErrors { code } } }";
    office.author().data(update, json!({ "input": preferences })).await;
    let more = office.memo().named("New lamps").create().await;
    recipient.delete_selection(&[&more.id], false).await;
    office.deliver_mail().await;
    assert_eq!(office.mail_server().taken().len(), 2);
    assert_eq!(crate::writing::notified(office.author()).await.len(), 2);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_attempts_are_counted_and_logged_except_of_drafts() {
    let office = Office::open_with(Options { has_metrics: true, ..Options::default() }).await;
    let author = office.author();
    let draft = office.memo().draft().create().await;
    let (sent, held) = (office.memo().create().await, office.memo().on_hold().create().await);
    let gone = Kind::Memo.id(Uuid::max()).0;
    office.comment(&sent, office.recipient().id, "Why?").await;
    let attempts = async || {
        let query = "{ refusedMemoDeletions(first: 100) { nodes { memoId codes } } }";
        let log = office.admin().data(query, json!({})).await;
        office.sql("DELETE FROM refused_deletions").await;
        let nodes = log["refusedMemoDeletions"]["nodes"].as_array().unwrap().clone();
        nodes
            .into_iter()
            .map(|one| {
                one["codes"][0].as_str().unwrap().to_owned() + " " + one["memoId"].as_str().unwrap()
            })
            .collect::<Vec<_>>()
    };
    let delete = async |ids: &[&str], atomic, token: Value| {
        let payload = author.delete_selection_with(selection_input(ids, atomic, token)).await;
        codes(&payload).join(" ")
    };
    let both = [&*draft.id, &*sent.id];
    assert_eq!(delete(&both, true, json!(null)).await, "CONFIRMATION_REQUIRED");
    assert_eq!(attempts().await, [format!("CONFIRMATION_REQUIRED {}", sent.id)]);
    assert_eq!(delete(&both, false, json!("stale")).await, "CONFIRMATION_STALE");
    assert_eq!(attempts().await, [format!("CONFIRMATION_STALE {}", sent.id)]);
    let all = [&*draft.id, &*sent.id, &*held.id, &*gone];
    assert_eq!(delete(&all, true, json!(null)).await, "ON_HOLD NOT_FOUND");
    assert_eq!(attempts().await, [format!("ON_HOLD {}", held.id)]);
    for (series, number) in [
        ("verdict=\"ALLOWED\",outcome=\"CONFIRMATION_REQUIRED\"", 1.0),
        ("verdict=\"DISCOURAGED\",outcome=\"CONFIRMATION_REQUIRED\"", 1.0),
        ("verdict=\"DISCOURAGED\",outcome=\"CONFIRMATION_STALE\"", 1.0),
        ("verdict=\"DENIED\",outcome=\"ON_HOLD\"", 1.0),
        ("verdict=\"NONE\",outcome=\"NOT_FOUND\"", 1.0),
    ] {
        office.counts(&format!("memoranda_deletions_total{{{series}}}"), number).await;
    }
    author.delete_selection(&all, false).await;
    assert_eq!(attempts().await, [format!("ON_HOLD {}", held.id)]);
    office.counts("memoranda_deletion_previews_total{verdict=\"DENIED\"}", 1.0).await;
    office.counts("memoranda_deletions_total{verdict=\"ALLOWED\",outcome=\"DELETED\"}", 1.0).await;
    office.close().await;
}
