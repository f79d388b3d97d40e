//! Reads a file that `manage.py dumpdata` wrote: JSON or JSON lines, compressed with gzip or not.
//! The file is read twice, object by object: first for its natural keys, then for its rows.

use super::{
    RowProblem, RowSink, SourceDescription, SourceRow, ValueProblem,
    json_file::{for_each, unreadable},
    natural_keys::NaturalKeys,
    schema::{CONTENT_TYPE_MODEL, InDump, Kind, NO_PLACE, NOT_TAKEN, Need, TABLES, Table},
    value::Value,
};
use crate::{Result, error::ImportError};
use serde_json::Value as Json;
use service::{
    accounts::NameNumbers,
    progress::{Progress, Unit},
};
use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};
use tokio::sync::mpsc;

/// How many rows are sent at once.
const PORTION: usize = 1_000;

/// Reads all objects.
pub(super) async fn read(
    path: &Path,
    numbers: NameNumbers,
    sink: &mut (impl RowSink + Send),
    progress: &dyn Progress,
) -> Result<SourceDescription> {
    let size = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
    progress.begin("read the names in the dump", Some(size), Unit::Bytes);
    let of_names = path.to_owned();
    let keys = blocking(move || {
        let mut keys = NaturalKeys::new(numbers);
        for_each(&of_names, &AtomicU64::new(0), |object| {
            keys.note(&object);
            true
        })?;
        Ok(keys)
    })
    .await?;
    progress.advance(size);

    progress.begin("read the dump", Some(size), Unit::Bytes);
    let (sender, mut portions) = mpsc::channel(4);
    let of_rows = path.to_owned();
    let reading = tokio::spawn(blocking(move || send_rows(&of_rows, &keys, &sender)));
    let mut shown = 0;
    while let Some(Portion { rows, unreadable, bytes }) = portions.recv().await {
        sink.take(rows).await?;
        for (place, id, problem) in unreadable {
            sink.unreadable(&place, &id, &problem);
        }
        progress.advance(bytes.saturating_sub(shown));
        shown = bytes;
    }
    let others = reading.await.map_err(|error| ImportError::refused(error.to_string()))??;
    if !others.has_memos_or_people {
        return Err(ImportError::refused(format_args!(
            "--from: {} has neither people (auth.user) nor memos (tasks.memo): give a file that \
             `manage.py dumpdata --natural-foreign` of a Django CRM wrote",
            path.display()
        )));
    }
    for (name, (rows, reason)) in others.not_taken {
        sink.skip(&name, rows, reason);
    }
    Ok(SourceDescription { kind: "dump".to_owned(), ..SourceDescription::default() })
}

/// Runs work that blocks on a thread for it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.map_err(|error| ImportError::refused(error.to_string()))?
}

/// Some rows of the dump.
#[derive(Default)]
struct Portion {
    rows: Vec<SourceRow>,
    /// Objects that are no rows: their table, their id, and what is wrong.
    unreadable: Vec<(String, String, String)>,
    /// How many bytes of the file have been read.
    bytes: u64,
}

