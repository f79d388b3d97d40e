//! `memoranda id`

use super::{
    Failure,
    table::{Format, Tabular},
};
use crate::graphql::Kind;
use serde::Serialize;
use uuid::Uuid;

const EXAMPLES: &str = "Examples:
  memoranda id memo_01kqg75t92eeh9jjcqjc17xeh1
  memoranda id --kind memo 019de072-e922-73a2-9949-9793027eba21

In the database, ids are UUIDs; SQLite stores them as bytes (hex(id)).";

/// Translate ids of the API to those of the database, and back
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Id {
    /// Ids of the API, or UUIDs with or without hyphens
    #[arg(required = true)]
    ids: Vec<String>,
    /// The kind of the UUIDs, such as memo or user
    #[arg(long)]
    kind: Option<String>,
    #[command(flatten)]
    format: Format,
}

/// Both forms of an id.
#[derive(Serialize)]
struct Both {
    kind: &'static str,
    id: String,
    uuid: Uuid,
}

impl Tabular for Both {
    const HEADINGS: &'static [&'static str] = &["KIND", "ID", "UUID"];

    fn cells(&self) -> Vec<String> {
        vec![self.kind.to_owned(), self.id.clone(), self.uuid.to_string()]
    }
}

impl Id {
    pub(super) fn run(self) -> Result<(), Failure> {
        let kind = self.kind.as_deref().map(of_name).transpose()?;
        let both = |id: &String| translate(id, kind);
        self.format.list(&self.ids.iter().map(both).collect::<Result<Vec<_>, _>>()?)
    }
}

fn of_name(name: &str) -> Result<Kind, Failure> {
    Kind::of_prefix(name).ok_or_else(|| {
        let kinds: Vec<&str> = Kind::all().map(Kind::prefix).collect();
        Failure::usage(format_args!("there is no kind {name:?}: give one of {}", kinds.join(", ")))
    })
}

fn translate(id: &str, kind: Option<Kind>) -> Result<Both, Failure> {
    let (kind, uuid) = if let Ok(uuid) = Uuid::try_parse(id) {
        let kind = kind.ok_or_else(|| {
            Failure::usage(format_args!("{id} is a UUID: say of what, such as `--kind memo`"))
        })?;
        (kind, uuid)
    } else {
        Kind::parse_exact(id).ok_or_else(|| {
            Failure::usage(format_args!("{id:?} is neither an id of the API nor a UUID"))
        })?
    };
    Ok(Both { kind: kind.prefix(), id: kind.id(uuid).0, uuid })
}
