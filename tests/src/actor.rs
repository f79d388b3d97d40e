//! A person who sends requests to the server.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::UserRole;
use serde_json::{Value, json};
use service::Viewer;
use uuid::Uuid;

/// A person, or an anonymous client, at the server's endpoint.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person; nil for an anonymous client.
    pub id: Uuid,
    /// The person's role; a member if the test brought the token.
    pub role: UserRole,
    /// The name to show in failures.
    pub name: String,
    pub(crate) token: Option<String>,
    /// Where the server listens.
    pub address: String,
    pub(crate) client: reqwest::Client,
}

const PREVIEW: &str = "query ($id: ID!) { memoDeletionPreview(memoId: $id) {
    verdict viewerRoles bytesFreed confirmationToken
    blockers { code message since stage } warnings { code message count } alternatives { code \
    message }
    removed(first: 100) { totalCount counts { kind count } nodes { kind label node { __typename id \
    } } pageInfo { hasNextPage } }
    kept(first: 100) { totalCount counts { kind count } nodes { kind label reason node { \
    __typename id } } pageInfo { hasNextPage } }
} }";

const DELETE: &str = "mutation ($input: DeleteMemoInput!) { deleteMemo(input: $input) {
    deletedMemoId replayed userErrors { code field message } clientMutationId
    preview { verdict confirmationToken warnings { code count } removed { totalCount } }
    receipt {
        id memoId memoName stage draft reason verdict deletedInRoles deletedAt restorableUntil \
    bytesFreed
        warnings { code count }
        removed(first: 100) { totalCount counts { kind count } nodes { kind label node { \
    __typename id } } pageInfo { hasNextPage } }
        kept(first: 100) { totalCount counts { kind count } nodes { kind label reason node { \
    __typename id } } pageInfo { hasNextPage } }
    }
} }";

const SELECTION_PREVIEW: &str = "query ($ids: [ID!]!) { memosDeletionPreview(memoIds: $ids) {
    verdict bytesFreed confirmationToken warnings { code message count }
    memos { memoId memo { id name } viewerRoles verdict blockers { code message since stage }
        warnings { code message count } alternatives { code } }
    removed(first: 100) { totalCount counts { kind count } nodes { kind label node { __typename id \
    } } pageInfo { hasNextPage } }
    kept(first: 100) { totalCount counts { kind count } nodes { kind label reason node { \
    __typename id } keptBy { kind node { id } } } pageInfo { hasNextPage } }
} }";

const DELETE_SELECTION: &str = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) {
    results { deletedMemoId replayed userErrors { code field message }
        preview { verdict confirmationToken }
        receipt { id memoId verdict bytesFreed reason warnings { code count }
            removed { totalCount counts { kind count } nodes { kind label } }
            kept { totalCount counts { kind count } nodes { kind label reason } } } }
    preview { verdict confirmationToken warnings { code count } bytesFreed
        memos { memoId verdict blockers { code } }
        removed { totalCount counts { kind count } } kept { totalCount counts { kind count } } }
    userErrors { code field message } clientMutationId
} }";

const RESTORE: &str = "mutation ($input: RestoreMemoInput!) { restoreMemo(input: $input) {
    memo { id name } deletion { id restoredAt } missing { kind label } replayed userErrors { code \
    field message }
} }";

const ERASURE_PREVIEW: &str = "query ($id: ID!) { memoErasurePreview(deletionId: $id) {
    verdict bytesFreed confirmationToken blockers { code message } deletion { id memoName }
    removed(first: 100) { totalCount counts { kind count } nodes { kind label node { __typename id \
    } } }
    kept(first: 100) { totalCount counts { kind count } nodes { kind label reason node { \
    __typename id } } }
} }";

const ERASE: &str =
    "mutation ($input: EraseMemoDeletionInput!) { eraseMemoDeletion(input: $input) {
    deletion { id memoId memoName reason purgedAt erasedBy { username } erasureReason
        viewerCanRestore
        removed(first: 100) { totalCount nodes { kind label node { __typename } } } }
    preview { verdict confirmationToken blockers { code } removed { totalCount } }
    pending replayed userErrors { code field message } clientMutationId
} }";

