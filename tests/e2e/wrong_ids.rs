//! Ids that do not fit their field, and invalid scalars. The answer names the field, so that a form
//! can show the error there.

use api::graphql::Kind;
use memoranda_tests::{Office, difference};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The schema's input types and mutations.
const SCHEMA: &str = "{ __schema {
    mutationType { fields { name args { name type { ...type } } } }
    types { name kind inputFields { name type { ...type } defaultValue } enumValues { name } }
} }
fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } \
    }";

/// A query for the inputs of the schema.
struct Schema(Value);

/// One field of an input, from the input's root.
type Path = Vec<String>;

impl Schema {
    async fn read(office: &Office) -> Self {
        Self(office.admin().data(SCHEMA, json!({})).await["__schema"].take())
    }

    /// Each mutation with the type of its input.
    fn mutations(&self) -> Vec<(&str, &str)> {
        let fields = self.0["mutationType"]["fields"].as_array().unwrap();
        fields
            .iter()
            .filter_map(|field| {
                let input = field["args"]
                    .as_array()?
                    .iter()
                    .find(|argument| argument["name"] == "input")?;
                Some((field["name"].as_str()?, inner(&input["type"])["name"].as_str()?))
            })
            .collect()
    }

    fn named(&self, name: &str) -> &Value {
        self.0["types"].as_array().unwrap().iter().find(|ty| ty["name"] == name).unwrap()
    }

    /// The fields below an input that take ids. For a list, its first element.
    fn ids(&self, input: &str) -> Vec<Path> {
        let mut paths = Vec::new();
        for field in self.named(input)["inputFields"].as_array().unwrap() {
            let mut path = vec![field["name"].as_str().unwrap().to_owned()];
            path.extend(is_list(&field["type"]).then(|| "0".to_owned()));
            let ty = inner(&field["type"]);
            if ty["name"] == "ID" {
                paths.push(path);
            } else if ty["kind"] == "INPUT_OBJECT" {
                let below = self.ids(ty["name"].as_str().unwrap());
                paths.extend(below.into_iter().map(|below| [path.clone(), below].concat()));
            }
        }
        paths
    }

    /// An input with all required values, and with that id at that path.
    fn input(&self, input: &str, path: &[String], id: &str) -> Value {
        let mut object = Map::new();
        for field in self.named(input)["inputFields"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            let on_path = path.first().is_some_and(|step| step == name);
            if !on_path && (field["type"]["kind"] != "NON_NULL" || !field["defaultValue"].is_null())
            {
                continue;
            }
            let list = is_list(&field["type"]);
            let rest = if on_path { &path[1 + usize::from(list)..] } else { &[] };
            let ty = inner(&field["type"]);
            let value = match (ty["kind"].as_str().unwrap(), ty["name"].as_str().unwrap()) {
                ("INPUT_OBJECT", below) => self.input(below, rest, id),
                (_, "ID") if on_path => json!(id),
                (_, "ID") => json!(fitting(name)),
                ("ENUM", _) => ty_values(self.named(ty["name"].as_str().unwrap())),
                (_, "Date") => json!("2099-01-01"),
                (_, "DateTime") => json!("2099-01-01T00:00:00Z"),
                (_, "Boolean") => json!(true),
                (_, "Int") => json!(1),
                (_, "String") => json!("something"),
                other => panic!("no value of {other:?} is known here"),
            };
            object.insert(name.to_owned(), if list { json!([value]) } else { value });
        }
        Value::Object(object)
    }
}

fn inner(mut ty: &Value) -> &Value {
    while !ty["ofType"].is_null() {
        ty = &ty["ofType"];
    }
    ty
}

fn is_list(ty: &Value) -> bool {
    ty["kind"] == "LIST" || ty["ofType"]["kind"] == "LIST"
}

fn ty_values(ty: &Value) -> Value {
    ty["enumValues"][0]["name"].clone()
}

