//! `deleteTag`, `deleteResolution`, `deleteDeal`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, chief_or_admin, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{deal, resolution, tag};
use service::catalogue::{self, DeleteEntryError};

#[derive(Default)]
pub struct CatalogueDeletionMutation;

macro_rules! delete {
    (
        $word:literal($id:ident, $id_name:literal, $deleted:ident),
        $mutation:ident($input:ident, $code:ident, $done:ident)
    ) => {
        #[doc = concat!("The ", $word, " to delete.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// Any text of the client. The payload returns it.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                #[doc = concat!("The ", $word, " does not exist.")]
                NotFound,
                #[doc = concat!("Sent memos or drafts of the viewer use \
the ", $word, ". The message says how many.")]
                InUse,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The global id of the deleted ", $word, "; null if the mutation \
was refused.")]
                $deleted: Option<ID>,
            }
        }

        impl From<DeleteEntryError> for Stop<$done> {
            fn from(error: DeleteEntryError) -> Self {
                let (code, message) = match error {
                    DeleteEntryError::NotFound => {
                        ($code::NotFound, sentences::no_such_entry($word))
                    }
                    DeleteEntryError::InUse(memos) => {
                        ($code::InUse, sentences::entry_in_use($word, memos))
                    }
                    DeleteEntryError::Failed(error) => return error.into(),
                };
                MutationError::at($id_name, code, message).into()
            }
        }
    };
}
delete!(
    "tag"(tag_id, "tagId", deleted_tag_id),
    DeleteTag(DeleteTagInput, DeleteTagErrorCode, TagDeleted)
);
delete!(
    "resolution"(resolution_id, "resolutionId", deleted_resolution_id),
    DeleteResolution(DeleteResolutionInput, DeleteResolutionErrorCode, ResolutionDeleted)
);
delete!(
    "deal"(deal_id, "dealId", deleted_deal_id),
    DeleteDeal(DeleteDealInput, DeleteDealErrorCode, DealDeleted)
);

#[Object]
impl CatalogueDeletionMutation {
    /// Deletes a tag that is on no sent memo and no draft of the viewer. Drafts of other people
    /// lose the tag. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn delete_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tag to delete.")] input: DeleteTagInput,
    ) -> ApiResult<Payload<TagDeleted>> {
        respond(input.client_mutation_id, async {
            let id = Kind::Tag.parse("tagId", &input.tag_id)?;
            catalogue::delete::<tag::Entity>(services(ctx)?, viewer(ctx)?, id).await?;
            Ok(TagDeleted { deleted_tag_id: Some(Kind::Tag.id(id)) })
        })
        .await
    }

    /// Deletes a resolution that no sent memo and no draft of the viewer has. Drafts of other
    /// people lose the resolution. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn delete_resolution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The resolution to delete.")] input: DeleteResolutionInput,
    ) -> ApiResult<Payload<ResolutionDeleted>> {
        respond(input.client_mutation_id, async {
            let id = Kind::Resolution.parse("resolutionId", &input.resolution_id)?;
            catalogue::delete::<resolution::Entity>(services(ctx)?, viewer(ctx)?, id).await?;
            Ok(ResolutionDeleted { deleted_resolution_id: Some(Kind::Resolution.id(id)) })
        })
        .await
    }

    /// Deletes a deal that no sent memo and no draft of the viewer is about. Drafts of other people
    /// lose the deal. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn delete_deal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal to delete.")] input: DeleteDealInput,
    ) -> ApiResult<Payload<DealDeleted>> {
        respond(input.client_mutation_id, async {
            let id = Kind::Deal.parse("dealId", &input.deal_id)?;
            catalogue::delete::<deal::Entity>(services(ctx)?, viewer(ctx)?, id).await?;
            Ok(DealDeleted { deleted_deal_id: Some(Kind::Deal.id(id)) })
        })
        .await
    }
}