/// What else a dump has.
#[derive(Default)]
struct Others {
    not_taken: BTreeMap<String, (u64, &'static str)>,
    has_memos_or_people: bool,
}

fn send_rows(path: &Path, keys: &NaturalKeys, sender: &mpsc::Sender<Portion>) -> Result<Others> {
    let bytes = AtomicU64::new(0);
    let (mut portion, mut others) = (Portion::default(), Others::default());
    let mut seen: HashSet<(&str, i64)> = HashSet::new();
    let mut number = 0_u64;
    for_each(path, &bytes, |object| {
        number += 1;
        let mut rows = Vec::new();
        if let Err((place, id, problem)) = rows_of(&object, keys, &mut others, &mut rows) {
            let id = id.unwrap_or_else(|| format!("object {number}"));
            portion.unreadable.push((place, id, problem));
        }
        let key = |row: &SourceRow| {
            let key = row.table.columns.iter().position(|column| column.kind == Kind::Key);
            key.and_then(|key| row.values.get(key)?.number())
        };
        if let Some((table, id)) = rows.first().and_then(|row| Some((row.table, key(row)?)))
            && !seen.insert((table.name, id))
        {
            // Its lists are those of the first one.
            let problem = "another object has the same id: it counts".to_owned();
            portion.unreadable.push((table.name.to_owned(), id.to_string(), problem));
            rows.clear();
        }
        portion.rows.append(&mut rows);
        if portion.rows.len() < PORTION {
            return true;
        }
        portion.bytes = bytes.load(Ordering::Relaxed);
        sender.blocking_send(std::mem::take(&mut portion)).is_ok()
    })?;
    portion.bytes = bytes.load(Ordering::Relaxed);
    // If nobody listens any more, the import has failed already.
    let _ = sender.blocking_send(portion);
    Ok(others)
}

/// The table of an unreadable object, its id, and what is wrong.
type Wrong = (String, Option<String>, String);

/// The rows that an object is: its own, and those of its lists.
fn rows_of(
    object: &Json,
    keys: &NaturalKeys,
    others: &mut Others,
    rows: &mut Vec<SourceRow>,
) -> Result<(), Wrong> {
    let Some(model) = object["model"].as_str() else {
        return Err(("dump".to_owned(), None, "it names no model".to_owned()));
    };
    others.has_memos_or_people |= ["auth.user", "tasks.memo"].contains(&model);
    if model == CONTENT_TYPE_MODEL {
        return Ok(());
    }
    let fields = &object["fields"];
    for (name, in_dump, reason) in NOT_TAKEN {
        let count = match in_dump {
            InDump::Model(of) if *of == model => 1,
            InDump::List { model: of, field } if *of == model => {
                fields[*field].as_array().map_or(0, Vec::len)
            }
            _ => continue,
        };
        let counted = others.not_taken.entry((*name).to_owned()).or_insert((0, reason));
        counted.0 += u64::try_from(count).unwrap_or_default();
    }
    let Some(table) = TABLES.iter().find(|table| table.in_dump == InDump::Model(model_name(model)))
    else {
        if !NOT_TAKEN.iter().any(|(_, in_dump, _)| *in_dump == InDump::Model(model_name(model))) {
            let counted = others.not_taken.entry(model.to_owned()).or_insert((0, NO_PLACE));
            counted.0 += 1;
        }
        return Ok(());
    };
    let id = keys.resolve(Kind::Key, &object["pk"]).ok().and_then(|id| id.number());
    let id = id.or_else(|| keys.id_of(model, fields));
    let shown = match &object["pk"] {
        Json::Null => None,
        pk => Some(pk.to_string()),
    };
    let Some(id) = id else {
        return Err((table.name.to_owned(), shown, "it has no id".to_owned()));
    };
    if !fields.is_object() {
        return Err((table.name.to_owned(), shown, "it has no fields".to_owned()));
    }
    rows.push(row(table, id, fields, keys));
    for link in TABLES.iter().filter(|link| link.is_link()) {
        if let InDump::List { model: of, field } = link.in_dump
            && of == model
        {
            push_links(link, id, &fields[field], keys, rows)?;
        }
    }
    Ok(())
}

/// The model as the tables name it. Names that they do not know are all alike.
fn model_name(model: &str) -> &'static str {
    let of_table = TABLES.iter().map(|table| table.in_dump);
    let known = of_table.chain(NOT_TAKEN.iter().map(|(_, in_dump, _)| *in_dump));
    let mut names = known.filter_map(|in_dump| match in_dump {
        InDump::Model(name) => Some(name),
        InDump::List { .. } => None,
    });
    names.find(|name| *name == model).unwrap_or_default()
}

fn row(table: &'static Table, id: i64, fields: &Json, keys: &NaturalKeys) -> SourceRow {
    let (mut values, mut problems) = (Vec::new(), Vec::new());
    for column in table.columns {
        if column.kind == Kind::Key {
            values.push(Value::Number(id));
            continue;
        }
        let mut problem = |is: ValueProblem| problems.push(RowProblem { column: column.name, is });
        let field = fields.get(column.field());
        if field.is_none() && column.need != Need::Nothing {
            problem(ValueProblem::Unreadable);
        }
        let value = keys.resolve(column.kind, field.unwrap_or(&Json::Null));
        values.push(value.unwrap_or_else(|is| {
            problem(is);
            Value::Null
        }));
    }
    SourceRow { table, values, problems }
}

/// The rows of a list: the owner's id, and the other one's.
fn push_links(
    table: &'static Table,
    owner: i64,
    list: &Json,
    keys: &NaturalKeys,
    rows: &mut Vec<SourceRow>,
) -> Result<(), Wrong> {
    let list = match list {
        Json::Null => return Ok(()),
        Json::Array(list) => list,
        _ => {
            let problem = "it is no list".to_owned();
            return Err((table.name.to_owned(), Some(owner.to_string()), problem));
        }
    };
    let Some(other) = table.columns.get(1) else { return Ok(()) };
    for element in list {
        let mut problems = Vec::new();
        let value = keys.resolve(other.kind, element).unwrap_or_else(|is| {
            problems.push(RowProblem { column: other.name, is });
            Value::Null
        });
        rows.push(SourceRow { table, values: vec![Value::Number(owner), value], problems });
    }
    Ok(())
}
