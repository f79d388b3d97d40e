//! Omitted, null and value are different, in every way in which a client can express them.

use crate::writing::user;
use api::graphql::Kind;
use memoranda_tests::{Office, codes};
use serde_json::{Map, Value, json};

const MEMO: &str =
    "name description recipient { id } conclusion reviewDate deal { id } resolution { id }";

/// A field of the input: its name and type there, its place in the memo, and the result of null
/// (`None` if null is refused).
const FIELDS: [(&str, &str, &str, Option<&str>); 7] = [
    ("name", "String", "/name", None),
    ("description", "String", "/description", Some("\"\"")),
    ("recipientId", "ID", "/recipient/id", None),
    ("conclusion", "String", "/conclusion", Some("null")),
    ("reviewDate", "Date", "/reviewDate", Some("null")),
    ("dealId", "ID", "/deal", Some("null")),
    ("resolutionId", "ID", "/resolution", Some("null")),
];

/// The state of the field in the input.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    Nothing,
    Null,
    Value,
}

/// A draft from the author to themselves, with a value in every field. The author may change all of
/// them. There are also other values.
struct Desk {
    office: Office,
    old: Map<String, Value>,
    new: Map<String, Value>,
}

impl Desk {
    async fn open() -> Self {
        let office = Office::open().await;
        let mut values = Vec::new();
        for (n, recipient) in [(1, office.author()), (2, office.recipient())] {
            let deal = Kind::Deal.id(office.deal(&format!("Deal {n}")).await).0;
            let resolution =
                Kind::Resolution.id(office.resolution(&format!("Resolution {n}")).await).0;
            let value = json!({
                "name": format!("Name {n}"), "description": format!("Description {n}"),
                    "recipientId": user(recipient),
                "conclusion": format!("Note {n}"), "reviewDate": format!("2026-0{n}-01"),
                "dealId": deal,
                    "resolutionId": resolution,
            });
            values.push(value.as_object().unwrap().clone());
        }
        let (new, old) = (values.pop().unwrap(), values.pop().unwrap());
        Self { office, old, new }
    }

    async fn memo(&self) -> (String, Value) {
        let memo = self.office.memo().draft().to(self.office.author().id).create().await;
        let mut input = self.old.clone();
        input.insert("memoId".into(), json!(memo.id));
        let query = "mutation ($input: UpdateMemoInput!) { updateMemo(input: $input) { userErrors \
            { code } } }";
        let answer = self.office.author().data(query, json!({ "input": input })).await;
        assert_eq!(codes(&answer["updateMemo"]), [""; 0]);
        let shown = self.show(&memo.id).await;
        (memo.id, shown)
    }

    async fn show(&self, id: &str) -> Value {
        let query = format!("query ($id: ID!) {{ memo(id: $id) {{ {MEMO} }} }}");
        self.office.author().data(&query, json!({ "id": id })).await["memo"].take()
    }

    /// Asserts that the document with the variables has the expected effect on a new memo.
    async fn assert(
        &self,
        way: &str,
        field: usize,
        said: Said,
        document: &str,
        mut variables: Value,
    ) {
        let (name, _, pointer, cleared) = FIELDS[field];
        let (id, before) = self.memo().await;
        let context = format!("{name}, {said:?}, {way}: {document} {variables}");
        if let Some(input) = variables.get_mut("input") {
            input["memoId"] = json!(id);
        } else {
            variables["id"] = json!(id);
        }
        let answer = self.office.author().data(document, variables).await;
        let after = self.show(&id).await;
        let mut expected = before.clone();
        let refused = said == Said::Null && cleared.is_none();
        match (said, cleared) {
            (Said::Nothing, _) | (Said::Null, None) => {}
            (Said::Null, Some(cleared)) => {
                *expected.pointer_mut(pointer).unwrap() = serde_json::from_str(cleared).unwrap();
            }
            (Said::Value, _) if name == "dealId" || name == "resolutionId" => {
                *expected.pointer_mut(pointer).unwrap() = json!({ "id": self.new[name] });
            }
            (Said::Value, _) => *expected.pointer_mut(pointer).unwrap() = self.new[name].clone(),
        }
        assert_eq!(after, expected, "{context}");
        let expected = if refused { vec!["INVALID_INPUT"] } else { vec![] };
        assert_eq!(codes(&answer["updateMemo"]), expected, "{context}");
    }

    fn value(&self, field: usize, said: Said) -> Option<Value> {
        match said {
            Said::Nothing => None,
            Said::Null => Some(Value::Null),
            Said::Value => Some(self.new[FIELDS[field].0].clone()),
        }
    }
}

const SAID: [Said; 3] = [Said::Nothing, Said::Null, Said::Value];
const ANSWER: &str = "{ userErrors { code field message } }";

