//! Documents that clients name instead of sending them: Apollo's automatic persisted queries,
//! documents that the operator trusts, and those of the server's own page.

use super::{errors::coded, parameters::Parameters};
use crate::trusted_documents::TrustedDocuments;
use async_graphql::ServerError;
use quick_cache::{Weighter, sync::Cache};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// About how many documents are remembered.
const REMEMBERED: usize = 2_000;
/// Maximum size of all remembered documents, in bytes.
const REMEMBERED_BYTES: u64 = 8 * 1_048_576;

/// The documents that a client may name instead of sending them.
pub(crate) struct Documents {
    /// If present, only these run.
    trusted: Option<Arc<TrustedDocuments>>,
    /// The documents of the desk, which always run where it is on.
    desk: Option<TrustedDocuments>,
    /// Documents that clients have sent with their hash.
    remembered: Cache<String, Arc<str>, ByLength>,
}

#[derive(Clone)]
struct ByLength;

impl Weighter<String, Arc<str>> for ByLength {
    fn weight(&self, key: &String, text: &Arc<str>) -> u64 {
        (key.len() + text.len()) as u64
    }
}

/// A document to run.
pub(super) struct Found {
    pub(super) text: Arc<str>,
    /// The hash under which to remember the document once it is valid.
    hash: Option<String>,
}

impl Documents {
    pub(super) fn new(
        trusted: Option<Arc<TrustedDocuments>>,
        desk: Option<TrustedDocuments>,
    ) -> Self {
        let remembered = Cache::with_weighter(REMEMBERED, REMEMBERED_BYTES, ByLength);
        Self { trusted, desk, remembered }
    }

    /// The document that the request sends or names.
    ///
    /// # Errors
    /// There is none, or it may not run.
    pub(super) fn find(&self, parameters: &mut Parameters) -> Result<Found, ServerError> {
        let hash = persisted_hash(parameters)?;
        let id = parameters.document_id.take();
        // Clients whose libraries demand a text send an empty one beside the id.
        let text = parameters.query.take().filter(|text| id.is_none() || !text.is_empty());
        let of_desk = |id: &str| self.desk.as_ref()?.get(id);
        if let Some(text) = id.as_deref().filter(|_| text.is_none()).and_then(of_desk) {
            return Ok(Found { text, hash: None });
        }
        if let Some(trusted) = &self.trusted {
            let id = id.as_deref().or(hash.as_deref()).ok_or_else(|| {
                refused(
                    "This server only runs its trusted documents: send `documentId` with the id of \
                     one.",
                )
            })?;
            let text = trusted.get(id).ok_or_else(|| {
                coded(
                    "The document is not one of this server's trusted documents. Send `documentId` \
                     with the id of one.",
                    "PERSISTED_QUERY_NOT_IN_LIST",
                )
            })?;
            return Ok(Found { text, hash: None });
        }
        match (text, hash, id) {
            (None, None, Some(_)) if self.desk.is_some() => Err(coded(
                "The document is not one of this server's page. Reload the page, or send `query` \
                 with the document.",
                "PERSISTED_QUERY_NOT_IN_LIST",
            )),
            (None, None, Some(_)) => Err(refused(
                "This server has no trusted documents, so `documentId` names nothing: send `query` \
                 with the document.",
            )),
            (Some(text), None, _) => Ok(Found { text: text.into(), hash: None }),
            (Some(text), Some(hash), _) => {
                if hex::encode(Sha256::digest(text.as_bytes())) != hash {
                    return Err(refused(
                        "provided sha does not match query: `sha256Hash` must be the SHA-256 of \
                         `query`, in lower-case hexadecimal.",
                    ));
                }
                Ok(Found { text: text.into(), hash: Some(hash) })
            }
            (None, Some(hash), _) => match self.remembered.get(&hash) {
                Some(text) => Ok(Found { text, hash: None }),
                // Clients know this message and this code. They then send the document with the
                // hash.
                None => Err(coded("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")),
            },
            (None, None, None) => Err(refused("Send `query` with the document.")),
        }
    }

    /// Remembers a valid document, if the client sent its hash.
    pub(super) fn remember(&self, found: Found) {
        if let Some(hash) = found.hash {
            self.remembered.insert(hash, found.text);
        }
    }
}

fn refused(message: &str) -> ServerError {
    coded(message, "BAD_USER_INPUT")
}

/// The hash in `extensions.persistedQuery`.
fn persisted_hash(parameters: &Parameters) -> Result<Option<String>, ServerError> {
    let extensions = parameters.extensions.as_ref();
    let Some(persisted) = extensions.and_then(|extensions| extensions.get("persistedQuery")) else {
        return Ok(None);
    };
    if persisted.is_null() {
        return Ok(None);
    }
    if persisted.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(refused(
            "Unsupported persisted query version: `extensions.persistedQuery.version` must be 1.",
        ));
    }
    match persisted.get("sha256Hash").and_then(Value::as_str) {
        Some(hash) if hash.len() <= 200 => Ok(Some(hash.to_owned())),
        _ => Err(refused(
            "`extensions.persistedQuery.sha256Hash` must be the SHA-256 of the document.",
        )),
    }
}
