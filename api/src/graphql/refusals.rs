//! The codes with which the mutations of an operation refuse, for the log: a client need not ask
//! for them.

use async_graphql::resolver_utils::EnumType;
use std::{cell::RefCell, future::Future};

tokio::task_local! {
    /// Those of the operation that runs in this task.
    static CODES: RefCell<Vec<&'static str>>;
}

/// Runs an operation; answers with which codes it refused as well, each once, in their order.
pub async fn noted<T>(operation: impl Future<Output = T>) -> (T, Vec<&'static str>) {
    let codes = RefCell::default();
    let noting = async move {
        let answer = operation.await;
        (answer, CODES.with(RefCell::take))
    };
    CODES.scope(codes, noting).await
}

/// A mutation refuses with that code.
pub fn note<T: EnumType>(code: T) -> T {
    let item = T::items().iter().find(|item| item.value == code);
    // Whoever calls parts of a resolver by themselves has no operation.
    let _ = CODES.try_with(|codes| {
        let mut codes = codes.borrow_mut();
        if let Some(item) = item.filter(|item| !codes.contains(&item.name)) {
            codes.push(item.name);
        }
    });
    code
}
