//! What the path of a file says.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::file;
use service::{
    files::PlacedContent,
    text::{MAX_NAME, TextProblem},
};
use uuid::Uuid;

/// What a file is called if its name cannot be used.
const NAMELESS: &str = "file";
/// The media type of files whose names have no known ending.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The row of a file with these bytes.
pub(crate) fn file_row(
    id: Uuid,
    name: String,
    placed: &PlacedContent,
    uploaded_by: Uuid,
    created_at: DateTime<Utc>,
) -> file::Model {
    file::Model {
        id,
        media_type: media_type(&name),
        name,
        size: placed.size,
        blob_sha256: placed.sha256.clone(),
        uploaded_by,
        created_at,
        detached_at: None,
    }
}

/// The name of a file, and whether it had to be changed.
pub(crate) fn file_name(path: &str) -> (String, bool) {
    let base = path.rsplit('/').next().unwrap_or_default();
    match service::files::name(base) {
        Ok(name) => {
            let changed = name != base;
            (name, changed)
        }
        Err(TextProblem::TooLong { .. }) => {
            let cut: String = base.chars().take(MAX_NAME).collect();
            (service::files::name(&cut).unwrap_or_else(|_| NAMELESS.to_owned()), true)
        }
        Err(_) => (NAMELESS.to_owned(), true),
    }
}

/// The media type, by the ending of the name.
fn media_type(name: &str) -> String {
    mime_guess::from_path(name).first_raw().unwrap_or(UNKNOWN_TYPE).to_owned()
}

/// When a file was stored there, which its path says: `docs/2026/07/13/040721/plan.pdf`.
pub(crate) fn attached_at(path: &str) -> Option<DateTime<Utc>> {
    let mut parts = path.split('/').skip(1);
    let mut number = || parts.next()?.parse::<u32>().ok();
    let (year, month, day) = (number()?, number()?, number()?);
    let time = parts.next()?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let time = NaiveTime::parse_from_str(time, "%H%M%S").ok()?;
    Some(date.and_time(time).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_when_its_file_was_stored() {
        let at = |path| attached_at(path).map(|at| at.to_rfc3339());
        let stored = at("docs/2026/07/13/040721/plan_b.pdf");
        assert_eq!(stored.as_deref(), Some("2026-07-13T04:07:21+00:00"));
        for path in
            ["", "plan.pdf", "docs/2026/13/13/040721/x", "docs/2026/07/13/999999/x", "a/b/c/d/e"]
        {
            assert_eq!(at(path), None, "{path}");
        }
    }

    #[test]
    fn names_and_types_of_files() {
        assert_eq!(file_name("docs/рахунок_14.png"), ("рахунок_14.png".to_owned(), false));
        assert_eq!(file_name("docs/a\u{202e}fdp.exe"), ("afdp.exe".to_owned(), true));
        assert_eq!(file_name("docs/"), ("file".to_owned(), true));
        assert_eq!(file_name(&"x".repeat(300)).0.len(), 250);
        assert_eq!(media_type("a.PDF"), "application/pdf");
        assert_eq!(media_type("README"), UNKNOWN_TYPE);
    }
}
