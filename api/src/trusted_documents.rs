//! The documents that an operator trusts, in the file formats of client tools.

use serde::Deserialize;
use std::{collections::HashMap, path::Path, sync::Arc};

/// Documents by their ids.
#[derive(Debug, PartialEq, Eq)]
pub struct TrustedDocuments(HashMap<String, Arc<str>>);

/// The supported formats.
#[derive(Deserialize)]
#[serde(untagged)]
enum Manifest {
    /// Apollo's `generate-persisted-query-manifest`.
    Operations { operations: Vec<Operation> },
    /// The client preset of GraphQL Code Generator (`persistedDocuments`) and relay-compiler
    /// (`persistConfig.file`).
    Map(HashMap<String, String>),
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

impl TrustedDocuments {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with the file, to follow its name.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("it cannot be read ({error})"))?;
        Self::parse(&text)
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// What is wrong with it, to follow its name.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let expected = "give a JSON object of ids and documents, as graphql-codegen and \
            relay-compiler write it, or Apollo's manifest";
        let manifest = serde_json::from_str(text)
            .map_err(|error| format!("it is not a manifest ({error}): {expected}"))?;
        let documents: HashMap<_, _> = match manifest {
            Manifest::Map(documents) => {
                documents.into_iter().map(|(id, text)| (id, text.into())).collect()
            }
            Manifest::Operations { operations } => {
                operations.into_iter().map(|Operation { id, body }| (id, body.into())).collect()
            }
        };
        if documents.is_empty() {
            return Err(format!("it names no document, so nothing could run: {expected}"));
        }
        Ok(Self(documents))
    }

    /// The document with that id. The id may name its hash function: `sha256:…`.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<str>> {
        let bare = || id.split_once(':').and_then(|(_, bare)| self.0.get(bare));
        self.0.get(id).or_else(bare).cloned()
    }

    /// All documents.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, text)| (id.as_str(), text.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::TrustedDocuments;

    #[test]
    fn the_files_of_the_usual_tools_are_read() {
        for text in [
            r#"{ "abc": "{ viewer { id } }" }"#,
            r#"{ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [
                { "id": "abc", "name": "A", "type": "query", "body": "{ viewer { id } }" }
            ] }"#,
        ] {
            let documents = TrustedDocuments::parse(text).unwrap();
            assert_eq!(documents.get("abc").as_deref(), Some("{ viewer { id } }"));
            assert_eq!(documents.get("sha256:abc").as_deref(), Some("{ viewer { id } }"));
            assert_eq!(documents.get("abd"), None);
        }
        for text in ["", "[]", "{}", r#"{ "abc": 1 }"#, r#"{ "operations": [{}] }"#] {
            assert!(TrustedDocuments::parse(text).is_err(), "{text}");
        }
    }
}
