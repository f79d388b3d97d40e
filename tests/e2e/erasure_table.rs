//! The table of erasures through HTTP.

use crate::snapshots;
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, Options, TestMemo};

/// `service` tests the same cases with the rules themselves.
#[path = "../../service/tests/rules/erasure_cases.rs"]
mod cases;

use cases::{ACTORS, Case, HEAD, Memo, answer, cases};

#[tokio::test(flavor = "multi_thread")]
async fn the_api_decides_as_the_table_of_erasures_says() {
    let mut table = HEAD.to_owned();
    for erase_by_owner in [false, true] {
        let office = Office::open_with(Options { erase_by_owner, ..Options::default() }).await;
        for case in cases(erase_by_owner) {
            let record = create(&office, case).await;
            for actor in ACTORS {
                let text = ask(office.person(actor), &record).await;
                table.push_str(&case.row(actor, &text));
            }
        }
        office.close().await;
    }
    snapshots::assert_table("erasure_table", &table);
}

/// The id of a record in that state.
async fn create(office: &Office, case: Case) -> String {
    let mut memo = office.memo().with_subscriber(office.subscriber().id);
    if case.memo == Memo::DeletedDraft {
        memo = memo.draft();
    }
    if case.memo == Memo::DeletedToSelf {
        memo = memo.to(office.author().id);
    }
    let memo: TestMemo = memo.create().await;
    let by = if case.memo.is_by_recipient() { office.recipient() } else { office.author() };
    let payload = by.delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap().to_owned();
    if case.hold {
        office.hold(&memo, "").await.unwrap();
    }
    if case.memo == Memo::Restored {
        office.author().restore(&record).await;
    }
    if case.memo == Memo::Purged {
        office.clock.advance(TimeDelta::days(30));
        office.purger.deletions().await.unwrap();
    }
    record
}

async fn ask(person: &Actor, record: &str) -> String {
    let preview = person.erasure_preview(record).await;
    if preview.is_null() {
        return "NOT_FOUND".to_owned();
    }
    let verdict = preview["verdict"].as_str().unwrap();
    assert_eq!(preview["confirmationToken"].is_null(), verdict == "DENIED");
    let blockers = preview["blockers"].as_array().unwrap().iter();
    let codes: Vec<&str> = blockers.map(|blocker| blocker["code"].as_str().unwrap()).collect();
    answer(verdict, &codes)
}
