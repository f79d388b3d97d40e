//! A file that the binary contains. Browsers ask each time whether it has changed, so that a page
//! never works with the script of another version.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// A file.
pub(super) struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static [u8],
    etag: OnceLock<String>,
}

impl Asset {
    pub(super) const fn new(
        name: &'static str,
        media_type: &'static str,
        content: &'static [u8],
    ) -> Self {
        Self { name, media_type, content, etag: OnceLock::new() }
    }

    /// The file, or 304 if the client already has it.
    pub(super) fn answer(&self, headers: &HeaderMap) -> Response {
        let etag =
            self.etag.get_or_init(|| format!("\"{}\"", hex::encode(Sha256::digest(self.content))));
        let version = [(header::ETAG, etag.as_str()), (header::CACHE_CONTROL, "no-cache")];
        let known =
            headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        if known
            .flat_map(|value| value.split(','))
            .any(|known| known.trim().trim_start_matches("W/") == etag)
        {
            return (StatusCode::NOT_MODIFIED, version).into_response();
        }
        (version, [(header::CONTENT_TYPE, self.media_type)], self.content).into_response()
    }
}

/// The file with that name, or 404.
pub(super) fn answer(files: &[Asset], name: &str, headers: &HeaderMap) -> Response {
    match files.iter().find(|file| file.name == name) {
        Some(file) => file.answer(headers),
        None => (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
    }
}