impl Actor {
    /// The same person, but with a new connection for every request.
    #[must_use]
    pub fn without_idle_connections(&self) -> Self {
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).build();
        Self { client: client.expect("a client"), ..self.clone() }
    }

    /// Sends a document, and returns the whole answer.
    pub async fn send(&self, query: &str, variables: Value) -> Value {
        self.try_send(query, variables).await.expect("the server answers")
    }

    /// Sends a document; an error if the connection breaks.
    ///
    /// # Errors
    /// The client's error about the connection.
    pub async fn try_send(&self, query: &str, variables: Value) -> reqwest::Result<Value> {
        let mut request = self
            .client
            .post(format!("{}/graphql", self.address))
            .json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await?.json().await
    }

    /// Sends a document that must succeed, and returns its data.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.send(query, variables).await;
        assert!(answer.get("errors").is_none(), "{} got {answer:#}", self.name);
        answer["data"].take()
    }

    /// Sends a document that must fail with one top-level error. Returns its code and its message.
    pub async fn error(&self, query: &str, variables: Value) -> (String, String) {
        let answer = self.send(query, variables).await;
        let errors = answer["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("{} got no error: {answer:#}", self.name));
        assert_eq!(errors.len(), 1, "{answer:#}");
        assert!(
            errors[0]["extensions"]["requestId"].is_string(),
            "an error without a request id: {answer:#}"
        );
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&errors[0]["extensions"]["code"]), text(&errors[0]["message"]))
    }

    /// Previews a deletion; null if the memo does not exist for this person.
    pub async fn preview(&self, memo: &str) -> Value {
        self.data(PREVIEW, json!({ "id": memo })).await["memoDeletionPreview"].take()
    }

    /// Deletes without a confirmation, and returns the payload.
    pub async fn delete(&self, memo: &str) -> Value {
        self.delete_with(json!({ "memoId": memo })).await
    }

    /// Previews, then deletes with the preview's token. Returns the payload.
    pub async fn delete_confirmed(&self, memo: &str) -> Value {
        let preview = self.preview(memo).await;
        self.delete_with(
            json!({ "memoId": memo, "confirmationToken": preview["confirmationToken"] }),
        )
        .await
    }

    /// Deletes with that input, and returns the payload.
    pub async fn delete_with(&self, input: Value) -> Value {
        self.data(DELETE, json!({ "input": input })).await["deleteMemo"].take()
    }

    /// Previews the deletion of several memos; null if this person sees none of them.
    pub async fn preview_selection(&self, memos: &[&str]) -> Value {
        let variables = json!({ "ids": memos });
        self.data(SELECTION_PREVIEW, variables).await["memosDeletionPreview"].take()
    }

    /// Previews, then deletes the memos with the preview's token. Returns the payload.
    pub async fn delete_selection(&self, memos: &[&str], atomic: bool) -> Value {
        let token = self.preview_selection(memos).await["confirmationToken"].take();
        let input = selection_input(memos, atomic, token);
        self.delete_selection_with(input).await
    }

    /// Deletes several memos with that input, and returns the payload.
    pub async fn delete_selection_with(&self, input: Value) -> Value {
        self.data(DELETE_SELECTION, json!({ "input": input })).await["deleteMemos"].take()
    }

    /// Restores, and returns the payload.
    pub async fn restore(&self, record: &str) -> Value {
        self.data(RESTORE, json!({ "input": { "deletionId": record } })).await["restoreMemo"].take()
    }

    /// Previews an erasure; null if the record does not exist for this person.
    pub async fn erasure_preview(&self, record: &str) -> Value {
        self.data(ERASURE_PREVIEW, json!({ "id": record })).await["memoErasurePreview"].take()
    }

    /// Previews, then erases with the preview's token and that reason. Returns the payload.
    pub async fn erase(&self, record: &str, reason: &str) -> Value {
        let token = self.erasure_preview(record).await["confirmationToken"].take();
        self.erase_with(json!({ "deletionId": record, "confirmationToken": token,
            "reason": reason }))
            .await
    }

    /// Erases with that input, and returns the payload.
    pub async fn erase_with(&self, input: Value) -> Value {
        self.data(ERASE, json!({ "input": input })).await["eraseMemoDeletion"].take()
    }

    /// Marks as reviewed, and returns the payload.
    pub async fn review(&self, memo: &str) -> Value {
        let query = "mutation ($input: ReviewMemoInput!) { reviewMemo(input: $input) { memo { id \
            stage } userErrors { code } } }";
        self.data(query, json!({ "input": { "memoId": memo } })).await["reviewMemo"].take()
    }

    /// The viewer of the services' functions.
    pub fn viewer(&self) -> Viewer {
        Viewer { id: self.id, role: self.role }
    }

    /// The person's global id.
    pub fn user_id(&self) -> String {
        api::graphql::Kind::User.id(self.id).0
    }

    /// The person's token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// The type of the answer of `node`, or null.
    pub async fn type_of(&self, id: &str) -> Value {
        self.data(
            "query ($id: ID!) { node(id: $id) { __typename } }",
            json!({ "id": id }),
        )
        .await["node"]["__typename"]
            .take()
    }
}

/// The input that deletes several memos as one.
pub fn selection_input(memos: &[&str], atomic: bool, token: impl Into<Value>) -> Value {
    let (memos, token): (Vec<Value>, Value) =
        (memos.iter().map(|memo| json!({ "memoId": memo })).collect(), token.into());
    json!({ "memos": memos, "atomic": atomic, "confirmationToken": token })
}

/// A moment as the API writes it.
pub fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The codes of a payload's refusals.
pub fn codes(payload: &Value) -> Vec<&str> {
    payload["userErrors"]
        .as_array()
        .expect("userErrors")
        .iter()
        .map(|error| error["code"].as_str().expect("a code"))
        .collect()
}
