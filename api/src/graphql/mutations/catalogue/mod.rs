//! Managing tags, resolutions and deals. They are much alike: what several of them take and answer
//! is written once, as a macro, and their resolvers below.

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
