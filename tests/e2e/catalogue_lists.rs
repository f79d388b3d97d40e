//! Lists of tags, resolutions and deals: order, search, pages, costs.

use crate::catalogue::{DEAL, Kind, RESOLUTION, TAG};
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, is_postgres};
use serde_json::{Value, json};

impl Kind {
    /// The names in the list, and the total count.
    async fn list(self, person: &Actor, arguments: &str) -> (Vec<String>, u64) {
        let query =
            format!("{{ list: {}s{arguments} {{ totalCount nodes {{ name }} }} }}", self.word);
        let list = person.data(&query, json!({})).await["list"].take();
        (names(&list), list["totalCount"].as_u64().unwrap())
    }
}

fn names(list: &Value) -> Vec<String> {
    list["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_and_resolutions_come_by_name_and_deals_the_newest_first() {
    let office = Office::open().await;
    for (kind, expected) in [
        (TAG, ["bills", "garden", "urgent"]),
        (RESOLUTION, ["bills", "garden", "urgent"]),
        (DEAL, ["bills", "urgent", "garden"]),
    ] {
        assert_eq!(kind.list(office.stranger(), "").await, (Vec::new(), 0));
        for name in ["garden", "urgent", "bills"] {
            kind.create(office.chief(), name).await;
            office.clock.advance(TimeDelta::seconds(1));
        }
        for person in [office.stranger(), office.admin()] {
            assert_eq!(kind.list(person, "").await, (expected.map(str::to_owned).into(), 3));
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_a_name_contains_and_knows_no_wildcards() {
    let office = Office::open().await;
    for kind in [TAG, RESOLUTION, DEAL] {
        for name in ["100 or so", "100% of it", "Under the desk", "Under_score", "a \\ b", "Äpfel"]
        {
            kind.create(office.chief(), name).await;
        }
        let mut searches = vec![
            ("100%", vec!["100% of it"]),
            ("100", vec!["100 or so", "100% of it"]),
            ("uNDER", vec!["Under the desk", "Under_score"]),
            ("DESK", vec!["Under the desk"]),
            ("r_S", vec!["Under_score"]),
            ("\\\\", vec!["a \\ b"]),
            ("Äp", vec!["Äpfel"]),
            ("nothing", vec![]),
            (
                "  ",
                vec!["100 or so", "100% of it", "Under the desk", "Under_score", "a \\ b", "Äpfel"],
            ),
        ];
        if is_postgres() {
            searches.push(("äP", vec!["Äpfel"]));
        }
        for (search, expected) in searches {
            let (mut found, total) =
                kind.list(office.stranger(), &format!("(filter: {{ text: \"{search}\" }})")).await;
            found.sort_unstable();
            assert_eq!(found, expected, "{search}");
            assert_eq!(total, expected.len() as u64, "{search}");
        }
        let query = format!(
            "query ($search: String) {{ {}s(filter: {{ text: $search }}) {{ totalCount }} }}",
            kind.word
        );
        for search in ["a\0b".to_owned(), "x".repeat(251)] {
            assert_eq!(
                office.author().error(&query, json!({ "search": search })).await.0,
                "BAD_USER_INPUT"
            );
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deals_are_filtered_by_status() {
    let office = Office::open().await;
    let create =
        "mutation ($input: CreateDealInput!) { createDeal(input: $input) { deal { id } } }";
    for (name, status) in
        [("Lobby", "OPEN"), ("Bar", "DONE"), ("Barn", "IN_PROGRESS"), ("Roof", "CANCELLED")]
    {
        office.chief().data(create, json!({ "input": { "name": name, "status": status } })).await;
        office.clock.advance(TimeDelta::seconds(1));
    }
    for (arguments, expected) in [
        ("(filter: { statuses: [DONE, OPEN] })", vec!["Bar", "Lobby"]),
        ("(filter: { statuses: [DONE, IN_PROGRESS], text: \"barn\" })", vec!["Barn"]),
        ("(filter: { statuses: [] })", vec![]),
        ("(filter: { statuses: null })", vec!["Roof", "Barn", "Bar", "Lobby"]),
    ] {
        let (found, total) = DEAL.list(office.author(), arguments).await;
        assert_eq!(found, expected, "{arguments}");
        assert_eq!(total, expected.len() as u64);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lists_are_read_page_by_page_in_both_directions() {
    let office = Office::open().await;
    for kind in [TAG, RESOLUTION, DEAL] {
        for n in ["4", "3", "2", "1", "0"] {
            kind.create(office.chief(), n).await;
            office.clock.advance(TimeDelta::seconds(1));
        }
        let query = format!(
            "query ($first: Int, $after: String, $last: Int, $before: String, $search: String) {{
                list: {}s(first: $first, after: $after, last: $last, before: $before, \
             filter: {{ text: $search }}) {{
                    nodes {{ name }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor \
             }} }} }}",
            kind.word
        );
        let page =
            async |variables: Value| office.author().data(&query, variables).await["list"].take();
        let first = page(json!({ "first": 2 })).await;
        let second = page(json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
        let last = page(json!({ "last": 2 })).await;
        let back = page(json!({ "last": 9, "before": second["pageInfo"]["startCursor"] })).await;
        let read = [&first, &second, &last, &back].map(|page| names(page).concat());
        assert_eq!(read, ["01", "23", "34", "01"], "{}", kind.word);
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
        let foreign = json!({ "after": first["pageInfo"]["endCursor"], "search": "1" });
        assert_eq!(office.author().error(&query, foreign).await.0, "BAD_USER_INPUT");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_catalogue_costs_one_statement_and_its_count_another() {
    let office = Office::open().await;
    for kind in [TAG, RESOLUTION, DEAL] {
        for n in 0..30 {
            kind.create(office.chief(), &format!("Number {n}")).await;
        }
        for (fields, cost) in [("nodes { id name }", 2), ("totalCount nodes { id name }", 3)] {
            for n in [5, 30] {
                let query = format!("{{ {}s(first: {n}) {{ {fields} }} }}", kind.word);
                let before = office.statements();
                let answer = office.stranger().data(&query, json!({})).await;
                assert_eq!(office.statements() - before, cost, "the person and the list: {query}");
                assert_eq!(answer[format!("{}s", kind.word)]["nodes"].as_array().unwrap().len(), n);
            }
        }
    }
    office.close().await;
}
