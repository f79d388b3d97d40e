//! `createTag`, `createResolution`

use super::refused;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, chief_or_admin, viewer},
    loaders::services,
    mutations::answer::{self, Stop, answer},
    objects::{Resolution, Tag},
};
use async_graphql::{Context, InputObject, Object};
use entity::{resolution, tag};
use service::catalogue::{self, CatalogueKind};

#[derive(Default)]
pub struct CreateNamed;

macro_rules! create {
    ($word:literal, $object:ident($row:ident), $input:ident, $error:ident, $code:ident, $payload:ident) => {
        #[doc = concat!("The ", $word, " to create.")]
        #[derive(InputObject)]
        pub struct $input {
            /// The name, 1–250 characters, unique whatever its capitals.
            name: String,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        answer! {
            #[doc = concat!("Why no ", $word, " was created.")]
            $error,
            #[doc = concat!("The codes with which creating a ", $word, " is refused.")]
            $code {
                #[doc = concat!("There is a ", $word, " of that name already.")]
                NameTaken = NameTaken,
                /// The input is not acceptable: the message says what to give instead.
                InvalidInput = InvalidInput,
            }
            $payload {
                #[doc = concat!("The new ", $word, "; null if it was refused.")]
                $row: Option<$object>,
            }
        }

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$payload, Stop> {
                let name = answer::name(&self.name)?;
                let created =
                    catalogue::create_named::<$row::Entity>(services(ctx)?, viewer(ctx)?, &name).await?;
                let row = created.map_err(|refusal| refused($row::Entity::WORD, refusal))?;
                Ok($payload { $row: Some($object(row)), ..$payload::default() })
            }
        }
    };
}

create!("tag", Tag(tag), CreateTagInput, CreateTagUserError, CreateTagErrorCode, CreateTagPayload);
create!(
    "resolution",
    Resolution(resolution),
    CreateResolutionInput,
    CreateResolutionUserError,
    CreateResolutionErrorCode,
    CreateResolutionPayload
);

#[Object]
impl CreateNamed {
    /// Creates a tag, which anybody can put on their memos then. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn create_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create.")] input: CreateTagInput,
    ) -> ApiResult<CreateTagPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CreateTagPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Creates a resolution, such as "For approval", which authors can give their memos then. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn create_resolution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create.")] input: CreateResolutionInput,
    ) -> ApiResult<CreateResolutionPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CreateResolutionPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
