//! Lists of tasks and projects: who sees what, filters, pages, costs.

use crate::work::{TWINS, Twin, user};
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office};
use serde_json::{Value, json};

impl Twin {
    /// The names of the work that the person sees, in order, and the total count.
    async fn list(self, person: &Actor, filter: Value) -> (Vec<String>, u64) {
        let query = format!(
            "query ($filter: WorkFilter) {{ list: {}s(filter: $filter) {{ totalCount nodes {{ name \
             }} }} }}",
            self.word
        );
        let list = person.data(&query, json!({ "filter": filter })).await["list"].take();
        let names = list["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["name"].as_str().unwrap().to_owned());
        (names.collect(), list["totalCount"].as_u64().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_what_the_viewer_sees_the_newest_first() {
    let office = Office::open().await;
    for twin in TWINS {
        for (name, person, input) in [
            ("own", office.author(), json!({})),
            ("given", office.author(), json!({ "responsibleIds": [user(office.recipient())] })),
            ("shared", office.recipient(), json!({ "subscriberIds": [user(office.subscriber())] })),
        ] {
            let mut input = input;
            input["name"] = json!(name);
            twin.create(person, input).await;
            office.clock.advance(TimeDelta::seconds(1));
        }
        for (person, expected) in [
            (office.author(), vec!["given", "own"]),
            (office.recipient(), vec!["shared", "given"]),
            (office.subscriber(), vec!["shared"]),
            (office.chief(), vec!["shared", "given", "own"]),
            (office.stranger(), vec![]),
            (office.admin(), vec![]),
        ] {
            let (names, total) = twin.list(person, Value::Null).await;
            assert_eq!(names, expected, "{}", person.name);
            assert_eq!(total, expected.len() as u64);
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_filtered_by_status_person_due_date_name_and_source() {
    let office = Office::open().await;
    for twin in TWINS {
        let author = office.author();
        let late =
            twin.create(author, json!({ "name": "100% of it", "dueDate": "2026-03-01" })).await;
        twin.create(author, json!({ "name": "100 or so", "dueDate": "2026-03-02" })).await;
        let given = json!({ "name": "Under_score", "dueDate": "2026-03-01",
            "responsibleIds": [user(author), user(office.stranger())],
                "subscriberIds": [user(office.subscriber())] });
        let done = twin.create(author, given).await;
        twin.complete(author, &done["work"]["id"]).await;
        twin.create(author, json!({ "name": "Under the desk" })).await;
        let memo = office.memo().from(office.recipient().id).to(author.id).create().await;
        let from_memo = json!({ "memoId": memo.id, "name": "From \\ a memo" });
        twin.run(author, "create", "FromMemo", from_memo).await;
        for (filter, expected) in [
            (
                json!({}),
                vec!["100 or so", "100% of it", "From \\ a memo", "Under the desk", "Under_score"],
            ),
            (json!({ "statuses": ["DONE", "CANCELLED"] }), vec!["Under_score"]),
            (json!({ "statuses": [] }), vec![]),
            (json!({ "responsibleId": user(office.stranger()) }), vec!["Under_score"]),
            (json!({ "responsibleId": user(office.subscriber()) }), vec![]),
            (json!({ "overdue": true }), vec!["100% of it"]),
            (
                json!({ "overdue": false }),
                vec!["100 or so", "From \\ a memo", "Under the desk", "Under_score"],
            ),
            (json!({ "text": "100%" }), vec!["100% of it"]),
            (json!({ "text": "uNDER" }), vec!["Under the desk", "Under_score"]),
            (json!({ "text": "r_S" }), vec!["Under_score"]),
            (json!({ "text": "\\ A" }), vec!["From \\ a memo"]),
            (
                json!({ "text": "   " }),
                vec!["100 or so", "100% of it", "From \\ a memo", "Under the desk", "Under_score"],
            ),
            (json!({ "hasSourceMemo": true }), vec!["From \\ a memo"]),
            (
                json!({ "hasSourceMemo": false, "overdue": false, "text": "under" }),
                vec!["Under the desk", "Under_score"],
            ),
        ] {
            let (mut names, total) = twin.list(author, filter.clone()).await;
            names.sort_unstable();
            assert_eq!(names, expected, "{filter}");
            assert_eq!(total, expected.len() as u64, "{filter}");
        }
        assert_eq!(late["work"]["status"], "OPEN");
        let query = format!(
            "query ($text: String) {{ {}s(filter: {{ text: $text }}) {{ totalCount }} }}",
            twin.word
        );
        for text in ["a\0b".to_owned(), "x".repeat(251)] {
            assert_eq!(author.error(&query, json!({ "text": text })).await.0, "BAD_USER_INPUT");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_page_by_page_in_both_directions() {
    let office = Office::open().await;
    for twin in TWINS {
        for n in 0..5 {
            twin.create(office.author(), json!({ "name": format!("{n}") })).await;
            office.clock.advance(TimeDelta::seconds(1));
        }
        let query = format!(
            "query ($first: Int, $after: String, $last: Int, $before: String, $filter: WorkFilter) \
             {{
                list: {}s(first: $first, after: $after, last: $last, before: $before, filter: \
             $filter) {{
                    nodes {{ name }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor \
             }} }} }}",
            twin.word
        );
        let page =
            async |variables: Value| office.author().data(&query, variables).await["list"].take();
        let names = |page: &Value| -> String {
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| node["name"].as_str().unwrap())
                .collect()
        };
        let first = page(json!({ "first": 2 })).await;
        let second = page(json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
        let last = page(json!({ "last": 2 })).await;
        let back = page(json!({ "last": 9, "before": second["pageInfo"]["startCursor"] })).await;
        assert_eq!(
            [names(&first), names(&second), names(&last), names(&back)],
            ["43", "21", "10", "43"]
        );
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let foreign =
            json!({ "after": first["pageInfo"]["endCursor"], "filter": { "overdue": true } });
        assert_eq!(office.author().error(&query, foreign).await.0, "BAD_USER_INPUT");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_work_costs_the_same_number_of_statements_whatever_its_length() {
    let office = Office::open().await;
    for twin in TWINS {
        for n in 0..40 {
            let memo = office.memo().create().await;
            let file =
                office.attach(&memo, "plan.txt", &format!("plan {n} of the {}", twin.word)).await;
            let input = json!({ "memoId": memo.id, "name": "Plan",
                "fileIds": [api::graphql::Kind::File.id(file.id).0],
                "subscriberIds": [user(office.subscriber()), user(office.stranger())] });
            twin.run(office.recipient(), "create", "FromMemo", input).await;
            office.clock.advance(TimeDelta::seconds(1));
            if n % 3 == 0 {
                office.recipient().delete_confirmed(&memo.id).await;
            }
        }
        let query = format!(
            "query ($n: Int!) {{ {}s(first: $n) {{ nodes {{ id responsible {{ fullName }} \
             subscribers {{ fullName }} files {{ name }}
                sourceMemo {{ __typename }} createdBy {{ fullName }} viewerCanUpdate \
             viewerIsResponsible }} }} }}",
            twin.word
        );
        // The stranger sees the work, but neither the memos nor what remains of them.
        for person in [office.recipient(), office.stranger()] {
            let mut costs = Vec::new();
            for n in [5, 40] {
                let before = office.statements();
                let answer = person.data(&query, json!({ "n": n })).await;
                costs.push(office.statements() - before);
                assert_eq!(answer[format!("{}s", twin.word)]["nodes"].as_array().unwrap().len(), n);
            }
            assert_eq!(
                costs,
                [7, 7],
                "the person, the page, creators, memos, records, people, files"
            );
        }
    }
    office.close().await;
}
