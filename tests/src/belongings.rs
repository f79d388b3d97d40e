//! Files and tags that people have before they use them.

use crate::{actor::Actor, office::Office};
use entity::{file, tag};
use service::files::{self, NewFile};
use uuid::Uuid;

impl Office {
    /// Stores a file of that person that is attached to nothing.
    pub async fn upload(&self, person: &Actor, name: &str, content: &str) -> file::Model {
        let new = NewFile {
            name: name.to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: content.to_owned().into_bytes().into(),
        };
        files::store(&self.services, &self.backend.file_store, person.id, &new)
            .await
            .expect("the file is stored")
    }

    /// A tag that no memo has, with a unique name.
    pub async fn some_tag(&self) -> Uuid {
        let id = self.services.new_id();
        self.insert(tag::Model { id, name: id.to_string() }).await;
        id
    }
}
