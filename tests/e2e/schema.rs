//! The schema as clients read it.

use memoranda_tests::Office;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_committed_schema_is_the_servers_own() {
    let committed = include_str!("../../schema.graphql");
    assert!(committed == api::graphql::sdl(), "run: cargo run -- schema > schema.graphql");
    let office = Office::open().await;
    let served =
        reqwest::get(format!("{}/schema.graphql", office.address)).await.unwrap().text().await.unwrap();
    assert!(served == committed);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_it_is_described() {
    let office = Office::open().await;
    let query = "{ __schema { types { name description
        fields { name description args { name description } }
        inputFields { name description } enumValues { name description } } } }";
    let schema = office.author().data(query, json!({})).await;
    let mut bare = Vec::new();
    let mut look = |what: String, item: &Value| {
        if item["description"].as_str().is_none_or(|text| text.trim().len() < 3) {
            bare.push(what);
        }
    };
    for ty in schema["__schema"]["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        // The introspection's own types and the scalars that every GraphQL has.
        if name.starts_with("__") || ["ID", "Int", "Float", "String", "Boolean"].contains(&name) {
            continue;
        }
        look(name.to_owned(), ty);
        for list in ["fields", "inputFields", "enumValues"] {
            for item in ty[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", item["name"].as_str().unwrap());
                look(path.clone(), item);
                for argument in item["args"].as_array().into_iter().flatten() {
                    look(format!("{path}({})", argument["name"].as_str().unwrap()), argument);
                }
            }
        }
    }
    assert_eq!(bare, [""; 0], "without a description");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_refetched_by_their_ids_and_what_is_invisible_is_null() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let preview = office.recipient().preview(&memo.id).await;
    let items = preview["removed"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .chain(preview["kept"]["nodes"].as_array().unwrap());
    let ids: Vec<&Value> = items.map(|item| &item["node"]["id"]).filter(|id| id.is_string()).collect();
    assert!(ids.len() > 20, "{ids:?}");
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let answer = office.recipient().data(query, json!({ "ids": ids })).await;
    let found: Vec<&Value> = answer["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
    assert_eq!(found, ids);
    let answer = office.stranger().data(query, json!({ "ids": ids })).await;
    let types: Vec<&str> =
        answer["nodes"].as_array().unwrap().iter().filter_map(|node| node["__typename"].as_str()).collect();
    assert!(
        types.iter().all(|name| ["User", "Tag", "Deal", "Resolution"].contains(name)),
        "a stranger sees {types:?}"
    );
    let interfaces = "{ __type(name: \"Memo\") { interfaces { name } } }";
    let answer = office.author().data(interfaces, json!({})).await;
    for interface in ["Deletable", "Node"] {
        assert!(answer["__type"]["interfaces"].to_string().contains(interface), "{answer:#}");
    }
    office.close().await;
}
