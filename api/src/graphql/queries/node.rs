//! `node`, `nodes`

use crate::graphql::{
    error::{ApiError, ApiResult},
    id::{self, element},
    objects::{Node, find_node},
};
use async_graphql::{Context, ID, Object};

/// How many ids a request may have.
const MAX_IDS: usize = 100;

#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object with this global id. Null if it does not exist, or if the viewer cannot see it.
    /// For the id of a deleted memo, this is a `DeletedMemo`.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id.")] id: ID,
    ) -> ApiResult<Option<Node>> {
        let (kind, uuid) = id::parse("id", &id)?;
        find_node(ctx, kind, uuid).await
    }

    /// The objects with these global ids, in the order of the ids. Null for each that does not
    /// exist or that the viewer cannot see.
    #[graphql(complexity = "5 + ids.len() * child_complexity")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 100.")] ids: Vec<ID>,
    ) -> ApiResult<Vec<Option<Node>>> {
        if ids.len() > MAX_IDS {
            return Err(ApiError::bad_input(
                "ids",
                format!("ids has {} entries: give at most {MAX_IDS}.", ids.len()),
            ));
        }
        let parsed: Vec<_> = ids
            .iter()
            .enumerate()
            .map(|(n, id)| id::parse(&element("ids", n), id))
            .collect::<Result<_, _>>()?;
        futures_util::future::try_join_all(
            parsed.into_iter().map(|(kind, uuid)| find_node(ctx, kind, uuid)),
        )
        .await
    }
}
