//! `updateTag`, `updateResolution`

use super::refused;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, chief_or_admin, viewer},
    id::Kind,
    loaders::services,
    mutations::answer::{self, Stop, answer},
    objects::{Resolution, Tag},
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{resolution, tag};
use service::catalogue::{self, CatalogueKind};

#[derive(Default)]
pub struct Rename;

macro_rules! rename {
    ($word:literal, $object:ident($row:ident, $id:ident, $id_name:literal), $input:ident, $error:ident, $code:ident, $payload:ident) => {
        #[doc = concat!("Which ", $word, " to rename.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// The new name, 1–250 characters, unique whatever its capitals.
            name: String,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        answer! {
            #[doc = concat!("Why a ", $word, " kept its name.")]
            $error,
            #[doc = concat!("The codes with which renaming a ", $word, " is refused.")]
            $code {
                #[doc = concat!("There is no such ", $word, ".")]
                NotFound = NotFound,
                #[doc = concat!("Another ", $word, " has that name.")]
                NameTaken = NameTaken,
                /// The input is not acceptable: the message says what to give instead.
                InvalidInput = InvalidInput,
            }
            $payload {
                #[doc = concat!("The ", $word, " as it is now; null if it was refused.")]
                $row: Option<$object>,
            }
        }

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$payload, Stop> {
                let id = Kind::$object.parse($id_name, &self.$id)?;
                let name = answer::name(&self.name)?;
                let renamed =
                    catalogue::rename::<$row::Entity>(services(ctx)?, viewer(ctx)?, id, &name).await?;
                let row = renamed.map_err(|refusal| refused($row::Entity::WORD, refusal))?;
                Ok($payload { $row: Some($object(row)), ..$payload::default() })
            }
        }
    };
}

rename!(
    "tag",
    Tag(tag, tag_id, "tagId"),
    UpdateTagInput,
    UpdateTagUserError,
    UpdateTagErrorCode,
    UpdateTagPayload
);
rename!(
    "resolution",
    Resolution(resolution, resolution_id, "resolutionId"),
    UpdateResolutionInput,
    UpdateResolutionUserError,
    UpdateResolutionErrorCode,
    UpdateResolutionPayload
);

#[Object]
impl Rename {
    /// Renames a tag, on all memos that carry it. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn update_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which tag, and its new name.")] input: UpdateTagInput,
    ) -> ApiResult<UpdateTagPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        UpdateTagPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Renames a resolution, on all memos that have it. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn update_resolution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which resolution, and its new name.")] input: UpdateResolutionInput,
    ) -> ApiResult<UpdateResolutionPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        UpdateResolutionPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
