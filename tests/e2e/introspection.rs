//! Reading the schema: tools get all of it.

use memoranda_tests::Office;
use serde_json::{Value, json};

/// What tools ask.
const WHOLE_SCHEMA: &str = include_str!("introspection.graphql");

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
