//! Some memos of the source, with all that belongs to them there, and what earlier imports have
//! made of it.

use crate::{
    Result,
    bytes::Media,
    source::schema::{FILES, MEMOS, MESSAGE_TO, MESSAGE_UNREAD, MESSAGES, REMINDERS},
    staging::{FileRow, LinkRow, LogRow, MemoRow, MessageRow, Range, ReminderRow},
    steps::Context,
};
use entity::imported_row;
use service::files::PlacedContent;
use std::collections::{BTreeSet, HashMap};

/// Rows by the memo, or by the message, to which they belong.
type Of<T> = HashMap<i64, Vec<T>>;
/// What earlier imports have made, by ids.
type Known = HashMap<i64, imported_row::Model>;

/// Some memos and all that belongs to them.
pub(super) struct Portion {
    pub(super) memos: Vec<MemoRow>,
    pub(super) subscribers: Of<i64>,
    pub(super) notified: Of<i64>,
    pub(super) tags: Of<i64>,
    pub(super) files: Of<FileRow>,
    /// All rows that name the same paths, on whatever they are.
    pub(super) same_paths: HashMap<String, Vec<FileRow>>,
    /// The memos of those rows and what they refer to.
    pub(super) other_memos: HashMap<i64, MemoRow>,
    pub(super) reminders: Of<ReminderRow>,
    pub(super) messages: Of<MessageRow>,
    /// To whom messages are addressed.
    pub(super) to: Of<i64>,
    /// Who has not read messages.
    pub(super) unread: Of<i64>,
    /// The texts of messages that are answered.
    pub(super) answered: HashMap<i64, String>,
    pub(super) log: Of<LogRow>,
    pub(super) known_memos: Known,
    pub(super) known_files: Known,
    pub(super) known_reminders: Known,
    pub(super) known_messages: Known,
    /// The bytes that are in place, by path.
    pub(super) placed: HashMap<String, PlacedContent>,
    /// The paths whose bytes are there.
    pub(super) paths_there: HashMap<String, u64>,
}

impl Portion {
    /// The memos after the one with this id, with all that belongs to them. `None` after the last.
    pub(super) async fn after(context: &Context<'_>, memo: i64) -> Result<Option<Self>> {
        let memos = context.staging.memos(memo, context.options.memos_at_once).await?;
        if memos.is_empty() {
            return Ok(None);
        }
        Self::read(context, memos).await.map(Some)
    }

    /// The id of the last memo.
    pub(super) fn last(&self) -> i64 {
        self.memos.last().map(|memo| memo.id).unwrap_or_default()
    }

    async fn read(context: &Context<'_>, memos: Vec<MemoRow>) -> Result<Self> {
        let staging = &context.staging;
        let ids = || memos.iter().map(|memo| memo.id);
        let range = Range {
            first: ids().next().unwrap_or_default(),
            last: ids().next_back().unwrap_or_default(),
        };
        let files = staging.files_of_memos(range).await?;
        let paths: BTreeSet<String> = files
            .iter()
            .filter_map(|row| row.file.clone())
            .filter(|path| !path.is_empty())
            .collect();
        let paths: Vec<String> = paths.into_iter().collect();
        let same = staging.same_paths(&paths).await?;
        let mut other_memos: Vec<i64> = same
            .iter()
            .filter(|row| row.content_type_id == crate::source::schema::MEMO)
            .map(|row| row.object_id)
            .collect();
        other_memos.sort_unstable();
        other_memos.dedup();
        let other_memos = staging.memos_of_work(&other_memos).await?;
        let messages = staging.messages_of_memos(range).await?;
        let message_ids: Vec<i64> = messages.iter().map(|row| row.id).collect();
        let reminders = staging.reminders_of_memos(range).await?;

        let connection = context.services.database.connection();
        let source = context.source();
        let memo_ids: Vec<i64> = memos.iter().map(|row| row.id).collect();
        let file_ids: Vec<i64> = same.iter().map(|row| row.id).collect();
        let reminder_ids: Vec<i64> = reminders.iter().map(|row| row.id).collect();
        let known = &context.known;
        let mut portion = Self {
            known_memos: known.rows(connection, source, MEMOS, &memo_ids).await?,
            known_files: known.rows(connection, source, FILES, &file_ids).await?,
            known_reminders: known.rows(connection, source, REMINDERS, &reminder_ids).await?,
            known_messages: known.rows(connection, source, MESSAGES, &message_ids).await?,
            subscribers: links(staging.memo_subscribers(range).await?),
            notified: links(staging.memo_notified(range).await?),
            tags: links(staging.memo_tags(range).await?),
            to: links(staging.links_of_messages(MESSAGE_TO, &message_ids).await?),
            unread: links(staging.links_of_messages(MESSAGE_UNREAD, &message_ids).await?),
            answered: answered(context, &messages).await?,
            log: group(staging.log_of_memos(range).await?, |row| row.object_id.unwrap_or_default()),
            files: group(files, |row| row.object_id),
            reminders: group(reminders, |row| row.object_id),
            messages: group(messages, |row| row.object_id),
            same_paths: HashMap::new(),
            other_memos: other_memos.into_iter().map(|row| (row.id, row)).collect(),
            memos,
            placed: HashMap::new(),
            paths_there: HashMap::new(),
        };
        for row in same {
            let path = row.file.clone().unwrap_or_default();
            portion.same_paths.entry(path).or_default().push(row);
        }
        for path in portion.same_paths.keys() {
            if let Some(file) = context.media.find(path)
                && let Ok(found) = std::fs::metadata(&file)
            {
                portion.paths_there.insert(path.clone(), found.len());
            }
        }
        Ok(portion)
    }

    /// Puts the bytes of files in place that were not imported before. Files whose rows are known
    /// have theirs.
    pub(super) async fn place_bytes(&mut self, context: &Context<'_>) -> Result<()> {
        for (path, rows) in &self.same_paths {
            let is_new = rows.iter().any(|row| !self.known_files.contains_key(&row.id));
            let Some(file) = context.media.find(path).filter(|_| is_new) else { continue };
            if self.paths_there.contains_key(path) {
                let placed = Media::place(context.services, context.store, &file).await?;
                self.placed.insert(path.clone(), placed);
            }
        }
        Ok(())
    }
}

/// The texts of the messages that these answer: in a thread, the first one, unless they name
/// another.
async fn answered(context: &Context<'_>, messages: &[MessageRow]) -> Result<HashMap<i64, String>> {
    let mut texts: HashMap<i64, String> = HashMap::new();
    for message in messages {
        texts.insert(message.id, message.content.clone().unwrap_or_default());
    }
    let mut wanted: Vec<i64> =
        messages.iter().filter_map(|row| row.answer_to_id.or(row.topic_id)).collect();
    wanted.retain(|id| !texts.contains_key(id));
    if !wanted.is_empty() {
        for message in context.staging.messages(&wanted).await? {
            texts.insert(message.id, message.content.unwrap_or_default());
        }
    }
    Ok(texts)
}

fn links(rows: Vec<LinkRow>) -> Of<i64> {
    let mut of = Of::new();
    for row in rows {
        of.entry(row.of).or_insert_with(Vec::new).push(row.to);
    }
    of
}

fn group<T>(rows: Vec<T>, key: impl Fn(&T) -> i64) -> Of<T> {
    let mut of = Of::new();
    for row in rows {
        of.entry(key(&row)).or_insert_with(Vec::new).push(row);
    }
    of
}

/// The rows that belong to something.
pub(super) fn of<T>(rows: &Of<T>, id: i64) -> &[T] {
    rows.get(&id).map(Vec::as_slice).unwrap_or_default()
}
