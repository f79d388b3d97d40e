//! Media types.

/// Longest name of a type or of a subtype ([RFC 6838,
/// 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)).
const MAX_LENGTH: usize = 127;

/// A media type without parameters, in lower case: `application/pdf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MediaType(pub(crate) String);

impl MediaType {
    /// The media type in a text, without parameters.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let name = text.split(';').next().unwrap_or_default().trim();
        let (kind, subtype) = name.split_once('/')?;
        (is_name(kind) && is_name(subtype)).then(|| Self(name.to_ascii_lowercase()))
    }

    /// Whether it is one of these, each exact or a whole kind (`image/*`). An empty list allows
    /// every type.
    pub(crate) fn is_among(&self, allowed: &[String]) -> bool {
        let is = |allowed: &String| match allowed.strip_suffix('*') {
            Some(kind) => self.0.starts_with(kind),
            None => self.0 == *allowed,
        };
        allowed.is_empty() || allowed.iter().any(is)
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= MAX_LENGTH
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}
