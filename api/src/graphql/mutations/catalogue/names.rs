//! `createTag`, `createResolution`, `updateTag`, `updateResolution`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, chief_or_admin, viewer},
    id::Kind,
    loaders::services,
    mutations::{
        idempotency::create,
        input,
        respond::{MutationError, Payload, Stop, codes, done, respond},
    },
    objects::{Resolution, Tag},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{resolution, tag};
use service::{
    catalogue::{self, CreateNamedError, RenameError},
    idempotency::Created,
};

#[derive(Default)]
pub struct CatalogueNameMutation;

macro_rules! create {
    (
        $word:literal, $object:ident($row:ident),
        $mutation:ident($input:ident, $code:ident, $done:ident)
    ) => {
        #[doc = concat!("The ", $word, " to create.")]
        #[derive(InputObject)]
        pub struct $input {
            /// The name, 1–250 characters. It must be unique, ignoring case.
            name: String,
            /// A key for this request, 1–128 characters. Repeating the request with the same key
            /// within 24 hours creates nothing again.
            idempotency_key: Option<String>,
            /// Any text of the client. The payload returns it.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) creates {
                #[doc = concat!("Another ", $word, " already has this name.")]
                NameTaken,
            }
        }

        done! {
            $done($code) creates {
                #[doc = concat!("The new ", $word, "; null if the mutation was refused.")]
                $row: Option<$object>,
            }
        }

        impl From<CreateNamedError> for Stop<$done> {
            fn from(error: CreateNamedError) -> Self {
                match error {
                    CreateNamedError::NameTaken(name) => {
                        let message = sentences::name_taken($word, &name);
                        MutationError::at("name", $code::NameTaken, message).into()
                    }
                    CreateNamedError::Failed(error) => error.into(),
                }
            }
        }
    };
}
create!("tag", Tag(tag), CreateTag(CreateTagInput, CreateTagErrorCode, TagCreated));
create!(
    "resolution",
    Resolution(resolution),
    CreateResolution(CreateResolutionInput, CreateResolutionErrorCode, ResolutionCreated)
);

macro_rules! rename {
    (
        $word:literal, $object:ident($row:ident, $id:ident, $id_name:literal),
        $mutation:ident($input:ident, $code:ident, $done:ident)
    ) => {
        #[doc = concat!("The ", $word, " to rename, and its new name.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// The new name, 1–250 characters. It must be unique, ignoring case.
            name: String,
            /// Any text of the client. The payload returns it.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                #[doc = concat!("The ", $word, " does not exist.")]
                NotFound,
                #[doc = concat!("Another ", $word, " already has this name.")]
                NameTaken,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The ", $word, " as it is now; null if the mutation was refused.")]
                $row: Option<$object>,
            }
        }

        impl From<RenameError> for Stop<$done> {
            fn from(error: RenameError) -> Self {
                let (field, code, message) = match error {
                    RenameError::NotFound => {
                        ($id_name, $code::NotFound, sentences::no_such_entry($word))
                    }
                    RenameError::NameTaken(name) => {
                        ("name", $code::NameTaken, sentences::name_taken($word, &name))
                    }
                    RenameError::Failed(error) => return error.into(),
                };
                MutationError::at(field, code, message).into()
            }
        }
    };
}
rename!(
    "tag",
    Tag(tag, tag_id, "tagId"),
    UpdateTag(UpdateTagInput, UpdateTagErrorCode, TagUpdated)
);
rename!(
    "resolution",
    Resolution(resolution, resolution_id, "resolutionId"),
    UpdateResolution(UpdateResolutionInput, UpdateResolutionErrorCode, ResolutionUpdated)
);

#[Object]
impl CatalogueNameMutation {
    /// Creates a tag. All people can then put it on their memos. For company management and
    /// administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn create_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tag to create.")] input: CreateTagInput,
    ) -> ApiResult<Payload<TagCreated>> {
        create(ctx, input, async |input: CreateTagInput, key| {
            let name = input::name(&input.name)?;
            let (services, viewer) = (services(ctx)?, viewer(ctx)?);
            let Created { thing, replayed } =
                catalogue::create_named::<tag::Entity>(services, viewer, key.as_ref(), &name)
                    .await?;
            Ok(TagCreated { tag: Some(Tag::from(thing)), replayed })
        })
        .await
    }

    /// Creates a resolution, for example "For approval". All authors can then give it to their
    /// memos. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn create_resolution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The resolution to create.")] input: CreateResolutionInput,
    ) -> ApiResult<Payload<ResolutionCreated>> {
        create(ctx, input, async |input: CreateResolutionInput, key| {
            let name = input::name(&input.name)?;
            let (services, viewer) = (services(ctx)?, viewer(ctx)?);
            let Created { thing, replayed } = catalogue::create_named::<resolution::Entity>(
                services,
                viewer,
                key.as_ref(),
                &name,
            )
            .await?;
            Ok(ResolutionCreated { resolution: Some(Resolution::from(thing)), replayed })
        })
        .await
    }

    /// Renames a tag on all memos that have it. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn update_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tag and its new name.")] input: UpdateTagInput,
    ) -> ApiResult<Payload<TagUpdated>> {
        respond(input.client_mutation_id, async {
            let id = Kind::Tag.parse("tagId", &input.tag_id)?;
            let name = input::name(&input.name)?;
            let row =
                catalogue::rename::<tag::Entity>(services(ctx)?, viewer(ctx)?, id, &name).await?;
            Ok(TagUpdated { tag: Some(Tag::from(row)) })
        })
        .await
    }

    /// Renames a resolution on all memos that have it. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn update_resolution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The resolution and its new name.")] input: UpdateResolutionInput,
    ) -> ApiResult<Payload<ResolutionUpdated>> {
        respond(input.client_mutation_id, async {
            let id = Kind::Resolution.parse("resolutionId", &input.resolution_id)?;
            let name = input::name(&input.name)?;
            let row =
                catalogue::rename::<resolution::Entity>(services(ctx)?, viewer(ctx)?, id, &name)
                    .await?;
            Ok(ResolutionUpdated { resolution: Some(Resolution::from(row)) })
        })
        .await
    }
}
