//! Lists of people: order, search, filters, pages, costs.

use entity::UserRole;
use memoranda_tests::{Actor, Office};
use migration::{Migrator, MigratorTrait};
use serde_json::{Value, json};
use service::people::{self, NewPerson};

const QUERY: &str = "query ($search: String) { users(filter: { text: $search }) {
    totalCount nodes { username } } }";

async fn hire(office: &Office, username: &str, full_name: &str) {
    let new = NewPerson {
        username: username.to_owned(),
        full_name: full_name.to_owned(),
        email: format!("{username}@example.org"),
        role: UserRole::Member,
    };
    people::add(&office.services, &new).await.unwrap();
}

fn usernames(list: &Value) -> Vec<String> {
    let nodes = list["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["username"].as_str().unwrap().to_owned()).collect()
}

async fn find(person: &Actor, search: &str) -> Vec<String> {
    let list = person.data(QUERY, json!({ "search": search })).await["users"].take();
    let found = usernames(&list);
    assert_eq!(list["totalCount"].as_u64().unwrap(), found.len() as u64, "{search}");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_the_beginning_of_any_word_whatever_its_capitals() {
    let office = Office::open().await;
    for (username, full_name) in [
        ("amh", "Anna-Maria O'Hara"),
        ("ines", "Inês  Carvalho"),
        ("oe", "Özil Ähre"),
        ("under_score", "50% Club"),
        ("percent", "100 or so"),
        ("j.doe", "Jane Doe"),
    ] {
        hire(&office, username, full_name).await;
    }
    for (search, expected) in [
        ("anna", vec!["amh"]),
        ("MARIA", vec!["amh"]),
        ("anna-m", vec!["amh"]),
        ("hara", vec!["amh"]),
        ("nna", vec![]),
        ("INÊS c", vec!["ines"]),
        (" inês   carv ", vec!["ines"]),
        ("ines", vec!["ines"]),
        ("nês", vec![]),
        ("öZ", vec!["oe"]),
        ("äh", vec!["oe"]),
        ("OE", vec!["oe"]),
        ("50%", vec!["under_score"]),
        ("%", vec![]),
        ("_", vec![]),
        ("under_", vec!["under_score"]),
        ("underx", vec![]),
        ("score", vec!["under_score"]),
        ("10%", vec![]),
        ("1", vec!["percent"]),
        ("doe", vec!["j.doe"]),
        ("j", vec!["j.doe"]),
        ("doe j", vec![]),
        ("author@example.org", vec![]),
        ("nobody", vec![]),
    ] {
        assert_eq!(find(office.stranger(), search).await, expected, "{search}");
    }
    assert_eq!(find(office.stranger(), "  ").await.len(), 12, "an empty search is none");
    for search in ["a\0b".to_owned(), "x".repeat(251)] {
        let (code, _) = office.author().error(QUERY, json!({ "search": search })).await;
        assert_eq!(code, "BAD_USER_INPUT");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_is_found_and_the_old_one_is_not() {
    let office = Office::open().await;
    let update =
        "mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }";
    let stranger = office.stranger();
    for (change, found, lost) in [
        (json!({ "fullName": "Stefan Ñovak" }), "ñov", "the stranger"),
        (json!({ "username": "novak.s" }), "novak", "stranger"),
    ] {
        let mut input = change;
        input["userId"] = json!(stranger.user_id());
        assert_eq!(find(office.author(), lost).await, ["stranger"]);
        office.admin().data(update, json!({ "input": input })).await;
        assert_eq!(find(office.author(), found).await.len(), 1, "{found}");
        assert_eq!(find(office.author(), lost).await, [""; 0], "{lost}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_has_active_people_by_name_unless_told_otherwise() {
    let office = Office::open().await;
    office
        .admin()
        .data(
            "mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { user { active } } }",
            json!({ "id": office.stranger().user_id() }),
        )
        .await;
    let everybody = ["admin", "author", "chief", "recipient", "stranger", "subscriber"];
    let active = ["admin", "author", "chief", "recipient", "subscriber"];
    for (arguments, expected) in [
        ("", active.to_vec()),
        ("(filter: {})", active.to_vec()),
        ("(filter: null)", active.to_vec()),
        ("(filter: { states: $unset })", active.to_vec()),
        ("(filter: $unset_filter)", active.to_vec()),
        ("(filter: { states: [ACTIVE] })", active.to_vec()),
        ("(filter: { states: [INACTIVE] })", vec!["stranger"]),
        ("(filter: { states: [ACTIVE, INACTIVE] })", everybody.to_vec()),
        ("(filter: { states: [] })", vec![]),
        ("(filter: { roles: [CHIEF] })", vec!["chief"]),
        ("(filter: { roles: [CHIEF, ADMIN] })", vec!["admin", "chief"]),
        (
            "(filter: { roles: [MEMBER], states: [ACTIVE, INACTIVE], text: \"s\" })",
            vec!["stranger", "subscriber"],
        ),
        ("(filter: { text: \"stranger\" })", vec![]),
    ] {
        let variables = if arguments.contains("$unset_filter") {
            "query ($unset_filter: UserFilter)"
        } else if arguments.contains("$unset") {
            "query ($unset: [UserState!])"
        } else {
            ""
        };
        let query =
            format!("{variables} {{ users{arguments} {{ totalCount nodes {{ username }} }} }}");
        let list = office.author().data(&query, json!({})).await["users"].take();
        assert_eq!(usernames(&list), expected, "{arguments}");
        assert_eq!(list["totalCount"].as_u64().unwrap(), expected.len() as u64, "{arguments}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn namesakes_come_page_by_page_in_both_directions() {
    let office = Office::open().await;
    for n in 0..5 {
        hire(&office, &format!("n{n}"), "Name Sake").await;
    }
    let query =
        "query ($first: Int, $after: String, $last: Int, $before: String, $roles: [UserRole!]) {
        users(filter: { text: \"sake\", roles: $roles }, first: $first, after: $after, last: \
        $last, before: $before) {
            nodes { username } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    let page =
        async |variables: Value| office.author().data(query, variables).await["users"].take();
    let all = usernames(&page(json!({})).await);
    let first = page(json!({ "first": 2 })).await;
    let second = page(json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
    let last = page(json!({ "last": 1 })).await;
    let back = page(json!({ "last": 9, "before": second["pageInfo"]["startCursor"] })).await;
    assert_eq!([usernames(&first), usernames(&second), usernames(&last)].concat(), all);
    assert_eq!(usernames(&back), usernames(&first));
    assert_eq!(second["pageInfo"]["hasNextPage"], true);
    let foreign = json!({ "after": first["pageInfo"]["endCursor"], "roles": ["CHIEF"] });
    assert_eq!(office.author().error(query, foreign).await.0, "BAD_USER_INPUT");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_people_costs_one_statement_and_its_count_another() {
    let office = Office::open().await;
    for n in 0..30 {
        hire(&office, &format!("n{n}"), "Name Sake").await;
    }
    for (fields, cost) in [("nodes { id fullName role active }", 2), ("totalCount nodes { id }", 3)]
    {
        for n in [5, 30] {
            let query =
                format!("{{ users(first: {n}, filter: {{ text: \"s\" }}) {{ {fields} }} }}");
            let before = office.statements();
            let answer = office.stranger().data(&query, json!({})).await;
            assert_eq!(office.statements() - before, cost, "the person and the list");
            assert_eq!(answer["users"]["nodes"].as_array().unwrap().len(), n);
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_from_before_the_search_are_found_as_well() {
    let office = Office::open().await;
    hire(&office, "oe", "Özil-Ähre Ñandú").await;
    let connection = office.services.database.connection();
    let is_pending = async || {
        let pending = office.services.database.pending_migrations().await.unwrap();
        pending.iter().any(|name| name.contains("find_people"))
    };
    while !is_pending().await {
        Migrator::down(connection, Some(1)).await.unwrap();
    }
    Migrator::up(connection, None).await.unwrap();
    for search in ["özil", "ÄHRE", "Ñ", "oe", "Özil-Ähre ñ"] {
        assert_eq!(find(office.author(), search).await, ["oe"], "{search}");
    }
    office.close().await;
}