fn object(name: &str, value: Option<Value>) -> Value {
    Value::Object(value.map(|value| (name.to_owned(), value)).into_iter().collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_variable_for_the_whole_input() {
    let desk = Desk::open().await;
    let document =
        format!("mutation ($input: UpdateMemoInput!) {{ updateMemo(input: $input) {ANSWER} }}");
    for (field, (name, ..)) in FIELDS.into_iter().enumerate() {
        for said in SAID {
            let input = object(name, desk.value(field, said));
            desk.assert("whole input", field, said, &document, json!({ "input": input })).await;
        }
    }
    desk.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_variable_for_each_field() {
    let desk = Desk::open().await;
    let definitions: String =
        FIELDS.iter().map(|(name, ty, ..)| format!(", ${name}: {ty}")).collect();
    let uses: String = FIELDS.iter().map(|(name, ..)| format!(", {name}: ${name}")).collect();
    let all = format!(
        "mutation ($id: ID!{definitions}) {{ updateMemo(input: {{ memoId: $id{uses} }}) {ANSWER} }}"
    );
    for (field, (name, ty, ..)) in FIELDS.into_iter().enumerate() {
        let one = format!(
            "mutation ($id: ID!, $x: {ty}) {{ updateMemo(input: {{ memoId: $id, {name}: $x }}) \
             {ANSWER} }}"
        );
        for said in SAID {
            let value = desk.value(field, said);
            desk.assert("a variable", field, said, &one, object("x", value.clone())).await;
            desk.assert("all variables", field, said, &all, object(name, value)).await;
        }
    }
    desk.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_document_itself() {
    let desk = Desk::open().await;
    for (field, (name, ..)) in FIELDS.into_iter().enumerate() {
        for said in SAID {
            let value = desk
                .value(field, said)
                .map(|value| format!(", {name}: {value}"))
                .unwrap_or_default();
            let document = format!(
                "mutation ($id: ID!) {{ updateMemo(input: {{ memoId: $id{value} }}) {ANSWER} }}"
            );
            desk.assert("literal", field, said, &document, json!({})).await;
        }
    }
    desk.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variables_default_counts_as_given() {
    let desk = Desk::open().await;
    const CONCLUSION: usize = 3;
    let value = |default: &str| {
        format!(
            "mutation ($id: ID!, $x: String = {default}) {{ updateMemo(input: {{ memoId: $id, \
             conclusion: $x }}) {ANSWER} }}"
        )
    };
    let (null, new) = (value("null"), value("\"Note 2\""));
    desk.assert("default null", CONCLUSION, Said::Null, &null, json!({})).await;
    desk.assert("default", CONCLUSION, Said::Value, &new, json!({})).await;
    desk.assert("null in place of the default", CONCLUSION, Said::Null, &new, json!({ "x": null }))
        .await;
    desk.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_fragments_beside_other_operations_and_where_the_variable_is_used_twice() {
    let desk = Desk::open().await;
    const CONCLUSION: usize = 3;
    let field = "updateMemo(input: { memoId: $id, conclusion: $x })";
    let fragment = format!(
        "mutation ($id: ID!, $x: String) {{ ...A }} fragment A on Mutation {{ ... on Mutation {{ \
         ...B }} }} fragment B on Mutation {{ {field} {ANSWER} }}"
    );
    let twice = format!(
        "mutation ($id: ID!, $x: String, $y: String) {{ {field} {ANSWER}
         other: createMemo(input: {{ name: \"Other\", description: $x, dealId: null, tagIds: [], \
         clientMutationId: $y }}) {{ memo {{ id }} }} }}"
    );
    let flag = format!(
        "mutation ($id: ID!, $x: String, $b: Boolean = true) {{ {field} @include(if: $b) {ANSWER} \
         }}"
    );
    for said in SAID {
        let variables = object("x", desk.value(CONCLUSION, said));
        for document in [&fragment, &twice, &flag] {
            desk.assert("elsewhere", CONCLUSION, said, document, variables.clone()).await;
        }
    }
    // An operation that is not run keeps its own variables, and shares the fragment.
    let (id, before) = desk.memo().await;
    let query = format!(
        "mutation A($id: ID!, $x: String) {{ ...F }} mutation B($id: ID!, $x: String) {{ ...F }} \
         fragment F on Mutation {{ {field} {ANSWER} }}"
    );
    let body = json!({ "query": query, "operationName": "B", "variables": { "id": id } });
    let token = desk.office.keys.issue(
        desk.office.author().id,
        desk.office.services.now(),
        chrono::TimeDelta::hours(1),
    );
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", desk.office.address))
        .bearer_auth(token.unwrap());
    let answer: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["updateMemo"]["userErrors"], json!([]), "{answer:#}");
    assert_eq!(desk.show(&id).await, before);
    desk.office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_that_is_needed_or_not_used_is_still_named() {
    let desk = Desk::open().await;
    let (id, before) = desk.memo().await;
    let document = |definitions: &str, name: &str| {
        format!(
            "mutation ({definitions}) {{ updateMemo(input: {{ memoId: $id, name: {name} }}) {{ \
             clientMutationId }} }}"
        )
    };
    for (document, expected) in [
        (document("$id: ID!, $x: String!", "$x"), "missing value for non-null variable 'x'"),
        (document("$id: ID!, $x: String, $z: String", "$x"), "unused variable: `$z`"),
        (document("$id: ID!", "$y"), "variable `$y` is not defined"),
    ] {
        let answer = desk.office.author().send(&document, json!({ "id": id })).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
        assert!(error["message"].as_str().unwrap().contains(expected), "{error:#}");
    }
    assert_eq!(desk.show(&id).await, before);
    desk.office.close().await;
}
