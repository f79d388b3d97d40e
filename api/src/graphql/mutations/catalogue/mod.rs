//! Managing tags, resolutions and deals. They are much alike: a macro declares the inputs and
//! payloads that several of them share, and the resolvers follow.

pub(super) mod deals;
pub(super) mod deletion;
pub(super) mod names;

use async_graphql::MergedObject;

/// Tags, resolutions and deals.
#[derive(MergedObject, Default)]
pub struct CatalogueMutation(
    names::CatalogueNameMutation,
    deals::DealMutation,
    deletion::CatalogueDeletionMutation,
);
