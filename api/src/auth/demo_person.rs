//! The people of a demonstration.

use serde::Serialize;

/// A person of a demonstration, as whom everybody at this machine may sign in.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoPerson {
    /// The unique short name.
    pub username: String,
    /// The name to show.
    pub full_name: String,
    /// Who the person is and what they may do, in English.
    pub about: &'static str,
    /// A token.
    pub token: String,
}
