//! Files of memos. One path of the source is one file here, with all its attachments: so what was
//! transferred from a memo to a task stays transferred. Only memos never share a file, because
//! sharing would reveal one memo to the readers of another.

use super::{
    here::Here,
    plan::{Plan, Target},
    portion::{Portion, of},
};
use crate::{
    convert::file::{attached_at, file_name, file_row},
    known::note,
    oddity::Oddity,
    source::schema::{FILES, MEMO, PROJECT, TASK},
    staging::{FileRow, MemoRow},
    steps::Context,
};
use chrono::{DateTime, Utc};
use entity::{memo_file, project_file, task_file};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

impl Plan {
    /// The files of a memo, and their attachments to tasks and projects.
    pub(super) fn add_files(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        here: &Here,
        target: &Target<'_>,
    ) {
        let rows = of(&portion.files, target.row.id);
        let mut paths = BTreeSet::new();
        for row in rows {
            match row.file.as_deref().filter(|path| !path.is_empty()) {
                None => self.tally.leave_out(Oddity::NoPath, FILES, row.id),
                Some(path) => {
                    paths.insert(path);
                }
            }
        }
        for path in paths {
            let of_path: Vec<&FileRow> =
                rows.iter().filter(|row| row.file.as_deref() == Some(path)).collect();
            let work = work_rows(portion, path, target.row.id);
            self.add_file(context, portion, here, target, path, &of_path, &work);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is a different thing about the one file")]
    fn add_file(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        here: &Here,
        target: &Target<'_>,
        path: &str,
        rows: &[&FileRow],
        work: &[&FileRow],
    ) {
        let all = || rows.iter().chain(work).copied();
        let known_of =
            |rows: &[&FileRow]| rows.iter().find_map(|row| portion.known_files.get(&row.id));
        // A file that an earlier import has made for the work may be that of another memo.
        let is_alone = || !is_on_other_memo(portion, path, target.row.id);
        let known = known_of(rows).or_else(|| known_of(work).filter(|_| is_alone()));
        let Some(first) = rows.first() else { return };
        let created_at = attached_at(path).unwrap_or(target.memo.created_at);
        let file_id = match known {
            Some(known) if here.files.contains(&known.our_id) => known.our_id,
            Some(_) => {
                for row in all() {
                    if portion.known_files.contains_key(&row.id) {
                        self.tally.of(FILES).stayed += 1;
                    } else {
                        self.tally.leave_out(Oddity::DeletedHere, FILES, row.id);
                    }
                }
                return;
            }
            None => {
                let Some(size) = portion.paths_there.get(path) else {
                    let oddity = if context.media.is_there() {
                        Oddity::FileMissing
                    } else {
                        Oddity::NoMedia
                    };
                    for row in all() {
                        self.tally.leave_out(oddity, FILES, row.id);
                    }
                    return;
                };
                if *size == 0 {
                    self.tally.note(Oddity::FileEmpty, FILES, first.id, Some(path));
                }
                let id = context.id_of(FILES, first.id, created_at);
                self.push_file(portion, target, path, (id, first.id), created_at);
                id
            }
        };
        self.attach_to_memo(context, portion, target, file_id, created_at, rows);
        self.attach_to_work(context, portion, file_id, created_at, work);
    }

    fn push_file(
        &mut self,
        portion: &Portion,
        target: &Target<'_>,
        path: &str,
        (id, row): (Uuid, i64),
        created_at: DateTime<Utc>,
    ) {
        let (name, changed) = file_name(path);
        if changed {
            self.tally.note(Oddity::FileNameChanged, FILES, row, Some(&name));
        }
        // Without bytes, as in a dry run, nothing is written.
        let Some(placed) = portion.placed.get(path) else { return };
        self.files.push(file_row(id, name, placed, target.memo.author_id, created_at));
    }

    fn attach_to_memo(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        target: &Target<'_>,
        file_id: Uuid,
        created_at: DateTime<Utc>,
        rows: &[&FileRow],
    ) {
        let mut is_attached = rows.iter().any(|row| portion.known_files.contains_key(&row.id));
        for row in rows {
            if portion.known_files.contains_key(&row.id) {
                self.tally.of(FILES).unchanged += 1;
                continue;
            }
            self.note_file(context, row.id, file_id);
            if std::mem::replace(&mut is_attached, true) {
                self.tally.of(FILES).merged += 1;
                self.tally.note(Oddity::FileTwice, FILES, row.id, None);
                continue;
            }
            self.tally.of(FILES).made += 1;
            let memo_id = target.memo.id;
            // The source does not say who attached it.
            let link = memo_file::Model { memo_id, file_id, created_at, attached_by: None };
            self.belongings(target.is_new).files.push(link);
        }
    }

    fn note_file(&mut self, context: &Context<'_>, row: i64, file_id: Uuid) {
        let new = note(context.source(), FILES, row, file_id, String::new(), context.now);
        self.notes.push(new);
    }

    /// Attachments to tasks and projects.
    fn attach_to_work(
        &mut self,
        context: &Context<'_>,
        portion: &Portion,
        file_id: Uuid,
        created_at: DateTime<Utc>,
        rows: &[&FileRow],
    ) {
        let mut attached = HashSet::new();
        for row in rows {
            if portion.known_files.contains_key(&row.id) {
                self.tally.of(FILES).unchanged += 1;
                attached.insert((row.content_type_id.as_str(), row.object_id));
                continue;
            }
            let is_task = row.content_type_id == TASK;
            let ids = if is_task { &context.ids.tasks } else { &context.ids.projects };
            let Some(work_id) = ids.get(&row.object_id).copied() else {
                self.tally.leave_out(Oddity::Dangling, FILES, row.id);
                continue;
            };
            self.note_file(context, row.id, file_id);
            if !attached.insert((row.content_type_id.as_str(), row.object_id)) {
                self.tally.of(FILES).merged += 1;
                self.tally.note(Oddity::FileTwice, FILES, row.id, None);
                continue;
            }
            self.tally.of(FILES).made += 1;
            if is_task {
                let task_id = work_id;
                let link = task_file::Model { task_id, file_id, created_at, attached_by: None };
                self.task_files.push(link);
            } else {
                let project_id = work_id;
                let link =
                    project_file::Model { project_id, file_id, created_at, attached_by: None };
                self.project_files.push(link);
            }
        }
    }

    /// Counts the attachments to work of files whose memo was deleted here.
    pub(super) fn count_work_files_of_deleted(&mut self, portion: &Portion, memo: i64) {
        let paths: BTreeSet<&str> =
            of(&portion.files, memo).iter().filter_map(|row| row.file.as_deref()).collect();
        for path in paths.into_iter().filter(|path| !path.is_empty()) {
            for row in work_rows(portion, path, memo) {
                if portion.known_files.contains_key(&row.id) {
                    self.tally.of(FILES).unchanged += 1;
                } else {
                    self.tally.leave_out(Oddity::DeletedHere, FILES, row.id);
                }
            }
        }
    }
}

/// Whether another memo has the path too.
fn is_on_other_memo(portion: &Portion, path: &str, memo: i64) -> bool {
    let rows = portion.same_paths.get(path).map(Vec::as_slice).unwrap_or_default();
    rows.iter().any(|row| row.content_type_id == MEMO && row.object_id != memo)
}

/// The rows of a path on tasks and projects that share the file of this memo.
fn work_rows<'a>(portion: &'a Portion, path: &str, memo: i64) -> Vec<&'a FileRow> {
    let rows = portion.same_paths.get(path).map(Vec::as_slice).unwrap_or_default();
    let of_work = rows.iter().filter(|row| row.content_type_id != MEMO);
    of_work.filter(|row| owner(rows, &portion.other_memos, row) == Some(memo)).collect()
}

/// The memo whose file an attachment to work shares: the one that refers to the work, or the first.
/// `None` if the path is on no memo.
pub(crate) fn owner(
    rows: &[FileRow],
    memos: &HashMap<i64, MemoRow>,
    work: &FileRow,
) -> Option<i64> {
    let on_memos = rows.iter().filter(|row| row.content_type_id == MEMO);
    let on_memos = || on_memos.clone().filter_map(|row| memos.get(&row.object_id));
    let refers = |memo: &&MemoRow| match work.content_type_id.as_str() {
        TASK => memo.task_id == Some(work.object_id),
        PROJECT => memo.project_id == Some(work.object_id),
        _ => false,
    };
    let first = on_memos().map(|memo| memo.id).min();
    on_memos().filter(refers).map(|memo| memo.id).min().or(first)
}
