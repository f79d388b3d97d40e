//! The error codes of an operation's mutations, for the log. They are logged even if the client
//! does not select them.

use async_graphql::resolver_utils::EnumType;
use std::{cell::RefCell, future::Future};

tokio::task_local! {
    /// The codes of the operation that runs in this task.
    static CODES: RefCell<Vec<&'static str>>;
}

/// Runs an operation. Returns its result and the error codes of its mutations, each once, in order.
pub async fn noted<T>(operation: impl Future<Output = T>) -> (T, Vec<&'static str>) {
    let codes = RefCell::default();
    let noting = async move {
        let answer = operation.await;
        (answer, CODES.with(RefCell::take))
    };
    CODES.scope(codes, noting).await
}

/// Notes that a mutation refuses with this code.
pub fn note<T: EnumType>(code: T) -> T {
    let item = T::items().iter().find(|item| item.value == code);
    // There is no operation if parts of a resolver are called on their own.
    let _ = CODES.try_with(|codes| {
        let mut codes = codes.borrow_mut();
        if let Some(item) = item.filter(|item| !codes.contains(&item.name)) {
            codes.push(item.name);
        }
    });
    code
}
