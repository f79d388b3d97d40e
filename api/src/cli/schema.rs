//! `memoranda schema`

use super::{Failure, output};
use crate::graphql;

const EXAMPLES: &str = "Example:
  memoranda schema > schema.graphql";

/// Print the GraphQL schema (SDL)
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Schema;

impl Schema {
    pub(super) fn run(self) -> Result<(), Failure> {
        output::print(graphql::sdl().trim_end())
    }
}
