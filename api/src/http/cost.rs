//! What a request has cost, for clients that ask the operator for it (`cost-extension`).

use super::App;
use crate::auth::SignedIn;
use async_graphql::{Response as Answer, Value, value};

/// The name under which the GraphQL library says what a request has cost.
const OF_LIBRARY: &str = "analyzer";
/// The name in `extensions`.
const COST: &str = "cost";

/// Says in the answer how much it has cost, how much an operation may cost, and how many operations
/// and mutations the person could still send at once. Null stands for "no limit".
pub(super) fn say(answer: &mut Answer, app: &App, signed_in: Option<&SignedIn>) {
    let Some(Value::Object(analysis)) = answer.extensions.remove(OF_LIBRARY) else { return };
    let left = |one: &SignedIn| app.rates.left(one.person.id, app.services.now());
    let (operations, mutations) = signed_in.map_or((None, None), left);
    let cost = value!({
        "asked": analysis.get("complexity").cloned().unwrap_or_default(),
        "allowed": app.limits.max_complexity,
        "operationsLeft": operations,
        "mutationsLeft": mutations,
    });
    answer.extensions.insert(COST.to_owned(), cost);
}
