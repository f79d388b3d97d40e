//! The table of selections through HTTP.

use crate::snapshots;
use memoranda_tests::{Actor, Office, codes, selection_input};
use serde_json::{Value, json};

/// `service` tests the same cases with the rules themselves.
#[path = "../../service/tests/rules/selection_cases.rs"]
mod cases;

use cases::{Case, HEAD, Memo, Token, cases};

#[tokio::test(flavor = "multi_thread")]
async fn the_api_decides_as_the_table_of_selections_says() {
    let office = Office::open().await;
    let mut table = HEAD.to_owned();
    for case in cases() {
        let mut memos = Vec::new();
        for memo in case.memos {
            memos.push(create(&office, memo).await);
        }
        let (verdict, answer) = ask(office.author(), case, &memos).await;
        table.push_str(&case.row(&verdict, &answer));
        for (memo, id) in case.memos.into_iter().zip(&memos) {
            let remains = office.author().type_of(id).await;
            let expected = match memo {
                Memo::NotFound => json!(null),
                Memo::Deleted => json!("DeletedMemo"),
                _ if answer.starts_with("nothing") || memo == Memo::Denied => json!("Memo"),
                _ => json!("DeletedMemo"),
            };
            assert_eq!(remains, expected, "{case:?} {answer}");
        }
    }
    snapshots::assert_table("selection_table", &table);
    office.close().await;
}

/// The id of such a memo, for the author.
async fn create(office: &Office, memo: Memo) -> String {
    let created = match memo {
        Memo::Denied => office.memo().on_hold().create().await,
        Memo::NotFound => office.memo().from(office.stranger().id).create().await,
        Memo::Allowed | Memo::Discouraged | Memo::Deleted => office.memo().create().await,
    };
    match memo {
        Memo::Discouraged => drop(office.comment(&created, office.recipient().id, "Why?").await),
        Memo::Deleted => drop(office.author().delete(&created.id).await),
        Memo::Allowed | Memo::Denied | Memo::NotFound => {}
    }
    created.id
}

/// The verdict of the preview, and what the deletion does.
async fn ask(person: &Actor, case: Case, memos: &[String]) -> (String, String) {
    let memos: Vec<&str> = memos.iter().map(String::as_str).collect();
    let preview = person.preview_selection(&memos).await;
    let shows = |memo: &Memo| !matches!(memo, Memo::NotFound | Memo::Deleted);
    assert_eq!(preview.is_null(), !case.memos.iter().any(shows), "{preview:#}");
    let can_go = |memo: &Memo| matches!(memo, Memo::Allowed | Memo::Discouraged);
    assert_eq!(
        preview["confirmationToken"].is_null(),
        !case.memos.iter().any(can_go),
        "{preview:#}"
    );
    // Without a preview, nobody sees any of the memos.
    let verdict = preview["verdict"].as_str().unwrap_or("DENIED").to_owned();
    let token = match case.token {
        Token::None => json!(null),
        // If there is none, nothing needs it, so any other one does.
        Token::Current if preview["confirmationToken"].is_null() => json!("none"),
        Token::Current => preview["confirmationToken"].clone(),
        Token::Stale => json!("none"),
    };
    let payload = person.delete_selection_with(selection_input(&memos, case.atomic, token)).await;
    let results = payload["results"].as_array().unwrap();
    let codes = codes(&payload);
    if codes.is_empty() {
        let results: Vec<&str> = results.iter().map(word).collect();
        return (verdict, results.join(", "));
    }
    assert_eq!(results.len(), 0, "refused as a whole: {payload:#}");
    assert_eq!(payload["preview"].is_null(), preview.is_null());
    assert_eq!(payload["preview"]["confirmationToken"], preview["confirmationToken"]);
    let answer = match codes[0] {
        code @ ("CONFIRMATION_REQUIRED" | "CONFIRMATION_STALE") => format!("nothing: {code}"),
        _ => "nothing: one cannot be deleted".to_owned(),
    };
    (verdict, answer)
}

fn word(result: &Value) -> &'static str {
    match codes(result)[..] {
        [] if result["replayed"] == true => "replayed",
        [] => "deleted",
        ["ON_HOLD"] => "denied",
        ["NOT_FOUND"] => "not found",
        _ => panic!("{result:#}"),
    }
}
