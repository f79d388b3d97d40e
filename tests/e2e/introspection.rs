//! Introspection: tools can read the whole schema, but nobody gets it many times in one answer.

use memoranda_tests::{Actor, Office};
use serde_json::{Value, json};

/// The queries of tools.
const WHOLE_SCHEMA: &str = include_str!("introspection.graphql");

async fn refusal(person: &Actor, document: &str) -> String {
    let mut answer = person.send(document, json!({})).await;
    assert!(answer.get("data").is_none(), "{document} was answered");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{document}");
    let message = answer["errors"][0]["message"].take();
    message.as_str().unwrap().to_owned()
}

fn aliases(count: usize, field: &str) -> String {
    (0..count).map(|n| format!("a{n}: {field} ")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_read_the_whole_schema_signed_in_or_not() {
    let office = Office::open().await;
    for person in [&office.anonymous(), office.author()] {
        let schema = person.data(WHOLE_SCHEMA, json!({})).await;
        let types = schema["__schema"]["types"].as_array().unwrap();
        for name in ["Memo", "DeleteMemoPayload", "MemoFilter", "__Type"] {
            assert!(types.iter().any(|ty| ty["name"] == name), "{name}");
        }
        let one_of = |kind: &str| {
            let of_kind = types.iter().filter(|ty| ty["kind"] == kind);
            of_kind.map(|ty| ty["isOneOf"].clone()).collect::<Vec<_>>()
        };
        assert!(one_of("INPUT_OBJECT").iter().all(|is| *is == json!(false)), "none is one-of");
        assert!(one_of("OBJECT").iter().all(Value::is_null));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_reads_the_schema_once_and_a_few_types_by_name() {
    let office = Office::open().await;
    let anonymous = office.anonymous();
    let twice = "{ a: __schema { queryType { name } } ...B }
        fragment B on Query { b: __schema { queryType { name } } }";
    let message = refusal(&anonymous, twice).await;
    assert!(message.contains("`__schema` more than once"), "{message}");
    let types = |count| format!("{{ {} }}", aliases(count, "__type(name: \"Memo\") { name }"));
    let message = refusal(&anonymous, &types(11)).await;
    assert!(message.contains("at most 10 times"), "{message}");
    anonymous.data(&types(10), json!({})).await;
    let both = "{ __schema { queryType { name } } __type(name: \"Memo\") { fields { name } } }";
    let both = anonymous.data(both, json!({})).await;
    assert_eq!(both["__schema"]["queryType"]["name"], "Query");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_the_schema_are_not_multiplied_by_aliases() {
    let office = Office::open().await;
    let anonymous = office.anonymous();
    let types = "types { name description fields { name description args { name description } } }";
    let wrapped = format!("type {{ {} }}", aliases(45, "ofType { name }"));
    let of_all = format!("inputFields {{ {wrapped} }} fields {{ {wrapped} }}");
    let inputs = aliases(8, "args { type { ofType { inputFields { name description } } } }");
    let mutation = format!("__type(name: \"Mutation\") {{ fields {{ {inputs} }} }}");
    for document in [
        format!("{{ __schema {{ {} }} }}", aliases(85, types)),
        format!("{{ __schema {{ types {{ {} }} }} }}", aliases(85, "fields { name description }")),
        format!("{{ __schema {{ types {{ fields {{ {} }} }} }} }}", aliases(85, "description")),
        format!("{{ __schema {{ types {{ enumValues {{ {} }} }} }} }}", aliases(85, "description")),
        format!("{{ __schema {{ types {{ {of_all} }} }} }}"),
        format!("{{ __schema {{ types {{ {} }} }} }}", aliases(85, "fields { args { name } }")),
        format!("{{ {} }}", aliases(10, &mutation)),
    ] {
        let message = refusal(&anonymous, &document).await;
        assert!(message.contains("too much of the schema"), "{document} got {message}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_answer_about_the_schema_is_a_few_times_that_of_the_tools() {
    let office = Office::open().await;
    let anonymous = office.anonymous();
    let usual = anonymous.data(WHOLE_SCHEMA, json!({})).await.to_string().len();
    for part in ["description", "fields { description }", "fields { args { name description } }"] {
        let (mut longest, mut refused) = (0, false);
        for count in (1..100).step_by(7) {
            let document = format!("{{ __schema {{ types {{ {} }} }} }}", aliases(count, part));
            let answer = anonymous.send(&document, json!({})).await;
            refused = answer.get("data").is_none();
            if refused {
                break;
            }
            longest = answer.to_string().len();
        }
        assert!(longest < 4 * usual, "{part}: {longest} bytes, {usual} usually");
        assert!(refused || longest < usual, "{part}: any number of aliases is allowed");
    }
    office.close().await;
}