/// The id of a fitting kind, but of something that does not exist.
fn fitting(field: &str) -> String {
    let kinds = [
        ("memo", Kind::Memo),
        ("comment", Kind::Comment),
        ("reminder", Kind::Reminder),
        ("task", Kind::Task),
        ("project", Kind::Project),
        ("tag", Kind::Tag),
        ("deal", Kind::Deal),
        ("resolution", Kind::Resolution),
        ("file", Kind::File),
        ("notification", Kind::Notification),
        ("deletion", Kind::MemoDeletion),
        ("target", Kind::Memo),
        ("user", Kind::User),
        ("fromUser", Kind::User),
        ("toUser", Kind::User),
        ("subscriber", Kind::User),
    ];
    let stem = field.trim_end_matches('s').trim_end_matches("Id");
    let (_, kind) = kinds
        .iter()
        .find(|(name, _)| *name == stem)
        .unwrap_or_else(|| panic!("which kind is {field}?"));
    kind.id(Uuid::max()).0
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mutation_says_in_which_field_an_id_is_wrong() {
    let office = Office::open().await;
    let schema = Schema::read(&office).await;
    let before = office.row_counts().await;
    let of_no_mutation = Kind::RefusedDeletion.id(Uuid::max()).0;
    let mut fields = 0;
    for (mutation, input) in schema.mutations() {
        let document = format!(
            "mutation ($input: {input}!) {{ {mutation}(input: $input) {{ userErrors {{ code field \
             message }} }} }}"
        );
        for path in schema.ids(input) {
            fields += 1;
            for (id, problem) in [
                (of_no_mutation.as_str(), "must be the id of"),
                ("garbage", "is not an id of this API"),
            ] {
                let variables = json!({ "input": schema.input(input, &path, id) });
                let answer = office.admin().data(&document, variables).await;
                let errors = &answer[mutation]["userErrors"];
                let expected = [vec!["input".to_owned()], path.clone()].concat();
                assert_eq!(errors[0]["code"], "INVALID_INPUT", "{mutation} {path:?}: {errors:#}");
                assert_eq!(errors[0]["field"], json!(expected), "{mutation}: {errors:#}");
                assert_eq!(errors.as_array().unwrap().len(), 1, "{errors:#}");
                let message = errors[0]["message"].as_str().unwrap();
                assert!(message.contains(problem), "{mutation} {path:?}: {message}");
            }
        }
    }
    assert!(fields > 50, "only {fields} fields take ids");
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_argument_of_a_query_is_named() {
    let office = Office::open().await;
    let cases = [
        ("{ memo(id: \"x\") { id } }", json!(["id"])),
        (
            "{ nodes(ids: [\"user_01gqc7vj00fmwb531tdesvjs3f\", \"x\"]) { id } }",
            json!(["ids", "1"]),
        ),
        ("{ memos(filter: { authorId: \"x\" }) { nodes { id } } }", json!(["filter", "authorId"])),
        (
            "{ tasks(filter: { responsibleId: \"x\" }) { nodes { id } } }",
            json!(["filter", "responsibleId"]),
        ),
        ("{ memos(first: 0) { nodes { id } } }", json!(["first"])),
        ("{ memos(after: \"x\") { nodes { id } } }", json!(["after"])),
        ("{ memos(filter: { text: \"\\\"\" }) { nodes { id } } }", json!(["filter", "text"])),
    ];
    for (document, field) in cases {
        let answer = office.author().send(document, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(
            (&error["extensions"]["code"], &error["extensions"]["field"]),
            (&json!("BAD_USER_INPUT"), &field)
        );
    }
    office.close().await;
}

/// An invalid date or time is refused before anything runs, in any place.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_scalar_is_refused_by_the_name_of_its_field_before_anything_runs() {
    let office = Office::open().await;
    let author = office.author();
    let before = office.row_counts().await;
    let create =
        "mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }";
    let two = "mutation ($due: Date) {
        first: createTask(input: { name: \"One\" }) { task { id } }
        second: createTask(input: { name: \"Two\", dueDate: $due }) { task { id } }
    }";
    let remind = "mutation ($input: CreateReminderInput!) { createReminder(input: $input) {
        reminder { id } } }";
    let memo = office.memo().create().await.id;
    let with_memo = office.row_counts().await;
    let cases = [
        (
            create,
            json!({ "input": { "name": "x", "dueDate": "tomorrow" } }),
            json!(["input", "dueDate"]),
        ),
        (create, json!({ "input": { "name": "x", "dueDate": 7 } }), json!(["input", "dueDate"])),
        (create, json!({ "input": { "name": 7 } }), json!(["input", "name"])),
        (create, json!({ "input": { "dueDate": "2099-01-01" } }), json!(["input", "name"])),
        (create, json!({ "input": { "name": "x", "when": 1 } }), json!(["input", "when"])),
        (
            create,
            json!({ "input": { "name": "x", "responsibleIds": [[]] } }),
            json!(["input", "responsibleIds", "0"]),
        ),
        (create, json!({}), json!(["input"])),
        (two, json!({ "due": "31.12.2099" }), json!(["input", "dueDate"])),
        (
            remind,
            json!({ "input": { "memoId": memo, "dueAt": "soon" } }),
            json!(["input", "dueAt"]),
        ),
        (
            "{ memos(filter: { reviewFrom: \"x\" }) { nodes { id } } }",
            json!({}),
            json!(["filter", "reviewFrom"]),
        ),
        (
            "{ memos(filter: { createdFrom: \"x\" }) { nodes { id } } }",
            json!({}),
            json!(["filter", "createdFrom"]),
        ),
        (
            "query ($n: Int) { memos(first: $n) { nodes { id } } }",
            json!({ "n": "x" }),
            json!(["n"]),
        ),
        (
            "query ($n: Int) { memos(first: $n) { nodes { id } } }",
            json!({ "n": 3_000_000_000_u64 }),
            json!(["n"]),
        ),
        (
            "query ($box: MemoBox) { memos(box: $box) { nodes { id } } }",
            json!({ "box": "NOWHERE" }),
            json!(["box"]),
        ),
    ];
    for (document, variables, field) in cases {
        let answer = author.send(document, variables.clone()).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{variables}: {answer:#}");
        assert_eq!(error["extensions"]["field"], field, "{variables}: {answer:#}");
        assert!(answer["data"].is_null(), "{answer:#}");
    }
    assert_eq!(difference(&with_memo, &office.row_counts().await), [].into());
    assert_ne!(before, with_memo);
    let good = json!({ "input": { "name": "x", "dueDate": "2099-12-31" } });
    assert!(author.data(create, good).await["createTask"]["task"]["id"].is_string());
    office.close().await;
}
