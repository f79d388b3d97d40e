//! The header `Idempotency-Key`, by which a client repeats a request safely
//! ([draft](https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header)).

use super::refusal::Refusal;
use crate::{document::PreparedOperation, graphql::IDEMPOTENCY_HEADER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use service::text;

/// The key in the headers, if there is one.
///
/// # Errors
/// The header is repeated, or its value is no key.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let bad = |problem: &str| {
        let message = format!("The header {IDEMPOTENCY_HEADER} {problem}.");
        Refusal::bad_input(StatusCode::BAD_REQUEST, message)
    };
    let mut values = headers.get_all(IDEMPOTENCY_HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(bad("is given twice: send one key"));
    }
    let key = read(value).ok_or_else(|| bad("must be a text of ASCII characters"))?;
    match text::idempotency_key(&key) {
        Ok(_) => Ok(Some(key)),
        Err(problem) => Err(bad(&problem.to_string())),
    }
}

/// The text of the value. The draft demands quotation marks, but most clients send none. So both
/// are read, and mean the same key.
fn read(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?;
    let Some(quoted) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return Some(text.to_owned());
    };
    let (mut key, mut escaped) = (String::new(), false);
    for c in quoted.chars() {
        match (c, escaped) {
            ('\\', false) => escaped = true,
            // The value does not have the form of the draft, so the marks belong to the key.
            ('"', false) => return Some(text.to_owned()),
            _ => {
                key.push(c);
                escaped = false;
            }
        }
    }
    Some(key)
}

/// Why an operation may not have the header; `None` if it may.
pub(super) fn misplaced(operation: &PreparedOperation) -> Option<String> {
    let fields = operation.roots().filter(|field| *field != "__typename").count();
    let problem = match (operation.is_mutation(), fields) {
        (false, _) => "is for mutations only: leave it out, since reading changes nothing",
        (true, 1) => return None,
        (true, _) => {
            "is for one mutation, but the request has several: send each on its own, or give each \
             input its `idempotencyKey`"
        }
    };
    Some(format!("The header {IDEMPOTENCY_HEADER} {problem}."))
}

/// The refusal of a batch with the header.
pub(super) fn in_a_batch() -> Refusal {
    let message = format!(
        "The header {IDEMPOTENCY_HEADER} is for one mutation, but this is a batch: send each \
         operation on its own, or give each input its `idempotencyKey`."
    );
    Refusal::bad_input(StatusCode::BAD_REQUEST, message)
}

#[cfg(test)]
mod tests {
    use super::read;
    use axum::http::HeaderValue;

    #[test]
    fn a_key_means_the_same_with_and_without_quotation_marks() {
        for (header, key) in [
            ("8e03978e-40d5", "8e03978e-40d5"),
            ("\"8e03978e-40d5\"", "8e03978e-40d5"),
            (r#""a \"b\" \\ c""#, r#"a "b" \ c"#),
            (r#""a" and "b""#, r#""a" and "b""#),
            ("\"", "\""),
            ("\"\"", ""),
        ] {
            let value = HeaderValue::from_str(header).unwrap();
            assert_eq!(read(&value).as_deref(), Some(key), "{header}");
        }
        assert_eq!(read(&HeaderValue::from_bytes(b"\xff").unwrap()), None);
    }
}
