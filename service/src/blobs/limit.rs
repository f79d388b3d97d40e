//! How long the file store may take to answer.

use crate::Result;
use std::time::Duration;

/// Unless it is configured otherwise. S3 answers most calls within a second; the library tries a
/// call that failed again, for which there is time as well.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// The longest that a call may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit(pub(super) Duration);

impl Default for Limit {
    fn default() -> Self {
        Self(TIMEOUT)
    }
}

impl Limit {
    /// The limit of calls that take the longer the more bytes there are.
    pub(super) fn for_bytes(self) -> Self {
        Self(self.0.saturating_mul(10))
    }

    /// Waits for the answer, as long as that may take.
    ///
    /// # Errors
    /// What the store answers, or that it does not.
    pub(super) async fn keep<T>(
        self,
        call: impl Future<Output = Result<T, object_store::Error>>,
    ) -> Result<T> {
        match tokio::time::timeout(self.0, call).await {
            Ok(answer) => Ok(answer?),
            Err(_) => {
                let text = format!("it has not answered for {} s", self.0.as_secs());
                Err(object_store::Error::Generic { store: "file store", source: text.into() }
                    .into())
            }
        }
    }
}
