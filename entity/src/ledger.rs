//! What the database knows of the ledger, and who appends to it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The only row of `ledger`. There is none before a server first runs with a ledger.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "ledger")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The number of the last line of which the database knows, with all lines before it.
    pub line: i64,
    /// The hash of that line, in hexadecimal digits. Empty without a line.
    pub hash: String,
    /// The place in the ledger from which that line can be read.
    pub place: i64,
    /// The position up to which events are in the ledger.
    pub event_position: i64,
    /// Whether all earlier records are in the ledger too.
    pub complete: bool,
    /// How many later lines say something that the database lacks. More than 0 if the database is
    /// older than the ledger.
    pub missing: i64,
    /// How many times a server has taken the right to append.
    pub claim: i64,
    /// Whether a server has this right now.
    pub held: bool,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
