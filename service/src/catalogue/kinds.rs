//! What deals, tags and resolutions have in common, and in what they differ, so that most verbs are written once.

use crate::deleted_memos::Target;
use entity::{deal, memo, memo_tag, resolution, tag};
use sea_orm::{EntityTrait, PrimaryKeyTrait};
use uuid::Uuid;

/// A kind of thing in the catalogue: what memos are about, or labelled with.
pub trait CatalogueKind: EntityTrait<Model: Sync, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>> {
    /// The table whose rows each say that one memo uses one of them.
    type Use: EntityTrait<Model: Sync>;

    /// One of them, for the deleted memos that point to it.
    const TARGET: fn(Uuid) -> Target;
    /// What it is called: in the log.
    const WORD: &'static str;
    /// The column of its id.
    const ID: Self::Column;
    /// The column of its name.
    const NAME: Self::Column;
    /// Which of them a memo uses.
    const USED: <Self::Use as EntityTrait>::Column;
    /// The memo that uses it.
    const USED_BY: <Self::Use as EntityTrait>::Column;
}

/// A kind of which there are no two of the same name, and nothing but the name to say.
pub trait NamedKind: CatalogueKind {
    /// A row.
    fn row(id: Uuid, name: String) -> Self::Model;
}

impl CatalogueKind for deal::Entity {
    type Use = memo::Entity;

    const WORD: &'static str = "deal";
    const ID: deal::Column = deal::Column::Id;
    const NAME: deal::Column = deal::Column::Name;
    const USED: memo::Column = memo::Column::DealId;
    const USED_BY: memo::Column = memo::Column::Id;
    const TARGET: fn(Uuid) -> Target = Target::Deal;
}

impl CatalogueKind for tag::Entity {
    type Use = memo_tag::Entity;

    const WORD: &'static str = "tag";
    const ID: tag::Column = tag::Column::Id;
    const NAME: tag::Column = tag::Column::Name;
    const USED: memo_tag::Column = memo_tag::Column::TagId;
    const USED_BY: memo_tag::Column = memo_tag::Column::MemoId;
    const TARGET: fn(Uuid) -> Target = Target::Tag;
}

impl NamedKind for tag::Entity {
    fn row(id: Uuid, name: String) -> tag::Model {
        tag::Model { id, name }
    }
}

impl CatalogueKind for resolution::Entity {
    type Use = memo::Entity;

    const WORD: &'static str = "resolution";
    const ID: resolution::Column = resolution::Column::Id;
    const NAME: resolution::Column = resolution::Column::Name;
    const USED: memo::Column = memo::Column::ResolutionId;
    const USED_BY: memo::Column = memo::Column::Id;
    const TARGET: fn(Uuid) -> Target = Target::Resolution;
}

impl NamedKind for resolution::Entity {
    fn row(id: Uuid, name: String) -> resolution::Model {
        resolution::Model { id, name }
    }
}
