//! A person's data, for downloading.

use super::user::User;
use crate::graphql::id::Kind;
use async_graphql::Object;
use entity::user;
use uuid::Uuid;

/// The media type of a person's data.
pub const PERSONAL_DATA_TYPE: &str = "application/x-ndjson";

/// The path for downloading a person's data, relative to the server's address.
fn personal_data_url(person: Uuid) -> String {
    format!("/personal-data/{}", *Kind::User.id(person))
}

pub struct PersonalData(pub user::Model);

/// What is stored about a person and what the person wrote, with ids. For the person and for
/// administrators. Administrators do not get drafts, which exist for their author alone.
#[Object]
impl PersonalData {
    /// The person.
    async fn user(&self) -> User {
        User::from(self.0.clone())
    }

    /// The path for downloading the data, relative to the server's address. Send a `GET` request
    /// with the same bearer token as here.
    async fn url(&self) -> String {
        personal_data_url(self.0.id)
    }

    /// The media type: `application/x-ndjson`. Each line is a JSON object with a `type`, such as
    /// `person`, `memo` or `comment`. The last line has the type `end` and the number of `rows`
    /// before it. Without it, the download is incomplete.
    async fn media_type(&self) -> &str {
        PERSONAL_DATA_TYPE
    }
}
