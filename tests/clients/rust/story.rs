//! Previews, deletes and restores a memo, with types that `graphql_client` generates from the
//! schema.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use graphql_client::{GraphQLQuery, Response};
use memoranda_tests::{Actor, Office};

/// A time in UTC (RFC 3339).
type DateTime = String;
/// A day (ISO 8601).
type Date = String;

/// The operations of `operations.graphql`. The compiler checks their types against the schema.
macro_rules! operations {
    ($($name:ident),+ $(,)?) => { $(
        #[derive(GraphQLQuery, Debug, Clone, Copy)]
        #[graphql(
            schema_path = "../schema.graphql",
            query_path = "clients/rust/operations.graphql",
            response_derives = "Debug, Clone, PartialEq",
            variables_derives = "Debug, Clone, Default",
            skip_serializing_none
        )]
        struct $name;
    )+ };
}
operations!(Write, Preview, Delete, Restore, ReadMemo);

/// Sends an operation as that person, and returns its data.
async fn send<Q: GraphQLQuery>(person: &Actor, variables: Q::Variables) -> Q::ResponseData {
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", person.address))
        .bearer_auth(person.token())
        .json(&Q::build_query(variables));
    let answer: Response<Q::ResponseData> = request.send().await.unwrap().json().await.unwrap();
    assert!(answer.errors.is_none(), "{:#?}", answer.errors);
    answer.data.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_is_previewed_deleted_and_restored() {
    let office = Office::open().await;
    let author = office.author();
    let input = write::CreateMemoInput {
        name: "Written with Rust".to_owned(),
        recipient_id: Some(office.recipient().user_id()),
        draft: Some(false),
        ..write::CreateMemoInput::default()
    };
    let written = send::<Write>(author, write::Variables { input }).await.create_memo;
    assert_eq!(written.user_errors, []);
    let id = written.memo.unwrap().id;

    let variables = preview::Variables { memo_id: id.clone() };
    let preview = send::<Preview>(author, variables).await.memo_deletion_preview.unwrap();
    assert_eq!(preview.verdict, preview::DeletionVerdict::ALLOWED);
    let input = delete::DeleteMemoInput {
        memo_id: id.clone(),
        confirmation_token: preview.confirmation_token,
        ..delete::DeleteMemoInput::default()
    };
    let deleted = send::<Delete>(author, delete::Variables { input }).await.delete_memo;
    assert_eq!(deleted.deleted_memo_id.as_ref(), Some(&id));
    assert_eq!(send::<ReadMemo>(author, read_memo::Variables { id: id.clone() }).await.memo, None);

    let deletion_id = deleted.receipt.unwrap().id;
    let input = restore::RestoreMemoInput { deletion_id, ..restore::RestoreMemoInput::default() };
    let restored = send::<Restore>(author, restore::Variables { input }).await.restore_memo;
    assert_eq!(restored.memo.unwrap().name, "Written with Rust");
    let memo =
        send::<ReadMemo>(author, read_memo::Variables { id: id.clone() }).await.memo.unwrap();
    assert_eq!((memo.id, memo.name.as_str()), (id, "Written with Rust"));
    office.close().await;
}
