//! What deals, tags and resolutions have in common, and how they differ. So most operations are
//! written once.

use crate::deleted_memos::Target;
use entity::{deal, resolution, tag};
use sea_orm::{EntityTrait, PrimaryKeyTrait};
use uuid::Uuid;

/// How a memo is linked to a catalogue entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// By this column of the memo's row.
    Column(&'static str),
    /// By rows of `memo_tags`.
    Tags,
}

/// A kind of catalogue entry: what memos are about, or what they are labelled with.
pub trait CatalogueKind:
    EntityTrait<Model: Sync, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>
{
    /// Converts an id to the target that deleted memos refer to.
    const TARGET: fn(Uuid) -> Target;
    /// Its name in the log.
    const KIND: &'static str;
    /// The column of its id.
    const ID: Self::Column;
    /// The column of its name.
    const NAME: Self::Column;
    /// How a memo is linked to an entry.
    const LINK: Link;
}

/// A kind of catalogue entry with a unique name and no other fields.
pub trait NamedKind: CatalogueKind {
    /// Makes a row.
    fn row(id: Uuid, name: String) -> Self::Model;
    /// The id and the name of a row.
    fn id_and_name(row: &Self::Model) -> (Uuid, &str);
}

impl CatalogueKind for deal::Entity {
    const KIND: &'static str = "deal";
    const ID: deal::Column = deal::Column::Id;
    const NAME: deal::Column = deal::Column::Name;
    const LINK: Link = Link::Column("deal_id");
    const TARGET: fn(Uuid) -> Target = Target::Deal;
}

impl CatalogueKind for tag::Entity {
    const KIND: &'static str = "tag";
    const ID: tag::Column = tag::Column::Id;
    const NAME: tag::Column = tag::Column::Name;
    const LINK: Link = Link::Tags;
    const TARGET: fn(Uuid) -> Target = Target::Tag;
}

impl NamedKind for tag::Entity {
    fn row(id: Uuid, name: String) -> tag::Model {
        tag::Model { id, name }
    }

    fn id_and_name(row: &tag::Model) -> (Uuid, &str) {
        (row.id, &row.name)
    }
}

impl CatalogueKind for resolution::Entity {
    const KIND: &'static str = "resolution";
    const ID: resolution::Column = resolution::Column::Id;
    const NAME: resolution::Column = resolution::Column::Name;
    const LINK: Link = Link::Column("resolution_id");
    const TARGET: fn(Uuid) -> Target = Target::Resolution;
}

impl NamedKind for resolution::Entity {
    fn row(id: Uuid, name: String) -> resolution::Model {
        resolution::Model { id, name }
    }

    fn id_and_name(row: &resolution::Model) -> (Uuid, &str) {
        (row.id, &row.name)
    }
}
