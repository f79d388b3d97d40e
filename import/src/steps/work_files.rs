//! Files of tasks and projects that are on no memo. Each path is one file.

use super::{
    Context, PORTION,
    insert::{insert, insert_missing},
    memos::owner,
};
use crate::{
    Result,
    bytes::{Media, keep_bytes},
    convert::file::{attached_at, file_name, file_row},
    known::{note, remember},
    oddity::Oddity,
    pieces::pieces,
    report::{Report, Tally},
    source::schema::{FILES, MEMO, TASK},
    staging::FileRow,
};
use chrono::{DateTime, Utc};
use entity::{file, imported_row, project, project_file, task, task_file};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use service::{database::in_transaction, files::PlacedContent, progress::Unit};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// What a portion writes.
#[derive(Default)]
struct Plan {
    files: Vec<file::Model>,
    task_files: Vec<task_file::Model>,
    project_files: Vec<project_file::Model>,
    notes: Vec<imported_row::Model>,
    tally: Tally,
}

/// What is known about the files of a portion.
struct Here {
    known: HashMap<i64, imported_row::Model>,
    files: BTreeSet<Uuid>,
    /// Who created the tasks and projects, and when.
    owners: HashMap<Uuid, (Uuid, DateTime<Utc>)>,
}

/// Imports all of them.
pub(crate) async fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let total = "SELECT count(*) AS n FROM common_thefile
        WHERE content_type_id IN ('tasks.task', 'tasks.project')";
    let total = context.staging.number(total).await?;
    context.progress.begin("import files of tasks", Some(total), Unit::Files);
    let mut after = i64::MIN;
    loop {
        let rows = context.staging.files_of_work(after, PORTION).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        portion(context, report, &rows).await?;
        context.progress.advance(u64::try_from(rows.len()).unwrap_or_default());
    }
}

async fn portion(context: &Context<'_>, report: &mut Report, rows: &[FileRow]) -> Result<()> {
    let mut tally = Tally::default();
    let paths: BTreeSet<String> =
        rows.iter().filter_map(|row| row.file.clone()).filter(|path| !path.is_empty()).collect();
    let paths: Vec<String> = paths.into_iter().collect();
    let mut same: BTreeMap<String, Vec<FileRow>> = BTreeMap::new();
    for row in context.staging.same_paths(&paths).await? {
        same.entry(row.file.clone().unwrap_or_default()).or_default().push(row);
    }
    let on_memos = same.values().flatten().filter(|row| row.content_type_id == MEMO);
    let memos: Vec<i64> = on_memos.map(|row| row.object_id).collect();
    let memos = context.staging.memos_of_work(&memos).await?;
    let memos = memos.into_iter().map(|memo| (memo.id, memo)).collect();
    let (first, last) = (rows.first().map(|row| row.id), rows.last().map(|row| row.id));
    let mut groups: Vec<(String, Vec<FileRow>)> = Vec::new();
    for row in rows.iter().filter(|row| row.file.as_deref().is_none_or(str::is_empty)) {
        tally.leave_out(Oddity::NoPath, FILES, row.id);
    }
    for (path, rows) in same {
        // The memos have taken care of theirs.
        let mut own: Vec<FileRow> = rows
            .iter()
            .filter(|row| row.content_type_id != MEMO && owner(&rows, &memos, row).is_none())
            .cloned()
            .collect();
        own.sort_by_key(|row| row.id);
        // A path that begins in another portion is imported there.
        let begins = own.first().map(|row| row.id);
        if begins.is_some() && begins >= first && begins <= last {
            groups.push((path, own));
        }
    }
    let here = Here::read(context, &groups).await?;
    let mut placed = HashMap::new();
    for (path, rows) in &groups {
        let is_new = rows.iter().all(|row| !here.known.contains_key(&row.id));
        if let Some(found) = context.media.find(path).filter(|_| is_new) {
            let content = if context.options.dry_run {
                let size = std::fs::metadata(&found).map(|found| found.len()).unwrap_or_default();
                PlacedContent {
                    sha256: String::new(),
                    size: i64::try_from(size).unwrap_or(i64::MAX),
                }
            } else {
                Media::place(context.services, context.store, &found).await?
            };
            placed.insert(path.clone(), content);
        }
    }
    let mut plan = Plan { tally, ..Plan::default() };
    for (path, rows) in &groups {
        plan.add(context, &here, path, rows, placed.get(path));
    }
    if !context.options.dry_run {
        in_transaction(&context.services.database, async |transaction| -> Result<_> {
            keep_bytes(transaction, &plan.files).await?;
            insert(transaction, &plan.files).await?;
            insert_missing(transaction, &plan.task_files).await?;
            insert_missing(transaction, &plan.project_files).await?;
            remember(transaction, &plan.notes).await
        })
        .await?;
    }
    report.add(plan.tally).await
}

