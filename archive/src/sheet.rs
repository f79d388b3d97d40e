//! Sent memos as a sheet: CSV by RFC 4180, for spreadsheets.

use crate::{Error, Result, snapshot::Snapshot};
use chrono::{DateTime, Utc};
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use service::{
    database::Database,
    ids,
    memos::{SheetRow, sheet_page, sheet_rows},
    progress::{Progress, Unit},
};
use std::{
    io::{self, BufWriter, Write},
    path::Path,
};
use tempfile::NamedTempFile;
use uuid::Uuid;

/// Says that the text is UTF-8. Without it, Excel takes it for the system's encoding.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The columns.
const COLUMNS: [&str; 22] = [
    "id",
    "name",
    "author",
    "author_username",
    "recipient",
    "recipient_username",
    "stage",
    "sent_at_utc",
    "acted_at_utc",
    "review_date",
    "resolution",
    "deal",
    "task",
    "project",
    "tags",
    "subscribers",
    "comments",
    "files",
    "on_hold",
    "created_at_utc",
    "updated_at_utc",
    "description",
];

/// Writes the sheet of [`write_memos`] to a new file, which appears when it is complete. Only its
/// owner can read it.
///
/// # Errors
/// [`Error::Refused`] if the file exists. Otherwise as for [`write_memos`].
pub async fn write_memos_to_file(
    database: &Database,
    path: &Path,
    progress: &dyn Progress,
) -> Result<u64> {
    let exists = || {
        Error::refused(format_args!("{} exists: name another file, or remove it", path.display()))
    };
    if path.exists() {
        return Err(exists());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
    let mut file = BufWriter::new(file.map_err(Error::of_file(path))?);
    let memos = write_memos(database, &mut file, progress).await?;
    let file = file.into_inner().map_err(|error| Error::of_file(path)(error.into_error()))?;
    file.persist_noclobber(path).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => exists(),
        _ => Error::of_file(path)(error.error),
    })?;
    Ok(memos)
}

/// Writes all sent memos, one a row. Drafts are not among them, because they exist for their
/// authors alone, and neither are conclusions. Returns the number of memos.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe before it.
///
/// # Errors
/// Returns errors of the database and of writing.
pub async fn write_memos(
    database: &Database,
    mut out: impl Write,
    progress: &dyn Progress,
) -> Result<u64> {
    out.write_all(BYTE_ORDER_MARK).map_err(Error::of_file(Path::new(SHEET)))?;
    let mut sheet = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        // Where commas are decimal points, spreadsheets split cells at semicolons: not in quotes.
        .quote_style(QuoteStyle::Always)
        .from_writer(out);
    sheet.write_record(COLUMNS).map_err(failure)?;
    let snapshot = Snapshot::begin(database).await?;
    progress.begin("exporting memos", Some(sheet_rows(snapshot.transaction()).await?), Unit::Rows);
    let (mut memos, mut after) = (0, Uuid::nil());
    loop {
        let page = sheet_page(snapshot.transaction(), after).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in &page {
            write_row(&mut sheet, row).map_err(failure)?;
        }
        memos += page.len() as u64;
        progress.advance(page.len() as u64);
    }
    progress.end();
    snapshot.end().await?;
    sheet.flush().map_err(Error::of_file(Path::new(SHEET)))?;
    Ok(memos)
}

/// The name of the sheet in messages.
const SHEET: &str = "the sheet";

fn failure(error: csv::Error) -> Error {
    Error::of_file(Path::new(SHEET))(error.into())
}

fn write_row(sheet: &mut Writer<impl Write>, row: &SheetRow) -> csv::Result<()> {
    let moment = |time: Option<DateTime<Utc>>| {
        // The form that spreadsheets read as a time.
        time.map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
    };
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
    sheet.write_record([
        ids::memo(row.id).to_string(),
        harmless(&row.name),
        harmless(&row.author),
        harmless(&row.author_username),
        harmless(&row.recipient),
        harmless(&row.recipient_username),
        row.stage.as_str().to_owned(),
        moment(row.sent_at),
        moment(row.acted_at),
        row.review_date.map(|date| date.to_string()).unwrap_or_default(),
        text(&row.resolution),
        text(&row.deal),
        text(&row.task),
        text(&row.project),
        text(&row.tags),
        row.subscribers.to_string(),
        row.comments.to_string(),
        row.files.to_string(),
        row.on_hold.to_string(),
        moment(Some(row.created_at)),
        moment(Some(row.updated_at)),
        harmless(&row.description),
    ])
}

/// A text that no spreadsheet takes for a formula. What begins one is listed by OWASP, also in its
/// wide forms: <https://owasp.org/www-community/attacks/CSV_Injection>
fn harmless(text: &str) -> String {
    const BEGIN_FORMULAS: [char; 8] =
        ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    const BEGIN_CELLS: [char; 3] = ['\t', '\r', '\n'];
    if text.starts_with(BEGIN_CELLS) || text.trim_start().starts_with(BEGIN_FORMULAS) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_begins_like_a_formula_is_a_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n1", " =1", "＝1", "＠x"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "1+1", "'=1", "Offer = 3", "a\n=1"] {
            assert_eq!(harmless(text), text);
        }
    }
}
