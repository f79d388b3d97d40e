//! `deleteTag`, `deleteResolution`, `deleteDeal`

use super::refused;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, chief_or_admin, viewer},
    id::Kind,
    loaders::services,
    mutations::answer::{Stop, answer},
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{deal, resolution, tag};
use service::catalogue::{self, CatalogueKind};

#[derive(Default)]
pub struct DeleteEntry;

macro_rules! delete {
    ($word:literal, $kind:ident($row:ident, $id:ident, $id_name:literal, $deleted:ident), $input:ident, $error:ident, $code:ident, $payload:ident) => {
        #[doc = concat!("Which ", $word, " to delete.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        answer! {
            #[doc = concat!("Why a ", $word, " was not deleted.")]
            $error,
            #[doc = concat!("The codes with which deleting a ", $word, " is refused.")]
            $code {
                #[doc = concat!("There is no such ", $word, ".")]
                NotFound = NotFound,
                #[doc = concat!("Sent memos or drafts of the viewer use the ", $word, "; the message says how many.")]
                InUse = InUse,
                /// The input is not acceptable: the message says what to give instead.
                InvalidInput = InvalidInput,
            }
            $payload {
                #[doc = concat!("The id that the ", $word, " had; null if it was refused.")]
                $deleted: Option<ID>,
            }
        }

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$payload, Stop> {
                let id = Kind::$kind.parse($id_name, &self.$id)?;
                let deleted = catalogue::delete::<$row::Entity>(services(ctx)?, viewer(ctx)?, id).await?;
                deleted.map_err(|refusal| refused($row::Entity::WORD, refusal))?;
                Ok($payload { $deleted: Some(Kind::$kind.id(id)), ..$payload::default() })
            }
        }
    };
}

delete!(
    "tag",
    Tag(tag, tag_id, "tagId", deleted_tag_id),
    DeleteTagInput,
    DeleteTagUserError,
    DeleteTagErrorCode,
    DeleteTagPayload
);
delete!(
    "resolution",
    Resolution(resolution, resolution_id, "resolutionId", deleted_resolution_id),
    DeleteResolutionInput,
    DeleteResolutionUserError,
    DeleteResolutionErrorCode,
    DeleteResolutionPayload
);
delete!(
    "deal",
    Deal(deal, deal_id, "dealId", deleted_deal_id),
    DeleteDealInput,
    DeleteDealUserError,
    DeleteDealErrorCode,
    DeleteDealPayload
);

#[Object]
impl DeleteEntry {
    /// Deletes a tag that no sent memo carries; drafts of other people lose it. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn delete_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which tag.")] input: DeleteTagInput,
    ) -> ApiResult<DeleteTagPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        DeleteTagPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Deletes a resolution that no sent memo has; drafts of other people lose it. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn delete_resolution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which resolution.")] input: DeleteResolutionInput,
    ) -> ApiResult<DeleteResolutionPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        DeleteResolutionPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Deletes a deal that no sent memo is about; drafts of other people lose it. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn delete_deal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which deal.")] input: DeleteDealInput,
    ) -> ApiResult<DeleteDealPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        DeleteDealPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