impl Here {
    async fn read(context: &Context<'_>, groups: &[(String, Vec<FileRow>)]) -> Result<Self> {
        let connection = context.services.database.connection();
        let ids: Vec<i64> =
            groups.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.id)).collect();
        let known = context.known.rows(connection, context.source(), FILES, &ids).await?;
        let ours: Vec<Uuid> = known.values().map(|known| known.our_id).collect();
        let mut files = BTreeSet::new();
        for ids in pieces(&ours) {
            let query = file::Entity::find()
                .select_only()
                .column(file::Column::Id)
                .filter(file::Column::Id.is_in(ids.iter().copied()));
            files.extend(query.into_tuple::<Uuid>().all(connection).await?);
        }
        let work = |ids: &HashMap<i64, Uuid>, of: &str| -> Vec<Uuid> {
            let rows = groups.iter().flat_map(|(_, rows)| rows);
            let rows = rows.filter(|row| (row.content_type_id == TASK) == (of == TASK));
            rows.filter_map(|row| ids.get(&row.object_id).copied()).collect()
        };
        let mut owners = HashMap::new();
        let tasks = work(&context.ids.tasks, TASK);
        owners.extend(task_owners(connection, &tasks).await?);
        let projects = work(&context.ids.projects, crate::source::schema::PROJECT);
        owners.extend(project_owners(connection, &projects).await?);
        Ok(Self { known, files, owners })
    }
}

type Owners = Vec<(Uuid, (Uuid, DateTime<Utc>))>;

async fn task_owners<C: ConnectionTrait>(connection: &C, ids: &[Uuid]) -> Result<Owners> {
    let mut owners = Vec::new();
    for ids in pieces(ids) {
        let tasks = task::Entity::find().filter(task::Column::Id.is_in(ids.iter().copied()));
        let tasks = tasks.all(connection).await?.into_iter();
        owners.extend(tasks.map(|task| (task.id, (task.created_by, task.created_at))));
    }
    Ok(owners)
}

async fn project_owners<C: ConnectionTrait>(connection: &C, ids: &[Uuid]) -> Result<Owners> {
    let mut owners = Vec::new();
    for ids in pieces(ids) {
        let query = project::Entity::find();
        let query = query.filter(project::Column::Id.is_in(ids.iter().copied()));
        let projects = query.all(connection).await?.into_iter();
        owners.extend(projects.map(|row| (row.id, (row.created_by, row.created_at))));
    }
    Ok(owners)
}

impl Plan {
    fn add(
        &mut self,
        context: &Context<'_>,
        here: &Here,
        path: &str,
        rows: &[FileRow],
        placed: Option<&PlacedContent>,
    ) {
        let target = |row: &FileRow| {
            let ids = &context.ids;
            let ids = if row.content_type_id == TASK { &ids.tasks } else { &ids.projects };
            ids.get(&row.object_id).copied()
        };
        let known = rows.iter().find_map(|row| here.known.get(&row.id));
        let first = rows.iter().find_map(|row| Some((row.id, target(row)?)));
        let file = match (known, first) {
            (Some(known), _) if here.files.contains(&known.our_id) => {
                Some((known.our_id, context.now))
            }
            (Some(_), _) => None,
            (None, None) => None,
            (None, Some((first, work))) => {
                let owner = here.owners.get(&work).copied();
                let (uploaded_by, work_created) = owner.unwrap_or((Uuid::nil(), context.now));
                let created_at = attached_at(path).unwrap_or(work_created);
                let id = context.id_of(FILES, first, created_at);
                let Some(placed) = placed else {
                    let is_there = context.media.is_there();
                    let oddity = if is_there { Oddity::FileMissing } else { Oddity::NoMedia };
                    for row in rows {
                        self.tally.leave_out(oddity, FILES, row.id);
                    }
                    return;
                };
                self.push_file(path, (id, first), placed, uploaded_by, created_at);
                Some((id, created_at))
            }
        };
        let mut attached = BTreeSet::new();
        for row in rows {
            let is_known = here.known.contains_key(&row.id);
            match (file, target(row)) {
                (None, _) if is_known => self.tally.of(FILES).stayed += 1,
                _ if is_known => {
                    self.tally.of(FILES).unchanged += 1;
                    attached.extend(target(row));
                }
                (None, Some(_)) => self.tally.leave_out(Oddity::DeletedHere, FILES, row.id),
                (_, None) => self.tally.leave_out(Oddity::Dangling, FILES, row.id),
                (Some((file_id, created_at)), Some(work)) => {
                    let source = context.source();
                    let new = note(source, FILES, row.id, file_id, String::new(), context.now);
                    self.notes.push(new);
                    if attached.insert(work) {
                        self.tally.of(FILES).made += 1;
                        self.attach(row, work, file_id, created_at);
                    } else {
                        self.tally.of(FILES).merged += 1;
                        self.tally.note(Oddity::FileTwice, FILES, row.id, None);
                    }
                }
            }
        }
    }

    fn push_file(
        &mut self,
        path: &str,
        (id, row): (Uuid, i64),
        placed: &PlacedContent,
        uploaded_by: Uuid,
        created_at: DateTime<Utc>,
    ) {
        let (name, changed) = file_name(path);
        if changed {
            self.tally.note(Oddity::FileNameChanged, FILES, row, Some(&name));
        }
        if placed.size == 0 {
            self.tally.note(Oddity::FileEmpty, FILES, row, Some(path));
        }
        self.files.push(file_row(id, name, placed, uploaded_by, created_at));
    }

    fn attach(&mut self, row: &FileRow, work: Uuid, file_id: Uuid, created_at: DateTime<Utc>) {
        // The source does not say who attached it.
        let attached_by = None;
        if row.content_type_id == TASK {
            let link = task_file::Model { task_id: work, file_id, created_at, attached_by };
            self.task_files.push(link);
        } else {
            let link = project_file::Model { project_id: work, file_id, created_at, attached_by };
            self.project_files.push(link);
        }
    }
}
