//! Time limits for the file store.

use crate::Result;
use std::time::Duration;

/// The default limit. S3 answers most calls within a second. The limit also leaves time for the
/// library's retries.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// The time limit of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit(pub(super) Duration);

impl Default for Limit {
    fn default() -> Self {
        Self(TIMEOUT)
    }
}

impl Limit {
    /// The limit of calls that take longer for more bytes.
    pub(super) fn for_bytes(self) -> Self {
        Self(self.0.saturating_mul(10))
    }

    /// Waits for the answer until the limit.
    ///
    /// # Errors
    /// Returns errors of the store, or that it did not answer in time.
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
